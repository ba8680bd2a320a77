/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Inside model/: which directories hold too many names to tell them apart.
 *
 * A directory is folded when more of its names than a limit were seen, or when it has many
 * subdirectories of which each holds many (a cache spread over 256 of them). Both can be told from
 * the set of names alone and stay true whatever is added: so it does not matter in which order, or
 * in how many profiles, the names came.
 */
#ifndef CINCH_MODEL_COLLAPSE_H
#define CINCH_MODEL_COLLAPSE_H

#include <cinch/model.h>

struct collapse_node;

struct collapse {
    struct collapse_node *nodes; /* uthash: every name and every directory above it */
    size_t collapsed;            /* how many of them are folded */
    size_t bytes;                /* of their paths */
    size_t other_bytes;          /* of what else is kept of them */
    bool drops_missing;          /* names that were not there are not told apart any more */
    struct collapse_limits limits;
};

/* What a name that was added means for what was recorded before. */
enum collapse_change {
    COLLAPSE_SAME,
    COLLAPSE_ALONE, /* a directory came to be folded of which no name was counted */
    COLLAPSE_NAMES, /* one of which names were counted */
};

void collapse_init(struct collapse *collapse);
void collapse_done(struct collapse *collapse);
/* What is recorded in place of `path`, of which nothing was there when `missing`: a folded
 * directory with a slash at its end; NULL: the path itself. The caller frees it. */
char *collapse_replace(const struct collapse *collapse, const char *path, bool missing);
/* Counts a name that collapse_replace() left as it is, or takes over a folded directory. But for
 * COLLAPSE_SAME what was recorded has to be replaced. */
enum collapse_change collapse_add(struct collapse *collapse, const char *path);
/* Whether more is counted than there is room for. */
bool collapse_is_full(const struct collapse *collapse);
/* Makes room: the names that were not there first, then the directory that holds most, with all
 * below it. What was recorded has to be replaced, and what is left counted anew. */
void collapse_make_room(struct collapse *collapse);
/* Forgets all that was counted, but not what collapse_make_room() did. */
void collapse_restart(struct collapse *collapse);
/* Forgets the names that lie in folded directories. */
void collapse_forget(struct collapse *collapse);

#endif
