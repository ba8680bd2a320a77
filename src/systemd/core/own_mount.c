// SPDX-License-Identifier: LGPL-2.1-or-later
/* Mounts of the unit that replace host paths: BindPaths= and BindReadOnlyPaths= from another
 * source, TemporaryFileSystem=. Training records names below them as the service sees them, and a
 * blind spot records the mount point, "mount PATH". Where a unit with that mount is given, its
 * mount provides those files and they need no bind. */
#include "systemd/core/own_mount.h"
#include "systemd/core/place_lookup.h"
#include <cinch/model/places.h>
#include <string.h>

/* systemd that knows all of these settings. */
#define VERSION_MOUNTS 238

char *own_mount_written(const char *word, bool is_tmpfs)
{
    const char *text = word + (word[0] == '-');
    const char *colon = strchr(text, ':');
    const char *place = is_tmpfs ? text : colon ? colon + 1 : "";

    if (strchr(word, '%') || place[0] != '/')
        return NULL;
    return mem_strndup(place, strcspn(place, ":"));
}

bool own_mount_is_plain(const char *place)
{
    return place_region(place) == REGION_PLAIN && !place_is_guarded(place) &&
           !path_is_within("/var/tmp", place) && !strstr(place, "/..");
}

static bool is_own(const struct unit *unit, const char *key, const char *path)
{
    CLEANUP(strings_done) struct strings words = { 0 };
    bool own = false;

    unit_list(unit, key, &words);
    for (size_t i = 0; i < words.count && !own; i++) {
        CLEANUP(free_char)
        char *written = own_mount_written(words.items[i], strcmp(key, "TemporaryFileSystem") == 0);
        CLEANUP(free_char) char *place = written ? path_normalise(written) : NULL;
        own = place && own_mount_is_plain(place) && path_is_within(path, place);
    }
    return own;
}

char *own_mount_place(const struct fact *spot)
{
    const char *detail = spot->blind_spot.detail;

    if (strcmp(spot->blind_spot.topic, OWN_MOUNT_TOPIC) != 0 || !detail ||
        !str_starts_with(detail, OWN_MOUNT_WORD "/"))
        return NULL;
    return path_normalise(detail + strlen(OWN_MOUNT_WORD));
}

bool own_mount_has_root(const struct unit *unit)
{
    CLEANUP(strings_done) struct strings words = { 0 };
    bool root = false;

    if (unit)
        unit_list(unit, "TemporaryFileSystem", &words);
    for (size_t i = 0; i < words.count; i++)
        root |= words.items[i][0] == '/' && strchr(":", words.items[i][1]);
    return root;
}

/* systemd mounts the kernel's file systems in such a root again; they are the same under any name.
 */
static bool is_of_own_root(const struct unit *unit, const char *place)
{
    return own_mount_has_root(unit) && (strcmp(place, "/proc") == 0 || strcmp(place, "/sys") == 0);
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

    return !place
               ? ""
               : " (the unit mounts something there). If it uses BindPaths=, BindReadOnlyPaths= or "
                 "TemporaryFileSystem=, give it with --unit; otherwise train without that setting";
}
