/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Inside trace/: signals as they are sent to a process. One that is read from a signalfd(2) is
 * never delivered, so no stop shows it. A BPF program at the tracepoint signal:signal_generate
 * counts those that say what a service is to do, in memory that we see: asking costs nothing.
 */
#ifndef CINCH_TRACE_SIGNAL_WATCH_H
#define CINCH_TRACE_SIGNAL_WATCH_H

#include <cinch/base.h>
#include <stdint.h>
#include <sys/types.h>

enum signal_watch_kind {
    SIGNAL_WATCH_RELOAD, /* SIGHUP */
    SIGNAL_WATCH_END,    /* SIGTERM, SIGINT, SIGQUIT */
    SIGNAL_WATCH_KINDS,
};

struct signal_watch;

/* NULL where the kernel does not let us, or we are in a pid namespace of our own; it was tried. */
struct signal_watch *signal_watch_new(void);
void signal_watch_free(struct signal_watch *signal_watch);
/* Counts those to this process from now on, and to no other. */
void signal_watch_watch(struct signal_watch *signal_watch, pid_t pid);
/* How many there were; it only grows. */
uint64_t signal_watch_count(const struct signal_watch *signal_watch, enum signal_watch_kind kind);

#endif
