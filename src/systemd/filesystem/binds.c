// SPDX-License-Identifier: LGPL-2.1-or-later
/* The list of mounts in the service's root. */
#include "systemd/filesystem/filesystem.h"
#include <string.h>

struct bind *binds_add(struct binds *binds, enum bind_kind kind, const char *path,
                       const struct fact *witness, char *why)
{
    mem_reserve(&binds->items, &binds->capacity, binds->count + 1, sizeof(*binds->items));
    struct bind *bind = &binds->items[binds->count++];
    *bind = (struct bind){ .kind = kind, .path = mem_strdup(path), .witness = witness, .why = why };
    path_index_add(&binds->index, path, kind, binds->count - 1);
    return bind;
}

void binds_index(struct binds *binds)
{
    path_index_done(&binds->index);
    for (size_t i = 0; i < binds->count; i++)
        path_index_add(&binds->index, binds->items[i].path, binds->items[i].kind, i);
}

static bool grant_shows(const struct bind *bind, const char *name)
{
    switch (bind->kind) {
    case BIND_READ:
    case BIND_WRITE:
        return bind->subtree ? path_is_within(name, bind->path) : strcmp(name, bind->path) == 0;
    case BIND_EMPTY:
    case BIND_SCRATCH:
    case BIND_HIDE:
        return false;
    }
    return false;
}

const struct bind *binds_covering(const struct binds *binds, const char *name)
{
    const struct path_place *entry;

    for (size_t left = strlen(name); (entry = path_index_up(&binds->index, name, &left));)
        for (size_t i = 0; i < entry->count; i++)
            if (grant_shows(&binds->items[entry->items[i]], name))
                return &binds->items[entry->items[i]];
    return NULL;
}

bool binds_below(const struct binds *binds, const char *name)
{
    return path_index_below(&binds->index, name, GRANTS_MOUNTED) > 0;
}

struct bind *binds_find(const struct binds *binds, const char *path, unsigned kinds)
{
    const struct path_place *entry = path_index_find(&binds->index, path);

    for (size_t i = 0; entry && i < entry->count; i++)
        if (kinds & 1u << binds->items[entry->items[i]].kind)
            return &binds->items[entry->items[i]];
    return NULL;
}

bool binds_above(const struct binds *binds, const char *path, grant_match *matches,
                 const void *context)
{
    const struct path_place *entry;

    for (size_t left = strlen(path); (entry = path_index_up(&binds->index, path, &left));)
        for (size_t i = 0; i < entry->count; i++)
            if (matches(context, &binds->items[entry->items[i]]))
                return true;
    return false;
}

void binds_drop(struct binds *binds, const bool *dropped)
{
    size_t kept = 0;

    for (size_t i = 0; i < binds->count; i++) {
        if (dropped[i])
            bind_done(&binds->items[i]);
        else
            binds->items[kept++] = binds->items[i];
    }
    binds->count = kept;
    binds_index(binds);
}

static int binds_compare(const void *left, const void *right)
{
    const struct bind *a = left, *b = right;
    int order = strcmp(a->path, b->path);

    return order ? order : (int)a->kind - (int)b->kind;
}

void binds_sort(struct binds *binds)
{
    if (binds->count)
        qsort(binds->items, binds->count, sizeof(*binds->items), binds_compare);
    binds_index(binds);
}

const char *bind_name(const struct bind *bind)
{
    return bind->link ? bind->link : bind->path;
}

void bind_done(struct bind *bind)
{
    free(bind->path);
    free(bind->link);
    free(bind->options);
    free(bind->why);
}

void binds_done(struct binds *binds)
{
    for (size_t i = 0; i < binds->count; i++)
        bind_done(&binds->items[i]);
    free(binds->items);
    path_index_done(&binds->index);
    *binds = (struct binds){ 0 };
}
