// SPDX-License-Identifier: LGPL-2.1-or-later
/* Where a path leads and which region it is in. */
#include "systemd/core/place_lookup.h"
#include <cinch/base/limits.h>
#include <string.h>

const struct host_file *place_file(const struct profile *profile, const char *path)
{
    size_t count;
    const struct host_file *const *files = profile_files_at(profile, path, &count);

    return count ? files[0] : NULL;
}

/* Appends one component to the physical path `at`. */
static char *resolve_step(const char *at, const char *name, size_t length)
{
    CLEANUP(free_char) char *component = mem_strndup(name, length);

    if (strcmp(component, "..") == 0)
        return path_parent(at);
    return path_join(at, component);
}

char *place_resolve_by(const struct profile *profile, const char *name, struct strings *links)
{
    CLEANUP(free_char) char *left = path_normalise(name);
    char *at = mem_strdup("/");
    size_t followed = 0;

    for (const char *rest = left + 1; *rest;) {
        size_t length = strcspn(rest, "/");
        const char *after = rest[length] ? rest + length + 1 : rest + length;
        char *next = resolve_step(at, rest, length);
        const struct host_file *file = place_file(profile, next);
        if (!file || file->type != FILE_SYMLINK || !file->target[0] ||
            followed++ >= LIMIT_SYMLINKS) {
            free(at);
            at = next;
            rest = after;
            continue;
        }
        if (links)
            strings_add(links, at);
        /* The target replaces the link: an absolute one starts again at the root. */
        CLEANUP(free_char) char *target = path_join(at, file->target);
        CLEANUP(free_char) char *longer = path_join(target, after);
        free(left);
        left = path_normalise(longer);
        free(next);
        free(at);
        at = mem_strdup("/");
        rest = left + 1;
    }
    return at;
}

char *place_resolve(const struct profile *profile, const char *name)
{
    return place_resolve_by(profile, name, NULL);
}

size_t place_depth(const char *path)
{
    size_t depth = 0;

    for (; *path; path++)
        depth += path[0] == '/' && path[1];
    return depth;
}

char *place_head(const char *path, size_t depth)
{
    const char *end = path;

    if (!depth)
        return mem_strdup("/");
    while (depth--)
        end += 1 + strcspn(end + 1, "/");
    return mem_strndup(path, (size_t)(end - path));
}

static bool policy_is_process(const char *real)
{
    const char *name = real + strlen("/proc/");

    if (!str_starts_with(real, "/proc/"))
        return false;
    return path_is_within(real, "/proc/self") || path_is_within(real, "/proc/thread-self") ||
           path_is_within(real, "/proc/<pid>") || (*name >= '0' && *name <= '9') ||
           /* links to self/... */
           path_is_within(real, "/proc/net") || strcmp(real, "/proc/mounts") == 0;
}

enum region place_region(const char *real)
{
    static const struct {
        const char *below;
        enum region region;
    } regions[] = {
        { "/proc", REGION_PROC },
        { "/sys", REGION_SYS },
        { "/dev", REGION_DEV },
        { "/run", REGION_RUN },
        { "/tmp", REGION_TMP },
        { "/var/tmp", REGION_TMP },
        { "/run/credentials", REGION_AUTOMATIC },
    };
    enum region region = REGION_PLAIN;

    if (real[0] != '/' || str_starts_with(real, "/memfd:") ||
        str_starts_with(real, TRAINING_SOCKETS))
        return REGION_IGNORED;
    if (policy_is_process(real))
        return REGION_PROC_SELF;
    for (size_t i = 0; i < ELEMENTS_OF(regions); i++)
        if (path_is_within(real, regions[i].below))
            region = regions[i].region;
    return region;
}
