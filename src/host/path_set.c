// SPDX-License-Identifier: LGPL-2.1-or-later
#include "host/census.h"
#include <string.h>
#include <uthash.h>

struct path_entry {
    char *path;
    UT_hash_handle hh;
};

bool path_set_add(struct path_set *set, const char *path)
{
    struct path_entry *entry;

    HASH_FIND_STR(set->entries, path, entry);
    if (entry)
        return false;
    entry = mem_new(1, sizeof(*entry));
    entry->path = mem_strdup(path);
    HASH_ADD_KEYPTR(hh, set->entries, entry->path, strlen(entry->path), entry);
    return true;
}

bool path_set_has(const struct path_set *set, const char *path)
{
    struct path_entry *entry;

    HASH_FIND_STR(set->entries, path, entry);
    return entry;
}

static int path_compare(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

const char **path_set_sorted(const struct path_set *set, size_t *ret_count)
{
    size_t count = 0;
    const char **paths = mem_new(HASH_COUNT(set->entries), sizeof(*paths));

    for (const struct path_entry *entry = set->entries; entry; entry = entry->hh.next)
        paths[count++] = entry->path;
    qsort(paths, count, sizeof(*paths), path_compare);
    *ret_count = count;
    return paths;
}

void path_set_done(struct path_set *set)
{
    struct path_entry *entry, *next;

    HASH_ITER (hh, set->entries, entry, next) {
        HASH_DEL(set->entries, entry);
        free(entry->path);
        free(entry);
    }
}
