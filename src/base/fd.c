// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cinch/base.h>
#include <cinch/base/proc.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
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

int fd_reopen_plain(int pinned)
{
    struct stat status;
    char link[PROC_PATH_MAX];

    if (fstat(pinned, &status) < 0)
        return -errno;
    if (!S_ISREG(status.st_mode))
        return S_ISDIR(status.st_mode) ? -EISDIR : -ENOTSUP;
    int fd = open(proc_self_fd(link, pinned), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    return fd < 0 ? -errno : fd;
}

int fd_open_plain(int dirfd, const char *name)
{
    CLEANUP(fd_close) int pinned = openat(dirfd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);

    return pinned < 0 ? -errno : fd_reopen_plain(pinned);
}

int fd_write_all(int fd, const char *data, size_t length)
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

/* What file_replace works on; the names as a person may see them are made for errors only. */
struct replacement {
    const char *path;
    char *temporary;
    bool nameless; /* until it is whole */
    mode_t mode;
    file_fill *fill;
    const void *context;
};

static int replace_error(const char *doing, const char *path, int code, struct err *err)
{
    CLEANUP(free_char) char *shown = text_encode_string(path);

    return err_set(err, code, "cannot %s %s: %s; what was there before is unchanged: %s", doing,
                   shown, strerror(code),
                   code == EFBIG ? "raise the limit of file size (ulimit -f)"
                                 : "free some space or choose another place");
}

/* Who may write to the directory can have put another file in the place of the temporary one. */
static int check_renamed(int fd, const char *path, struct err *err)
{
    struct stat ours, there;

    if (fstat(fd, &ours) == 0 && lstat(path, &there) == 0 && ours.st_dev == there.st_dev &&
        ours.st_ino == there.st_ino)
        return 0;
    CLEANUP(free_char) char *shown = text_encode_string(path);
    return err_set(err, ESTALE,
                   "somebody replaced %s while it was written: it is not what cinch wrote; choose "
                   "a directory that only you may write to",
                   shown);
}

static char *directory_of(const char *path)
{
    return strchr(path, '/') ? path_parent(path) : mem_strdup(".");
}

/* A file without a name: whoever is killed while it is filled leaves nothing behind. -1 where the
 * file system has none (NFS), or there is no /proc by which to name it. */
static int open_nameless(const char *path)
{
    CLEANUP(free_char) char *directory = directory_of(path);
    int fd = open(directory, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
    char itself[PROC_PATH_MAX];

    if (fd >= 0 && access(proc_self_fd(itself, fd), F_OK) < 0)
        fd_close(&fd);
    return fd;
}

/* Gives it the temporary name, whose last six characters are chosen here. */
static int give_name(int fd, char *temporary)
{
    char *end = temporary + strlen(temporary) - 6;
    char itself[PROC_PATH_MAX];
    unsigned number;

    proc_self_fd(itself, fd);
    for (int attempt = 0; attempt < 100; attempt++) {
        if (getrandom(&number, sizeof(number), 0) != (ssize_t)sizeof(number))
            return -EIO;
        snprintf(end, 7, "%06x", number & 0xffffff);
        if (linkat(AT_FDCWD, itself, AT_FDCWD, temporary, AT_SYMLINK_FOLLOW) == 0)
            return 0;
        if (errno != EEXIST)
            return -errno;
    }
    return -EEXIST;
}

/* Fills the open temporary file and renames it over the path. */
static int replace_with(int fd, const struct replacement *new, struct err *err)
{
    if (fchmod(fd, new->mode) < 0)
        return replace_error("set the mode of", new->temporary, errno, err);
    int result = new->fill(fd, new->context);
    if (result == 0 && fsync(fd) < 0)
        result = -errno;
    if (result < 0)
        return replace_error("write", new->path, -result, err);
    if (new->nameless && (result = give_name(fd, new->temporary)) < 0)
        return replace_error("replace", new->path, -result, err);
    if (rename(new->temporary, new->path) < 0) {
        int code = errno;
        unlink(new->temporary);
        return replace_error("replace", new->path, code, err);
    }
    return check_renamed(fd, new->path, err);
}

/* Makes the rename itself survive a power cut. The new content is there by now, and not every file
 * system can do this (EINVAL): no failure. */
static void sync_directory_of(const char *path)
{
    CLEANUP(free_char) char *directory = directory_of(path);
    CLEANUP(fd_close) int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd >= 0)
        (void)fsync(fd);
}

int file_replace(const char *path, mode_t mode, file_fill *fill, const void *context,
                 struct err *err)
{
    CLEANUP(free_char) char *temporary = mem_printf("%s.XXXXXX", path);
    CLEANUP(fd_close) int fd = open_nameless(path);
    bool nameless = fd >= 0;

    if (!nameless)
        fd = mkostemp(temporary, O_CLOEXEC);
    const struct replacement new = { path, temporary, nameless, mode, fill, context };

    if (fd < 0) {
        int code = errno;
        CLEANUP(free_char) char *shown = text_encode_string(path);
        return err_set(err, code, "cannot create a file beside %s: %s; %s", shown, strerror(code),
                       code == ENOSPC || code == EDQUOT ? "free some space or choose another place"
                                                        : "choose a writable directory");
    }
    int result = replace_with(fd, &new, err);
    if (result == 0)
        sync_directory_of(path);
    else if (!nameless)
        unlink(temporary);
    return result;
}

void file_lift_limit(void)
{
    const struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };
    struct rlimit limit;

    /* Raising the hard limit takes CAP_SYS_RESOURCE (getrlimit(2)). */
    if (setrlimit(RLIMIT_FSIZE, &unlimited) == 0 || getrlimit(RLIMIT_FSIZE, &limit) < 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_FSIZE, &limit);
}
