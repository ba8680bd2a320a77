// SPDX-License-Identifier: LGPL-2.1-or-later
/* The values of --fit: a row for each, a column for each knob. */
#include "systemd/core/fit.h"
#include <stdint.h>

static const struct fit_settings fits[] = {
    [FIT_EXACT] = { .reach = FILTER_MUST,
                    .groups = false,
                    .group_calls = 0,
                    .group_entry_cost = 1,
                    .path_entry_cost = 0,
                    .view_entries = SIZE_MAX,
                    .whole_modules = false,
                    .whole_units = false,
                    .peer_entries = SIZE_MAX },
    [FIT_SNUG] = { .reach = FILTER_LIKELY,
                   .groups = true,
                   .group_calls = 6,
                   .group_entry_cost = 1,
                   .path_entry_cost = 1,
                   .view_entries = SIZE_MAX,
                   .whole_modules = false,
                   .whole_units = true,
                   .peer_entries = 24 },
    [FIT_LOOSE] = { .reach = FILTER_ALL,
                    .groups = true,
                    .group_calls = 48,
                    .group_entry_cost = 4,
                    .path_entry_cost = 4,
                    .view_entries = SIZE_MAX,
                    .whole_modules = true,
                    .whole_units = true,
                    .peer_entries = 8 },
};

void fit_settle(const struct suggest_options *options, struct fit_settings *ret)
{
    const struct knobs *knobs = &options->knobs;

    *ret = fits[options->fit];
    switch (knobs->companions) {
    case COMPANIONS_BY_FIT:
        break;
    case COMPANIONS_NONE:
        ret->reach = FILTER_MUST;
        break;
    case COMPANIONS_LIKELY:
        ret->reach = FILTER_LIKELY;
        break;
    case COMPANIONS_ALL:
        ret->reach = FILTER_ALL;
        break;
    }
    if (knobs->groups != GROUPS_BY_FIT)
        ret->groups = knobs->groups == GROUPS_YES;
    if (knobs->group_calls_given)
        ret->group_calls = knobs->group_calls;
    if (knobs->view_entries_given)
        ret->view_entries = knobs->view_entries;
    if (knobs->modules != MODULES_BY_FIT)
        ret->whole_modules = knobs->modules == MODULES_ALL;
    if (knobs->peer_entries_given)
        ret->peer_entries = knobs->peer_entries;
}
