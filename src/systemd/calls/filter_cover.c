// SPDX-License-Identifier: LGPL-2.1-or-later
/* Writes the wanted calls as names, and as @groups where a group adds little. Calls of @default are
 * free, because systemd adds that group to every allow-list. */
#include "systemd/calls/call_filter.h"
#include "systemd/core/verdict.h"
#include <cinch/minimize.h>
#include <string.h>

/* A call that a group or the list itself may allow. */
struct cover_name {
    const char *name; /* borrowed */
    size_t index;
    UT_hash_handle hh;
};

/* The calls of all groups and of the list, numbered. */
struct cover {
    struct cover_name *names; /* uthash head */
    struct sets_item *items;  /* by number */
    size_t count, capacity;
    struct sets_group *groups; /* as filter->groups has them */
};

static void cover_done(struct cover *cover, size_t groups)
{
    struct cover_name *name, *next;

    HASH_ITER (hh, cover->names, name, next) {
        HASH_DEL(cover->names, name);
        free(name);
    }
    for (size_t i = 0; i < groups; i++)
        free((void *)(uintptr_t)cover->groups[i].items);
    free(cover->groups);
    free(cover->items);
}

static size_t cover_number(struct cover *cover, const struct filter *filter, const char *name)
{
    struct cover_name *found;

    HASH_FIND_STR(cover->names, name, found);
    if (found)
        return found->index;
    found = mem_new(1, sizeof(*found));
    *found = (struct cover_name){ .name = name, .index = cover->count };
    HASH_ADD_KEYPTR(hh, cover->names, found->name, strlen(found->name), found);
    mem_reserve(&cover->items, &cover->capacity, cover->count + 1, sizeof(*cover->items));
    cover->items[cover->count] =
        (struct sets_item){ .wanted = filter_find(filter, name), .risk = filter_risk(name) };
    return cover->count++;
}

static bool is_standard(const struct filter *filter, const char *name)
{
    return filter->standard && groups_has(filter->standard, name);
}

/* A group must not bring along what the unit forbids. */
static bool is_limited(const struct filter *filter, const struct group *group)
{
    for (size_t i = 0; filter->context->options->unit && i < group->calls.count; i++)
        if (!filter_find(filter, group->calls.items[i]) &&
            filter_is_grantable(filter, group->calls.items[i]) &&
            filter_is_limited(filter, group->calls.items[i]))
            return true;
    return false;
}

static void cover_number_group(struct cover *cover, const struct filter *filter, size_t at)
{
    const struct group *group = &filter->groups.items[at];
    size_t *items = mem_new(group->calls.count, sizeof(*items));
    size_t count = 0, all = is_limited(filter, group) ? 0 : group->calls.count;

    for (size_t i = 0; i < all; i++)
        if (filter_is_grantable(filter, group->calls.items[i]) &&
            !is_standard(filter, group->calls.items[i]))
            items[count++] = cover_number(cover, filter, group->calls.items[i]);
    cover->groups[at] = (struct sets_group){ .items = items, .count = count };
}

static void cover_number_all(struct cover *cover, const struct filter *filter)
{
    for (const struct filter_name *name = filter->names; name; name = name->hh.next)
        if (!is_standard(filter, name->name))
            cover_number(cover, filter, name->name);
    cover->groups = mem_new(filter->groups.count, sizeof(*cover->groups));
    for (size_t i = 0; i < filter->groups.count; i++)
        cover_number_group(cover, filter, i);
}

/* ---- the values ---- */

/* "covers 9 observed calls and companions: epoll_create1 ...". */
static char *cover_why(const struct strings *covers)
{
    struct str why = { 0 };

    str_addf(&why, "covers %zu observed calls and companions:", covers->count);
    for (size_t i = 0; i < covers->count; i++)
        str_addf(&why, " %s", covers->items[i]);
    return str_steal(&why);
}

static void cover_add_group(struct filter *filter, const struct group *group, struct verdict *ret)
{
    struct value *value = verdict_add(ret, group->name, NULL, NULL);

    for (size_t i = 0; i < group->calls.count; i++) {
        const char *call = group->calls.items[i];
        struct filter_name *name = filter_find(filter, call);
        if (!filter_is_grantable(filter, call) || is_standard(filter, call))
            continue;
        if (!name || !name->witness)
            excess_add(&value->excess, call);
        if (!name)
            continue;
        name->by_group = true;
        strings_add(&value->covers, call);
    }
    value->why = cover_why(&value->covers);
}

static void cover_add_groups(struct filter *filter, struct verdict *ret)
{
    struct cover cover = { 0 };
    bool *chosen = mem_new(filter->groups.count, sizeof(*chosen));

    if (filter->fit.groups && filter->groups.count) {
        cover_number_all(&cover, filter);
        cover_sets(cover.items, cover.count, cover.groups, filter->groups.count,
                   filter->fit.group_entry_cost, filter->fit.group_calls, chosen);
        for (size_t i = 0; i < filter->groups.count; i++)
            if (chosen[i])
                cover_add_group(filter, &filter->groups.items[i], ret);
        cover_done(&cover, filter->groups.count);
    }
    free(chosen);
}

/* All calls that are allowed and were not observed, also those of @default. */
static void cover_excess(const struct filter *filter, struct verdict *ret)
{
    for (size_t i = 0; i < ret->count; i++) {
        const struct excess *excess = &ret->values[i].excess;
        for (size_t k = 0; k < excess->names.count; k++)
            strings_add(&ret->excess.names, excess->names.items[k]);
    }
    for (size_t i = 0; filter->standard && i < filter->standard->calls.count; i++) {
        const char *call = filter->standard->calls.items[i];
        const struct filter_name *name = filter_find(filter, call);
        if (filter_is_grantable(filter, call) && !(name && name->witness))
            strings_add(&ret->excess.names, call);
    }
    strings_sort_unique(&ret->excess.names);
    ret->excess.count = ret->excess.names.count;
    ret->excess.at_least = !filter->standard; /* it has one all the same */
}

static int by_name(const struct filter_name *a, const struct filter_name *b)
{
    return strcmp(a->name, b->name);
}

void filter_cover(struct filter *filter, struct verdict *ret)
{
    cover_add_groups(filter, ret);
    HASH_SORT(filter->names, by_name);
    for (struct filter_name *name = filter->names; name; name = name->hh.next) {
        if (name->by_group)
            continue;
        struct value *value = verdict_add(ret, name->name, name->why, name->witness);
        name->why = NULL;
        if (!name->witness)
            excess_add(&value->excess, name->name);
    }
    cover_excess(filter, ret);
}
