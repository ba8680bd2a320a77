// SPDX-License-Identifier: LGPL-2.1-or-later
#include "decode/paths/created.h"
#include <string.h>
#include <uthash.h>

struct created_mark {
    char *path;
    bool is_own;
    UT_hash_handle hh;
};

static struct created_mark *mark_find(const struct created *created, const char *path,
                                      size_t length)
{
    struct created_mark *mark;

    HASH_FIND(hh, created->marks, path, length, mark);
    return mark;
}

static void mark_set(struct created *created, const char *path, bool is_own)
{
    struct created_mark *mark = mark_find(created, path, strlen(path));

    if (!mark && HASH_COUNT(created->marks) >= CREATED_LIMIT)
        return;
    if (!mark) {
        mark = mem_new(1, sizeof(*mark));
        mark->path = mem_strdup(path);
        HASH_ADD_KEYPTR(hh, created->marks, mark->path, strlen(path), mark);
    }
    mark->is_own = is_own;
}

void created_add(struct created *created, const char *path)
{
    if (!created_has(created, path))
        mark_set(created, path, true);
}

/* A mark that says otherwise than the one above it goes as well: it spoke of what is gone. */
void created_remove(struct created *created, const char *path)
{
    struct created_mark *mark = mark_find(created, path, strlen(path));

    if (!mark)
        return;
    HASH_DEL(created->marks, mark);
    if (mark->is_own) {
        char **place = &created->gone[created->gone_next++ % CREATED_GONE];
        free(*place);
        *place = mark->path;
    } else {
        free(mark->path);
    }
    free(mark);
}

bool created_had(const struct created *created, const char *path)
{
    for (size_t i = 0; i < CREATED_GONE; i++)
        if (created->gone[i] && strcmp(created->gone[i], path) == 0)
            return true;
    return created_has(created, path);
}

bool created_has(const struct created *created, const char *path)
{
    for (size_t length = strlen(path); length > 1;) {
        const struct created_mark *mark = mark_find(created, path, length);
        if (mark)
            return mark->is_own;
        while (length > 1 && path[length - 1] != '/')
            length--;
        length--;
    }
    return false;
}

/* Collected first: marks must not be added to a hash that is being walked. */
void created_rename(struct created *created, const char *from, const char *to)
{
    struct created_mark *mark, *next;
    struct strings below = { 0 };
    bool own = created_has(created, from);

    HASH_ITER (hh, created->marks, mark, next)
        if (path_is_within(mark->path, from) && strcmp(mark->path, from) != 0)
            strings_add(&below, mark->path);
    created_remove(created, from);
    created_remove(created, to);
    if (created_has(created, to) != own)
        mark_set(created, to, own);
    for (size_t i = 0; i < below.count; i++) {
        const struct created_mark *old = mark_find(created, below.items[i], strlen(below.items[i]));
        CLEANUP(free_char) char *moved = mem_printf("%s%s", to, below.items[i] + strlen(from));
        mark_set(created, moved, old && old->is_own);
        created_remove(created, below.items[i]);
    }
    strings_done(&below);
}

void created_done(struct created *created)
{
    struct created_mark *mark, *next;

    HASH_ITER (hh, created->marks, mark, next) {
        HASH_DEL(created->marks, mark);
        free(mark->path);
        free(mark);
    }
    for (size_t i = 0; i < CREATED_GONE; i++)
        free(created->gone[i]);
}
