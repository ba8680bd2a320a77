// SPDX-License-Identifier: LGPL-2.1-or-later
#include "run/progress.h"

/* Counting names sorts facts, which takes its time when there are very many: at most 1 % of it. */
#define TALLY_REST 100

void progress_look(struct progress_watch *watch, const struct profile *profile, int64_t now_ms)
{
    uint64_t changes = profile_change_count(profile);

    if (changes == watch->changes)
        return;
    watch->changes = changes;
    watch->changed_ms = now_ms;
}

bool progress_is_due(const struct progress_watch *watch, int64_t now_ms)
{
    return watch->interval_ms && now_ms - watch->shown_ms >= watch->interval_ms;
}

static void count_when_cheap(struct progress_watch *watch, const struct profile *profile,
                             const struct tracer *tracer)
{
    int64_t begun_ms = tracer_elapsed_ms(tracer);

    if (watch->tally_of == watch->changes || begun_ms < watch->tally_next_ms)
        return;
    tally_count(profile, &watch->tally);
    int64_t now_ms = tracer_elapsed_ms(tracer);
    watch->tally_of = watch->changes;
    watch->tally_next_ms = now_ms + (now_ms - begun_ms) * TALLY_REST;
}

void progress_take(struct progress_watch *watch, const struct profile *profile,
                   const struct tracer *tracer, uint64_t stops, struct progress *ret)
{
    int64_t now_ms = tracer_elapsed_ms(tracer);
    int64_t passed_ms = now_ms - watch->shown_ms;

    count_when_cheap(watch, profile, tracer);
    *ret = (struct progress){
        .elapsed_ms = now_ms,
        .processes = tracer_process_count(tracer),
        .tally = watch->tally,
        .quiet_ms = now_ms - watch->changed_ms,
        .stops_per_s =
            (stops - watch->shown_stops) * 1000 / (uint64_t)(passed_ms > 0 ? passed_ms : 1),
    };
    watch->shown_ms = now_ms;
    watch->shown_stops = stops;
}
