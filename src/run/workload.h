/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside run/: the command that exercises a service in training. */
#ifndef CINCH_RUN_WORKLOAD_H
#define CINCH_RUN_WORKLOAD_H

#include <cinch/base.h>

/* Starts `command` with /bin/sh -c, untraced, in a process group of its own, with /dev/null as its
 * standard input (the service keeps ours) and the service's pid in $MAINPID. Its pid, or -errno
 * with `err`. */
pid_t workload_start(const char *command, pid_t service, struct err *err);
/* Ends whatever is left of it. */
void workload_kill(pid_t workload);

#endif
