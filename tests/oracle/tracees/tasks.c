// SPDX-License-Identifier: LGPL-2.1-or-later
/* Every way to make a task: threads, fork, vfork, posix_spawn; an exec from a thread ends it. */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static void *thread(void *name)
{
    execl("/bin/true", (const char *)name, (char *)NULL);
    return NULL;
}

static int child_status(pid_t pid)
{
    int status = -1;

    while (waitpid(pid, &status, 0) < 0)
        continue;
    return status;
}

static void on_signal(int signal)
{
    (void)signal;
}

int main(void)
{
    char name[] = "true";
    char *const argv[] = { name, NULL };
    pid_t pid;
    pthread_t id;

    signal(SIGUSR1, on_signal);
    kill(getpid(), SIGUSR1);
    if ((pid = fork()) == 0)
        _exit(getppid() == 1);
    if (child_status(pid) != 0)
        return 1;
    if ((pid = vfork()) == 0)
        _exit(3);
    if (child_status(pid) == 0)
        return 1;
    if (posix_spawn(&pid, "/bin/true", NULL, NULL, argv, environ) != 0 || child_status(pid) != 0)
        return 1;
    if (posix_spawn(&pid, "/no/such/program", NULL, NULL, argv, environ) == 0)
        return 1;
    if (pthread_create(&id, NULL, thread, name) != 0)
        return 1;
    pause(); /* until the thread's exec ends this one */
    return 1;
}
