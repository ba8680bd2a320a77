/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * minimize: a set into a smaller set that still covers it, and the bill of what the smaller one
 * grants beyond it. Pure: knows trees and sets, no directive.
 */
#ifndef CINCH_MINIMIZE_H
#define CINCH_MINIMIZE_H

#include <cinch/base.h>
#include <stdint.h>

/* A node of a tree: a directory, or an address prefix. Node 0 is the root; parents come before
 * their children. */
struct cover_node {
    size_t parent;     /* index; the root's is itself */
    bool wanted;       /* must be covered, by itself or by an ancestor */
    bool whole;        /* must be covered as a whole subtree, by itself or by an ancestor */
    bool guarded;      /* may not be chosen as a subtree */
    uint64_t exposure; /* what choosing this node as a subtree grants that was never seen */
};

/* How a node is chosen: not, by itself, with all below it. */
enum cover_choice { COVER_NOTHING, COVER_ITSELF, COVER_SUBTREE };

/*
 * Chooses a set of nodes that covers every wanted one with the least
 * sum(exposure of the chosen) + `entry_cost` * (number of the chosen), exactly, by dynamic
 * programming over the tree. A wanted leaf can always be chosen by itself at exposure 0 unless it
 * is `whole`. Writes an enum cover_choice to each `chosen[i]`; a tie goes to the finer cover.
 * Returns the exposure of the cover. A `whole` node below a guarded path that is itself guarded is
 * chosen all the same (it must be).
 */
uint64_t cover_tree(const struct cover_node *nodes, size_t count, uint64_t entry_cost,
                    unsigned char *chosen);

/* What a cover came to. */
struct cover_excess {
    uint64_t exposure; /* of what was chosen as a subtree */
    size_t entries;    /* how many nodes were chosen */
};

/*
 * The same among the covers of at most `budget` entries; where guarded nodes leave none, `budget`
 * is the fewest entries that can do. Takes time and memory of up to count * min(budget, wanted
 * nodes) words where the best cover of all exceeds the budget, else as little as cover_tree().
 */
struct cover_excess cover_tree_within(const struct cover_node *nodes, size_t count,
                                      uint64_t entry_cost, size_t budget, unsigned char *chosen);

/* ---- sets: names, and groups of them ---- */

/* How many groups a cover is made of at most; of more the ones with most wanted items are tried. */
#define SETS_GROUPS_MAX 16

/* Something that may be granted by itself or by a group. */
struct sets_item {
    bool wanted;
    unsigned risk; /* of granting it unwanted */
};

/* Items that are granted together. */
struct sets_group {
    const size_t *items; /* indices, none twice */
    size_t count;
};

/* What a cover came to. */
struct sets_excess {
    size_t entries; /* groups chosen, and wanted items that no chosen group has */
    size_t extras;  /* unwanted items of the chosen groups */
    uint64_t risk;  /* theirs */
};

/*
 * Chooses the groups with which all wanted items are granted, those that no chosen group has by
 * themselves, at the least risk(extras) + `entry_cost` * entries, among the choices with at most
 * `extras_max` extras: exactly, up to SETS_GROUPS_MAX groups of two and more wanted items. Where
 * two choices come to the same, fewer extras win, then fewer groups, then earlier groups. Writes
 * `chosen[group]`.
 */
struct sets_excess cover_sets(const struct sets_item *items, size_t item_count,
                              const struct sets_group *groups, size_t group_count,
                              unsigned entry_cost, size_t extras_max, bool *chosen);

#endif
