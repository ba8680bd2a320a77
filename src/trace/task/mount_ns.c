// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The views of the file system in which paths are told. A service that cinch starts has cinch's
 * own. One that its manager started may have been given another before its first instruction
 * (mount_namespaces(7); PrivateTmp=, DynamicUser=, ...): that is its home, and its names are read
 * there, through descriptors that outlive its processes. Any other view is foreign.
 */
#include "trace/task/tracer_state.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MOUNTINFO_LIMIT ((size_t)16 << 20)

static int read_link(const char *path, char **ret_target)
{
    char target[PATH_MAX + 1];
    ssize_t length = readlink(path, target, sizeof(target) - 1);

    if (length < 0)
        return -errno;
    *ret_target = mem_strndup(target, (size_t)length);
    return 0;
}

static int read_namespace(const char *process, char **ret_name)
{
    CLEANUP(free_char) char *link = mem_printf("/proc/%s/ns/mnt", process);

    return read_link(link, ret_name);
}

static void read_mounts(const char *process, struct mounts *mounts)
{
    CLEANUP(free_char) char *path = mem_printf("/proc/%s/mountinfo", process);
    struct str text = { 0 };

    if (fd_read_file(AT_FDCWD, path, MOUNTINFO_LIMIT, &text) == 0)
        mounts_parse(mounts, text.data);
    str_done(&text);
}

static void find_moved(struct mount_ns *mount_ns, const char *process)
{
    CLEANUP(mounts_done) struct mounts service = { 0 };
    CLEANUP(mounts_done) struct mounts machine = { 0 };

    read_mounts(process, &service);
    read_mounts("self", &machine);
    mounts_moved_compare(&mount_ns->moved, &service, &machine);
}

static struct mount_ns *mount_ns_add(struct tracer *tracer, char *name)
{
    mem_reserve(&tracer->mount_namespaces, &tracer->mount_ns_capacity, tracer->mount_ns_count + 1,
                sizeof(*tracer->mount_namespaces));
    struct mount_ns *mount_ns = &tracer->mount_namespaces[tracer->mount_ns_count++];
    *mount_ns = (struct mount_ns){
        .name = name, .namespace_fd = -1, .root_fd = -1, .root = mem_strdup("")
    };
    return mount_ns;
}

void mount_ns_init(struct tracer *tracer)
{
    char *name;

    if (read_namespace("self", &name) == 0)
        mount_ns_add(tracer, name)->is_own = true;
}

static void mount_ns_release(struct mount_ns *mount_ns)
{
    free(mount_ns->name);
    free(mount_ns->root);
    fd_close(&mount_ns->namespace_fd);
    fd_close(&mount_ns->root_fd);
    mounts_moved_done(&mount_ns->moved);
}

void mount_ns_done(struct tracer *tracer)
{
    for (size_t i = 0; i < tracer->mount_ns_count; i++)
        mount_ns_release(&tracer->mount_namespaces[i]);
    free(tracer->mount_namespaces);
    tracer->mount_namespaces = NULL;
    tracer->mount_ns_count = tracer->mount_ns_capacity = 0;
}

static int mount_ns_find(const struct tracer *tracer, const char *name)
{
    for (size_t i = 0; i < tracer->mount_ns_count; i++)
        if (strcmp(tracer->mount_namespaces[i].name, name) == 0)
            return (int)i;
    return -1;
}

/* The root of the view itself. A process may have gone below it (chroot(2)): up again, by as many
 * steps as its path says. */
static int open_root(const char *process)
{
    CLEANUP(free_char) char *link = mem_printf("/proc/%s/root", process);
    CLEANUP(free_char) char *below = NULL;
    struct str up = { 0 };

    if (read_link(link, &below) < 0)
        return -1;
    str_add(&up, link);
    for (const char *at = below; *at; at++)
        if (*at == '/' && at[1] && at[1] != '/')
            str_add(&up, "/..");
    int fd = open(up.data, O_PATH | O_DIRECTORY | O_CLOEXEC);
    str_done(&up);
    return fd;
}

void mount_ns_take(struct tracer *tracer, pid_t pid)
{
    char process[16];
    char *name;

    snprintf(process, sizeof(process), "%d", (int)pid);
    if (read_namespace(process, &name) < 0)
        return;
    if (mount_ns_find(tracer, name) >= 0) {
        free(name);
        return;
    }
    CLEANUP(free_char) char *link = mem_printf("/proc/%s/ns/mnt", process);
    CLEANUP(fd_close) int namespace_fd = open(link, O_RDONLY | O_CLOEXEC);
    CLEANUP(fd_close) int root_fd = open_root(process);
    if (namespace_fd < 0 || root_fd < 0) { /* then it stays a foreign one */
        free(name);
        return;
    }
    if (!tracer->tasks && tracer->mount_ns_count == 1 && tracer->mount_namespaces[0].is_own)
        mount_ns_done(tracer); /* the service does not live there */
    struct mount_ns *mount_ns = mount_ns_add(tracer, name);
    free(mount_ns->root);
    mount_ns->root = mem_printf("/proc/self/fd/%d", root_fd);
    mount_ns->namespace_fd = namespace_fd;
    mount_ns->root_fd = root_fd;
    namespace_fd = root_fd = -1;
    find_moved(mount_ns, process);
}

int mount_ns_look(struct tracer *tracer, pid_t tid)
{
    struct tracee *task = tracee_find(tracer, tid);
    CLEANUP(free_char) char *name = NULL;
    char process[16];

    snprintf(process, sizeof(process), "%d", (int)tid);
    int result = read_namespace(process, &name);
    int mount_ns = result < 0 ? -1 : mount_ns_find(tracer, name);
    if (task)
        task->mount_ns = mount_ns;
    return result < 0 ? result : mount_ns >= 0;
}

const struct mount_ns *mount_ns_of(struct tracer *tracer, pid_t tid)
{
    struct tracee *task = tracee_find(tracer, tid);

    if (task && task->mount_ns < 0)
        mount_ns_look(tracer, tid);
    return task && task->mount_ns >= 0 ? &tracer->mount_namespaces[task->mount_ns] : NULL;
}

const char *tracer_mount_ns_root(const struct tracer *tracer)
{
    return tracer->mount_ns_count ? tracer->mount_namespaces[tracer->mount_ns_count - 1].root : "";
}
