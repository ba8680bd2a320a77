/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CINCH_CLI_TRAIN_ARGUMENTS_H
#define CINCH_CLI_TRAIN_ARGUMENTS_H

#include <cinch/run.h>
#include <cinch/systemd.h>

/* What somebody asked train for. Options borrow from here and from the command line. */
struct train_arguments {
    struct train_options options;
    const char *unit;      /* as given, NULL: none; borrowed */
    char *unit_name;       /* the whole name of options.unit; owned */
    struct unit settings;  /* options.settings */
    char *output;          /* owned */
    char *partial;         /* where it is until the training has succeeded; owned */
    struct profile *known; /* owned, NULL: none */
    bool quiet;
    bool help;
};

/* 0, or -EINVAL and the like with `err` (empty where getopt has said it). Release with
 * train_arguments_done() even then. */
int train_arguments_parse(struct train_arguments *arguments, int argc, char **argv,
                          struct err *err) MUST_USE;
void train_arguments_done(struct train_arguments *arguments);

#endif
