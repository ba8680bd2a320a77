// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * RestrictFileSystems= (systemd.exec(5)): files on other kinds of file systems are not opened,
 * EPERM. Names that stand for one number of the kernel's are one kind.
 */
#include "evaluate/allows.h"
#include <errno.h>
#include <string.h>

/* systemd-analyze filesystems (257), as far as a list that cinch wrote has them. */
static const struct {
    const char *group, *kind;
} members[] = {
    { "@anonymous", "anon_inodefs" }, { "@anonymous", "pipefs" },   { "@anonymous", "sockfs" },
    { "@basic-api", "cgroup" },       { "@basic-api", "cgroup2" },  { "@basic-api", "devpts" },
    { "@basic-api", "tmpfs" },        { "@basic-api", "mqueue" },   { "@basic-api", "proc" },
    { "@basic-api", "sysfs" },        { "@common-block", "btrfs" }, { "@common-block", "erofs" },
    { "@common-block", "exfat" },     { "@common-block", "ext4" },  { "@common-block", "f2fs" },
    { "@common-block", "iso9660" },   { "@common-block", "ntfs3" }, { "@common-block", "squashfs" },
    { "@common-block", "udf" },       { "@common-block", "vfat" },  { "@common-block", "xfs" },
    { "@security", "apparmorfs" },    { "@security", "selinuxfs" }, { "@security", "smackfs" },
    { "@temporary", "ramfs" },        { "@temporary", "tmpfs" },
};

static const char *kind_of(const char *name)
{
    static const struct {
        const char *name, *kind;
    } same[] = { { "ext2", "ext4" },      { "ext3", "ext4" },  { "devtmpfs", "tmpfs" },
                 { "cpuset", "cgroup" },  { "msdos", "vfat" }, { "nfs4", "nfs" },
                 { "fuseblk", "fuse" },   { "smb3", "cifs" },  { "gfs", "gfs2" },
                 { "pvfs2", "orangefs" }, { "ncp", "ncpfs" } };

    for (size_t i = 0; i < ELEMENTS_OF(same); i++)
        if (strcmp(same[i].name, name) == 0)
            return same[i].kind;
    return name;
}

static bool list_has(const struct allows_items *list, const char *kind)
{
    if (!list->count)
        return true;
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(kind_of(list->items[i].text), kind_of(kind)) == 0)
            return true;
        for (size_t k = 0; k < ELEMENTS_OF(members); k++)
            if (strcmp(members[k].group, list->items[i].text) == 0 &&
                strcmp(members[k].kind, kind_of(kind)) == 0)
                return true;
    }
    return false;
}

/* Whether every record of the nearest thing that is there lies on a kind of the list. */
static bool list_has_path(const struct allows *allows, const struct allows_items *list,
                          const char *path)
{
    CLEANUP(free_char) char *at = path_uncollapse(path);

    if (path_is_within(at, "/proc"))
        return list_has(list, "proc");
    for (;;) {
        size_t count, there = 0;
        const struct host_file *const *files = profile_files_at(allows->profile, at, &count);
        for (size_t i = 0; i < count; i++) {
            if (files[i]->type == FILE_MISSING)
                continue;
            there++;
            if (!files[i]->filesystem || !list_has(list, files[i]->filesystem))
                return false;
        }
        if (there || !at[1])
            return there;
        char *parent = path_parent(at);
        free(at);
        at = parent;
    }
}

static bool is_opening(const struct fact *fact)
{
    switch (fact->path.use) {
    case PATH_READ:
    case PATH_LIST:
    case PATH_EXECUTE:
    case PATH_MAP_EXECUTE:
    case PATH_WRITE:
    case PATH_CREATE:
        return fact_may_have_succeeded(fact) || fact->outcome == ENXIO || fact->outcome == EBUSY ||
               fact->outcome == ENODEV;
    case PATH_STAT:
    case PATH_LINK:
    case PATH_DELETE:
    case PATH_BIND:
    case PATH_CONNECT:
    case PATH_MOUNT:
    case PATH_USE_COUNT:
        break;
    }
    return false;
}

/* Only what the suggestion says: a unit's own list may deny. */
static bool list_is_ours(const struct allows *allows)
{
    const struct verdict *verdict = suggestion_find(allows->suggestion, "RestrictFileSystems");

    return verdict && verdict->emitted && verdict->count;
}

const char *allows_filesystem(const struct allows *allows, const struct fact *fact)
{
    struct allows_items list = { 0 };

    if (!list_is_ours(allows) || !is_opening(fact) || fact->path.path[0] != '/' ||
        str_starts_with(fact->path.path, "/memfd:"))
        return NULL;
    allows_list(allows, "RestrictFileSystems", &list);
    bool allowed = list_has_path(allows, &list, fact->path.path);
    allows_items_done(&list);
    return allowed ? NULL : "RestrictFileSystems";
}

/* systemd 257 sets it up late: as the service's user and in its user namespace and root, from
 * which it loads libbpf; what is left of its privileges it keeps for the sake of seccomp filters.
 */
bool allows_filesystem_start(const struct allows *allows)
{
    static const char *const filters[] = { "SystemCallFilter",   "SystemCallLog",
                                           "RestrictNamespaces", "SystemCallArchitectures",
                                           "LockPersonality",    "RestrictAddressFamilies" };
    CLEANUP(allows_walk_done) struct allows_walk walk = { 0 };
    bool filtered = false;

    if (!list_is_ours(allows))
        return true;
    for (size_t i = 0; i < ELEMENTS_OF(filters); i++)
        filtered |= *allows_get(allows, filters[i]) != '\0';
    allows_walk(allows, "/usr/lib", NULL, &walk);
    return allows->suggestion->target.version >= 257 && !allows_is_on(allows, "PrivateUsers") &&
           (filtered || !allows_is_unprivileged(allows)) && walk.end == ALLOWS_FOUND &&
           walk.place.host;
}
