// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The views of the file system in which paths are told. A service that cinch starts has cinch's
 * own. One that its manager started may have been given another before its first instruction
 * (mount_namespaces(7); PrivateTmp=, DynamicUser=, ...): that is its home, and its names are read
 * there, through descriptors that outlive its processes. Any other view is foreign.
 */
#include "trace/task/tracer_state.h"
#include <cinch/base/proc.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MOUNTINFO_LIMIT ((size_t)16 << 20)

static int read_namespace(pid_t pid, char **ret_name)
{
    return proc_link(pid, "ns/mnt", ret_name);
}

static void read_mounts(pid_t pid, struct mounts *mounts)
{
    struct str text = { 0 };

    if (proc_read(pid, "mountinfo", MOUNTINFO_LIMIT, &text) == 0)
        mounts_parse(mounts, text.data);
    str_done(&text);
}

static void find_moved(struct mount_ns *mount_ns, pid_t pid)
{
    CLEANUP(mounts_done) struct mounts service = { 0 };
    CLEANUP(mounts_done) struct mounts machine = { 0 };

    read_mounts(pid, &service);
    read_mounts(0, &machine);
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

    if (read_namespace(0, &name) == 0)
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
static int open_root(pid_t pid)
{
    char link[PROC_PATH_MAX];
    CLEANUP(free_char) char *below = NULL;
    struct str up = { 0 };

    if (proc_link(pid, "root", &below) < 0)
        return -1;
    str_add(&up, proc_path(link, pid, "root"));
    for (const char *at = below; *at; at++)
        if (*at == '/' && at[1] && at[1] != '/')
            str_add(&up, "/..");
    int fd = open(up.data, O_PATH | O_DIRECTORY | O_CLOEXEC);
    str_done(&up);
    return fd;
}

void mount_ns_take(struct tracer *tracer, pid_t pid)
{
    char link[PROC_PATH_MAX];
    char *name;

    if (read_namespace(pid, &name) < 0)
        return;
    if (mount_ns_find(tracer, name) >= 0) {
        free(name);
        return;
    }
    CLEANUP(fd_close)
    int namespace_fd = open(proc_path(link, pid, "ns/mnt"), O_RDONLY | O_CLOEXEC);
    CLEANUP(fd_close) int root_fd = open_root(pid);
    if (namespace_fd < 0 || root_fd < 0) { /* then it stays a foreign one */
        free(name);
        return;
    }
    if (!tracer->tasks && tracer->mount_ns_count == 1 && tracer->mount_namespaces[0].is_own)
        mount_ns_done(tracer); /* the service does not live there */
    struct mount_ns *mount_ns = mount_ns_add(tracer, name);
    free(mount_ns->root);
    mount_ns->root = mem_strdup(proc_self_fd(link, root_fd));
    mount_ns->namespace_fd = namespace_fd;
    mount_ns->root_fd = root_fd;
    namespace_fd = root_fd = -1;
    find_moved(mount_ns, pid);
}

int mount_ns_look(struct tracer *tracer, pid_t tid)
{
    struct tracee *task = tracee_find(tracer, tid);
    CLEANUP(free_char) char *name = NULL;

    int result = read_namespace(tid, &name);
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
