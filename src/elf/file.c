// SPDX-License-Identifier: LGPL-2.1-or-later
#include "elf/file.h"
#include <cinch/base/proc.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int elf_tree_init(struct elf_tree *tree, const char *root)
{
    *tree = (struct elf_tree){ .fd = -1 };
    if (*root && strcmp(root, "/") != 0) {
        tree->fd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (tree->fd < 0)
            return -errno;
        tree->cwd = mem_strdup("/");
        return 0;
    }
    CLEANUP(free_char) char *cwd = getcwd(NULL, 0);
    tree->cwd = mem_strdup(cwd && cwd[0] == '/' ? cwd : "/");
    return 0;
}

void elf_tree_done(struct elf_tree *tree)
{
    fd_close(&tree->fd);
    free(tree->cwd);
    *tree = (struct elf_tree){ .fd = -1 };
}

char *elf_tree_absolute(const struct elf_tree *tree, const char *path)
{
    CLEANUP(free_char) char *joined = path_join(tree->cwd, path);

    return path_normalise(joined);
}

static int elf_file_at(const struct elf_tree *tree, const char *path, int flags)
{
    CLEANUP(free_char) char *absolute = path_join(tree->cwd, path);

    if (tree->fd >= 0)
        return fd_open_below(tree->fd, absolute, flags);
    int fd = open(absolute, flags | O_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

/* Opens for reading the very file that `pinned` (O_PATH) holds; `path` when there is no /proc. */
static int elf_file_reopen(const struct elf_tree *tree, int pinned, const char *path)
{
    const int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
    char link[PROC_PATH_MAX];
    int fd = open(proc_self_fd(link, pinned), flags);

    if (fd >= 0)
        return fd;
    int code = errno;
    return code != ENOENT || access("/proc/self/fd", F_OK) == 0 ? -code
                                                                : elf_file_at(tree, path, flags);
}

static int elf_file_check(int fd, struct stat *ret)
{
    if (fstat(fd, ret) < 0)
        return -errno;
    if (S_ISDIR(ret->st_mode))
        return -EISDIR;
    return S_ISREG(ret->st_mode) ? 0 : -ELF_NOT_REGULAR;
}

int elf_file_open(const struct elf_tree *tree, const char *path, struct stat *ret_stat)
{
    CLEANUP(fd_close) int pinned = elf_file_at(tree, path, O_PATH);
    CLEANUP(fd_close) int fd = -1;
    struct stat stat = { 0 };

    if (pinned < 0)
        return pinned;
    int result = elf_file_check(pinned, &stat);
    if (result < 0)
        return result;
    fd = elf_file_reopen(tree, pinned, path);
    if (fd < 0)
        return fd;
    result = elf_file_check(fd, &stat);
    if (result < 0)
        return result;
    *ret_stat = stat;
    result = fd;
    fd = -1;
    return result;
}

const char *elf_file_problem(int code)
{
    if (code == ELF_NOT_REGULAR)
        return "not a regular file";
    return strerror(code);
}

char *elf_file_real_path(const struct elf_tree *tree, int fd)
{
    char link[PROC_PATH_MAX];
    char target[4096];
    char root[4096];

    ssize_t length = readlink(proc_self_fd(link, fd), target, sizeof(target) - 1);
    if (length <= 0 || target[0] != '/' || (size_t)length == sizeof(target) - 1)
        return NULL;
    target[length] = '\0';
    if (tree->fd < 0)
        return mem_strdup(target);
    length = readlink(proc_self_fd(link, tree->fd), root, sizeof(root) - 1);
    if (length <= 0)
        return NULL;
    root[length] = '\0';
    if (!path_is_within(target, root))
        return NULL;
    return mem_strdup(strcmp(root, "/") == 0 ? target : target + length);
}

ssize_t elf_file_read(int fd, uint64_t offset, void *buffer, size_t length)
{
    size_t done = 0;

    if (offset > (uint64_t)INT64_MAX - length)
        return -EINVAL;
    while (done < length) {
        ssize_t got =
            pread(fd, (char *)buffer + done, length - done, (off_t)(offset + (uint64_t)done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -errno;
        if (got == 0)
            break;
        done += (size_t)got;
    }
    return (ssize_t)done;
}

int elf_file_read_start(int fd, size_t limit, struct str *ret)
{
    struct stat stat;

    if (fstat(fd, &stat) < 0)
        return -errno;
    size_t length = (uint64_t)stat.st_size < limit ? (size_t)stat.st_size : limit;
    CLEANUP(free_char) char *buffer = mem_new(length, 1);
    ssize_t got = elf_file_read(fd, 0, buffer, length);
    if (got < 0)
        return (int)got;
    str_add_bytes(ret, buffer, (size_t)got);
    return 0;
}
