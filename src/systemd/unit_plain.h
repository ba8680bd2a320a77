/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside systemd/: the words of plain commands (unit_plain.c), one after the other. */
#ifndef CINCH_SYSTEMD_UNIT_PLAIN_H
#define CINCH_SYSTEMD_UNIT_PLAIN_H

#include <cinch/systemd.h>

struct plain_words {
    const struct unit_plain *row; /* NULL: the command is not plain */
    unsigned operands;            /* how many came */
    bool wants_value;             /* the next word is an option's */
    struct strings *paths;        /* where paths go; NULL: nowhere */
};

/* The program of a command. */
void plain_begin(struct plain_words *words, const char *program);
/* The next word of it: whether the command is plain still. */
bool plain_take(struct plain_words *words, const char *word);

#endif
