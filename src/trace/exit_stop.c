// SPDX-License-Identifier: LGPL-2.1-or-later
/* Stops at the end of calls whose names are not known yet, and what makes names known. */
#include "trace/tracer.h"
#include <cinch/base/proc.h>
#include <errno.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/xattr.h>

/* Our program sends the signal from within the kernel; no process can (sigaction(2), SI_KERNEL). */
static bool is_ours(const struct tracer *tracer, const struct tracee *task)
{
    siginfo_t info = { 0 };

    return tracer->path_cache && ptrace(PTRACE_GETSIGINFO, task->tid, 0, &info) == 0 &&
           info.si_code == SI_KERNEL;
}

/* The first unknown call shows who the task is. */
static void identify(struct tracer *tracer, struct tracee *task)
{
    if (task->identity)
        return;
    task->identity = path_cache_identity(tracer->path_cache, task->tid);
    if (task->identity)
        tracee_register(tracer, task);
}

static bool ask_stopped(struct tracer *tracer, struct tracee *task, struct trace_event *event)
{
    if (!tracer->path_cache || !task->counted ||
        path_cache_read_call(tracer->path_cache, task->tid, &task->exit_stops, event) < 0 ||
        deny_answers(tracer, task, event->number, true))
        return false;
    identify(tracer, task);
    event->kind = TRACE_ENTER;
    event->arch = seccomp_arch_native();
    event->is_over = true;
    tracer->owed = *event;
    tracer->owed.kind = TRACE_EXIT;
    return true;
}

/* Any signal shows that a call is to be told: the one that was sent for it may come later, or
 * never, when that signal ends the task or (SIGCONT) takes it back. */
bool exit_stop_on_signal(struct tracer *tracer, struct tracee *task, int signal,
                         struct trace_event *event)
{
    bool ours = signal == SIGSTOP && is_ours(tracer, task);

    if (ask_stopped(tracer, task, event)) {
        tracer->owed_signal = ours ? 0 : signal;
        return true;
    }
    event->kind = TRACE_SIGNAL;
    event->signal = signal;
    return !ours;
}

bool exit_stop_owes_signal(struct tracer *tracer, const struct trace_event *end)
{
    if (!tracer->owed_signal)
        return false;
    tracer->owed = *end;
    tracer->owed.kind = TRACE_SIGNAL;
    tracer->owed.signal = tracer->owed_signal;
    tracer->owed_signal = 0;
    return true;
}

void exit_stop_not_at_end(struct tracer *tracer, struct tracee *task, uint64_t number)
{
    const struct counter_task blind = {
        .group = task->group,
        .view = task_identity_key_once_blind(task_identity_key(task->identity, task->group)),
        .exit_stops = task->exit_stops,
    };

    if (task->counted && tracer->path_cache)
        counter_follow(tracer->counter, task->tid, &blind);
    else if (task->counted)
        counter_stopped(tracer->counter, task->group, number);
}

/* Set-id bits and file capabilities make another of who executes the file (execve(2)). */
static bool gives_privileges(pid_t tid)
{
    char path[PROC_PATH_MAX];
    struct stat st;

    return stat(proc_path(path, tid, "exe"), &st) < 0 || st.st_mode & (S_ISUID | S_ISGID) ||
           getxattr(path, "security.capability", NULL, 0) >= 0;
}

/* An exec computes the capabilities anew (capabilities(7)): root regains what it dropped, others
 * lose what they kept. Who has not changed since the last exec of a plain file is not changed by
 * another one. */
void exit_stop_after_exec(const struct tracer *tracer, struct tracee *task)
{
    if (!tracer->path_cache)
        return;
    bool is_given = gives_privileges(task->tid);
    if (is_given || task->is_altered)
        task->identity = 0;
    task->is_altered = is_given;
}

int tracer_remember(struct tracer *tracer, const struct trace_event *event, const char *name,
                    uint32_t id)
{
    const struct tracee *task = tracee_find(tracer, event->tid);

    if (!tracer->path_cache || !task || !task->counted || !event->is_over)
        return -ENOSYS;
    return path_cache_remember(tracer->path_cache, task_identity_key(task->identity, task->group),
                               event, name, id);
}

void tracer_forget(struct tracer *tracer)
{
    if (tracer->path_cache)
        path_cache_forget(tracer->path_cache);
}

uint64_t tracer_lost_calls(const struct tracer *tracer)
{
    return path_cache_unanswered(tracer->path_cache);
}

bool tracer_next_repeat(struct tracer *tracer, struct trace_repeat *ret)
{
    return tracer->path_cache && path_cache_next(tracer->path_cache, ret);
}

/* It may run, and be stopped for a call right now: what is kept of that stays. */
static void make_nobody(struct tracer *tracer, struct tracee *task)
{
    struct counter_task known;

    task->identity = 0;
    if (!task->counted || counter_exit_rule(tracer->counter, task->tid, &known) < 0)
        return;
    known.view = task_identity_key(0, task->group);
    counter_follow(tracer->counter, task->tid, &known);
}

void tracer_changed(struct tracer *tracer, pid_t tid)
{
    if (!tracer->path_cache)
        return;
    for (struct tracee *task = tracer->tasks; task; task = task->hh.next) {
        if (tid && task->tid != tid)
            continue;
        task->is_altered |= tid != 0;
        make_nobody(tracer, task);
    }
    if (!tid)
        path_cache_forget(tracer->path_cache);
}
