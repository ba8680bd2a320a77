// SPDX-License-Identifier: LGPL-2.1-or-later
/* The blind spots that remain after all runs and the unit are considered together. */
#include "systemd/core/derive.h"
#include "systemd/core/own_mount.h"
#include <string.h>

/* Whether some run was no sighting of the fact. */
static bool is_missed_by_a_run(const struct profile *profile, const struct fact *fact)
{
    size_t count;
    const struct run *const *runs = profile_runs(profile, &count);
    bool missed = false;

    for (size_t i = 0; i < count && !missed; i++) {
        missed = true;
        for (size_t j = 0; j < fact->evidence.count; j++)
            missed &= strcmp(fact->evidence.seen[j].run, runs[i]->id) != 0;
    }
    return missed;
}

/* A run that attached to a running service did not record its start, and every directive applies
 * from the start. A run from the start settles that. */
static bool is_made_up_for(const struct profile *profile, const struct fact *fact)
{
    return strcmp(fact->blind_spot.topic, "attached-late") == 0 &&
           is_missed_by_a_run(profile, fact);
}

const struct fact *derive_blind_spot_left(const struct profile *profile,
                                          const struct suggest_options *options, const char *topic)
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_BLIND_SPOT, &count);

    for (size_t i = 0; i < count; i++)
        if (strcmp(facts[i]->blind_spot.topic, topic) == 0 && !is_made_up_for(profile, facts[i]) &&
            !(options && own_mount_is_settled(options, facts[i])))
            return facts[i];
    return NULL;
}

const struct fact *derive_blind_spot(const struct profile *profile, const char *topic)
{
    return derive_blind_spot_left(profile, NULL, topic);
}
