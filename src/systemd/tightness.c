// SPDX-License-Identifier: LGPL-2.1-or-later
/* How much a suggestion allows, and how much of that training never showed. */
#include "systemd/core/directive.h"
#include "systemd/core/syscall_groups.h"
#include <string.h>

static const struct verdict *emitted(const struct suggestion *suggestion, const char *name)
{
    const struct verdict *verdict = suggestion_find(suggestion, name);

    return verdict && verdict->emitted ? verdict : NULL;
}

/* systemd lets the calls of @default through beside every list (seccomp_filter_set_add(), 252). */
static void count_default(const struct suggestion *suggestion, const struct profile *profile,
                          const struct strings *listed, struct tightness *ret)
{
    CLEANUP(groups_done) struct groups groups = { 0 };

    groups_init(&groups, profile, &suggestion->target);
    const struct group *standard = groups_find(&groups, "@default");
    for (size_t i = 0; standard && i < standard->calls.count; i++)
        ret->default_calls += !strings_has(listed, standard->calls.items[i]);
}

static void count_calls(const struct suggestion *suggestion, const struct profile *profile,
                        struct tightness *ret)
{
    const struct verdict *filter = emitted(suggestion, "SystemCallFilter");
    CLEANUP(strings_done) struct strings listed = { 0 };

    ret->all_calls = !filter || filter->inverted;
    if (ret->all_calls)
        return;
    for (size_t i = 0; i < filter->count; i++) {
        const struct value *value = &filter->values[i];
        bool is_group = value->text[0] == '@';
        ret->calls += is_group ? value->covers.count + value->excess.count : 1;
        ret->group_calls += is_group ? value->excess.count : 0;
        ret->fallback_calls += !is_group && !value->witness;
        for (size_t k = 0; is_group && k < value->covers.count; k++)
            strings_add(&listed, value->covers.items[k]);
        if (!is_group)
            strings_add(&listed, value->text);
    }
    count_default(suggestion, profile, &listed, ret);
}

static void count_paths(const struct suggestion *suggestion, struct tightness *ret)
{
    static const char *const lists[] = { "BindReadOnlyPaths", "BindPaths" };

    ret->all_paths = suggestion->filesystem == FILESYSTEM_STRICT;
    for (size_t i = 0; i < ELEMENTS_OF(lists); i++) {
        const struct verdict *verdict = emitted(suggestion, lists[i]);
        if (!verdict)
            continue;
        ret->paths += verdict->count;
        ret->writable_paths += i == 1 ? verdict->count : 0;
        ret->unused_files += verdict->excess.unit == EXCESS_FILES ? verdict->excess.count : 0;
        ret->unused_at_least |= verdict->excess.at_least;
    }
}

void tightness_measure(const struct suggestion *suggestion, const struct profile *profile,
                       struct tightness *ret)
{
    const struct verdict *bounding = emitted(suggestion, "CapabilityBoundingSet");

    *ret = (struct tightness){ .all_capabilities = !bounding || bounding->inverted };
    if (!ret->all_capabilities)
        ret->capabilities =
            bounding->count == 1 && !bounding->values[0].text[0] ? 0 : bounding->count;
    count_calls(suggestion, profile, ret);
    count_paths(suggestion, ret);
}
