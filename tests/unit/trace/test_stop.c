// SPDX-License-Identifier: LGPL-2.1-or-later
#include "trace/task/stop.h"
#include "unit.h"
#include <signal.h>
#include <sys/ptrace.h>

/* A stop's wait status: signal in bits 8..15, event above, 0x7f below (waitpid(2), ptrace(2)). */
#define STOPPED(signal, event) (0x7f | (signal) << 8 | (event) << 16)

static void test_classify(void **state)
{
    static const struct {
        int status;
        enum stop_kind kind;
    } rows[] = {
        { 0, STOP_EXITED },
        { 3 << 8, STOP_EXITED },
        { SIGKILL, STOP_EXITED },
        { SIGSEGV | 0x80, STOP_EXITED },
        { STOPPED(SIGTRAP | 0x80, 0), STOP_SYSCALL },
        { STOPPED(SIGTRAP, PTRACE_EVENT_SECCOMP), STOP_SECCOMP },
        { STOPPED(SIGTRAP, PTRACE_EVENT_FORK), STOP_NEW_TASK },
        { STOPPED(SIGTRAP, PTRACE_EVENT_VFORK), STOP_NEW_TASK },
        { STOPPED(SIGTRAP, PTRACE_EVENT_CLONE), STOP_NEW_TASK },
        { STOPPED(SIGTRAP, PTRACE_EVENT_EXEC), STOP_EXEC },
        { STOPPED(SIGSTOP, PTRACE_EVENT_STOP), STOP_GROUP },
        { STOPPED(SIGTSTP, PTRACE_EVENT_STOP), STOP_GROUP },
        { STOPPED(SIGTTIN, PTRACE_EVENT_STOP), STOP_GROUP },
        { STOPPED(SIGTTOU, PTRACE_EVENT_STOP), STOP_GROUP },
        { STOPPED(SIGTRAP, PTRACE_EVENT_STOP), STOP_NOTICE },
        { STOPPED(SIGTRAP, 0), STOP_SIGNAL },
        { STOPPED(SIGSTOP, 0), STOP_SIGNAL },
        { STOPPED(SIGTRAP, PTRACE_EVENT_EXIT), STOP_LEAVING },
        { STOPPED(SIGTRAP, PTRACE_EVENT_VFORK_DONE), STOP_OTHER },
        { STOPPED(SIGTRAP, 99), STOP_OTHER },
        { 0xffff, STOP_OTHER },
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(stop_classify(rows[i].status), rows[i].kind);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_classify) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
