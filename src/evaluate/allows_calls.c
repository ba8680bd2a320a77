// SPDX-License-Identifier: LGPL-2.1-or-later
/* System calls, their arguments and programs, by the seccomp filters and privileges that the
 * settings of systemd.exec(5) stand for. */
#include "evaluate/allows.h"
#include <errno.h>
#include <string.h>

static bool filter_has(const struct allows *allows, const struct allows_items *list,
                       const char *name)
{
    if (allows_items_have(list, name))
        return true;
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].text[0] == '@' && allows_group(allows, list->items[i].text, name))
            return true;
    return allows_is_default(allows, name);
}

/* A suggestion's own list, which replaces the unit's; the unit's where nothing is suggested. */
static bool filter_allows(const struct allows *allows, const char *name)
{
    const struct verdict *verdict = suggestion_find(allows->suggestion, "SystemCallFilter");
    struct allows_items list = { 0 };

    if (allows->is_written)
        return allows_unit_filter(allows, name);
    if (!verdict || !verdict->emitted)
        return true;
    allows_list(allows, "SystemCallFilter", &list);
    bool allowed = filter_has(allows, &list, name);
    allows_items_done(&list);
    return allowed;
}

/* ---- architectures ---- */

/* systemd's spelling of libseccomp's names, where they differ. */
static const char *arch_name(const char *arch)
{
    static const char *const spellings[][2] = {
        { "x86_64", "x86-64" },
        { "aarch64", "arm64" },
        { "mips64n32", "mips64-n32" },
        { "mipsel", "mips-le" },
        { "mipsel64", "mips64-le" },
        { "ppc64le", "ppc64-le" },
        { "mipsel64n32", "mips64-le-n32" },
    };

    for (size_t i = 0; i < ELEMENTS_OF(spellings); i++)
        if (strcmp(spellings[i][0], arch) == 0)
            return spellings[i][1];
    return arch;
}

static bool arch_is_native(const struct allows *allows, const char *arch)
{
    size_t count;
    const struct host_setting *const *settings = profile_settings(allows->profile, &count);

    for (size_t i = 0; i < count; i++) {
        const char *value = settings[i]->value;
        if (strcmp(settings[i]->name, "arch") != 0)
            continue;
        if (strcmp(value, arch) == 0 ||
            (strcmp(arch, "x86") == 0 && value[0] == 'i' && value[1] && !strcmp(value + 2, "86")) ||
            (strcmp(arch, "arm") == 0 && str_starts_with(value, "arm")))
            return true;
    }
    return false;
}

static bool arch_allows(const struct allows *allows, const char *arch)
{
    struct allows_items list = { 0 };

    allows_list(allows, "SystemCallArchitectures", &list);
    bool allowed = !list.count || allows_items_have(&list, arch_name(arch)) ||
                   (allows_items_have(&list, "native") && arch_is_native(allows, arch));
    allows_items_done(&list);
    return allowed;
}

/* ---- calls that other settings stop ---- */

static const char *const clock_calls[] = { "adjtimex",
                                           "clock_adjtime",
                                           "clock_adjtime64",
                                           "clock_settime",
                                           "clock_settime64",
                                           "settimeofday",
                                           NULL };
static const char *const module_calls[] = { "init_module", "finit_module", "delete_module", NULL };
static const char *const log_calls[] = { "syslog", NULL };
static const char *const sysctl_calls[] = { "_sysctl", NULL };
static const char *const name_calls[] = { "sethostname", "setdomainname", NULL };
static const char *const raw_calls[] = { "ioperm",
                                         "iopl",
                                         "pciconfig_iobase",
                                         "pciconfig_read",
                                         "pciconfig_write",
                                         "s390_pci_mmio_read",
                                         "s390_pci_mmio_write",
                                         NULL };

/* They fail with EPERM: what did so anyway is not stopped. */
static const char *call_stopped(const struct allows *allows, const struct fact *fact)
{
    static const struct {
        const char *directive;
        const char *const *calls;
    } stops[] = {
        { "ProtectClock", clock_calls },    { "ProtectKernelModules", module_calls },
        { "ProtectKernelLogs", log_calls }, { "ProtectKernelTunables", sysctl_calls },
        { "ProtectHostname", name_calls },  { "PrivateDevices", raw_calls },
    };

    for (size_t i = 0; fact->outcome != EPERM && i < ELEMENTS_OF(stops); i++)
        if (allows_is_on(allows, stops[i].directive) &&
            allows_is_word(stops[i].calls, fact->syscall.name))
            return stops[i].directive;
    return NULL;
}

/* clone3 and openat2 become ENOSYS: callers go on with the older call, which must be listed. */
static const char *call_replaced(const struct allows *allows, const struct fact *fact)
{
    bool clone3 = strcmp(fact->syscall.name, "clone3") == 0;
    const char *namespaces = allows_get(allows, "RestrictNamespaces");

    if (clone3 && *namespaces && strcmp(namespaces, "no") != 0 && !filter_allows(allows, "clone"))
        return "SystemCallFilter";
    if (strcmp(fact->syscall.name, "openat2") == 0 && fact->outcome != ENOSYS &&
        allows_is_on(allows, "RestrictSUIDSGID"))
        return "RestrictSUIDSGID";
    return NULL;
}

const char *allows_syscall(const struct allows *allows, const struct fact *fact)
{
    const struct verdict *filter = suggestion_find(allows->suggestion, "SystemCallFilter");
    bool unknown_is_enosys = allows->suggestion->target.version >= 257;

    if (!arch_allows(allows, fact->syscall.arch))
        return "SystemCallArchitectures";
    if (!fact->syscall.name)
        return filter && filter->emitted && !(unknown_is_enosys && fact->outcome == ENOSYS)
                   ? "SystemCallFilter"
                   : NULL;
    if (!filter_allows(allows, fact->syscall.name))
        return "SystemCallFilter";
    const char *stopped = call_stopped(allows, fact);
    return stopped ? stopped : call_replaced(allows, fact);
}

/* ---- arguments ---- */

static bool namespace_is_stopped(const struct allows *allows, const char *type)
{
    struct allows_items list = { 0 };

    allows_list(allows, "RestrictNamespaces", &list);
    bool off = !list.count || allows_items_have(&list, "no");
    bool listed = allows_items_have(&list, type);
    bool inverted = list.count && list.items[0].text[0] == '~';
    for (size_t i = 0; inverted && i < list.count; i++)
        listed |= strcmp(list.items[i].text + (list.items[i].text[0] == '~'), type) == 0;
    allows_items_done(&list);
    if (off)
        return false;
    return inverted ? listed || strcmp(type, "any") == 0 : !listed;
}

/* clone3's own abilities have no older call to fall back to. */
static bool clone_is_stopped(const struct allows *allows, const struct fact *fact)
{
    const char *value = fact->argument.value;
    const char *namespaces = allows_get(allows, "RestrictNamespaces");

    return *namespaces && strcmp(namespaces, "no") != 0 &&
           (strcmp(value, "CLONE_INTO_CGROUP") == 0 || strcmp(value, "set_tid") == 0);
}

/* sched_setattr(2) is refused by 262 and not by 257: from 258 on it is taken to be. */
static bool scheduler_is_stopped(const struct allows *allows, const struct fact *fact)
{
    static const char *const plain[] = { "SCHED_OTHER", "SCHED_BATCH", "SCHED_IDLE", NULL };

    if (!allows_is_on(allows, "RestrictRealtime"))
        return false;
    if (strcmp(fact->argument.call, "sched_setattr") == 0)
        return allows->suggestion->target.version >= 258;
    return !allows_is_word(plain, fact->argument.value);
}

/* Only the value that is set already passes, and asking for it (0xffffffff) does not. */
static bool personality_is_stopped(const struct allows *allows, const struct fact *fact)
{
    unsigned long value = strtoul(fact->argument.value, NULL, 0);

    if (allows_is_on(allows, "LockPersonality") && value != 0)
        return true;
    return allows_is_on(allows, "MemoryDenyWriteExecute") && value != 0xffffffff &&
           value & 0x400000; /* READ_IMPLIES_EXEC */
}

const char *allows_argument(const struct allows *allows, const struct fact *fact)
{
    const struct argument_fact *argument = &fact->argument;
    bool refused = fact->outcome == EPERM || fact->outcome == EACCES;
    const struct {
        const char *topic, *directive;
        bool stopped;
    } stops[] = {
        { "memory", "MemoryDenyWriteExecute", allows_is_on(allows, "MemoryDenyWriteExecute") },
        { "namespace", "RestrictNamespaces", namespace_is_stopped(allows, argument->value) },
        { "clone", "RestrictNamespaces", clone_is_stopped(allows, fact) },
        { "scheduler", "RestrictRealtime", scheduler_is_stopped(allows, fact) },
        { "personality", "LockPersonality", personality_is_stopped(allows, fact) },
        { "setid-mode", "RestrictSUIDSGID", allows_is_on(allows, "RestrictSUIDSGID") },
        { "clock-alarm", "ProtectClock", allows_is_on(allows, "ProtectClock") },
        { "mknod", "PrivateDevices",
          allows_is_on(allows, "PrivateDevices") && (strcmp(argument->value, "S_IFCHR") == 0 ||
                                                     strcmp(argument->value, "S_IFBLK") == 0) },
        { "namespace", "PrivateNetwork",
          allows_is_on(allows, "PrivateNetwork") &&
              (strcmp(argument->value, "net") == 0 || strcmp(argument->value, "any") == 0) &&
              strcmp(argument->call, "setns") == 0 },
    };

    if (fact->outcome == 0 && strcmp(argument->topic, "statfs") == 0)
        return allows_size(allows, argument->value);
    for (size_t i = 0; !refused && i < ELEMENTS_OF(stops); i++)
        if (stops[i].stopped && strcmp(stops[i].topic, argument->topic) == 0)
            return stops[i].directive;
    return NULL;
}

/* ---- programs ---- */

/* Any seccomp filter makes systemd before 255, and every user manager, set no_new_privs on a
 * service without privileges; DynamicUser= always does. */
static const char *no_new_privileges(const struct allows *allows)
{
    static const char *const filters[] = {
        "SystemCallFilter",       "SystemCallArchitectures", "RestrictAddressFamilies",
        "MemoryDenyWriteExecute", "RestrictRealtime",        "RestrictNamespaces",
        "RestrictSUIDSGID",       "LockPersonality",         "ProtectKernelTunables",
        "ProtectKernelModules",   "ProtectKernelLogs",       "ProtectClock",
        "ProtectHostname",        "PrivateDevices",          "SystemCallLog",
    };
    const struct target *target = &allows->suggestion->target;

    if (allows_is_on(allows, "NoNewPrivileges"))
        return "NoNewPrivileges";
    if (allows_is_on(allows, "DynamicUser"))
        return "DynamicUser";
    if ((target->version >= 255 && !target->user_manager) || !allows_is_unprivileged(allows))
        return NULL;
    for (size_t i = 0; i < ELEMENTS_OF(filters); i++)
        if (*allows_get(allows, filters[i]) && allows_is_on(allows, filters[i]))
            return filters[i];
    return NULL;
}

const char *allows_program(const struct allows *allows, const struct fact *fact)
{
    const struct program_fact *program = &fact->program;
    bool set_id = program->mode & 04000 || (program->mode & 02010) == 02010;

    if (*program->arch && !arch_allows(allows, program->arch))
        return "SystemCallArchitectures";
    if ((program->exec_stack || program->text_rel) &&
        allows_is_on(allows, "MemoryDenyWriteExecute"))
        return "MemoryDenyWriteExecute";
    return set_id || program->file_caps ? no_new_privileges(allows) : NULL;
}
