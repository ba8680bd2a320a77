// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cinch/base/proc.h>
#include <stdio.h>

const char *proc_path(char buffer[PROC_PATH_MAX], pid_t pid, const char *name)
{
    if (pid)
        snprintf(buffer, PROC_PATH_MAX, "/proc/%d/%s", (int)pid, name);
    else
        snprintf(buffer, PROC_PATH_MAX, "/proc/self/%s", name);
    return buffer;
}

const char *proc_self_fd(char buffer[PROC_PATH_MAX], int fd)
{
    snprintf(buffer, PROC_PATH_MAX, "/proc/self/fd/%d", fd);
    return buffer;
}
