/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside run/: the socket that cinch-gate (src/gate/) connects to from a unit's ExecStart=, and who
 * is let in there. */
#ifndef CINCH_RUN_GATE_H
#define CINCH_RUN_GATE_H

#include <cinch/trace.h>

/* So many may be asked at once; a unit rarely starts two commands at a time. */
#define GATE_KNOCKERS 64

/* A process that connected and may be a gate: it has been asked, and has not answered yet. */
struct knocker {
    int fd;
    int pidfd;
    pid_t pid;
    int64_t until_ms; /* then it is turned away */
    char nonce[33];
};

struct gate {
    char *path;    /* of the socket we made; NULL before */
    int listen_fd; /* -1: closed */
    int poll_fd;   /* readable when somebody connects or answers (epoll(7)) */
    int peer_fd;   /* the gate that was let in, -1: none */
    int peer_pidfd;
    pid_t peer;  /* its pid */
    uid_t user;  /* without a unit: whose processes are let in */
    char *group; /* the unit's control group; NULL: no unit was asked for, or none came yet */
    ino_t group_id;
    struct knocker knockers[GATE_KNOCKERS];
    size_t count;
    unsigned turned_away;
};

#define GATE_NONE                                                                                  \
    {                                                                                              \
        .listen_fd = -1, .poll_fd = -1, .peer_fd = -1, .peer_pidfd = -1                            \
    }

/* Serves the socket; its directory (made when it is not there) must be root's alone. 0 or -errno
 * with `err`. */
int gate_open(struct gate *gate, const char *path, struct err *err) MUST_USE;
/* The error of a gate: "--gate PATH: WHAT". -code. */
int gate_error(int code, const char *path, const char *what, struct err *err);
/*
 * Lets in the next gate: a process of that unit's control group or, when `unit` is NULL, of
 * gate->user. Its pid; 0 when there is none yet; -errno with `err` when the socket failed. Never
 * waits. *ret_refused, the caller's: who was turned away and why, NULL when nobody was or enough
 * has been said of that.
 */
pid_t gate_admit(struct gate *gate, const char *unit, char **ret_refused, struct err *err);
/* Has the gate that was let in install these programs and then execute its command. */
int gate_go(struct gate *gate, const struct trace_program *programs, size_t count,
            struct err *err) MUST_USE;
/* Closes the connection to the one that was let in. */
void gate_dismiss(struct gate *gate);
/* The same for all that were asked. */
void gate_forget_knockers(struct gate *gate);
/* Whether the unit of those that were let in has ended: its control group is gone. */
bool gate_unit_is_over(const struct gate *gate);
/* Whether no process of the unit is left, as far as that can be told (cgroups(7), cgroup.events).
 */
bool gate_unit_is_empty(const struct gate *gate);
/* Takes the socket away: nobody else is let in. */
void gate_close(struct gate *gate);
void gate_done(struct gate *gate);

#endif
