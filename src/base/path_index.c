// SPDX-License-Identifier: LGPL-2.1-or-later
/* Where paths lie in relation to each other, without going through all of them: a balanced tree
 * (tsearch(3)) of the paths and of every directory above one. */
#include <cinch/base.h>
#include <search.h>
#include <string.h>

/* A path that need not end where its text does. */
static int entry_compare(const void *left, const void *right)
{
    const struct path_place *a = left, *b = right;
    size_t shorter = a->length < b->length ? a->length : b->length;
    int order = memcmp(a->path, b->path, shorter);

    return order ? order : (a->length > b->length) - (a->length < b->length);
}

/* How long the directory's path is; 0: there is none above. */
static size_t length_above(const char *path, size_t length)
{
    if (length <= 1)
        return 0;
    for (size_t i = length; i-- > 0;)
        if (path[i] == '/')
            return i ? i : 1;
    return 0;
}

static struct path_place *entry_find(const struct path_index *index, const char *path,
                                     size_t length)
{
    struct path_place key = { .path = (char *)(uintptr_t)path, .length = length };
    struct path_place *const *node = tfind(&key, &index->root, entry_compare);

    return node ? *node : NULL;
}

static struct path_place *entry_of(struct path_index *index, const char *path, size_t length)
{
    struct path_place *entry = entry_find(index, path, length);

    if (entry)
        return entry;
    entry = mem_new(1, sizeof(*entry));
    entry->path = mem_strndup(path, length);
    entry->length = length;
    if (!tsearch(entry, &index->root, entry_compare))
        abort();
    return entry;
}

void path_index_add(struct path_index *index, const char *path, unsigned kind, size_t item)
{
    size_t length = strlen(path);
    struct path_place *entry = entry_of(index, path, length);

    mem_reserve(&entry->items, &entry->capacity, entry->count + 1, sizeof(*entry->items));
    entry->items[entry->count++] = item;
    entry->below[kind]++;
    while ((length = length_above(path, length)))
        entry_of(index, path, length)->below[kind]++;
}

const struct path_place *path_index_find(const struct path_index *index, const char *path)
{
    return entry_find(index, path, strlen(path));
}

bool path_index_has(const struct path_index *index, const char *path)
{
    const struct path_place *entry = path_index_find(index, path);

    return entry && entry->count;
}

size_t path_index_below(const struct path_index *index, const char *path, unsigned kinds)
{
    const struct path_place *entry = path_index_find(index, path);
    size_t below = 0;

    for (size_t kind = 0; entry && kind < PATH_INDEX_KINDS; kind++)
        below += kinds & 1u << kind ? entry->below[kind] : 0;
    return below;
}

const struct path_place *path_index_up(const struct path_index *index, const char *path,
                                       size_t *length)
{
    while (*length) {
        const struct path_place *entry = entry_find(index, path, *length);
        *length = length_above(path, *length);
        if (entry && entry->count)
            return entry;
    }
    return NULL;
}

static void entry_free(void *data)
{
    struct path_place *entry = data;

    free(entry->path);
    free(entry->items);
    free(entry);
}

void path_index_done(struct path_index *index)
{
    tdestroy(index->root, entry_free);
    *index = (struct path_index){ 0 };
}
