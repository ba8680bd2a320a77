// SPDX-License-Identifier: LGPL-2.1-or-later
/* What must be writable: a directory where entries change, a file where only its content does. */
#include "systemd/core/place_lookup.h"
#include "systemd/filesystem/filesystem.h"
#include <string.h>

struct place {
    char *path;
    bool subtree;
    bool must_exist; /* the service made it itself in a place it may not be given */
};

/* The name itself can be writable without its directory: it stays where it is. */
static bool can_stay(const struct filesystem_plan *plan, const struct used_name *used,
                     const char *parent)
{
    if (used->type == FILE_MISSING || used->folded ||
        used->uses & (USE(PATH_DELETE) | USE(PATH_BIND)) || used->failed)
        return false;
    return (!(used->uses & USE(PATH_CREATE)) ||
            (policy_is_guarded(parent) && !others_is_personal(parent))) &&
           !plan_is_replaced(plan, used);
}

/* The depth of the directory with changing names; 0: none. A shared directory counts only when the
 * service creates such names directly in it. */
static size_t fleeting_depth(const struct filesystem_plan *plan, const struct used_name *used)
{
    size_t depth = policy_fleeting_depth(used->real);
    CLEANUP(free_char) char *directory = depth ? names_above(plan->profile, used, depth) : NULL;
    CLEANUP(free_char) char *real = directory ? place_resolve(plan->profile, directory) : NULL;

    if (depth && policy_is_guarded(real) &&
        (!(used->uses & USE(PATH_CREATE)) || depth + 1 != place_depth(used->real)))
        return 0;
    return depth;
}

static struct place place_of(const struct filesystem_plan *plan, const struct used_name *used)
{
    size_t unit = policy_unit_depth(used->real, true, false);
    size_t fleeting = fleeting_depth(plan, used), depth = place_depth(used->real);
    CLEANUP(free_char) char *parent = path_parent(used->real);

    if (fleeting && (!unit || fleeting < unit))
        unit = fleeting;
    if (unit)
        return (struct place){ .path = names_above(plan->profile, used, unit), .subtree = true };
    if (!can_stay(plan, used, parent))
        return (struct place){ .path = names_above(plan->profile, used, depth ? depth - 1 : 0),
                               .subtree = true };
    return (struct place){ .path = mem_strdup(used->name),
                           .subtree = used->type == FILE_DIRECTORY,
                           .must_exist = used->uses & USE(PATH_CREATE) };
}

/* How many names below the bind were written, and the first witness. */
static size_t count_written(const struct filesystem_plan *plan, const struct bind *bind,
                            bool *ret_folded, const struct fact **ret_witness)
{
    const struct used_name *used;
    size_t written = 0;

    *ret_folded = false;
    *ret_witness = bind->witness;
    for (size_t at = 0; (used = names_within(&plan->names, bind->path, &at));) {
        if (!((used->uses & USES_WRITE) | used->failed))
            continue;
        written++;
        *ret_folded |= used->folded;
        if (!*ret_witness)
            *ret_witness = used->witness;
    }
    return written;
}

static void grant_explain_write(const struct filesystem_plan *plan, struct bind *bind)
{
    bool folded;
    size_t written = count_written(plan, bind, &folded, &bind->witness);
    CLEANUP(free_char)
    char *names = folded ? mem_strdup("more names than cinch records individually")
                         : mem_printf("%zu name%s", written, written == 1 ? "" : "s");
    CLEANUP(free_char) char *first = bind->witness ? fact_describe(bind->witness) : NULL;

    free(bind->why);
    bind->why = mem_printf("writes %s here%s%s", names, first ? "; " : "", first ? first : "");
}

/* With ProtectSystem=strict there is no empty root in which a symlink could be replaced: two names
 * of one directory are one entry. */
static char *place_name(const struct filesystem_plan *plan, const char *path)
{
    return plan->form == FILESYSTEM_STRICT ? place_resolve(plan->profile, path) : mem_strdup(path);
}

void writes_name_link(struct bind *bind, const char *name, const char *place)
{
    if (!bind->link && strcmp(name, place) != 0 && bind->kind == BIND_WRITE &&
        place_region(name) == REGION_PLAIN && place_region(place) == REGION_PLAIN)
        bind->link = mem_strdup(name);
}

bool writes_add(struct filesystem_plan *plan, const char *name, bool subtree,
                const struct fact *witness)
{
    CLEANUP(free_char) char *path = place_name(plan, name);
    struct bind *bind = binds_find(&plan->binds, path, 1u << BIND_WRITE);

    if (bind) {
        bind->subtree |= subtree;
        writes_name_link(bind, name, path);
        return false;
    }
    bind = binds_add(&plan->binds, BIND_WRITE, path, witness, NULL);
    writes_name_link(bind, name, path);
    bind->subtree = subtree;
    bind->required = !others_is_personal(path);
    return true;
}

static void note_must_exist(struct filesystem_plan *plan, const struct place *place)
{
    bool state = place->subtree && str_starts_with(place->path, "/var/lib/");

    plan_note_path(plan, place->path,
                   state ? "was created by the service; it must exist before the start "
                           "(StateDirectory= creates it)"
                         : "was created by the service; it must exist before the start");
}

static void plan_write(struct filesystem_plan *plan, const struct used_name *used)
{
    struct place place = place_of(plan, used);
    bool made =
        place.subtree && used->created && !used->existed && strcmp(place.path, used->name) == 0;

    if (strcmp(place.path, "/") == 0)
        plan_decide(&plan->root_used, true, used->witness,
                    mem_strdup("the service creates or removes an entry of /"));
    else
        writes_add(plan, place.path, place.subtree, used->witness);
    if (place.must_exist || made)
        note_must_exist(plan, &place);
    else if (place.subtree && policy_is_guarded(place.path))
        plan_note_path(plan, place.path,
                       plan_is_replaced(plan, used)
                           ? "is writable as a whole because other programs replace a file in it "
                             "that the service reopens, such as a rotated log. A separate "
                             "directory for that file would be stricter"
                           : "is writable as a whole because the service creates, replaces or "
                             "removes entries in it");
    free(place.path);
}

void plan_failed_write(struct filesystem_plan *plan, const struct used_name *used)
{
    size_t unit = policy_unit_depth(used->real, true, false);
    CLEANUP(free_char)
    char *place = names_above(plan->profile, used, unit ? unit : place_depth(used->real) - 1);
    CLEANUP(free_char) char *real = place_resolve(plan->profile, place);
    const struct host_file *file = place_file(plan->profile, real);

    /* Where the directory is missing too, the answer stays ENOENT. */
    if (!file || file->type != FILE_DIRECTORY || strcmp(real, "/") == 0)
        return;
    if (!policy_is_guarded(real) || plan->form == FILESYSTEM_STRICT)
        writes_add(plan, place, true, used->witness);
}

/* ---- /run ---- */

/* Where the directory is missing too, the answer stays ENOENT, and nothing could be bound. */
static bool run_only_missed(const struct filesystem_plan *plan, const struct used_name *used)
{
    CLEANUP(free_char) char *parent = path_parent(used->real);
    const struct host_file *file = place_file(plan->profile, parent);

    return !(used->uses & USES_WRITE) && file && file->type == FILE_MISSING;
}

/* A name in /run that is lost at boot: directly in it, or in a directory the service made. */
static bool run_is_direct(const struct filesystem_plan *plan, const struct used_name *used)
{
    CLEANUP(free_char) char *below = NULL;

    if (place_depth(used->real) <= 2 || path_is_within(used->real, "/run/lock"))
        return true;
    below = names_above(plan->profile, used, 2);
    const struct used_name *directory = names_find(&plan->names, below);
    return directory && directory->created && !directory->existed;
}

static bool is_listed(const struct filesystem_plan *plan, const char *directory)
{
    const struct used_name *used;

    for (size_t at = 0; (used = names_at(&plan->names, &plan->names.by_final, directory, &at));)
        if (used->uses & USE(PATH_LIST))
            return true;
    return false;
}

/* Each command of a unit has separate mounts (systemd 252 and 257), so the next command does not
 * see an empty directory of the first. A command that only sends a signal needs none. */
static bool has_several_commands(const struct filesystem_plan *plan)
{
    return plan->form != FILESYSTEM_STRICT && plan->options->unit &&
           unit_command_count(plan->options->unit) > 1;
}

/* Whether the service met existing names of a directory that were collapsed. */
static bool has_met_many(const struct filesystem_plan *plan, const char *directory)
{
    return path_index_below(&plan->names.by_real, directory, 1u << NAME_MET) > 0;
}

/* Whether other programs must find a file directly in /run, or the service finds theirs there. */
static bool run_is_shared(struct filesystem_plan *plan, const struct used_name *used,
                          const char *place)
{
    CLEANUP(free_char) char *directory = place_resolve(plan->profile, place);
    const char *pid_file = plan_unit_get(plan, "PIDFile");
    CLEANUP(free_char) char *full = path_join("/run", pid_file);

    if (used->uses & USE(PATH_BIND) || has_met_many(plan, directory) ||
        is_listed(plan, directory) || plan_has_other_name(plan, used, place) ||
        has_several_commands(plan))
        return true;
    return pid_file[0] && (strcmp(full, used->name) == 0 || strcmp(full, used->real) == 0);
}

/* A socket of another's that was asked for as one to write to (access(2)): it stays where it is. */
static bool run_is_others_socket(const struct used_name *used)
{
    return used->type == FILE_SOCKET && used->existed && !used->created && !used->failed &&
           (used->uses & USES_WRITE) == USE(PATH_WRITE);
}

static void plan_run(struct filesystem_plan *plan, const struct used_name *used)
{
    if (run_only_missed(plan, used))
        return;
    if (run_is_others_socket(used)) {
        CLEANUP(strings_done) struct strings directories = { 0 };
        others_directories(plan, used, &directories);
        if (directories.count && !others_socket_is_changed(plan, used))
            return;
        CLEANUP(free_char) char *socket = place_name(plan, used->name);
        binds_add(&plan->binds, BIND_WRITE, socket, used->witness, NULL);
        return;
    }
    CLEANUP(free_char) char *parent = path_parent(used->real);
    bool direct = run_is_direct(plan, used);
    bool lock = path_is_within(parent, "/run/lock");
    CLEANUP(free_char) char *above = names_above(plan->profile, used, direct && !lock ? 1 : 2);
    CLEANUP(free_char) char *place = place_name(plan, above);

    if (direct && binds_find(&plan->binds, place, 1u << BIND_WRITE))
        return;
    if (direct && run_is_shared(plan, used, place)) {
        writes_add(plan, place, true, used->witness);
        plan_note_shared(plan, place);
    } else if (!direct) {
        if (writes_add(plan, place, true, used->witness))
            plan_note_absent(plan, place);
    } else if (!binds_find(&plan->binds, place, GRANTS_ALL)) {
        struct bind *bind =
            binds_add(&plan->binds, plan->form == FILESYSTEM_STRICT ? BIND_WRITE : BIND_SCRATCH,
                      place, used->witness, NULL);
        bind->subtree = true;
        bind->required = plan->form != FILESYSTEM_STRICT;
        if (bind->kind == BIND_SCRATCH)
            bind->options = mem_strdup("mode=0755,nosuid,nodev,noexec,size=16M");
    }
}

bool writes_is_within(const struct filesystem_plan *plan, const char *inner, const char *outer)
{
    CLEANUP(free_char) char *inner_real = place_resolve(plan->profile, inner);
    CLEANUP(free_char) char *outer_real = place_resolve(plan->profile, outer);

    return path_is_within(inner, outer) && path_is_within(inner_real, outer_real);
}

struct nested_in {
    const struct filesystem_plan *plan;
    const struct bind *bind;
};

static bool is_nested(const void *context, const struct bind *outer)
{
    const struct nested_in *in = context;
    bool same = strcmp(outer->path, in->bind->path) == 0;

    if (outer->kind != BIND_WRITE || (same && outer >= in->bind))
        return false;
    return same || (outer->subtree && writes_is_within(in->plan, in->bind->path, outer->path));
}

/* Of two writable places one inside the other the outer one is enough, unless it is scratch. */
static void drop_nested(struct filesystem_plan *plan)
{
    struct binds *binds = &plan->binds;

    binds_sort(binds);
    bool *nested = mem_new(binds->count, sizeof(*nested));
    for (size_t i = 0; i < binds->count; i++) {
        const struct nested_in in = { plan, &binds->items[i] };
        nested[i] = binds_above(binds, in.bind->path, is_nested, &in);
    }
    binds_drop(binds, nested);
    free(nested);
}

/* ProtectSystem=strict leaves the API file systems alone (systemd.exec(5)): an entry would only
 * fail where a private /dev does not have the node. */
static bool is_left_alone(const struct filesystem_plan *plan, const struct used_name *used)
{
    return plan->form == FILESYSTEM_STRICT &&
           (path_is_within(used->real, "/dev") || path_is_within(used->real, "/proc") ||
            path_is_within(used->real, "/sys"));
}

static void plan_other_spelling(struct filesystem_plan *plan, const struct used_name *used,
                                const struct path_place *served)
{
    if (strings_has(&plan->own_mounts, served->path) || path_is_within(used->name, served->path))
        return;
    CLEANUP(free_char) char *other = names_above(plan->profile, used, place_depth(served->path));
    if (strcmp(other, served->path) != 0)
        writes_add(plan, other, true, used->witness);
}

/* systemd provides a StateDirectory= and the like by one name; where the service says /var/run/NAME
 * it needs that one, too. */
static void plan_other_names(struct filesystem_plan *plan)
{
    for (size_t i = 0; plan->form != FILESYSTEM_STRICT && i < plan->names.count; i++) {
        const struct used_name *used = &plan->names.items[i];
        const struct path_place *entry;
        for (size_t left = strlen(used->real);
             used->uses | used->failed &&
             (entry = path_index_up(&plan->served, used->real, &left));)
            plan_other_spelling(plan, used, entry);
    }
}

/* A place that many things share and that is writable all the same. */
static void hide_secrets_of_shared(struct filesystem_plan *plan)
{
    for (size_t i = 0; plan->form != FILESYSTEM_STRICT && i < plan->binds.count; i++) {
        const struct bind *bind = &plan->binds.items[i];
        CLEANUP(free_char) char *real = place_resolve(plan->profile, bind->path);
        if (bind->kind == BIND_WRITE && bind->subtree && policy_is_guarded(real))
            plan_hide_secrets(plan, bind->path);
    }
}

void plan_writes(struct filesystem_plan *plan)
{
    plan_other_names(plan);
    for (size_t i = 0; i < plan->names.count; i++) {
        const struct used_name *used = &plan->names.items[i];
        if (is_left_alone(plan, used))
            continue;
        if (used->region == REGION_RUN && (used->uses & USES_WRITE || used->failed))
            plan_run(plan, used);
        else if (used->region == REGION_PLAIN && used->uses & USES_WRITE)
            plan_write(plan, used);
        else if (used->region == REGION_PLAIN && used->failed)
            plan_failed_write(plan, used);
    }
    drop_nested(plan);
}

void plan_writes_finish(struct filesystem_plan *plan)
{
    drop_nested(plan);
    for (size_t i = 0; i < plan->binds.count; i++)
        grant_explain_write(plan, &plan->binds.items[i]);
    hide_secrets_of_shared(plan);
}
