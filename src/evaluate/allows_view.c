// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The view the mounts make, in the way of namespace.c of systemd 252: sorted by place, of several
 * for one place the first mode wins (which is how a read-only / silently takes the place of an
 * empty one), nothing is mounted below what is inaccessible, and a place that is a link is the one
 * where it leads in the view made so far.
 */
#include "evaluate/allows.h"
#include <string.h>

#define CHASES_MAX 1000

static bool mode_is_content(enum allows_mode mode)
{
    return mode != ALLOWS_READ_ONLY && mode != ALLOWS_READ_WRITE && mode != ALLOWS_NO_EXEC &&
           mode != ALLOWS_EXEC && mode != ALLOWS_LEFT_ALONE;
}

/* ---- order ---- */

/* Component by component, so that what is below a directory follows it at once. */
static int path_order(const char *a, const char *b)
{
    for (; *a && *a == *b; a++, b++)
        ;
    int left = *a == '/' ? 1 : (unsigned char)*a * 2, right = *b == '/' ? 1 : (unsigned char)*b * 2;
    return left - right;
}

static int mounts_compare(const void *left, const void *right)
{
    const struct allows_mount *a = left, *b = right;
    int order = path_order(a->path, b->path);

    order = order ? order : (int)a->mode - (int)b->mode;
    return order ? order : (a->order > b->order) - (a->order < b->order);
}

static bool mounts_is_hidden(const struct allows *allows, size_t before, const char *path)
{
    for (size_t i = 0; i < before; i++)
        if (allows->mounts[i].mode == ALLOWS_INACCESSIBLE &&
            strcmp(allows->mounts[i].path, path) != 0 &&
            path_is_within(path, allows->mounts[i].path))
            return true;
    return false;
}

static void mounts_normalise(struct allows *allows)
{
    size_t kept = 0;

    if (allows->count)
        qsort(allows->mounts, allows->count, sizeof(*allows->mounts), mounts_compare);
    for (size_t i = 0; i < allows->count; i++) {
        struct allows_mount *mount = &allows->mounts[i];
        struct allows_mount *last = kept ? &allows->mounts[kept - 1] : NULL;
        bool same = last && strcmp(last->path, mount->path) == 0;
        if (same) {
            if (mount->mode == ALLOWS_READ_ONLY && last->mode != ALLOWS_INACCESSIBLE)
                last->directive = mount->directive;
            if (mount->mode == ALLOWS_NO_EXEC)
                last->exec_directive = mount->directive;
            last->read_only |= mount->read_only || mount->mode == ALLOWS_READ_ONLY;
            last->no_exec |= mount->no_exec || mount->mode == ALLOWS_NO_EXEC;
            /* Joined with a read-only remount it is lost (measured on 252 and 257). */
            last->exec |= mount->mode == ALLOWS_EXEC && last->mode != ALLOWS_READ_ONLY;
        }
        if (same || mounts_is_hidden(allows, kept, mount->path)) {
            free(mount->path);
            free(mount->source);
        } else {
            allows->mounts[kept++] = *mount;
        }
    }
    allows->count = kept;
}

/* Replaces the first place that is a link in the view made so far; false when there is none. */
static bool mounts_chase(struct allows *allows)
{
    size_t count = allows->count;

    for (size_t i = 0; i < count; i++) {
        CLEANUP(allows_walk_done) struct allows_walk walk = { 0 };
        allows->count = i;
        allows_walk(allows, allows->mounts[i].path, NULL, &walk);
        allows->count = count;
        if (strcmp(walk.view, allows->mounts[i].path) == 0)
            continue;
        free(allows->mounts[i].path);
        allows->mounts[i].path = mem_strdup(walk.view);
        allows->mounts[i].moved = true;
        return true;
    }
    return false;
}

void allows_view_build(struct allows *allows)
{
    allows_mounts_collect(allows);
    mounts_normalise(allows);
    for (size_t i = 0; i < CHASES_MAX && mounts_chase(allows); i++)
        mounts_normalise(allows);
}

/* ---- asking ---- */

bool allows_view_below(const struct allows *allows, const char *view)
{
    for (size_t i = 0; i < allows->count; i++)
        if (path_is_within(allows->mounts[i].path, view) && mode_is_content(allows->mounts[i].mode))
            return true;
    return false;
}

/* What PrivateDevices= takes over from the host's /dev, writable (measured on 252). */
static bool device_is_host(const char *view)
{
    static const char *const shared[] = { "/dev/shm", "/dev/mqueue", "/dev/hugepages", "/dev/pts" };

    for (size_t i = 0; i < ELEMENTS_OF(shared); i++)
        if (path_is_within(view, shared[i]))
            return true;
    return false;
}

/* The content of a mount at a place of it. */
static void place_set(struct allows_place *place, const struct allows_mount *mount,
                      const char *view)
{
    const char *rest = view + (mount->path[1] ? strlen(mount->path) : 0);

    free(place->host);
    place->host = NULL;
    place->mode = mount->mode;
    place->read_only = mount->read_only;
    place->directive = mount->directive;
    for (size_t i = 0; i < ELEMENTS_OF(place->owner); i++) /* directories in it are root's */
        place->owner[i] = *rest ? (i ? 0 : 0755) : mount->owner[i];
    if (!place->is_flipped) {
        place->no_exec = mount->no_exec;
        place->exec_directive = mount->directive;
    }
    if (mount->source)
        place->host = *rest ? path_join(mount->source, rest + 1) : mem_strdup(mount->source);
    if (mount->mode == ALLOWS_PRIVATE_DEV && device_is_host(view)) {
        place->host = mem_strdup(view);
        place->read_only = false;
    }
}

/* Execution is switched recursively, from the outer to the inner of the places that are listed for
 * it, after all mounts were made: what was mounted below follows (systemd.exec(5); 252 stops at
 * whatever is listed for anything else, but what it is meant to do decides here). */
static void place_flip(struct allows_place *place, const struct allows_mount *mount)
{
    bool off = mount->mode == ALLOWS_NO_EXEC || mount->exec_directive;
    bool on = mount->mode == ALLOWS_EXEC || mount->exec;

    if (!off && !on)
        return;
    place->is_flipped = true;
    place->no_exec = off;
    if (off)
        place->exec_directive = mount->exec_directive ? mount->exec_directive : mount->directive;
}

/* Read-only remounts reach down to the next place that is listed at all, and no further: they come
 * after all mounts were made, an own read-only flag of a mount among them. */
static void place_pass(struct allows_place *place, const struct allows_mount *mount,
                       const char *view)
{
    if (mode_is_content(mount->mode)) {
        place_set(place, mount, view);
    } else {
        if (mount->mode == ALLOWS_READ_ONLY)
            place->directive = mount->directive;
        place->read_only = mount->mode == ALLOWS_READ_ONLY;
    }
    place_flip(place, mount);
}

struct allows_place allows_view_at(const struct allows *allows, const char *view)
{
    struct allows_place place = { .mode = ALLOWS_BIND, .directive = "RootDirectory" };

    place.owner[0] = 0755;
    if (allows->empty_root)
        place.mode = ALLOWS_TMPFS;
    else
        place.host = mem_strdup(view);
    for (size_t i = 0; i < allows->count; i++) {
        const struct allows_mount *mount = &allows->mounts[i];
        if (!path_is_within(view, mount->path))
            continue;
        place_pass(&place, mount, view);
        place.mount = i + 1;
        place.is_mount = strcmp(view, mount->path) == 0 && mount->mode != ALLOWS_LEFT_ALONE;
    }
    return place;
}

void allows_place_done(struct allows_place *place)
{
    free(place->host);
    *place = (struct allows_place){ 0 };
}
