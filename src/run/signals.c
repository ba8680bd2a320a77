// SPDX-License-Identifier: LGPL-2.1-or-later
#include "run/signals.h"
#include <cinch/run.h>
#include <signal.h>
#include <stddef.h>
#include <sys/time.h>

static const int caught[] = {
    SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGWINCH, SIGTSTP,
};

enum { FROM_PROCESS = 1, FROM_TERMINAL = 2 };

/* The one mutable static of the program: what the handler saw, one entry per entry of `caught`. */
static volatile sig_atomic_t pending[ELEMENTS_OF(caught)];

/* SI_KERNEL is the terminal driver's; SI_USER, SI_QUEUE and SI_TKILL are a process's
 * (sigaction(2)). */
static void on_signal(int signal, siginfo_t *info, void *context)
{
    (void)context;
    for (size_t i = 0; i < ELEMENTS_OF(caught); i++)
        if (caught[i] == signal)
            pending[i] |= info->si_code <= 0 ? FROM_PROCESS : FROM_TERMINAL;
}

/* What was learned is saved yet: the next one, and not this, ends cinch. */
static void on_last_signal(int number)
{
    signal(number, SIG_DFL);
}

/* Whatever was blocked when we were started is blocked for the service only. */
static void unblock(void)
{
    sigset_t ours;

    sigemptyset(&ours);
    sigaddset(&ours, SIGALRM);
    for (size_t i = 0; i < ELEMENTS_OF(caught); i++)
        sigaddset(&ours, caught[i]);
    sigprocmask(SIG_UNBLOCK, &ours, NULL);
}

static void on_alarm(int signal)
{
    (void)signal; /* its only purpose is to interrupt waitpid(2) */
}

/* An ignored signal (nohup) stays ignored, for us as for the service. */
static void handle(int number, const struct sigaction *action)
{
    struct sigaction old;

    if (sigaction(number, NULL, &old) == 0 && old.sa_handler != SIG_IGN)
        sigaction(number, action, NULL);
}

static void on_nothing(int number)
{
    (void)number;
}

/* With a handler, and not ignored: that would stay so for the service. */
void signals_survive(void)
{
    const struct sigaction action = { .sa_handler = on_nothing, .sa_flags = SA_RESTART };

    handle(SIGPIPE, &action);
    handle(SIGXFSZ, &action);
}

void signals_catch(unsigned tick_ms)
{
    struct sigaction action = { .sa_sigaction = on_signal, .sa_flags = SA_SIGINFO };
    struct sigaction alarm_action = { .sa_handler = on_alarm };
    struct itimerval timer = { .it_interval.tv_usec = (suseconds_t)tick_ms * 1000,
                               .it_value.tv_usec = (suseconds_t)tick_ms * 1000 };

    for (size_t i = 0; i < ELEMENTS_OF(caught); i++)
        handle(caught[i], &action);
    sigaction(SIGALRM, &alarm_action, NULL);
    unblock();
    setitimer(ITIMER_REAL, &timer, NULL);
}

void signals_release(void)
{
    struct itimerval off = { 0 };
    struct sigaction last = { .sa_handler = on_last_signal, .sa_flags = SA_RESTART };

    /* SIGALRM stays caught: one that is under way already would end us. */
    setitimer(ITIMER_REAL, &off, NULL);
    for (size_t i = 0; i < ELEMENTS_OF(caught); i++)
        handle(caught[i], &last);
}

bool signals_next(struct caught_signal *ret)
{
    for (size_t i = 0; i < ELEMENTS_OF(caught); i++) {
        int from = pending[i] & FROM_PROCESS ? FROM_PROCESS : pending[i];
        if (!from)
            continue;
        pending[i] &= ~from;
        *ret = (struct caught_signal){ caught[i], from == FROM_TERMINAL };
        return true;
    }
    return false;
}

/* With the default action instead of SIGSTOP: the kernel knows when nobody would continue us. */
void signals_suspend(void)
{
    struct sigaction action, stop = { .sa_handler = SIG_DFL };

    sigaction(SIGTSTP, &stop, &action);
    raise(SIGTSTP);
    sigaction(SIGTSTP, &action, NULL);
}
