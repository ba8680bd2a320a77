// SPDX-License-Identifier: LGPL-2.1-or-later
#include "fake_tracee.h"
#include <errno.h>
#include <string.h>

static ssize_t fake_read_memory(void *context, pid_t tid, uint64_t address, void *buffer,
                                size_t length)
{
    const struct fake_tracee *fake = context;

    (void)tid;
    if (address < FAKE_MEMORY || address >= FAKE_MEMORY + sizeof(fake->memory))
        return -EFAULT;
    size_t left = (size_t)(FAKE_MEMORY + sizeof(fake->memory) - address);
    if (length > left)
        length = left;
    memcpy(buffer, fake->memory + (address - FAKE_MEMORY), length);
    return (ssize_t)length;
}

static int fake_fd_link(void *context, pid_t tid, int fd, char **ret_target)
{
    struct fake_tracee *fake = context;

    (void)tid;
    fake->proc_reads++;
    for (size_t i = 0; i < fake->fd_count; i++)
        if (fake->fds[i].fd == fd) {
            *ret_target = mem_strdup(fake->fds[i].text);
            return 0;
        }
    return -ENOENT;
}

static int fake_read_link(void *context, pid_t tid, const char *path, char **ret_target)
{
    struct fake_tracee *fake = context;
    bool is_there = false;

    (void)tid;
    fake->proc_reads++;
    for (size_t i = 0; i < fake->file_count; i++) {
        const struct fake_file *file = &fake->files[i];
        if (strcmp(file->path, path) == 0 && file->link) {
            *ret_target = mem_strdup(file->link);
            return 0;
        }
        is_there |= path_is_within(file->path, path);
    }
    return is_there ? -EINVAL : -ENOENT;
}

static int fake_socket_info(void *context, pid_t tid, int fd, struct trace_socket *ret)
{
    struct fake_tracee *fake = context;

    (void)tid;
    fake->proc_reads++;
    if (fake->denies_sockets)
        return -EPERM;
    for (size_t i = 0; i < fake->socket_count; i++)
        if (fake->sockets[i].fd == fd) {
            *ret = fake->sockets[i].socket;
            return 0;
        }
    return -ENOTSOCK;
}

static int fake_same_mount_namespace(void *context, pid_t tid)
{
    (void)tid;
    return !((struct fake_tracee *)context)->is_foreign;
}

static const char *fake_moved(void *context, pid_t tid, const char *path)
{
    const char *moved = ((struct fake_tracee *)context)->moved;

    (void)tid;
    return moved && path_is_within(path, moved) ? moved : NULL;
}

static ssize_t fake_read_file(void *context, pid_t tid, const char *path, void *buffer,
                              size_t length, struct stat *ret_stat)
{
    struct fake_tracee *fake = context;

    (void)tid;
    for (size_t i = 0; i < fake->file_count; i++) {
        const struct fake_file *file = &fake->files[i];
        if (strcmp(file->path, path) != 0 || !file->content)
            continue;
        *ret_stat = (struct stat){ .st_mode = S_IFREG | file->mode };
        if (length > file->length)
            length = file->length;
        memcpy(buffer, file->content, length);
        return (ssize_t)length;
    }
    return -ENOENT;
}

static int fake_credentials(void *context, pid_t tid, uid_t ret_uids[3], gid_t ret_gids[3])
{
    (void)context;
    for (int i = 0; i < 3; i++) {
        ret_uids[i] = tid == FAKE_FOREIGN_PID ? 65534 : 0;
        ret_gids[i] = 0;
    }
    return 0;
}

static int fake_set_first_argument(void *context, pid_t tid, uint32_t arch, uint64_t value)
{
    struct fake_tracee *fake = context;

    (void)tid;
    (void)arch;
    fake->first_argument = value;
    return 0;
}

static int fake_write_memory(void *context, pid_t tid, uint64_t address, const void *bytes,
                             size_t length)
{
    struct fake_tracee *fake = context;

    (void)tid;
    if (address < FAKE_MEMORY || address + length > FAKE_MEMORY + sizeof(fake->memory))
        return -EFAULT;
    memcpy(fake->memory + (address - FAKE_MEMORY), bytes, length);
    return 0;
}

void fake_init(struct fake_tracee *fake)
{
    *fake = (struct fake_tracee){ .used = 16 };
    fake->ops = (struct trace_ops){ .context = fake,
                                    .read_memory = fake_read_memory,
                                    .fd_link = fake_fd_link,
                                    .read_link = fake_read_link,
                                    .socket_info = fake_socket_info,
                                    .same_mount_namespace = fake_same_mount_namespace,
                                    .moved = fake_moved,
                                    .read_file = fake_read_file,
                                    .credentials = fake_credentials,
                                    .set_first_argument = fake_set_first_argument,
                                    .write_memory = fake_write_memory };
    fake_fd(fake, TRACE_CWD, "/srv");
    fake_fd(fake, TRACE_ROOT, "/");
    fake_fd(fake, TRACE_EXE, "/usr/bin/daemon");
}

uint64_t fake_bytes(struct fake_tracee *fake, const void *bytes, size_t length)
{
    uint64_t address = FAKE_MEMORY + fake->used;

    if (length)
        memcpy(fake->memory + fake->used, bytes, length);
    fake->used += (length + 15) & ~(size_t)15;
    return address;
}

uint64_t fake_string(struct fake_tracee *fake, const char *text)
{
    return fake_bytes(fake, text, strlen(text) + 1);
}

static struct fake_file *fake_new_file(struct fake_tracee *fake, const char *path)
{
    struct fake_file *file = &fake->files[fake->file_count++];

    *file = (struct fake_file){ .path = path, .mode = 0755 };
    return file;
}

void fake_file(struct fake_tracee *fake, const char *path)
{
    fake_new_file(fake, path);
}

void fake_link(struct fake_tracee *fake, const char *path, const char *target)
{
    fake_new_file(fake, path)->link = target;
}

void fake_program(struct fake_tracee *fake, const char *path, const void *content, size_t length,
                  mode_t mode)
{
    struct fake_file *file = fake_new_file(fake, path);

    file->content = content;
    file->length = length;
    file->mode = mode;
}

void fake_fd(struct fake_tracee *fake, int fd, const char *text)
{
    for (size_t i = 0; i < fake->fd_count; i++)
        if (fake->fds[i].fd == fd) {
            fake->fds[i].text = text;
            return;
        }
    fake->fds[fake->fd_count++] = (struct fake_fd){ .fd = fd, .text = text };
}

struct trace_socket *fake_socket(struct fake_tracee *fake, int fd, int family, int type)
{
    struct trace_socket *socket = &fake->sockets[fake->socket_count].socket;

    fake->sockets[fake->socket_count++].fd = fd;
    *socket = (struct trace_socket){ .family = family, .type = type };
    return socket;
}

static int fake_read_privileges(void *context, pid_t tid, struct trace_privileges *ret)
{
    struct fake_tracee *fake = context;

    (void)tid;
    fake->proc_reads++;
    *ret = fake->privileges;
    return 0;
}

static int fake_used(void *context, pid_t tid)
{
    (void)tid;
    return ((struct fake_tracee *)context)->has_used;
}

static int fake_status(void *context, pid_t tid, const char *path, struct stat *ret)
{
    const struct fake_tracee *fake = context;

    (void)tid;
    for (size_t i = 0; i < fake->file_count; i++)
        if (strcmp(fake->files[i].path, path) == 0) {
            *ret = (struct stat){ .st_mode = fake->files[i].mode, .st_uid = fake->files[i].uid };
            return 0;
        }
    return -ENOENT;
}

static int fake_file_capabilities(void *context, pid_t tid, const char *path, uint64_t *ret)
{
    (void)tid;
    (void)path;
    *ret = ((struct fake_tracee *)context)->file_capabilities;
    return 0;
}

void fake_privileges(struct fake_tracee *fake, uid_t uid)
{
    uint64_t all = uid ? 0 : ((uint64_t)1 << 41) - 1;

    fake->privileges =
        (struct trace_privileges){ .fsuid = uid, .fsgid = uid, .permitted = all, .effective = all };
    fake->ops.privileges = fake_read_privileges;
    fake->ops.used_privileges = fake_used;
    fake->ops.status = fake_status;
    fake->ops.file_capabilities = fake_file_capabilities;
}
