// SPDX-License-Identifier: LGPL-2.1-or-later
#include "trace/task/stop.h"
#include <signal.h>
#include <stdbool.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

static bool is_stopping_signal(int signal)
{
    return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

enum stop_kind stop_classify(int status)
{
    if (WIFEXITED(status) || WIFSIGNALED(status))
        return STOP_EXITED;
    if (!WIFSTOPPED(status))
        return STOP_OTHER;
    switch (status >> 16) {
    case 0:
        return WSTOPSIG(status) == (SIGTRAP | 0x80) ? STOP_SYSCALL : STOP_SIGNAL;
    case PTRACE_EVENT_SECCOMP:
        return STOP_SECCOMP;
    case PTRACE_EVENT_FORK:
    case PTRACE_EVENT_VFORK:
    case PTRACE_EVENT_CLONE:
        return STOP_NEW_TASK;
    case PTRACE_EVENT_EXEC:
        return STOP_EXEC;
    case PTRACE_EVENT_EXIT:
        return STOP_LEAVING;
    case PTRACE_EVENT_STOP:
        return is_stopping_signal(WSTOPSIG(status)) ? STOP_GROUP : STOP_NOTICE;
    default:
        return STOP_OTHER;
    }
}
