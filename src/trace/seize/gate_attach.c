// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Taking a gate: a process that waits for us, and then executes the service. Where it may install a
 * filter it is asked to: calls then stop as those of a service that we started ourselves do. A
 * filter is never taken back, and without a tracer it makes calls fail (seccomp(2)), so such a
 * service ends with its tracer; one without a filter runs on.
 */
#include "trace/seize/seize.h"
#include <cinch/base/proc.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/ptrace.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* What /proc/PID/status says of a name, as a number of that base; -1 when it does not. */
static int64_t status_value(const char *status, const char *name, int base)
{
    const char *value = proc_status_value(status, name);

    return value ? (int64_t)strtoull(value, NULL, base) : -1;
}

/* Whether the process is under no other filters than the first process, whose are a container's and
 * all processes'. Their number stands there since Linux 5.9; they are inherited and only added to.
 */
static bool has_no_filter_of_its_own(const char *status)
{
    int64_t own = status_value(status, "Seccomp_filters", 10);
    struct str first = { 0 };

    if (own <= 0 || proc_read_status(1, &first) < 0) {
        str_done(&first);
        return own <= 0 && status_value(status, "Seccomp", 10) == 0;
    }
    bool same = own == status_value(first.data, "Seccomp_filters", 10);
    str_done(&first);
    return same;
}

/*
 * seccomp(2): CAP_SYS_ADMIN or no_new_privs; the gate sets neither. A filter that is there already
 * (the unit's SystemCallFilter= and most of Restrict*=) may answer calls before ours sees them, so
 * every call of such a service must stop by ptrace.
 */
static bool may_install(pid_t pid)
{
    struct str status = { 0 };
    bool may = false;

    if (proc_read_status(pid, &status) == 0) {
        int64_t effective = status_value(status.data, "CapEff", 16);
        bool is_admin = effective >= 0 && effective & INT64_C(1) << CAP_SYS_ADMIN;
        may = has_no_filter_of_its_own(status.data) &&
              (is_admin || status_value(status.data, "NoNewPrivs", 10) == 1);
    }
    str_done(&status);
    return may;
}

static void without_filter(struct tracer *tracer)
{
    tracer->filtered = false;
    path_cache_free(tracer->path_cache); /* it borrows the counter */
    counter_free(tracer->counter);
    tracer->path_cache = NULL;
    tracer->counter = NULL;
}

/* What is true of all that are taken is decided with the first. */
static void decide(struct tracer *tracer, const struct trace_take *take)
{
    if (tracer->has_taken)
        return;
    tracer->has_taken = true;
    clock_gettime(CLOCK_MONOTONIC, &tracer->started);
    if (!take->may_filter || !tracer->filtered || !may_install(take->pid))
        without_filter(tracer);
    tracer->no_io_uring = take->no_io_uring;
}

/* So long a gate, which only waits, may take to stop. */
#define STOP_MS 1000

/* Waits until a task that was seized and interrupted has stopped for that. Signals that come before
 * are its own. 0 or -errno. */
static int wait_for_stop(pid_t pid)
{
    const struct timespec pause = { .tv_nsec = 1000000 };
    int status;

    for (int tries = 0; tries < STOP_MS; tries++) {
        pid_t got = waitpid(pid, &status, __WALL | WNOHANG);
        if (got < 0 && errno != EINTR)
            return -errno;
        if (got != pid)
            nanosleep(&pause, NULL);
        else if (!WIFSTOPPED(status))
            return -ESRCH;
        else if (status >> 16 == PTRACE_EVENT_STOP)
            return 0;
        else
            ptrace(PTRACE_CONT, pid, 0, (void *)(intptr_t)WSTOPSIG(status));
    }
    return -ETIMEDOUT;
}

/* The stop may have been told already, or not come yet; and what was told of a signal is that
 * signal's to go on with. Whether it is none of ours any more. */
static bool let_go_late(pid_t pid)
{
    int status = 0;
    pid_t got = waitpid(pid, &status, __WALL | WNOHANG);
    bool is_signal = got == pid && WIFSTOPPED(status) && status >> 16 == 0;
    intptr_t signal = is_signal ? WSTOPSIG(status) : 0;

    if ((got < 0 && errno == ECHILD) || (got == pid && !WIFSTOPPED(status)))
        return true;
    return ptrace(PTRACE_DETACH, pid, 0, (void *)signal) == 0;
}

void tracer_let_go_late(struct tracer *tracer)
{
    for (size_t i = 0; i < tracer->late_count;) {
        if (let_go_late(tracer->late[i]))
            tracer->late[i] = tracer->late[--tracer->late_count];
        else
            i++;
    }
}

bool gate_attach_is_late(const struct tracer *tracer, pid_t pid)
{
    for (size_t i = 0; i < tracer->late_count; i++)
        if (tracer->late[i] == pid)
            return true;
    return false;
}

/*
 * Seizes the process that the pidfd stands for, and stops it. Its number may have been used again
 * until it is seized, and never after: we would have to wait for its end first. So the pidfd is
 * asked once more, and only then does what we trace depend on us (PTRACE_O_EXITKILL).
 */
static int seize(struct tracer *tracer, const struct trace_take *take, struct err *err)
{
    pid_t pid = take->pid;

    if (tracer->late_count == ELEMENTS_OF(tracer->late))
        return err_set(err, EBUSY, "process %d is not traced: too many before it did not stop",
                       (int)pid);
    if (ptrace(PTRACE_SEIZE, pid, 0, 0) < 0)
        return attach_refused(pid, errno, err);
    bool is_it = syscall(SYS_pidfd_send_signal, take->pidfd, 0, NULL, 0) == 0;
    ptrace(PTRACE_INTERRUPT, pid, 0, 0);
    int result = wait_for_stop(pid);
    if (is_it && result == 0)
        return 0;
    if (result == 0)
        ptrace(PTRACE_DETACH, pid, 0, 0);
    if (result == -ETIMEDOUT)
        tracer->late[tracer->late_count++] = pid;
    return is_it && result == -ETIMEDOUT
               ? err_set(err, ETIMEDOUT, "process %d does not stop to be traced", (int)pid)
               : err_set(err, ESRCH, "process %d ended before it could be traced", (int)pid);
}

int tracer_take(struct tracer *tracer, const struct trace_take *take, struct err *err)
{
    int result = seize(tracer, take, err);

    if (result < 0)
        return result;
    decide(tracer, take);
    bool filtered = tracer->filtered && may_install(take->pid);
    if (tracer->no_io_uring && !filtered && !deny_by_hand_is_possible()) {
        ptrace(PTRACE_DETACH, take->pid, 0, 0);
        return err_set(
            err, ENOTSUP,
            "--no-io-uring: a service that may install no filter cannot be denied a call "
            "on this architecture");
    }
    unsigned options = filtered ? TRACER_OPTIONS : TRACER_FOLLOWS;
    ptrace(PTRACE_SETOPTIONS, take->pid, 0, (void *)tracee_options(tracer, options));
    mount_ns_take(tracer, take->pid);
    struct tracee *task = tracee_get(tracer, take->pid);
    task->launching = true;
    task->is_gate = true;
    task->filter_offered = filtered;
    task->everywhere = true; /* until its filter is seen to work */
    return 0;
}

void tracer_taken(struct tracer *tracer, pid_t pid, bool goes_on)
{
    struct tracee *task = tracee_find(tracer, pid);

    if (!goes_on && task) {
        ptrace(PTRACE_DETACH, pid, 0, 0);
        tracee_drop(tracer, task);
        return;
    }
    /* At the stop of its next call it is like any other. Not by an interrupt, which may come late:
     * the gate may run before we do, up to the service's execve and beyond. */
    ptrace(PTRACE_SYSCALL, pid, 0, 0);
}

size_t tracer_programs(const struct tracer *tracer, pid_t pid, struct trace_program ret[2])
{
    const struct tracee *task = tracee_find(tracer, pid);
    const struct filter *filter = &tracer->filter;
    size_t count = 0;

    if (!task || !task->filter_offered)
        return 0;
    if (tracer->no_io_uring)
        ret[count++] = deny_program();
    ret[count++] =
        (struct trace_program){ filter->code, filter->count * sizeof(*filter->code), false };
    for (size_t i = 0; i < count; i++)
        ret[i].is_apart = tracer->announces_ends;
    return count;
}

void gate_attach_launched(struct tracer *tracer, struct tracee *task)
{
    if (!task->is_gate)
        return;
    task->is_gate = false;
    task->everywhere = !task->filter_seen;
    if (task->filter_seen || !task->filter_offered)
        return;
    /* It could not be installed after all. */
    ptrace(PTRACE_SETOPTIONS, task->tid, 0, (void *)tracee_options(tracer, TRACER_FOLLOWS));
    if (HASH_COUNT(tracer->tasks) == 1)
        without_filter(tracer);
}

bool tracer_must_stay(const struct tracer *tracer)
{
    return tracer->filtered;
}

int tracer_deny_io_uring(struct tracer *tracer)
{
    if (!deny_by_hand_is_possible())
        return -ENOTSUP;
    tracer->no_io_uring = true;
    return 0;
}
