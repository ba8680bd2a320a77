/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside systemd/: reads the words of plain commands (unit_plain.c) one by one. */
#ifndef CINCH_SYSTEMD_UNIT_PLAIN_H
#define CINCH_SYSTEMD_UNIT_PLAIN_H

#include <cinch/systemd.h>

struct plain_words {
    const struct unit_plain *row; /* NULL: the command is not plain */
    const struct unit *unit;      /* its Environment= sets the variables */
    struct strings *paths;        /* receives paths; NULL: not wanted */
    struct strings *files;        /* receives the files used to look up names; NULL: not wanted */
    unsigned operands;            /* how many were read */
    unsigned variables;           /* how many were expanded, in all commands */
    char wants_value;             /* the option that the next word belongs to; 0: none */
    bool is_needed_there;         /* the option that the row requires was read */
    bool expands;                 /* systemd replaces variables: no prefix ":" */
};

/* Starts a command with its program. */
void plain_begin(struct plain_words *words, const char *program, bool expands);
/* Reads the next word; whether the command is still plain. */
bool plain_take(struct plain_words *words, const char *word);

#endif
