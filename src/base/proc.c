// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cinch/base/proc.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STATUS_LIMIT ((size_t)1 << 16)

int proc_read(pid_t pid, const char *name, size_t limit, struct str *ret)
{
    char path[PROC_PATH_MAX];

    return fd_read_file(AT_FDCWD, proc_path(path, pid, name), limit, ret);
}

int proc_link(pid_t pid, const char *name, char **ret_target)
{
    char path[PROC_PATH_MAX], target[PATH_MAX + 1];
    ssize_t length = readlink(proc_path(path, pid, name), target, sizeof(target) - 1);

    if (length < 0)
        return -errno;
    *ret_target = mem_strndup(target, (size_t)length);
    return 0;
}

int proc_stat_of(pid_t pid, const char *name, struct stat *ret)
{
    char path[PROC_PATH_MAX];

    return stat(proc_path(path, pid, name), ret) < 0 ? -errno : 0;
}

int proc_read_status(pid_t pid, struct str *ret)
{
    return proc_read(pid, "status", STATUS_LIMIT, ret);
}

const char *proc_status_value(const char *status, const char *name)
{
    size_t length = strlen(name);

    for (const char *line = status; line && *line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, name, length) == 0 && line[length] == ':')
            return line + length + 1 + strspn(line + length + 1, " \t");
    }
    return NULL;
}

int64_t proc_status_number(pid_t pid, const char *name)
{
    CLEANUP(str_done) struct str status = { 0 };

    if (proc_read_status(pid, &status) < 0)
        return -1;
    const char *value = proc_status_value(status.data, name);
    return value ? strtoll(value, NULL, 10) : -1;
}

const char *proc_stat_field(const char *stat, unsigned number)
{
    /* The name of the program may hold anything, parentheses too: the last one ends it. */
    const char *field = strrchr(stat, ')');

    for (unsigned at = 2; field && at < number; at++)
        field = strchr(field + 1, ' ');
    return field && field[1] ? field + 1 : NULL;
}
