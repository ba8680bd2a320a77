// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The least cover of a tree that keeps a number of entries, exactly: for each node the least cost
 * for every number of entries its subtree may be given, joined child by child (a tree knapsack).
 *
 * A subtree that only ever takes one number of entries needs no table of its own: that is nearly
 * all of them, leaves above all.
 */
#include <cinch/minimize.h>
#include <string.h>

/* No cover with that many entries. Costs that are possible stay below. */
#define IMPOSSIBLE UINT64_MAX

static uint64_t cost_add(uint64_t a, uint64_t b)
{
    if (a == IMPOSSIBLE || b == IMPOSSIBLE)
        return IMPOSSIBLE;
    return a > IMPOSSIBLE - 1 - b ? IMPOSSIBLE - 1 : a + b;
}

/* The costs of `base`, `base` + 1, ... entries; count 0: none is possible. */
struct table {
    uint64_t *costs;
    size_t base, count;
};

struct budget_node {
    struct table table; /* of its children so far, then of itself */
    uint32_t *given;    /* of so many entries for it and the siblings after it, how many are its */
    size_t given_base;  /* the number of entries that given[0] speaks of */
    size_t fixed;       /* when `given` is NULL */
    size_t left;        /* on the way down: entries for the children not yet looked at */
    size_t needs;       /* wanted nodes in the subtree */
    uint64_t parts_of_one; /* cost of covering it by one entry that is not the subtree */
};

struct budget_search {
    const struct cover_node *nodes;
    struct budget_node *states;
    size_t count;
    size_t budget;
    uint64_t entry_cost;
};

static struct table table_of(size_t base, uint64_t cost)
{
    struct table table = { .costs = mem_new(1, sizeof(cost)), .base = base, .count = 1 };

    table.costs[0] = cost;
    return table;
}

static uint64_t table_at(const struct table *table, size_t entries)
{
    bool inside = entries >= table->base && entries - table->base < table->count;

    return inside ? table->costs[entries - table->base] : IMPOSSIBLE;
}

/* What takes more entries than there are is not possible. */
static void table_limit(struct table *table, size_t budget)
{
    if (!table->count || table->base > budget)
        table->count = 0;
    else if (table->count - 1 > budget - table->base)
        table->count = budget - table->base + 1;
}

/* All costs grow by one that takes `entries` entries. */
static void table_shift(struct table *table, size_t entries, uint64_t cost, size_t budget)
{
    table->base += entries;
    table_limit(table, budget);
    for (size_t i = 0; i < table->count; i++)
        table->costs[i] = cost_add(table->costs[i], cost);
}

/* A child whose number of entries is a choice joins its parent's table. */
static void table_join(struct table *left, struct budget_node *child, size_t budget)
{
    const struct table *right = &child->table;
    struct table sum = { .base = left->base + right->base,
                         .count =
                             left->count && right->count ? left->count + right->count - 1 : 0 };

    table_limit(&sum, budget);
    sum.costs = mem_new(sum.count, sizeof(*sum.costs));
    memset(sum.costs, 0xff, sum.count * sizeof(*sum.costs));
    child->given = mem_new(sum.count, sizeof(*child->given));
    child->given_base = sum.base;
    for (size_t i = 0; i < left->count; i++)
        for (size_t j = 0; j < right->count && i + j < sum.count; j++) {
            uint64_t cost = cost_add(left->costs[i], right->costs[j]);
            if (cost >= sum.costs[i + j])
                continue;
            sum.costs[i + j] = cost;
            child->given[i + j] = (uint32_t)(right->base + j);
        }
    free(left->costs);
    *left = sum;
}

static void child_join(struct budget_search *search, size_t at)
{
    struct budget_node *child = &search->states[at];
    struct budget_node *parent = &search->states[search->nodes[at].parent];

    parent->needs += child->needs;
    child->fixed = child->table.base;
    if (child->table.count == 1)
        table_shift(&parent->table, child->table.base, child->table.costs[0], search->budget);
    else
        table_join(&parent->table, child, search->budget);
    free(child->table.costs);
    child->table.costs = NULL;
}

/* The table may say what a single entry costs, too. */
static void table_offer_one(struct table *table, uint64_t cost)
{
    struct table wider = { .base = 1 };

    if (!table->count) {
        free(table->costs);
        *table = table_of(1, cost);
        return;
    }
    if (table->base > 1) {
        wider.count = table->base - 1 + table->count;
        wider.costs = mem_new(wider.count, sizeof(*wider.costs));
        memset(wider.costs, 0xff, wider.count * sizeof(*wider.costs));
        memcpy(wider.costs + table->base - 1, table->costs, table->count * sizeof(*wider.costs));
        free(table->costs);
        *table = wider;
    }
    if (cost < table->costs[1 - table->base])
        table->costs[1 - table->base] = cost;
}

static bool may_be_subtree(const struct cover_node *node, const struct budget_node *state)
{
    return node->whole || (!node->guarded && state->needs);
}

static uint64_t subtree_cost(const struct budget_search *search, const struct cover_node *node)
{
    uint64_t most = IMPOSSIBLE - 1;

    return cost_add(node->exposure < most ? node->exposure : most, search->entry_cost);
}

/* A node whose children have all joined. */
static void node_decide(struct budget_search *search, size_t at)
{
    const struct cover_node *node = &search->nodes[at];
    struct budget_node *state = &search->states[at];
    struct table *table = &state->table;

    state->needs += node->wanted || node->whole;
    if (node->wanted)
        table_shift(table, 1, search->entry_cost, search->budget);
    if (node->whole)
        table->count = 0;
    state->parts_of_one = table_at(table, 1);
    if (may_be_subtree(node, state))
        table_offer_one(table, subtree_cost(search, node));
}

/* The fewest entries that can do. */
static size_t fewest_entries(const struct cover_node *nodes, size_t count)
{
    size_t *fewest = mem_new(count, sizeof(*fewest));

    for (size_t i = count; i-- > 0;) {
        fewest[i] += nodes[i].wanted;
        if (nodes[i].whole || (!nodes[i].guarded && fewest[i] > 1))
            fewest[i] = 1;
        if (i)
            fewest[nodes[i].parent] += fewest[i];
    }
    size_t result = fewest[0];
    free(fewest);
    return result;
}

static size_t node_share(struct budget_search *search, size_t at)
{
    struct budget_node *state = &search->states[at];
    struct budget_node *parent = &search->states[search->nodes[at].parent];
    size_t share = state->given ? state->given[parent->left - state->given_base] : state->fixed;

    parent->left -= share;
    return share;
}

/* From the root down, children in the opposite order of their joining. */
static struct cover_excess choose(struct budget_search *search, size_t entries,
                                  unsigned char *chosen)
{
    struct cover_excess excess = { 0 };
    bool *covered = mem_new(search->count, sizeof(*covered));

    for (size_t i = 0; i < search->count; i++) {
        const struct cover_node *node = &search->nodes[i];
        struct budget_node *state = &search->states[i];
        chosen[i] = COVER_NOTHING;
        covered[i] = i && covered[node->parent];
        if (covered[i])
            continue;
        size_t share = i ? node_share(search, i) : entries;
        if (share == 1 && may_be_subtree(node, state) &&
            subtree_cost(search, node) < state->parts_of_one)
            chosen[i] = COVER_SUBTREE;
        else if (node->wanted)
            chosen[i] = COVER_ITSELF;
        covered[i] = chosen[i] == COVER_SUBTREE;
        state->left = share - (chosen[i] == COVER_ITSELF);
        excess.entries += chosen[i] != COVER_NOTHING;
        if (covered[i])
            excess.exposure = node->exposure > UINT64_MAX - excess.exposure
                                  ? UINT64_MAX
                                  : excess.exposure + node->exposure;
    }
    free(covered);
    return excess;
}

/* A tie goes to the finer cover. */
static size_t best_entries(const struct table *table)
{
    size_t best = 0;

    for (size_t i = 1; i < table->count; i++)
        if (table->costs[i] <= table->costs[best])
            best = i;
    return table->base + best;
}

static struct cover_excess search_run(struct budget_search *search, unsigned char *chosen)
{
    for (size_t i = 0; i < search->count; i++)
        search->states[i].table = table_of(0, 0);
    for (size_t i = search->count; i-- > 0;) {
        node_decide(search, i);
        if (i)
            child_join(search, i);
    }
    struct cover_excess excess = choose(search, best_entries(&search->states[0].table), chosen);
    for (size_t i = 0; i < search->count; i++) {
        free(search->states[i].table.costs);
        free(search->states[i].given);
    }
    return excess;
}

struct cover_excess cover_tree_within(const struct cover_node *nodes, size_t count,
                                      uint64_t entry_cost, size_t budget, unsigned char *chosen)
{
    struct cover_excess excess = { .exposure = cover_tree(nodes, count, entry_cost, chosen) };

    for (size_t i = 0; i < count; i++)
        excess.entries += chosen[i] != COVER_NOTHING;
    /* What is best of all and keeps the budget is best of those that keep it. */
    if (excess.entries <= budget)
        return excess;
    size_t fewest = fewest_entries(nodes, count);
    struct budget_search search = {
        .nodes = nodes,
        .states = mem_new(count, sizeof(*search.states)),
        .count = count,
        .budget = budget > fewest ? budget : fewest,
        .entry_cost = entry_cost,
    };
    excess = search_run(&search, chosen);
    free(search.states);
    return excess;
}
