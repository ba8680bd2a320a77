/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside run/: the socket that cinch-gate (src/gate/) knocks at, standing in a unit's ExecStart=.
 */
#ifndef CINCH_RUN_GATE_H
#define CINCH_RUN_GATE_H

#include <cinch/base.h>

struct gate {
    char *path;    /* of the socket we made; NULL before */
    int listen_fd; /* -1: closed */
    int peer_fd;   /* the gate that was let in, -1: none */
    int peer_pidfd;
    pid_t peer; /* its pid */
};

/* Serves the socket; its directory (made when it is not there) must be root's alone. 0 or -errno
 * with `err`. */
int gate_open(struct gate *gate, const char *path, struct err *err) MUST_USE;
/* Lets in the next process that knocks, of that unit's control group when `unit` is not NULL. Its
 * pid; 0 when none did; -errno with `err` when one was turned away or the socket failed. Waits for
 * at most a second once one has knocked. */
pid_t gate_admit(struct gate *gate, const char *unit, struct err *err);
/* Turns the one that was let in away after all. */
void gate_dismiss(struct gate *gate);
/* Tells the gate to execute its command, and takes the socket away: it serves one service. */
int gate_go(struct gate *gate, struct err *err) MUST_USE;
void gate_done(struct gate *gate);

#endif
