/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Inside model/: facts that tell apart what there may be any number of: a server's clients, ids
 * that files were given to, numbers that are no system call.
 *
 * Facts that differ in that alone are a crowd. Of a crowd with more than a limit one fact is kept
 * that stands for any of them. As with folded directories (fold.h) that depends on the set of facts
 * alone, and stays true whatever is added.
 */
#ifndef CINCH_MODEL_WILDCARD_H
#define CINCH_MODEL_WILDCARD_H

#include <cinch/model.h>

struct wildcard;

struct wildcards {
    struct wildcard *wildcards; /* uthash */
    size_t collapsed;           /* how many of them are */
    size_t limit;
};

void wildcards_done(struct wildcards *wildcards);
/* Whether facts of a kind may be of a crowd. */
bool wildcard_has_kind(enum fact_kind kind);
/* Whether the fact stands for a crowd. */
bool wildcard_is_any(const struct fact *fact);
/* Makes the fact, whose texts are borrowed, the one that stands for its crowd, if that is folded.
 * True when that changed it; *ret_owned (the caller's) is a text that it borrows now. */
bool wildcard_replace(const struct wildcards *wildcards, struct fact *fact, char **ret_owned);
/* Counts a fact that is new and was left as it is, or stands for its crowd. True when the crowd
 * came to be folded, so that what was recorded has to be replaced. */
bool wildcard_add(struct wildcards *wildcards, const struct fact *fact);
/* What the fact stands for, in words: "addresses in 10.0.0.0/8 (accept)". */
char *wildcard_describe(const struct fact *fact);

#endif
