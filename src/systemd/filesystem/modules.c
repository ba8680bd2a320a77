// SPDX-License-Identifier: LGPL-2.1-or-later
/* The shared directories of Python modules. The interpreter lists them only to find imported
 * modules, so an empty root needs only those: each imported package as a whole, because a package
 * loads its own parts on demand. The standard library counts as one package, because its error
 * paths import more (socketserver loads traceback when a request fails). */
#include "systemd/core/fit.h"
#include "systemd/core/place_lookup.h"
#include "systemd/filesystem/filesystem.h"
#include <string.h>

static bool is_by_python(const struct fact *fact)
{
    bool python = fact->evidence.count > 0;

    for (size_t i = 0; i < fact->evidence.count; i++)
        python &= str_starts_with(path_name(fact->evidence.seen[i].program), "python3");
    return python;
}

/* Package metadata is in a directory with the version in its name, which an upgrade changes; a
 * program that lists it must find all of them. */
static bool is_metadata(const char *name)
{
    static const char *const endings[] = { ".dist-info", ".egg-info", ".egg-link", ".egg" };
    CLEANUP(free_char) char *own = mem_strndup(name, strcspn(name, "/"));
    const char *dot = strrchr(own, '.');

    for (size_t i = 0; dot && i < ELEMENTS_OF(endings); i++)
        if (strcmp(dot, endings[i]) == 0)
            return true;
    return false;
}

static bool looks_at_metadata(const struct profile *profile, const char *directory)
{
    size_t length = strlen(directory), count;
    const struct fact *const *facts = profile_facts(profile, FACT_PATH, &count);

    for (size_t i = 0; i < count; i++) {
        const char *path = facts[i]->path.path;
        if (path_is_within(path, directory) && path[length] == '/' &&
            is_metadata(path + length + 1))
            return true;
    }
    return false;
}

bool modules_is_search(const struct filesystem_plan *plan, const struct fact *fact)
{
    const char *directory = fact->path.path;
    struct fit_settings fit;

    fit_settle(plan->options, &fit);
    return fact->path.use == PATH_LIST && !fit.whole_modules &&
           policy_modules_depth(directory) > 0 &&
           policy_modules_depth(directory) == place_depth(directory) && is_by_python(fact) &&
           !looks_at_metadata(plan->profile, directory);
}

void modules_note(struct filesystem_plan *plan)
{
    size_t count;
    const struct fact *const *facts = profile_facts(plan->profile, FACT_PATH, &count);

    for (size_t i = 0; i < count && plan->form != FILESYSTEM_STRICT; i++) {
        const struct host_file *file = place_file(plan->profile, facts[i]->path.path);
        if (modules_is_search(plan, facts[i]) && (!file || file->unused != 0))
            plan_note_path(plan, facts[i]->path.path,
                           "contains only the packages that training imported; --modules all binds "
                           "all of them");
    }
}
