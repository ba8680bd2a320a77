// SPDX-License-Identifier: LGPL-2.1-or-later
#include "trace/task/tracer_state.h"
#include <cinch/base/proc.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct tracee *tracee_find(const struct tracer *tracer, pid_t tid)
{
    struct tracee *task;

    HASH_FIND(hh, tracer->tasks, &tid, sizeof(tid), task);
    return task;
}

/* Asked of the kernel: /proc may hide the task (hidepid=, proc(5)), or be unmounted by it. */
bool tracee_is_traced(pid_t tid)
{
    siginfo_t info;

    return waitid(P_PID, (id_t)tid, &info, WEXITED | WSTOPPED | WNOHANG | WNOWAIT | __WALL) == 0;
}

/* Likewise: ESRCH where the task is not of that group (tgkill(2)). */
static bool is_thread_of(pid_t tgid, pid_t tid)
{
    return tgkill(tgid, tid, 0) == 0 || errno == EPERM;
}

/* The thread group of a task, or its own tid when it is gone. */
static pid_t tracee_read_tgid(const struct tracer *tracer, pid_t tid)
{
    pid_t tgid = (pid_t)proc_status_number(tid, "Tgid");

    if (tgid > 0)
        return tgid;
    for (const struct tracee *task = tracer->tasks; task; task = task->hh.next)
        if (task->tgid == task->tid && is_thread_of(task->tid, tid))
            return task->tid;
    return tid;
}

static struct tracee *tracee_add(struct tracer *tracer, pid_t tid, pid_t tgid)
{
    struct tracee *task = mem_new(1, sizeof(*task));

    task->tid = tid;
    task->tgid = tgid;
    task->mount_ns = -1;
    task->everywhere = !tracer->filtered;
    HASH_ADD(hh, tracer->tasks, tid, sizeof(task->tid), task);
    return task;
}

struct tracee *tracee_get(struct tracer *tracer, pid_t tid)
{
    struct tracee *task = tracee_find(tracer, tid);

    return task ? task : tracee_add(tracer, tid, tracee_read_tgid(tracer, tid));
}

static void take_after(struct tracee *task, const struct tracee *model)
{
    task->everywhere |= model->everywhere;
    task->watched |= model->watched;
    task->identity = model->identity;
    task->is_altered |= model->is_altered;
}

struct tracee *tracee_made(struct tracer *tracer, const struct tracee *maker, pid_t tid)
{
    struct tracee *made = tracee_find(tracer, tid);
    bool is_new = !made, is_thread = is_new && is_thread_of(maker->tgid, tid);

    if (is_new && !is_thread && !tracee_is_traced(tid))
        return NULL;
    if (is_new) {
        made = tracee_add(tracer, tid, is_thread ? maker->tgid : tid);
        made->program = maker->program ? mem_strdup(maker->program) : NULL;
    }
    take_after(made, maker);
    return made;
}

const char *tracee_program(struct tracee *task)
{
    if (!task->program && proc_link(task->tid, "exe", &task->program) < 0)
        task->program = mem_strdup("");
    return task->program;
}

void tracee_forget_program(struct tracee *task)
{
    free(task->program);
    task->program = NULL;
}

void tracee_drop(struct tracer *tracer, struct tracee *task)
{
    tracee_settled(tracer, task);
    if (task->tid == task->tgid)
        tracer->ended[tracer->ended_count++ % ELEMENTS_OF(tracer->ended)] = task->tgid;
    HASH_DEL(tracer->tasks, task);
    tracee_forget_program(task);
    free(task);
}

struct tracee *tracee_after_exec(struct tracer *tracer, pid_t tgid, pid_t former_tid)
{
    struct tracee *survivor = tracee_find(tracer, former_tid);
    struct tracee *task, *next;

    if (survivor) {
        HASH_DEL(tracer->tasks, survivor);
        survivor->tid = survivor->tgid = tgid;
    }
    HASH_ITER (hh, tracer->tasks, task, next) {
        if (task->tgid == tgid)
            tracee_drop(tracer, task);
    }
    if (!survivor)
        return tracee_get(tracer, tgid);
    HASH_ADD(hh, tracer->tasks, tid, sizeof(survivor->tid), survivor);
    return survivor;
}

void tracee_take_after(struct tracer *tracer, struct tracee *task)
{
    const struct tracee *model = NULL, *other;

    for (other = tracer->tasks; other && !model; other = other->hh.next)
        if (other != task && other->tgid == task->tgid)
            model = other;
    if (!model)
        model = tracee_find(tracer, (pid_t)proc_status_number(task->tid, "PPid"));
    if (model)
        take_after(task, model);
}

/* An execve(2) that succeeded ends yet, and was told. */
int tracee_register(struct tracer *tracer, struct tracee *task)
{
    unsigned view = task_identity_key(task->identity, task->group);
    const struct counter_task known = {
        .group = task->group,
        .view = task->stop == STOP_EXEC ? task_identity_key_once_blind(view) : view,
        .exit_stops = task->exit_stops,
    };

    return counter_follow(tracer->counter, task->tid, &known);
}

void tracee_count(struct tracer *tracer, struct tracee *task, bool on)
{
    if (!tracer->counter)
        return;
    if (!on) {
        counter_leave(tracer->counter, task->tid);
        task->counted = false;
        return;
    }
    task->group = counter_group(tracer->counter, tracee_program(task));
    task->counted = tracee_register(tracer, task) == 0;
    if (!task->counted)
        task->everywhere = true; /* no room: then each of its calls stops */
}

bool tracer_knows_process(const struct tracer *tracer, pid_t pid)
{
    bool ended = false;

    for (size_t i = 0; i < ELEMENTS_OF(tracer->ended) && pid > 0; i++)
        ended |= tracer->ended[i] == pid;
    return ended || tracee_find(tracer, pid);
}

size_t tracer_process_count(const struct tracer *tracer)
{
    size_t count = 0;

    for (const struct tracee *task = tracer->tasks; task; task = task->hh.next)
        count += task->tid == task->tgid;
    return count;
}

size_t tracer_task_count(const struct tracer *tracer)
{
    return HASH_COUNT(tracer->tasks);
}

void tracer_signal_all(const struct tracer *tracer, int signal)
{
    const struct tracee *task;

    for (task = tracer->tasks; task; task = task->hh.next)
        if (task->tid == task->tgid)
            kill(task->tgid, signal);
}

pid_t tracer_eldest(const struct tracer *tracer)
{
    pid_t eldest = 0;

    for (const struct tracee *tracee = tracer->tasks; tracee; tracee = tracee->hh.next)
        if (!eldest || tracee->tgid < eldest)
            eldest = tracee->tgid;
    return eldest;
}

uintptr_t tracee_options(const struct tracer *tracer, unsigned options)
{
    return options | (tracer->announces_ends ? PTRACE_O_TRACEEXIT : 0u);
}

void tracer_announce_ends(struct tracer *tracer)
{
    tracer->announces_ends = true;
}

void tracee_request(const struct tracee *task, enum __ptrace_request request, int signal)
{
    /* ESRCH: killed meanwhile; waitpid tells. */
    ptrace(request, task->tid, 0, (void *)(intptr_t)signal);
}

void tracee_settled(struct tracer *tracer, struct tracee *task)
{
    if (!task->interrupted)
        return;
    task->interrupted = false;
    tracer->interrupted_count--;
}
