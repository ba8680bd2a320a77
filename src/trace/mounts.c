// SPDX-License-Identifier: LGPL-2.1-or-later
#include "trace/mounts.h"
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

void mounts_parse(struct mounts *mounts, const char *text)
{
    for (const char *line = text; line && *line; line += *line == '\n') {
        struct mount mount = { 0 };
        if (mount_parse(line, &mount)) {
            mem_reserve(&mounts->items, &mounts->capacity, mounts->count + 1,
                        sizeof(*mounts->items));
            mounts->items[mounts->count++] = mount;
        } else {
            mount_done(&mount);
        }
        line += strcspn(line, "\n");
    }
}

void mounts_done(struct mounts *mounts)
{
    for (size_t i = 0; i < mounts->count; i++)
        mount_done(&mounts->items[i]);
    free(mounts->items);
    *mounts = (struct mounts){ 0 };
}

/* ---- where a path lies ---- */

/* What is mounted on `below` at exactly the first `length` bytes of the path. */
static const struct mount *mounted_on(const struct mounts *mounts, const struct mount *below,
                                      const char *path, size_t length)
{
    for (size_t i = 0; i < mounts->count; i++) {
        const struct mount *mount = &mounts->items[i];
        if (mount != below && mount->parent == below->id && mount->id != below->id &&
            strncmp(mount->point, path, length) == 0 && !mount->point[length])
            return mount;
    }
    return NULL;
}

static bool has_parent(const struct mounts *mounts, const struct mount *mount)
{
    for (size_t i = 0; i < mounts->count; i++)
        if (&mounts->items[i] != mount && mounts->items[i].id == mount->parent)
            return true;
    return false;
}

static const struct mount *root_mount(const struct mounts *mounts)
{
    for (size_t i = 0; i < mounts->count; i++)
        if (strcmp(mounts->items[i].point, "/") == 0 && !has_parent(mounts, &mounts->items[i]))
            return &mounts->items[i];
    return NULL;
}

/* Mounts stand on one another, at one place too. A list is hostile input: each step is taken at
 * most once for every mount there is. */
const struct mount *mounts_at(const struct mounts *mounts, const char *path)
{
    const struct mount *at = root_mount(mounts), *next;
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

static void moved_add(struct moved *moved, const char *path, bool is_moved_point)
{
    for (size_t i = 0; i < moved->count; i++)
        if (strcmp(moved->points[i].path, path) == 0)
            return;
    mem_reserve(&moved->points, &moved->capacity, moved->count + 1, sizeof(*moved->points));
    moved->points[moved->count++] = (struct moved_point){ mem_strdup(path), is_moved_point };
    moved->any |= is_moved_point;
}

void moved_compare(struct moved *moved, const struct mounts *service, const struct mounts *machine)
{
    const struct mounts *const views[] = { service, machine };

    for (size_t i = 0; i < ELEMENTS_OF(views); i++)
        for (size_t j = 0; j < views[i]->count; j++) {
            const char *path = views[i]->items[j].point;
            moved_add(moved, path, is_moved(service, machine, path));
        }
}

const char *moved_find(const struct moved *moved, const char *path)
{
    const struct moved_point *best = NULL;
    size_t longest = 0;

    for (size_t i = 0; moved->any && i < moved->count; i++) {
        size_t length = strlen(moved->points[i].path);
        if (length >= longest && path_is_within(path, moved->points[i].path)) {
            longest = length;
            best = &moved->points[i];
        }
    }
    return best && best->is_moved ? best->path : NULL;
}

void moved_done(struct moved *moved)
{
    for (size_t i = 0; i < moved->count; i++)
        free(moved->points[i].path);
    free(moved->points);
    *moved = (struct moved){ 0 };
}
