// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Running where the tracee runs: a stop whose tracer is on another core costs an interrupt to a
 * sleeping core and back, several times the rest (docs/BENCHMARKS.md). The tracee's core stands in
 * its rseq area, which glibc registers for every thread since 2.35 (rseq(2)).
 */
#include "trace/tracer.h"
#include <cinch/base/proc.h>
#include <fcntl.h>
#include <linux/ptrace.h>
#include <linux/rseq.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

/* So many stops on another core in a row. */
#define MOVE_AFTER 2

static uint64_t rseq_area(const struct tracee *task)
{
    struct ptrace_rseq_configuration rseq = { 0 };

    if (ptrace(PTRACE_GET_RSEQ_CONFIGURATION, task->tid, (void *)sizeof(rseq), &rseq) < 0)
        return 0;
    return rseq.rseq_abi_pointer;
}

static int core_of_area(const struct tracee *task)
{
    uint32_t core;
    struct iovec local = { &core, sizeof(core) };
    struct iovec remote = { (void *)(uintptr_t)(task->rseq + offsetof(struct rseq, cpu_id)),
                            sizeof(core) };

    if (process_vm_readv(task->tid, &local, 1, &remote, 1, 0) != sizeof(core))
        return -1;
    return core < CPU_SETSIZE ? (int)core : -1;
}

/* The slow way, for a thread that has not registered an area yet: field 39 of /proc/TID/stat. */
static int core_of_stat(const struct tracee *task)
{
    CLEANUP(str_done) struct str stat = { 0 };

    if (proc_read(task->tid, "stat", 4096, &stat) < 0)
        return -1;
    const char *field = proc_stat_field(stat.data, 39);
    return field ? (int)strtol(field, NULL, 10) : -1;
}

static int tracee_core(struct tracee *task)
{
    if (!task->rseq)
        task->rseq = rseq_area(task);
    return task->rseq ? core_of_area(task) : core_of_stat(task);
}

void affinity_pin(struct tracer *tracer, struct tracee *task)
{
    cpu_set_t only;

    if (!tracer->may_move)
        return;
    /* A new task is stopped before it runs anywhere for long: where says nothing. */
    if (!task->has_run) {
        task->has_run = true;
        return;
    }
    int core = tracee_core(task);
    bool is_here = core < 0 || core == tracer->core;
    tracer->stops_away = is_here ? 0 : tracer->stops_away + 1;
    /* A single stop elsewhere is not worth a move. */
    if (is_here || tracer->stops_away < MOVE_AFTER || !CPU_ISSET((size_t)core, &tracer->cores))
        return;
    tracer->stops_away = 0;
    CPU_ZERO(&only);
    CPU_SET((size_t)core, &only);
    if (sched_setaffinity(0, sizeof(only), &only) == 0)
        tracer->core = core;
}

void affinity_hand_over(struct tracer *tracer, const struct tracee *task,
                        enum __ptrace_request request, int signal)
{
    bool here = tracer->wake_local && tracer->core >= 0;

    if (here)
        wake_local_begin(tracer->wake_local);
    tracee_request(task, request, signal);
    if (here)
        wake_local_end(tracer->wake_local);
}

void tracer_settle(struct tracer *tracer)
{
    if (tracer->core >= 0)
        sched_setaffinity(0, sizeof(tracer->cores), &tracer->cores);
    tracer->core = -1;
}

void affinity_init(struct tracer *tracer)
{
    internal_signals_keep(&tracer->internal_signals);
    tracer->core = -1;
    tracer->may_move = sched_getaffinity(0, sizeof(tracer->cores), &tracer->cores) == 0 &&
                       CPU_COUNT(&tracer->cores) > 1;
    if (tracer->may_move)
        tracer->wake_local = wake_local_new();
}
