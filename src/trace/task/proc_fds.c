// SPDX-License-Identifier: LGPL-2.1-or-later
/* What a process that runs already holds: its descriptors and its mappings of files (proc(5)). */
#include "trace/task/tracer_state.h"
#include <cinch/base/proc.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MAPS_LIMIT ((size_t)64 << 20)

struct visit {
    void (*call)(void *visitor, const struct trace_open_file *holding);
    void *visitor;
};

/* The O_* flags of a descriptor: "flags:\t0100002", octal. */
static unsigned descriptor_flags(pid_t tid, int fd)
{
    char path[32];

    snprintf(path, sizeof(path), "fdinfo/%d", fd);
    CLEANUP(str_done) struct str info = { 0 };
    if (proc_read(tid, path, (size_t)1 << 16, &info) < 0)
        return 0;
    const char *flags = proc_status_value(info.data, "flags");
    return flags ? (unsigned)strtoul(flags, NULL, 8) : 0;
}

static void visit_descriptor(const struct visit *visit, pid_t tid, int directory, const char *name)
{
    char target[PATH_MAX + 1];
    ssize_t length = readlinkat(directory, name, target, sizeof(target) - 1);

    if (length < 0)
        return; /* closed meanwhile, or "." */
    target[length] = '\0';
    struct trace_open_file holding = { .fd = (int)strtol(name, NULL, 10), .text = target };
    holding.flags = descriptor_flags(tid, holding.fd);
    visit->call(visit->visitor, &holding);
}

static int visit_descriptors(const struct visit *visit, pid_t tid)
{
    char path[PROC_PATH_MAX];
    const struct dirent *entry;

    DIR *descriptors = opendir(proc_path(path, tid, "fd"));
    if (!descriptors)
        return -errno;
    while ((entry = readdir(descriptors)))
        visit_descriptor(visit, tid, dirfd(descriptors), entry->d_name);
    closedir(descriptors);
    return 0;
}

/* The kernel writes a newline in a mapped file's name as \012, and nothing else so. */
static void unescape_newlines(char *text)
{
    char *to = text;

    for (const char *from = text; *from; to++) {
        bool newline = strncmp(from, "\\012", 4) == 0;
        *to = newline ? '\n' : *from;
        from += newline ? 4 : 1;
    }
    *to = '\0';
}

/* "address perms offset dev inode   pathname" */
static void visit_mapping(const struct visit *visit, char *line)
{
    char permissions[5];
    int at = 0;

    if (sscanf(line, "%*x-%*x %4s %*x %*s %*u%n", permissions, &at) != 1 || !at)
        return;
    char *name = line + at + strspn(line + at, " ");
    unescape_newlines(name);
    const struct trace_open_file holding = {
        .fd = -1,
        .flags = (permissions[0] == 'r' ? PROT_READ : 0u) |
                 (permissions[1] == 'w' ? PROT_WRITE : 0u) |
                 (permissions[2] == 'x' ? PROT_EXEC : 0u),
        .text = *name == '/' ? name : "",
    };
    visit->call(visit->visitor, &holding);
}

static int visit_mappings(const struct visit *visit, pid_t tid)
{
    struct str maps = { 0 };

    int result = proc_read(tid, "maps", MAPS_LIMIT, &maps);
    for (char *line = result == 0 ? maps.data : NULL, *next = NULL; line && *line; line = next) {
        char *end = strchr(line, '\n');
        next = end ? end + 1 : NULL;
        if (end)
            *end = '\0';
        visit_mapping(visit, line);
    }
    str_done(&maps);
    return result;
}

int proc_fds_each(void *context, pid_t tid,
                  void (*call)(void *visitor, const struct trace_open_file *holding), void *visitor)
{
    const struct visit visit = { call, visitor };
    int mapped = visit_mappings(&visit, tid);
    int opened = visit_descriptors(&visit, tid);

    (void)context;
    return mapped < 0 ? mapped : opened;
}
