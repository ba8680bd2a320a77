/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Inside trace/: signals as they are sent to a process. One that is read from a signalfd(2) is
 * never delivered, so no stop shows it. A BPF program at the tracepoint signal:signal_generate
 * counts those that say what a service is to do, in memory that we see: asking costs nothing.
 */
#ifndef CINCH_TRACE_SENT_H
#define CINCH_TRACE_SENT_H

#include <cinch/base.h>
#include <stdint.h>
#include <sys/types.h>

enum sent_kind {
    SENT_RELOAD, /* SIGHUP */
    SENT_END,    /* SIGTERM, SIGINT, SIGQUIT */
    SENT_KINDS,
};

struct sent;

/* NULL where the kernel does not let us, or we are in a pid namespace of our own; it was tried. */
struct sent *sent_new(void);
void sent_free(struct sent *sent);
/* Counts those to this process from now on, and to no other. */
void sent_watch(struct sent *sent, pid_t pid);
/* How many there were; it only grows. */
uint64_t sent_count(const struct sent *sent, enum sent_kind kind);

#endif
