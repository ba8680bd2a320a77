/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Inside cli/: one line that says how the training goes, on a terminal that belongs to the service
 * just as much.
 *
 * The last row of the screen is taken out of what scrolls (DECSTBM), the line is drawn there in one
 * write between "save cursor" and "restore cursor", and the row is given back when cinch ends, is
 * killed or is suspended: whatever the service prints, wherever its cursor stands, is left alone.
 * Nothing is drawn while that could not be kept: in the background, on a terminal that knows no
 * such rows, or while a program has switched it to raw mode and drives the screen itself.
 */
#ifndef CINCH_CLI_STATUS_H
#define CINCH_CLI_STATUS_H

#include <cinch/run.h>

struct status {
    int fd;                 /* the terminal, opened anew so that its writes never wait; -1: none */
    unsigned rows, columns; /* of the screen whose last row is reserved; 0: none is */
    struct str unsent;      /* what the terminal had no room for */
    pid_t guard;            /* gives the row back should cinch be killed; 0: there is none */
    int guard_fd;           /* tells it which row that is; -1 */
};

/* Finds the terminal behind standard error, if that can be drawn on. */
void status_init(struct status *status);
/* Whether there is one. */
bool status_is_live(const struct status *status);
/* Draws the line. */
void status_draw(struct status *status, const struct progress *progress);
/* Leaves the terminal as it was found; the next status_draw begins anew. */
void status_erase(struct status *status);
void status_done(struct status *status);

/* The line's text in at most so many columns: plain ASCII, the caller's. */
char *status_text(const struct progress *progress, size_t columns);
/* "45 s", "14 min", "2.5 h": `ms` in the unit that suits it; the caller's. */
char *status_duration(int64_t ms);

#endif
