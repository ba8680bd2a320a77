// SPDX-License-Identifier: LGPL-2.1-or-later
#include "trace/tracer.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

struct task *task_find(const struct tracer *tracer, pid_t tid)
{
    struct task *task;

    HASH_FIND(hh, tracer->tasks, &tid, sizeof(tid), task);
    return task;
}

/* The thread group of a task by /proc/TID/status, or its own tid when that is gone. */
static pid_t task_read_tgid(pid_t tid)
{
    char path[48];
    struct str status = { 0 };
    pid_t tgid = tid;

    snprintf(path, sizeof(path), "/proc/%d/status", (int)tid);
    if (fd_read_file(AT_FDCWD, path, 1 << 16, &status) == 0) {
        const char *line = strstr(status.data, "\nTgid:");
        if (line)
            tgid = (pid_t)strtol(line + strlen("\nTgid:"), NULL, 10);
    }
    str_done(&status);
    return tgid;
}

struct task *task_get(struct tracer *tracer, pid_t tid)
{
    struct task *task = task_find(tracer, tid);

    if (task)
        return task;
    task = mem_new(1, sizeof(*task));
    task->tid = tid;
    task->tgid = task_read_tgid(tid);
    task->mount_namespace = -1;
    task->everywhere = !tracer->filtered;
    HASH_ADD(hh, tracer->tasks, tid, sizeof(task->tid), task);
    return task;
}

void task_drop(struct tracer *tracer, struct task *task)
{
    HASH_DEL(tracer->tasks, task);
    free(task);
}

struct task *task_after_exec(struct tracer *tracer, pid_t tgid, pid_t former_tid)
{
    struct task *survivor = task_find(tracer, former_tid);
    struct task *task, *next;

    if (survivor) {
        HASH_DEL(tracer->tasks, survivor);
        survivor->tid = survivor->tgid = tgid;
    }
    HASH_ITER (hh, tracer->tasks, task, next) {
        if (task->tgid == tgid)
            task_drop(tracer, task);
    }
    if (!survivor)
        return task_get(tracer, tgid);
    HASH_ADD(hh, tracer->tasks, tid, sizeof(survivor->tid), survivor);
    return survivor;
}
