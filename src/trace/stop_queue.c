// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Whose stop is looked at next, when several tasks have stopped. waitpid(2) tells of the newest
 * task first: one that stops again and again would keep the others waiting for ever. Strictly in
 * turn is no good either: who is sent signals as fast as it handles them would do nothing else. So
 * the eldest goes first, but now and then who has waited longest.
 */
#include "trace/tracer.h"
#include <string.h>
#include <sys/wait.h>

#define TURNS_OF_THE_ELDEST 16u

struct queued_stop {
    pid_t tid;
    int status;
};

static void queued_stop_add(struct tracer *tracer, pid_t tid, int status)
{
    mem_reserve(&tracer->stop_queue, &tracer->stop_queue_capacity, tracer->stop_queue_count + 1,
                sizeof(*tracer->stop_queue));
    tracer->stop_queue[tracer->stop_queue_count++] = (struct queued_stop){ tid, status };
}

static struct queued_stop queued_stop_take(struct tracer *tracer, size_t at)
{
    struct queued_stop queued_stop = tracer->stop_queue[at];

    tracer->stop_queue_count--;
    memmove(&tracer->stop_queue[at], &tracer->stop_queue[at + 1],
            (tracer->stop_queue_count - at) * sizeof(*tracer->stop_queue));
    return queued_stop;
}

static size_t queued_stop_of_eldest(const struct tracer *tracer)
{
    size_t eldest = 0;

    for (size_t i = 1; i < tracer->stop_queue_count; i++)
        if (tracer->stop_queue[i].tid < tracer->stop_queue[eldest].tid)
            eldest = i;
    return eldest;
}

/* A task that stopped may have ended before its turn came, by the exec of another. */
static bool queued_stop_is_over(const struct tracer *tracer, const struct queued_stop *queued_stop)
{
    return WIFSTOPPED(queued_stop->status) && !tracee_find(tracer, queued_stop->tid) &&
           !tracee_is_traced(queued_stop->tid);
}

pid_t stop_queue_next(struct tracer *tracer, int *ret_status)
{
    int status;
    pid_t tid;

    while ((tid = waitpid(-1, &status, __WALL | WNOHANG)) > 0)
        queued_stop_add(tracer, tid, status);
    while (tracer->stop_queue_count) {
        bool in_turn = tracer->stop_queue_waits++ % TURNS_OF_THE_ELDEST == 0;
        struct queued_stop queued_stop =
            queued_stop_take(tracer, in_turn ? 0 : queued_stop_of_eldest(tracer));
        if (queued_stop_is_over(tracer, &queued_stop))
            continue;
        *ret_status = queued_stop.status;
        return queued_stop.tid;
    }
    return waitpid(-1, ret_status, __WALL);
}
