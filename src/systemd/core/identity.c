// SPDX-License-Identifier: LGPL-2.1-or-later
/* The user the service runs as. */
#include "systemd/core/identity.h"
#include "systemd/core/veto.h"
#include <string.h>

/* systemd's range for dynamic users, the default of every build (systemd.io/UIDS-GIDS). */
#define DYNAMIC_FIRST 61184
#define DYNAMIC_LAST  65519

bool identity_is_root_name(const char *name)
{
    return !name || !*name || strcmp(name, "root") == 0 || strcmp(name, "0") == 0;
}

bool identity_unit_is_root(const struct unit *unit)
{
    return !unit_is_on(unit, "DynamicUser") && identity_is_root_name(unit_get(unit, "User"));
}

bool identity_has_root_run(const struct profile *profile)
{
    size_t count;
    const struct run *const *runs = profile_runs(profile, &count);

    for (size_t i = 0; i < count; i++)
        if (runs[i]->uid == 0)
            return true;
    return false;
}

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

bool identity_is_unprivileged(const struct profile *profile, const struct suggest_options *options)
{
    const struct unit *unit = options->unit;
    const char *user = unit ? unit_get(unit, "User") : NULL;
    size_t count;
    const struct run *const *runs = profile_runs(profile, &count);

    if (options->target.user_manager || (unit && unit_is_on(unit, "DynamicUser")))
        return true;
    if (user)
        return !identity_is_root_name(user);
    for (size_t i = 0; !unit && i < count; i++)
        if (runs[i]->uid != 0)
            return true;
    return false;
}

/* Before 255, and in a user manager always, every filter makes systemd set no_new_privs on a
 * service without CAP_SYS_ADMIN (context_has_no_new_privileges() in 252), and a set-id program
 * would run without its privileges.
 */
const struct fact *identity_no_seccomp(const struct profile *profile,
                                       const struct suggest_options *options)
{
    if ((options->target.version >= 255 && !options->target.user_manager) ||
        !identity_is_unprivileged(profile, options))
        return NULL;
    return veto_applies(profile, veto_gaining);
}

bool suggest_unit_is_whole(const struct suggest_options *options)
{
    return options->nothing_else || (options->unit && options->unit->is_whole);
}
