// SPDX-License-Identifier: LGPL-2.1-or-later
/* Paths that notes name. */
#include "systemd/advice/advice.h"
#include "systemd/core/derive.h"
#include "systemd/core/place_lookup.h"
#include "systemd/core/veto.h"
#include <string.h>

/* Names a note holds before it says how many more. */
#define NAMES_MAX 4

char *advice_join(struct strings *names)
{
    strings_sort_unique(names);
    return strings_list(names, NAMES_MAX);
}

/* Whether that path is a directory, or was one: something below it was used. */
static bool is_directory(const struct profile *profile, const char *path)
{
    const struct host_file *file = place_file(profile, path);
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_PATH, &count);
    bool below = false;

    for (size_t i = 0; i < count && !below; i++)
        below = path_is_within(facts[i]->path.path, path) && strcmp(facts[i]->path.path, path) != 0;
    return below || (file && file->type == FILE_DIRECTORY);
}

char *advice_managed_place(const struct profile *profile, const char *path)
{
    static const struct {
        const char *base, *key;
    } kinds[] = { { "/var/lib/", "StateDirectory" },
                  { "/var/cache/", "CacheDirectory" },
                  { "/var/log/", "LogsDirectory" },
                  { "/run/", "RuntimeDirectory" } };

    for (size_t i = 0; i < ELEMENTS_OF(kinds); i++) {
        size_t length = strlen(kinds[i].base);
        if (!str_starts_with(path, kinds[i].base))
            continue;
        size_t name = strcspn(path + length, "/");
        if (!name || (!path[length + name] && !is_directory(profile, path)))
            continue;
        CLEANUP(free_char) char *text = mem_strndup(path + length, name);
        CLEANUP(free_char) char *encoded = text_encode_string(text);
        return mem_printf("%s=%s", kinds[i].key, encoded);
    }
    return NULL;
}

void advice_find_written(const struct profile *profile, struct strings *ret_managed,
                         struct strings *ret_other)
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_PATH, &count);

    for (size_t i = 0; i < count; i++) {
        const char *path = facts[i]->path.path;
        enum region region = place_region(path);
        if (!path_use_is_write(facts[i]->path.use) || !fact_may_have_succeeded(facts[i]) ||
            (region != REGION_PLAIN && region != REGION_RUN))
            continue;
        CLEANUP(free_char) char *managed = advice_managed_place(profile, path);
        CLEANUP(free_char) char *parent = path_parent(path);
        CLEANUP(free_char) char *encoded = text_encode_string(parent);
        strings_add(managed ? ret_managed : ret_other, managed ? managed : encoded);
    }
}
