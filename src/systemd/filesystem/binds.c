// SPDX-License-Identifier: LGPL-2.1-or-later
/* The list of what is mounted into the view. */
#include "systemd/filesystem/filesystem.h"
#include <string.h>

struct grant *grants_add(struct grants *grants, enum grant_kind kind, const char *path,
                         const struct fact *witness, char *why)
{
    mem_reserve(&grants->items, &grants->capacity, grants->count + 1, sizeof(*grants->items));
    struct grant *grant = &grants->items[grants->count++];
    *grant =
        (struct grant){ .kind = kind, .path = mem_strdup(path), .witness = witness, .why = why };
    path_index_add(&grants->index, path, kind, grants->count - 1);
    return grant;
}

void grants_index(struct grants *grants)
{
    path_index_done(&grants->index);
    for (size_t i = 0; i < grants->count; i++)
        path_index_add(&grants->index, grants->items[i].path, grants->items[i].kind, i);
}

static bool grant_shows(const struct grant *grant, const char *name)
{
    switch (grant->kind) {
    case GRANT_READ:
    case GRANT_WRITE:
        return grant->subtree ? path_is_within(name, grant->path) : strcmp(name, grant->path) == 0;
    case GRANT_EMPTY:
    case GRANT_SCRATCH:
    case GRANT_HIDE:
        return false;
    }
    return false;
}

const struct grant *grants_covering(const struct grants *grants, const char *name)
{
    const struct path_place *entry;

    for (size_t left = strlen(name); (entry = path_index_up(&grants->index, name, &left));)
        for (size_t i = 0; i < entry->count; i++)
            if (grant_shows(&grants->items[entry->items[i]], name))
                return &grants->items[entry->items[i]];
    return NULL;
}

bool grants_below(const struct grants *grants, const char *name)
{
    return path_index_below(&grants->index, name, GRANTS_MOUNTED) > 0;
}

struct grant *grants_find(const struct grants *grants, const char *path, unsigned kinds)
{
    const struct path_place *entry = path_index_find(&grants->index, path);

    for (size_t i = 0; entry && i < entry->count; i++)
        if (kinds & 1u << grants->items[entry->items[i]].kind)
            return &grants->items[entry->items[i]];
    return NULL;
}

bool grants_above(const struct grants *grants, const char *path, grant_match *matches,
                  const void *context)
{
    const struct path_place *entry;

    for (size_t left = strlen(path); (entry = path_index_up(&grants->index, path, &left));)
        for (size_t i = 0; i < entry->count; i++)
            if (matches(context, &grants->items[entry->items[i]]))
                return true;
    return false;
}

void grants_drop(struct grants *grants, const bool *dropped)
{
    size_t kept = 0;

    for (size_t i = 0; i < grants->count; i++) {
        if (dropped[i])
            grant_done(&grants->items[i]);
        else
            grants->items[kept++] = grants->items[i];
    }
    grants->count = kept;
    grants_index(grants);
}

static int grants_compare(const void *left, const void *right)
{
    const struct grant *a = left, *b = right;
    int order = strcmp(a->path, b->path);

    return order ? order : (int)a->kind - (int)b->kind;
}

void grants_sort(struct grants *grants)
{
    if (grants->count)
        qsort(grants->items, grants->count, sizeof(*grants->items), grants_compare);
    grants_index(grants);
}

const char *grant_name(const struct grant *grant)
{
    return grant->link ? grant->link : grant->path;
}

void grant_done(struct grant *grant)
{
    free(grant->path);
    free(grant->link);
    free(grant->options);
    free(grant->why);
}

void grants_done(struct grants *grants)
{
    for (size_t i = 0; i < grants->count; i++)
        grant_done(&grants->items[i]);
    free(grants->items);
    path_index_done(&grants->index);
    *grants = (struct grants){ 0 };
}

void decision_set(struct decision *decision, bool yes, const struct fact *witness, char *why)
{
    if (decision->why) {
        free(why);
        return;
    }
    *decision = (struct decision){ .yes = yes, .why = why, .witness = witness };
}
