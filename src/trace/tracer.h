/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside trace/: the loop of the tracer and its parts. */
#ifndef CINCH_TRACE_TRACER_H
#define CINCH_TRACE_TRACER_H

#include "trace/seize/seize.h"
#include "trace/task/tracer_state.h"
#include "trace/wake_local.h"

/* A task stopped for a signal, maybe our SIGSTOP: its call is
 * not known, and must not reach it. *event is the begin of that call, and tracer->owed its end, or
 * else the signal. False: neither is told. */
bool exit_stop_on_signal(struct tracer *tracer, struct tracee *task, int signal,
                         struct trace_event *event);
/* Whether a signal comes after that end, from tracer->owed. */
bool exit_stop_owes_signal(struct tracer *tracer, const struct trace_event *end);
/* A call stopped at its begin, where it is told: it is neither counted nor looked at when it ends.
 */
void exit_stop_not_at_end(struct tracer *tracer, struct tracee *task, uint64_t number);
/* A task executed a program: whether that changed who it is. */
void exit_stop_after_exec(const struct tracer *tracer, struct tracee *task);

/* As waitpid(2) of any task, each in its turn. */
pid_t stop_queue_next(struct tracer *tracer, int *ret_status);

void affinity_init(struct tracer *tracer);
/* Pins this process to the core of a task that stopped. */
void affinity_pin(struct tracer *tracer, struct tracee *task);
/* Lets a task go on, where it is. */
void affinity_hand_over(struct tracer *tracer, const struct tracee *task,
                        enum __ptrace_request request, int signal);

#endif
