/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside cli/: what is said when a training is over. */
#ifndef CINCH_CLI_SUMMARY_H
#define CINCH_CLI_SUMMARY_H

#include <cinch/run.h>

/* What was learned, and how settled it is. */
void summary_say(const struct profile *profile, const struct train_options *options,
                 const struct train_result *result);
/* What could not be observed. */
void summary_say_blind_spots(const struct profile *profile);
/* Which directories held too many names to tell apart. */
void summary_say_collapsed(const struct profile *profile);
/* What makes a training worthless, NULL when nothing does; the caller's. */
char *summary_failure(const struct train_result *result, const struct train_options *options);
/* How a service ended that cinch did not start, where that may mean it did not work. */
void summary_say_end(const struct train_result *result);
/* The next command to type for a profile saved there. */
void summary_say_next(const char *saved, const struct train_options *options);

/* What was learned: "learned in 0.4 s: 39 system calls, ..."; the caller's. */
char *summary_learned(const struct tally *tally, int64_t duration_ms);
/* How settled the training is: "no new fact in the last 12 of 14 min"; the caller's. */
char *summary_settled(const struct discovery *discovery);
/* A character a slice: how many facts were new in it. The caller's. */
char *summary_sparkline(const struct discovery *discovery, bool utf8);

#endif
