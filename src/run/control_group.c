// SPDX-License-Identifier: LGPL-2.1-or-later
#include "run/control_group.h"
#include <cinch/base/proc.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* The service manager's own hierarchy: the unified one, or the named one of old. In others anyone
 * may be let make groups. */
static const char *const hierarchies[] = { "::", ":name=systemd:" };

/* The path on a line "NUMBER:CONTROLLERS:PATH" of such a hierarchy; *ret_length is that of the
 * path. NULL for any other. */
static const char *path_on(const char *line, const char *hierarchy, size_t *ret_length)
{
    size_t digits = strspn(line, "0123456789"), head = strlen(hierarchy);
    const char *path = line + digits + head;

    if (strncmp(line + digits, hierarchy, head) != 0 || *path != '/')
        return NULL;
    *ret_length = strcspn(path, "\n");
    return path;
}

static const char *next_line(const char *line)
{
    const char *end = strchr(line, '\n');

    return end ? end + 1 : NULL;
}

/* The path in that hierarchy, owned; NULL when there is none. */
static char *path_in(const char *groups, const char *hierarchy)
{
    for (const char *line = groups; line; line = next_line(line)) {
        size_t length;
        const char *path = path_on(line, hierarchy, &length);
        if (path)
            return mem_strndup(path, length);
    }
    return NULL;
}

static bool ends_with(const char *text, size_t length, const char *end)
{
    size_t tail = strlen(end);

    return length >= tail && memcmp(text + length - tail, end, tail) == 0;
}

/* The manager keeps a unit in slices alone (systemd.slice(5)). Below anything else, a service, a
 * scope, or a container's group, others make groups of any name (systemd.resource-control(5),
 * Delegate=; user@.service(5)). */
static bool is_slice(const char *name, size_t length)
{
    return ends_with(name, length, ".slice");
}

/* How much of the path, up to the component that is the unit; 0: none is. `top`: how much of it
 * says where the manager has its groups. */
static size_t length_to_unit(const char *path, size_t top, const char *unit)
{
    for (const char *at = path + top; *at == '/';) {
        size_t length = strcspn(at + 1, "/");
        if (length == strlen(unit) && memcmp(at + 1, unit, length) == 0)
            return (size_t)(at - path) + 1 + length;
        if (!is_slice(at + 1, length))
            return 0;
        at += 1 + length;
    }
    return 0;
}

/* The manager has its groups beside its own, init.scope. */
static size_t length_to_manager(const char *path, const char *manager, const char *hierarchy)
{
    CLEANUP(free_char) char *own = path_in(manager, hierarchy);
    CLEANUP(free_char) char *top = own ? path_parent(own) : NULL;

    return top && strcmp(top, "/") != 0 && path_is_within(path, top) ? strlen(top) : 0;
}

char *control_group_find(const char *groups, const char *manager, const char *unit)
{
    for (size_t i = 0; i < ELEMENTS_OF(hierarchies); i++) {
        CLEANUP(free_char) char *path = path_in(groups, hierarchies[i]);
        if (!path)
            continue;
        size_t top = length_to_manager(path, manager, hierarchies[i]);
        size_t length = length_to_unit(path, top, unit);
        if (length)
            return mem_strndup(path, length);
    }
    return NULL;
}

static void read_groups(pid_t pid, struct str *ret)
{
    if (proc_read(pid, "cgroup", (size_t)1 << 16, ret) < 0)
        str_add(ret, "");
}

char *control_group_of(pid_t pid, const char *unit)
{
    CLEANUP(str_done) struct str groups = { 0 };
    CLEANUP(str_done) struct str manager = { 0 };

    read_groups(pid, &groups);
    read_groups(1, &manager);
    return control_group_find(groups.data, manager.data, unit);
}

ino_t control_group_id(const char *group)
{
    /* Unified, hybrid, and the named hierarchy of old. */
    static const char *const mounts[] = { "/sys/fs/cgroup", "/sys/fs/cgroup/unified",
                                          "/sys/fs/cgroup/systemd" };
    struct stat st;

    for (size_t i = 0; i < ELEMENTS_OF(mounts); i++) {
        CLEANUP(free_char) char *path = mem_printf("%s%s", mounts[i], group);
        if (stat(path, &st) == 0)
            return st.st_ino;
    }
    return 0;
}

bool control_group_is_empty(const char *group)
{
    CLEANUP(free_char) char *path = mem_printf("/sys/fs/cgroup%s/cgroup.events", group);
    CLEANUP(str_done) struct str events = { 0 };

    return fd_read_file(AT_FDCWD, path, 4096, &events) < 0 || !strstr(events.data, "populated 1");
}
