// SPDX-License-Identifier: LGPL-2.1-or-later
/* The content of a group is what the target's systemd defines. host/ records it in the profile
 * ("group @aio"). For another target there are tables of three versions; for any other version the
 * content is unknown, and cinch does not guess. */
#include "systemd/core/syscall_groups.h"
#include <cinch/systemd/group_table.h>
#include <string.h>

#define RECORDED "group "
/* systemd 262 has 32; profiles are hostile. */
#define GROUPS_MAX 64

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct group *)a)->name, ((const struct group *)b)->name);
}

static int by_text(const void *key, const void *item)
{
    return strcmp(key, *(char *const *)item);
}

bool groups_has(const struct group *group, const char *call)
{
    return group->calls.count && bsearch(call, group->calls.items, group->calls.count,
                                         sizeof(*group->calls.items), by_text);
}

const struct group *groups_find(const struct groups *groups, const char *name)
{
    for (size_t i = 0; i < groups->count; i++)
        if (strcmp(groups->items[i].name, name) == 0)
            return &groups->items[i];
    return NULL;
}

static bool is_group_name(const char *text)
{
    size_t length = text[0] == '@' ? strspn(text + 1, "abcdefghijklmnopqrstuvwxyz-") : 0;

    return length > 0 && length < 32 && text[length + 1] == '\0';
}

/* The group of that name, made when there is none; NULL when there are too many. */
static struct group *groups_get(struct groups *groups, const char *name)
{
    for (size_t i = 0; i < groups->count; i++)
        if (strcmp(groups->items[i].name, name) == 0)
            return &groups->items[i];
    if (groups->count == GROUPS_MAX)
        return NULL;
    mem_reserve(&groups->items, &groups->capacity, groups->count + 1, sizeof(struct group));
    groups->items[groups->count] = (struct group){ .name = mem_strdup(name) };
    return &groups->items[groups->count++];
}

static void group_add_words(struct group *group, const char *words)
{
    while (*words) {
        size_t length = strcspn(words, " ");
        CLEANUP(free_char) char *word = mem_strndup(words, length);
        if (is_group_name(word))
            strings_add(&group->nested, word);
        else if (groups_is_call_name(word))
            strings_add(&group->calls, word);
        words += length;
        words += strspn(words, " ");
    }
}

/* ---- where they come from ---- */

/* Whether all training was done where the target's version of systemd runs. */
static bool is_target(const struct profile *profile, const struct target *target)
{
    size_t count;
    const struct host_setting *const *settings = profile_settings(profile, &count);
    bool is = false;

    for (size_t i = 0; i < count; i++) {
        if (strcmp(settings[i]->name, "systemd") != 0)
            continue;
        if (atoi(settings[i]->value) != target->version)
            return false;
        is = true;
    }
    return is;
}

/* Two machines that do not agree on a group: it is as if none had it. */
static bool is_disputed(const struct host_setting *const *settings, size_t count, size_t at)
{
    for (size_t i = 0; i < count; i++)
        if (i != at && strcmp(settings[i]->name, settings[at]->name) == 0)
            return true;
    return false;
}

static void groups_take_recorded(struct groups *groups, const struct profile *profile)
{
    size_t count;
    const struct host_setting *const *settings = profile_settings(profile, &count);

    for (size_t i = 0; i < count; i++) {
        const char *name = settings[i]->name + strlen(RECORDED);
        if (!str_starts_with(settings[i]->name, RECORDED) || !is_group_name(name) ||
            is_disputed(settings, count, i))
            continue;
        struct group *group = groups_get(groups, name);
        if (group)
            group_add_words(group, settings[i]->value);
    }
    groups->source = groups->count ? GROUPS_RECORDED : GROUPS_UNKNOWN;
}

static void groups_take_built_in(struct groups *groups, const struct target *target)
{
    for (size_t i = 0; i < group_version_count; i++)
        if (group_versions[i] == target->version)
            groups->source = GROUPS_BUILT_IN;
    for (size_t i = 0; groups->source == GROUPS_BUILT_IN && i < group_row_count; i++) {
        const struct group_row *row = &group_rows[i];
        if (target->version < row->since || target->version > row->until)
            continue;
        struct group *group = groups_get(groups, row->name);
        if (group)
            group_add_words(group, row->members);
    }
}

/* ---- nesting ---- */

/* Adds the calls of a group to `ret`. `seen` ends the recursion when a hostile profile nests a
 * group in itself. */
static void group_collect(const struct groups *groups, const struct group *group,
                          struct strings *seen, struct strings *ret)
{
    if (strings_has(seen, group->name))
        return;
    strings_add(seen, group->name);
    for (size_t i = 0; i < group->calls.count; i++)
        strings_add(ret, group->calls.items[i]);
    for (size_t i = 0; i < group->nested.count; i++) {
        const struct group *nested = groups_find(groups, group->nested.items[i]);
        if (nested)
            group_collect(groups, nested, seen, ret);
    }
}

static void groups_take_apart(struct groups *groups)
{
    struct strings *whole = mem_new(groups->count, sizeof(*whole));

    for (size_t i = 0; i < groups->count; i++) {
        CLEANUP(strings_done) struct strings seen = { 0 };
        group_collect(groups, &groups->items[i], &seen, &whole[i]);
        strings_sort_unique(&whole[i]);
    }
    for (size_t i = 0; i < groups->count; i++) {
        strings_done(&groups->items[i].calls);
        groups->items[i].calls = whole[i];
    }
    free(whole);
}

void groups_init(struct groups *groups, const struct profile *profile, const struct target *target)
{
    *groups = (struct groups){ 0 };
    if (is_target(profile, target))
        groups_take_recorded(groups, profile);
    if (groups->source == GROUPS_UNKNOWN)
        groups_take_built_in(groups, target);
    groups_take_apart(groups);
    if (groups->count)
        qsort(groups->items, groups->count, sizeof(*groups->items), by_name);
}

void groups_done(struct groups *groups)
{
    for (size_t i = 0; i < groups->count; i++) {
        free(groups->items[i].name);
        strings_done(&groups->items[i].calls);
        strings_done(&groups->items[i].nested);
    }
    free(groups->items);
    *groups = (struct groups){ 0 };
}

bool call_is_known(const struct profile *profile, const struct target *target, const char *name)
{
    CLEANUP(groups_done) struct groups groups = { 0 };

    if (!name[0] || name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_")])
        return false;
    groups_init(&groups, profile, target);
    for (size_t i = 0; i < groups.count; i++)
        if (groups_has(&groups.items[i], name))
            return true;
    return groups.source == GROUPS_UNKNOWN;
}

bool call_group(const struct profile *profile, const struct target *target, const char *group,
                struct strings *ret)
{
    CLEANUP(groups_done) struct groups groups = { 0 };

    groups_init(&groups, profile, target);
    const struct group *found = groups_find(&groups, group);
    for (size_t i = 0; found && i < found->calls.count; i++)
        strings_add(ret, found->calls.items[i]);
    return found != NULL;
}

/* Profiles are hostile: only what looks like a name may reach a unit. */
bool groups_is_call_name(const char *text)
{
    size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_");

    return length > 0 && length < 40 && text[length] == '\0' && (text[0] < '0' || text[0] > '9');
}
