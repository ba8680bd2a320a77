// SPDX-License-Identifier: LGPL-2.1-or-later
/* Which package a program comes from, by dpkg's own lists (dpkg-query(1) -S reads the same). */
#include "host/census.h"
#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define LISTS       "/var/lib/dpkg/info"
#define LIST_MAX    (1u << 20)  /* bytes of one list */
#define LISTS_BYTES (48u << 20) /* of all */
#define LISTS_MAX   20000

/* "nginx-core.list", "libc6:amd64.list": the package's name without what it is built for, of the
 * letters that one may have (deb-control(5)). */
static char *package_of(const char *file)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789+-.";
    const char *end = strstr(file, ".list");
    size_t length = strspn(file, letters);

    if (!end || end[strlen(".list")])
        return NULL;
    if (file[length] == ':')
        return length ? mem_strndup(file, length) : NULL;
    return end > file && !file[length] ? mem_strndup(file, (size_t)(end - file)) : NULL;
}

/* The lists as they lie below `root`, where a service may have put anything in their place. */
static DIR *open_lists(const char *root)
{
    CLEANUP(fd_close) int pinned = census_pin(root, LISTS);
    int fd = pinned < 0 ? -1 : openat(pinned, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = fd < 0 ? NULL : fdopendir(fd);

    if (!directory)
        fd_close(&fd);
    return directory;
}

static bool read_list(DIR *directory, const char *name, struct str *ret)
{
    CLEANUP(fd_close) int fd = fd_open_plain(dirfd(directory), name);

    return fd >= 0 && fd_read_all(fd, LIST_MAX, ret) == 0;
}

static void look_up(struct profile *profile, const struct path_set *programs, const char *package,
                    const char *path)
{
    CLEANUP(free_char) char *name = NULL;

    if (!path_set_has(programs, path))
        return;
    name = mem_printf("package %s", path);
    profile_add_setting(profile, name, package);
}

static void look_in(struct profile *profile, const struct path_set *programs, const char *package,
                    char *text)
{
    char *state = NULL;

    for (char *line = strtok_r(text, "\n", &state); line; line = strtok_r(NULL, "\n", &state)) {
        look_up(profile, programs, package, line);
        if (str_starts_with(line, "/usr/"))
            continue;
        /* Packages may still say /bin/x where the file system has /usr/bin/x. */
        CLEANUP(free_char) char *moved = mem_printf("/usr%s", line);
        look_up(profile, programs, package, moved);
    }
}

void census_packages(struct profile *profile, const char *root)
{
    struct path_set programs = { 0 };
    size_t count, bytes = 0, seen = 0;
    const struct fact *const *facts = profile_facts(profile, FACT_PROGRAM, &count);
    const struct dirent *entry;

    for (size_t i = 0; i < count; i++)
        if (strcmp(facts[i]->program.format, "elf") == 0)
            path_set_add(&programs, facts[i]->program.path);
    DIR *directory = programs.entries ? open_lists(root) : NULL;
    while (directory && bytes < LISTS_BYTES && seen++ < LISTS_MAX && (entry = readdir(directory))) {
        CLEANUP(free_char) char *package = package_of(entry->d_name);
        CLEANUP(str_done) struct str text = { 0 };
        if (!package || !read_list(directory, entry->d_name, &text))
            continue;
        bytes += text.length;
        look_in(profile, &programs, package, text.data);
    }
    if (directory)
        closedir(directory);
    path_set_done(&programs);
}
