// SPDX-License-Identifier: LGPL-2.1-or-later
/* The least weighted cover of names by groups, exactly: every choice of groups is looked at, but
 * for those that already cost more than the best one found. */
#include <cinch/minimize.h>
#include <string.h>

/* What one choice of groups came to so far. */
struct sets_try {
    struct sets_excess excess;
    size_t groups;
    bool chosen[SETS_GROUPS_MAX];
};

struct sets_search {
    const struct sets_item *items;
    const struct sets_group *groups;
    size_t tried[SETS_GROUPS_MAX]; /* indices of the groups that may be of use */
    size_t count;
    unsigned entry_cost;
    size_t extras_max;
    unsigned *holders; /* by item: how many of the groups that are in now have it */
    struct sets_try now, best;
};

static uint64_t sets_cost(const struct sets_search *search, const struct sets_excess *excess)
{
    return excess->risk + (uint64_t)search->entry_cost * excess->entries;
}

/* Groups are tried in order, taken first: of two that come to the same the earlier one stays. */
static bool sets_is_better(const struct sets_search *search)
{
    const struct sets_try *now = &search->now, *best = &search->best;
    uint64_t cost = sets_cost(search, &now->excess), best_cost = sets_cost(search, &best->excess);

    if (cost != best_cost)
        return cost < best_cost;
    if (now->excess.extras != best->excess.extras)
        return now->excess.extras < best->excess.extras;
    return now->groups < best->groups;
}

static void sets_take(struct sets_search *search, const struct sets_group *group)
{
    search->now.groups++;
    search->now.excess.entries++;
    for (size_t i = 0; i < group->count; i++) {
        const struct sets_item *item = &search->items[group->items[i]];
        if (search->holders[group->items[i]]++)
            continue;
        if (item->wanted) {
            search->now.excess.entries--;
            continue;
        }
        search->now.excess.extras++;
        search->now.excess.risk += item->risk;
    }
}

static void sets_give_back(struct sets_search *search, const struct sets_group *group)
{
    for (size_t i = 0; i < group->count; i++)
        search->holders[group->items[i]]--;
}

/* Decides the group at `depth` and all after it. Risk never goes down again. */
static void sets_try_from(struct sets_search *search, size_t depth)
{
    if (depth == search->count) {
        if (sets_is_better(search))
            search->best = search->now;
        return;
    }
    if (search->now.excess.risk > sets_cost(search, &search->best.excess))
        return;
    const struct sets_group *group = &search->groups[search->tried[depth]];
    struct sets_try before = search->now;
    sets_take(search, group);
    search->now.chosen[depth] = true;
    if (search->now.excess.extras <= search->extras_max)
        sets_try_from(search, depth + 1);
    sets_give_back(search, group);
    search->now = before;
    sets_try_from(search, depth + 1);
}

static size_t sets_wanted_in(const struct sets_item *items, const struct sets_group *group)
{
    size_t wanted = 0;

    for (size_t i = 0; i < group->count; i++)
        wanted += items[group->items[i]].wanted;
    return wanted;
}

/* Keeps the groups with most wanted items, earlier ones first where they have as many, in order. */
static void sets_pick(struct sets_search *search, size_t group_count)
{
    size_t *wanted = mem_new(group_count, sizeof(*wanted));

    for (size_t i = 0; i < group_count; i++)
        wanted[i] = sets_wanted_in(search->items, &search->groups[i]);
    for (size_t i = 0; i < group_count; i++) {
        size_t before = 0;
        for (size_t k = 0; k < group_count; k++)
            before += wanted[k] > wanted[i] || (wanted[k] == wanted[i] && k < i);
        if (wanted[i] > 1 && before < SETS_GROUPS_MAX)
            search->tried[search->count++] = i;
    }
    free(wanted);
}

struct sets_excess cover_sets(const struct sets_item *items, size_t item_count,
                              const struct sets_group *groups, size_t group_count,
                              unsigned entry_cost, size_t extras_max, bool *chosen)
{
    struct sets_search search = {
        .items = items, .groups = groups, .entry_cost = entry_cost, .extras_max = extras_max
    };

    search.holders = mem_new(item_count, sizeof(*search.holders));
    for (size_t i = 0; i < item_count; i++)
        search.now.excess.entries += items[i].wanted;
    search.best = search.now;
    sets_pick(&search, group_count);
    sets_try_from(&search, 0);
    memset(chosen, 0, group_count * sizeof(*chosen));
    for (size_t i = 0; i < search.count; i++)
        chosen[search.tried[i]] = search.best.chosen[i];
    free(search.holders);
    return search.best.excess;
}
