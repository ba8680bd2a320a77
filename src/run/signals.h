/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside run/: signals that reach cinch itself while it waits for the service. */
#ifndef CINCH_RUN_SIGNALS_H
#define CINCH_RUN_SIGNALS_H

#include <stdbool.h>

/* Catches the signals a service is controlled with, and makes waitpid(2) return every `tick_ms`. */
void signals_catch(unsigned tick_ms);
/* Tells of none any more: what was learned is about to be saved. The first that comes is ignored, a
 * second ends cinch. */
void signals_release(void);
/* A signal that reached cinch. */
struct caught_signal {
    int number;
    bool from_terminal; /* typed: the service, which has another session, did not get it */
};

/* The next one since the last call; false when there is none. */
bool signals_next(struct caught_signal *ret);
/* Stops cinch as SIGTSTP would have; returns when it is continued. */
void signals_suspend(void);

#endif
