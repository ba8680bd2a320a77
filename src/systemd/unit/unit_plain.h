/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside systemd/: the words of plain commands (unit_plain.c), one after the other. */
#ifndef CINCH_SYSTEMD_UNIT_PLAIN_H
#define CINCH_SYSTEMD_UNIT_PLAIN_H

#include <cinch/systemd.h>

struct plain_words {
    const struct unit_plain *row; /* NULL: the command is not plain */
    const struct unit *unit;      /* whose Environment= gives variables their values */
    struct strings *paths;        /* where paths go; NULL: nowhere */
    struct strings *files;        /* where files go that it looks names up in; NULL: nowhere */
    unsigned operands;            /* how many came */
    unsigned variables;           /* how many were looked up, in all commands */
    char wants_value;             /* the next word is this option's; 0: no option's */
    bool is_needed_there;         /* the option that the row needs has come */
    bool expands;                 /* systemd replaces variables: no prefix ":" */
};

/* The program of a command. */
void plain_begin(struct plain_words *words, const char *program, bool expands);
/* The next word of it: whether the command is plain still. */
bool plain_take(struct plain_words *words, const char *word);

#endif
