// SPDX-License-Identifier: LGPL-2.1-or-later
/* The list of what is mounted into the view. */
#include "systemd/filesystem.h"
#include <string.h>
#include <uthash.h>

/* The items of one path, in the order of the list. */
struct grant_place {
    char *path;
    size_t first, last;
    UT_hash_handle hh;
};

static struct grant_place *place_find(const struct grants *grants, const char *path, size_t length)
{
    struct grant_place *place;

    HASH_FIND(hh, grants->places, path, length, place);
    return place;
}

static void index_add(struct grants *grants, size_t number)
{
    struct grant *grant = &grants->items[number];
    size_t length = strlen(grant->path);
    struct grant_place *place = place_find(grants, grant->path, length);

    grant->next = 0;
    if (place) {
        grants->items[place->last].next = number + 1;
        place->last = number;
        return;
    }
    place = mem_new(1, sizeof(*place));
    *place = (struct grant_place){ mem_strdup(grant->path), .first = number, .last = number };
    HASH_ADD_KEYPTR(hh, grants->places, place->path, length, place);
}

static void index_clear(struct grants *grants)
{
    struct grant_place *place, *next;

    HASH_ITER (hh, grants->places, place, next) {
        HASH_DEL(grants->places, place);
        free(place->path);
        free(place);
    }
}

void grants_index(struct grants *grants)
{
    index_clear(grants);
    for (size_t i = 0; i < grants->count; i++)
        index_add(grants, i);
}

struct grant *grants_add(struct grants *grants, enum grant_kind kind, const char *path,
                         const struct fact *witness, char *why)
{
    mem_reserve(&grants->items, &grants->capacity, grants->count + 1, sizeof(*grants->items));
    struct grant *grant = &grants->items[grants->count++];
    *grant =
        (struct grant){ .kind = kind, .path = mem_strdup(path), .witness = witness, .why = why };
    index_add(grants, grants->count - 1);
    return grant;
}

/* Whether it shows a name that is its path, or lies below it. */
static bool grant_shows(const struct grant *grant, bool below)
{
    switch (grant->kind) {
    case GRANT_READ:
    case GRANT_WRITE:
        return grant->subtree || !below;
    case GRANT_EMPTY:
    case GRANT_SCRATCH:
    case GRANT_HIDE:
        return false;
    }
    return false;
}

/* The first of those whose path is the first `length` bytes of the name. */
static const struct grant *shown_at(const struct grants *grants, const char *name, size_t length)
{
    const struct grant_place *place = place_find(grants, name, length);

    for (size_t at = place ? place->first + 1 : 0; at; at = grants->items[at - 1].next)
        if (grant_shows(&grants->items[at - 1], name[length] != '\0'))
            return &grants->items[at - 1];
    return NULL;
}

/* How many bytes of the name are the directory that holds its first `length` bytes; 0: they are the
 * root. */
static size_t length_above(const char *name, size_t length)
{
    if (length <= 1)
        return 0;
    while (length > 1 && name[length - 1] != '/')
        length--;
    return length > 1 ? length - 1 : 1;
}

const struct grant *grants_covering(const struct grants *grants, const char *name)
{
    const struct grant *found = NULL;

    for (size_t length = strlen(name); length && !found; length = length_above(name, length))
        found = shown_at(grants, name, length);
    return found;
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
    index_clear(grants);
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
