// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Seizing what runs already, and letting it go. PTRACE_SEIZE stops nothing and needs no signal; the
 * interrupt that makes a task stop for the first time is taken back from the calls it disturbs
 * (restart.c). No task carries a filter, so all of them outlive the tracer.
 */
#include "trace/seize/seize.h"
#include <cinch/base/proc.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/ptrace.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Passes over the tree until one finds nothing new. Once a task is seized the kernel attaches what
 * it makes, so more than a few passes are needed only while a storm of forks outruns us. */
#define PASS_LIMIT 1000
/* So many that found nothing: a list of children that end while it is read may leave out others
 * (proc(5), /proc/TID/task/TID/children). */
#define EMPTY_PASSES 8

struct attaching {
    struct tracer *tracer;
    size_t seized; /* in this pass */
    int refused;   /* errno of the last task of this pass that could not be seized, or looked at */
    pid_t *found;  /* processes of the tree, in this pass: a list, for it may be of any depth */
    size_t count, capacity;
};

static bool is_dead(pid_t tid)
{
    CLEANUP(str_done) struct str stat = { 0 };

    if (proc_read(tid, "stat", 4096, &stat) < 0)
        return true;
    const char *state = proc_stat_field(stat.data, 3);
    return !state || *state == 'Z' || *state == 'X';
}

static void seize_task(struct attaching *attaching, pid_t tid)
{
    if (tracee_find(attaching->tracer, tid))
        return;
    bool seized = ptrace(PTRACE_SEIZE, tid, 0,
                         (void *)tracee_options(attaching->tracer, TRACER_FOLLOWS)) == 0;
    if (!seized) {
        int code = errno;
        /* Attached at birth by its maker, whom we trace: its first stop is under way. */
        if (code == EPERM && proc_status_number(tid, "TracerPid") == getpid())
            attaching->seized++;
        else if (code != ESRCH && !is_dead(tid))
            attaching->refused = code;
        return;
    }
    struct tracee *task = tracee_get(attaching->tracer, tid);
    task->interrupted = true;
    attaching->tracer->interrupted_count++;
    attaching->seized++;
    ptrace(PTRACE_INTERRUPT, tid, 0, 0);
}

static void find_process(struct attaching *attaching, pid_t pid)
{
    mem_reserve(&attaching->found, &attaching->capacity, attaching->count + 1,
                sizeof(*attaching->found));
    attaching->found[attaching->count++] = pid;
}

/* What cannot be read of a task that is there hides others. */
static void note_unreadable(struct attaching *attaching, pid_t tid, int code)
{
    if ((code != ENOENT && code != ESRCH) || !is_dead(tid))
        attaching->refused = code;
}

/* proc(5), /proc/TID/task/TID/children: blank-separated. */
static void find_children(struct attaching *attaching, pid_t pid, pid_t tid)
{
    char name[40];
    struct str children = { 0 };

    snprintf(name, sizeof(name), "task/%d/children", (int)tid);
    int result = proc_read(pid, name, (size_t)16 << 20, &children);
    if (result < 0)
        note_unreadable(attaching, tid, -result);
    char *end = children.data;
    for (const char *at = children.data; at && *at; at = end) {
        long child = strtol(at, &end, 10);
        if (end == at)
            break;
        find_process(attaching, (pid_t)child);
    }
    str_done(&children);
}

static void seize_process(struct attaching *attaching, pid_t pid)
{
    char path[PROC_PATH_MAX];
    DIR *tasks = opendir(proc_path(path, pid, "task"));
    const struct dirent *entry;

    if (!tasks) {
        note_unreadable(attaching, pid, errno);
        return;
    }
    while ((entry = readdir(tasks))) {
        pid_t tid = (pid_t)strtol(entry->d_name, NULL, 10);
        if (tid <= 0)
            continue;
        seize_task(attaching, tid);
        find_children(attaching, pid, tid);
    }
    closedir(tasks);
}

static void seize_tree(struct attaching *attaching, pid_t pid)
{
    attaching->seized = attaching->count = 0;
    attaching->refused = 0;
    find_process(attaching, pid);
    for (size_t i = 0; i < attaching->count; i++)
        seize_process(attaching, attaching->found[i]);
}

static void seize_all(struct attaching *attaching, pid_t pid)
{
    int empty = 0;

    for (int pass = 0; pass < PASS_LIMIT && empty < EMPTY_PASSES; pass++) {
        seize_tree(attaching, pid);
        empty = attaching->seized ? 0 : empty + 1;
    }
    free(attaching->found);
    attaching->found = NULL;
}

static bool is_own_ancestor(pid_t pid)
{
    long at = getpid();

    while (at > 0 && at != pid)
        at = (pid_t)proc_status_number((pid_t)at, "PPid");
    return at == pid;
}

int attach_refused(pid_t pid, int code, struct err *err)
{
    long other = (long)proc_status_number(pid, "TracerPid");

    if (code == ESRCH || other < 0)
        return err_set(err, ESRCH, "there is no process %d; see systemctl show -P MainPID UNIT",
                       (int)pid);
    if (other > 0)
        return err_set(err, EBUSY,
                       "process %d is traced by process %ld already; end that one first", (int)pid,
                       other);
    return err_set(err, code,
                   "cannot trace process %d: %s; run cinch as root (in a container with "
                   "CAP_SYS_PTRACE)",
                   (int)pid, strerror(code));
}

int tracer_attach(struct tracer *tracer, pid_t pid, bool *ret_whole, struct err *err)
{
    struct attaching attaching = { .tracer = tracer };

    if (is_own_ancestor(pid))
        return err_set(err, EINVAL, "cinch itself runs below process %d; choose another one",
                       (int)pid);
    tracer->filtered = false;
    clock_gettime(CLOCK_MONOTONIC, &tracer->started);
    mount_ns_take(tracer, pid);
    seize_all(&attaching, pid);
    if (tracee_find(tracer, pid)) {
        *ret_whole = attaching.refused == 0;
        return 0;
    }
    return attach_refused(pid, attaching.refused ? attaching.refused : ESRCH, err);
}

bool tracer_attach_missed(struct tracer *tracer, pid_t pid)
{
    struct attaching attaching = { .tracer = tracer };

    /* It has ended, and another process may have its number. */
    if (!tracee_find(tracer, pid))
        return true;
    seize_all(&attaching, pid);
    return attaching.refused == 0;
}

bool tracer_is_settled(const struct tracer *tracer)
{
    return tracer->interrupted_count == 0;
}

void tracer_stop_everywhere(struct tracer *tracer, pid_t tid, bool is_running)
{
    struct tracee *task = tracee_find(tracer, tid);

    if (!task || task->everywhere)
        return;
    task->everywhere = true;
    if (!is_running || task->interrupted)
        return;
    task->interrupted = true;
    tracer->interrupted_count++;
    ptrace(PTRACE_INTERRUPT, tid, 0, 0);
}

/* A call that began at a stop ends at one, before the stop that was asked for: and so does the call
 * that this disturbed. Any stop takes the place of that one (kernel/signal.c, ptrace_stop()). */
void attach_undisturbed(const struct tracee *task, struct trace_event *event)
{
    if (task->interrupted && event->kind == TRACE_EXIT && event->is_error &&
        event->rval == -EINTR && syscall_restart_quietly(task->tid))
        event->rval = -KERNEL_ERESTARTNOHAND;
}

void tracer_each_task(const struct tracer *tracer,
                      void (*visit)(void *context, pid_t tid, pid_t tgid), void *context)
{
    const struct tracee *task;

    for (task = tracer->tasks; task; task = task->hh.next)
        visit(context, task->tid, task->tgid);
}

void tracer_let_go(struct tracer *tracer)
{
    const struct tracee *task;

    tracer->releasing = true;
    for (task = tracer->tasks; task; task = task->hh.next)
        ptrace(PTRACE_INTERRUPT, task->tid, 0, 0);
}

static bool is_entering(pid_t tid)
{
    struct ptrace_syscall_info info = { 0 };

    return ptrace(PTRACE_GET_SYSCALL_INFO, tid, (void *)sizeof(info), &info) > 0 &&
           (info.op == PTRACE_SYSCALL_INFO_ENTRY || info.op == PTRACE_SYSCALL_INFO_SECCOMP);
}

/* A stopped process stays stopped (ptrace(2), "Detaching"), a signal on its way arrives. */
void attach_release(struct tracer *tracer, struct tracee *task, int signal)
{
    /* Detaching wakes it as a signal would: a call that has just begun would fail with EINTR, where
     * nobody could take that back any more. At its end it can be. */
    if (is_entering(task->tid)) {
        ptrace(PTRACE_SYSCALL, task->tid, 0, 0);
        ptrace(PTRACE_INTERRUPT, task->tid, 0, 0);
        return;
    }
    syscall_restart_quietly(task->tid);
    ptrace(PTRACE_DETACH, task->tid, 0, (void *)(intptr_t)signal);
    tracee_drop(tracer, task);
}
