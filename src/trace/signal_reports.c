// SPDX-License-Identifier: LGPL-2.1-or-later
/* What the service sent to its service manager, as the kernel counted it. */
#include "trace/tracer.h"
#include <signal.h>

bool tracer_watch_signals(struct tracer *tracer, pid_t pid)
{
    if (!tracer->signal_watch)
        tracer->signal_watch = signal_watch_new();
    if (!tracer->signal_watch)
        return false;
    for (int kind = 0; kind < SIGNAL_WATCH_KINDS; kind++)
        tracer->signals_reported[kind] =
            signal_watch_count(tracer->signal_watch, (enum signal_watch_kind)kind);
    signal_watch_watch(tracer->signal_watch, pid);
    return true;
}

int tracer_next_signal(struct tracer *tracer)
{
    static const int signals[SIGNAL_WATCH_KINDS] = {
        [SIGNAL_WATCH_RELOAD] = SIGHUP, [SIGNAL_WATCH_END] = SIGTERM
    };

    for (int kind = 0; tracer->signal_watch && kind < SIGNAL_WATCH_KINDS; kind++) {
        uint64_t count = signal_watch_count(tracer->signal_watch, (enum signal_watch_kind)kind);
        if (count == tracer->signals_reported[kind])
            continue;
        tracer->signals_reported[kind] = count;
        return signals[kind];
    }
    return 0;
}
