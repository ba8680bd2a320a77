// SPDX-License-Identifier: LGPL-2.1-or-later
/* Settings that give the service something of its own in place of what all share: users, process
 * ids, IPC objects, keyrings, mounts, devices (systemd.exec(5), systemd.resource-control(5)). */
#include "evaluate/allows.h"
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), end_length = strlen(end);

    return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

static bool is_about(const struct fact *fact, const char *topic)
{
    return fact->kind == FACT_ARGUMENT && strcmp(fact->argument.topic, topic) == 0;
}

static bool is_about_value(const struct fact *fact, const char *topic, const char *value)
{
    return is_about(fact, topic) && strcmp(fact->argument.value, value) == 0;
}

static bool path_is(const struct fact *fact, const char *place)
{
    return fact->kind == FACT_PATH &&
           (path_is_within(fact->path.path, place) || path_is_within(fact->path.requested, place));
}

/* ---- PrivateUsers= ---- */

/* Users the namespace knows: "yes" (or "self") root and the service's own, "identity" those below
 * 65536, "full" all. */
static bool user_is_mapped(const struct allows *allows, unsigned uid)
{
    const char *value = allows_get(allows, "PrivateUsers");
    size_t count;
    const struct run *const *runs = profile_runs(allows->profile, &count);

    if (strcmp(value, "full") == 0 || (strcmp(value, "identity") == 0 && uid < 65536))
        return true;
    for (size_t i = 0; i < count; i++)
        if (runs[i]->uid == uid)
            return true;
    return uid == 0 && !allows->suggestion->target.user_manager;
}

static bool owner_is_hidden(const struct allows *allows, const struct fact *fact)
{
    size_t count;

    if (fact->kind != FACT_PATH || fact->path.use == PATH_LINK)
        return false;
    const struct host_file *const *files =
        profile_files_at(allows->profile, fact->path.path, &count);
    for (size_t i = 0; i < count; i++)
        if (files[i]->type != FILE_MISSING && !user_is_mapped(allows, files[i]->uid))
            return true;
    return false;
}

static bool peer_is_hidden(const struct allows *allows, const struct fact *fact)
{
    const char *value = allows_get(allows, "PrivateUsers");

    return strcmp(value, "identity") != 0 && strcmp(value, "full") != 0 &&
           is_about(fact, "socket-option") &&
           (strstr(fact->argument.value, "PEERCRED") || strstr(fact->argument.value, "PASSCRED"));
}

/* user_namespaces(7): what is the host's belongs to the host's user namespace. */
static bool user_loses_privilege(const struct fact *fact)
{
    static const char *const always[] = { "ownership", "namespace", "mount", NULL };

    switch (fact->kind) {
    case FACT_ARGUMENT:
        return allows_is_word(always, fact->argument.topic) ||
               (is_about(fact, "target") && str_starts_with(fact->argument.value, "other")) ||
               is_about_value(fact, "mknod", "S_IFCHR") ||
               is_about_value(fact, "mknod", "S_IFBLK") ||
               is_about_value(fact, "keyring", "KEY_SPEC_USER_KEYRING") ||
               ((is_about(fact, "signal") || is_about(fact, "target")) &&
                ends_with(fact->argument.value, " other-user")) ||
               (is_about(fact, "credentials") && ends_with(fact->argument.value, " other"));
    case FACT_ADDRESS:
        return fact->address.use == ADDRESS_BIND && fact->address.family != AF_UNIX &&
               fact->address.port > 0 && fact->address.port < 80;
    case FACT_PROGRAM:
        return fact->program.mode & 04000 || fact->program.file_caps;
    case FACT_CAPABILITY:
        return fact->capability.basis == CAPABILITY_RULE &&
               capability_find(fact->capability.name) >= 0;
    case FACT_PATH:
        return path_is(fact, "/proc/<pid>");
    case FACT_SYSCALL:
    case FACT_SOCKET:
    case FACT_MOVE:
    case FACT_NAME:
    case FACT_BLIND_SPOT:
    case FACT_KIND_COUNT:
        return false;
    }
    return false;
}

static const char *private_users(const struct allows *allows, const struct fact *fact)
{
    if (!allows_is_on(allows, "PrivateUsers") || !fact_may_have_succeeded(fact))
        return NULL;
    return user_loses_privilege(fact) || owner_is_hidden(allows, fact) ||
                   peer_is_hidden(allows, fact)
               ? "PrivateUsers"
               : NULL;
}

/* ---- PrivatePIDs= ---- */

static const char *private_pids(const struct allows *allows, const struct fact *fact)
{
    bool other = (is_about(fact, "signal") && (strstr(fact->argument.value, " other") ||
                                               ends_with(fact->argument.value, " all"))) ||
                 (is_about(fact, "target") && str_starts_with(fact->argument.value, "other"));
    bool service_other = is_about(fact, "signal") && strstr(fact->argument.value, " service other");

    if (!allows_is_on(allows, "PrivatePIDs"))
        return NULL;
    if ((other && !service_other) ||
        (path_is(fact, "/proc/<pid>") && fact_may_have_succeeded(fact)))
        return "PrivatePIDs";
    return NULL;
}

/* ---- PrivateIPC=, RemoveIPC= ---- */

static const char *private_ipc(const struct allows *allows, const struct fact *fact)
{
    bool named = is_about_value(fact, "ipc-key", "key") || is_about(fact, "mqueue");

    if (allows_is_on(allows, "PrivateIPC") && (named || path_is(fact, "/proc/sysvipc")))
        return "PrivateIPC";
    if (!allows_is_on(allows, "RemoveIPC") || !allows_is_unprivileged(allows) ||
        !fact_may_have_succeeded(fact))
        return NULL;
    /* Shared memory that was there before belongs to someone else, too. */
    return named || (path_is(fact, "/dev/shm") && fact->path.use == PATH_READ &&
                     evidence_foreign(&fact->evidence) && strcmp(fact->path.path, "/dev/shm") != 0)
               ? "RemoveIPC"
               : NULL;
}

/* ---- UMask= ---- */

/* The permissions it would have got without the suggestion, and gets with it. */
static const char *umask_mode(const struct allows *allows, const struct fact *fact)
{
    const char *own = allows->unit ? unit_get(allows->unit, "UMask") : NULL;
    unsigned before = own && *own ? (unsigned)strtoul(own, NULL, 8) : 022;
    unsigned now = (unsigned)strtoul(allows_get(allows, "UMask"), NULL, 8);

    if (!*allows_get(allows, "UMask") || !is_about(fact, "create-mode"))
        return NULL;
    bool is_any = strchr(fact->argument.value, '*');
    unsigned mode = is_any ? 0777 : (unsigned)strtoul(fact->argument.value, NULL, 8);
    return (mode & ~before) != (mode & ~now) ? "UMask" : NULL;
}

/* ---- KeyringMode= ---- */

static const char *keyring_mode(const struct allows *allows, const struct fact *fact)
{
    const char *mode = allows_get(allows, "KeyringMode");
    bool private = strcmp(mode, "private") == 0;

    if (!fact_may_have_succeeded(fact) || (!private && strcmp(mode, "shared") != 0))
        return NULL;
    if (is_about_value(fact, "keyring", "KEY_SPEC_USER_SESSION_KEYRING"))
        return "KeyringMode";
    return private && (is_about_value(fact, "keyring", "KEY_SPEC_USER_KEYRING") ||
                       is_about(fact, "key-request"))
               ? "KeyringMode"
               : NULL;
}

/* ---- PrivateMounts=, ProtectControlGroups=strict ---- */

static const char *private_mounts(const struct allows *allows, const struct fact *fact)
{
    bool mounts =
        (fact->kind == FACT_PATH && fact->path.use == PATH_MOUNT) || is_about(fact, "mount");

    return mounts && fact_may_have_succeeded(fact) && allows_is_on(allows, "PrivateMounts")
               ? "PrivateMounts"
               : NULL;
}

static const char *private_cgroups(const struct allows *allows, const struct fact *fact)
{
    bool strict = strcmp(allows_get(allows, "ProtectControlGroups"), "strict") == 0;

    return strict && fact_may_have_succeeded(fact) &&
                   (path_is(fact, "/sys/fs/cgroup") || path_is(fact, "/proc/self/cgroup"))
               ? "ProtectControlGroups"
               : NULL;
}

/* ---- PrivateBPF= ---- */

static const char *private_bpf(const struct allows *allows, const struct fact *fact)
{
    return allows_is_on(allows, "PrivateBPF") && path_is(fact, "/sys/fs/bpf") ? "PrivateBPF" : NULL;
}

/* ---- DevicePolicy= ---- */

/* The nodes of "closed", and what a private /dev has. */
static bool device_is_common(const char *path)
{
    static const char *const nodes[] = { "/dev/null",    "/dev/zero", "/dev/full", "/dev/random",
                                         "/dev/urandom", "/dev/tty",  "/dev/ptmx", NULL };

    return allows_is_word(nodes, path) || path_is_within(path, "/dev/pts");
}

/* Whether an item "NAME RIGHTS" of the list lets it be opened so. Of classes only that there is one
 * of that kind is known here: which numbers it has the kernel knows. */
static bool device_is_listed(const struct allows *allows, const struct fact *fact)
{
    struct allows_items items = { 0 };
    char right = fact->path.use == PATH_WRITE ? 'w' : 'r';
    bool listed = false;

    allows_list(allows, "DeviceAllow", &items);
    for (size_t i = 0; i < items.count; i++) {
        const char *text = items.items[i].text, *rights = strchr(text, ' ');
        size_t length = rights ? (size_t)(rights - text) : strlen(text);
        bool same =
            strlen(fact->path.path) == length && strncmp(text, fact->path.path, length) == 0;
        bool class = str_starts_with(text, "char-") || str_starts_with(text, "block-");
        listed |= (same || class) && (!rights || strchr(rights, right));
    }
    allows_items_done(&items);
    return listed;
}

static bool file_is_node(const struct allows *allows, const char *path)
{
    size_t count;
    const struct host_file *const *files = profile_files_at(allows->profile, path, &count);

    return count && (files[0]->type == FILE_CHAR_DEVICE || files[0]->type == FILE_BLOCK_DEVICE);
}

/* Asked at open(2) and mknod(2) only. */
static const char *device_policy(const struct allows *allows, const struct fact *fact)
{
    bool opened =
        fact->kind == FACT_PATH && (fact->path.use == PATH_READ || fact->path.use == PATH_WRITE);
    bool made =
        is_about_value(fact, "mknod", "S_IFCHR") || is_about_value(fact, "mknod", "S_IFBLK");

    if (!allows_is_on(allows, "DevicePolicy") || !fact_may_have_succeeded(fact) ||
        strcmp(allows_get(allows, "DevicePolicy"), "auto") == 0)
        return NULL;
    if (made)
        return "DevicePolicy";
    return opened && file_is_node(allows, fact->path.path) && !device_is_common(fact->path.path) &&
                   !device_is_listed(allows, fact)
               ? "DevicePolicy"
               : NULL;
}

const char *allows_private(const struct allows *allows, const struct fact *fact)
{
    static const char *(*const questions[])(const struct allows *, const struct fact *) = {
        private_users,   private_pids, private_ipc, keyring_mode,  private_mounts,
        private_cgroups, umask_mode,   private_bpf, device_policy,
    };
    const char *directive = NULL;

    for (size_t i = 0; !directive && i < ELEMENTS_OF(questions); i++)
        directive = questions[i](allows, fact);
    return directive;
}
