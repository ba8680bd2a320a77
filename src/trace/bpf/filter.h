/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside trace/: rules of what must stop, as a program for seccomp(2). Pure. */
#ifndef CINCH_TRACE_FILTER_H
#define CINCH_TRACE_FILTER_H

#include <cinch/trace.h>
#include <linux/filter.h>

/* A seccomp program in the making; `{ 0 }` is empty. */
struct filter {
    struct sock_filter *code;
    size_t count;
    size_t capacity;
};

/* Stops at every call. */
void filter_build_all(struct filter *filter);
/*
 * Stops at what the rules say (sorted by number; one number may have several, any of which
 * suffices), at every call of another architecture than `native` (AUDIT_ARCH_*), and at every
 * number from `limit` on. 0, or -E2BIG when it would not fit: empty then.
 */
int filter_build(struct filter *filter, uint32_t native, uint32_t limit,
                 const struct trace_rule *rules, size_t count);
void filter_done(struct filter *filter);

/* Whether this process may install a filter without no_new_privs: CAP_SYS_ADMIN in its own user
 * namespace. */
bool filter_is_possible(void);
/* Puts the filter on the calling process. Needs CAP_SYS_ADMIN, since no_new_privs would take set-id
 * programs their privileges (seccomp(2)). 0 or -errno. */
int filter_install(const struct filter *filter, unsigned flags);

#endif
