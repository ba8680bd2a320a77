/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Inside trace/: letting a task go on where it stopped. A task that is woken goes to a core that is
 * idle when there is one (kernel/sched/fair.c, select_idle_sibling()), and the tracer's own is not:
 * so each stop would send it to another core, which must be woken from its sleep, at several times
 * the cost of the stop. A core that runs nothing but SCHED_IDLE counts as idle (sched_idle_cpu()):
 * for the moment of waking the task the tracer is SCHED_IDLE.
 *
 * The task that was woken then has the core, and the tracer gets it back when that task sleeps or
 * stops. Should it not for a while, a thread of ours, which waits for nothing else, makes the
 * tracer as important as any other again: other tasks may be waiting for it.
 */
#ifndef CINCH_TRACE_WAKE_LOCAL_H
#define CINCH_TRACE_WAKE_LOCAL_H

struct wake_local;

/* For the calling thread. NULL where it may not or need not be had: without CAP_SYS_NICE there is
 * no way back from SCHED_IDLE, and who runs under another policy has a reason to. */
struct wake_local *wake_local_new(void);
void wake_local_free(struct wake_local *wake_local);
/* Around the request that wakes a task of this core. */
void wake_local_begin(struct wake_local *wake_local);
void wake_local_end(struct wake_local *wake_local);

#endif
