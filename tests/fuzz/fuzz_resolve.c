// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Any name over any map of links: the walk ends, its paths are absolute and normalised, and it
 * stays below the task's root unless a magic link of /proc leads out.
 *
 * The input is lines: the first byte holds the flags; then the name; then pairs of a path and its
 * link's target. A path without a line of its own is there when it has an even length.
 */
#include "decode/paths/resolve.h"
#include <errno.h>
#include <string.h>

#define LINE_LIMIT 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct map {
    struct strings lines;
};

static int map_read_link(void *context, pid_t tid, const char *path, char **ret_target)
{
    const struct map *map = context;

    (void)tid;
    for (size_t i = 1; i + 1 < map->lines.count; i += 2)
        if (strcmp(map->lines.items[i], path) == 0) {
            *ret_target = mem_strdup(map->lines.items[i + 1]);
            return 0;
        }
    return strlen(path) % 2 ? -ENOENT : -EINVAL;
}

static bool is_own(const void *context, long pid)
{
    (void)context;
    return pid % 2;
}

static void check_path(const char *path, bool is_below_root)
{
    CLEANUP(free_char) char *normal = path_normalise(path);

    if (path[0] != '/' || strcmp(normal, path) != 0)
        abort();
    if (is_below_root && !path_is_within(path, "/jail"))
        abort();
}

static bool holds_proc(const struct map *map)
{
    for (size_t i = 0; i < map->lines.count; i++)
        if (strstr(map->lines.items[i], "proc"))
            return true;
    return false;
}

/* ".." beyond what could not be walked is kept as written: those paths are not normalised. */
static void check(const struct map *map, const struct resolved *got)
{
    if (got->links.count > RESOLVE_LINK_LIMIT)
        abort();
    if (got->error || got->is_opaque || holds_proc(map))
        return;
    check_path(got->path, true);
    check_path(got->requested, true);
    for (size_t i = 0; i < got->links.count; i++)
        check_path(got->links.items[i], true);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct map map = { 0 };
    struct trace_ops ops = { .context = &map, .read_link = map_read_link };
    struct resolve_view view = {
        .ops = &ops, .tid = 7, .tgid = 7, .root = "/jail", .base = "/jail/d", .is_own = is_own
    };

    if (size < 2)
        return 0;
    const char *at = (const char *)data + 1, *end = (const char *)data + size;
    while (at <= end && map.lines.count < LINE_LIMIT) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        CLEANUP(free_char) char *line = mem_strndup(at, (size_t)((stop ? stop : end) - at));
        strings_add(&map.lines, line);
        at = stop ? stop + 1 : end + 1;
    }
    struct resolved *got = resolve_name(&view, map.lines.items[0], data[0] & 3u);
    check(&map, got);
    resolve_free(got);
    strings_done(&map.lines);
    return 0;
}
