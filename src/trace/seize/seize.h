/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside trace/: how a tree of tasks comes under the tracer. */
#ifndef CINCH_TRACE_SEIZE_H
#define CINCH_TRACE_SEIZE_H

#include "trace/task/tracer_state.h"

/* In the process that becomes the service: its variables before and after those of its user. */
void surroundings_begin_environment(const struct trace_surroundings *surroundings);
void surroundings_end_environment(const struct trace_surroundings *surroundings);
/* The limits of another process: who raises one for itself is seen to have used a capability. */
void surroundings_limit(const struct trace_surroundings *surroundings, pid_t pid);
/* Directory, umask, standard input and signals. 0 or -errno. */
int surroundings_enter(const struct trace_surroundings *surroundings);

/* Lets a stopped task go for good, with that signal; its record is dropped. */
void attach_release(struct tracer *tracer, struct tracee *task, int signal);
/* syscall_restart_quietly() of a call whose end the event tells. */
void attach_undisturbed(const struct tracee *task, struct trace_event *event);
/* Says why a process cannot be seized. -code */
int attach_refused(pid_t pid, int code, struct err *err);
/* A gate executes its command: what it was asked to install shows now. */
void gate_attach_launched(struct tracer *tracer, struct tracee *task);
/* Whether it is one of those that tracer_let_go_late() lets go. */
bool gate_attach_is_late(const struct tracer *tracer, pid_t pid);

/* Makes io_uring_setup(2) fail with ENOSYS in the calling process and all it starts;
 * without CAP_SYS_ADMIN that takes no_new_privs. `flags` as of seccomp(2). 0 or -errno. */
int deny_io_uring(bool is_privileged, unsigned flags);
/* The filter that does so. */
struct trace_program deny_program(void);
/* Whether the same can be had without a filter. */
bool deny_by_hand_is_possible(void);
/* Whether the call that a task has just begun is denied: its answer is ours, not the machine's.
 * Where no filter stopped it, it is made to fail here. */
bool deny_answers(const struct tracer *tracer, const struct tracee *task, uint64_t number,
                  bool by_filter);

/* Both the filter and that, in a child of ours; to be made before it is forked, and lost with it.
 */
struct installer *installer_new(const struct filter *filter, bool no_io_uring);
/* In the child: makes a thread that will use the capability in its stead. */
bool installer_begin(struct installer *installer);
/* Once it is seized. 0 or -errno. */
int installer_end(struct installer *installer, bool has_begun);

#endif
