/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside trace/: the tracer's state, and what is done with one of its tasks. */
#ifndef CINCH_TRACE_TRACER_STATE_H
#define CINCH_TRACE_TRACER_STATE_H

#include "trace/bpf/capable_counter.h"
#include "trace/bpf/counter.h"
#include "trace/bpf/filter.h"
#include "trace/bpf/path_cache.h"
#include "trace/bpf/signal_watch.h"
#include "trace/task/internal_signals.h"
#include "trace/task/mounts.h"
#include "trace/task/stop.h"
#include <cinch/trace.h>
#include <sched.h>
#include <sys/ptrace.h>
#include <time.h>
#include <uthash.h>

/* A traced task (thread). */
struct tracee {
    pid_t tid;
    pid_t tgid;
    int mount_ns;        /* of the tracer's, -1: not known, or none of them */
    bool has_run;        /* its first stop is over */
    bool granted;        /* what it is granted is counted in the kernel */
    bool launching;      /* between our fork and the service's first execve: not the service yet */
    bool everywhere;     /* stops by PTRACE_SYSCALL at every call, filter or not */
    bool watched;        /* the same for a while, as long as the caller asks for it */
    bool in_call;        /* its begin was reported */
    bool by_ptrace;      /* ... at a stop of PTRACE_SYSCALL; the filter's comes yet */
    enum stop_kind stop; /* its last one */
    bool counted;        /* calls that do not stop are counted in the kernel */
    unsigned group;      /* of the counter */
    unsigned identity;   /* of the path cache, 0: not known */
    bool is_altered;     /* an exec may give it other credentials than it has: it changed them */
    uint64_t exit_stops; /* calls it was asked about by a stop when they had ended */
    unsigned stops;      /* calls it stopped at */
    char *program;       /* tracee_program(), NULL: not asked yet */
    uint64_t rseq;       /* where its rseq area is, 0: not known */
    bool want_exit;      /* its end was asked for */
    bool interrupted;    /* seized while it ran: the stop that was asked for has not come yet */
    bool is_gate;        /* taken, and has not executed its command yet */
    bool filter_offered; /* it was asked to install our filter */
    bool filter_seen;    /* which made a call of its stop */
    UT_hash_handle hh;
};

/* A mount namespace that the service was given (mount_ns.c). */
struct mount_ns {
    char *name;       /* what /proc/PID/ns/mnt says */
    bool is_own;      /* the tracer's own */
    int namespace_fd; /* keeps it whole when all who lived in it are gone; -1: the tracer's own */
    int root_fd;
    char *root; /* a path of root_fd; "" for the tracer's own */
    struct moved moved;
};

/* Where the start of a service failed; { 0 }: nowhere. */
enum launch_step { LAUNCH_EXEC, LAUNCH_FILTER, LAUNCH_USER, LAUNCH_SURROUNDINGS };

struct launch_failure {
    enum launch_step step;
    int code; /* errno */
};

struct wake_local;
struct queued_stop;

struct tracer {
    struct tracee *tasks;
    struct trace_ops ops;
    struct timespec started;
    bool filtered; /* a filter of ours makes calls stop; else PTRACE_SYSCALL does */
    struct filter filter;
    bool known[COUNTER_NUMBERS]; /* calls that need not be counted */
    bool knows_some;
    struct counter *counter; /* counts what the filter lets go by; NULL: it lets nothing go by */
    size_t count_cursor;
    struct path_cache *path_cache; /* knows names that need no stop; NULL: none do */
    struct trace_event owed; /* the end of a call that was over when it stopped; TRACE_TICK: none */
    int owed_signal;         /* comes after that, 0: none */
    cpu_set_t cores;         /* where we may run */
    bool may_move;
    unsigned stops_away;           /* in a row, on other cores than ours */
    struct wake_local *wake_local; /* NULL: none */
    struct internal_signals internal_signals;
    struct queued_stop *stop_queue; /* stops that were waited for and not looked at yet */
    size_t stop_queue_count, stop_queue_capacity;
    pid_t ended[64]; /* processes that ended last: what they sent may not have been read yet */
    size_t ended_count;
    unsigned stop_queue_waits;
    int core; /* where we run because a tracee does, -1: anywhere */
    bool announces_ends;
    struct capable_counter *capable_counter; /* NULL: not counted */
    struct signal_watch *signal_watch;       /* NULL: not counted */
    uint64_t signals_reported[SIGNAL_WATCH_KINDS];
    bool no_io_uring; /* io_uring_setup(2) is answered by us */
    bool has_taken;   /* a gate */
    bool releasing;   /* every task is let go at its next stop */
    pid_t late[8];    /* seized, but did not stop in time: let go when they do */
    size_t late_count;
    unsigned interrupted_count;
    int exec_error_fd; /* the first exec's errno arrives here */
    struct launch_failure failure;
    struct mount_ns *mount_namespaces; /* in which paths are told */
    size_t mount_ns_count;
    size_t mount_ns_capacity;
};

/* What is followed; a task that carries no filter of ours outlives its tracer with these alone. */
#define TRACER_FOLLOWS                                                                             \
    (PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE |      \
     PTRACE_O_TRACEEXEC | PTRACE_O_TRACESECCOMP)
#define TRACER_OPTIONS (TRACER_FOLLOWS | PTRACE_O_EXITKILL)

/* The task of that tid, or NULL. */
struct tracee *tracee_find(const struct tracer *tracer, pid_t tid);
/* The task of that tid, made when absent (its tgid is read from /proc). */
struct tracee *tracee_get(struct tracer *tracer, pid_t tid);
/* The task that `maker` has made; NULL when it is gone: killed at birth, its end can have been
 * waited for before its maker's event. */
struct tracee *tracee_made(struct tracer *tracer, const struct tracee *maker, pid_t tid);
/* The file it executes, as /proc names it, "" when that cannot be read; until it executes another.
 */
const char *tracee_program(struct tracee *task);
void tracee_forget_program(struct tracee *task);
/* Whether a task has a tracer (us: no one can have two); false once its end was waited for. */
bool tracee_is_traced(pid_t tid);
void tracee_drop(struct tracer *tracer, struct tracee *task);
/* After an exec `task` is the only one of its process, under its tgid. */
struct tracee *tracee_after_exec(struct tracer *tracer, pid_t tgid, pid_t former_tid);

/* A task whose maker is not known yet stops as its process or its parent does. */
void tracee_take_after(struct tracer *tracer, struct tracee *task);
/* Counts the calls of a stopped task in the kernel from now on, or no longer. */
void tracee_count(struct tracer *tracer, struct tracee *task, bool on);

/* Tells the counter who a counted task is now. 0 or -errno. */
int tracee_register(struct tracer *tracer, struct tracee *task);

void tracee_request(const struct tracee *task, enum __ptrace_request request, int signal);
/* The stop that an interrupt asked for has come. */
void tracee_settled(struct tracer *tracer, struct tracee *task);
/* include/linux/errno.h of the kernel. */
#define KERNEL_ERESTARTNOHAND 514
/* A call that only our interrupt made fail with EINTR is made again when the task, which is
 * stopped, goes on; whether it is one. */
bool syscall_restart_quietly(pid_t tid);

/* trace_ops.each_open_file over /proc. */
int proc_fds_each(void *context, pid_t tid,
                  void (*visit)(void *visitor, const struct trace_open_file *file), void *visitor);

/* mount_ns.c: the tracer's own is the first. */
void mount_ns_init(struct tracer *tracer);
void mount_ns_done(struct tracer *tracer);
/* From now on paths are told in the mount namespace of this process, which its service manager
 * made; no longer in the tracer's own unless it is that. */
void mount_ns_take(struct tracer *tracer, pid_t pid);
/* Looks (again) where a task lives: 1 in one of them, 0 elsewhere, -errno. */
int mount_ns_look(struct tracer *tracer, pid_t tid);
/* The mount namespace of a task; NULL when it lives elsewhere. */
const struct mount_ns *mount_ns_of(struct tracer *tracer, pid_t tid);
/* Counts what the task is granted, for the program it runs. */
void privileges_count(struct tracer *tracer, struct tracee *task);
/* It executed another program, and had the id `former`. */
void privileges_forget(struct tracer *tracer, struct tracee *task, pid_t former);
/* The ptrace options a task is seized with. */
uintptr_t tracee_options(const struct tracer *tracer, unsigned options);

/* privileges.c: the functions of tracer->ops that tell what a task may do. */
int privileges_read(void *context, pid_t tid, struct trace_privileges *ret);
int privileges_used(void *context, pid_t tid);
int privileges_status(void *context, pid_t tid, const char *path, struct stat *ret);
int privileges_of_file(void *context, pid_t tid, const char *path, uint64_t *ret);

/* Fills the functions of tracer->ops. */
void tracee_read_init(struct tracer *tracer);

/* tracee_write.c: the functions of tracer->ops that change a task. */
int tracee_write_first_argument(void *context, pid_t tid, uint32_t arch, uint64_t value);
int tracee_write_memory(void *context, pid_t tid, uint64_t address, const void *bytes,
                        size_t length);

#endif
