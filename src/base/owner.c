// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cinch/base.h>
#include <errno.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_ours(uid_t uid)
{
    return uid == 0 || uid == geteuid();
}

/* "NAME belongs to user web". */
static char *belongs(const char *path, uid_t uid)
{
    const struct passwd *user = getpwuid(uid);
    CLEANUP(free_char) char *shown = text_encode_string(path);
    CLEANUP(free_char) char *name = user ? text_encode_string(user->pw_name) : NULL;

    if (name)
        return mem_printf("%s belongs to user %s", shown, name);
    return mem_printf("%s belongs to user %u", shown, (unsigned)uid);
}

/* Others may write to it: in a sticky directory they cannot replace what is not theirs. A group
 * counts that is not our own, as a user's private group is. */
static bool is_open(const struct stat *status)
{
    bool by_group = status->st_mode & S_IWGRP && status->st_gid != 0 && status->st_gid != getegid();

    return (status->st_mode & S_IWOTH || by_group) &&
           !(S_ISDIR(status->st_mode) && status->st_mode & S_ISVTX);
}

static char *describe(const char *path, const struct stat *status)
{
    CLEANUP(free_char) char *shown = text_encode_string(path);

    if (!is_ours(status->st_uid))
        return belongs(path, status->st_uid);
    return is_open(status) ? mem_printf("other users may write to %s", shown) : NULL;
}

char *directory_foreign_owner(const char *path)
{
    CLEANUP(free_char)
    char *directory = strchr(path, '/') ? path_parent(path) : mem_strdup(".");
    char *at = realpath(directory, NULL);
    char *found = NULL;
    struct stat status;

    while (at && !found) {
        if (lstat(at, &status) == 0)
            found = describe(at, &status);
        bool is_last = strcmp(at, "/") == 0;
        char *above = path_parent(at);
        free(at);
        at = above;
        if (is_last)
            break;
    }
    free(at);
    return found;
}

char *file_foreign_owner(const char *path)
{
    struct stat status;
    char *found = stat(path, &status) == 0 ? describe(path, &status) : NULL;

    return found ? found : directory_foreign_owner(path);
}
