// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The census of files: what each path of the profile, each name it was asked for by, and each
 * directory above them is on this machine, and how much lies in those directories that was not
 * used.
 */
#include "host/census.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* How many directories are counted at most; the rest say "unknown". */
#define DIRECTORIES_COUNTED 2000

static void add_with_parents(struct path_set *set, const char *path)
{
    CLEANUP(free_char) char *at = mem_strdup(path);

    while (path_set_add(set, at) && strcmp(at, "/") != 0) {
        char *parent = path_parent(at);
        free(at);
        at = parent;
    }
}

/* What /proc shows differs by reader: its names say nothing about the machine. */
static bool is_counted_path(const char *path)
{
    return path[0] == '/' && !path_is_within(path, "/proc");
}

/* Of a folded directory nobody knows how many of its names were used: nor of those above it. */
static void collect_path(const char *path, struct path_set *named, struct path_set *crowded)
{
    CLEANUP(free_char)
    char *directory = path_is_collapsed(path) ? path_parent(path) : mem_strdup(path);

    if (!is_counted_path(path))
        return;
    add_with_parents(named, directory);
    if (path_is_collapsed(path))
        add_with_parents(crowded, directory);
}

static void collect(const struct profile *profile, struct path_set *named, struct path_set *used,
                    struct path_set *crowded)
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_PATH, &count);

    for (size_t i = 0; i < count; i++) {
        if (!is_counted_path(facts[i]->path.path))
            continue;
        collect_path(facts[i]->path.path, named, crowded);
        collect_path(facts[i]->path.requested, named, crowded);
        if (facts[i]->outcome == 0 && !path_is_collapsed(facts[i]->path.path))
            add_with_parents(used, facts[i]->path.path);
    }
}

/* What plain commands of units take, "program PATH": names between blanks. */
static void collect_programs(const struct profile *profile, struct path_set *named)
{
    size_t count;
    const struct host_setting *const *settings = profile_settings(profile, &count);

    for (size_t i = 0; i < count; i++)
        for (const char *at = settings[i]->value;
             str_starts_with(settings[i]->name, "program /") && *at; at += *at == ' ') {
            CLEANUP(free_char) char *path = mem_strndup(at, strcspn(at, " "));
            if (is_counted_path(path))
                add_with_parents(named, path);
            at += strlen(path);
        }
}

static enum file_type type_of(mode_t mode)
{
    switch (mode & S_IFMT) {
    case S_IFDIR:
        return FILE_DIRECTORY;
    case S_IFLNK:
        return FILE_SYMLINK;
    case S_IFSOCK:
        return FILE_SOCKET;
    case S_IFIFO:
        return FILE_FIFO;
    case S_IFCHR:
        return FILE_CHAR_DEVICE;
    case S_IFBLK:
        return FILE_BLOCK_DEVICE;
    default:
        return FILE_REGULAR;
    }
}

/* Index of the first of the sorted paths that is not less than `path`. */
static size_t lower_bound(const char *const *sorted, size_t count, const char *path)
{
    size_t low = 0;

    while (low < count) {
        size_t middle = low + (count - low) / 2;
        if (strcmp(sorted[middle], path) < 0)
            low = middle + 1;
        else
            count = middle;
    }
    return low;
}

/* How many of the sorted paths lie strictly below `directory`: they are those from "DIRECTORY/" up
 * to "DIRECTORY0", '0' being the byte after '/'. */
static int64_t count_below(const char *const *sorted, size_t count, const char *directory)
{
    const char *stem = strcmp(directory, "/") == 0 ? "" : directory;
    CLEANUP(free_char) char *first = mem_printf("%s/", stem);
    CLEANUP(free_char) char *last = mem_printf("%s0", stem);
    size_t from = lower_bound(sorted, count, first);

    from += from < count && strcmp(sorted[from], directory) == 0; /* "/" itself */
    return (int64_t)(lower_bound(sorted, count, last) - from);
}

struct census {
    struct profile *profile;
    const char *root;
    const char *const *used; /* sorted */
    size_t used_count;
    struct path_set crowded; /* directories past the limit, and all above them */
    size_t counted;
};

static void count_directory(struct census *census, struct host_file *file, int directory)
{
    if (census->counted++ >= DIRECTORIES_COUNTED || path_set_has(&census->crowded, file->path))
        return;
    file->entries = census_count(directory);
    if (file->entries < 0) {
        add_with_parents(&census->crowded, file->path);
        return;
    }
    int64_t used = count_below(census->used, census->used_count, file->path);
    file->unused = file->entries > used ? file->entries - used : 0;
}

static void census_file(struct census *census, const char *path)
{
    struct host_file file = {
        .path = (char *)(uintptr_t)path, .type = FILE_MISSING, .entries = -1, .unused = -1
    };
    char target[PATH_MAX + 1] = "";
    CLEANUP(fd_close) int fd = census_pin(census->root, path);
    struct stat st;

    if (fd == -ENOENT || fd == -ENOTDIR)
        profile_add_file(census->profile, &file);
    if (fd < 0 || fstat(fd, &st) < 0)
        return;
    file.type = type_of(st.st_mode);
    file.mode = st.st_mode & 07777;
    file.uid = st.st_uid;
    file.gid = st.st_gid;
    if (file.type == FILE_SYMLINK) {
        ssize_t length = readlinkat(fd, "", target, sizeof(target) - 1);
        target[length < 0 ? 0 : length] = '\0';
        file.target = target;
    }
    if (file.type == FILE_DIRECTORY)
        count_directory(census, &file, fd);
    CLEANUP(free_char) char *filesystem = census_filesystem(fd);
    file.filesystem = filesystem;
    profile_add_file(census->profile, &file);
}

void host_census(struct profile *profile)
{
    host_census_in(profile, "");
}

void host_census_in(struct profile *profile, const char *root)
{
    struct path_set named = { 0 }, used = { 0 };
    size_t count;

    census_settings(profile);
    census_groups(profile);
    census_packages(profile, root);
    struct census census = { .profile = profile, .root = root };
    collect(profile, &named, &used, &census.crowded);
    collect_programs(profile, &named);
    /* Links into /usr that not every machine has: where all of /usr is shown they are, too. */
    add_with_parents(&named, "/lib32");
    const char **paths = path_set_sorted(&named, &count);
    const char **used_paths = path_set_sorted(&used, &census.used_count);
    census.used = used_paths;
    /* Backwards: what lies below a directory comes before it, so a crowded one is known early. */
    for (size_t i = count; i-- > 0;)
        census_file(&census, paths[i]);
    census_secrets(profile, root, &named, &used);
    if (!root[0])
        census_mount_points(profile, &named);
    free(paths);
    free(used_paths);
    path_set_done(&named);
    path_set_done(&used);
    path_set_done(&census.crowded);
}
