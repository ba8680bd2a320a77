/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside systemd/: how a row answers. */
#ifndef CINCH_SYSTEMD_VERDICT_H
#define CINCH_SYSTEMD_VERDICT_H

#include <cinch/systemd.h>

/* Appends a value to a verdict and marks it emitted; `why` is taken over. */
struct value *verdict_add(struct verdict *verdict, const char *text, char *why,
                          const struct fact *witness);
/* Takes a value off again. */
void verdict_remove(struct verdict *verdict, size_t at);
/* Leaves the directive out; `why` is taken over. */
void verdict_refuse(struct verdict *verdict, char *why, const struct fact *witness);
void verdict_done(struct verdict *verdict);

/* Adds a name to an excess that does not have it yet. */
void excess_add(struct excess *excess, const char *name);
/* Sums up the excess of an emitted verdict's values, unless its derive function did it. */
void excess_sum_up(struct verdict *verdict);
void excess_done(struct excess *excess);

#endif
