// SPDX-License-Identifier: LGPL-2.1-or-later
#include "run/signals.h"
#include <cinch/base.h>
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
        if (caught[i] == signal && info->si_code <= 0)
            pending[i] |= FROM_PROCESS;
        else if (caught[i] == signal && (signal == SIGTSTP || signal == SIGWINCH))
            pending[i] |= FROM_TERMINAL;
}

/* Nobody but cinch is meant by what is typed: the service is none of its process group. */
static void on_any_signal(int signal)
{
    for (size_t i = 0; i < ELEMENTS_OF(caught); i++)
        if (caught[i] == signal)
            pending[i] |= signal == SIGTSTP || signal == SIGWINCH ? FROM_TERMINAL : FROM_PROCESS;
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

void signals_catch(unsigned tick_ms, bool is_apart)
{
    struct sigaction action = { .sa_sigaction = on_signal, .sa_flags = SA_SIGINFO };
    struct sigaction apart_action = { .sa_handler = on_any_signal };
    struct sigaction alarm_action = { .sa_handler = on_alarm };
    struct itimerval timer = { .it_interval.tv_usec = (suseconds_t)tick_ms * 1000,
                               .it_value.tv_usec = (suseconds_t)tick_ms * 1000 };

    for (size_t i = 0; i < ELEMENTS_OF(caught); i++) {
        struct sigaction old;
        /* An ignored signal (nohup) stays ignored, for us as for the service. */
        if (sigaction(caught[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
            sigaction(caught[i], is_apart ? &apart_action : &action, NULL);
    }
    sigaction(SIGALRM, &alarm_action, NULL);
    unblock();
    setitimer(ITIMER_REAL, &timer, NULL);
}

void signals_release(void)
{
    struct itimerval off = { 0 };
    struct sigaction restore = { .sa_handler = SIG_DFL };

    /* SIGALRM stays caught: one that is under way already would end us. */
    setitimer(ITIMER_REAL, &off, NULL);
    for (size_t i = 0; i < ELEMENTS_OF(caught); i++) {
        struct sigaction old;
        if (sigaction(caught[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
            sigaction(caught[i], &restore, NULL);
    }
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
