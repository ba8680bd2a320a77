/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside run/: signals that reach cinch itself while it waits for the service. */
#ifndef CINCH_RUN_SIGNALS_H
#define CINCH_RUN_SIGNALS_H

#include <stdbool.h>

/* Catches the signals a service is controlled with, and makes waitpid(2) return every `tick_ms`.
 * `is_apart`: the service is not of cinch's process group, so what is typed is meant for cinch. */
void signals_catch(unsigned tick_ms, bool is_apart);
/* Gives them back to their former handlers. */
void signals_release(void);
/* A signal that reached cinch. */
struct caught_signal {
    int number;
    bool from_terminal; /* the terminal's driver sent it, to the service's process group too */
};

/* The next one since the last call; false when there is none. Of the terminal's only SIGTSTP and
 * SIGWINCH are told: the others are none of cinch's business. */
bool signals_next(struct caught_signal *ret);
/* Stops cinch as SIGTSTP would have; returns when it is continued. */
void signals_suspend(void);

#endif
