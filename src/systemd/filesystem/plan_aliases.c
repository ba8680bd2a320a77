// SPDX-License-Identifier: LGPL-2.1-or-later
/* Paths with two names because of a symlink to a directory: /var/run/NAME is /run/NAME. A bind
 * creates one of them, and programs use either, as their configuration and libraries do. Below
 * /usr, where /lib is /usr/lib, this is not needed: a loader's cache has one of the names. */
#include "systemd/core/place_lookup.h"
#include "systemd/filesystem/filesystem.h"
#include <string.h>

/* The other names of one bind, each as a separate bind. */
#define NAMES_MAX 32

struct alias {
    char *link, *target; /* both without links above them */
};

struct aliases {
    struct alias *items;
    size_t count;
    size_t capacity;
    struct path_index by_target;
};

static void aliases_add(struct aliases *aliases, const char *link, char *target)
{
    mem_reserve(&aliases->items, &aliases->capacity, aliases->count + 1, sizeof(struct alias));
    aliases->items[aliases->count++] = (struct alias){ mem_strdup(link), target };
}

static void aliases_done(struct aliases *aliases)
{
    for (size_t i = 0; i < aliases->count; i++) {
        free(aliases->items[i].link);
        free(aliases->items[i].target);
    }
    free(aliases->items);
    path_index_done(&aliases->by_target);
}

static int aliases_compare(const void *left, const void *right)
{
    const struct alias *a = left, *b = right;
    int order = strcmp(a->target, b->target);

    return order ? order : strcmp(a->link, b->link);
}

static bool is_usable(const char *path)
{
    enum region region = place_region(path);

    return (region == REGION_PLAIN || region == REGION_RUN || region == REGION_TMP) &&
           !path_is_within(path, "/usr") && !path_is_within(path, "/run/systemd") &&
           !path_is_within(path, "/etc/alternatives") && strcmp(path, "/") != 0;
}

/* The whole /run is never bound twice, because systemd assembles empty roots in it. /var/run/lock
 * is a third name that no program uses. */
static bool is_ours(const char *path)
{
    return is_usable(path) && strcmp(path, "/run") != 0 && strcmp(path, "/var/run") != 0 &&
           !path_is_within(path, "/var/run/lock");
}

static bool is_directory(const struct profile *profile, const char *path)
{
    const struct host_file *file = place_file(profile, path);

    return file && file->type == FILE_DIRECTORY;
}

/* What the census knows, and what every machine with systemd has (tmpfiles.d/legacy.conf). */
static void aliases_find(struct aliases *aliases, const struct profile *profile)
{
    static const struct {
        const char *link, *target;
    } always[] = { { "/var/lock", "/run/lock" }, { "/var/run", "/run" } };
    size_t count;
    const struct host_file *const *files = profile_files(profile, &count);

    for (size_t i = 0; i < ELEMENTS_OF(always); i++)
        if (!place_file(profile, always[i].link))
            aliases_add(aliases, always[i].link, mem_strdup(always[i].target));
    for (size_t i = 0; i < count; i++) {
        char *target =
            files[i]->type == FILE_SYMLINK ? place_resolve(profile, files[i]->path) : NULL;
        if (target && is_directory(profile, target) && is_usable(target) &&
            is_usable(files[i]->path))
            aliases_add(aliases, files[i]->path, target);
        else
            free(target);
    }
    qsort(aliases->items, aliases->count, sizeof(*aliases->items), aliases_compare);
    for (size_t i = 0; i < aliases->count; i++)
        path_index_add(&aliases->by_target, aliases->items[i].target, 0, i);
}

/* What is hidden by one name is by the other. */
static void alias_hide(struct filesystem_plan *plan, const char *path, const char *other)
{
    if (!path_index_below(&plan->binds.index, path, 1u << BIND_HIDE))
        return;
    for (size_t i = 0, count = plan->binds.count; i < count; i++) {
        const struct bind *bind = &plan->binds.items[i];
        if (bind->kind != BIND_HIDE || !path_is_within(bind->path, path))
            continue;
        CLEANUP(free_char) char *hidden = mem_printf("%s%s", other, bind->path + strlen(path));
        binds_add(&plan->binds, BIND_HIDE, hidden, NULL, mem_strdup(bind->why));
    }
}

/* Whether a name is missing in the service's root, or read-only although the service writes there.
 */
static bool alias_is_missing(const struct filesystem_plan *plan, enum bind_kind kind,
                             const char *other)
{
    CLEANUP(free_char) char *place = walk_place(plan, other);
    const struct bind *shown = binds_covering(&plan->binds, other);

    if (strcmp(place, other) != 0 || walk_moved(plan, place))
        return false;
    return !shown || (kind == BIND_WRITE && shown->kind == BIND_READ);
}

static void alias_grant(struct filesystem_plan *plan, const struct bind *bind, const char *other)
{
    CLEANUP(free_char) char *encoded = text_encode_string(bind->path);

    if (!is_ours(other) || plan_is_automatic(plan, other) ||
        !alias_is_missing(plan, bind->kind, other))
        return;
    alias_hide(plan, bind->path, other);
    struct bind *there = binds_find(&plan->binds, other, GRANTS_ALL);
    if (there) {
        there->kind = bind->kind;
        there->subtree |= bind->subtree;
        return;
    }
    binds_add(&plan->binds, bind->kind, other, bind->witness,
              mem_printf("another name of %s, through a symlink", encoded))
        ->subtree = bind->subtree;
}

/* The links that lead to what is in the bound directory. */
static void alias_below(struct filesystem_plan *plan, const struct aliases *aliases,
                        const struct bind *bind, const char *real)
{
    size_t low = 0, high = aliases->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(aliases->items[middle].target, real) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < aliases->count && str_starts_with(aliases->items[low].target, real); low++)
        if (path_is_within(aliases->items[low].target, real))
            alias_grant(plan, bind, aliases->items[low].link);
}

/* The names by links that lead to it, or to a directory above it. */
static void alias_above(struct filesystem_plan *plan, const struct aliases *aliases,
                        const struct bind *bind, const char *real)
{
    const struct path_place *entry;
    size_t names = 0;

    for (size_t left = strlen(real);
         names <= NAMES_MAX && (entry = path_index_up(&aliases->by_target, real, &left));)
        for (size_t i = 0; i < entry->count && names <= NAMES_MAX; i++) {
            CLEANUP(free_char)
            char *other =
                mem_printf("%s%s", aliases->items[entry->items[i]].link, real + entry->length);
            if (names++ < NAMES_MAX)
                alias_grant(plan, bind, other);
        }
    if (names > NAMES_MAX)
        plan_note_path(plan, real,
                       "has more names through symlinks than are bound: in the sandbox only some "
                       "of them lead to it");
}

/* All names of a bound path, also through a symlink to its directory. */
static void alias_all(struct filesystem_plan *plan, const struct aliases *aliases,
                      const struct bind *bind)
{
    CLEANUP(free_char) char *parent = path_parent(bind->path);
    CLEANUP(free_char) char *directory = place_resolve(plan->profile, parent);
    CLEANUP(free_char) char *joined = path_join(directory, path_name(bind->path));
    CLEANUP(free_char)
    char *real = bind->subtree ? place_resolve(plan->profile, joined) : mem_strdup(joined);

    if (!is_ours(real))
        return;
    if (strcmp(real, bind->path) != 0)
        alias_grant(plan, bind, real);
    if (bind->subtree)
        alias_below(plan, aliases, bind, real);
    alias_above(plan, aliases, bind, real);
}

void plan_aliases(struct filesystem_plan *plan)
{
    CLEANUP(aliases_done) struct aliases aliases = { 0 };
    size_t count = plan->binds.count;

    aliases_find(&aliases, plan->profile);
    walk_find_written(plan);
    for (size_t i = 0; i < count; i++) {
        const struct bind bind = plan->binds.items[i]; /* the list moves when it grows */
        if (bind.kind == BIND_READ || bind.kind == BIND_WRITE)
            alias_all(plan, &aliases, &bind);
    }
    for (size_t i = 0; i < plan->automatic.count; i++) {
        const struct bind bind = { .kind = BIND_WRITE,
                                   .path = plan->automatic.items[i],
                                   .subtree = true };
        if (plan_is_used_below(plan, bind.path))
            alias_all(plan, &aliases, &bind);
    }
    binds_index(&plan->binds);
    plan_drop_doubles(plan);
}
