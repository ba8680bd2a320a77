// SPDX-License-Identifier: LGPL-2.1-or-later
/* Directories that were mount points in training. A bind is a mount point even when the disk is not
 * mounted, so a service that checks for the mount is misled. And a file system that is unmounted on
 * the host stays busy in the service's namespace. */
#include "systemd/core/place_lookup.h"
#include "systemd/filesystem/filesystem.h"
#include <string.h>

#define MOUNT "mount "

/* Whether a bind contains the mount point or something below it. */
static bool is_bound(const struct filesystem_plan *plan, const char *point)
{
    const struct host_file *file = place_file(plan->profile, point);

    return file && file->type == FILE_DIRECTORY &&
           (path_index_below(&plan->binds.index, point, GRANTS_BINDS) > 0 ||
            binds_covering(&plan->binds, point));
}

void plan_note_mounted(struct filesystem_plan *plan)
{
    size_t count;
    const struct host_setting *const *settings = profile_settings(plan->profile, &count);

    for (size_t i = 0; i < count; i++) {
        const char *point = settings[i]->name + strlen(MOUNT);
        if (!str_starts_with(settings[i]->name, MOUNT) || !is_bound(plan, point))
            continue;
        CLEANUP(free_char) char *path = text_encode_string(point);
        plan_note(
            plan, SEVERITY_NOTE, TOPIC_PATH, point,
            mem_printf(
                "%s was a mount point in training. In the sandbox it is bound even when nothing is "
                "mounted, and the service keeps the file system busy after it is unmounted on the "
                "host. Add RequiresMountsFor=%s to the unit's [Unit] section",
                path, path));
    }
}
