/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside run/: the socket that cinch-gate (src/gate/) knocks at, standing in a unit's ExecStart=.
 */
#ifndef CINCH_RUN_GATE_H
#define CINCH_RUN_GATE_H

#include <cinch/trace.h>

struct gate {
    char *path;    /* of the socket we made; NULL before */
    int listen_fd; /* -1: closed */
    int peer_fd;   /* the gate that was let in, -1: none */
    int peer_pidfd;
    pid_t peer;  /* its pid */
    char *group; /* the unit's control group; NULL: no unit was asked for, or none came yet */
    ino_t group_id;
    bool was_met; /* someone was let in */
};

#define GATE_NONE                                                                                  \
    {                                                                                              \
        .listen_fd = -1, .peer_fd = -1, .peer_pidfd = -1                                           \
    }

/* Serves the socket; its directory (made when it is not there) must be root's alone. 0 or -errno
 * with `err`. */
int gate_open(struct gate *gate, const char *path, struct err *err) MUST_USE;
/* Lets in the next process that knocks, of that unit's control group when `unit` is not NULL. Its
 * pid; 0 when none did; -errno with `err` when one was turned away or the socket failed. Waits for
 * at most a second once one has knocked, and longer while none was let in. */
pid_t gate_admit(struct gate *gate, const char *unit, struct err *err);
/* Turns the one that was let in away after all. */
void gate_dismiss(struct gate *gate);
/* Has the gate install these programs and then execute its command. */
int gate_go(struct gate *gate, const struct trace_program *programs, size_t count,
            struct err *err) MUST_USE;
/* Whether the unit of those that were let in has ended: its control group is gone. */
bool gate_unit_is_over(const struct gate *gate);
/* Whether no process of the unit is left, as far as that can be told (cgroups(7), cgroup.events).
 */
bool gate_unit_is_empty(const struct gate *gate);
/* Takes the socket away: nobody else is let in. */
void gate_close(struct gate *gate);
void gate_done(struct gate *gate);

#endif
