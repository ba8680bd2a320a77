// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What lies beside the files of a service and is not for everybody: a directory that holds such a
 * file must not be shown whole for the sake of another. Recorded are files and directories that are
 * closed to others by their mode, files whose names say so, and private keys, which are known by
 * their first line.
 */
#include "host/census.h"
#include <cinch/model/places.h>
#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Names that are looked at in all, the keys among them that are opened, how many are recorded in
 * one tree, and how deep it is followed. */
#define LOOKS_MAX    60000
#define KEYS_MAX     2000
#define RECORDED_MAX 64
#define DEPTH_MAX    16
/* A private key is not larger, and says so in its first bytes. */
#define KEY_SIZE_MAX 65536
#define KEY_HEAD     512

struct search {
    struct profile *profile;
    const struct path_set *named, *used;
    dev_t device;
    size_t looks, keys;
    size_t recorded; /* in this tree */
};

/* Places of packages, of the kernel, and those that nobody shows whole. */
static bool is_searched(const char *directory)
{
    static const char *const others[] = { "/bin",  "/boot", "/dev", "/lib", "/lib32", "/lib64",
                                          "/proc", "/sbin", "/sys", "/tmp", "/usr",   "/var/tmp" };
    bool home = str_starts_with(directory, "/home/") && !strchr(directory + strlen("/home/"), '/');

    for (size_t i = 0; i < ELEMENTS_OF(others); i++)
        if (path_is_within(directory, others[i]))
            return false;
    return strcmp(directory, "/etc") == 0 || (!place_is_guarded(directory) && !home);
}

static bool may_be_key(const char *name, const struct stat *st)
{
    static const char *const endings[] = { ".pem", ".key", ".crt", ".cert", ".cer", ".p8" };
    size_t length = strlen(name);

    if (st->st_size < 32 || st->st_size > KEY_SIZE_MAX)
        return false;
    for (size_t i = 0; i < ELEMENTS_OF(endings); i++)
        if (length > strlen(endings[i]) &&
            strcmp(name + length - strlen(endings[i]), endings[i]) == 0)
            return true;
    return strstr(name, "key") || str_starts_with(name, "id_");
}

/* "-----BEGIN PRIVATE KEY-----", "-----BEGIN RSA PRIVATE KEY-----" (RFC 7468), "-----BEGIN OPENSSH
 * PRIVATE KEY-----". */
static bool is_key(struct search *search, int above, const char *name, const struct stat *st)
{
    char head[KEY_HEAD + 1] = "";
    struct stat opened;

    if (!may_be_key(name, st) || search->keys++ >= KEYS_MAX)
        return false;
    CLEANUP(fd_close)
    int fd = openat(above, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &opened) < 0 || !S_ISREG(opened.st_mode))
        return false;
    ssize_t length = read(fd, head, KEY_HEAD);
    head[length < 0 ? 0 : length] = '\0';
    const char *begin = strstr(head, "-----BEGIN ");
    const char *key = begin ? strstr(begin, "PRIVATE KEY-----") : NULL;
    return key && !memchr(begin, '\n', (size_t)(key - begin));
}

static void record(struct search *search, const char *path, const struct stat *st)
{
    struct host_file file = { .path = (char *)(uintptr_t)path,
                              .type = S_ISDIR(st->st_mode) ? FILE_DIRECTORY : FILE_REGULAR,
                              .mode = st->st_mode & 07777,
                              .uid = st->st_uid,
                              .gid = st->st_gid,
                              .entries = -1,
                              .unused = -1 };

    search->recorded++;
    if (path_set_has(search->named, path)) /* the census has it already */
        return;
    profile_add_file(search->profile, &file);
}

static void search_in(struct search *search, int fd, const char *path, size_t depth);

static void search_entry(struct search *search, int above, const char *directory, const char *name,
                         size_t depth)
{
    struct stat st;

    /* The files of an overlay have devices of their own. */
    if (fstatat(above, name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
        (!S_ISREG(st.st_mode) && (!S_ISDIR(st.st_mode) || st.st_dev != search->device)))
        return;
    CLEANUP(free_char) char *path = path_join(directory, name);
    bool used = path_set_has(search->used, path);
    bool key = !used && S_ISREG(st.st_mode) && is_key(search, above, name, &st);
    if (key)
        profile_add_setting(search->profile, "private-key", path);
    bool named = S_ISREG(st.st_mode) && place_is_secret_name(name);
    if (!used && (key || named || !(st.st_mode & 0007)))
        record(search, path, &st);
    else if (S_ISDIR(st.st_mode))
        search_in(search, openat(above, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC),
                  path, depth + 1);
}

/* Takes `fd` over. */
static void search_in(struct search *search, int fd, const char *path, size_t depth)
{
    DIR *directory = fd >= 0 && depth < DEPTH_MAX ? fdopendir(fd) : NULL;
    const struct dirent *entry;

    if (!directory) {
        fd_close(&fd);
        return;
    }
    while (search->recorded < RECORDED_MAX && search->looks < LOOKS_MAX &&
           (entry = readdir(directory))) {
        search->looks++;
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            search_entry(search, dirfd(directory), path, entry->d_name, depth);
    }
    closedir(directory);
}

static bool is_below_one(const struct path_set *searched, const char *path)
{
    char *at = path_parent(path);
    bool below = false;

    while (!below && strcmp(at, "/") != 0) {
        below = path_set_has(searched, at);
        char *parent = path_parent(at);
        free(at);
        at = parent;
    }
    free(at);
    return below;
}

void census_secrets(struct profile *profile, const char *root, const struct path_set *named,
                    const struct path_set *used)
{
    struct search search = { .profile = profile, .named = named, .used = used };
    struct path_set searched = { 0 };
    size_t count;
    const char **paths = path_set_sorted(named, &count);
    struct stat st;

    for (size_t i = 0; i < count; i++) {
        if (!is_searched(paths[i]) || is_below_one(&searched, paths[i]))
            continue;
        CLEANUP(fd_close) int pinned = census_pin(root, paths[i]);
        if (pinned < 0 || fstat(pinned, &st) < 0 || !S_ISDIR(st.st_mode))
            continue;
        path_set_add(&searched, paths[i]);
        search.device = st.st_dev;
        search.recorded = 0;
        search_in(&search, openat(pinned, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), paths[i], 0);
    }
    free(paths);
    path_set_done(&searched);
}
