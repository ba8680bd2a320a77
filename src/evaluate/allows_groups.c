// SPDX-License-Identifier: LGPL-2.1-or-later
/* What an @group in an allow-list lets through: what the target's systemd says it holds, as the
 * profile recorded it or as group_table.c has it. */
#include "evaluate/allows.h"
#include <cinch/systemd/group_table.h>
#include <string.h>

/* Deeper than systemd nests them (@system-service has @default, and since 257 that @sandbox). */
#define DEPTH_MAX 8

static bool recorded_at_target(const struct allows *allows)
{
    size_t count;
    const struct host_setting *const *settings = profile_settings(allows->profile, &count);
    size_t same = 0, other = 0;

    for (size_t i = 0; i < count; i++)
        if (strcmp(settings[i]->name, "systemd") == 0)
            *(atoi(settings[i]->value) == allows->suggestion->target.version ? &same : &other) += 1;
    return same && !other;
}

/* The words of a group where training recorded them, NULL where it did not or machines differ. */
static const char *words_recorded(const struct allows *allows, const char *group)
{
    CLEANUP(free_char) char *name = mem_printf("group %s", group);
    size_t count, found = 0;
    const struct host_setting *const *settings = profile_settings(allows->profile, &count);
    const char *words = NULL;

    for (size_t i = 0; i < count; i++)
        if (strcmp(settings[i]->name, name) == 0 && ++found)
            words = settings[i]->value;
    return found == 1 ? words : NULL;
}

static bool any_recorded(const struct allows *allows)
{
    size_t count;
    const struct host_setting *const *settings = profile_settings(allows->profile, &count);

    for (size_t i = 0; i < count; i++)
        if (str_starts_with(settings[i]->name, "group @"))
            return true;
    return false;
}

static bool group_lets(const struct allows *allows, const char *group, const char *call, int depth);

/* Whether one of the words is the call, or a group that has it. */
static bool words_let(const struct allows *allows, const char *words, const char *call, int depth)
{
    while (*words) {
        size_t length = strcspn(words, " ");
        CLEANUP(free_char) char *word = mem_strndup(words, length);
        if (word[0] == '@' ? group_lets(allows, word, call, depth + 1) : strcmp(word, call) == 0)
            return true;
        words += length + (words[length] == ' ');
    }
    return false;
}

static bool group_lets(const struct allows *allows, const char *group, const char *call, int depth)
{
    int version = allows->suggestion->target.version;

    if (depth > DEPTH_MAX)
        return false;
    if (recorded_at_target(allows) && any_recorded(allows)) {
        const char *words = words_recorded(allows, group);
        return words && words_let(allows, words, call, depth);
    }
    for (size_t i = 0; i < group_row_count; i++)
        if (strcmp(group_rows[i].name, group) == 0 && group_rows[i].since <= version &&
            version <= group_rows[i].until && words_let(allows, group_rows[i].members, call, depth))
            return true;
    return false;
}

bool allows_group(const struct allows *allows, const char *group, const char *call)
{
    return group_lets(allows, group, call, 0);
}
