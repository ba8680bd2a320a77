// SPDX-License-Identifier: LGPL-2.1-or-later
#include "trace/task/mounts.h"
#include <stdio.h>
#include <string.h>

/* ---- the list ---- */

/* Blank, tab, newline and backslash are written as three octal digits. */
static char *unescape(const char *text, size_t length)
{
    struct str plain = { 0 };

    for (size_t i = 0; i < length; i++) {
        unsigned code;
        if (text[i] == '\\' && length - i > 3 && sscanf(text + i + 1, "%3o", &code) == 1) {
            str_add_char(&plain, (char)code);
            i += 3;
        } else {
            str_add_char(&plain, text[i]);
        }
    }
    return str_steal(&plain);
}

/* The blank-separated word that starts at *at, which moves behind it; NULL at the line's end. */
static char *next_word(const char **at)
{
    const char *word = *at + strspn(*at, " ");
    size_t length = strcspn(word, " \n");

    *at = word + length;
    return length ? unescape(word, length) : NULL;
}

/* What follows " - ", after any number of optional fields. */
static char *type_word(const char *at)
{
    for (;;) {
        CLEANUP(free_char) char *word = next_word(&at);
        if (!word)
            return mem_strdup("");
        if (strcmp(word, "-") == 0) {
            char *type = next_word(&at);
            return type ? type : mem_strdup("");
        }
    }
}

static void mount_done(struct mount *mount)
{
    free(mount->device);
    free(mount->root);
    free(mount->point);
    free(mount->type);
}

/* "ID PARENT MAJOR:MINOR ROOT POINT OPTIONS [FIELD...] - TYPE SOURCE OPTIONS" */
static bool mount_parse(const char *line, struct mount *ret)
{
    int at = 0;

    if (sscanf(line, "%ld %ld%n", &ret->id, &ret->parent, &at) != 2 || !at)
        return false;
    line += at;
    ret->device = next_word(&line);
    ret->root = next_word(&line);
    ret->point = next_word(&line);
    ret->type = type_word(line);
    return ret->point && ret->point[0] == '/';
}

/* By what they are mounted on, then by place, then as they came: the first is the one that counts.
 */
static int mount_compare(const void *left, const void *right)
{
    const struct mount *a = left, *b = right;
    int order = (a->parent > b->parent) - (a->parent < b->parent);

    if (!order)
        order = strcmp(a->point, b->point);
    return order ? order : (a->line > b->line) - (a->line < b->line);
}

static int id_compare(const void *left, const void *right)
{
    long a = *(const long *)left, b = *(const long *)right;

    return (a > b) - (a < b);
}

/* Whether a mount of the list is what this one stands on; each id is in `ids` as often as it is in
 * the list. */
static bool has_parent(const long *ids, size_t count, const struct mount *mount)
{
    const long *at = bsearch(&mount->parent, ids, count, sizeof(*ids), id_compare);

    if (!at || mount->id != mount->parent)
        return at != NULL;
    return (at > ids && at[-1] == *at) || (at + 1 < ids + count && at[1] == *at);
}

/* The mount that everything stands on: the first of those that stand on none of the list. */
static void mounts_index(struct mounts *mounts)
{
    long *ids;

    mounts->root = NULL;
    if (mounts->count == 0)
        return; /* qsort(3) takes no null pointer */
    ids = mem_new(mounts->count, sizeof(*ids));
    for (size_t i = 0; i < mounts->count; i++)
        ids[i] = mounts->items[i].id;
    qsort(ids, mounts->count, sizeof(*ids), id_compare);
    qsort(mounts->items, mounts->count, sizeof(*mounts->items), mount_compare);
    for (size_t i = 0; i < mounts->count; i++) {
        const struct mount *mount = &mounts->items[i];
        if (strcmp(mount->point, "/") == 0 && !has_parent(ids, mounts->count, mount) &&
            (!mounts->root || mount->line < mounts->root->line))
            mounts->root = mount;
    }
    free(ids);
}

void mounts_parse(struct mounts *mounts, const char *text)
{
    for (const char *line = text; line && *line; line += *line == '\n') {
        struct mount mount = { .line = mounts->count };
        if (mount_parse(line, &mount)) {
            mem_reserve(&mounts->items, &mounts->capacity, mounts->count + 1,
                        sizeof(*mounts->items));
            mounts->items[mounts->count++] = mount;
        } else {
            mount_done(&mount);
        }
        line += strcspn(line, "\n");
    }
    mounts_index(mounts);
}

void mounts_done(struct mounts *mounts)
{
    for (size_t i = 0; i < mounts->count; i++)
        mount_done(&mounts->items[i]);
    free(mounts->items);
    *mounts = (struct mounts){ 0 };
}

/* ---- where a path lies ---- */

/* As strcmp() of a place with the first `length` bytes of the path. */
static int place_compare(const char *point, const char *path, size_t length)
{
    int order = strncmp(point, path, length);

    return order ? order : point[length] != '\0';
}

/* What is mounted on `below` at exactly the first `length` bytes of the path. */
static const struct mount *mounted_on(const struct mounts *mounts, const struct mount *below,
                                      const char *path, size_t length)
{
    size_t low = 0, high = mounts->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct mount *mount = &mounts->items[middle];
        if (mount->parent < below->id ||
            (mount->parent == below->id && place_compare(mount->point, path, length) < 0))
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < mounts->count && mounts->items[low].parent == below->id &&
           place_compare(mounts->items[low].point, path, length) == 0;
         low++)
        if (mounts->items[low].id != below->id)
            return &mounts->items[low];
    return NULL;
}

/* Mounts stand on one another, at one place too. A list is hostile input: each step is taken at
 * most once for every mount there is. */
const struct mount *mounts_at(const struct mounts *mounts, const char *path)
{
    const struct mount *at = mounts->root, *next;
    size_t length = 1, steps = 0;

    while (at) {
        while (steps++ <= mounts->count && (next = mounted_on(mounts, at, path, length)))
            at = next;
        if (!path[length] || strcmp(path, "/") == 0)
            break;
        length += strspn(path + length, "/");
        length += strcspn(path + length, "/");
        steps = 0;
    }
    return at;
}

/* Which object of which file system the path is. */
static char *identity(const struct mount *mount, const char *path)
{
    const char *root = strcmp(mount->root, "/") == 0 ? "" : mount->root;
    const char *rest = strcmp(mount->point, "/") == 0 ? path : path + strlen(mount->point);

    return mem_printf("%s %s%s", mount->device, root, strcmp(rest, "/") == 0 ? "" : rest);
}

/* ---- what differs ---- */

/* Whatever stands below them is the kernel's or the service manager's own. */
static const char *const own_trees[] = { "/dev", "/proc", "/sys", "/run/systemd",
                                         "/run/credentials" };
/* PrivateTmp=, and what DynamicUser= puts over the directories of all such services. */
static const char *const private_directories[] = {
    "/tmp", "/var/tmp", "/run/private", "/var/lib/private", "/var/cache/private", "/var/log/private"
};

/* What counts is where the mount is: a path may lie on another that was mounted farther up. */
static bool is_usual(const struct mount *mount)
{
    for (size_t i = 0; i < ELEMENTS_OF(own_trees); i++)
        if (path_is_within(mount->point, own_trees[i]))
            return true;
    for (size_t i = 0; i < ELEMENTS_OF(private_directories); i++)
        if (strcmp(mount->point, private_directories[i]) == 0)
            return strcmp(mount->type, "tmpfs") == 0 || strstr(mount->root, "/systemd-private-");
    /* /run/systemd/inaccessible/dir, or /run/host/inaccessible/dir in a container. */
    return strstr(mount->root, "/inaccessible/");
}

static bool is_moved(const struct mounts *service, const struct mounts *machine, const char *path)
{
    const struct mount *own = mounts_at(service, path), *others = mounts_at(machine, path);

    if (!own || !others || is_usual(own))
        return !own || !others;
    CLEANUP(free_char) char *mine = identity(own, path);
    CLEANUP(free_char) char *theirs = identity(others, path);
    return strcmp(mine, theirs) != 0;
}

static int point_compare(const void *left, const void *right)
{
    return strcmp(((const struct moved_point *)left)->path,
                  ((const struct moved_point *)right)->path);
}

void mounts_moved_compare(struct moved *moved, const struct mounts *service,
                          const struct mounts *machine)
{
    const struct mounts *const views[] = { service, machine };
    size_t kept = 0;

    for (size_t i = 0; i < ELEMENTS_OF(views); i++)
        for (size_t j = 0; j < views[i]->count; j++) {
            mem_reserve(&moved->points, &moved->capacity, moved->count + 1, sizeof(*moved->points));
            moved->points[moved->count++] =
                (struct moved_point){ mem_strdup(views[i]->items[j].point), false };
        }
    if (moved->count)
        qsort(moved->points, moved->count, sizeof(*moved->points), point_compare);
    for (size_t i = 0; i < moved->count; i++) {
        struct moved_point point = moved->points[i];
        if (kept && strcmp(moved->points[kept - 1].path, point.path) == 0) {
            free(point.path);
            continue;
        }
        point.is_moved = is_moved(service, machine, point.path);
        moved->any |= point.is_moved;
        moved->points[kept++] = point;
    }
    moved->count = kept;
}

/* The nearest place above the path, or the path itself. */
const char *mounts_moved_find(const struct moved *moved, const char *path)
{
    CLEANUP(free_char) char *at = moved->any ? mem_strdup(path) : NULL;

    while (at) {
        struct moved_point key = { at, false };
        const struct moved_point *found =
            bsearch(&key, moved->points, moved->count, sizeof(key), point_compare);
        if (found)
            return found->is_moved ? found->path : NULL;
        char *above = at[0] == '/' && at[1] ? path_parent(at) : NULL;
        free(at);
        at = above;
    }
    return NULL;
}

void mounts_moved_done(struct moved *moved)
{
    for (size_t i = 0; i < moved->count; i++)
        free(moved->points[i].path);
    free(moved->points);
    *moved = (struct moved){ 0 };
}
