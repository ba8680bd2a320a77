// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The views of the file system in which paths are told. A service that cinch starts has cinch's
 * own. One that its manager started may have been given another before its first instruction
 * (mount_namespaces(7); PrivateTmp=, DynamicUser=, ...): that is its home, and its names are read
 * there, through descriptors that outlive its processes. Any other view is foreign.
 */
#include "trace/tracer.h"
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

static void find_moved(struct home *home, const char *process)
{
    CLEANUP(mounts_done) struct mounts service = { 0 };
    CLEANUP(mounts_done) struct mounts machine = { 0 };

    read_mounts(process, &service);
    read_mounts("self", &machine);
    moved_compare(&home->moved, &service, &machine);
}

static struct home *home_add(struct tracer *tracer, char *name)
{
    mem_reserve(&tracer->homes, &tracer->home_capacity, tracer->home_count + 1,
                sizeof(*tracer->homes));
    struct home *home = &tracer->homes[tracer->home_count++];
    *home =
        (struct home){ .name = name, .namespace_fd = -1, .root_fd = -1, .root = mem_strdup("") };
    return home;
}

void home_init(struct tracer *tracer)
{
    char *name;

    if (read_namespace("self", &name) == 0)
        home_add(tracer, name)->is_own = true;
}

static void home_release(struct home *home)
{
    free(home->name);
    free(home->root);
    fd_close(&home->namespace_fd);
    fd_close(&home->root_fd);
    moved_done(&home->moved);
}

void home_done(struct tracer *tracer)
{
    for (size_t i = 0; i < tracer->home_count; i++)
        home_release(&tracer->homes[i]);
    free(tracer->homes);
    tracer->homes = NULL;
    tracer->home_count = tracer->home_capacity = 0;
}

static int home_find(const struct tracer *tracer, const char *name)
{
    for (size_t i = 0; i < tracer->home_count; i++)
        if (strcmp(tracer->homes[i].name, name) == 0)
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

void home_take(struct tracer *tracer, pid_t pid)
{
    char process[16];
    char *name;

    snprintf(process, sizeof(process), "%d", (int)pid);
    if (read_namespace(process, &name) < 0)
        return;
    if (home_find(tracer, name) >= 0) {
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
    if (!tracer->tasks && tracer->home_count == 1 && tracer->homes[0].is_own)
        home_done(tracer); /* the service does not live there */
    struct home *home = home_add(tracer, name);
    free(home->root);
    home->root = mem_printf("/proc/self/fd/%d", root_fd);
    home->namespace_fd = namespace_fd;
    home->root_fd = root_fd;
    namespace_fd = root_fd = -1;
    find_moved(home, process);
}

int home_look(struct tracer *tracer, pid_t tid)
{
    struct tracee *task = tracee_find(tracer, tid);
    CLEANUP(free_char) char *name = NULL;
    char process[16];

    snprintf(process, sizeof(process), "%d", (int)tid);
    int result = read_namespace(process, &name);
    int home = result < 0 ? -1 : home_find(tracer, name);
    if (task)
        task->home = home;
    return result < 0 ? result : home >= 0;
}

const struct home *home_of(struct tracer *tracer, pid_t tid)
{
    struct tracee *task = tracee_find(tracer, tid);

    if (task && task->home < 0)
        home_look(tracer, tid);
    return task && task->home >= 0 ? &tracer->homes[task->home] : NULL;
}

const char *tracer_home_root(const struct tracer *tracer)
{
    return tracer->home_count ? tracer->homes[tracer->home_count - 1].root : "";
}
