// SPDX-License-Identifier: LGPL-2.1-or-later
/* A rename or link between two directories needs both in one mount. Every entry of BindPaths=,
 * ReadWritePaths= and the like is a separate mount, and across mounts the kernel returns EXDEV
 * (rename(2), link(2)). */
#include "systemd/core/place_lookup.h"
#include "systemd/filesystem/filesystem.h"
#include <string.h>

/* Both ends, as named and as they really are. */
struct ends {
    const struct fact *fact;
    char *named[2];
    char *real[2];
};

static void ends_done(struct ends *ends)
{
    for (size_t i = 0; i < ELEMENTS_OF(ends->named); i++) {
        free(ends->named[i]);
        free(ends->real[i]);
    }
}

static struct ends ends_of(const struct profile *profile, const struct fact *fact)
{
    const char *const names[] = { fact->move.from, fact->move.to };
    struct ends ends = { .fact = fact };

    for (size_t i = 0; i < ELEMENTS_OF(names); i++) {
        ends.named[i] = path_normalise(names[i]);
        ends.real[i] = place_resolve(profile, ends.named[i]);
    }
    return ends;
}

static const struct fact *const *moves_of(const struct profile *profile, size_t *ret_count)
{
    return profile_facts(profile, FACT_MOVE, ret_count);
}

static bool move_counts(const struct fact *fact)
{
    return fact_may_have_succeeded(fact) && fact->move.from[0] == '/' && fact->move.to[0] == '/';
}

/* Marks the directories that just one of the ends is in. */
static void mark_crossed(struct path_index *crossed, const struct ends *ends, size_t fact)
{
    for (size_t end = 0; end < ELEMENTS_OF(ends->real); end++) {
        CLEANUP(free_char) char *at = mem_strdup(ends->real[end]);
        while (!path_is_within(ends->real[!end], at)) {
            if (!path_index_has(crossed, at))
                path_index_add(crossed, at, 0, fact);
            char *parent = path_parent(at);
            free(at);
            at = parent;
        }
    }
}

static char *because(const char *reason, const struct fact *fact)
{
    CLEANUP(free_char) char *seen = fact_describe(fact);

    return mem_printf("%s: %s", reason, seen);
}

const struct fact *plan_crossing(const struct filesystem_plan *plan, const char *directory)
{
    const struct path_place *entry = path_index_find(&plan->crossed, directory);
    size_t count;
    const struct fact *const *facts = moves_of(plan->profile, &count);

    return entry && entry->count ? facts[entry->items[0]] : NULL;
}

void plan_index_moves(struct filesystem_plan *plan)
{
    size_t count;
    const struct fact *const *facts = moves_of(plan->profile, &count);

    for (size_t i = 0; i < count; i++) {
        CLEANUP(ends_done) struct ends ends = ends_of(plan->profile, facts[i]);
        if (move_counts(facts[i]))
            mark_crossed(&plan->crossed, &ends, i);
    }
}

/* The unit's own mounts and PrivateTmp= are known before anything is bound. */
void plan_moved_regions(struct filesystem_plan *plan)
{
    static const char *const temporary[] = { "/tmp", "/var/tmp" };

    for (size_t i = 0; i < ELEMENTS_OF(temporary); i++) {
        const struct fact *moved = plan_crossing(plan, temporary[i]);
        if (moved)
            plan_decide(&plan->tmp_shared, true, moved,
                        because("the service moves files into it or out of it", moved));
    }
}

void plan_moved_directories(struct filesystem_plan *plan)
{
    for (size_t i = 0; i < plan->automatic.count; i++) {
        const struct fact *moved = plan_crossing(plan, plan->automatic.items[i]);
        if (moved)
            plan_decide(&plan->no_mounts, true, moved,
                        because("the service moves files between a directory that systemd mounts "
                                "for the unit (StateDirectory= or the like) and another one, which "
                                "fails in any mount namespace (EXDEV)",
                                moved));
    }
    if (plan->no_mounts.yes)
        plan_decide(&plan->left_out, true, plan->no_mounts.witness,
                    mem_strdup(plan->no_mounts.why));
}

/* ---- one mount for both ---- */

static char *common_directory(const char *a, const char *b)
{
    char *at = mem_strdup(a);

    while (!path_is_within(b, at)) {
        char *parent = path_parent(at);
        free(at);
        at = parent;
    }
    return at;
}

/* The writable mount a directory is in, or NULL. */
static const struct bind *mount_of(const struct filesystem_plan *plan, const char *directory)
{
    const struct bind *bind = binds_covering(&plan->binds, directory);

    return bind && bind->kind == BIND_WRITE ? bind : NULL;
}

static bool is_outside(const struct filesystem_plan *plan, const char *real)
{
    enum region region = place_region(real);

    return plan_is_automatic(plan, real) || (region == REGION_TMP && plan->private_tmp.yes) ||
           (region != REGION_PLAIN && region != REGION_RUN && region != REGION_TMP);
}

/* Makes both ends one mount; false when only a place that is shared by the whole machine has
 * both. */
static bool join_ends(struct filesystem_plan *plan, const struct ends *ends)
{
    bool strict = plan->form == FILESYSTEM_STRICT;
    char *const *names = strict ? ends->real : ends->named;
    const struct bind *mounts[] = { mount_of(plan, names[0]), mount_of(plan, names[1]) };
    CLEANUP(free_char) char *common = common_directory(names[0], names[1]);
    CLEANUP(free_char) char *real = place_resolve(plan->profile, common);

    if (is_outside(plan, ends->real[0]) && is_outside(plan, ends->real[1]))
        return true;
    if (mounts[0] && mounts[0] == mounts[1])
        return true;
    if (!path_is_within(ends->real[0], real) || !path_is_within(ends->real[1], real) ||
        (policy_is_guarded(real) && (!strict || strcmp(real, "/") == 0)))
        return false;
    writes_add(plan, common, true, ends->fact);
    plan_note_path(
        plan, common,
        policy_is_guarded(common)
            ? "is writable as a whole because the service moves files between directories below "
              "it, which fails across mounts (EXDEV); give the service one directory for both"
            : "is one mount because the service moves files between directories below it");
    return true;
}

void plan_moves(struct filesystem_plan *plan)
{
    size_t count;
    const struct fact *const *facts = moves_of(plan->profile, &count);

    for (size_t i = 0; i < count; i++) {
        if (!move_counts(facts[i]))
            continue;
        CLEANUP(ends_done) struct ends ends = ends_of(plan->profile, facts[i]);
        if (!join_ends(plan, &ends))
            plan_decide(&plan->torn, true, facts[i],
                        because("the service moves files between directories without a common "
                                "parent that can be bound, which fails across mounts (EXDEV)",
                                facts[i]));
    }
}
