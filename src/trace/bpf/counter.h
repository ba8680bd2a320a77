/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Inside trace/: system calls of the traced tasks counted in the kernel, by a BPF program at the
 * tracepoint that every call passes. What the filter lets go by without a stop is known from here.
 *
 * Counters are kept by group (a program) and number. Calls that stopped are counted by the kernel
 * too; counter_stopped() takes them out again, so what counter_take() tells never stopped. Where
 * another program counts (counter_hand_over), it knows which stopped, and counts when they end.
 */
#ifndef CINCH_TRACE_COUNTER_H
#define CINCH_TRACE_COUNTER_H

#include <cinch/base.h>
#include <stdint.h>
#include <sys/types.h>

/* Numbers from here on are not counted: the filter must stop at them. */
#define COUNTER_NUMBERS 512u
/* Programs told apart; group 0 is for those without a name and those that found no room. */
#define COUNTER_GROUPS 64u
/* What another BPF program needs to know of a number that it, and not the counter, looks at. */
#define COUNTER_OTHER_SIZE 16u

/* What is known in the kernel of a task. */
struct counter_task {
    uint32_t group;
    uint32_t view; /* whom names mean the same to, see recall.h */
    /* The call it stopped for, as it ended. A signal that came meanwhile may have changed the
     * registers since: its handler's are set up. */
    uint64_t number;
    int64_t result;
    uint64_t arguments[6];
    uint64_t exit_stops; /* how often it was stopped for one */
};

enum counter_map { COUNTER_TASKS, COUNTER_SLOTS, COUNTER_OTHERS };

struct counter;

/* NULL where the kernel does not let us: no privileges, a pid namespace of our own, no BPF. It was
 * then tried: a counter that is returned has counted right. */
struct counter *counter_new(void);
void counter_free(struct counter *counter);
/* What was counted so far in group 0 was a trial's. */
void counter_settle(struct counter *counter);
unsigned counter_group(struct counter *counter, const char *program);
/* Counts the calls of a task from now on, or as another from now on. The task must be stopped. 0 or
 * -errno: its calls are not counted. */
int counter_follow(struct counter *counter, pid_t tid, const struct counter_task *task);
/* What is known of a task. 0 or -errno. */
int counter_exit_rule(const struct counter *counter, pid_t tid, struct counter_task *ret);
void counter_leave(struct counter *counter, pid_t tid);
/* Calls of that number are another program's to account for: `how` are its COUNTER_OTHER_SIZE
 * bytes, of which the first four are not all zero; NULL: they are ours again. 0 or -errno. */
int counter_leave_to(struct counter *counter, uint32_t number, const void *how);
/* Another program counts from now on, and forgets tasks that end. False: no longer; whether ours
 * could be put back. */
bool counter_hand_over(struct counter *counter, bool on);
/* The descriptor of one of its maps, for that program; borrowed. */
int counter_map(const struct counter *counter, enum counter_map map);
/* A followed task stopped at a call of that number, which is going to be counted. */
void counter_stopped(struct counter *counter, unsigned group, uint64_t number);
/* A call is under way that will be counted when it ends: the next round tells it, its end does not
 * any more. */
void counter_under_way(struct counter *counter, unsigned group, uint32_t number);
/* What was counted of a number in group 0, by now and not told. */
uint64_t counter_unreported(const struct counter *counter, uint32_t number);
/* Calls made without a stop since they were last told, one number of one group at a time, starting
 * at *cursor (first 0); false after the last. */
bool counter_take(struct counter *counter, size_t *cursor, const char **ret_program,
                  uint32_t *ret_number, uint64_t *ret_count);

#endif
