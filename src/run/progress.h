/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside run/: watches how a training is going, at a bounded cost. */
#ifndef CINCH_RUN_PROGRESS_H
#define CINCH_RUN_PROGRESS_H

#include <cinch/run.h>
#include <cinch/trace.h>

struct progress_watch {
    int64_t interval_ms;
    int64_t shown_ms;      /* when it was last asked for */
    uint64_t shown_stops;  /* how many stops there had been then */
    uint64_t changes;      /* the profile's change count when it was last looked at... */
    int64_t changed_ms;    /* ...and when that was last another one */
    struct tally tally;    /* as last counted... */
    uint64_t tally_of;     /* ...at this change count... */
    int64_t tally_next_ms; /* ...and not again before this */
};

/* Looks at the profile: has anything been learned since the last look? */
void progress_look(struct progress_watch *watch, const struct profile *profile, int64_t now_ms);
/* Whether it is time to show something. */
bool progress_is_due(const struct progress_watch *watch, int64_t now_ms);
/* Fills all but the phase. */
void progress_take(struct progress_watch *watch, const struct profile *profile,
                   const struct tracer *tracer, uint64_t stops, struct progress *ret);

#endif
