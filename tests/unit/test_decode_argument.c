// SPDX-License-Identifier: LGPL-2.1-or-later
/* Arguments that directives depend on, and the blind spots. */
#include "decode_run.h"
#include "unit.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

static int setup(void **state)
{
    struct decode_run *run = mem_new(1, sizeof(*run));

    drive_init(run);
    *state = run;
    return 0;
}

static int teardown(void **state)
{
    drive_done(*state);
    free(*state);
    return 0;
}

/* What one register says. */
static const struct {
    const char *call;
    uint64_t args[6];
    int64_t rval;
    const char *topic, *value; /* NULL: no argument fact at all */
} cases[] = {
    { "mmap", { 0, 1, PROT_WRITE | PROT_EXEC, MAP_ANONYMOUS }, 0, "memory", "write-execute" },
    { "mmap", { 0, 1, PROT_WRITE, MAP_ANONYMOUS }, 0, NULL, NULL },
    { "mprotect", { 0, 1, PROT_READ | PROT_EXEC }, -EACCES, "memory", "make-executable" },
    { "mprotect", { 0, 1, PROT_READ }, 0, NULL, NULL },
    { "pkey_mprotect", { 0, 1, PROT_EXEC }, 0, "memory", "make-executable" },
    { "shmat", { 1, 0, 0100000 }, 0, "memory", "shm-execute" },
    { "shmat", { 1, 0, 0 }, 0, NULL, NULL },
    { "unshare", { CLONE_NEWNET }, -EPERM, "namespace", "net" },
    { "unshare", { CLONE_NEWTIME }, 0, "namespace", "time" },
    { "unshare", { CLONE_FILES }, 0, NULL, NULL },
    { "setns", { 3, 0 }, 0, "namespace", "any" },
    { "setns", { 3, CLONE_NEWUSER }, 0, "namespace", "user" },
    { "clone", { CLONE_NEWPID | 17 }, 5, "namespace", "pid" },
    { "clone", { CLONE_VM | 0x80 }, 5, NULL, NULL }, /* a signal number, not a namespace */
    { "clone", { CLONE_PIDFD | 17 }, 5, "clone", "CLONE_PIDFD" },
    { "personality", { 0xffffffff }, 0, "personality", "0xffffffff" },
    { "sched_setscheduler", { 0, 1, 0 }, -EPERM, "scheduler", "SCHED_FIFO" },
    { "sched_setscheduler",
      { 0, 0x40000000, 0 },
      0,
      "scheduler",
      "SCHED_OTHER|SCHED_RESET_ON_FORK" },
    { "sched_setscheduler", { 0, 99, 0 }, -EINVAL, "scheduler", "99" },
    { "timerfd_create", { 8, 0 }, 5, "clock-alarm", "CLOCK_REALTIME_ALARM" },
    { "timerfd_create", { 1, 0 }, 5, NULL, NULL },
    { "timer_create", { 9, 0 }, 0, "clock-alarm", "CLOCK_BOOTTIME_ALARM" },
    { "prctl", { 15 }, 0, "prctl", "PR_SET_NAME" },
    { "prctl", { 12345 }, -EINVAL, "prctl", "12345" },
};

static void test_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++) {
        struct decode_run *run = mem_new(1, sizeof(*run));
        int outcome = cases[i].rval < 0 ? (int)-cases[i].rval : 0;
        drive_init(run);
        drive_call(run, cases[i].call, cases[i].args, cases[i].rval);
        if (cases[i].topic)
            assert_int_equal(seen_argument(run, cases[i].topic, cases[i].value, outcome), 1);
        assert_int_equal(seen_count(run, FACT_ARGUMENT), cases[i].topic ? 1 : 0);
        drive_done(run);
        free(run);
    }
}

static void test_modes(void **state)
{
    struct decode_run *run = *state;
    uint64_t name = STRING(run, "/srv/new");

    drive_call(run, "mkdir", ARGS(name, 02755), 0);
    assert_int_equal(seen_argument(run, "setid-mode", "02755", 0), 1);
    drive_call(run, "mknodat", ARGS(CWD, name, S_IFCHR | 0600, 5), -EPERM);
    assert_int_equal(seen_argument(run, "mknod", "S_IFCHR", EPERM), 1);
    drive_call(run, "openat", ARGS(CWD, name, O_WRONLY | O_CREAT, 04755), -EACCES);
    assert_int_equal(seen_argument(run, "setid-mode", "04755", EACCES), 1);
    drive_call(run, "openat", ARGS(CWD, name, O_WRONLY, 04711), -EACCES); /* not used */
    assert_int_equal(seen_argument(run, "setid-mode", "04711", EACCES), 0);
    drive_call(run, "creat", ARGS(name, 06700), -EACCES);
    assert_int_equal(seen_argument(run, "setid-mode", "06700", EACCES), 1);
    assert_int_equal(seen_path(run, PATH_CREATE, "/srv/new", NULL, EACCES), 2);
}

static void test_executable_mappings(void **state)
{
    struct decode_run *run = *state;
    uint32_t words[] = { 0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, 7, 0 };

    fake_fd(&run->fake, 7, "/usr/lib/x.so");
    assert_true(drive_enter(run, "mmap", ARGS(0, 1, PROT_READ | PROT_EXEC, MAP_PRIVATE, 7)));
    drive_exit(run, 0x7fff0000);
    assert_int_equal(seen_path(run, PATH_MAP_EXECUTE, "/usr/lib/x.so", NULL, 0), 1);
    drive_call(run, "mmap", ARGS(0, 1, PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, 7), 0x7fff0000);
    assert_int_equal(seen_count(run, FACT_PATH), 1);
    run->arch = AUDIT_ARCH_I386;
    drive_call(run, "mmap", ARGS(fake_bytes(&run->fake, words, sizeof(words))), 0x1000);
    drive_call(run, "mmap2", ARGS(0, 1, PROT_EXEC, MAP_PRIVATE, 7), 0x1000);
    assert_int_equal(seen_path(run, PATH_MAP_EXECUTE, "/usr/lib/x.so", NULL, 0), 3);
    drive_call(run, "ipc", ARGS(21, 5, 0100000, 0x10, 0), 0);
    assert_int_equal(seen_argument(run, "memory", "shm-execute", 0), 1);
}

static void test_clone3(void **state)
{
    struct decode_run *run = *state;
    struct clone_args args = { .flags = CLONE_NEWNS | CLONE_INTO_CGROUP | CLONE_UNTRACED,
                               .set_tid_size = 1 };
    uint64_t at = fake_bytes(&run->fake, &args, sizeof(args));

    drive_call(run, "clone3", ARGS(at, sizeof(args)), -ENOSYS);
    assert_int_equal(seen_argument(run, "namespace", "mnt", ENOSYS), 1);
    assert_int_equal(seen_argument(run, "clone", "CLONE_INTO_CGROUP", ENOSYS), 1);
    assert_int_equal(seen_argument(run, "clone", "CLONE_UNTRACED", ENOSYS), 1);
    assert_int_equal(seen_argument(run, "clone", "set_tid", ENOSYS), 1);
    assert_int_equal(seen_syscall(run, "clone3", ENOSYS), 1);
    drive_call(run, "clone3", ARGS(0x20, sizeof(args)), 5);
    assert_int_equal(decoder_degraded_count(run->decoder), 1);
    drive_call(run, "clone3", ARGS(0x20, 8), -EINVAL);
    assert_int_equal(decoder_degraded_count(run->decoder), 1);
}

/* A child that asks not to be traced is traced, and its maker sees its own arguments again. */
static void test_untraced_clones(void **state)
{
    struct decode_run *run = *state;
    struct clone_args args = { .flags = CLONE_UNTRACED | CLONE_FS };
    uint64_t at = fake_bytes(&run->fake, &args, sizeof(args));
    const void *there = run->fake.memory + (at - FAKE_MEMORY);

    assert_true(drive_enter(run, "clone3", ARGS(at, sizeof(args))));
    assert_int_equal(*(const uint64_t *)there, CLONE_FS);
    drive_exit(run, 5);
    assert_int_equal(*(const uint64_t *)there, CLONE_UNTRACED | CLONE_FS);
    assert_true(drive_enter(run, "clone", ARGS(CLONE_UNTRACED | 17)));
    assert_int_equal(run->fake.first_argument, 17);
    drive_exit(run, -513); /* ERESTARTNOINTR: it comes again, as it was changed */
    assert_true(drive_enter(run, "clone", ARGS(17)));
    drive_exit(run, 5);
    assert_int_equal(run->fake.first_argument, CLONE_UNTRACED | 17);
    assert_int_equal(seen_argument(run, "clone", "CLONE_UNTRACED", 0), 2);
    assert_int_equal(seen_syscall(run, "clone", 0), 1);
    assert_int_equal(seen_count(run, FACT_BLIND_SPOT), 0);
    run->fake.ops.set_first_argument = NULL;
    drive_call(run, "clone", ARGS(CLONE_UNTRACED | 17), 5);
    assert_int_equal(seen_blind_spot(run, "untraced-clone", "/usr/bin/daemon"), 1);
}

static void test_sched_setattr(void **state)
{
    struct decode_run *run = *state;
    struct {
        uint32_t size, policy;
        uint64_t flags;
    } attr = { 48, 6, 1 };

    drive_call(run, "sched_setattr", ARGS(0, fake_bytes(&run->fake, &attr, sizeof(attr)), 0), 0);
    assert_int_equal(seen_argument(run, "scheduler", "SCHED_DEADLINE|SCHED_RESET_ON_FORK", 0), 1);
}

static void test_own_filters_are_told_once(void **state)
{
    struct decode_run *run = *state;
    pid_t tid = 0;

    drive_call(run, "seccomp", ARGS(1, 0, 0), -EFAULT); /* a probe */
    drive_call(run, "prctl", ARGS(22, 2, 0), -EFAULT);
    assert_false(decoder_own_filter(run->decoder, &tid));
    assert_int_equal(seen_count(run, FACT_BLIND_SPOT), 0);
    drive_call(run, "seccomp", ARGS(1, 0, 0x20), 0);
    assert_true(decoder_own_filter(run->decoder, &tid));
    assert_int_equal(tid, RUN_TID);
    assert_false(decoder_own_filter(run->decoder, &tid));
    drive_call(run, "prctl", ARGS(22, 2, 0x20), 0);
    assert_true(decoder_own_filter(run->decoder, &tid));
    assert_int_equal(seen_blind_spot(run, "own-seccomp-filter", "/usr/bin/daemon"), 2);
    drive_call(run, "seccomp", ARGS(2, 0, 0x20), 0); /* asks what is there */
    assert_false(decoder_own_filter(run->decoder, &tid));
}

static void test_io_uring(void **state)
{
    struct decode_run *run = *state;

    drive_call(run, "io_uring_setup", ARGS(8, 0x20), -ENOSYS);
    assert_int_equal(seen_count(run, FACT_BLIND_SPOT), 0);
    drive_call(run, "io_uring_setup", ARGS(8, 0x20), 5);
    assert_int_equal(seen_blind_spot(run, "io_uring", "/usr/bin/daemon"), 1);
}

static void test_queues_have_names(void **state)
{
    struct decode_run *run = *state;

    drive_call(run, "mq_open", ARGS(STRING(run, "jobs"), O_RDWR), 4);
    assert_int_equal(seen_argument(run, "mqueue", "jobs", 0), 1);
    assert_int_equal(seen_count(run, FACT_PATH), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),         TEST(test_modes),
        TEST(test_executable_mappings),       TEST(test_clone3),
        TEST(test_untraced_clones),           TEST(test_sched_setattr),
        TEST(test_own_filters_are_told_once), TEST(test_io_uring),
        TEST(test_queues_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
