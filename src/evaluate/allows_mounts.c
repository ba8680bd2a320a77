// SPDX-License-Identifier: LGPL-2.1-or-later
/* The mounts each setting asks for, as systemd.exec(5) describes them. */
#include "evaluate/allows.h"
#include <string.h>

/* A fixed mount of a setting. */
struct mount_row {
    const char *path;
    enum allows_mode mode;
    bool required;
};

static struct allows_mount *mounts_add(struct allows *allows, const char *directive,
                                       const char *path, enum allows_mode mode)
{
    mem_reserve(&allows->mounts, &allows->capacity, allows->count + 1, sizeof(*allows->mounts));
    struct allows_mount *mount = &allows->mounts[allows->count];
    *mount = (struct allows_mount){
        .path = path_normalise(path), .mode = mode, .directive = directive, .order = allows->count
    };
    allows->count++;
    return mount;
}

static void mounts_add_rows(struct allows *allows, const char *directive,
                            const struct mount_row *rows)
{
    for (; rows->path; rows++) {
        struct allows_mount *mount = mounts_add(allows, directive, rows->path, rows->mode);
        mount->optional = !rows->required;
        mount->read_only = rows->mode == ALLOWS_PRIVATE_DEV;
        mount->no_exec = rows->mode == ALLOWS_PRIVATE_DEV || rows->mode == ALLOWS_PROCFS ||
                         rows->mode == ALLOWS_SYSFS;
        if (rows->mode == ALLOWS_HOST_DEV)
            mount->source = mem_strdup("/dev");
    }
}

/* ---- lists of paths ---- */

static void mounts_add_access(struct allows *allows)
{
    static const struct {
        const char *name;
        enum allows_mode mode;
    } lists[] = { { "ReadWritePaths", ALLOWS_READ_WRITE },
                  { "ReadOnlyPaths", ALLOWS_READ_ONLY },
                  { "InaccessiblePaths", ALLOWS_INACCESSIBLE },
                  { "ExecPaths", ALLOWS_EXEC },
                  { "NoExecPaths", ALLOWS_NO_EXEC } };

    for (size_t i = 0; i < ELEMENTS_OF(lists); i++) {
        struct allows_items items = { 0 };
        allows_list(allows, lists[i].name, &items);
        for (size_t k = 0; k < items.count; k++)
            /* Of a root of the service's own only what is said to be in it (systemd.exec(5)). */
            if (items.items[k].text[0] == '/' && (items.items[k].in_root || !allows->empty_root))
                mounts_add(allows, lists[i].name, items.items[k].text, lists[i].mode)->optional =
                    items.items[k].optional;
        allows_items_done(&items);
    }
}

/* Whether the profile tells names at a place (or below it) as the service had them in a mount of
 * its unit: then they are that mount's, whatever its source is called on the machine. */
static bool is_told_by_itself(const struct allows *allows, const char *place, bool is_exact)
{
    size_t count;
    const struct fact *const *spots = profile_facts(allows->profile, FACT_BLIND_SPOT, &count);

    for (size_t i = 0; i < count; i++) {
        const struct blind_spot_fact *spot = &spots[i]->blind_spot;
        static const char mount[] = "mount ";
        if (strcmp(spot->topic, "foreign-mount-namespace") == 0 && spot->detail &&
            str_starts_with(spot->detail, mount) &&
            (is_exact ? strcmp(spot->detail + strlen(mount), place) == 0
                      : path_is_within(spot->detail + strlen(mount), place)))
            return true;
    }
    return false;
}

static struct allows_mount *mounts_add_bind(struct allows *allows, const char *directive,
                                            const char *source, const char *destination)
{
    struct allows_mount *mount = mounts_add(allows, directive, destination, ALLOWS_BIND);

    mount->source = allows_host_resolve(allows->profile, source);
    return mount;
}

static void mounts_add_binds(struct allows *allows)
{
    static const char *const lists[] = { "BindPaths", "BindReadOnlyPaths" };

    for (size_t i = 0; i < ELEMENTS_OF(lists); i++) {
        struct allows_items items = { 0 };
        allows_list(allows, lists[i], &items);
        for (size_t k = 0; k < items.count; k++) {
            const struct allows_item *item = &items.items[k];
            if (item->text[0] != '/')
                continue;
            struct allows_mount *mount = mounts_add_bind(
                allows, lists[i], item->text, item->destination ? item->destination : item->text);
            mount->optional = item->optional;
            mount->read_only = i == 1;
            if (item->destination && is_told_by_itself(allows, mount->path, false)) {
                free(mount->source);
                mount->source = mem_strdup(mount->path);
            }
        }
        allows_items_done(&items);
    }
}

static bool options_have(const char *options, const char *option)
{
    size_t length = strlen(option);

    for (const char *at = options; at && (at = strstr(at, option)); at += length)
        if ((at == options || at[-1] == ',') && (at[length] == ',' || !at[length]))
            return true;
    return false;
}

/* tmpfs(5): mode=, uid= and gid= are those of its root directory, which systemd makes 0755. */
static void mounts_set_owner(struct allows_mount *mount, const char *options)
{
    static const char *const names[] = { "mode=", "uid=", "gid=" };

    mount->owner[0] = 0755;
    for (size_t i = 0; i < ELEMENTS_OF(names); i++)
        for (const char *at = options; at && *at; at += strcspn(at, ","), at += *at == ',')
            if (strncmp(at, names[i], strlen(names[i])) == 0)
                mount->owner[i] = (unsigned)strtoul(at + strlen(names[i]), NULL, i ? 10 : 8);
}

static void mounts_add_tmpfs(struct allows *allows)
{
    struct allows_items items = { 0 };

    allows_list(allows, "TemporaryFileSystem", &items);
    for (size_t i = 0; i < items.count; i++) {
        struct allows_mount *mount =
            mounts_add(allows, "TemporaryFileSystem", items.items[i].text, ALLOWS_TMPFS);
        if (mount->path[1] && is_told_by_itself(allows, mount->path,
                                                true)) { /* made anew, as it was for the training */
            mount->mode = ALLOWS_BIND;
            mount->source = mem_strdup(mount->path);
        }
        mounts_set_owner(mount, items.items[i].options);
        mount->read_only = options_have(items.items[i].options, "ro");
        mount->no_exec = options_have(items.items[i].options, "noexec");
    }
    allows_items_done(&items);
}

/* Always bound writable; below "private" for a dynamic user without a root of its own. */
static void mounts_add_directories(struct allows *allows)
{
    static const struct {
        const char *name, *base;
        bool has_private;
    } kinds[] = { { "StateDirectory", "/var/lib", true },
                  { "CacheDirectory", "/var/cache", true },
                  { "LogsDirectory", "/var/log", true },
                  { "RuntimeDirectory", "/run", true },
                  { "ConfigurationDirectory", "/etc", false } };
    bool private = allows_is_on(allows, "DynamicUser");

    for (size_t i = 0; i < ELEMENTS_OF(kinds); i++) {
        struct allows_items items = { 0 };
        allows_list(allows, kinds[i].name, &items);
        for (size_t k = 0; k < items.count; k++) {
            char *text = items.items[k].text;
            text[strcspn(text, ":")] = '\0';
            CLEANUP(free_char) char *plain = path_normalise(text);
            CLEANUP(free_char) char *place = mem_printf("%s%s", kinds[i].base, plain);
            CLEANUP(free_char) char *hidden = mem_printf("%s/private%s", kinds[i].base, plain);
            bool below = private && kinds[i].has_private;
            if (text[0] == '/' || !plain[1])
                continue;
            mounts_add_bind(allows, kinds[i].name, place, place)->optional = true;
            if (below && !allows->empty_root)
                mounts_add_bind(allows, kinds[i].name, hidden, hidden)->optional = true;
        }
        allows_items_done(&items);
    }
}

/* ---- settings that stand for fixed mounts ---- */

static void mounts_add_homes(struct allows *allows)
{
    static const struct {
        const char *value;
        enum allows_mode mode;
    } kinds[] = { { "read-only", ALLOWS_READ_ONLY }, { "tmpfs", ALLOWS_TMPFS } };
    static const char *const homes[] = { "/home", "/root", "/run/user" };
    const char *value = allows_get(allows, "ProtectHome");
    bool dynamic = allows_is_on(allows, "DynamicUser") && !allows_is_on(allows, "ProtectHome");
    enum allows_mode mode = dynamic ? ALLOWS_READ_ONLY : ALLOWS_INACCESSIBLE;

    if (!dynamic && !allows_is_on(allows, "ProtectHome"))
        return;
    for (size_t i = 0; i < ELEMENTS_OF(kinds); i++)
        if (strcmp(value, kinds[i].value) == 0)
            mode = kinds[i].mode;
    for (size_t i = 0; i < ELEMENTS_OF(homes); i++) {
        struct allows_mount *mount = mounts_add(allows, "ProtectHome", homes[i], mode);
        mount->optional = true;
        mount->read_only = true; /* of the tmpfs: conservative, systemd 252 leaves it writable */
    }
}

static void mounts_add_system(struct allows *allows)
{
    static const struct mount_row usr[] = { { "/usr", ALLOWS_READ_ONLY, true },
                                            { "/boot", ALLOWS_READ_ONLY, false },
                                            { "/efi", ALLOWS_READ_ONLY, false },
                                            { 0 } };
    static const struct mount_row etc[] = { { "/etc", ALLOWS_READ_ONLY, true }, { 0 } };
    static const struct mount_row strict[] = {
        { "/", ALLOWS_READ_ONLY, true },           { "/proc", ALLOWS_LEFT_ALONE, false },
        { "/sys", ALLOWS_LEFT_ALONE, false },      { "/dev", ALLOWS_LEFT_ALONE, false },
        { "/home", ALLOWS_LEFT_ALONE, false },     { "/root", ALLOWS_LEFT_ALONE, false },
        { "/run/user", ALLOWS_LEFT_ALONE, false }, { 0 }
    };
    const char *value = allows_get(allows, "ProtectSystem");
    bool dynamic = allows_is_on(allows, "DynamicUser"); /* implies strict, cannot be turned off */

    if (dynamic || strcmp(value, "strict") == 0) {
        mounts_add_rows(allows, dynamic ? "DynamicUser" : "ProtectSystem", strict);
        return;
    }
    if (!allows_is_on(allows, "ProtectSystem"))
        return;
    mounts_add_rows(allows, "ProtectSystem", usr);
    if (strcmp(value, "full") == 0)
        mounts_add_rows(allows, "ProtectSystem", etc);
}

/* systemd.exec(5); the lists are those of 252. */
static const struct mount_row tunables[] = {
    { "/proc/acpi", ALLOWS_READ_ONLY, false },
    { "/proc/apm", ALLOWS_READ_ONLY, false },
    { "/proc/asound", ALLOWS_READ_ONLY, false },
    { "/proc/bus", ALLOWS_READ_ONLY, false },
    { "/proc/fs", ALLOWS_READ_ONLY, false },
    { "/proc/irq", ALLOWS_READ_ONLY, false },
    { "/proc/kallsyms", ALLOWS_INACCESSIBLE, false },
    { "/proc/kcore", ALLOWS_INACCESSIBLE, false },
    { "/proc/latency_stats", ALLOWS_READ_ONLY, false },
    { "/proc/mtrr", ALLOWS_READ_ONLY, false },
    { "/proc/scsi", ALLOWS_READ_ONLY, false },
    { "/proc/sys", ALLOWS_READ_ONLY, false },
    { "/proc/sysrq-trigger", ALLOWS_READ_ONLY, false },
    { "/proc/timer_stats", ALLOWS_READ_ONLY, false },
    { "/sys", ALLOWS_READ_ONLY, false },
    { "/sys/fs/bpf", ALLOWS_READ_ONLY, false },
    { "/sys/fs/cgroup", ALLOWS_LEFT_ALONE, false },
    { "/sys/fs/selinux", ALLOWS_LEFT_ALONE, false },
    { "/sys/kernel/debug", ALLOWS_READ_ONLY, false },
    { "/sys/kernel/tracing", ALLOWS_READ_ONLY, false },
    { 0 },
};
static const struct mount_row cgroups[] = { { "/sys/fs/cgroup", ALLOWS_READ_ONLY, false }, { 0 } };
static const struct mount_row modules[] = { { "/usr/lib/modules", ALLOWS_INACCESSIBLE, false },
                                            { "/lib/modules", ALLOWS_INACCESSIBLE, false },
                                            { 0 } };
static const struct mount_row logs[] = { { "/proc/kmsg", ALLOWS_INACCESSIBLE, false },
                                         { "/dev/kmsg", ALLOWS_INACCESSIBLE, false },
                                         { 0 } };
static const struct mount_row temporary[] = { { "/tmp", ALLOWS_PRIVATE_TMP, false },
                                              { "/var/tmp", ALLOWS_PRIVATE_TMP, false },
                                              { 0 } };
static const struct mount_row devices[] = { { "/dev", ALLOWS_PRIVATE_DEV, false }, { 0 } };

static void mounts_add_switches(struct allows *allows)
{
    static const struct {
        const char *name;
        const struct mount_row *rows;
    } switches[] = {
        { "ProtectKernelTunables", tunables }, { "ProtectControlGroups", cgroups },
        { "ProtectKernelModules", modules },   { "ProtectKernelLogs", logs },
        { "PrivateTmp", temporary },           { "PrivateDevices", devices },
    };

    for (size_t i = 0; i < ELEMENTS_OF(switches); i++)
        if (allows_is_on(allows, switches[i].name))
            mounts_add_rows(allows, switches[i].name, switches[i].rows);
    if (allows_is_on(allows, "DynamicUser") && !allows_is_on(allows, "PrivateTmp"))
        mounts_add_rows(allows, "DynamicUser", temporary);
}

/* ---- the API file systems ---- */

static bool settings_ask_api_vfs(const struct allows *allows)
{
    const char *proc = allows_get(allows, "ProtectProc");
    const char *subset = allows_get(allows, "ProcSubset");

    if (allows_is_on(allows, "ProtectKernelTunables") ||
        allows_is_on(allows, "ProtectControlGroups") || allows_is_on(allows, "PrivateBPF") ||
        allows_is_on(allows, "PrivatePIDs") || (*proc && strcmp(proc, "default") != 0) ||
        (*subset && strcmp(subset, "all") != 0))
        return true;
    if (*allows_get(allows, "MountAPIVFS"))
        return allows_is_on(allows, "MountAPIVFS");
    return allows->empty_root;
}

static bool settings_empty_root(const struct allows *allows)
{
    struct allows_items items = { 0 };

    allows_list(allows, "TemporaryFileSystem", &items);
    bool empty = allows_items_have(&items, "/");
    allows_items_done(&items);
    return empty || allows->empty_root;
}

/* What is a mount point already is not mounted over: so /run stays the host's without a new root
 * (systemd 248 and later mount it at all). */
static void mounts_add_api_vfs(struct allows *allows)
{
    static const struct mount_row rows[] = { { "/proc", ALLOWS_PROCFS, false },
                                             { "/sys", ALLOWS_SYSFS, false },
                                             { "/dev", ALLOWS_HOST_DEV, false },
                                             { 0 } };
    static const struct mount_row run[] = { { "/run", ALLOWS_RUN, false }, { 0 } };
    static const struct mount_row host_run[] = { { "/run", ALLOWS_LEFT_ALONE, false }, { 0 } };

    allows->api_vfs = settings_ask_api_vfs(allows);
    if (!allows->api_vfs)
        return;
    mounts_add_rows(allows, "MountAPIVFS", rows);
    if (allows->suggestion->target.version >= 248)
        mounts_add_rows(allows, "MountAPIVFS", settings_empty_root(allows) ? run : host_run);
}

void allows_mounts_collect(struct allows *allows)
{
    const char *root = allows_get(allows, "RootDirectory");

    allows->empty_root = *root && strcmp(root, "/") != 0;
    mounts_add_access(allows);
    mounts_add_binds(allows);
    mounts_add_tmpfs(allows);
    mounts_add_directories(allows);
    mounts_add_homes(allows);
    mounts_add_system(allows);
    mounts_add_switches(allows);
    mounts_add_api_vfs(allows);
    if (allows->empty_root) {
        struct allows_mount *notify =
            mounts_add_bind(allows, "RootDirectory", "/run/systemd/notify", "/run/systemd/notify");
        notify->read_only = notify->optional = true;
    }
}
