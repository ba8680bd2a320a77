// SPDX-License-Identifier: LGPL-2.1-or-later
/* Indexes of names and facts at, above and below a path. A profile may have tens of thousands, so
 * no lookup scans them all. */
#include "systemd/core/place_lookup.h"
#include "systemd/filesystem/filesystem.h"
#include <string.h>

/* ---- names ---- */

static enum name_kind name_kind(const struct used_name *used)
{
    if (used->folded && used->existed)
        return NAME_MET;
    return used->uses | used->failed ? NAME_USED : NAME_IDLE;
}

void names_index(struct used_names *names)
{
    path_index_done(&names->by_real);
    path_index_done(&names->by_final);
    for (size_t i = 0; i < names->count; i++) {
        enum name_kind kind = name_kind(&names->items[i]);
        path_index_add(&names->by_real, names->items[i].real, kind, i);
        path_index_add(&names->by_final, names->items[i].final, kind, i);
    }
}

/* The first that is not before the name. */
static size_t names_from(const struct used_names *names, const char *name)
{
    size_t low = 0, high = names->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(names->items[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct used_name *names_find(const struct used_names *names, const char *name)
{
    size_t at = names_from(names, name);

    return at < names->count && strcmp(names->items[at].name, name) == 0 ? &names->items[at] : NULL;
}

const struct used_name *names_within(const struct used_names *names, const char *directory,
                                     size_t *at)
{
    if (!*at)
        *at = names_from(names, directory);
    /* Names with the same start sort between a directory and its entries: "/a", "/a-b", "/a/c". */
    for (; *at < names->count && str_starts_with(names->items[*at].name, directory); ++*at)
        if (path_is_within(names->items[*at].name, directory))
            return &names->items[(*at)++];
    return NULL;
}

/* Bits of the kinds of names that were used. */
#define NAMES_USED (1u << NAME_USED | 1u << NAME_MET)

const struct used_name *names_at(const struct used_names *names, const struct path_index *index,
                                 const char *path, size_t *at)
{
    const struct path_place *entry = path_index_find(index, path);

    return entry && *at < entry->count ? &names->items[entry->items[(*at)++]] : NULL;
}

bool plan_is_used_below(const struct filesystem_plan *plan, const char *directory)
{
    return path_index_below(&plan->names.by_real, directory, NAMES_USED) > 0;
}

/* The answer is the same for all names of a directory: it is looked for once. */
static bool find_other_name(const struct filesystem_plan *plan, const char *directory,
                            const char *place)
{
    for (size_t i = 0; i < plan->names.count; i++) {
        const struct used_name *other = &plan->names.items[i];
        bool beside = path_is_within(other->real, directory) && strcmp(other->real, directory) != 0;
        bool above = other->created && path_is_within(directory, other->real);
        if ((other->uses | other->failed) && (beside || above) &&
            !path_is_within(other->name, place))
            return true;
    }
    return false;
}

bool plan_has_other_name(struct filesystem_plan *plan, const struct used_name *used,
                         const char *place)
{
    CLEANUP(free_char) char *directory = path_parent(used->real);
    CLEANUP(free_char) char *key = mem_printf("%s/%s", place, directory);

    if (plan->form == FILESYSTEM_STRICT)
        return false;
    const struct path_place *known = path_index_find(&plan->other_names, key);
    if (!known || !known->count) {
        path_index_add(&plan->other_names, key, 0, find_other_name(plan, directory, place));
        known = path_index_find(&plan->other_names, key);
    }
    return known->items[0];
}

/* ---- facts ---- */

bool facts_is_code(const struct fact *fact)
{
    return (fact->path.use == PATH_EXECUTE || fact->path.use == PATH_MAP_EXECUTE) &&
           fact_may_have_succeeded(fact) && place_region(fact->path.path) != REGION_IGNORED;
}

void plan_index_facts(struct filesystem_plan *plan)
{
    size_t count;
    const struct fact *const *facts = profile_facts(plan->profile, FACT_PATH, &count);

    for (size_t i = 0; i < count; i++) {
        enum fact_index_kind kind = facts_is_code(facts[i]) ? FACT_CODE : FACT_OTHER;
        path_index_add(&plan->by_path, facts[i]->path.path, kind, i);
        path_index_add(&plan->by_requested, facts[i]->path.requested, kind, i);
    }
    facts = profile_facts(plan->profile, FACT_PROGRAM, &count);
    for (size_t i = 0; i < count; i++)
        path_index_add(&plan->programs, facts[i]->program.path, 0, i);
}

const struct fact *facts_at(const struct filesystem_plan *plan, const struct path_index *index,
                            const char *path, size_t *at)
{
    const struct path_place *entry = path_index_find(index, path);
    size_t count;
    const struct fact *const *facts = profile_facts(plan->profile, FACT_PATH, &count);

    return entry && *at < entry->count ? facts[entry->items[(*at)++]] : NULL;
}

/* Whether a fact of the kinds is about something at or below a path, or about a collapsed directory
 * above it that may contain it. */
static bool may_be_within(const struct path_index *index, const char *path, unsigned kinds)
{
    bool within = path_index_below(index, path, kinds) > 0;
    CLEANUP(free_char) char *above = mem_strdup(path);

    for (bool last = false; !within && !last;) {
        CLEANUP(free_char) char *folded = mem_printf("%s/", above);
        char *parent = path_parent(above);
        within = path_index_below(index, folded, kinds) > 0;
        last = strcmp(above, "/") == 0;
        free(above);
        above = parent;
    }
    return within;
}

bool facts_touch(const struct filesystem_plan *plan, const char *path)
{
    const unsigned any = 1u << FACT_OTHER | 1u << FACT_CODE;

    return may_be_within(&plan->by_path, path, any) ||
           may_be_within(&plan->by_requested, path, any);
}

bool facts_are_code(const struct filesystem_plan *plan, const char *path, const char *requested)
{
    return may_be_within(&plan->by_path, path, 1u << FACT_CODE) ||
           may_be_within(&plan->by_requested, requested, 1u << FACT_CODE);
}

char *names_above(const struct profile *profile, const struct used_name *used, size_t depth)
{
    size_t drop = place_depth(used->real) - depth;
    size_t depth_name = place_depth(used->name);
    char *real = place_head(used->real, depth);

    /* The same tail below, and it leads there: then the head of the name is the other name of the
     * same directory. /var/lock/x is /run/lock/x, but /var is not /run. */
    if (depth && depth_name > drop) {
        char *head = place_head(used->name, depth_name - drop);
        CLEANUP(free_char) char *leads = place_resolve(profile, head);
        if (strcmp(used->name + strlen(head), used->real + strlen(real)) == 0 &&
            strcmp(leads, real) == 0) {
            free(real);
            return head;
        }
        free(head);
    }
    return real;
}

bool plan_is_idle_device(const struct filesystem_plan *plan, const char *directory)
{
    bool terminals = strcmp(directory, "/dev/pts") == 0;

    return plan->private_devices.yes && !plan_is_used_below(plan, directory) &&
           !(terminals && plan_is_used_below(plan, "/dev/ptmx"));
}

bool plan_is_touched(const struct filesystem_plan *plan, const char *path)
{
    return plan_is_used_below(plan, path) || facts_touch(plan, path) ||
           plan_is_automatic(plan, path);
}
