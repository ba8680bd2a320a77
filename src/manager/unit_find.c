// SPDX-License-Identifier: LGPL-2.1-or-later
/* Names, aliases, templates and masks as systemd 252 to 257 resolve them
 * (unit_file_build_name_map(), unit_file_find_dropin_paths()). */
#include "manager/unit_find.h"
#include <cinch/systemd.h>
#include <errno.h>
#include <string.h>

/* Links that are followed from one name to the next. */
#define ALIASES_MAX 16

static int cannot_list(const char *directory, int result, struct err *err)
{
    CLEANUP(free_char) char *shown = text_encode_string(directory);

    if (result == -E2BIG)
        return err_set(err, E2BIG,
                       "cannot read the unit directory %s: too many files (more than %d in one "
                       "directory, or more than %d drop-ins of one unit); remove those not needed",
                       shown, UNIT_NAMES_MAX, UNIT_DROPINS_MAX);
    return err_set(err, -result, "cannot read the unit directory %s: %s", shown, strerror(-result));
}

/* ---- the index ------------------------------------------------------------------------------- */

static int compare_entries(const void *left, const void *right)
{
    const struct unit_entry *one = left, *other = right;
    int order = strcmp(one->name, other->name);

    return order ? order : one->rank < other->rank ? -1 : 1;
}

static int compare_name(const void *name, const void *entry)
{
    return strcmp(name, ((const struct unit_entry *)entry)->name);
}

static const struct unit_entry *index_entry(const struct unit_index *index, const char *name)
{
    return index->count ? bsearch(name, index->entries, index->count, sizeof(struct unit_entry),
                                  compare_name)
                        : NULL;
}

static int index_directory(struct unit_index *index, size_t rank, struct err *err)
{
    CLEANUP(strings_done) struct strings names = { 0 };
    const char *directory = index->directories.items[rank];
    int result = unit_paths_names(index->root_fd, directory, ".service", &names);

    if (result < 0)
        return cannot_list(directory, result, err);
    for (size_t i = 0; i < names.count; i++) {
        if (!unit_name_is_service(names.items[i]))
            continue;
        mem_reserve(&index->entries, &index->capacity, index->count + 1, sizeof(struct unit_entry));
        index->entries[index->count++] =
            (struct unit_entry){ .name = mem_strdup(names.items[i]),
                                 .path = path_join(directory, names.items[i]),
                                 .rank = rank };
    }
    return 0;
}

static void entry_done(struct unit_entry *entry)
{
    free(entry->name);
    free(entry->path);
    free(entry->link);
}

/* Sorts by name; of one name the first directory's stays. */
static void index_sort(struct unit_index *index)
{
    size_t kept = 0;

    if (index->count)
        qsort(index->entries, index->count, sizeof(struct unit_entry), compare_entries);
    for (size_t i = 0; i < index->count; i++) {
        struct unit_entry *entry = &index->entries[i];
        if (kept && strcmp(index->entries[kept - 1].name, entry->name) == 0) {
            entry_done(entry);
            continue;
        }
        entry->link = unit_paths_link(index->root_fd, entry->path);
        index->entries[kept++] = *entry;
    }
    index->count = kept;
}

int unit_index_read(struct unit_index *index, int root_fd, const struct unit_owner *owner,
                    struct err *err)
{
    int result = 0;

    index->root_fd = root_fd;
    unit_paths_list(owner, &index->directories);
    for (size_t i = 0; result == 0 && i < index->directories.count; i++)
        result = index_directory(index, i, err);
    index_sort(index);
    return result;
}

void unit_index_done(struct unit_index *index)
{
    for (size_t i = 0; i < index->count; i++)
        entry_done(&index->entries[i]);
    free(index->entries);
    strings_done(&index->directories);
    *index = (struct unit_index){ 0 };
}

/* ---- a name ---------------------------------------------------------------------------------- */

/* The name that a link makes an alias of, NULL when it is none: it leads out of the directories of
 * units, or to a file of the same name. */
static char *alias_of(const struct unit_index *index, const struct unit_entry *entry,
                      const char *name)
{
    CLEANUP(free_char) char *parent = path_parent(entry->path);
    CLEANUP(free_char) char *joined = path_join(parent, entry->link);
    CLEANUP(free_char) char *target = path_normalise(entry->link[0] == '/' ? entry->link : joined);
    CLEANUP(free_char) char *directory = path_parent(target);
    CLEANUP(free_char) char *instance = unit_name_instance(name);
    const char *other = path_name(target);

    if (!strings_has(&index->directories, directory) || strcmp(other, entry->name) == 0 ||
        !unit_name_is_service(other))
        return NULL;
    CLEANUP(free_char) char *other_instance = unit_name_instance(other);
    bool is_template = other_instance && !other_instance[0];
    return is_template && instance ? unit_name_fill(other, instance) : mem_strdup(other);
}

/* Follows a name to its unit: 0, -ENOENT, or -ERFKILL when it is masked. */
static int index_follow(const struct unit_index *index, const char *name, char **ret_id,
                        const struct unit_entry **ret_entry)
{
    CLEANUP(free_char) char *at = mem_strdup(name);

    for (int i = 0; i < ALIASES_MAX; i++) {
        CLEANUP(free_char) char *template = unit_name_template(at);
        const struct unit_entry *entry = index_entry(index, at);
        if (!entry && template)
            entry = index_entry(index, template);
        if (!entry)
            return -ENOENT;
        *ret_entry = entry;
        if (entry->link && strcmp(entry->link, "/dev/null") == 0)
            return -ERFKILL;
        char *alias = entry->link ? alias_of(index, entry, at) : NULL;
        if (!alias) {
            *ret_id = mem_strdup(at);
            return 0;
        }
        free(at);
        at = alias;
    }
    return -ENOENT;
}

/* Every other name that leads to the unit: drop-ins of each of them apply. */
static void find_names(const struct unit_index *index, struct unit_place *place)
{
    CLEANUP(free_char) char *instance = unit_name_instance(place->id);

    for (size_t i = 0; i < index->count; i++) {
        const struct unit_entry *other;
        CLEANUP(free_char) char *own = unit_name_instance(index->entries[i].name);
        CLEANUP(free_char) char *id = NULL;
        CLEANUP(free_char)
        char *name = own && !own[0] && instance ? unit_name_fill(index->entries[i].name, instance)
                                                : mem_strdup(index->entries[i].name);
        if (index->entries[i].link && strcmp(name, place->id) != 0 &&
            index_follow(index, name, &id, &other) == 0 && strcmp(id, place->id) == 0)
            strings_add(&place->names, name);
    }
    strings_sort_unique(&place->names);
}

int unit_index_find(const struct unit_index *index, const char *name, struct unit_place *ret)
{
    const struct unit_entry *entry = NULL;
    int result = index_follow(index, name, &ret->id, &entry);

    if (entry)
        ret->path = mem_strdup(entry->path);
    if (result == 0)
        find_names(index, ret);
    return result;
}

void unit_place_done(struct unit_place *place)
{
    free(place->id);
    free(place->path);
    strings_done(&place->names);
    *place = (struct unit_place){ 0 };
}

/* ---- its drop-ins ---------------------------------------------------------------------------- */

/* Of files of one name the first wins, wherever the others are. */
static int add_dropins(const struct unit_index *index, const char *directory, struct strings *ret,
                       struct err *err)
{
    CLEANUP(strings_done) struct strings names = { 0 };
    int result = unit_paths_names(index->root_fd, directory, ".conf", &names);
    size_t before = ret->count;

    if (result < 0)
        return cannot_list(directory, result, err);
    for (size_t i = 0; i < names.count && ret->count <= UNIT_DROPINS_MAX; i++) {
        bool hidden = false;
        for (size_t k = 0; k < before && !hidden; k++)
            hidden = strcmp(path_name(ret->items[k]), names.items[i]) == 0;
        CLEANUP(free_char) char *path = path_join(directory, names.items[i]);
        if (!hidden)
            strings_add(ret, path);
    }
    return ret->count > UNIT_DROPINS_MAX ? cannot_list(directory, -E2BIG, err) : 0;
}

static int add_dropins_of(const struct unit_index *index, const char *name, struct strings *ret,
                          struct err *err)
{
    CLEANUP(strings_done) struct strings below = { 0 };
    int result = 0;

    if (name)
        unit_name_dropins(name, &below);
    else
        strings_add(&below, "service.d");
    for (size_t i = 0; i < index->directories.count; i++)
        for (size_t k = 0; k < below.count && result == 0; k++) {
            CLEANUP(free_char)
            char *directory = path_join(index->directories.items[i], below.items[k]);
            result = add_dropins(index, directory, ret, err);
        }
    return result;
}

static int compare_names(const void *left, const void *right)
{
    return strcmp(path_name(*(char *const *)left), path_name(*(char *const *)right));
}

int unit_index_dropins(const struct unit_index *index, const struct unit_place *place,
                       struct strings *ret, struct err *err)
{
    int result = add_dropins_of(index, place->id, ret, err);

    for (size_t i = 0; result == 0 && i < place->names.count; i++)
        result = add_dropins_of(index, place->names.items[i], ret, err);
    if (result == 0)
        result = add_dropins_of(index, NULL, ret, err);
    if (ret->count)
        qsort(ret->items, ret->count, sizeof(char *), compare_names);
    return result;
}
