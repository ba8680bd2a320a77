/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Inside trace/: names that are known already need no stop. A BPF program at the end of every call
 * of a counted task compares the call (number, name, flags, how it ended) with those that were
 * remembered; the same again is counted, and anything else stops the task before it goes on. Calls
 * that are not to be looked at it counts, in the counter's place.
 *
 * What a name leads to depends on who asks: the same view is the same program under the same
 * credentials, root and mount namespace. Even so a link may have been changed meanwhile, so all is
 * forgotten from time to time and asked anew. Relative names are never known.
 */
#ifndef CINCH_TRACE_RECALL_H
#define CINCH_TRACE_RECALL_H

#include "trace/bpf/counter.h"
#include <cinch/trace.h>

struct recall;

/* Whether calls of that rule are looked at when they end. */
bool rule_is_at_end(const struct trace_rule *rule);
/* For those of the rules. NULL where that cannot be had; it was tried. */
struct recall *recall_new(struct counter *counter, const struct trace_rule *rules, size_t count);
void recall_free(struct recall *recall);
/* Whether calls of that number are seen at their end. NULL recalls nothing. */
bool recall_covers(const struct recall *recall, uint64_t number);
/* Credentials, root and mount namespace of a task as a number; 0: they cannot be told. */
unsigned recall_identity(struct recall *recall, pid_t tid);
/* Who a task of that identity is when it runs a program, as of counter_group(). 0: nobody, whose
 * calls are never known. */
unsigned recall_view(unsigned identity, unsigned group);
/* The view of a task whose call, at which it stands, was told: it is neither looked at nor counted
 * when it ends. */
unsigned recall_view_once_blind(unsigned view);
bool recall_view_is_blind(unsigned view);
/* From now on a call like this one (which has ended) needs no stop; it is told as `id`. 0; -errno
 * when it cannot be remembered. */
int recall_remember(struct recall *recall, unsigned view, const struct trace_event *event,
                    const char *name, uint32_t id);
/* Forgets all names. What is counted of them is then told. */
void recall_forget(struct recall *recall);
/* The next that is told; false: no more. */
bool recall_next(struct recall *recall, struct trace_recalled *ret);

/* The call that a task stopped for: number, arguments and result. *asks is the task's own, first 0.
 * 0; -EALREADY when it was read before, or there is none; other -errno. */
int recall_read_call(struct recall *recall, pid_t tid, uint64_t *asks, struct trace_event *event);
/* How many calls tasks were to stop for, and were killed before they did. NULL: none. */
uint64_t recall_unanswered(const struct recall *recall);

#endif
