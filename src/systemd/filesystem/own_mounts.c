// SPDX-License-Identifier: LGPL-2.1-or-later
/* The unit's own mounts in the plan. */
#include "systemd/core/derive.h"
#include "systemd/core/own_mount.h"
#include "systemd/core/verdict.h"
#include "systemd/filesystem/filesystem.h"
#include <cinch/model/places.h>
#include <string.h>

void own_mounts_find(const struct suggest_options *options, const struct profile *profile,
                     struct strings *ret)
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_BLIND_SPOT, &count);

    for (size_t i = 0; i < count; i++) {
        CLEANUP(free_char) char *place = own_mount_place(facts[i]);
        if (place && own_mount_is_settled(options, facts[i]))
            strings_add(ret, place);
    }
}

/* A symlink that crosses the edge of such a mount; it is unknown which of the two mounts it needs.
 */
const struct fact *own_mounts_crossed(const struct profile *profile, const struct strings *places)
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_PATH, &count);

    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < places->count; k++)
            if (path_is_within(facts[i]->path.path, places->items[k]) !=
                path_is_within(facts[i]->path.requested, places->items[k]))
                return facts[i];
    return NULL;
}

void own_mounts_keep_tmpfs(const struct derive_context *context, struct verdict *ret)
{
    CLEANUP(strings_done) struct strings words = { 0 };
    const struct strings *places = &context->filesystem->own_mounts;

    if (context->options->unit)
        unit_list(context->options->unit, "TemporaryFileSystem", &words);
    for (size_t i = 0; i < words.count; i++) {
        CLEANUP(free_char) char *place = own_mount_written(words.items[i], true);
        const char *options = strchr(words.items[i], ':');
        bool used = false;
        for (size_t k = 0; place && k < places->count; k++)
            used |= path_is_within(places->items[k], place) && own_mount_is_plain(place);
        if (!used)
            continue;
        struct value *value = verdict_add(ret, place, mem_strdup("kept from the unit"), NULL);
        value->is_path = true;
        value->options = options && options[1] ? mem_strdup(options + 1) : NULL;
    }
}
