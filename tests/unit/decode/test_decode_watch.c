// SPDX-License-Identifier: LGPL-2.1-or-later
/* What must stop, what was only counted, and which processes are watched at every call. */
#include "decode_run.h"
#include "unit.h"
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/mman.h>

static int setup(void **state)
{
    struct decode_run *run = mem_new(1, sizeof(*run));

    drive_init(run);
    *state = run;
    return 0;
}

static int teardown(void **state)
{
    struct decode_run *run = *state;

    drive_done(run);
    free(run);
    return 0;
}

static bool rule_holds(const struct trace_rule *rule, const uint64_t args[6])
{
    uint64_t value = args[rule->argument];

    switch (rule->test) {
    case TRACE_ALWAYS:
        return true;
    case TRACE_ANY_BIT:
        return value & rule->value;
    case TRACE_EQUAL:
        return (uint32_t)value == rule->value;
    case TRACE_NOT_ZERO:
        return value != 0;
    case TRACE_UNLESS:
    case TRACE_AT_END:
    case TRACE_FAILED:
    case TRACE_NEW_NAME:
    case TRACE_CLONE:
        return true;
    }
    return false;
}

static bool must_stop(uint32_t arch, const char *name, const uint64_t args[6])
{
    size_t count;
    struct trace_rule *rules = decoder_rules(arch, &count);
    bool stops = false;

    for (size_t i = 0; i < count; i++)
        stops |=
            (int64_t)rules[i].number == syscall_number(arch, name) && rule_holds(&rules[i], args);
    free(rules);
    return stops;
}

static void test_rules(void **state)
{
    const uint32_t wide = AUDIT_ARCH_X86_64;

    (void)state;
    assert_true(must_stop(wide, "openat", ARGS(0)));
    assert_true(must_stop(wide, "execve", ARGS(0)));
    assert_true(must_stop(wide, "connect", ARGS(0)));
    assert_true(must_stop(wide, "newfstatat", ARGS(0)));
    assert_true(must_stop(wide, "rt_sigreturn", ARGS(0)));
    assert_false(must_stop(wide, "read", ARGS(0)));
    assert_false(must_stop(wide, "write", ARGS(4, 8, 8)));
    assert_false(must_stop(wide, "close", ARGS(4)));
    assert_true(must_stop(wide, "dup2", ARGS(4, 5)));
    assert_true(must_stop(wide, "mmap", ARGS(0, 0, PROT_READ | PROT_EXEC)));
    assert_false(must_stop(wide, "mmap", ARGS(0, 0, PROT_READ | PROT_WRITE)));
    assert_true(must_stop(wide, "mprotect", ARGS(0, 0, PROT_EXEC)));
    assert_false(must_stop(wide, "mprotect", ARGS(0, 0, PROT_READ)));
    assert_true(must_stop(wide, "sendto", ARGS(4, 8, 8, 0, 0x1000, 16)));
    assert_false(must_stop(wide, "sendto", ARGS(4, 8, 8, 0, 0, 0)));
    assert_true(must_stop(wide, "recvfrom", ARGS(4, 8, 8, 0, 0x1000, 0x2000)));
    assert_false(must_stop(wide, "recvfrom", ARGS(4, 8, 8)));
    assert_true(must_stop(wide, "fcntl", ARGS(4, F_DUPFD)));
    assert_true(must_stop(wide, "fcntl", ARGS(4, F_DUPFD_CLOEXEC)));
    assert_false(must_stop(wide, "fcntl", ARGS(4, F_GETFL)));
    /* the old mmap's arguments stand in memory */
    assert_true(must_stop(AUDIT_ARCH_I386, "mmap", ARGS(0)));
    assert_false(must_stop(AUDIT_ARCH_I386, "mmap2", ARGS(0, 0, PROT_READ)));
}

static void test_counted(void **state)
{
    struct decode_run *run = *state;
    const struct trace_count counts[] = {
        { AUDIT_ARCH_X86_64, 0, false, 1000, "/usr/bin/daemon", 30 },
        { AUDIT_ARCH_X86_64, 0, false, 5, "/usr/bin/daemon", 60 },
        { AUDIT_ARCH_X86_64, 500, false, 1, "", 60 },
    };

    for (size_t i = 0; i < ELEMENTS_OF(counts); i++)
        decoder_counted(run->decoder, &counts[i]);
    assert_int_equal(seen_syscall(run, "read", OUTCOME_UNKNOWN), 1005);
    assert_int_equal(seen_syscall(run, "read", 0), 0);
    assert_int_equal(seen_count(run, FACT_SYSCALL), 2);
}

static void make_udp(struct decode_run *run, int fd, const char *inode)
{
    fake_fd(&run->fake, fd, inode);
    fake_socket(&run->fake, fd, AF_INET, SOCK_DGRAM);
    drive_call(run, "socket", ARGS(AF_INET, SOCK_DGRAM, 0), fd);
}

static void connect_udp(struct decode_run *run, int fd, const char *host)
{
    struct sockaddr_in peer = { .sin_family = AF_INET, .sin_port = htons(123) };

    inet_pton(AF_INET, host, &peer.sin_addr);
    drive_call(run, "connect",
               ARGS((uint64_t)fd, fake_bytes(&run->fake, &peer, sizeof(peer)), sizeof(peer)), 0);
}

/* 1: to be watched, 0: no longer, -1: nothing asked */
static int asked(struct decode_run *run)
{
    pid_t tgid;
    bool on;

    if (!decoder_watch(run->decoder, &tgid, &on))
        return -1;
    assert_int_equal(tgid, RUN_TID);
    return on;
}

static uint64_t sent_to(const struct decode_run *run, const char *host, int outcome)
{
    return seen_address(run, ADDRESS_SEND, SOCK_DGRAM, host, 123, outcome);
}

static void test_probe_is_watched_until_closed(void **state)
{
    struct decode_run *run = *state;

    make_udp(run, 4, "socket:[77]");
    assert_int_equal(asked(run), -1);
    connect_udp(run, 4, "192.0.2.1");
    assert_int_equal(asked(run), 1);
    drive_call(run, "getsockname", ARGS(4), 0);
    assert_int_equal(asked(run), -1);
    drive_call(run, "close", ARGS(4), 0);
    drive_call(run, "getpid", ARGS(0), 0);
    assert_int_equal(asked(run), 0);
    assert_int_equal(sent_to(run, "192.0.2.1", 0), 0);
    assert_int_equal(sent_to(run, "192.0.2.1", OUTCOME_UNKNOWN), 0);
}

static void test_known_peer_is_not_watched(void **state)
{
    struct decode_run *run = *state;

    make_udp(run, 4, "socket:[77]");
    connect_udp(run, 4, "192.0.2.1");
    drive_call(run, "write", ARGS(4, 0x20, 1), 1);
    assert_int_equal(asked(run), 1);
    drive_call(run, "recvfrom", ARGS(4, 0x20, 1), 1);
    assert_int_equal(asked(run), 0);
    assert_int_equal(sent_to(run, "192.0.2.1", 0), 1);
    make_udp(run, 5, "socket:[78]");
    connect_udp(run, 5, "192.0.2.1");
    assert_int_equal(asked(run), -1);
    connect_udp(run, 5, "192.0.2.2");
    assert_int_equal(asked(run), 1);
    /* in another phase all is new */
    drive_call(run, "close", ARGS(5), 0);
    drive_call(run, "getpid", ARGS(0), 0);
    assert_int_equal(asked(run), 0);
    decoder_set_phase(run->decoder, PHASE_STOP);
    make_udp(run, 5, "socket:[79]");
    connect_udp(run, 5, "192.0.2.1");
    assert_int_equal(asked(run), 1);
}

static void test_shared_socket_that_stays_is_a_peer(void **state)
{
    struct decode_run *run = *state;
    struct trace_event thread = {
        .kind = TRACE_NEW_TASK, .tid = 2000, .tgid = RUN_TID, .parent = RUN_TID
    };
    struct trace_event tick = { .kind = TRACE_TICK, .at_ms = 100000 };

    decoder_event(run->decoder, &thread);
    make_udp(run, 4, "socket:[77]");
    connect_udp(run, 4, "192.0.2.1");
    assert_int_equal(asked(run), 1);
    decoder_event(run->decoder, &tick);
    assert_int_equal(asked(run), 0);
    assert_int_equal(sent_to(run, "192.0.2.1", OUTCOME_UNKNOWN), 1);
}

static void test_shared_socket_that_was_closed_unseen_is_none(void **state)
{
    struct decode_run *run = *state;
    struct trace_event thread = {
        .kind = TRACE_NEW_TASK, .tid = 2000, .tgid = RUN_TID, .parent = RUN_TID
    };
    struct trace_event tick = { .kind = TRACE_TICK, .at_ms = 100000 };

    decoder_event(run->decoder, &thread);
    make_udp(run, 4, "socket:[77]");
    connect_udp(run, 4, "192.0.2.1");
    fake_fd(&run->fake, 4, "/srv/file");
    decoder_event(run->decoder, &tick);
    assert_int_equal(asked(run), 1);
    assert_int_equal(asked(run), 0);
    assert_int_equal(sent_to(run, "192.0.2.1", OUTCOME_UNKNOWN), 0);
}

/* A close that nobody saw: the number means another socket by then. */
static void test_reused_number(void **state)
{
    struct decode_run *run = *state;
    struct sockaddr_in peer = { .sin_family = AF_INET, .sin_port = htons(123) };

    fake_fd(&run->fake, 4, "socket:[77]");
    drive_call(run, "socket", ARGS(AF_INET, SOCK_DGRAM, 0), 4);
    fake_fd(&run->fake, 4, "socket:[99]");
    fake_socket(&run->fake, 4, AF_INET, SOCK_STREAM);
    inet_pton(AF_INET, "192.0.2.9", &peer.sin_addr);
    uint64_t at = fake_bytes(&run->fake, &peer, sizeof(peer));
    drive_call(run, "connect", ARGS(4, at, sizeof(peer)), 0);
    assert_int_equal(seen_address(run, ADDRESS_CONNECT, SOCK_STREAM, "192.0.2.9", 123, 0), 1);
    assert_int_equal(asked(run), -1);
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(test_rules),
        CASE(test_counted),
        CASE(test_probe_is_watched_until_closed),
        CASE(test_known_peer_is_not_watched),
        CASE(test_shared_socket_that_stays_is_a_peer),
        CASE(test_shared_socket_that_was_closed_unseen_is_none),
        CASE(test_reused_number),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
