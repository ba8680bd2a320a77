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
#ifndef CINCH_TRACE_PATH_CACHE_H
#define CINCH_TRACE_PATH_CACHE_H

#include "trace/bpf/counter.h"
#include "trace/bpf/task_identity.h"
#include <cinch/trace.h>

struct path_cache;

/* Whether calls of that rule are looked at when they end. */
bool path_cache_is_at_end(const struct trace_rule *rule);
/* For those of the rules. NULL where that cannot be had; it was tried. */
struct path_cache *path_cache_new(struct counter *counter, const struct trace_rule *rules,
                                  size_t count);
void path_cache_free(struct path_cache *path_cache);
/* Whether calls of that number are seen at their end. NULL recalls nothing. */
bool path_cache_covers(const struct path_cache *path_cache, uint64_t number);
/* Credentials, root and mount namespace of a task as a number; 0: they cannot be told. */
unsigned path_cache_identity(struct path_cache *path_cache, pid_t tid);
/* From now on a call like this one (which has ended) needs no stop; it is told as `id`. 0; -errno
 * when it cannot be remembered. */
int path_cache_remember(struct path_cache *path_cache, unsigned view,
                        const struct trace_event *event, const char *name, uint32_t id);
/* Forgets all names. What is counted of them is then told. */
void path_cache_forget(struct path_cache *path_cache);
/* The next that is told; false: no more. */
bool path_cache_next(struct path_cache *path_cache, struct trace_repeat *ret);

/* The call that a task stopped for: number, arguments and result. *asks is the task's own, first 0.
 * 0; -EALREADY when it was read before, or there is none; other -errno. */
int path_cache_read_call(struct path_cache *path_cache, pid_t tid, uint64_t *exit_stops,
                         struct trace_event *event);
/* How many calls tasks were to stop for, and were killed before they did. NULL: none. */
uint64_t path_cache_unanswered(const struct path_cache *path_cache);

#endif
