// SPDX-License-Identifier: LGPL-2.1-or-later
/* Which calls take a capability, and that it is asked only of who has one. */
#include "decode/roles/capability.h"
#include "decode_run.h"
#include "unit.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/prctl.h>
#include <netinet/in.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

static int set_up(void **state)
{
    struct decode_run *run = mem_new(1, sizeof(*run));

    drive_init(run);
    fake_privileges(&run->fake, 0);
    *state = run;
    return 0;
}

static int tear_down(void **state)
{
    struct decode_run *run = *state;

    drive_done(run);
    free(run);
    return 0;
}

static const struct {
    const char *call;
    uint64_t args[6];
    const char *capability; /* NULL: none */
    enum capability_basis basis;
} cases[] = {
    { "setuid", { 33 }, "CAP_SETUID", CAPABILITY_RULE },
    { "setuid", { 0 }, NULL, 0 },
    { "setresgid", { UINT32_MAX, 33, UINT32_MAX }, "CAP_SETGID", CAPABILITY_RULE },
    { "setresgid", { 0, 0, UINT32_MAX }, NULL, 0 },
    { "setgroups", { 0, 0 }, "CAP_SETGID", CAPABILITY_RULE },
    { "kill", { FAKE_FOREIGN_PID, 15 }, "CAP_KILL", CAPABILITY_RULE },
    { "kill", { RUN_TID, 15 }, NULL, 0 },
    { "kill", { 77, 0 }, NULL, 0 }, /* of the same user */
    { "socket", { AF_INET, SOCK_RAW | SOCK_CLOEXEC, 1 }, "CAP_NET_RAW", CAPABILITY_RULE },
    { "socket", { AF_INET, SOCK_STREAM, 0 }, NULL, 0 },
    { "socket", { AF_NETLINK, SOCK_RAW, 0 }, NULL, 0 }, /* netlink(7): no matter */
    { "socket", { AF_NETLINK, SOCK_RAW, 9 }, "CAP_AUDIT_WRITE", CAPABILITY_GUESS },
    { "socket", { AF_PACKET, SOCK_DGRAM, 0 }, "CAP_NET_RAW", CAPABILITY_RULE },
    { "unshare", { CLONE_NEWNS }, "CAP_SYS_ADMIN", CAPABILITY_RULE },
    { "unshare", { CLONE_NEWNS | CLONE_NEWUSER }, NULL, 0 },
    { "unshare", { CLONE_FILES }, NULL, 0 },
    { "clone", { CLONE_NEWNET | 17 }, "CAP_SYS_ADMIN", CAPABILITY_RULE },
    { "clone", { 17 }, NULL, 0 },
    { "prctl", { PR_CAPBSET_DROP, 21 }, "CAP_SETPCAP", CAPABILITY_RULE },
    { "prctl", { PR_SET_NAME, 0 }, NULL, 0 },
    { "prctl",
      { PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, 10 },
      "CAP_NET_BIND_SERVICE",
      CAPABILITY_RULE },
    { "prctl", { PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, 10 }, NULL, 0 },
    { "timerfd_create", { 8, 0 }, "CAP_WAKE_ALARM", CAPABILITY_RULE },
    { "timerfd_create", { 1, 0 }, NULL, 0 },
    { "setsockopt", { 3, 1, 36 }, "CAP_NET_ADMIN", CAPABILITY_GUESS },
    { "setsockopt", { 3, 6, 13 }, NULL, 0 }, /* TCP_CONGESTION */
    { "sched_setaffinity", { FAKE_FOREIGN_PID, 8, 0x20 }, "CAP_SYS_NICE", CAPABILITY_RULE },
    { "iopl", { 3 }, "CAP_SYS_RAWIO", CAPABILITY_RULE },
    { "getppid", { 0 }, NULL, 0 },
};

static void test_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++) {
        struct decode_run *run = mem_new(1, sizeof(*run));
        drive_init(run);
        fake_privileges(&run->fake, 0);
        drive_call(run, cases[i].call, cases[i].args, -EPERM); /* failed: not needed */
        assert_int_equal(seen_count(run, FACT_CAPABILITY), 0);
        drive_call(run, cases[i].call, cases[i].args, 0);
        if (!cases[i].capability && seen_count(run, FACT_CAPABILITY))
            fail_msg("%s (case %zu) takes none", cases[i].call, i);
        if (cases[i].capability &&
            seen_capability(run, cases[i].capability, cases[i].call, cases[i].basis) != 1)
            fail_msg("%s (case %zu) takes %s", cases[i].call, i, cases[i].capability);
        drive_done(run);
        free(run);
    }
}

static void test_rows_are_sorted(void **state)
{
    size_t count;

    (void)state;
    for (size_t i = 1; i < capability_rule_count; i++)
        assert_true(strcmp(capability_rules[i - 1].call, capability_rules[i].call) <= 0);
    for (size_t i = 0; i < capability_rule_count; i++) {
        assert_non_null(capability_rules_of(capability_rules[i].call, &count));
        assert_int_not_equal(capability_rules[i].basis, CAPABILITY_KERNEL);
        assert_non_null(capability_name(capability_rules[i].capability));
    }
    assert_non_null(capability_rules_of("prctl", &count));
    assert_int_equal(count, 3);
    assert_null(capability_rules_of("read", &count));
    assert_int_equal(count, 0);
}

static void test_who_has_none_needs_none(void **state)
{
    struct decode_run *run = *state;

    fake_privileges(&run->fake, 33);
    drive_call(run, "socket", ARGS(AF_INET, SOCK_RAW, 1), 3);
    drive_call(run, "setgroups", ARGS(0, 0), 0);
    assert_int_equal(seen_count(run, FACT_CAPABILITY), 0);
}

/* What it may do is read once, and again when a call may have changed it. */
static void test_privileges_are_kept(void **state)
{
    struct decode_run *run = *state;

    drive_call(run, "setgroups", ARGS(0, 0), 0);
    assert_int_equal(seen_capability(run, "CAP_SETGID", "setgroups", CAPABILITY_RULE), 1);
    drive_call(run, "setuid", ARGS(33), 0);
    assert_int_equal(seen_capability(run, "CAP_SETUID", "setuid", CAPABILITY_RULE), 1);
    fake_privileges(&run->fake, 33);
    drive_call(run, "setuid", ARGS(34), 0); /* cannot be, but would not be a capability's doing */
    assert_int_equal(seen_capability(run, "CAP_SETUID", "setuid", CAPABILITY_RULE), 1);
    unsigned reads = run->fake.proc_reads;
    drive_call(run, "iopl", ARGS(3), 0);
    drive_call(run, "iopl", ARGS(3), 0);
    assert_true(run->fake.proc_reads - reads <= 1);
}

/* There it has them all, and needs none of ours. */
static void test_own_user_namespace(void **state)
{
    struct decode_run *run = *state;

    run->fake.privileges.user_namespace = 1;
    drive_call(run, "unshare", ARGS(CLONE_NEWUSER), 0);
    run->fake.privileges.user_namespace = 2;
    drive_call(run, "setgroups", ARGS(0, 0), 0);
    assert_int_equal(seen_count(run, FACT_CAPABILITY), 0);
}

static void test_ports(void **state)
{
    struct decode_run *run = *state;
    struct sockaddr_in low = { .sin_family = AF_INET, .sin_port = htons(80) };
    struct sockaddr_in high = { .sin_family = AF_INET, .sin_port = htons(1024) };
    uint64_t at_low = fake_bytes(&run->fake, &low, sizeof(low));
    uint64_t at_high = fake_bytes(&run->fake, &high, sizeof(high));

    fake_socket(&run->fake, 3, AF_INET, SOCK_STREAM);
    drive_call(run, "bind", ARGS(3, at_high, sizeof(high)), 0);
    assert_int_equal(seen_count(run, FACT_CAPABILITY), 0);
    drive_call(run, "bind", ARGS(3, at_low, sizeof(low)), 0);
    assert_int_equal(seen_capability(run, "CAP_NET_BIND_SERVICE", "bind", CAPABILITY_RULE), 1);
    fake_program(&run->fake, "/proc/sys/net/ipv4/ip_unprivileged_port_start", "80\n", 3, 0644);
    drive_call(run, "bind", ARGS(3, at_low, sizeof(low)), 0);
    assert_int_equal(seen_capability(run, "CAP_NET_BIND_SERVICE", "bind", CAPABILITY_RULE), 1);
}

static void test_owners(void **state)
{
    struct decode_run *run = *state;
    uint64_t mine = STRING(run, "/srv/mine"), theirs = STRING(run, "/srv/theirs");

    fake_file(&run->fake, "/srv/mine");
    fake_program(&run->fake, "/srv/theirs", NULL, 0, S_IFREG | 0644);
    run->fake.files[run->fake.file_count - 1].uid = 33;
    fake_program(&run->fake, "/srv", NULL, 0, S_IFDIR | 0755);
    drive_call(run, "chmod", ARGS(mine, 0600), 0);
    drive_call(run, "chown", ARGS(mine, 0, UINT32_MAX), 0);
    drive_call(run, "utimensat", ARGS(CWD, theirs, 0, 0),
               0);                              /* "now": being able to write will do */
    drive_call(run, "unlink", ARGS(theirs), 0); /* the directory is not sticky */
    assert_int_equal(seen_count(run, FACT_CAPABILITY), 0);
    drive_call(run, "chown", ARGS(mine, 33, UINT32_MAX), 0);
    assert_int_equal(seen_capability(run, "CAP_CHOWN", "chown", CAPABILITY_RULE), 1);
    drive_call(run, "fchownat", ARGS(CWD, theirs, 33, UINT32_MAX),
               0); /* 33 already, but not ours */
    assert_int_equal(seen_capability(run, "CAP_CHOWN", "fchownat", CAPABILITY_RULE), 1);
    drive_call(run, "chmod", ARGS(theirs, 0600), 0);
    assert_int_equal(seen_capability(run, "CAP_FOWNER", "chmod", CAPABILITY_RULE), 1);
}

static void test_capset(void **state)
{
    struct decode_run *run = *state;
    struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
    struct __user_cap_data_struct few[2] = { { .effective = 1u << CAP_NET_RAW,
                                               .permitted = 1u << CAP_NET_RAW } };
    struct __user_cap_data_struct most[2] = { { .permitted = ~(1u << CAP_SYS_ADMIN) } };
    uint64_t head = fake_bytes(&run->fake, &header, sizeof(header));

    drive_call(run, "capset", ARGS(head, fake_bytes(&run->fake, most, sizeof(most))), 0);
    assert_int_equal(seen_count(run, FACT_CAPABILITY), 0);
    drive_call(run, "capset", ARGS(head, fake_bytes(&run->fake, few, sizeof(few))), 0);
    assert_int_equal(seen_capability(run, "CAP_NET_RAW", "capset", CAPABILITY_RULE), 1);
    assert_int_equal(seen_count(run, FACT_CAPABILITY), 1);
}

static void leave(struct decode_run *run, pid_t tid)
{
    drive_event(run, TRACE_LEAVING, tid, 0);
    drive_event(run, TRACE_GONE, tid, 0);
}

/* The kernel says that a task used one, not which. */
static void test_unexplained_use(void **state)
{
    struct decode_run *run = *state;

    decoder_watch_use(run->decoder);
    drive_event(run, TRACE_NEW_TASK, 1001, RUN_TID);
    drive_event(run, TRACE_NEW_TASK, 1002, RUN_TID);
    leave(run, 1001);
    assert_int_equal(seen_blind_spot(run, "capability-use", "/usr/bin/daemon"), 0);
    drive_call(run, "setgroups", ARGS(0, 0), 0);
    run->fake.has_used = 1;
    leave(run, RUN_TID); /* that was it */
    assert_int_equal(seen_blind_spot(run, "capability-use", "/usr/bin/daemon"), 0);
    leave(run, 1002);
    assert_int_equal(seen_blind_spot(run, "capability-use", "/usr/bin/daemon"), 1);
}

/* Killed, it could not be asked any more; with nothing permitted there was nothing to ask. */
static void test_unasked_use(void **state)
{
    struct decode_run *run = *state;

    decoder_watch_use(run->decoder);
    drive_event(run, TRACE_NEW_TASK, 1001, RUN_TID);
    drive_event(run, TRACE_GONE, 1001, 0);
    assert_int_equal(seen_blind_spot(run, "capability-use", "/usr/bin/daemon"), 1);
    fake_privileges(&run->fake, 33);
    run->fake.has_used = 1;
    drive_event(run, TRACE_EXEC, RUN_TID, RUN_TID);
    drive_event(run, TRACE_NEW_TASK, 1002, RUN_TID);
    drive_event(run, TRACE_GONE, 1002, 0);
    leave(run, RUN_TID);
    assert_int_equal(seen_blind_spot(run, "capability-use", "/usr/bin/daemon"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_rows_are_sorted),
        cmocka_unit_test_setup_teardown(test_who_has_none_needs_none, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_privileges_are_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_own_user_namespace, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ports, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_owners, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_capset, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_unexplained_use, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_unasked_use, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
