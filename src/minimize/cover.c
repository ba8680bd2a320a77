// SPDX-License-Identifier: LGPL-2.1-or-later
/* The least cover of a tree, exactly: each node is solved once, after its children. */
#include <cinch/minimize.h>

/* The cheapest cover of one subtree when no ancestor is chosen as a subtree. */
struct cover_best {
    uint64_t parts; /* cost of covering what lies below node by node */
    uint64_t cost;
    unsigned char choice;
};

/* Costs come from counted files but also from hostile profiles: they saturate. */
static uint64_t cost_add(uint64_t a, uint64_t b)
{
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

/* Decides one node whose children are all decided. A tie goes to the finer cover. */
static void cover_decide(const struct cover_node *node, struct cover_best *best,
                         uint64_t entry_cost)
{
    uint64_t apart = cost_add(best->parts, node->wanted ? entry_cost : 0);
    uint64_t together = cost_add(node->exposure, entry_cost);

    best->choice = node->wanted ? COVER_ITSELF : COVER_NOTHING;
    best->cost = apart;
    if (node->whole || (!node->guarded && together < apart)) {
        best->choice = COVER_SUBTREE;
        best->cost = together;
    }
}

uint64_t cover_tree(const struct cover_node *nodes, size_t count, uint64_t entry_cost,
                    unsigned char *chosen)
{
    struct cover_best *best = mem_new(count, sizeof(*best));
    uint64_t exposure = 0;

    for (size_t i = count; i-- > 0;) {
        cover_decide(&nodes[i], &best[i], entry_cost);
        if (i)
            best[nodes[i].parent].parts = cost_add(best[nodes[i].parent].parts, best[i].cost);
    }
    /* From the root down: below a chosen subtree nothing else is chosen. `parts` is reused to mark
     * what is covered already. */
    for (size_t i = 0; i < count; i++) {
        bool covered = i && best[nodes[i].parent].parts;
        chosen[i] = covered ? COVER_NOTHING : best[i].choice;
        best[i].parts = covered || chosen[i] == COVER_SUBTREE;
        if (chosen[i] == COVER_SUBTREE)
            exposure = cost_add(exposure, nodes[i].exposure);
    }
    free(best);
    return exposure;
}
