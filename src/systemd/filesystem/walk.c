// SPDX-License-Identifier: LGPL-2.1-or-later
/* Walks names through the planned root as the kernel would, symlink by symlink. */
#include "systemd/core/place_lookup.h"
#include "systemd/filesystem/filesystem.h"
#include <cinch/base/limits.h>
#include <string.h>

/* Below a bound directory the names are the host's, with symlinks; a bind over a symlink ends up at
 * its target. Returns the target of the symlink at `view`, or NULL when it is none. */
static char *walk_link(const struct filesystem_plan *plan, const char *view)
{
    CLEANUP(free_char) char *parent = path_parent(view);
    const struct bind *bind = binds_covering(&plan->binds, parent);

    if (!bind)
        return NULL;
    CLEANUP(free_char) char *source = place_resolve(plan->profile, bind->path);
    CLEANUP(free_char) char *real = path_join(source, view + strlen(bind->path) + 1);
    const struct host_file *file = place_file(plan->profile, real);
    if (!file || file->type != FILE_SYMLINK || !file->target[0])
        return NULL;
    return path_join(parent, file->target);
}

/* "/a/../b" -> "/b": every component before ".." was walked and is no symlink. */
static char *walk_step(const char *at, const char *component, size_t length)
{
    CLEANUP(free_char) char *name = mem_strndup(component, length);

    return strcmp(name, "..") == 0 ? path_parent(at) : path_join(at, name);
}

char *walk_place(const struct filesystem_plan *plan, const char *name)
{
    char *left = path_normalise(name);
    char *at = mem_strdup("/");
    size_t links = 0;

    for (const char *rest = left + 1; *rest;) {
        size_t length = strcspn(rest, "/");
        const char *after = rest[length] ? rest + length + 1 : rest + length;
        char *next = walk_step(at, rest, length);
        CLEANUP(free_char) char *link = links < LIMIT_SYMLINKS ? walk_link(plan, next) : NULL;
        free(at);
        at = next;
        rest = after;
        if (!link)
            continue;
        CLEANUP(free_char) char *longer = path_join(link, after);
        free(left);
        left = path_normalise(longer);
        rest = left + 1;
        free(at);
        at = mem_strdup("/");
        links++;
    }
    free(left);
    return at;
}

static void find_written(struct filesystem_plan *plan, size_t at)
{
    const struct bind *bind = &plan->binds.items[at];
    CLEANUP(free_char) char *moved = walk_place(plan, bind->path);
    CLEANUP(free_char) char *real = place_resolve(plan->profile, bind->path);

    if (strcmp(moved, bind->path) != 0)
        path_index_add(&plan->moved, moved, bind->kind, at);
    if (bind->kind == BIND_WRITE)
        path_index_add(&plan->written, real, bind->kind, at);
}

void walk_find_written(struct filesystem_plan *plan)
{
    path_index_done(&plan->moved);
    path_index_done(&plan->written);
    for (size_t i = 0; i < plan->binds.count; i++)
        if (plan->binds.items[i].kind == BIND_WRITE || plan->binds.items[i].kind == BIND_SCRATCH)
            find_written(plan, i);
}

const struct bind *walk_moved(const struct filesystem_plan *plan, const char *place)
{
    const struct path_place *entry;

    for (size_t left = strlen(place); (entry = path_index_up(&plan->moved, place, &left));)
        for (size_t i = 0; i < entry->count; i++) {
            const struct bind *bind = &plan->binds.items[entry->items[i]];
            if (bind->subtree || strcmp(place, entry->path) == 0)
                return bind;
        }
    return NULL;
}

char *walk_gap(const struct filesystem_plan *plan, const char *name)
{
    CLEANUP(free_char) char *place = walk_place(plan, name);
    char *at = mem_strdup("/");

    for (const char *rest = place + 1; *rest;) {
        size_t length = strcspn(rest, "/");
        const char *after = rest[length] ? rest + length + 1 : rest + length;
        char *next = walk_step(at, rest, length);
        free(at);
        at = next;
        rest = after;
        if (binds_covering(&plan->binds, at) || binds_below(&plan->binds, at))
            continue;
        free(at);
        return walk_moved(plan, place) ? NULL : mem_strdup(place);
    }
    free(at);
    return NULL;
}

/* ---- whether a name will lead where it did ---- */

/* Whether only root can replace a file in the directory. */
static bool is_of_root(const struct profile *profile, const char *directory)
{
    CLEANUP(free_char) char *at = mem_strdup(directory);
    bool of_root = true;

    while (of_root && at[1]) {
        const struct host_file *file = place_file(profile, at);
        char *parent = path_parent(at);
        of_root = file && file->type == FILE_DIRECTORY && file->mode && !file->uid &&
                  !(file->mode & 0022);
        free(at);
        at = parent;
    }
    return of_root;
}

bool plan_is_written(const struct filesystem_plan *plan, const char *name)
{
    CLEANUP(free_char) char *real = place_resolve(plan->profile, name);
    size_t length = strlen(real);

    return path_index_up(&plan->written, real, &length) || plan_is_automatic(plan, real) ||
           plan_is_automatic(plan, name);
}

bool names_are_steady(const struct filesystem_plan *plan, const char *name)
{
    CLEANUP(strings_done) struct strings links = { 0 };
    CLEANUP(free_char) char *real = place_resolve_by(plan->profile, name, &links);
    bool steady = true;

    (void)real;
    for (size_t i = 0; i < links.count && steady; i++)
        steady =
            is_of_root(plan->profile, links.items[i]) && !plan_is_written(plan, links.items[i]);
    return steady;
}
