// SPDX-License-Identifier: LGPL-2.1-or-later
#include "run/checkpoint.h"
#include <cinch/store.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* The least time between two. */
#define INTERVAL_MS 3000
/* One is followed by at least so many times its processor time without one: 5 % of a core; and by
 * so many times its time: a slow disk is not kept busy. */
#define REST      20
#define SLOW_REST 2
/* A full disk is tried again after 10 s, then 20, 40, ... */
#define RETRY_MS     10000
#define RETRIES_LOG2 6
/* One that takes longer is stuck: on a dead disk, or stopped (SIGSTOP) by the service. */
#define STUCK_MS 300000
/* How long the end of the training waits for one; what it would save is saved anew anyway. */
#define LAST_WAIT_MS 10000

void checkpoint_init(struct checkpoint *checkpoint, const char *path)
{
    *checkpoint = (struct checkpoint){ .path = path, .report_fd = -1, .next_ms = INTERVAL_MS };
    if (sched_getaffinity(0, sizeof(checkpoint->cpus), &checkpoint->cpus) < 0)
        CPU_ZERO(&checkpoint->cpus);
}

bool checkpoint_is_due(const struct checkpoint *checkpoint, uint64_t changes, int64_t now_ms)
{
    return checkpoint->path && !checkpoint->child && now_ms >= checkpoint->next_ms &&
           changes != checkpoint->saved;
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

/* What the child has to say. Less than PIPE_BUF bytes: writing it to an empty pipe cannot block. */
struct report {
    int64_t cpu_ms;
    char why[1024]; /* "" when all went well */
};

static int64_t child_cpu_ms(void)
{
    struct timespec used = { 0 };

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return (int64_t)used.tv_sec * 1000 + used.tv_nsec / 1000000;
}

static _Noreturn void child_save(const struct checkpoint *checkpoint, const struct profile *profile,
                                 int report_fd, checkpoint_prepare *prepare, void *context)
{
    CLEANUP(err_done) struct err err = { 0 };
    struct report report = { 0 };

    child_detach();
    child_step_back(checkpoint);
    file_lift_limit(); /* it is the service's */
    prepare(context);
    int result = store_save(profile, checkpoint->path, &err);
    if (result < 0)
        snprintf(report.why, sizeof(report.why), "%s", err.text ? err.text : strerror(-result));
    report.cpu_ms = child_cpu_ms();
    if (write(report_fd, &report, sizeof(report)) < 0)
        _exit(1);
    _exit(0);
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
    return mem_printf(
        "cannot save what was learned so far: %s; the training goes on, and saving is "
        "tried again",
        why);
}

char *checkpoint_begin(struct checkpoint *checkpoint, const struct profile *profile,
                       uint64_t changes, int64_t now_ms, checkpoint_prepare *prepare, void *context)
{
    int ends[2];

    checkpoint->begun_ms = now_ms;
    checkpoint->changes = changes;
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

static void read_report(int report_fd, int status, struct report *ret)
{
    ssize_t got = read(report_fd, ret, sizeof(*ret));

    if (got == (ssize_t)sizeof(*ret))
        return;
    *ret = (struct report){ 0 };
    if (WIFSIGNALED(status))
        snprintf(ret->why, sizeof(ret->why), "signal %d ended it", WTERMSIG(status));
    else
        snprintf(ret->why, sizeof(ret->why), "nothing says why");
}

static int64_t greatest(int64_t a, int64_t b, int64_t c)
{
    int64_t greater = a > b ? a : b;

    return greater > c ? greater : c;
}

char *checkpoint_end(struct checkpoint *checkpoint, int status, int64_t now_ms)
{
    int64_t took_ms = now_ms - checkpoint->begun_ms;
    struct report report;

    read_report(checkpoint->report_fd, status, &report);
    checkpoint->child = 0;
    fd_close(&checkpoint->report_fd);
    if (report.why[0])
        return checkpoint_failed(checkpoint, report.why, now_ms);
    checkpoint->saved = checkpoint->changes;
    checkpoint->failures = 0;
    checkpoint->next_ms = now_ms + greatest(INTERVAL_MS, report.cpu_ms * REST, took_ms * SLOW_REST);
    return NULL;
}

void checkpoint_check(const struct checkpoint *checkpoint, int64_t now_ms)
{
    if (checkpoint->child && now_ms - checkpoint->begun_ms > STUCK_MS)
        kill(checkpoint->child, SIGKILL);
}

void checkpoint_done(struct checkpoint *checkpoint)
{
    if (checkpoint->child)
        process_end(checkpoint->child, LAST_WAIT_MS, NULL);
    checkpoint->child = 0;
    fd_close(&checkpoint->report_fd);
}
