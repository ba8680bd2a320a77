// SPDX-License-Identifier: LGPL-2.1-or-later
/* What remains when the binds are known. */
#include "systemd/core/place_lookup.h"
#include "systemd/filesystem/filesystem.h"
#include <errno.h>
#include <string.h>

/* Whether systemd itself makes the directory: in RootDirectory= unless a tmpfs covers it (252), or
 * for a StateDirectory= and the like. */
static bool is_made_by_systemd(const struct filesystem_plan *plan, const char *path)
{
    static const char *const stubs[] = { "/dev", "/etc", "/proc", "/root", "/run",
                                         "/sys", "/tmp", "/usr",  "/var" };

    for (size_t i = 0; plan->form == FILESYSTEM_ROOT && i < ELEMENTS_OF(stubs); i++)
        if (strcmp(stubs[i], path) == 0)
            return true;
    return path_index_below(&plan->served, path, 1u << 0) > 0;
}

static void add_empty(struct filesystem_plan *plan, const char *path, const struct fact *witness,
                      char *why, char *options)
{
    if (binds_find(&plan->binds, path, GRANTS_MOUNTED)) {
        free(why);
        free(options);
        return;
    }
    struct bind *bind = binds_add(&plan->binds, BIND_EMPTY, path, witness, why);
    bind->options = options;
}

/* The times of the empty directory never change, so a service that watches them waits forever. */
static void note_times(struct filesystem_plan *plan, const struct used_name *used)
{
    if (used->asked && used->region == REGION_PLAIN && !asked_is_ordinary(plan, used))
        plan_note_path(
            plan, used->name,
            "is an empty directory with the owner and mode of the real one, which is closed to "
            "other users. Add BindReadOnlyPaths= for it if the service watches it for changes");
}

/* A directory that must exist. Where no bind creates it, an empty one does. One with a special
 * owner or mode that the service examined keeps them even where binds below create it. */
static void plan_bare_directory(struct filesystem_plan *plan, const struct used_name *used)
{
    bool bare = used->type == FILE_DIRECTORY && used->uses &&
                !(used->uses & ~(USES_STAT | USE(PATH_READ))) &&
                (used->region == REGION_PLAIN || used->region == REGION_RUN);

    if (!bare)
        return;
    /* Through a symlink of a bound directory its name may lead elsewhere. */
    CLEANUP(free_char) char *place = walk_place(plan, used->name);
    if (strcmp(place, "/") == 0 || binds_covering(&plan->binds, place) ||
        ((!used->asked || asked_is_ordinary(plan, used)) && binds_below(&plan->binds, place)))
        return;
    CLEANUP(free_char) char *seen = used->witness ? fact_describe(used->witness) : NULL;
    add_empty(plan, place, used->witness,
              mem_printf("an empty directory that only has to exist%s%s", seen ? "; " : "",
                         seen ? seen : ""),
              asked_options(plan, used, "ro"));
    note_times(plan, used);
}

/* Removing a missing file must keep failing with ENOENT. In a directory that exists only because of
 * binds below it, an empty writable tmpfs gives that answer. */
static void plan_failed_removal(struct filesystem_plan *plan, const struct used_name *used)
{
    CLEANUP(free_char) char *parent = path_parent(used->name);
    const struct bind *bind = binds_covering(&plan->binds, parent);

    if (!used->failed || used->region != REGION_PLAIN || (bind && bind->kind == BIND_WRITE))
        return;
    if (!bind && !binds_below(&plan->binds, parent) && !is_made_by_systemd(plan, parent))
        return;
    if (bind || strcmp(parent, "/") == 0) {
        plan_note_path(plan, used->folded ? parent : used->name,
                       used->folded ? "lacked names that the service tried to remove or replace "
                                      "(ENOENT); in the sandbox the attempt fails with EROFS"
                                    : "did not exist when the service tried to remove or replace "
                                      "it (ENOENT); in the sandbox the attempt fails with EROFS");
        return;
    }
    struct bind *scratch = binds_find(&plan->binds, parent, GRANTS_MOUNTED);
    if (scratch && scratch->kind != BIND_EMPTY)
        return;
    CLEANUP(free_char) char *seen = fact_describe(used->witness);
    char *why =
        mem_printf("an empty writable directory, so that this fails as in training: %s", seen);
    if (scratch) {
        free(scratch->why);
        scratch->why = why;
        scratch->kind = BIND_SCRATCH;
    } else {
        scratch = binds_add(&plan->binds, BIND_SCRATCH, parent, used->witness, why);
    }
    free(scratch->options);
    scratch->options = mem_strdup("mode=0755,nosuid,nodev,noexec,size=1M");
}

/* systemd 252: a private /dev has the host's /dev/shm and /dev/mqueue, writable; the API file
 * systems bring a /run of mode 1777. */
static void plan_shut_doors(struct filesystem_plan *plan)
{
    for (size_t i = 0; policy_writable_devices[i]; i++)
        if (plan_is_idle_device(plan, policy_writable_devices[i]))
            add_empty(plan, policy_writable_devices[i], NULL,
                      mem_strdup("PrivateDevices= mounts it writable, but it was never used"),
                      mem_strdup("ro"));
    if (!plan->proc.yes)
        return;
    add_empty(plan, "/run", NULL,
              mem_strdup("with /proc systemd mounts a /run that every user can write to"),
              mem_strdup("ro"));
    /* A tmpfs on /sys loses against the one systemd mounts (252); this wins. Below RootDirectory=
     * neither does. */
    if (plan->form == FILESYSTEM_VIEW && !plan_is_used_below(plan, "/sys"))
        binds_add(&plan->binds, BIND_HIDE, "/sys", NULL,
                  mem_strdup("with /proc systemd mounts it, but it was never used"));
}

/* A path that ends up elsewhere through a symlink of a bound directory is planned under its real
 * name. In /run the bind uses that name too: systemd 252 and 257 fail with 226 when a bind of
 * /var/run is one of /run. */
static void name_moved(struct filesystem_plan *plan)
{
    char **places = mem_new(plan->binds.count, sizeof(*places));

    for (size_t i = 0; i < plan->binds.count; i++)
        places[i] = walk_place(plan, plan->binds.items[i].path);
    for (size_t i = 0; i < plan->binds.count; i++) {
        struct bind *bind = &plan->binds.items[i];
        bool writable = bind->kind == BIND_WRITE || bind->kind == BIND_SCRATCH;
        if (writable && strcmp(places[i], "/") != 0) {
            writes_name_link(bind, bind->path, places[i]);
            free(bind->path);
            bind->path = places[i];
        } else {
            free(places[i]);
        }
    }
    free(places);
    binds_index(&plan->binds);
}

void plan_drop_links(struct filesystem_plan *plan)
{
    walk_find_written(plan);
    for (size_t i = 0; i < plan->binds.count; i++) {
        struct bind *bind = &plan->binds.items[i];
        if (!bind->link || names_are_steady(plan, bind->link))
            continue;
        CLEANUP(free_char) char *link = text_encode_string(bind->link);
        CLEANUP(free_char)
        char *note =
            mem_printf("is writable by this name but not through the symlink %s, because users "
                       "other than root can change that symlink; train again when it changes",
                       link);
        plan_note_path(plan, bind->path, note);
        free(bind->link);
        bind->link = NULL;
    }
}

/* Whether `other` already covers `bind`: it is for the same path and stronger, or contains it. A
 * mount inside a mount of the same tree would keep files from being moved between them. */
static bool is_stronger(const struct filesystem_plan *plan, const struct bind *other,
                        const struct bind *bind)
{
    bool same = strcmp(other->path, bind->path) == 0;

    if (bind->kind == BIND_WRITE && other->kind == BIND_WRITE)
        return !same && other->subtree && writes_is_within(plan, bind->path, other->path);
    if (bind->kind == BIND_READ)
        return (same && other->kind == BIND_SCRATCH) ||
               (other->kind == BIND_WRITE &&
                (same || (other->subtree && path_is_within(bind->path, other->path))));
    return same && bind->kind == BIND_SCRATCH && other->kind == BIND_WRITE;
}

struct double_of {
    const struct filesystem_plan *plan;
    const struct bind *bind;
    const struct bind **by;
};

static bool is_double(const void *context, const struct bind *other)
{
    const struct double_of *of = context;
    bool first = !other->link == !of->bind->link ? other < of->bind : other->link != NULL;
    bool again = other->kind == of->bind->kind && first && strcmp(other->path, of->bind->path) == 0;

    *of->by = other;
    return other != of->bind && (again || is_stronger(of->plan, other, of->bind));
}

void plan_drop_doubles(struct filesystem_plan *plan)
{
    struct binds *binds = &plan->binds;
    bool *doubles = mem_new(binds->count, sizeof(*doubles));

    for (size_t i = 0; i < binds->count; i++) {
        const struct bind *by = NULL;
        const struct double_of of = { plan, &binds->items[i], &by };
        doubles[i] = binds_above(binds, of.bind->path, is_double, &of);
        /* Where the one has to be there, the other has to as well. */
        if (doubles[i])
            binds->items[by - binds->items].required |= of.bind->required;
    }
    binds_drop(binds, doubles);
    free(doubles);
}

/* The writable tree that a directory is in by another of its names, or NULL. */
static const struct bind *written_by_other_name(const struct filesystem_plan *plan,
                                                const char *directory)
{
    CLEANUP(free_char) char *real = place_resolve(plan->profile, directory);
    const struct path_place *entry;

    for (size_t left = strlen(real); (entry = path_index_up(&plan->written, real, &left));)
        for (size_t i = 0; i < entry->count; i++)
            if (plan->binds.items[entry->items[i]].subtree)
                return &plan->binds.items[entry->items[i]];
    return NULL;
}

/* A file that the service creates under one name must appear under the other, too; it did not exist
 * at the start, so no other bind shows it. In /run only names under which nothing was created need
 * that. */
static void plan_other_name(struct filesystem_plan *plan, const struct used_name *used)
{
    CLEANUP(free_char) char *directory = path_parent(used->name);
    bool made = used->created || used->uses & USES_WRITE || used->failed;

    if (!used->uses || used->type != FILE_MISSING || strcmp(directory, "/") == 0 ||
        (used->region != REGION_PLAIN && (made || used->region != REGION_RUN)))
        return;
    CLEANUP(free_char) char *gap = walk_gap(plan, used->name);
    const struct bind *written = gap ? written_by_other_name(plan, directory) : NULL;
    if (!written)
        return;
    CLEANUP(free_char) char *other = text_encode_string(written->path);
    struct bind *bind =
        binds_add(&plan->binds, BIND_READ, directory, used->witness,
                  mem_printf("the service finds by this name what it creates in %s", other));
    bind->subtree = bind->required = true;
}

void plan_leftovers(struct filesystem_plan *plan)
{
    name_moved(plan);
    plan_drop_doubles(plan);
    walk_find_written(plan);
    for (size_t i = 0; i < plan->names.count; i++)
        plan_other_name(plan, &plan->names.items[i]);
    /* Backwards: a directory below makes the ones above it. */
    for (size_t i = plan->names.count; i-- > 0;)
        plan_bare_directory(plan, &plan->names.items[i]);
    for (size_t i = 0; i < plan->names.count; i++)
        plan_failed_removal(plan, &plan->names.items[i]);
    plan_shut_doors(plan);
    plan_note_stale(plan);
    plan_note_alone(plan);
}
