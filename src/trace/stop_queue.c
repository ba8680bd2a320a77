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

struct turn {
    pid_t tid;
    int status;
};

static void turn_add(struct tracer *tracer, pid_t tid, int status)
{
    mem_reserve(&tracer->turns, &tracer->turn_capacity, tracer->turn_count + 1,
                sizeof(*tracer->turns));
    tracer->turns[tracer->turn_count++] = (struct turn){ tid, status };
}

static struct turn turn_take(struct tracer *tracer, size_t at)
{
    struct turn turn = tracer->turns[at];

    tracer->turn_count--;
    memmove(&tracer->turns[at], &tracer->turns[at + 1],
            (tracer->turn_count - at) * sizeof(*tracer->turns));
    return turn;
}

static size_t turn_of_eldest(const struct tracer *tracer)
{
    size_t eldest = 0;

    for (size_t i = 1; i < tracer->turn_count; i++)
        if (tracer->turns[i].tid < tracer->turns[eldest].tid)
            eldest = i;
    return eldest;
}

/* A task that stopped may have ended before its turn came, by the exec of another. */
static bool turn_is_over(const struct tracer *tracer, const struct turn *turn)
{
    return WIFSTOPPED(turn->status) && !tracee_find(tracer, turn->tid) &&
           !tracee_is_traced(turn->tid);
}

pid_t turn_next(struct tracer *tracer, int *ret_status)
{
    int status;
    pid_t tid;

    while ((tid = waitpid(-1, &status, __WALL | WNOHANG)) > 0)
        turn_add(tracer, tid, status);
    while (tracer->turn_count) {
        bool in_turn = tracer->turn_waits++ % TURNS_OF_THE_ELDEST == 0;
        struct turn turn = turn_take(tracer, in_turn ? 0 : turn_of_eldest(tracer));
        if (turn_is_over(tracer, &turn))
            continue;
        *ret_status = turn.status;
        return turn.tid;
    }
    return waitpid(-1, ret_status, __WALL);
}
