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
    struct fold_limits limits;
};

void fold_init(struct fold *fold);
void fold_done(struct fold *fold);
/* What is recorded in place of `path`: a folded directory with a slash at its end; NULL: the path
 * itself. The caller frees it. */
char *fold_replace(const struct fold *fold, const char *path);
/* Counts a name that fold_replace() left as it is, or takes over a folded directory. True when a
 * directory came to be folded, so that what was recorded has to be replaced. */
bool fold_add(struct fold *fold, const char *path);
/* Forgets the names that lie in folded directories. */
void fold_forget(struct fold *fold);

#endif
