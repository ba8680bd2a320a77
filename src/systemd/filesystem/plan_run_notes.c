// SPDX-License-Identifier: LGPL-2.1-or-later
/* Notes about /run: what could be stricter, and what the administrator must create. */
#include "systemd/core/place_lookup.h"
#include "systemd/filesystem/filesystem.h"
#include <string.h>

/* Whether the service makes a directory right in a place. */
static bool makes_directory(const struct filesystem_plan *plan, const char *real)
{
    for (size_t i = 0; i < plan->names.count; i++) {
        const struct used_name *used = &plan->names.items[i];
        CLEANUP(free_char) char *parent = path_parent(used->real);
        if (used->created && used->type == FILE_DIRECTORY && strcmp(parent, real) == 0 &&
            used->region == REGION_RUN)
            return true;
    }
    return false;
}

/* The unit's PIDFile= if it is directly in a directory; owned. */
static char *pid_file_in(const struct filesystem_plan *plan, const char *real)
{
    const char *file = plan_unit_get(plan, "PIDFile");
    CLEANUP(free_char) char *full = path_join("/run", file);
    CLEANUP(free_char) char *resolved = place_resolve(plan->profile, full);
    CLEANUP(free_char) char *parent = path_parent(resolved);

    return file[0] && strcmp(parent, real) == 0 ? mem_strdup(path_name(full)) : NULL;
}

/* What would make it tighter takes the service's own configuration as well. */
void plan_note_shared(struct filesystem_plan *plan, const char *place)
{
    CLEANUP(free_char) char *real = place_resolve(plan->profile, place); /* /var/run is no other */
    CLEANUP(free_char) char *pid_file = pid_file_in(plan, real);
    CLEANUP(free_char) char *name = pid_file ? text_encode_string(pid_file) : NULL;
    CLEANUP(free_char)
    char *pid = mem_printf("is bound from the host and writable because PIDFile= is directly in "
                           "it. To avoid that, use RuntimeDirectory=NAME and PIDFile=/run/NAME/%s, "
                           "and the same path in the service's configuration",
                           name ? name : "");

    plan_note_path(
        plan, real,
        pid_file ? pid
        : makes_directory(plan, real)
            ? "is bound from the host and writable because the service creates a directory in it "
              "that it removes or that root does not own. To avoid that, create the directory "
              "before the start with tmpfiles.d(5) and train again"
            : "is bound from the host and writable, because other programs or commands of the unit "
              "must find there what the service creates. A RuntimeDirectory= would be stricter");
}

/* RuntimeDirectory= makes directories of User='s, or root's, alone. */
void plan_note_absent(struct filesystem_plan *plan, const char *place)
{
    CLEANUP(free_char) char *real = place_resolve(plan->profile, place);
    const struct host_file *file = place_file(plan->profile, real);
    const char *user = plan_unit_get(plan, "User");
    bool others = file && file->uid != 0 && plan->options->unit && !user[0];

    if (path_index_has(&plan->kept, real))
        return;
    plan_note_path(plan, real,
                   others ? "must exist before the start, also after a boot; if nothing creates it "
                            "yet, add it to tmpfiles.d(5)"
                          : "must exist before the start, also after a boot; if nothing creates it "
                            "yet, use RuntimeDirectory= or tmpfiles.d(5)");
}
