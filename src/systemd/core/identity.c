// SPDX-License-Identifier: LGPL-2.1-or-later
/* As whom the service runs. */
#include "systemd/core/derive.h"

/* systemd's range for dynamic users, the default of every build (systemd.io/UIDS-GIDS). */
#define DYNAMIC_FIRST 61184
#define DYNAMIC_LAST  65519

bool identity_is_dynamic(const struct profile *profile, const struct suggest_options *options)
{
    size_t count;
    const struct run *const *runs = profile_runs(profile, &count);

    if (options->unit && unit_is_on(options->unit, "DynamicUser"))
        return true;
    if (suggest_unit_is_whole(options) && options->unit)
        return false;
    for (size_t i = 0; i < count; i++)
        if (runs[i]->uid >= DYNAMIC_FIRST && runs[i]->uid <= DYNAMIC_LAST)
            return true;
    return false;
}
