// SPDX-License-Identifier: LGPL-2.1-or-later
#include "run/workload.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void __attribute__((noreturn)) workload_child(const char *command, pid_t service)
{
    char pid[16];
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);

    setpgid(0, 0);
    if (null >= 0)
        dup2(null, STDIN_FILENO);
    snprintf(pid, sizeof(pid), "%d", (int)service);
    setenv("MAINPID", pid, 1);
    unsetenv("NOTIFY_SOCKET");
    execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    _exit(127);
}

pid_t workload_start(const char *command, pid_t service, struct err *err)
{
    pid_t pid = fork();

    if (pid == 0)
        workload_child(command, service);
    if (pid < 0)
        return err_set(err, errno, "cannot start the workload: %s", strerror(errno));
    setpgid(pid, pid); /* both sides, so that it holds before either goes on */
    return pid;
}

void workload_kill(pid_t workload)
{
    if (workload > 0)
        kill(-workload, SIGKILL);
}
