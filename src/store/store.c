// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cinch/store.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What to do about an errno of reading. */
static const char *load_remedy(int code)
{
    switch (code) {
    case ENOENT:
    case ENOTDIR:
        return "give the name of a profile that cinch train wrote";
    case EISDIR:
        return "give the name of a profile in it";
    case EACCES:
    case EPERM:
        return "profiles are written for their owner alone: read it as that user, or as root";
    default:
        return "copy it again or train again";
    }
}

static int load_text(const char *path, const char *source, struct str *ret, struct err *err)
{
    struct str text = { 0 };
    int result = strcmp(path, "-") == 0 ? fd_read_all(STDIN_FILENO, STORE_LIMIT, &text)
                                        : fd_read_file(AT_FDCWD, path, STORE_LIMIT, &text);

    if (result == 0) {
        *ret = text;
        return 0;
    }
    str_done(&text);
    if (result == -EFBIG)
        return err_set(err, EFBIG,
                       "%s is larger than %zu MiB, the most that is read; merge or train less "
                       "into one profile",
                       source, STORE_LIMIT >> 20);
    return err_set(err, -result, "cannot read %s: %s; %s", source, strerror(-result),
                   load_remedy(-result));
}

struct profile *store_load(const char *path, struct err *err)
{
    CLEANUP(free_char) char *shown = text_encode_string(path);
    const char *source = strcmp(path, "-") == 0 ? "standard input" : path;
    CLEANUP(str_done) struct str text = { 0 };

    if (load_text(path, source == path ? shown : source, &text, err) < 0)
        return NULL;
    return store_from_json(text.data, text.length, source, err);
}

/* A rename would put a plain file in the place of /dev/null, or of what /dev/stdout leads to. */
static int refuse_special_file(const char *path, struct err *err)
{
    struct stat status;

    if (stat(path, &status) < 0 || S_ISREG(status.st_mode))
        return 0;
    CLEANUP(free_char) char *shown = text_encode_string(path);
    return err_set(err, S_ISDIR(status.st_mode) ? EISDIR : EINVAL,
                   "%s is %s; choose the name of a plain file for the profile", shown,
                   S_ISDIR(status.st_mode) ? "a directory" : "no plain file");
}

static int save_to(int fd, const void *profile)
{
    return store_write(profile, fd);
}

int store_save(const struct profile *profile, const char *path, struct err *err)
{
    int result = refuse_special_file(path, err);

    if (result < 0)
        return result;
    return file_replace(path, 0600, save_to, profile, err);
}
