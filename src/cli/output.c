// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * suggest -o FILE. A shell's redirection empties the file before anything is known: a suggest that
 * fails leaves an empty drop-in, and the next start of the service is unconfined.
 */
#include "cli/output.h"
#include <cinch/systemd.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);

    return length >= tail && strcmp(text + length - tail, end) == 0;
}

static char *directory_of(const char *path)
{
    return strchr(path, '/') ? path_parent(path) : mem_strdup(".");
}

static bool is_same_file(const struct stat *status, const char *path)
{
    struct stat other;

    return stat(path, &other) == 0 && other.st_dev == status->st_dev &&
           other.st_ino == status->st_ino;
}

/* Where something stands already. A link is not followed: a drop-in that leads to /dev/null is
 * masked on purpose, and what a link in another's directory leads to is the other's choice. */
static int check_existing(const char *path, const struct stat *status, char *const *inputs,
                          size_t count, struct err *err)
{
    CLEANUP(free_char) char *shown = text_encode_string(path);

    if (S_ISLNK(status->st_mode))
        return err_set(err, EEXIST,
                       "-o %s: it is a symbolic link, which is not followed; give the name of the "
                       "file it leads to, or remove it",
                       shown);
    if (S_ISDIR(status->st_mode))
        return err_set(err, EISDIR, "-o %s: it is a directory; name a file in it", shown);
    if (!S_ISREG(status->st_mode))
        return err_set(err, EINVAL, "-o %s: it is no plain file; name one", shown);
    for (size_t i = 0; i < count; i++)
        if (is_same_file(status, inputs[i]))
            return err_set(err, EINVAL, "-o %s: it is one of the profiles; name another file",
                           shown);
    return 0;
}

int output_check(const char *path, char *const *inputs, size_t count, struct err *err)
{
    CLEANUP(free_char) char *directory = directory_of(path);
    struct stat status;

    if (!*path || ends_with(path, "/"))
        return err_set(err, EINVAL, "-o needs the name of a file");
    if (ends_with(directory, ".d") && !ends_with(path, ".conf")) {
        CLEANUP(free_char) char *shown = text_encode_string(path);
        return err_set(
            err, EINVAL,
            "-o %s: systemd reads only files that end in .conf there; call it " UNIT_OWN_DROPIN,
            shown);
    }
    if (lstat(path, &status) == 0)
        return check_existing(path, &status, inputs, count, err);
    return 0;
}

static int fill(int fd, const void *context)
{
    const char *text = context;

    return fd_write_all(fd, text, strlen(text));
}

/* No more than 0644: PID 1 does what it says. */
static mode_t mode_of(const char *path)
{
    struct stat status;
    mode_t mask = umask(0);

    umask(mask);
    if (lstat(path, &status) == 0 && S_ISREG(status.st_mode))
        return status.st_mode & 0644;
    return 0644 & ~mask;
}

int output_write(const char *path, const char *text, struct err *err)
{
    CLEANUP(free_char) char *directory = directory_of(path);

    /* A unit's first drop-in has no directory yet. */
    if (ends_with(directory, ".d") && mkdir(directory, 0755) < 0 && errno != EEXIST) {
        int code = errno;
        CLEANUP(free_char) char *shown = text_encode_string(directory);
        return err_set(err, code, "cannot make the directory %s: %s", shown, strerror(code));
    }
    return file_replace(path, mode_of(path), fill, text, err);
}
