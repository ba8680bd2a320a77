// SPDX-License-Identifier: LGPL-2.1-or-later
/* struct trace_ops over the real thing: /proc, process_vm_readv(2), pidfd_getfd(2). */
#include "trace/task/faults.h"
#include "trace/task/tracer_state.h"
#include <cinch/base/proc.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define PAGES_AT_ONCE 16

/* One remote iovec per page: process_vm_readv(2) copies whole iovec elements or stops, so a string
 * that ends before an unmapped page is still read up to that page. */
static ssize_t read_memory(void *context, pid_t tid, uint64_t address, void *buffer, size_t length)
{
    struct iovec remote[PAGES_AT_ONCE];
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t count = 0, planned = 0;

    (void)context;
    while (planned < length && count < PAGES_AT_ONCE) {
        uint64_t at = address + planned;
        size_t part = page - (size_t)(at & (page - 1));
        if (part > length - planned)
            part = length - planned;
        remote[count++] = (struct iovec){ (void *)(uintptr_t)at, part };
        planned += part;
    }
    struct iovec local = { buffer, planned };
    ssize_t got = process_vm_readv(tid, &local, 1, remote, count, 0);
    return got < 0 ? -errno : got;
}

/* readlink(2) without a limit of our own. */
static int read_link_at(int directory, const char *path, char **ret_target)
{
    char target[PATH_MAX + 1];
    ssize_t length = readlinkat(directory, path, target, sizeof(target) - 1);

    if (length < 0)
        return -errno;
    *ret_target = mem_strndup(target, (size_t)length);
    return 0;
}

static int fd_link(void *context, pid_t tid, int fd, char **ret_target)
{
    char name[32];

    (void)context;
    switch (fd) {
    case TRACE_CWD:
        return proc_link(tid, "cwd", ret_target);
    case TRACE_ROOT:
        return proc_link(tid, "root", ret_target);
    case TRACE_EXE:
        return proc_link(tid, "exe", ret_target);
    default:
        snprintf(name, sizeof(name), "fd/%d", fd);
        return proc_link(tid, name, ret_target);
    }
}

/* A path without links on its way, so it stays below the descriptor. */
static const char *path_below(const char *path)
{
    return path[1] ? path + 1 : ".";
}

static int read_link(void *context, pid_t tid, const char *path, char **ret_target)
{
    const struct mount_ns *mount_ns = mount_ns_of(context, tid);

    return mount_ns && mount_ns->root_fd >= 0
               ? read_link_at(mount_ns->root_fd, path_below(path), ret_target)
               : read_link_at(AT_FDCWD, path, ret_target);
}

static const char *root(void *context, pid_t tid)
{
    const struct mount_ns *mount_ns = mount_ns_of(context, tid);

    return mount_ns ? mount_ns->root : "";
}

static const char *moved(void *context, pid_t tid, const char *path)
{
    const struct mount_ns *mount_ns = mount_ns_of(context, tid);

    return mount_ns ? mounts_moved_find(&mount_ns->moved, path) : NULL;
}

/* Our own duplicate of the task's descriptor. A thread may have a descriptor table of its own, but
 * pidfds of single threads need Linux 6.9: the process's table is the answer before. */
static int borrow_fd(const struct tracer *tracer, pid_t tid, int fd)
{
    struct tracee *task = tracee_find(tracer, tid);
    CLEANUP(fd_close)
    int pidfd = (int)syscall(SYS_pidfd_open, task ? task->tgid : tid, 0);

    if (pidfd < 0)
        return -errno;
    int borrowed = (int)syscall(SYS_pidfd_getfd, pidfd, fd, 0);
    return borrowed < 0 ? -errno : borrowed;
}

static int socket_option(int fd, int option)
{
    int value = -1;
    socklen_t length = sizeof(value);

    return getsockopt(fd, SOL_SOCKET, option, &value, &length) < 0 ? -1 : value;
}

static int socket_info(void *context, pid_t tid, int fd, struct trace_socket *ret)
{
    CLEANUP(fd_close) int own = borrow_fd(context, tid, fd);

    if (own < 0)
        return own;
    struct trace_socket socket = {
        .family = socket_option(own, SO_DOMAIN),
        .type = socket_option(own, SO_TYPE),
        .protocol = socket_option(own, SO_PROTOCOL),
        .local_length = sizeof(socket.local),
        .peer_length = sizeof(socket.peer),
    };
    if (socket.family < 0)
        return -ENOTSOCK;
    if (getsockname(own, (struct sockaddr *)&socket.local, &socket.local_length) < 0)
        socket.local_length = 0;
    if (getpeername(own, (struct sockaddr *)&socket.peer, &socket.peer_length) < 0)
        socket.peer_length = 0;
    *ret = socket;
    return 0;
}

/* Read anew at each call: setns(2) and unshare(2) change it, and tasks that share it are not ours
 * to know. */
static int same_mount_namespace(void *context, pid_t tid)
{
    return mount_ns_look(context, tid);
}

/* Opened without side effects: O_NONBLOCK for FIFOs, and only regular files are read. */
static ssize_t read_file(void *context, pid_t tid, const char *path, void *buffer, size_t length,
                         struct stat *ret_stat)
{
    const struct mount_ns *mount_ns = mount_ns_of(context, tid);
    bool is_apart = mount_ns && mount_ns->root_fd >= 0;
    CLEANUP(fd_close)
    int handle = openat(is_apart ? mount_ns->root_fd : AT_FDCWD, is_apart ? path_below(path) : path,
                        O_PATH | O_CLOEXEC);
    char opened[PROC_PATH_MAX];

    if (handle < 0 || fstat(handle, ret_stat) < 0)
        return -errno;
    if (!S_ISREG(ret_stat->st_mode))
        return 0;
    CLEANUP(fd_close) int fd = open(proc_self_fd(opened, handle), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    ssize_t got = pread(fd, buffer, length, 0);
    return got < 0 ? -errno : got;
}

static int credentials(void *context, pid_t tid, uid_t ret_uids[3], gid_t ret_gids[3])
{
    struct str status = { 0 };
    unsigned ids[6] = { 0 };

    (void)context;
    int result = proc_read_status(tid, &status);
    if (result < 0)
        return result;
    const char *uids = proc_status_value(status.data, "Uid");
    const char *gids = proc_status_value(status.data, "Gid");
    bool read_all = uids && gids && sscanf(uids, "%u %u %u", &ids[0], &ids[1], &ids[2]) == 3 &&
                    sscanf(gids, "%u %u %u", &ids[3], &ids[4], &ids[5]) == 3;
    str_done(&status);
    if (!read_all)
        return -EIO;
    for (int i = 0; i < 3; i++) {
        ret_uids[i] = ids[i];
        ret_gids[i] = ids[3 + i];
    }
    return 0;
}

static int limit(void *context, pid_t tid, int resource, uint64_t ret[2])
{
    uint64_t both[2]; /* struct rlimit64 */

    (void)context;
    if (syscall(SYS_prlimit64, tid, resource, NULL, both) < 0)
        return -errno;
    memcpy(ret, both, sizeof(both));
    return 0;
}

void tracee_read_init(struct tracer *tracer)
{
    tracer->ops = (struct trace_ops){
        .context = tracer,
        .read_memory = read_memory,
        .memory_waits = faults_wait,
        .fd_link = fd_link,
        .read_link = read_link,
        .socket_info = socket_info,
        .same_mount_namespace = same_mount_namespace,
        .root = root,
        .moved = moved,
        .read_file = read_file,
        .each_open_file = proc_fds_each,
        .credentials = credentials,
        .privileges = privileges_read,
        .used_privileges = privileges_used,
        .status = privileges_status,
        .file_capabilities = privileges_of_file,
        .limit = limit,
        .set_first_argument = tracee_write_first_argument,
        .write_memory = tracee_write_memory,
    };
    mount_ns_init(tracer);
}
