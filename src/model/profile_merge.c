// SPDX-License-Identifier: LGPL-2.1-or-later
/* Adds everything of one profile to another. */
#include "model/profile.h"

void profile_merge(struct profile *into, const struct profile *from)
{
    for (size_t index = 0; index < INDEX_COUNT; index++) {
        const struct record *record;
        for (record = from->indexes[index].records; record; record = record->hh.next) {
            if (index < FACT_KIND_COUNT)
                profile_add_fact(into, &record->fact);
            else if (index == INDEX_RUNS)
                profile_add_run(into, &record->run);
            else if (index == INDEX_SETTINGS)
                profile_add_setting(into, record->setting.name, record->setting.value);
            else
                profile_add_file(into, &record->file);
        }
    }
}
