// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cinch/base.h>
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LOOK_MS 10
/* A process that was killed ends at once, unless it sleeps in the kernel for good. */
#define KILLED_MS 2000

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool reap_within(pid_t pid, int64_t patience_ms, int *ret_status)
{
    const struct timespec pause = { .tv_nsec = LOOK_MS * 1000000L };
    int64_t end_ms = now_ms() + patience_ms;
    pid_t reaped;

    while ((reaped = waitpid(pid, ret_status, WNOHANG)) == 0 || (reaped < 0 && errno == EINTR)) {
        if (now_ms() >= end_ms)
            return false;
        nanosleep(&pause, NULL);
    }
    return true;
}

void process_end(pid_t pid, int64_t patience_ms, int *ret_status)
{
    int status = 0;

    kill(pid, SIGCONT);
    if (!reap_within(pid, patience_ms, &status)) {
        kill(pid, SIGKILL);
        status = SIGKILL;
        reap_within(pid, KILLED_MS, &status);
    }
    if (ret_status)
        *ret_status = status;
}
