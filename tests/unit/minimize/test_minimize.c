// SPDX-License-Identifier: LGPL-2.1-or-later
#include "unit.h"
#include <cinch/minimize.h>
#include <string.h>

enum { NODES_MAX = 7 };

struct tree {
    struct cover_node nodes[NODES_MAX];
    size_t count;
    uint64_t entry_cost;
};

/* What is chosen at or above `at` as a subtree. */
static bool subtree_above(const struct tree *tree, const unsigned char *chosen, size_t at)
{
    for (;; at = tree->nodes[at].parent) {
        if (chosen[at] == 2)
            return true;
        if (at == 0)
            return false;
    }
}

/* A cover by the words of the header, written without the algorithm. */
static bool is_cover(const struct tree *tree, const unsigned char *chosen)
{
    for (size_t i = 0; i < tree->count; i++) {
        const struct cover_node *node = &tree->nodes[i];
        bool above = subtree_above(tree, chosen, i);
        if (node->whole && !above)
            return false;
        if (node->wanted && !above && chosen[i] != 1)
            return false;
        if (chosen[i] == 2 && node->guarded && !node->whole)
            return false;
    }
    return true;
}

static uint64_t cover_cost(const struct tree *tree, const unsigned char *chosen)
{
    uint64_t cost = 0;

    for (size_t i = 0; i < tree->count; i++)
        cost += (chosen[i] ? tree->entry_cost : 0) + (chosen[i] == 2 ? tree->nodes[i].exposure : 0);
    return cost;
}

static bool next_choice(unsigned char *chosen, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (++chosen[i] < 3)
            return true;
        chosen[i] = 0;
    }
    return false;
}

static size_t cover_entries(const struct tree *tree, const unsigned char *chosen)
{
    size_t entries = 0;

    for (size_t i = 0; i < tree->count; i++)
        entries += chosen[i] != COVER_NOTHING;
    return entries;
}

/* Tries everything. The root may always be wanted away: a cover exists unless a whole node has only
 * itself, and that one is then allowed. */
static uint64_t brute_force(const struct tree *tree, size_t budget)
{
    unsigned char chosen[NODES_MAX] = { 0 };
    uint64_t best = UINT64_MAX;

    do {
        if (cover_entries(tree, chosen) <= budget && is_cover(tree, chosen) &&
            cover_cost(tree, chosen) < best)
            best = cover_cost(tree, chosen);
    } while (next_choice(chosen, tree->count));
    return best;
}

static struct tree random_tree(unsigned seed)
{
    struct tree tree = { .count = 1 + seed % NODES_MAX };

    srand(seed);
    tree.entry_cost = (uint64_t)(rand() % 4);
    for (size_t i = 0; i < tree.count; i++)
        tree.nodes[i] = (struct cover_node){
            .parent = i ? (size_t)rand() % i : 0,
            .wanted = rand() % 2,
            .whole = rand() % 6 == 0,
            .guarded = rand() % 4 == 0,
            .exposure = (uint64_t)(rand() % 9),
        };
    return tree;
}

static void test_exact_against_brute_force(void **state)
{
    (void)state;
    for (unsigned seed = 0; seed < 3000; seed++) {
        struct tree tree = random_tree(seed);
        unsigned char chosen[NODES_MAX];
        uint64_t exposure = cover_tree(tree.nodes, tree.count, tree.entry_cost, chosen);
        uint64_t billed = 0;

        assert_true(is_cover(&tree, chosen));
        assert_int_equal(cover_cost(&tree, chosen), brute_force(&tree, NODES_MAX));
        for (size_t i = 0; i < tree.count; i++)
            billed += chosen[i] == 2 ? tree.nodes[i].exposure : 0;
        assert_int_equal(billed, exposure);
        for (size_t i = 1; i < tree.count; i++)
            if (chosen[i])
                assert_false(subtree_above(&tree, chosen, tree.nodes[i].parent));
    }
}

static void test_budget_against_brute_force(void **state)
{
    size_t tight = 0;

    (void)state;
    for (unsigned seed = 0; seed < 4000; seed++) {
        struct tree tree = random_tree(seed);
        unsigned char chosen[NODES_MAX], free_choice[NODES_MAX];
        cover_tree(tree.nodes, tree.count, tree.entry_cost, free_choice);
        for (size_t budget = 0; budget <= cover_entries(&tree, free_choice); budget++) {
            size_t kept = budget;
            struct cover_excess excess =
                cover_tree_within(tree.nodes, tree.count, tree.entry_cost, budget, chosen);
            uint64_t billed = 0;

            while (brute_force(&tree, kept) == UINT64_MAX)
                kept++;
            assert_true(is_cover(&tree, chosen));
            assert_int_equal(excess.entries, cover_entries(&tree, chosen));
            assert_true(excess.entries <= kept);
            assert_int_equal(cover_cost(&tree, chosen), brute_force(&tree, kept));
            for (size_t i = 0; i < tree.count; i++)
                billed += chosen[i] == COVER_SUBTREE ? tree.nodes[i].exposure : 0;
            assert_int_equal(billed, excess.exposure);
            for (size_t i = 1; i < tree.count; i++)
                if (chosen[i])
                    assert_false(subtree_above(&tree, chosen, tree.nodes[i].parent));
            tight += excess.entries < cover_entries(&tree, free_choice);
        }
    }
    assert_true(tight > 1000); /* the budget did decide */
}

/* Ten directories of ten files each: which are folded first, and that guarded ones are last. */
static void test_budget_folds_the_cheapest(void **state)
{
    struct cover_node nodes[111] = { { .guarded = true, .exposure = 10000 } };
    unsigned char chosen[111];

    (void)state;
    for (size_t i = 0; i < 10; i++) {
        nodes[1 + i] =
            (struct cover_node){ .parent = 0, .exposure = 10 * (i + 1), .guarded = i == 0 };
        for (size_t k = 0; k < 10; k++)
            nodes[11 + 10 * i + k] = (struct cover_node){ .parent = 1 + i, .wanted = true };
    }
    struct cover_excess excess = cover_tree_within(nodes, 111, 0, 100, chosen);
    assert_int_equal(excess.entries, 100);
    assert_int_equal(excess.exposure, 0);
    excess = cover_tree_within(nodes, 111, 0, 80, chosen);
    assert_int_equal(excess.exposure, 20 + 30 + 40);
    assert_int_equal(excess.entries, 73);
    assert_int_equal(chosen[2] + chosen[3] + chosen[4], 3 * COVER_SUBTREE);
    assert_int_equal(chosen[1], COVER_NOTHING);
    excess = cover_tree_within(nodes, 111, 0, 1, chosen);
    assert_int_equal(excess.entries, 19); /* the guarded one's ten, nine directories */
    nodes[0].guarded = false;
    excess = cover_tree_within(nodes, 111, 0, 1, chosen);
    assert_int_equal(excess.entries, 1);
    assert_int_equal(excess.exposure, 10000);
}

/* / (guarded) - etc (guarded) - a b; usr - share - x y z, all used, nothing else in share. */
static void test_directory_that_is_all_used(void **state)
{
    const struct cover_node nodes[] = {
        { .parent = 0, .guarded = true, .exposure = 900 },
        { .parent = 0, .guarded = true, .exposure = 0 }, /* etc: cheap, and guarded all the same */
        { .parent = 1, .wanted = true },
        { .parent = 1, .wanted = true },
        { .parent = 0, .exposure = 50 }, /* usr */
        { .parent = 4, .exposure = 1 },  /* share */
        { .parent = 5, .wanted = true },
        { .parent = 5, .wanted = true },
        { .parent = 5, .wanted = true },
    };
    const unsigned char expected[] = { 0, 0, 1, 1, 0, 2, 0, 0, 0 };
    unsigned char chosen[ELEMENTS_OF(nodes)];

    (void)state;
    assert_int_equal(cover_tree(nodes, ELEMENTS_OF(nodes), 1, chosen), 1);
    assert_memory_equal(chosen, expected, sizeof(expected));
}

static void test_edges(void **state)
{
    const struct cover_node lone = { .guarded = true, .whole = true, .exposure = UINT64_MAX };
    const struct cover_node nothing[] = { { .exposure = 0 }, { .parent = 0 } };
    const struct cover_node tie[] = { { .exposure = 1 },
                                      { .parent = 0, .wanted = true },
                                      { .parent = 0, .wanted = true } };
    unsigned char chosen[3] = { 9, 9, 9 };

    (void)state;
    assert_int_equal(cover_tree(NULL, 0, 1, chosen), 0);
    assert_int_equal(chosen[0], 9);
    assert_int_equal(cover_tree(&lone, 1, 1, chosen), UINT64_MAX);
    assert_int_equal(chosen[0], 2); /* it must be */
    assert_int_equal(cover_tree_within(NULL, 0, 1, 0, chosen).entries, 0);
    assert_int_equal(cover_tree_within(&lone, 1, 1, 0, chosen).exposure, UINT64_MAX);
    assert_int_equal(chosen[0], 2);
    cover_tree(nothing, 2, 1, chosen);
    assert_int_equal(chosen[0] | chosen[1], 0);
    cover_tree(tie, 3, 1, chosen);
    assert_int_equal(chosen[0], 0); /* the finer cover wins a tie */
    assert_int_equal(chosen[1] & chosen[2], 1);
}

/* ---- sets ---- */

enum { ITEMS_MAX = 12, GROUPS_MAX = 6 };

struct names {
    struct sets_item items[ITEMS_MAX];
    struct sets_group groups[GROUPS_MAX];
    size_t members[GROUPS_MAX][ITEMS_MAX];
    size_t item_count, group_count, extras_max;
    unsigned entry_cost;
};

static void random_names(struct names *names, unsigned seed)
{
    srand(seed);
    *names = (struct names){ .item_count = 1 + (size_t)rand() % ITEMS_MAX,
                             .group_count = (size_t)rand() % (GROUPS_MAX + 1),
                             .extras_max = (size_t)rand() % 8,
                             .entry_cost = (unsigned)rand() % 5 };
    for (size_t i = 0; i < names->item_count; i++)
        names->items[i] = (struct sets_item){ .wanted = rand() % 3, .risk = (unsigned)rand() % 5 };
    for (size_t i = 0; i < names->group_count; i++) {
        for (size_t k = 0; k < names->item_count; k++)
            if (rand() % 3 == 0)
                names->members[i][names->groups[i].count++] = k;
        names->groups[i].items = names->members[i];
    }
}

static bool groups_has(const struct names *names, size_t group, size_t item)
{
    for (size_t i = 0; i < names->groups[group].count; i++)
        if (names->members[group][i] == item)
            return true;
    return false;
}

/* The excess of a choice, by the words of the header. */
static struct sets_excess names_excess(const struct names *names, const bool *chosen)
{
    struct sets_excess excess = { 0 };

    for (size_t group = 0; group < names->group_count; group++)
        excess.entries += chosen[group];
    for (size_t item = 0; item < names->item_count; item++) {
        bool held = false;
        for (size_t group = 0; group < names->group_count; group++)
            held |= chosen[group] && groups_has(names, group, item);
        excess.entries += names->items[item].wanted && !held;
        excess.extras += !names->items[item].wanted && held;
        excess.risk += !names->items[item].wanted && held ? names->items[item].risk : 0;
    }
    return excess;
}

static uint64_t names_cost(const struct names *names, const struct sets_excess *excess)
{
    return excess->risk + names->entry_cost * excess->entries;
}

static uint64_t names_brute_force(const struct names *names)
{
    uint64_t best = UINT64_MAX;

    for (unsigned bits = 0; bits < 1u << names->group_count; bits++) {
        bool chosen[GROUPS_MAX];
        for (size_t i = 0; i < names->group_count; i++)
            chosen[i] = bits & 1u << i;
        struct sets_excess excess = names_excess(names, chosen);
        if (excess.extras <= names->extras_max && names_cost(names, &excess) < best)
            best = names_cost(names, &excess);
    }
    return best;
}

static void test_sets_against_brute_force(void **state)
{
    size_t with_groups = 0;

    (void)state;
    for (unsigned seed = 0; seed < 20000; seed++) {
        struct names names;
        bool chosen[GROUPS_MAX];
        random_names(&names, seed);
        struct sets_excess excess =
            cover_sets(names.items, names.item_count, names.groups, names.group_count,
                       names.entry_cost, names.extras_max, chosen);
        struct sets_excess again = names_excess(&names, chosen);
        assert_memory_equal(&excess, &again, sizeof(excess));
        assert_true(excess.extras <= names.extras_max);
        assert_int_equal(names_cost(&names, &excess), names_brute_force(&names));
        for (size_t i = 0; i < names.group_count; i++)
            with_groups += chosen[i];
    }
    assert_true(with_groups > 1000);
}

/* Of what comes to the same: names rather than extras, one group rather than two, the first. */
static void test_sets_ties(void **state)
{
    const struct sets_item items[] = { { .wanted = true }, { .wanted = true }, { .risk = 1 } };
    const size_t all[] = { 0, 1, 2 }, both[] = { 0, 1 };
    const struct sets_group groups[] = { { all, 3 }, { both, 2 }, { both, 2 } };
    bool chosen[3] = { true, true, true };

    (void)state;
    struct sets_excess excess = cover_sets(items, 3, groups, 1, 1, 9, chosen);
    assert_false(chosen[0]);
    assert_int_equal(excess.entries, 2);
    excess = cover_sets(items, 3, groups, 3, 2, 9, chosen);
    assert_true(!chosen[0] && chosen[1] && !chosen[2]);
    assert_int_equal(excess.entries + excess.extras, 1);
    excess = cover_sets(items, 3, groups, 1, 2, 0, chosen); /* worth it, but not within bounds */
    assert_false(chosen[0]);
    excess = cover_sets(NULL, 0, NULL, 0, 1, 0, chosen);
    assert_int_equal(excess.entries, 0);
}

/* Profiles bring groups of their own, without number. */
static void test_sets_many_groups(void **state)
{
    enum { MANY = 300 };
    struct sets_item items[40];
    size_t members[40];
    struct sets_group groups[MANY];
    bool chosen[MANY];
    size_t taken = 0;

    (void)state;
    for (size_t i = 0; i < 40; i++) {
        items[i] = (struct sets_item){ .wanted = i % 2, .risk = 1 };
        members[i] = i;
    }
    for (size_t i = 0; i < MANY; i++)
        groups[i] = (struct sets_group){ members + i % 30, 4 + i % 7 };
    struct sets_excess excess = cover_sets(items, 40, groups, MANY, 3, 10, chosen);
    assert_true(excess.extras <= 10);
    for (size_t i = 0; i < MANY; i++)
        taken += chosen[i];
    assert_in_range(taken, 1, SETS_GROUPS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exact_against_brute_force),
        cmocka_unit_test(test_budget_against_brute_force),
        cmocka_unit_test(test_budget_folds_the_cheapest),
        cmocka_unit_test(test_directory_that_is_all_used),
        cmocka_unit_test(test_edges),
        cmocka_unit_test(test_sets_against_brute_force),
        cmocka_unit_test(test_sets_ties),
        cmocka_unit_test(test_sets_many_groups),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
