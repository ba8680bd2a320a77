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

/* How deep a tree is followed, and how many files of one directory are recorded. */
#define DEPTH_MAX 16
#define HERE_MAX  64
/* A private key is not larger, and says so in its first bytes. */
#define KEY_SIZE_MAX 65536
#define KEY_HEAD     512

/* Names that are looked at, files among them that are opened because they may be keys, and what is
 * recorded. */
struct budget {
    size_t looks, keys, records;
};

/* Whoever fills one tree takes nothing from the others: each has its share of all, at least that
 * much. */
static const struct budget in_all = { 60000, 2000, 1024 }, at_least = { 500, 50, 32 };

struct search {
    struct profile *profile;
    const struct path_set *named, *used;
    dev_t device;
    struct budget left; /* of this tree */
};

/* A directory that is being read. */
struct place {
    int fd;
    const char *path;
    size_t depth;
    size_t recorded; /* in itself */
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

    if (!may_be_key(name, st) || !search->left.keys)
        return false;
    search->left.keys--;
    CLEANUP(fd_close) int fd = fd_open_plain(above, name);
    if (fd < 0)
        return false;
    ssize_t length = read(fd, head, KEY_HEAD);
    head[length < 0 ? 0 : length] = '\0';
    const char *begin = strstr(head, "-----BEGIN ");
    const char *key = begin ? strstr(begin, "PRIVATE KEY-----") : NULL;
    return key && !memchr(begin, '\n', (size_t)(key - begin));
}

static void record(struct search *search, struct place *place, const char *path,
                   const struct stat *st)
{
    struct host_file file = { .path = (char *)(uintptr_t)path,
                              .type = S_ISDIR(st->st_mode) ? FILE_DIRECTORY : FILE_REGULAR,
                              .mode = st->st_mode & 07777,
                              .uid = st->st_uid,
                              .gid = st->st_gid,
                              .entries = -1,
                              .unused = -1 };

    if (place->recorded++ >= HERE_MAX)
        return;
    search->left.records--;
    if (path_set_has(search->named, path)) /* the census has it already */
        return;
    profile_add_file(search->profile, &file);
}

static void search_in(struct search *search, int fd, const char *path, size_t depth);

static void search_entry(struct search *search, struct place *place, const char *name)
{
    struct stat st;

    /* The files of an overlay have devices of their own. */
    if (fstatat(place->fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
        (!S_ISREG(st.st_mode) && (!S_ISDIR(st.st_mode) || st.st_dev != search->device)))
        return;
    CLEANUP(free_char) char *path = path_join(place->path, name);
    bool used = path_set_has(search->used, path);
    bool key = !used && S_ISREG(st.st_mode) && is_key(search, place->fd, name, &st);
    if (key && place->recorded < HERE_MAX)
        profile_add_setting(search->profile, "private-key", path);
    bool named = S_ISREG(st.st_mode) && place_is_secret_name(name);
    if (!used && (key || named || !(st.st_mode & 0007)))
        record(search, place, path, &st);
    else if (S_ISDIR(st.st_mode))
        search_in(search, openat(place->fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC),
                  path, place->depth + 1);
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
    struct place place = { .fd = dirfd(directory), .path = path, .depth = depth };
    while (search->left.records && search->left.looks && (entry = readdir(directory))) {
        search->left.looks--;
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            search_entry(search, &place, entry->d_name);
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

static size_t share(size_t left, size_t trees, size_t least)
{
    return left / trees > least ? left / trees : least;
}

static size_t spend(size_t left, size_t granted, size_t kept)
{
    size_t spent = granted - kept;

    return left > spent ? left - spent : 0;
}

/* The trees that are searched. */
static void find_trees(const char *root, const struct path_set *named, struct strings *ret)
{
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
        strings_add(ret, paths[i]);
    }
    free(paths);
    path_set_done(&searched);
}

void census_secrets(struct profile *profile, const char *root, const struct path_set *named,
                    const struct path_set *used)
{
    struct search search = { .profile = profile, .named = named, .used = used };
    CLEANUP(strings_done) struct strings trees = { 0 };
    struct budget left = in_all;
    struct stat st;

    find_trees(root, named, &trees);
    for (size_t i = 0; i < trees.count; i++) {
        CLEANUP(fd_close) int pinned = census_pin(root, trees.items[i]);
        if (pinned < 0 || fstat(pinned, &st) < 0 || !S_ISDIR(st.st_mode))
            continue;
        const struct budget granted = { share(left.looks, trees.count - i, at_least.looks),
                                        share(left.keys, trees.count - i, at_least.keys),
                                        share(left.records, trees.count - i, at_least.records) };
        search.device = st.st_dev;
        search.left = granted;
        search_in(&search, openat(pinned, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), trees.items[i],
                  0);
        left.looks = spend(left.looks, granted.looks, search.left.looks);
        left.keys = spend(left.keys, granted.keys, search.left.keys);
        left.records = spend(left.records, granted.records, search.left.records);
    }
}
