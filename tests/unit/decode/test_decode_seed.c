// SPDX-License-Identifier: LGPL-2.1-or-later
/* A service that ran before it was looked at, and what such a look can and cannot tell. */
#include "decode_run.h"
#include "unit.h"
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>

static const struct trace_open_file holdings[] = {
    { -1, PROT_READ | PROT_EXEC, "/usr/lib/libused.so" },
    { -1, PROT_READ, "/usr/share/zoneinfo" },
    { -1, PROT_READ | PROT_EXEC, "/usr/lib/libgone.so (deleted)" },
    { -1, PROT_READ | PROT_WRITE | PROT_EXEC, "" },
    { 0, O_RDONLY, "/dev/null" },
    { 1, O_WRONLY | O_APPEND, "/var/log/daemon.log" },
    { 3, O_RDWR, "/var/lib/daemon/db" },
    { 4, O_PATH, "/srv" },
    { 5, O_RDWR, "socket:[7]" },
    { 6, O_RDONLY, "pipe:[8]" },
};

static int each_open_file(void *context, pid_t tid,
                          void (*visit)(void *visitor, const struct trace_open_file *holding),
                          void *visitor)
{
    (void)context;
    (void)tid;
    for (size_t i = 0; i < ELEMENTS_OF(holdings); i++)
        visit(visitor, &holdings[i]);
    return 0;
}

static void seed(struct decode_run *run)
{
    struct trace_socket *socket;

    drive_init_unstarted(run);
    run->fake.ops.each_open_file = each_open_file;
    for (size_t i = 0; i < ELEMENTS_OF(holdings); i++)
        if (holdings[i].fd >= 0)
            fake_fd(&run->fake, holdings[i].fd, holdings[i].text);
    fake_fd(&run->fake, TRACE_CWD, "/var/lib/daemon");
    socket = fake_socket(&run->fake, 5, AF_INET, SOCK_STREAM);
    socket->local_length = sizeof(struct sockaddr_in);
    socket->local.ss_family = AF_INET;
    decoder_seed(run->decoder, RUN_TID, RUN_TID);
}

static void test_holdings(void **state)
{
    struct decode_run run;

    (void)state;
    seed(&run);
    assert_int_equal(seen_path(&run, PATH_MAP_EXECUTE, "/usr/lib/libused.so", NULL, 0), 1);
    assert_int_equal(seen_path(&run, PATH_MAP_EXECUTE, "/usr/lib/libgone.so", NULL, 0), 0);
    assert_int_equal(seen_path(&run, PATH_READ, "/usr/share/zoneinfo", NULL, 0), 1);
    assert_int_equal(seen_argument(&run, "memory", "write-execute", 0), 1);
    assert_int_equal(seen_path(&run, PATH_READ, "/dev/null", NULL, 0), 1);
    assert_int_equal(seen_path(&run, PATH_WRITE, "/dev/null", NULL, 0), 0);
    assert_int_equal(seen_path(&run, PATH_WRITE, "/var/log/daemon.log", NULL, 0), 1);
    assert_int_equal(seen_path(&run, PATH_READ, "/var/log/daemon.log", NULL, 0), 0);
    assert_int_equal(seen_path(&run, PATH_READ, "/var/lib/daemon/db", NULL, 0), 1);
    assert_int_equal(seen_path(&run, PATH_WRITE, "/var/lib/daemon/db", NULL, 0), 1);
    assert_int_equal(seen_path(&run, PATH_STAT, "/srv", NULL, 0), 1);
    assert_int_equal(seen_path(&run, PATH_READ, "/srv", NULL, 0), 0);
    assert_int_equal(seen_path(&run, PATH_STAT, "/var/lib/daemon", NULL, 0), 1);
    assert_int_equal(seen_socket(&run, AF_INET, SOCK_STREAM, SOCKET_INHERITED, 0), 1);
    assert_int_equal(seen_address(&run, ADDRESS_LISTEN, SOCK_STREAM, "0.0.0.0", 0, 0), 1);
    assert_true(path_was_foreign(&run, PATH_WRITE, "/var/lib/daemon/db"));
    drive_done(&run);
}

/* Its threads hold what it holds: one look is enough. */
static void test_once_for_a_process(void **state)
{
    struct decode_run run;

    (void)state;
    seed(&run);
    decoder_seed(run.decoder, RUN_TID + 1, RUN_TID);
    assert_int_equal(seen_path(&run, PATH_READ, "/dev/null", NULL, 0), 1);
    decoder_seed(run.decoder, RUN_TID + 2, RUN_TID + 2);
    assert_int_equal(seen_path(&run, PATH_READ, "/dev/null", NULL, 0), 2);
    drive_done(&run);
}

/* The calls of a seized service count, though its exec was never seen. */
static void test_calls_count(void **state)
{
    struct decode_run run;

    (void)state;
    seed(&run);
    drive_call(&run, "getpid", ARGS(0), 1);
    drive_event(&run, TRACE_DONE, 0, 0); /* plain calls are written when the next one begins */
    assert_int_equal(seen_syscall(&run, "getpid", OUTCOME_UNKNOWN), 1);
    drive_done(&run);
}

static void test_foreign_namespace(void **state)
{
    struct decode_run run;

    (void)state;
    drive_init_unstarted(&run);
    run.fake.ops.each_open_file = each_open_file;
    run.fake.is_foreign = true;
    fake_fd(&run.fake, TRACE_EXE, "/usr/bin/daemon");
    decoder_seed(run.decoder, RUN_TID, RUN_TID);
    assert_int_equal(seen_count(&run, FACT_PATH), 0);
    assert_true(seen_blind_spot(&run, "foreign-mount-namespace", "/usr/bin/daemon") > 0);
    assert_int_equal(seen_argument(&run, "memory", "write-execute", 0), 1);
    drive_done(&run);
}

static void test_own_ptrace(void **state)
{
    struct decode_run run;
    const char *program = "/usr/bin/daemon";

    (void)state;
    drive_init(&run);
    drive_call(&run, "ptrace", ARGS(PTRACE_ATTACH, 1), -EPERM); /* nothing of ours */
    drive_call(&run, "ptrace", ARGS(PTRACE_CONT, RUN_TID), -EPERM);
    drive_call(&run, "ptrace", ARGS(PTRACE_ATTACH, RUN_TID), -ESRCH);
    drive_call(&run, "ptrace", ARGS(PTRACE_TRACEME), 0);
    assert_int_equal(seen_count(&run, FACT_BLIND_SPOT), 0);
    drive_call(&run, "ptrace", ARGS(PTRACE_ATTACH, RUN_TID), -EPERM);
    drive_call(&run, "ptrace", ARGS(PTRACE_SEIZE, RUN_TID), -EPERM);
    drive_call(&run, "ptrace", ARGS(PTRACE_TRACEME), -EPERM);
    assert_int_equal(seen_blind_spot(&run, "own-ptrace", program), 3);
    drive_done(&run);
}

static void execute(struct decode_run *run, const char *path, mode_t mode)
{
    static const char script[] = "#!/bin/sh\n";

    fake_program(&run->fake, path, script, sizeof(script) - 1, mode);
    fake_program(&run->fake, "/bin/sh", "", 0, 0755);
    fake_fd(&run->fake, TRACE_EXE, "/bin/sh");
    drive_enter(run, "execve", ARGS(STRING(run, path)));
    drive_event(run, TRACE_EXEC, RUN_TID, RUN_TID);
}

static void test_no_privileges(void **state)
{
    struct decode_run run;

    (void)state;
    for (int powerless = 0; powerless < 2; powerless++) {
        drive_init(&run);
        if (powerless)
            decoder_without_privileges(run.decoder);
        execute(&run, "/usr/bin/plain", 0755);
        assert_int_equal(seen_count(&run, FACT_BLIND_SPOT), 0);
        execute(&run, "/usr/bin/passwd", 04755);
        assert_int_equal(seen_blind_spot(&run, "no-privileges", "/usr/bin/passwd"), powerless);
        drive_done(&run);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_holdings),    cmocka_unit_test(test_once_for_a_process),
        cmocka_unit_test(test_calls_count), cmocka_unit_test(test_foreign_namespace),
        cmocka_unit_test(test_own_ptrace),  cmocka_unit_test(test_no_privileges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
