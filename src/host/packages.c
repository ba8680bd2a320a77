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

static bool has_line(const char *text, const char *line)
{
    size_t length = strlen(line);

    for (const char *at = strstr(text, line); at; at = strstr(at + 1, line))
        if ((at == text || at[-1] == '\n') && (at[length] == '\n' || !at[length]))
            return true;
    return false;
}

/* "nginx-core.list", "libc6:amd64.list": the package's name without what it is built for. */
static char *package_of(const char *file)
{
    const char *end = strstr(file, ".list");
    size_t length = strcspn(file, ":");

    if (!end || end[strlen(".list")])
        return NULL;
    return mem_strndup(file, length < (size_t)(end - file) ? length : (size_t)(end - file));
}

static void look_in(struct profile *profile, const struct strings *programs, const char *package,
                    const char *text)
{
    for (size_t i = 0; i < programs->count; i++) {
        const char *path = programs->items[i];
        /* Packages may still say /bin/x where the file system has /usr/bin/x. */
        if (!has_line(text, path) &&
            !(str_starts_with(path, "/usr/") && has_line(text, path + strlen("/usr"))))
            continue;
        CLEANUP(free_char) char *name = mem_printf("package %s", path);
        profile_add_setting(profile, name, package);
    }
}

void census_packages(struct profile *profile, const char *root)
{
    CLEANUP(strings_done) struct strings programs = { 0 };
    CLEANUP(free_char) char *lists = mem_printf("%s%s", root, LISTS);
    size_t count, bytes = 0, seen = 0;
    const struct fact *const *facts = profile_facts(profile, FACT_PROGRAM, &count);
    const struct dirent *entry;

    for (size_t i = 0; i < count; i++)
        if (strcmp(facts[i]->program.format, "elf") == 0)
            strings_add(&programs, facts[i]->program.path);
    DIR *directory = programs.count ? opendir(lists) : NULL;
    while (directory && bytes < LISTS_BYTES && seen++ < LISTS_MAX && (entry = readdir(directory))) {
        CLEANUP(free_char) char *package = package_of(entry->d_name);
        CLEANUP(str_done) struct str text = { 0 };
        if (!package || fd_read_file(dirfd(directory), entry->d_name, LIST_MAX, &text) < 0)
            continue;
        bytes += text.length;
        look_in(profile, &programs, package, text.data ? text.data : "");
    }
    if (directory)
        closedir(directory);
}
