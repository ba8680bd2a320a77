// SPDX-License-Identifier: LGPL-2.1-or-later
/* Capabilities: what is not in the bounding set, nobody has (capabilities(7)). */
#include "evaluate/allows.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Settings that take some away beside what they say (systemd.exec(5)). */
static const char *taken_by(const struct allows *allows, const char *name)
{
    static const struct {
        const char *directive, *name;
    } rows[] = {
        { "PrivateDevices", "CAP_MKNOD" },     { "PrivateDevices", "CAP_SYS_RAWIO" },
        { "ProtectClock", "CAP_SYS_TIME" },    { "ProtectClock", "CAP_WAKE_ALARM" },
        { "ProtectKernelLogs", "CAP_SYSLOG" }, { "ProtectKernelModules", "CAP_SYS_MODULE" },
    };

    for (size_t i = 0; i < ELEMENTS_OF(rows); i++)
        if (strcmp(rows[i].name, name) == 0 && allows_is_on(allows, rows[i].directive))
            return rows[i].directive;
    return NULL;
}

/* A word of a unit may be in any case, and a number. */
static bool word_is(const char *word, const char *name)
{
    return strcasecmp(word, name) == 0 ||
           (*word >= '0' && *word <= '9' && atoi(word) == capability_find(name));
}

/* A list whose items are names, or one of which starts with "~": all but these. */
static bool list_has(const struct allows *allows, const char *directive, const char *name)
{
    const struct verdict *verdict = suggestion_find(allows->suggestion, directive);
    struct allows_items list = { 0 };
    bool listed = false, inverted = false;

    if (verdict && verdict->emitted) {
        for (size_t i = 0; i < verdict->count; i++)
            if (strcmp(verdict->values[i].text, name) == 0)
                return true;
        return false;
    }
    if (!allows->unit || !unit_get(allows->unit, directive))
        return strcmp(directive, "CapabilityBoundingSet") == 0;
    allows_list(allows, directive, &list);
    for (size_t i = 0; i < list.count; i++) {
        bool tilde = list.items[i].text[0] == '~';
        inverted |= tilde;
        listed |= word_is(list.items[i].text + tilde, name);
    }
    allows_items_done(&list);
    return listed != inverted;
}

static bool saw_argument(const struct allows *allows, const char *topic, const char *const *but)
{
    size_t count;
    const struct fact *const *facts = profile_facts(allows->profile, FACT_ARGUMENT, &count);

    for (size_t i = 0; i < count; i++)
        if (strcmp(facts[i]->argument.topic, topic) == 0 &&
            !allows_is_word(but, facts[i]->argument.value))
            return true;
    return false;
}

static bool saw_write(const struct allows *allows, const char *tree)
{
    size_t count;
    const struct fact *const *facts = profile_facts(allows->profile, FACT_PATH, &count);

    for (size_t i = 0; i < count; i++)
        if (path_use_is_write(facts[i]->path.use) && path_is_within(facts[i]->path.path, tree))
            return true;
    return false;
}

/* In any other call it is asked for memory's sake. */
static bool is_administration(const char *call)
{
    static const char *const calls[] = {
        "mount",     "umount",   "umount2",   "pivot_root", "setns",         "unshare",
        "swapon",    "swapoff",  "fsopen",    "fsmount",    "move_mount",    "sethostname",
        "ioctl",     "quotactl", "setxattr",  "getxattr",   "setdomainname", "bpf",
        "lsetxattr", "keyctl",   "fsetxattr", "open",       "openat",        "seccomp",
        "prctl",     "fcntl",    "sendmsg",   NULL,
    };

    return allows_is_word(calls, call);
}

/* Calls that only want to know: the answer no changes nothing for them, or nothing that shows. */
static bool only_asks(const struct allows *allows, const char *name, const char *call)
{
    static const char *const making[] = { "clone", "clone3", NULL };
    static const char *const writing[] = { "write", "writev", "pwrite64", NULL };
    static const char *const chmods[] = { "chmod", "fchmod", "fchmodat", NULL };
    static const char *const chowns[] = { "chown", "fchown", "lchown", "fchownat", NULL };
    static const char *const own_world[] = { "user", NULL };
    static const char *const free_options[] = { "TCP_CONGESTION", "SO_BINDTODEVICE", NULL };
    static const char *const *const nothing = own_world + 1;
    static const char *const files[] = { "open", "openat", "read", "write", "close", NULL };
    static const char *const sockets[] = { "socket", NULL }, *const options[] = { "setsockopt",
                                                                                  NULL };
    const struct {
        const char *name;
        const char *const *calls;
        bool holds;
    } rows[] = {
        { "CAP_SYS_ADMIN", making, !saw_argument(allows, "namespace", own_world) },
        { "CAP_SYS_ADMIN", writing, !saw_write(allows, "/proc") && !saw_write(allows, "/sys") },
        { "CAP_NET_ADMIN", files, !saw_write(allows, "/proc/sys/net") },
        { "CAP_NET_ADMIN", sockets, true },
        { "CAP_NET_ADMIN", options, !saw_argument(allows, "socket-option", free_options) },
        { "CAP_SYSLOG", files, !saw_write(allows, "/dev/kmsg") },
        { "CAP_FSETID", chmods, !saw_argument(allows, "setid-mode", nothing) },
        { "CAP_FSETID", chowns, true },
        { "CAP_IPC_LOCK", (const char *const[]){ "io_uring_setup", NULL }, true },
        { "CAP_SETPCAP", (const char *const[]){ "capset", NULL }, true },
        { "CAP_SYS_MODULE", (const char *const[]){ "ioctl", NULL }, true },
        { "CAP_SYS_PTRACE", (const char *const[]){ "execve", "read", NULL }, true },
        { "CAP_SETUID", (const char *const[]){ "setuid", NULL }, true },
        { "CAP_SETGID", (const char *const[]){ "setgid", NULL }, true },
    };

    if (strcmp(name, "CAP_SYS_ADMIN") == 0 && !is_administration(call) &&
        !allows_is_word(making, call) && !allows_is_word(writing, call))
        return true;
    for (size_t i = 0; i < ELEMENTS_OF(rows); i++)
        if (rows[i].holds && strcmp(rows[i].name, name) == 0 && allows_is_word(rows[i].calls, call))
            return true;
    return false;
}

/* Guesses are outdone where the kernel was asked in every run. */
static bool all_granted(const struct allows *allows)
{
    size_t count;
    const struct run *const *runs = profile_runs(allows->profile, &count);

    for (size_t i = 0; i < count; i++)
        if (runs[i]->capabilities != CAPABILITIES_BY_GRANT)
            return false;
    return true;
}

/* Whether the unit lent it to its user, and with the suggestion it does not any more. */
static bool ambient_is_lost(const struct allows *allows, const char *name)
{
    struct suggestion nothing = { .target = allows->suggestion->target };
    struct allows alone = { .suggestion = &nothing, .unit = allows->unit };

    return allows_is_unprivileged(allows) && list_has(&alone, "AmbientCapabilities", name) &&
           !list_has(allows, "AmbientCapabilities", name);
}

const char *allows_capability(const struct allows *allows, const struct fact *fact)
{
    const struct capability_fact *capability = &fact->capability;
    bool asked = capability->basis == CAPABILITY_KERNEL;

    if (fact->outcome != 0 || capability_find(capability->name) < 0)
        return NULL;
    if ((asked && only_asks(allows, capability->name, capability->call)) ||
        (capability->basis == CAPABILITY_GUESS && all_granted(allows)))
        return NULL;
    if (!list_has(allows, "CapabilityBoundingSet", capability->name))
        return "CapabilityBoundingSet";
    if (ambient_is_lost(allows, capability->name))
        return "AmbientCapabilities";
    return taken_by(allows, capability->name);
}

/* What the kernel refuses to make ambient ends in 218/CAPABILITIES. */
bool allows_ambient(const struct allows *allows)
{
    for (int number = 0; capability_name(number); number++)
        if (list_has(allows, "AmbientCapabilities", capability_name(number)) &&
            !list_has(allows, "CapabilityBoundingSet", capability_name(number)))
            return false;
    return true;
}
