// SPDX-License-Identifier: LGPL-2.1-or-later
/* Signals: stops of whole processes, interrupted and restarted calls, job control. */
#include "tracee.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <pty.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <utmp.h>

static void nothing(int signal)
{
    (void)signal;
}

static void handle(int signal, int flags)
{
    struct sigaction action = { .sa_handler = nothing, .sa_flags = flags };

    require(sigaction(signal, &action, NULL) == 0, "sigaction");
}

static char state_of(pid_t tid)
{
    char path[64], state = '?';

    snprintf(path, sizeof(path), "/proc/%d/stat", (int)tid);
    FILE *file = fopen(path, "r");
    require(file && fscanf(file, "%*d %*s %c", &state) == 1, path);
    fclose(file);
    return state;
}

static void *thread_count(void *counter)
{
    for (;;) {
        __atomic_fetch_add((unsigned *)counter, 1, __ATOMIC_RELAXED);
        usleep(1000);
    }
    return NULL;
}

/* A multi-threaded process is stopped and continued as one: no thread runs on, none stays. */
static void case_group_stop(void)
{
    static volatile unsigned *shared;
    int status, ends[2];
    unsigned seen = 0;

    require(pipe(ends) == 0, "pipe");
    pid_t child = fork();
    if (child == 0) {
        setpgid(0, 0); /* in an orphaned group, as of a daemon, SIGTSTP would be ignored */
        static unsigned counter;
        pthread_t threads[4];
        shared = &counter;
        for (size_t i = 0; i < 4; i++)
            pthread_create(&threads[i], NULL, thread_count, &counter);
        for (;;) {
            unsigned now = *shared;
            require(write(ends[1], &now, sizeof(now)) == sizeof(now), "write");
            usleep(1000);
        }
    }
    close(ends[1]);
    for (int i = 0; i < 5; i++) {
        kill(child, i % 2 ? SIGTSTP : SIGSTOP);
        require(waitpid(child, &status, WUNTRACED) == child && WIFSTOPPED(status), "the stop");
        require(WSTOPSIG(status) == (i % 2 ? SIGTSTP : SIGSTOP), "which stop");
        fcntl(ends[0], F_SETFL, O_NONBLOCK);
        while (read(ends[0], &seen, sizeof(seen)) > 0)
            ;
        usleep(30000);
        require(read(ends[0], &seen, sizeof(seen)) < 0, "it runs although it is stopped");
        fcntl(ends[0], F_SETFL, 0);
        kill(child, SIGCONT);
        require(waitpid(child, &status, WCONTINUED) == child && WIFCONTINUED(status), "SIGCONT");
        unsigned last = seen;
        while (seen == last)
            require(read(ends[0], &seen, sizeof(seen)) == sizeof(seen), "it does not go on");
    }
    kill(child, SIGKILL);
    require(waitpid(child, &status, 0) == child && WTERMSIG(status) == SIGKILL, "SIGKILL");
    expect("no blind lost-task");
}

/* A shell's job control on a terminal: the background job that reads is stopped by SIGTTIN. */
static void case_job_control(void)
{
    int master, slave, status;

    if (openpty(&master, &slave, NULL, NULL, NULL) < 0)
        skip("no pseudo-terminals");
    pid_t shell = fork();
    if (shell == 0) {
        char byte;
        require(login_tty(slave) == 0, "login_tty");
        signal(SIGTTOU, SIG_IGN);
        pid_t job = fork();
        if (job == 0) {
            signal(SIGTTOU, SIG_DFL);
            setpgid(0, 0);
            _exit(read(0, &byte, 1) == 1 ? 7 : 1);
        }
        setpgid(job, job);
        if (waitpid(job, &status, WUNTRACED) != job || !WIFSTOPPED(status) ||
            WSTOPSIG(status) != SIGTTIN)
            _exit(2);
        if (tcsetpgrp(0, job) < 0 || kill(-job, SIGCONT) < 0)
            _exit(3);
        if (waitpid(job, &status, WUNTRACED) != job || !WIFEXITED(status))
            _exit(4);
        _exit(WEXITSTATUS(status));
    }
    usleep(50000);
    require(write(master, "x\n", 2) == 2, "write");
    require(waitpid(shell, &status, 0) == shell && WIFEXITED(status) && WEXITSTATUS(status) == 7,
            "the shell");
    expect("syscall x86_64 setsid");
}

/* A child that interrupts its parent `count` times. */
static pid_t interrupter(int signal, int count)
{
    pid_t parent = getpid(), child = fork();

    if (child != 0)
        return child;
    for (int i = 0; i < count; i++) {
        usleep(20000);
        kill(parent, signal);
        if (signal == SIGSTOP) {
            while (state_of(parent) != 'T' && state_of(parent) != 't')
                usleep(1000);
            kill(parent, SIGCONT);
        }
    }
    _exit(0);
}

/* Stopped and continued, a call goes on by itself: it is one call, with one result. */
static void case_restart(void)
{
    struct timespec while_stopped = { .tv_nsec = 200000000 };
    int never[2], status;

    require(pipe(never) == 0, "pipe");
    pid_t child = interrupter(SIGSTOP, 3);
    require(syscall(SYS_nanosleep, &while_stopped, NULL) == 0, "nanosleep");
    require(waitpid(child, &status, 0) == child, "waitpid");
    expect("times nanosleep 1");
    struct pollfd waited = { .fd = never[0], .events = POLLIN };
    child = interrupter(SIGSTOP, 3);
    require(syscall(SYS_poll, &waited, 1, 200) == 0, "poll");
    require(waitpid(child, &status, 0) == child, "waitpid");
    expect("times poll 1");
}

/* A handler ends a call with EINTR or, with SA_RESTART, lets it begin again: one call either way.
 */
static void case_interrupted(void)
{
    struct sockaddr_in any = { .sin_family = AF_INET };
    socklen_t length = sizeof(any);
    int status, listener = socket(AF_INET, SOCK_STREAM, 0);

    any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    require(bind(listener, (struct sockaddr *)&any, sizeof(any)) == 0 && listen(listener, 1) == 0 &&
                getsockname(listener, (struct sockaddr *)&any, &length) == 0,
            "listen");
    handle(SIGUSR1, 0);
    pid_t child = interrupter(SIGUSR1, 1);
    require(accept4(listener, NULL, NULL, 0) < 0 && errno == EINTR, "EINTR");
    require(waitpid(child, &status, 0) == child, "waitpid");
    expect("outcome accept4 EINTR 1");
    handle(SIGUSR2, SA_RESTART);
    child = fork();
    if (child == 0) {
        for (int i = 0; i < 3; i++) {
            usleep(20000);
            kill(getppid(), SIGUSR2);
        }
        usleep(20000);
        int client = socket(AF_INET, SOCK_STREAM, 0);
        _exit(connect(client, (struct sockaddr *)&any, sizeof(any)) != 0);
    }
    require(accept4(listener, NULL, NULL, 0) >= 0, "SA_RESTART");
    require(waitpid(child, &status, 0) == child && status == 0, "waitpid");
    expect("outcome accept4 success 1");
    expect("syscall x86_64 rt_sigreturn");
}

/* Asks for names nobody asked for, until it is ended. */
static void __attribute__((noreturn)) ask_for_names(int number, int first_fd)
{
    for (unsigned i = 0;; i++) {
        char name[64];
        snprintf(name, sizeof(name), "/dev/none-%d-%u", number, i);
        (void)!access(name, F_OK);
        (void)!(i == 0 && write(first_fd, "", 1));
    }
}

/* Names are told even when a signal ends the task before it could be asked about them. */
static void case_terminated(void)
{
    for (int i = 0; i < 40; i++) {
        int status = 0, first[2];
        char byte;
        require(pipe(first) == 0, "pipe");
        pid_t child = fork();
        if (child == 0)
            ask_for_names(i, first[1]);
        require(read(first[0], &byte, 1) == 1, "the child's first");
        close(first[0]);
        close(first[1]);
        usleep(300 + 37 * (useconds_t)i);
        require(syscall(SYS_tgkill, child, child, SIGTERM) == 0, "tgkill");
        require(waitpid(child, &status, 0) == child, "waitpid");
        require(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM, "ended by the signal");
    }
    expect("no blind lost-call");
}

/* A storm of signals into a process that opens files: nothing is lost, nothing is counted as
 * something else. */
static void case_signal_storm(void)
{
    char byte;
    struct iovec part = { &byte, 1 };
    int status;

    handle(SIGUSR1, SA_RESTART);
    pid_t parent = getpid(), child = fork();
    if (child == 0)
        for (;;)
            kill(parent, SIGUSR1);
    for (int i = 0; i < 300; i++) {
        int fd = open("/etc/passwd", O_RDONLY);
        require(fd >= 0, "open");
        require(preadv(fd, &part, 1, 0) == 1, "preadv");
        close(fd);
    }
    kill(child, SIGKILL);
    require(waitpid(child, &status, 0) == child, "waitpid");
    expect("path read /etc/passwd");
    expect("times preadv 300");
    expect("no blind uncertain-path");
}

static void *leave_at_once(void *unused)
{
    return unused;
}

static pid_t asleep_for_ever(void)
{
    pid_t child = fork();

    if (child == 0) {
        syscall(SYS_ppoll, NULL, 0, NULL, NULL, 0);
        _exit(1);
    }
    while (state_of(child) != 'S')
        usleep(1000);
    return child;
}

/* Calls that have no end, no number at it, or one that comes with their task's. */
static void case_endless(void)
{
    pthread_t threads[4];

    handle(SIGUSR1, 0);
    for (int i = 0; i < 3; i++)
        require(raise(SIGUSR1) == 0, "raise");
    for (int i = 0; i < 4; i++)
        require(pthread_create(&threads[i], NULL, leave_at_once, NULL) == 0, "pthread_create");
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < 2; i++) {
        if (fork() == 0)
            _exit(0);
        wait(NULL);
    }
    pid_t child = asleep_for_ever();
    kill(child, SIGKILL);
    wait(NULL);
    expect("times rt_sigreturn 3");
    expect("times exit 4");
    expect("times exit_group 3"); /* ours too */
    expect("times ppoll 1");
}

const struct tracee_case signal_cases[] = {
    { "group-stop", case_group_stop, false }, { "job-control", case_job_control, false },
    { "restart", case_restart, false },       { "interrupted", case_interrupted, false },
    { "terminated", case_terminated, false }, { "signal-storm", case_signal_storm, false },
    { "endless", case_endless, false },       { NULL, NULL, false },
};
