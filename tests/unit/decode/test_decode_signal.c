// SPDX-License-Identifier: LGPL-2.1-or-later
/* Signals that are taken: waited for, or read from a descriptor; filters for all threads. */
#include "decode_run.h"
#include "unit.h"
#include <errno.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>

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

static uint64_t set_of(struct decode_run *run, int signal)
{
    uint64_t set = (uint64_t)1 << (signal - 1);

    return fake_bytes(&run->fake, &set, sizeof(set));
}

static int taken(struct decode_run *run)
{
    pid_t by;
    int signal = decoder_taken_signal(run->decoder, &by);

    assert_true(!signal || by == run->tid);
    return signal;
}

static void test_waited_for(void **state)
{
    struct decode_run *run = *state;

    drive_call(run, "rt_sigtimedwait", ARGS(set_of(run, SIGHUP), 0, 0, 8), SIGHUP);
    assert_int_equal(taken(run), SIGHUP);
    assert_int_equal(taken(run), 0);
    drive_call(run, "rt_sigtimedwait", ARGS(set_of(run, SIGHUP), 0, 0, 8), -EAGAIN);
    assert_int_equal(taken(run), 0);
}

/* Only descriptors for signals that say what to do are of interest. */
static void test_descriptors(void **state)
{
    struct decode_run *run = *state;

    drive_call(run, "signalfd4", ARGS(UINT64_MAX, set_of(run, SIGCHLD), 8, 0), 5);
    assert_false(decoder_reads_signals(run->decoder));
    drive_call(run, "signalfd4", ARGS(UINT64_MAX, set_of(run, SIGTERM), 8, 0), -EMFILE);
    drive_call(run, "signalfd4", ARGS(UINT64_MAX, 16, 8, 0), -EFAULT);
    assert_false(decoder_reads_signals(run->decoder));
    drive_call(run, "signalfd", ARGS(UINT64_MAX, set_of(run, SIGHUP), 8), 5);
    assert_true(decoder_reads_signals(run->decoder));
}

static uint64_t infos(struct decode_run *run, unsigned first, unsigned second)
{
    struct signalfd_siginfo both[2] = { { .ssi_signo = first }, { .ssi_signo = second } };

    return fake_bytes(&run->fake, both, sizeof(both));
}

static void read_infos(struct decode_run *run, uint64_t fd, uint64_t at, int64_t bytes)
{
    drive_call(run, "read", ARGS(fd, at, 2 * sizeof(struct signalfd_siginfo)), bytes);
}

static void test_read_from_descriptor(void **state)
{
    const int64_t one = sizeof(struct signalfd_siginfo);
    struct decode_run *run = *state;

    fake_fd(&run->fake, 5, "anon_inode:[signalfd]");
    fake_fd(&run->fake, 6, "/etc/passwd");
    read_infos(run, 5, infos(run, SIGHUP, 0), one);
    assert_int_equal(taken(run), 0); /* nobody made one */
    drive_call(run, "signalfd4", ARGS(UINT64_MAX, set_of(run, SIGHUP), 8, 0), 5);
    read_infos(run, 5, infos(run, SIGHUP, 0), one);
    assert_int_equal(taken(run), SIGHUP);
    read_infos(run, 5, infos(run, SIGCHLD, SIGTERM), 2 * one);
    assert_int_equal(taken(run), SIGTERM);
    read_infos(run, 5, infos(run, SIGCHLD, SIGTERM), one);
    assert_int_equal(taken(run), 0);
    read_infos(run, 5, infos(run, 1000, 0), one);
    read_infos(run, 5, infos(run, SIGHUP, 0), -EAGAIN);
    read_infos(run, 6, infos(run, SIGHUP, 0), one);
    assert_int_equal(taken(run), 0);
}

/* The same into pieces, which may part one. */
static void test_read_pieces(void **state)
{
    const uint64_t one = sizeof(struct signalfd_siginfo);
    struct decode_run *run = *state;
    uint64_t at = infos(run, SIGCHLD, SIGHUP);
    const uint64_t whole[] = { at, 2 * one }, parted[] = { at, 5, at + 5, 2 * one };

    fake_fd(&run->fake, 5, "anon_inode:[signalfd]");
    drive_call(run, "signalfd4", ARGS(UINT64_MAX, set_of(run, SIGHUP), 8, 0), 5);
    drive_call(run, "readv", ARGS(5, fake_bytes(&run->fake, whole, sizeof(whole)), 1),
               (int64_t)(2 * one));
    assert_int_equal(taken(run), SIGHUP);
    drive_call(run, "readv", ARGS(5, fake_bytes(&run->fake, parted, sizeof(parted)), 2),
               (int64_t)(2 * one));
    assert_int_equal(taken(run), SIGHUP);
    drive_call(run, "readv", ARGS(5, fake_bytes(&run->fake, whole, sizeof(whole)), 1),
               (int64_t)one);
    assert_int_equal(taken(run), 0);
    drive_call(run, "readv", ARGS(5, 16, 1), (int64_t)(2 * one));
    assert_int_equal(taken(run), 0);
}

static size_t filtered(struct decode_run *run)
{
    size_t count = 0;
    pid_t tid;

    while (decoder_own_filter(run->decoder, &tid))
        count++;
    return count;
}

/* seccomp(2): with TSYNC a positive result is the thread that could not follow. */
static void test_filter_for_all(void **state)
{
    const uint64_t all = SECCOMP_FILTER_FLAG_TSYNC;
    struct decode_run *run = *state;

    const struct trace_event thread = {
        .kind = TRACE_NEW_TASK, .tid = RUN_TID + 1, .tgid = run->tid, .parent = run->tid
    };

    decoder_event(run->decoder, &thread);
    drive_event(run, TRACE_NEW_TASK, RUN_TID + 2, run->tid); /* another process */
    drive_call(run, "seccomp", ARGS(SECCOMP_SET_MODE_FILTER, all, 0), RUN_TID + 1);
    assert_int_equal(filtered(run), 0);
    drive_call(run, "seccomp", ARGS(SECCOMP_SET_MODE_FILTER, all, 0), -EACCES);
    assert_int_equal(filtered(run), 0);
    drive_call(run, "seccomp", ARGS(SECCOMP_SET_MODE_FILTER, 0, 0), 0);
    assert_int_equal(filtered(run), 1);
    drive_call(run, "seccomp", ARGS(SECCOMP_SET_MODE_FILTER, all, 0), 0);
    assert_int_equal(filtered(run), 2);
    drive_call(run, "seccomp",
               ARGS(SECCOMP_SET_MODE_FILTER, all | SECCOMP_FILTER_FLAG_NEW_LISTENER, 0), 7);
    assert_int_equal(filtered(run), 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_waited_for),  TEST(test_descriptors),    TEST(test_read_from_descriptor),
        TEST(test_read_pieces), TEST(test_filter_for_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
