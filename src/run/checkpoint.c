// SPDX-License-Identifier: LGPL-2.1-or-later
#include "run/checkpoint.h"
#include <cinch/store.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* The least time between two. */
#define INTERVAL_MS 3000
/* One that took long is followed by at least so many times that long without one: 5 % of a core. */
#define REST 20
/* A full disk is tried again after 10 s, then 20, 40, ... */
#define RETRY_MS     10000
#define RETRIES_LOG2 6

void checkpoint_init(struct checkpoint *checkpoint, const char *path)
{
    *checkpoint = (struct checkpoint){ .path = path, .report_fd = -1, .next_ms = INTERVAL_MS };
    if (sched_getaffinity(0, sizeof(checkpoint->cpus), &checkpoint->cpus) < 0)
        CPU_ZERO(&checkpoint->cpus);
}

bool checkpoint_is_due(const struct checkpoint *checkpoint, const struct profile *profile,
                       int64_t now_ms)
{
    return checkpoint->path && !checkpoint->child && now_ms >= checkpoint->next_ms &&
           profile_change_count(profile) != checkpoint->saved;
}

/* ---- the child ---- */

/* The terminal's signals are for the service and its tracer; the standard streams are the
 * service's: a reader waiting for their end must not wait for us. */
static void child_detach(void)
{
    static const int unwanted[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGALRM, SIGPIPE };
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);

    for (size_t i = 0; i < ELEMENTS_OF(unwanted); i++)
        signal(unwanted[i], SIG_IGN);
    (void)setpgid(0, 0);
    for (int fd = 0; null >= 0 && fd <= 2; fd++)
        (void)dup2(null, fd);
}

/* Last in line for a processor and for memory: the service comes first. */
static void child_step_back(const struct checkpoint *checkpoint)
{
    CLEANUP(fd_close) int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

    if (CPU_COUNT(&checkpoint->cpus))
        (void)sched_setaffinity(0, sizeof(checkpoint->cpus), &checkpoint->cpus);
    (void)setpriority(PRIO_PROCESS, 0, 19);
    if (fd >= 0 && write(fd, "1000", 4) != 4)
        return; /* proc(5): raising it is always allowed; without, no harm */
}

/* PIPE_BUF bytes fit into an empty pipe: the write cannot block. */
static void child_report(int fd, const char *text)
{
    size_t length = strlen(text);

    if (write(fd, text, length < PIPE_BUF ? length : PIPE_BUF) < 0)
        return; /* the exit status tells the rest */
}

static _Noreturn void child_save(const struct checkpoint *checkpoint, const struct profile *profile,
                                 int report_fd, checkpoint_prepare *prepare, void *context)
{
    CLEANUP(err_done) struct err err = { 0 };

    child_detach();
    child_step_back(checkpoint);
    prepare(context);
    int result = store_save(profile, checkpoint->path, &err);
    if (result < 0)
        child_report(report_fd, err.text ? err.text : strerror(-result));
    _exit(result < 0);
}

/* ---- the tracer ---- */

/* What to tell a person, the first time; the next attempt waits longer each time. */
static char *checkpoint_failed(struct checkpoint *checkpoint, const char *why, int64_t now_ms)
{
    bool told = checkpoint->complained;

    checkpoint->complained = true;
    checkpoint->next_ms = now_ms + ((int64_t)RETRY_MS << checkpoint->failures);
    if (checkpoint->failures < RETRIES_LOG2)
        checkpoint->failures++;
    if (told)
        return NULL;
    return mem_printf("cannot save what was learned so far: %s; the training goes on, and saving is "
                      "tried again",
                      why);
}

char *checkpoint_begin(struct checkpoint *checkpoint, const struct profile *profile, int64_t now_ms,
                       checkpoint_prepare *prepare, void *context)
{
    int ends[2];

    checkpoint->begun_ms = now_ms;
    checkpoint->changes = profile_change_count(profile);
    if (pipe2(ends, O_CLOEXEC) < 0)
        return checkpoint_failed(checkpoint, strerror(errno), now_ms);
    pid_t child = fork();
    int code = errno;
    if (child == 0)
        child_save(checkpoint, profile, ends[1], prepare, context);
    fd_close(&ends[1]);
    if (child < 0) {
        fd_close(&ends[0]);
        return checkpoint_failed(checkpoint, strerror(code), now_ms);
    }
    checkpoint->child = child;
    checkpoint->report_fd = ends[0];
    return NULL;
}

static void read_reason(int report_fd, int status, char *ret_why, size_t size)
{
    ssize_t got = read(report_fd, ret_why, size - 1);

    if (got > 0)
        ret_why[got] = '\0';
    else if (WIFSIGNALED(status))
        snprintf(ret_why, size, "signal %d ended it", WTERMSIG(status));
    else
        snprintf(ret_why, size, "nothing says why");
}

char *checkpoint_end(struct checkpoint *checkpoint, int status, int64_t now_ms)
{
    int64_t rest_ms = (now_ms - checkpoint->begun_ms) * REST;
    char why[PIPE_BUF + 1];

    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        read_reason(checkpoint->report_fd, status, why, sizeof(why));
    checkpoint->child = 0;
    fd_close(&checkpoint->report_fd);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return checkpoint_failed(checkpoint, why, now_ms);
    checkpoint->saved = checkpoint->changes;
    checkpoint->failures = 0;
    checkpoint->next_ms = now_ms + (rest_ms > INTERVAL_MS ? rest_ms : INTERVAL_MS);
    return NULL;
}

void checkpoint_done(struct checkpoint *checkpoint)
{
    if (checkpoint->child)
        while (waitpid(checkpoint->child, NULL, 0) < 0 && errno == EINTR)
            continue;
    checkpoint->child = 0;
    fd_close(&checkpoint->report_fd);
}
