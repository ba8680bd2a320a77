// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cinch/base.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void fd_close(int *fd)
{
    int saved = errno;

    if (*fd >= 0)
        close(*fd);
    *fd = -1;
    errno = saved;
}

int fd_read_all(int fd, size_t limit, struct str *ret)
{
    char buffer[65536];
    struct stat status;
    ssize_t got;

    if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && (uint64_t)status.st_size > limit)
        return -EFBIG;
    while ((got = read(fd, buffer, sizeof(buffer))) != 0) {
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -errno;
        if ((size_t)got > limit - ret->length)
            return -EFBIG;
        str_add_bytes(ret, buffer, (size_t)got);
    }
    str_add_bytes(ret, "", 0);
    return 0;
}

int fd_read_file(int dirfd, const char *path, size_t limit, struct str *ret)
{
    CLEANUP(fd_close) int fd = openat(dirfd, path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    struct str content = { 0 };

    if (fd < 0)
        return -errno;
    int result = fd_read_all(fd, limit, &content);
    if (result < 0) {
        str_done(&content);
        return result;
    }
    *ret = content;
    return 0;
}

static int fd_write_all(int fd, const char *data, size_t length)
{
    while (length) {
        ssize_t put = write(fd, data, length);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return -errno;
        data += put;
        length -= (size_t)put;
    }
    return 0;
}

/* Fills the open temporary file and renames it over `path`. */
static int file_fill_and_rename(int fd, const char *temporary, const char *path, mode_t mode,
                                const void *data, size_t length, struct err *err)
{
    if (fchmod(fd, mode) < 0)
        return err_set(err, errno, "cannot set the mode of %s: %s", temporary, strerror(errno));
    int result = fd_write_all(fd, data, length);
    if (result == 0 && fsync(fd) < 0)
        result = -errno;
    if (result < 0)
        return err_set(err, -result,
                       "cannot write %s: %s; what was there before is unchanged: free some space "
                       "or choose another place",
                       path, strerror(-result));
    if (rename(temporary, path) < 0)
        return err_set(err, errno, "cannot rename %s to %s: %s", temporary, path, strerror(errno));
    return 0;
}

int file_replace(const char *path, mode_t mode, const void *data, size_t length, struct err *err)
{
    CLEANUP(free_char) char *temporary = mem_printf("%s.XXXXXX", path);
    CLEANUP(fd_close) int fd = mkostemp(temporary, O_CLOEXEC);

    if (fd < 0) {
        int code = errno;
        return err_set(err, code, "cannot create a file beside %s: %s; choose a writable directory",
                       path, strerror(code));
    }
    int result = file_fill_and_rename(fd, temporary, path, mode, data, length, err);
    if (result < 0)
        unlink(temporary);
    return result;
}
