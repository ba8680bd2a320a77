/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Inside run/: what the service manager (PID 1) says of a unit, and what it is asked to do with it.
 *
 * systemctl(1) asks, in a child, and not libsystemd in here: the tracer never waits for PID 1, what
 * goes wrong ends with the child, and systemctl reaches PID 1 without a D-Bus daemon, too.
 */
#ifndef CINCH_RUN_PID1_H
#define CINCH_RUN_PID1_H

#include <cinch/base.h>
#include <sys/types.h>

struct pid1 {
    const char *unit;  /* borrowed; NULL: there is nobody to ask */
    bool is_manager;   /* no unit is asked for, but the manager itself */
    int fd;            /* of an answer that is under way, -1: none is */
    int child;         /* a pidfd of who asks, -1: none */
    int64_t asked_ms;  /* when the last question was asked */
    struct str coming; /* as much of the answer as is here */
    char *state;       /* the last whole answer: lines NAME=VALUE; NULL: none yet */
    unsigned answers;  /* how many came */
};

#define PID1_NONE                                                                                  \
    {                                                                                              \
        .fd = -1, .child = -1                                                                      \
    }

/* The clock of what follows (CLOCK_MONOTONIC). */
int64_t pid1_clock_ms(void);
/* Asks for the unit's state when the last question is so long ago and none is under way. Does not
 * wait. */
void pid1_ask_after(struct pid1 *pid1, int64_t pause_ms);
/* Takes in what has come. True once for every answer, also for one that says nothing because nobody
 * could be asked. */
bool pid1_answered(struct pid1 *pid1);
/* Asks and waits for the answer, a few seconds at most. */
void pid1_ask_now(struct pid1 *pid1);
/* Has it do VERB (start, stop) with the unit, and does not wait for it. The pid of who tells it, 0
 * when nobody could. */
pid_t pid1_do(const struct pid1 *pid1, const char *verb);
/* The same, and waits until it was told: for who is about to end, whose control group may end too.
 */
void pid1_do_now(const struct pid1 *pid1, const char *verb);
/* A property of the last answer, the caller's; NULL where it did not say. */
char *pid1_property(const struct pid1 *pid1, const char *name);
bool pid1_property_is(const struct pid1 *pid1, const char *name, const char *value);
/* Whether PID 1 answers for this unit at all. */
bool pid1_knows(const struct pid1 *pid1);
/* Whether the unit has started, as far as PID 1 is concerned. True where PID 1 cannot tell. */
bool pid1_has_started(const struct pid1 *pid1);
/* Whether nothing of the unit runs, and no start or stop of it is under way. */
bool pid1_has_stopped(const struct pid1 *pid1);
/* The signals (1 << number) by which the unit's own ExecReload= or ReloadSignal= reloads it. */
uint64_t pid1_reload_signals(const struct pid1 *pid1);
void pid1_done(struct pid1 *pid1);

/* pid1_start.c: why the start of the unit that began after `before` (an earlier answer, NULL:
 * none) never comes to the gate, the caller's; NULL as long as it may. `since_ms`: keep it, -1
 * first. */
char *pid1_failed_start(const struct pid1 *pid1, const char *before, int64_t *since_ms);
/* Whether there is no unit of that name, as yet. */
bool pid1_is_unknown(const struct pid1 *pid1);
/* Whether a unit that has a Restart= runs, or is about to. */
bool pid1_restarts(const struct pid1 *pid1);
/* Why the unit cannot be started at all, the caller's; NULL when it can, or nobody knows. */
char *pid1_no_such_unit(const struct pid1 *pid1);
/* A property of an answer's text, as above. */
char *pid1_line(const char *state, const char *name);

#endif
