/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside systemd/: building a verdict and its excess. */
#ifndef CINCH_SYSTEMD_VERDICT_H
#define CINCH_SYSTEMD_VERDICT_H

#include <cinch/systemd.h>

/* Appends a value to a verdict and marks it emitted; takes over `why`. */
struct value *verdict_add(struct verdict *verdict, const char *text, char *why,
                          const struct fact *witness);
/* Removes a value. */
void verdict_remove(struct verdict *verdict, size_t at);
/* Marks the directive as not set; takes over `why`. */
void verdict_refuse(struct verdict *verdict, char *why, const struct fact *witness);
void verdict_done(struct verdict *verdict);

/* Adds a name to an excess unless it is there. */
void excess_add(struct excess *excess, const char *name);
/* Sums the excess of an emitted verdict's values, unless its derive function set it. */
void excess_sum_up(struct verdict *verdict);
void excess_done(struct excess *excess);

#endif
