/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside run/: what a process that cinch did not start says of itself, for the run record. */
#ifndef CINCH_RUN_SUBJECT_H
#define CINCH_RUN_SUBJECT_H

#include <cinch/run.h>

struct start;

/* Fills command, cwd, uid, user and environment of `run` from /proc/PID; what cannot be read stays
 * empty. Release with subject_done. */
void subject_read(pid_t pid, struct run *run);
/* The value of a variable of its environment; NULL when it has none. The caller's. */
char *subject_variable(pid_t pid, const char *name);
/* As subject_read() of a service that cinch starts: its options, and what it gets from cinch. */
void subject_own(const struct train_options *options, const struct start *start, struct run *run);
void subject_done(struct run *run);

#endif
