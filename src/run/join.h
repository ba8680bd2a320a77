/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside run/: training a service that cinch did not start: one that runs already, or one that its
 * service manager starts through a gate. It is let go at the end, not stopped. */
#ifndef CINCH_RUN_JOIN_H
#define CINCH_RUN_JOIN_H

#include "run/gate_socket.h"
#include "run/pid1.h"
#include <cinch/decode.h>
#include <cinch/run.h>
#include <cinch/trace.h>

struct join {
    struct gate gate;   /* open as long as more commands of the unit may come */
    struct pid1 pid1;   /* what the service manager says of the unit */
    char *unit;         /* the unit's own name, by the manager's word; NULL: it said none */
    unsigned held;      /* who was admitted waits until it has answered so often */
    struct run subject; /* what the service says of itself: command, cwd, uid, user, environment */
    pid_t arriving;     /* came through the gate, its program does not run yet; 0: none */
    bool is_whole;      /* every task of a running service could be seized */
    bool is_seeded;     /* what the service was before it was seized is recorded, or needs not be */
    int64_t seized_ms;  /* on the tracer's clock */
    size_t left;        /* tasks that are not let go yet, as last looked at... */
    int64_t left_ms;    /* ...and when that was last another number */
};

/* Whether this signal to cinch means that the training is over. */
bool join_is_farewell(int signal);
/* Whether the training is of a service that cinch did not start. */
bool join_is_wanted(const struct train_options *options);
/* Seizes the service, or waits for it at the gate. Its pid; -errno with `err`. */
pid_t join_start(struct join *join, const struct train_options *options, struct tracer *tracer,
                 struct err *err);
/* Looks between events, while nothing is stopped in our hands: lets in more commands of the unit,
 * and records the past of a service that was seized while it ran once all of it is seen. */
void join_look(struct join *join, const struct train_options *options, struct tracer *tracer,
               struct decoder *decoder);
/* Nothing is traced any more: waits for another command of the unit, until `until_ms` on the
 * tracer's clock (-1: for as long as it takes). False when none will come. */
bool join_await(struct join *join, const struct train_options *options, struct tracer *tracer,
                struct decoder *decoder, int64_t until_ms);
/* Whether the unit has started, by PID 1's own word, where that can be had: a daemon that listens
 * may not have been found yet by the manager that is to stop it (Type=forking, PIDFile=). Asks
 * again and again while it has not. */
bool join_has_started(struct join *join);
/* Whether PID 1 has not decided yet. */
bool join_is_starting(const struct join *join);
/* Whether PID 1 can be asked to stop the service as it is always stopped. */
bool join_can_stop(const struct join *join, const struct train_options *options);
/* Whether PID 1 starts the unit again, or has done so, by its Restart=. Asks, and waits for the
 * answer. */
bool join_runs_on(struct join *join);
/* Whether the event is the first program of one that came through the gate. */
bool join_arrived(struct join *join, const struct trace_event *event);
/* This process is the service: what it says of itself is the run's. */
void join_meet(struct join *join, pid_t pid);
/* Whether letting go, asked for at `asked_ms`, has come to a halt. Ask at every event. */
bool join_is_overdue(struct join *join, const struct tracer *tracer, int64_t asked_ms);
/* Nobody else is let in. */
void join_close(struct join *join);
void join_done(struct join *join);

#endif
