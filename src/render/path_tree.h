/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside render/: the paths of a profile as a tree. */
#ifndef CINCH_RENDER_PATH_TREE_H
#define CINCH_RENDER_PATH_TREE_H

#include <cinch/model.h>

/* What was done with a path. */
struct path_uses {
    unsigned done;  /* bit per enum path_use, of those that succeeded or may have */
    unsigned tried; /* the same of those that failed */
    int error;      /* of one that failed */
};

/* Words for uses: "read, written". Of a path that was only tried: "not found", "failed with
 * EACCES". The caller frees it. */
char *path_uses_text(const struct path_uses *uses);
/* Whether no use of a path succeeded, because there is no such name. */
bool path_uses_are_missing(const struct path_uses *uses);

/* How many paths were used so: a counter for each word. */
#define PATH_USES_WORDS 14
void path_uses_count(const struct path_uses *uses, size_t counts[PATH_USES_WORDS]);
/* "12 read, 3 written". The caller frees it. */
char *path_uses_counts_text(const size_t counts[PATH_USES_WORDS]);

struct path_node {
    const char *name; /* `length` bytes, borrowed; "": any name in the directory */
    size_t length;
    size_t parent, end; /* numbers: its directory, and the first node after all below it */
    unsigned depth;
    bool used; /* itself, not only names below it */
    struct path_uses uses;
    size_t entries;                 /* used nodes at it and below */
    size_t counts[PATH_USES_WORDS]; /* of these, by use */
    size_t rows;   /* lines that its children take when nothing of them is left out */
    size_t direct; /* of these, its own children's */
};

/* In preorder: the children of node i are i + 1, then each one's `end`, up to i's. Node 0 has no
 * name and holds "/". */
struct path_tree {
    struct path_node *nodes;
    size_t count, capacity;
};

/* Names are borrowed from the profile. `group`: more leaves of a directory than this, all used
 * alike, are to share a line. */
void path_tree_init(struct path_tree *tree, const struct profile *profile, size_t group);
void path_tree_done(struct path_tree *tree);
/* Whether nothing lies below it. */
bool path_tree_is_leaf(const struct path_tree *tree, size_t node);
/* The only child of a directory that was not used itself, which shares its line; 0: none does, and
 * nothing shares that of node 0. */
size_t path_tree_only(const struct path_tree *tree, size_t node);
/* The leaves of a directory by use, alike ones together. The caller frees the numbers. */
size_t *path_tree_leaves(const struct path_tree *tree, size_t node, size_t *ret_count);
/* Whether two leaves were used alike. */
bool path_tree_is_alike(const struct path_tree *tree, size_t left, size_t right);

#endif
