// SPDX-License-Identifier: LGPL-2.1-or-later
/* The unit's own ReadOnlyPaths= and NoExecPaths= inside the binds of an empty root. Both lists are
 * reset there, because a value of / would cancel the empty root. Without entries for the bound
 * paths a bind would allow what the unit forbids. */
#include "systemd/core/derive.h"
#include "systemd/core/place_lookup.h"
#include "systemd/core/verdict.h"
#include "systemd/filesystem/filesystem.h"
#include <string.h>

/* The unit's paths of a list that can be said again, normalised. */
static void unit_paths(const struct filesystem_plan *plan, const char *list, struct strings *ret)
{
    CLEANUP(strings_done) struct strings words = { 0 };

    if (plan->options->unit)
        unit_list(plan->options->unit, list, &words);
    for (size_t i = 0; i < words.count; i++) {
        CLEANUP(free_char)
        char *path = path_normalise(words.items[i] + strspn(words.items[i], "-+"));
        if (words.items[i][strspn(words.items[i], "-+")] == '/' && !strchr(path, '%'))
            strings_add(ret, path);
    }
    strings_sort_unique(ret);
}

static void keep(struct verdict *ret, const char *path)
{
    struct value *value =
        verdict_add(ret, path, mem_strdup("kept from the unit, because this path is bound"), NULL);

    value->is_path = value->optional = true;
}

static bool is_written(const struct filesystem_plan *plan, const char *path)
{
    const struct used_name *used;

    for (size_t at = 0; (used = names_within(&plan->names, path, &at));)
        if ((used->uses & USES_WRITE) | used->failed)
            return true;
    return false;
}

void kept_read_only(const struct derive_context *context, struct verdict *ret)
{
    const struct filesystem_plan *plan = context->filesystem;
    CLEANUP(strings_done) struct strings paths = { 0 };

    unit_paths(plan, "ReadOnlyPaths", &paths);
    for (size_t i = 0; i < paths.count; i++) {
        const struct bind *bind = binds_covering(&plan->binds, paths.items[i]);
        bool writable =
            (bind && bind->kind == BIND_WRITE) || plan_is_automatic(plan, paths.items[i]);
        if (!writable || strcmp(paths.items[i], "/") == 0)
            continue;
        if (!is_written(plan, paths.items[i])) {
            keep(ret, paths.items[i]);
            continue;
        }
        CLEANUP(free_char) char *path = text_encode_string(paths.items[i]);
        derive_note(context, SEVERITY_NOTE, TOPIC_DIRECTIVE, "ReadOnlyPaths",
                    mem_printf("the unit's ReadOnlyPaths=%s is not kept, because the service wrote "
                               "there in training",
                               path));
    }
}

/* Whether the unit lets code run from something at, below or above a path. */
static bool is_excepted(const struct strings *exec, const char *path)
{
    for (size_t i = 0; i < exec->count; i++)
        if (path_is_within(path, exec->items[i]) || path_is_within(exec->items[i], path))
            return true;
    return false;
}

static bool has_value(const struct verdict *verdict, const char *path)
{
    for (size_t i = 0; i < verdict->count; i++)
        if (strcmp(verdict->values[i].text, path) == 0)
            return true;
    return false;
}

static void keep_no_exec(const struct filesystem_plan *plan, const struct strings *exec,
                         const char *path, struct verdict *ret)
{
    CLEANUP(free_char) char *real = place_resolve(plan->profile, path);
    /* Programs and libraries are there, by whatever name: the unit could not run without. */
    bool system = path_is_within(real, "/usr");

    if (!system && !has_value(ret, path) && !is_excepted(exec, path) && !is_excepted(exec, real) &&
        !facts_are_code(plan, real, path))
        keep(ret, path);
}

void kept_no_exec(const struct filesystem_plan *plan, struct verdict *ret)
{
    CLEANUP(strings_done) struct strings paths = { 0 };
    CLEANUP(strings_done) struct strings exec = { 0 };

    unit_paths(plan, "NoExecPaths", &paths);
    unit_paths(plan, "ExecPaths", &exec);
    for (size_t i = 0; i < paths.count; i++) {
        const struct bind *bind = binds_covering(&plan->binds, paths.items[i]);
        if ((bind && bind->subtree) || plan_is_automatic(plan, paths.items[i]))
            keep_no_exec(plan, &exec, paths.items[i], ret);
    }
    /* Directories bound below one of them are separate mounts. */
    for (size_t i = 0; paths.count && i < plan->binds.count; i++) {
        const struct bind *bind = &plan->binds.items[i];
        bool system = plan->usr_whole.yes && !bind->witness;
        bool binds = bind->subtree && !system && GRANTS_BINDS & 1u << bind->kind;
        for (size_t k = 0; binds && k < paths.count; k++)
            if (path_is_within(bind->path, paths.items[k]))
                keep_no_exec(plan, &exec, bind->path, ret);
    }
}
