// SPDX-License-Identifier: LGPL-2.1-or-later
/* Renames and links between directories: the kernel refuses them across mounts (EXDEV), and every
 * path that a setting names is a mount in the service's namespace, were it only to change flags. */
#include "evaluate/allows.h"
#include <string.h>

/* The unit's own directories are mounted for the sake of other settings only: without a mount
 * namespace they are what they are. */
static const char *const directories[] = { "StateDirectory",         "CacheDirectory",
                                           "LogsDirectory",          "RuntimeDirectory",
                                           "ConfigurationDirectory", NULL };

/* The setting for whose sake there is a mount namespace, or NULL. */
static const char *namespaced_by(const struct allows *allows)
{
    static const char *const without_mounts[] = { "PrivateMounts",   "PrivateIPC",
                                                  "PrivateUsers",    "PrivateNetwork",
                                                  "ProtectHostname", "PrivatePIDs" };

    for (size_t i = 0; i < allows->count; i++)
        if (!allows_is_word(directories, allows->mounts[i].directive))
            return allows->mounts[i].directive;
    for (size_t i = 0; i < ELEMENTS_OF(without_mounts); i++)
        if (allows_is_on(allows, without_mounts[i]))
            return without_mounts[i];
    return allows->empty_root ? "RootDirectory" : NULL;
}

/* The mount a directory is in, with the setting it is for. */
struct place {
    size_t mount;
    const char *whose;
};

static struct place place_of(const struct allows *allows, const char *directory)
{
    CLEANUP(allows_walk_done) struct allows_walk walk = { 0 };

    allows_walk(allows, directory, NULL, &walk);
    return (struct place){ .mount = walk.place.mount, .whose = walk.place.directive };
}

const char *allows_move(const struct allows *allows, const struct fact *fact)
{
    const char *by = namespaced_by(allows);

    if (!fact_may_have_succeeded(fact) || fact->move.from[0] != '/' || fact->move.to[0] != '/' ||
        !by)
        return NULL;
    const struct place from = place_of(allows, fact->move.from);
    const struct place to = place_of(allows, fact->move.to);
    if (from.mount == to.mount)
        return NULL;
    /* The inner one tears them apart. */
    const char *whose = from.mount > to.mount ? from.whose : to.whose;
    return whose && !allows_is_word(directories, whose) ? whose : by;
}
