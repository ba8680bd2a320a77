// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Running where the tracee runs: a stop whose tracer is on another core costs an interrupt to a
 * sleeping core and back, several times the rest (docs/BENCHMARKS.md). The tracee's core stands in
 * its rseq area, which glibc registers for every thread since 2.35 (rseq(2)).
 */
#include "trace/tracer.h"
#include <linux/ptrace.h>
#include <linux/rseq.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

/* The area is asked for at stops 16, 32, 64, ...: a thread registers it among its first calls. */
#define FIRST_QUESTION 16u

static uint64_t rseq_area(const struct tracee *task)
{
    struct ptrace_rseq_configuration rseq = { 0 };

    if (ptrace(PTRACE_GET_RSEQ_CONFIGURATION, task->tid, (void *)sizeof(rseq), &rseq) < 0)
        return 0;
    return rseq.rseq_abi_pointer;
}

static int tracee_core(const struct tracee *task)
{
    uint32_t core;
    struct iovec local = { &core, sizeof(core) };
    struct iovec remote = { (void *)(uintptr_t)(task->rseq + offsetof(struct rseq, cpu_id)),
                            sizeof(core) };

    if (process_vm_readv(task->tid, &local, 1, &remote, 1, 0) != sizeof(core))
        return -1;
    return core < CPU_SETSIZE ? (int)core : -1;
}

void tracer_follow(struct tracer *tracer, struct tracee *task)
{
    cpu_set_t only;

    task->stops++;
    if (!task->rseq && task->stops >= FIRST_QUESTION && !(task->stops & (task->stops - 1)))
        task->rseq = rseq_area(task);
    if (!task->rseq || !tracer->may_move)
        return;
    int core = tracee_core(task);
    if (core < 0 || core == tracer->core || !CPU_ISSET((size_t)core, &tracer->cores))
        return;
    CPU_ZERO(&only);
    CPU_SET((size_t)core, &only);
    if (sched_setaffinity(0, sizeof(only), &only) == 0)
        tracer->core = core;
}

void tracer_settle(struct tracer *tracer)
{
    if (tracer->core >= 0)
        sched_setaffinity(0, sizeof(tracer->cores), &tracer->cores);
    tracer->core = -1;
}

void follow_init(struct tracer *tracer)
{
    tracer->core = -1;
    tracer->may_move = sched_getaffinity(0, sizeof(tracer->cores), &tracer->cores) == 0 &&
                       CPU_COUNT(&tracer->cores) > 1;
}
