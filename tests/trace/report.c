// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Reports what a program can see of how it was started, one "name=value" a line, for
 * tests/trace/invisible to compare with and without cinch.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

extern char **environ;

static void report_ids(void)
{
    pid_t pid = getpid();

    printf("pid=%d\nppid=%d\n", (int)pid, (int)getppid());
    printf("group-leader=%d\nsession-leader=%d\n", getpgrp() == pid, getsid(0) == pid);
    printf("process-group=%d\nsession=%d\n", (int)getpgrp(), (int)getsid(0));
    printf("terminal-group=%d\n", (int)tcgetpgrp(0));
    printf("tty=%s\n", isatty(0) ? ttyname(0) : "none");
}

static void report_limits(void)
{
    for (int i = 0; i < (int)RLIMIT_NLIMITS; i++) {
        struct rlimit limit;
        if (getrlimit((__rlimit_resource_t)i, &limit) == 0)
            printf("rlimit-%d=%llu %llu\n", i, (unsigned long long)limit.rlim_cur,
                   (unsigned long long)limit.rlim_max);
    }
}

static void report_signals(void)
{
    sigset_t mask;

    sigprocmask(SIG_SETMASK, NULL, &mask);
    for (int i = 1; i < NSIG; i++) {
        struct sigaction action;
        if (sigaction(i, NULL, &action) < 0)
            continue;
        printf("signal-%d=%s%s\n", i, action.sa_handler == SIG_IGN ? "ignored" : "default",
               sigismember(&mask, i) == 1 ? " blocked" : "");
    }
}

static void report_descriptors(void)
{
    for (int fd = 0; fd < 1024; fd++) {
        char path[32], target[4096];
        snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
        ssize_t length = readlink(path, target, sizeof(target) - 1);
        if (length < 0)
            continue;
        target[length] = '\0';
        printf("fd-%d=%s %o %d\n", fd, target, (unsigned)fcntl(fd, F_GETFL),
               (int)lseek(fd, 0, SEEK_CUR));
    }
}

/* Every line of a file as "prefix-KEY=VALUE", split at the first colon. */
static void report_file(const char *prefix, const char *path)
{
    char line[8192];
    FILE *file = fopen(path, "re");

    while (file && fgets(line, sizeof(line), file)) {
        char *value = strchr(line, ':');
        line[strcspn(line, "\n")] = '\0';
        if (value)
            *value++ = '\0';
        printf("%s-%s=%s\n", prefix, value ? line : "", value ? value : line);
    }
    if (file)
        fclose(file);
}

static void report_rest(int argc, char **argv)
{
    char text[4096];
    int timer_slack = prctl(PR_GET_TIMERSLACK);
    int death_signal = -1, reaper = -1;
    mode_t mask = umask(0);
    cpu_set_t cpus;

    umask(mask);
    prctl(PR_GET_PDEATHSIG, &death_signal);
    prctl(PR_GET_CHILD_SUBREAPER, &reaper);
    sched_getaffinity(0, sizeof(cpus), &cpus);
    printf("umask=%o\nnice=%d\ncwd=%s\n", (unsigned)mask, getpriority(PRIO_PROCESS, 0),
           getcwd(text, sizeof(text)));
    printf("dumpable=%d\nkeep-caps=%d\nsecure-bits=%d\npdeathsig=%d\nsubreaper=%d\n",
           prctl(PR_GET_DUMPABLE), prctl(PR_GET_KEEPCAPS), prctl(PR_GET_SECUREBITS), death_signal,
           reaper);
    printf("timer-slack=%d\nscheduler=%d\nio-priority=%ld\ncpus=%d\npersonality=%x\n", timer_slack,
           sched_getscheduler(0), syscall(SYS_ioprio_get, 1, 0), CPU_COUNT(&cpus),
           (unsigned)personality(0xffffffff));
    printf("no-new-privs=%d\n", prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
    for (int i = 0; i < argc; i++)
        printf("argument-%d=%s\n", i, argv[i]);
    for (char **variable = environ; *variable; variable++)
        printf("environment-%s\n", *variable);
}

int main(int argc, char **argv)
{
    report_descriptors(); /* first: what follows opens some */
    report_ids();
    report_limits();
    report_signals();
    report_rest(argc, argv);
    report_file("status", "/proc/self/status");
    report_file("oom", "/proc/self/oom_score_adj");
    report_file("cgroup", "/proc/self/cgroup");
    report_file("attr", "/proc/self/attr/current");
    report_file("loginuid", "/proc/self/loginuid");
    report_file("filter", "/proc/self/coredump_filter");
    return fflush(stdout) != 0;
}
