// SPDX-License-Identifier: LGPL-2.1-or-later
/* Programs and libraries bound as single files. A directory with all libraries of the host has
 * thousands of files and privileged programs, so it is not bound whole; what an upgrade adds is
 * missing until the service is trained again. */
#include "systemd/filesystem/filesystem.h"
#include <string.h>

/* Packages a note names at most. */
#define PACKAGES_MAX 4

static void add_package(const struct filesystem_plan *plan, const char *program,
                        struct strings *ret)
{
    CLEANUP(free_char) char *name = mem_printf("package %s", program);
    const char *package = profile_setting(plan->profile, name);
    CLEANUP(free_char) char *encoded = package ? text_encode_string(package) : NULL;

    if (encoded)
        strings_add(ret, encoded);
}

static char *join(const struct strings *packages)
{
    struct str text = { 0 };

    for (size_t i = 0; i < packages->count && i < PACKAGES_MAX; i++)
        str_addf(&text, "%s%s", i ? ", " : " of ", packages->items[i]);
    return str_steal(&text);
}

void plan_note_upgrade(struct filesystem_plan *plan)
{
    CLEANUP(strings_done) struct strings packages = { 0 };
    bool single = false;

    for (size_t i = 0; i < plan->binds.count; i++) {
        const struct bind *bind = &plan->binds.items[i];
        const struct used_name *used = names_find(&plan->names, bind->path);
        if (bind->kind != BIND_READ || bind->subtree || !used)
            continue;
        single |= (used->uses & USE(PATH_MAP_EXECUTE)) != 0;
        if (used->uses & USE(PATH_EXECUTE))
            add_package(plan, used->final, &packages);
    }
    if (!single)
        return;
    strings_sort_unique(&packages);
    CLEANUP(free_char) char *names = join(&packages);
    plan_note(plan, SEVERITY_NOTE, TOPIC_DIRECTIVE, "BindReadOnlyPaths",
              mem_printf("libraries are bound as single files. After an upgrade%s that adds a "
                         "library the service does not start (exit status 127, \"cannot open "
                         "shared object file\"); train again then",
                         names));
}
