/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside cli/: where the profile of a training goes. The caller owns the names. */
#ifndef CINCH_CLI_TRAIN_OUTPUT_H
#define CINCH_CLI_TRAIN_OUTPUT_H

#include <cinch/run.h>

/* Where it goes when nobody says. */
char *train_output_default(const struct train_options *options);
/* Whether it can be written there; before the service starts. 0, or -errno with `err`. */
int train_output_check(const char *output, struct err *err) MUST_USE;
/* Warns when another user can replace what is written there. */
void train_output_warn(const char *output);
/* Where it is kept until the training has succeeded: beside a file that is there already. */
char *train_output_partial(const char *output);
/* Keeps what was learned even when its place is full or gone. Where it is, NULL if nowhere. */
char *train_output_save(const struct profile *profile, const char *output);

#endif
