// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The loop: wait for a stop, classify it, tell the caller, resume. A request to a task that was
 * killed in between fails with ESRCH; its end is reported by waitpid(2), so that is not an error.
 */
#include "trace/tracer.h"
#include "trace/task/stop.h"
#include <errno.h>
#include <linux/ptrace.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

/* PTRACE_GET_SYSCALL_INFO is Linux 5.3; ptrace(2). */
static int require_kernel(struct err *err)
{
    struct utsname name;
    unsigned major, minor;

    if (uname(&name) < 0 || sscanf(name.release, "%u.%u", &major, &minor) != 2)
        return 0;
    if (major > 5 || (major == 5 && minor >= 3))
        return 0;
    return err_set(err, ENOSYS, "Linux %s is too old: cinch needs 5.3 (PTRACE_GET_SYSCALL_INFO)",
                   name.release);
}

struct tracer *tracer_new(struct err *err)
{
    if (require_kernel(err) < 0)
        return NULL;
    struct tracer *tracer = mem_new(1, sizeof(*tracer));
    tracer->owed.kind = TRACE_TICK;
    tracer->exec_error_fd = -1;
    tracer->filtered = filter_is_possible();
    filter_build_all(&tracer->filter);
    clock_gettime(CLOCK_MONOTONIC, &tracer->started);
    tracee_read_init(tracer);
    affinity_init(tracer);
    return tracer;
}

void tracer_free(struct tracer *tracer)
{
    struct tracee *task, *next;

    if (!tracer)
        return;
    HASH_ITER (hh, tracer->tasks, task, next) {
        tracee_drop(tracer, task);
    }
    path_cache_free(tracer->path_cache);
    counter_free(tracer->counter);
    wake_local_free(tracer->wake_local);
    capable_counter_free(tracer->capable_counter);
    signal_watch_free(tracer->signal_watch);
    filter_done(&tracer->filter);
    fd_close(&tracer->exec_error_fd);
    mount_ns_done(tracer);
    free(tracer->stop_queue);
    free(tracer);
}

const struct trace_ops *tracer_ops(struct tracer *tracer)
{
    return &tracer->ops;
}

void tracer_watch(struct tracer *tracer, pid_t tgid, bool on)
{
    struct tracee *task;

    for (task = tracer->tasks; task; task = task->hh.next)
        if (task->tgid == tgid)
            task->watched = on;
}

static bool stops_everywhere(const struct tracee *task)
{
    return task->everywhere || task->watched;
}

static bool is_between_calls(const struct tracee *task)
{
    return !task->in_call && !task->launching && task->stop != STOP_NEW_TASK &&
           task->stop != STOP_LEAVING;
}

/* Lets a task go on: to the end of the call when that is wanted, else to its next stop. Between
 * calls it changes from being counted to stopping everywhere and back, so that each call is seen
 * in one of the two ways. */
static void tracee_continue(struct tracer *tracer, struct tracee *task, int signal)
{
    if (is_between_calls(task) && task->counted == stops_everywhere(task))
        tracee_count(tracer, task, !task->counted);

    privileges_count(tracer, task);

    bool each = stops_everywhere(task) || task->want_exit || task->by_ptrace;

    affinity_hand_over(tracer, task, each ? PTRACE_SYSCALL : PTRACE_CONT, signal);
}

static void fill_call(struct trace_event *event, const struct ptrace_syscall_info *info)
{
    event->arch = info->arch;
    event->number = info->op == PTRACE_SYSCALL_INFO_SECCOMP ? info->seccomp.nr : info->entry.nr;
    for (size_t i = 0; i < ELEMENTS_OF(event->args); i++)
        event->args[i] =
            info->op == PTRACE_SYSCALL_INFO_SECCOMP ? info->seccomp.args[i] : info->entry.args[i];
}

/* What a launching task does before its execve is our own code. */
static bool is_ours(const struct tracee *task, const struct trace_event *event)
{
    return task->launching && event->number != SYS_execve;
}

/* Whether the stop is the begin of a call that has not been reported yet. */
static bool on_enter(struct tracer *tracer, struct tracee *task,
                     const struct ptrace_syscall_info *info, struct trace_event *event)
{
    bool by_filter = info->op == PTRACE_SYSCALL_INFO_SECCOMP;

    task->filter_seen |= by_filter;
    if (by_filter)
        exit_stop_not_at_end(tracer, task, info->seccomp.nr);
    if (task->in_call && by_filter)
        return false; /* its syscall-enter-stop came first */
    fill_call(event, info);
    if (is_ours(task, event) || deny_answers(tracer, task, event->number, by_filter))
        return false;
    task->in_call = true;
    task->by_ptrace = !by_filter;
    event->kind = TRACE_ENTER;
    return true;
}

/* An end without a begin is a new task leaving the call that made it, or one that was under way. */
static bool on_leave(struct tracee *task, const struct ptrace_syscall_info *info,
                     struct trace_event *event)
{
    bool reported = task->in_call;

    task->in_call = false;
    task->by_ptrace = false;
    task->want_exit = false;
    event->kind = TRACE_EXIT;
    event->arch = info->arch;
    event->rval = info->exit.rval;
    event->is_error = info->exit.is_error;
    return reported;
}

/* Each on_* tells whether the event is for the caller; otherwise the task simply goes on. */
static bool on_syscall(struct tracer *tracer, struct tracee *task, struct trace_event *event)
{
    struct ptrace_syscall_info info = { 0 };

    if (ptrace(PTRACE_GET_SYSCALL_INFO, task->tid, (void *)sizeof(info), &info) < 0)
        return false;
    if (info.op == PTRACE_SYSCALL_INFO_EXIT)
        return on_leave(task, &info, event);
    if (info.op == PTRACE_SYSCALL_INFO_NONE)
        return false;
    return on_enter(tracer, task, &info, event);
}

static pid_t event_message(const struct tracee *task)
{
    unsigned long message = 0;

    ptrace(PTRACE_GETEVENTMSG, task->tid, 0, &message);
    return (pid_t)message;
}

static bool on_new_task(struct tracer *tracer, struct tracee *task, struct trace_event *event)
{
    pid_t tid = event_message(task);

    struct tracee *made = tid > 0 ? tracee_made(tracer, task, tid) : NULL;
    if (!made)
        return false;
    event->kind = TRACE_NEW_TASK;
    event->parent = task->tid;
    event->tid = tid;
    event->tgid = made->tgid;
    return true;
}

static bool on_exec(struct tracer *tracer, struct tracee *task, struct trace_event *event)
{
    pid_t former = event_message(task);

    event->kind = TRACE_EXEC;
    event->former_tid = former;
    if (tracer->counter && former != event->tid)
        counter_leave(tracer->counter, former); /* never ends under that id */
    task = tracee_after_exec(tracer, event->tid, former > 0 ? former : event->tid);
    task->stop = STOP_EXEC;
    task->launching = false;
    gate_attach_launched(tracer, task);
    task->in_call = task->want_exit = task->by_ptrace = false; /* so ends an execve */
    task->rseq = 0;
    tracee_forget_program(task);
    privileges_forget(tracer, task, former);
    exit_stop_after_exec(tracer, task);
    if (task->counted) /* for another program */
        tracee_count(tracer, task, true);
    event->tgid = task->tgid;
    return true;
}

static bool on_gone(struct tracer *tracer, struct tracee *task, int status,
                    struct trace_event *event)
{
    struct launch_failure failure;

    event->kind = TRACE_GONE;
    event->status = status;
    event->is_leader = task->tid == task->tgid;
    if (task->launching && !tracer->failure.code &&
        read(tracer->exec_error_fd, &failure, sizeof(failure)) == sizeof(failure))
        tracer->failure = failure;
    tracee_drop(tracer, task);
    return true;
}

static bool on_stop(struct tracer *tracer, struct tracee *task, int status,
                    struct trace_event *event)
{
    task->stop = stop_classify(status);
    switch (task->stop) {
    case STOP_EXITED:
        return on_gone(tracer, task, status, event);
    case STOP_SYSCALL:
    case STOP_SECCOMP:
        return on_syscall(tracer, task, event);
    case STOP_NEW_TASK:
        return on_new_task(tracer, task, event);
    case STOP_EXEC:
        return on_exec(tracer, task, event);
    case STOP_SIGNAL:
        return exit_stop_on_signal(tracer, task, WSTOPSIG(status), event);
    case STOP_LEAVING:
        event->kind = TRACE_LEAVING;
        return !task->launching;
    case STOP_GROUP:
    case STOP_NOTICE:
    case STOP_OTHER:
        break;
    }
    return false;
}

/* Goes on with a task whose stop was not for the caller. */
static void skip_stop(struct tracer *tracer, struct tracee *task, int status)
{
    enum stop_kind kind = stop_classify(status);

    if (tracer->releasing) {
        attach_release(tracer, task, 0);
        return;
    }
    if (task->interrupted && (kind == STOP_NOTICE || kind == STOP_GROUP)) {
        syscall_restart_quietly(task->tid);
        tracee_settled(tracer, task);
    }
    if (kind == STOP_GROUP)
        tracee_request(task, PTRACE_LISTEN, 0);
    else
        tracee_continue(tracer, task, 0);
}

/* Nothing is left to wait for, but a task we knew: its end was never told. */
static int lost_task(struct tracer *tracer, struct trace_event *ret)
{
    struct tracee *task = tracer->tasks;

    ret->kind = TRACE_LOST;
    ret->tid = task->tid;
    ret->tgid = task->tgid;
    ret->detail = "it vanished without an end";
    tracee_drop(tracer, task);
    return 1;
}

/* One wait. 1: *ret is an event; 0: look again; -errno. */
static int wait_once(struct tracer *tracer, struct trace_event *ret)
{
    int status;
    pid_t tid = stop_queue_next(tracer, &status);

    *ret = (struct trace_event){ .kind = TRACE_TICK };
    ret->at_ms = tracer_elapsed_ms(tracer);
    if (tid < 0 && errno == ECHILD)
        return lost_task(tracer, ret);
    if (tid < 0 && errno == EINTR)
        tracer_settle(tracer);
    if (tid < 0)
        return errno == EINTR ? 1 : -errno;
    struct tracee *task = tracee_find(tracer, tid);
    if (!task && gate_attach_is_late(tracer, tid)) {
        tracer_let_go_late(tracer);
        return 0;
    }
    if (!task && !WIFSTOPPED(status)) {
        ret->kind = TRACE_CHILD;
        ret->tid = tid;
        ret->status = status;
        return 1;
    }
    if (!task) { /* a new task's first stop can come before its maker's event */
        task = tracee_get(tracer, tid);
        tracee_take_after(tracer, task);
    }
    ret->tid = tid;
    ret->tgid = task->tgid;
    if (WIFSTOPPED(status))
        affinity_pin(tracer, task);
    bool is_event = on_stop(tracer, task, status, ret);
    task = tracee_find(tracer, tid); /* an exec or its end changed it */
    /* The interrupt's doing, and taken back: the call did not end. */
    if (tracer->releasing && ret->kind == TRACE_EXIT && ret->is_error && ret->rval == -EINTR)
        is_event = false;
    else if (is_event && task)
        attach_undisturbed(task, ret);
    if (!is_event && task)
        skip_stop(tracer, task, status);
    return is_event;
}

int tracer_next(struct tracer *tracer, struct trace_event *ret, struct err *err)
{
    int result = 0;

    if (tracer->owed.kind != TRACE_TICK) {
        *ret = tracer->owed;
        tracer->owed.kind = TRACE_TICK;
        return 0;
    }
    while (result == 0) {
        if (!tracer->tasks) {
            *ret = (struct trace_event){ .kind = TRACE_DONE, .at_ms = tracer_elapsed_ms(tracer) };
            return 0;
        }
        result = wait_once(tracer, ret);
    }
    if (result < 0)
        return err_set(err, -result, "waiting for the service failed: %s", strerror(-result));
    return 0;
}

void tracer_resume(struct tracer *tracer, const struct trace_event *event, bool want_exit)
{
    bool new_task = event->kind == TRACE_NEW_TASK;
    struct tracee *task = tracee_find(tracer, new_task ? event->parent : event->tid);

    if (!task || event->kind == TRACE_GONE || event->kind == TRACE_CHILD)
        return;
    if (event->kind == TRACE_ENTER && event->is_over)
        return; /* it stays for its end */
    if (event->kind == TRACE_EXIT && exit_stop_owes_signal(tracer, event))
        return;
    int signal = event->kind == TRACE_SIGNAL ? event->signal : 0;
    if (tracer->releasing) {
        attach_release(tracer, task, signal);
        return;
    }
    if (event->kind == TRACE_ENTER) {
        task->want_exit = want_exit;
        /* The end will not be seen: the call is over for us. A seccomp stop of the same call cannot
         * follow, this was it. */
        if (!want_exit && !stops_everywhere(task) && !task->by_ptrace)
            task->in_call = false;
    }
    tracee_continue(tracer, task, signal);
}
