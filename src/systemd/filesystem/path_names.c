// SPDX-License-Identifier: LGPL-2.1-or-later
/* From path facts to names: what was used, under which name, and its target. */
#include "systemd/core/place_lookup.h"
#include "systemd/filesystem/filesystem.h"
#include <errno.h>
#include <string.h>

/* The directory's links resolved, the last component's own not. */
static char *names_real(const struct profile *profile, const char *name)
{
    CLEANUP(free_char) char *parent = path_parent(name);
    CLEANUP(free_char) char *directory = place_resolve(profile, parent);

    return path_join(directory, path_name(name));
}

/* How well a use explains why a name is listed; the best one is shown. */
static unsigned use_weight(enum path_use use)
{
    static const unsigned char weights[PATH_USE_COUNT] = {
        [PATH_STAT] = 1,   [PATH_READ] = 3,        [PATH_LIST] = 4,    [PATH_CONNECT] = 5,
        [PATH_MOUNT] = 5,  [PATH_MAP_EXECUTE] = 6, [PATH_EXECUTE] = 7, [PATH_WRITE] = 8,
        [PATH_CREATE] = 9, [PATH_DELETE] = 9,      [PATH_BIND] = 10,
    };

    return weights[use];
}

static const struct fact *names_better(const struct fact *a, const struct fact *b)
{
    if (!a || !b)
        return a ? a : b;
    return use_weight(b->path.use) > use_weight(a->path.use) ? b : a;
}

struct used_name *names_add(struct used_names *names, const struct profile *profile,
                            const char *name, unsigned uses, const struct fact *witness)
{
    struct used_name used = { .name = path_normalise(name), .uses = uses, .witness = witness };

    used.real = names_real(profile, used.name);
    used.final = place_resolve(profile, used.name);
    const struct host_file *file = place_file(profile, used.final);
    used.type = file ? file->type : FILE_REGULAR;
    used.region = place_region(used.real);
    used.order = names->count;
    mem_reserve(&names->items, &names->capacity, names->count + 1, sizeof(used));
    names->items[names->count] = used;
    return &names->items[names->count++];
}

/* A write intent that failed where it would fail otherwise below a read-only mount: removing or
 * renaming what is not there is ENOENT on a writable one, EROFS on a read-only one (Linux 6.18). */
static bool fact_is_failed_write(const struct fact *fact)
{
    /* The kernel refuses to remove / before it looks at it (fs/namei.c, LAST_ROOT), in any root. */
    if (strcmp(fact->path.path, "/") == 0)
        return false;
    switch (fact->outcome) {
    case ENOENT:
        return fact->path.use == PATH_DELETE || fact->path.use == PATH_CREATE;
    case EBUSY:
    case EEXIST: /* of rename(2) and rmdir(2): not empty */
    case EISDIR:
    case ENOTDIR:
    case ENOTEMPTY:
        return fact->path.use == PATH_DELETE;
    default:
        return false;
    }
}

/* The uses that the fact proves: its own, or less when it failed in a way that shows existence. */
static unsigned fact_uses(const struct fact *fact)
{
    switch (fact->outcome) {
    case 0:
        return USE(fact->path.use);
    case EEXIST: /* mkdir -p and the like */
    case EISDIR:
    case ENOTEMPTY:
    case EINVAL: /* readlink(2) of what is no link: how realpath(3) walks */
        return USE(PATH_STAT);
    case OUTCOME_UNKNOWN: /* it may have succeeded */
        return USE(fact->path.use);
    case EINPROGRESS:
    case EAGAIN:
    case ECONNREFUSED: /* a peer all the same */
        return fact->path.use == PATH_CONNECT ? USE(PATH_CONNECT) : 0;
    default:
        return 0;
    }
}

/* ".." in a name cannot be written in a directive (systemd ignores the whole value). */
static const char *fact_name(const struct fact *fact)
{
    const char *requested = fact->path.requested;
    const char *dots = requested ? strstr(requested, "/..") : NULL;

    if (!requested || requested[0] != '/' || (dots && (dots[3] == '/' || !dots[3])))
        return fact->path.path;
    return requested;
}

/* Whether some call took the name; newfstatat(2) and statx(2) may have been given a descriptor. */
static bool fact_is_named(const struct fact *fact)
{
    if (fact->path.use == PATH_MAP_EXECUTE)
        return false;
    for (size_t i = 0; i < fact->evidence.count; i++)
        if (!call_traits_have(fact->evidence.seen[i].call, CALL_TAKES_DESCRIPTOR))
            return true;
    return false;
}

/* Whether the call returned the file's properties. chdir(2), readlink(2) of a directory (EINVAL) or
 * mkdir(2) (EEXIST) only need the directory to exist. */
static bool fact_is_asked(const struct fact *fact)
{
    static const char *const walking[] = { "chdir", "fchdir" };
    bool asked = false;

    for (size_t i = 0; i < fact->evidence.count && !asked; i++) {
        asked = true;
        for (size_t k = 0; k < ELEMENTS_OF(walking); k++)
            asked &= strcmp(fact->evidence.seen[i].call, walking[k]) != 0;
    }
    return asked && fact_may_have_succeeded(fact);
}

/* Names in a directory that is gone are gone, too. */
static void name_fold(const struct filesystem_plan *plan, struct used_name *used)
{
    CLEANUP(free_char) char *directory = path_parent(used->final);
    const struct host_file *file = place_file(plan->profile, directory);

    used->folded = true;
    used->named = true;
    used->type = file && file->type == FILE_MISSING ? FILE_MISSING : FILE_REGULAR;
}

static void names_add_use(struct used_names *names, const struct filesystem_plan *plan,
                          const struct fact *fact, const char *fact_name)
{
    unsigned uses = fact_uses(fact);
    CLEANUP(free_char) char *name = path_uncollapse(fact_name);

    if (uses == USE(PATH_LIST) && modules_is_search(plan, fact))
        uses = USE(PATH_READ);
    struct used_name *used = names_add(names, plan->profile, name, uses, fact);

    if (fact->path.use != PATH_LINK) {
        free(used->final);
        used->final = path_uncollapse(fact->path.path);
        const struct host_file *file = place_file(plan->profile, used->final);
        used->type = file ? file->type : FILE_REGULAR;
        used->looked_at = uses & USE(PATH_STAT) && used->type == FILE_SYMLINK;
    }
    if (!place_file(plan->profile, used->final) && uses & USE(PATH_LIST))
        used->type = FILE_DIRECTORY;
    used->failed = fact_is_failed_write(fact) ? USE(fact->path.use) : 0;
    used->named = fact_is_named(fact);
    used->asked = uses & (USE(PATH_STAT) | USE(PATH_READ)) && fact_is_asked(fact);
    used->existed = uses && evidence_foreign(&fact->evidence);
    used->created = uses & (USE(PATH_CREATE) | USE(PATH_BIND));
    used->reopened = edited_phases(fact);
    /* Followed links are only of interest where they lead to another world, as /proc. */
    if (fact->path.use == PATH_LINK && used->region == REGION_PLAIN)
        used->uses = 0;
    if (path_is_collapsed(fact_name))
        name_fold(plan, used);
}

static void names_add_fact(struct used_names *names, const struct filesystem_plan *plan,
                           const struct fact *fact)
{
    const char *name = fact_name(fact);

    if ((!fact_uses(fact) && !fact_is_failed_write(fact)) || place_region(name) == REGION_IGNORED ||
        place_region(fact->path.path) == REGION_IGNORED)
        return;
    names_add_use(names, plan, fact, name);
    /* It is unknown which symlinks of the collapsed directory lead there. */
    if (path_is_collapsed(name) && strcmp(name, fact->path.path) != 0)
        names_add_use(names, plan, fact, fact->path.path);
}

void names_collect(struct used_names *names, const struct filesystem_plan *plan)
{
    size_t count;
    const struct fact *const *facts = profile_facts(plan->profile, FACT_PATH, &count);

    for (size_t i = 0; i < count; i++)
        names_add_fact(names, plan, facts[i]);
    names_close(names);
    names_join_descriptors(names);
    asked_mark_sizes(names, plan->profile);
}

static int names_compare(const void *left, const void *right)
{
    const struct used_name *a = left, *b = right;
    int order = strcmp(a->name, b->name);

    return order ? order : (a->order > b->order) - (a->order < b->order);
}

static void name_done(struct used_name *used)
{
    free(used->name);
    free(used->real);
    free(used->final);
}

static void name_join(struct used_name *into, const struct used_name *from)
{
    into->witness = names_better(into->witness, from->witness);
    into->uses |= from->uses;
    into->failed |= from->failed;
    into->existed |= from->existed;
    into->created |= from->created;
    into->reopened |= from->reopened;
    into->named |= from->named;
    into->required |= from->required;
    into->asked |= from->asked;
    into->sized |= from->sized;
    into->folded |= from->folded;
    into->looked_at |= from->looked_at;
    if (into->type == FILE_MISSING || from->type == FILE_DIRECTORY)
        into->type = from->type;
}

void names_close(struct used_names *names)
{
    size_t kept = 0;

    if (names->count)
        qsort(names->items, names->count, sizeof(*names->items), names_compare);
    for (size_t i = 0; i < names->count; i++) {
        if (kept && strcmp(names->items[kept - 1].name, names->items[i].name) == 0) {
            name_join(&names->items[kept - 1], &names->items[i]);
            name_done(&names->items[i]);
        } else {
            names->items[kept++] = names->items[i];
        }
    }
    names->count = kept;
    names_index(names);
}

void names_done(struct used_names *names)
{
    for (size_t i = 0; i < names->count; i++)
        name_done(&names->items[i]);
    free(names->items);
    path_index_done(&names->by_real);
    path_index_done(&names->by_final);
    *names = (struct used_names){ 0 };
}
