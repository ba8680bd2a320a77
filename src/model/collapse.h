/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Inside model/: which directories hold too many names to tell them apart.
 *
 * A directory is folded when more of its names than a limit were seen, or when it has many
 * subdirectories of which each holds many (a cache spread over 256 of them). Both can be told from
 * the set of names alone and stay true whatever is added: so it does not matter in which order, or
 * in how many profiles, the names came.
 */
#ifndef CINCH_MODEL_FOLD_H
#define CINCH_MODEL_FOLD_H

#include <cinch/model.h>

struct fold_node;

struct fold {
    struct fold_node *nodes; /* uthash: every name and every directory above it */
    size_t folded;           /* how many of them are folded */
    size_t bytes;            /* of their paths */
    size_t other_bytes;      /* of what else is kept of them */
    bool drops_missing;      /* names that were not there are not told apart any more */
    struct fold_limits limits;
};

/* What a name that was added means for what was recorded before. */
enum fold_change {
    FOLD_SAME,
    FOLD_ALONE, /* a directory came to be folded of which no name was counted */
    FOLD_NAMES, /* one of which names were counted */
};

void fold_init(struct fold *fold);
void fold_done(struct fold *fold);
/* What is recorded in place of `path`, of which nothing was there when `missing`: a folded
 * directory with a slash at its end; NULL: the path itself. The caller frees it. */
char *fold_replace(const struct fold *fold, const char *path, bool missing);
/* Counts a name that fold_replace() left as it is, or takes over a folded directory. But for
 * FOLD_SAME what was recorded has to be replaced. */
enum fold_change fold_add(struct fold *fold, const char *path);
/* Whether more is counted than there is room for. */
bool fold_is_full(const struct fold *fold);
/* Makes room: the names that were not there first, then the directory that holds most, with all
 * below it. What was recorded has to be replaced, and what is left counted anew. */
void fold_make_room(struct fold *fold);
/* Forgets all that was counted, but not what fold_make_room() did. */
void fold_restart(struct fold *fold);
/* Forgets the names that lie in folded directories. */
void fold_forget(struct fold *fold);

#endif
