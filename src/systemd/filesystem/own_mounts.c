// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What a unit puts where the machine has something else: BindPaths=, BindReadOnlyPaths= of another
 * source, TemporaryFileSystem=. Names below are told as the service had them, and the blind spot
 * names the place, "mount PATH". Given the unit, and that it has that mount still, its
 * own mount serves them; nothing is bound for them.
 */
#include "systemd/filesystem/filesystem.h"
#include <cinch/model/places.h>
#include <string.h>

#define TOPIC "foreign-mount-namespace"
#define MOUNT "mount "
/* systemd that knows all of these settings. */
#define VERSION_MOUNTS 238

/* The place of a mount of the unit's, NULL when it is no other than the machine's; owned. */
static char *place_of(const char *word, bool is_tmpfs)
{
    const char *text = word + (word[0] == '-');
    const char *colon = strchr(text, ':');
    const char *place = is_tmpfs ? text : colon ? colon + 1 : "";

    if (strchr(word, '%') || place[0] != '/')
        return NULL;
    return mem_strndup(place, strcspn(place, ":"));
}

/* Nothing that many share, and nothing that systemd or the kernel fill: what a directive means
 * there depends on whose it is. */
static bool is_plain(const char *place)
{
    return policy_region(place) == REGION_PLAIN && !place_is_guarded(place) &&
           !path_is_within("/var/tmp", place) && !strstr(place, "/..");
}

static bool is_own(const struct unit *unit, const char *key, const char *path)
{
    CLEANUP(strings_done) struct strings words = { 0 };
    bool own = false;

    unit_list(unit, key, &words);
    for (size_t i = 0; i < words.count && !own; i++) {
        CLEANUP(free_char)
        char *written = place_of(words.items[i], strcmp(key, "TemporaryFileSystem") == 0);
        CLEANUP(free_char) char *place = written ? path_normalise(written) : NULL;
        own = place && is_plain(place) && path_is_within(path, place);
    }
    return own;
}

char *own_mount_place(const struct fact *spot)
{
    const char *detail = spot->blind_spot.detail;

    if (strcmp(spot->blind_spot.topic, TOPIC) != 0 || !detail ||
        !str_starts_with(detail, MOUNT "/"))
        return NULL;
    return path_normalise(detail + strlen(MOUNT));
}

bool own_mounts_have_root(const struct unit *unit)
{
    CLEANUP(strings_done) struct strings words = { 0 };
    bool root = false;

    if (unit)
        unit_list(unit, "TemporaryFileSystem", &words);
    for (size_t i = 0; i < words.count; i++)
        root |= words.items[i][0] == '/' && strchr(":", words.items[i][1]);
    return root;
}

/* systemd mounts the kernel's file systems in such a root anew: they are the same by any name. */
static bool is_of_own_root(const struct unit *unit, const char *place)
{
    return own_mounts_have_root(unit) &&
           (strcmp(place, "/proc") == 0 || strcmp(place, "/sys") == 0);
}

bool own_mount_is_settled(const struct suggest_options *options, const struct fact *spot)
{
    static const char *const keys[] = { "BindPaths", "BindReadOnlyPaths", "TemporaryFileSystem" };
    CLEANUP(free_char) char *place = own_mount_place(spot);
    bool own = false;

    if (options->target.version < VERSION_MOUNTS)
        return false;
    for (size_t i = 0; place && options->unit && i < ELEMENTS_OF(keys); i++)
        own |= is_own(options->unit, keys[i], place);
    return own || (place && options->unit && is_of_own_root(options->unit, place));
}

const char *own_mount_remedy(const struct fact *spot)
{
    CLEANUP(free_char) char *place = own_mount_place(spot);

    return !place ? ""
                  : " (the unit has something of its own there; give the unit with --unit when it "
                    "is one that BindPaths=, BindReadOnlyPaths= or TemporaryFileSystem= puts in a "
                    "place of its own, else train with that turned off)";
}

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

/* A link that leads into such a place or out of it: nobody knows which of the two mounts it needs.
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
        CLEANUP(free_char) char *place = place_of(words.items[i], true);
        const char *options = strchr(words.items[i], ':');
        bool used = false;
        for (size_t k = 0; place && k < places->count; k++)
            used |= path_is_within(places->items[k], place) && is_plain(place);
        if (!used)
            continue;
        struct value *value =
            verdict_add(ret, place, mem_strdup("kept: the unit has it already"), NULL);
        value->is_path = true;
        value->options = options && options[1] ? mem_strdup(options + 1) : NULL;
    }
}
