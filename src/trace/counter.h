/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Inside trace/: system calls of the traced tasks counted in the kernel, by a BPF program at the
 * tracepoint that every call passes. What the filter lets go by without a stop is known from here.
 *
 * Counters are kept by group (a program) and number. Calls that stopped are counted by the kernel
 * too; counter_stopped() takes them out again, so what counter_take() tells never stopped.
 */
#ifndef CINCH_TRACE_COUNTER_H
#define CINCH_TRACE_COUNTER_H

#include <cinch/base.h>
#include <stdint.h>
#include <sys/types.h>

/* Numbers from here on are not counted: the filter must stop at them. */
#define COUNTER_NUMBERS 512u

struct counter;

/* NULL where the kernel does not let us: no privileges, a pid namespace of our own, no BPF. It was
 * then tried: a counter that is returned has counted right. */
struct counter *counter_new(void);
void counter_free(struct counter *counter);
/* Counts the calls of a task from now on, for a program (NULL or "": not known). The task must be
 * stopped. 0 or -errno: its calls are not counted. */
int counter_follow(struct counter *counter, pid_t tid, const char *program, unsigned *ret_group);
void counter_leave(struct counter *counter, pid_t tid);
/* A followed task stopped at a call of that number, which is going to be counted. */
void counter_stopped(struct counter *counter, unsigned group, uint64_t number);
/* Calls made without a stop since they were last told, one number of one group at a time, starting
 * at *cursor (first 0); false after the last. */
bool counter_take(struct counter *counter, size_t *cursor, const char **ret_program,
                  uint32_t *ret_number, uint64_t *ret_count);

#endif
