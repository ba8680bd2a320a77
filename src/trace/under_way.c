// SPDX-License-Identifier: LGPL-2.1-or-later
/* Calls that are counted when they end, and have not: a task may sleep in one for ever. */
#include "trace/tracer.h"
#include <cinch/base/proc.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the kernel says of a task's state and call fits well. */
#define LINE_LIMIT ((size_t)1 << 12)

/* proc_pid_stat(5): not one that is stopped, whose call may be over. */
static bool is_asleep(const char *stat)
{
    const char *state = proc_stat_field(stat, 3);

    return state && (*state == 'S' || *state == 'D');
}

/* The number of the call that a task sleeps in (proc_pid_syscall(5)); -1: in none. */
static int64_t number_of(pid_t tid)
{
    CLEANUP(str_done) struct str stat = { 0 };
    CLEANUP(str_done) struct str call = { 0 };
    char *end;

    if (proc_read(tid, "stat", LINE_LIMIT, &stat) < 0 || !stat.data || !is_asleep(stat.data) ||
        proc_read(tid, "syscall", LINE_LIMIT, &call) < 0 || !call.data)
        return -1;
    long number = strtol(call.data, &end, 10);
    return end == call.data ? -1 : number;
}

void tracer_count_under_way(struct tracer *tracer)
{
    if (!tracer->path_cache)
        return; /* calls are counted at their begin */
    for (const struct tracee *task = tracer->tasks; task; task = task->hh.next) {
        struct counter_task known;
        int64_t number = task->counted ? number_of(task->tid) : -1;

        if (number < 0 || number >= COUNTER_NUMBERS ||
            path_cache_covers(tracer->path_cache, (uint64_t)number) ||
            counter_exit_rule(tracer->counter, task->tid, &known) < 0 ||
            task_identity_key_is_blind(known.view))
            continue;
        counter_under_way(tracer->counter, known.group, (uint32_t)number);
    }
}
