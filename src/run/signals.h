/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside run/: signals that reach cinch itself while it waits for the service. */
#ifndef CINCH_RUN_SIGNALS_H
#define CINCH_RUN_SIGNALS_H

/* Catches the signals a service is controlled with, and makes waitpid(2) return every `tick_ms`. */
void signals_catch(unsigned tick_ms);
/* Gives them back to their former handlers. */
void signals_release(void);
/* The next signal that a process sent to cinch since the last call, 0 when there is none. A signal
 * from the terminal is not one: it reached the service's process group by itself. */
int signals_next(void);

#endif
