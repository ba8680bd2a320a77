// SPDX-License-Identifier: LGPL-2.1-or-later
/* Which directories that were used, or lie above what was, have a file system mounted on them. */
#include "host/census.h"
#include <mntent.h>
#include <stdio.h>
#include <string.h>

#define MOUNTS_READ 5000 /* lines of /proc/self/mounts */
#define MOUNTS_KEPT 64

/* What every machine mounts, and systemd in a sandbox by itself. */
static bool is_usual(const char *point)
{
    static const char *const places[] = { "/proc", "/sys", "/dev", "/run" };

    for (size_t i = 0; i < ELEMENTS_OF(places); i++)
        if (path_is_within(point, places[i]))
            return true;
    return strcmp(point, "/") == 0;
}

void census_mount_points(struct profile *profile, const struct path_set *named)
{
    FILE *mounts = setmntent("/proc/self/mounts", "re");
    char text[8192]; /* a longer line is cut, and its mount point not found */
    struct mntent entry;
    size_t read = 0, kept = 0;

    while (mounts && read++ < MOUNTS_READ && kept < MOUNTS_KEPT &&
           getmntent_r(mounts, &entry, text, sizeof(text))) {
        if (is_usual(entry.mnt_dir) || !path_set_has(named, entry.mnt_dir))
            continue;
        CLEANUP(free_char) char *name = mem_printf("mount %s", entry.mnt_dir);
        profile_add_setting(profile, name, entry.mnt_type);
        kept++;
    }
    if (mounts)
        endmntent(mounts);
}
