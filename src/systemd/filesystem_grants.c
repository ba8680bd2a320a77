// SPDX-License-Identifier: LGPL-2.1-or-later
/* The list of what is mounted into the view. */
#include "systemd/filesystem.h"
#include <string.h>

struct grant *grants_add(struct grants *grants, enum grant_kind kind, const char *path,
                         const struct fact *witness, char *why)
{
    mem_reserve(&grants->items, &grants->capacity, grants->count + 1, sizeof(*grants->items));
    struct grant *grant = &grants->items[grants->count++];
    *grant =
        (struct grant){ .kind = kind, .path = mem_strdup(path), .witness = witness, .why = why };
    return grant;
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
    const struct grant *deepest = NULL;

    for (size_t i = 0; i < grants->count; i++)
        if (grant_shows(&grants->items[i], name) &&
            (!deepest || strlen(grants->items[i].path) > strlen(deepest->path)))
            deepest = &grants->items[i];
    return deepest;
}

bool grants_below(const struct grants *grants, const char *name)
{
    for (size_t i = 0; i < grants->count; i++)
        if (grants->items[i].kind != GRANT_HIDE && path_is_within(grants->items[i].path, name))
            return true;
    return false;
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
