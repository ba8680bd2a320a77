// SPDX-License-Identifier: LGPL-2.1-or-later
/* What PID 1's answers about a unit mean: how it reloads, and why a start never comes to the gate.
 */
#include "run/pid1.h"
#include "unit.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BIT(number)     (UINT64_C(1) << (number))
#define COMMAND(words)  "{ path=/x ; argv[]=" words " ; ignore_errors=no ; pid=0 ; status=0/0 }"
#define STARTED(active) "LoadState=loaded\nInvocationID=b\nNRestarts=0\nActiveState=" active "\n"
#define GATE            "ExecStart={ path=/opt/cinch-gate ; argv[]=/opt/cinch-gate -- /bin/d ; }\n"

static struct pid1 answered(const char *state)
{
    return (struct pid1){ .unit = "d.service", .fd = -1, .child = -1, .state = mem_strdup(state) };
}

static void test_reload_signals(void **state)
{
    static const struct {
        const char *answer;
        uint64_t signals;
    } rows[] = {
        { "ExecReload=" COMMAND("/bin/kill -USR2 $MAINPID"), BIT(SIGUSR2) },
        { "ExecReload=" COMMAND("/bin/kill -s SIGUSR1 $MAINPID"), BIT(SIGUSR1) },
        { "ExecReload=" COMMAND("/usr/bin/pkill --signal=10 d"), BIT(SIGUSR1) },
        { "ExecReload=" COMMAND("/bin/kill -TERM $MAINPID"), 0 },
        { "ExecReload=" COMMAND("/usr/sbin/d -USR1"), 0 },
        { "ExecReload=" COMMAND("/bin/true") " ; " COMMAND("/bin/kill -HUP $MAINPID"),
          BIT(SIGHUP) },
        { "Type=notify-reload\nReloadSignal=12", BIT(SIGUSR2) },
        { "Type=simple\nReloadSignal=12", 0 },
        { "ExecReload={ path=/bin/kill ; argv[]=", 0 },
        { "ExecReload=", 0 },
        { "", 0 },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(rows); i++) {
        struct pid1 pid1 = answered(rows[i].answer);
        if (pid1_reload_signals(&pid1) != rows[i].signals)
            fail_msg("%s: %llx", rows[i].answer, (unsigned long long)pid1_reload_signals(&pid1));
        pid1_done(&pid1);
    }
}

/* `before` is another start, inactive by now. */
static void test_failed_starts(void **state)
{
    static const char before[] = "InvocationID=a\nNRestarts=0\nConditionTimestampMonotonic=1\n";
    static const struct {
        const char *answer;
        const char *said; /* NULL: a start may come yet */
    } rows[] = {
        { "LoadState=loaded\nInvocationID=a\nNRestarts=0\nActiveState=failed\n", NULL },
        { STARTED("activating") GATE, NULL },
        { STARTED("active") GATE, NULL }, /* not for so long that it must have come */
        { STARTED("failed") GATE "Result=exit-code\nExecMainStatus=203\nNoExecPaths=/\n",
          "status 203, cannot be executed): NoExecPaths=/ forbids to execute /opt/cinch-gate" },
        { STARTED("failed") GATE "InaccessiblePaths=-/srv /opt\n", "InaccessiblePaths=" },
        { STARTED("failed") GATE "InaccessiblePaths=/srv\n", "(Result=?, status ?); see" },
        { STARTED("failed") GATE "TemporaryFileSystem=/:ro,mode=755\n", "hides /opt/cinch-gate" },
        { STARTED("failed") GATE "RootDirectory=/srv/root\n", "another root" },
        { STARTED("inactive") "ExecStart=" COMMAND("/bin/d"), "none of its commands" },
        { STARTED("activating") "SubState=auto-restart\n", "ended before" },
        { "LoadState=loaded\nInvocationID=a\nConditionResult=no\nConditionTimestampMonotonic=2\n"
          "ActiveState=inactive\n",
          "a Condition of the unit" },
        { "", NULL },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(rows); i++) {
        struct pid1 pid1 = answered(rows[i].answer);
        int64_t since_ms = -1;
        CLEANUP(free_char) char *said = pid1_failed_start(&pid1, before, &since_ms);
        if (!said != !rows[i].said || (said && !strstr(said, rows[i].said)))
            fail_msg("%s: %s", rows[i].answer, said ? said : "nothing");
        pid1_done(&pid1);
    }
}

/* Where nobody can be asked the unit counts as started, and is never said to be missing. */
static void test_nobody_to_ask(void **state)
{
    struct pid1 pid1 = PID1_NONE;

    (void)state;
    pid1_ask_now(&pid1);
    assert_true(pid1_has_started(&pid1));
    assert_false(pid1_has_stopped(&pid1));
    assert_false(pid1_knows(&pid1));
    assert_null(pid1_no_such_unit(&pid1));
    struct pid1 missing = answered("LoadState=not-found\nActiveState=inactive\n");
    CLEANUP(free_char) char *said = pid1_no_such_unit(&missing);
    assert_non_null(strstr(said, "no such unit (LoadState=not-found)"));
    pid1_done(&missing);
}

static void test_has_started(void **state)
{
    static const struct {
        const char *answer;
        bool started;
    } rows[] = {
        { "LoadState=loaded\nActiveState=active\nType=forking\n", true },
        { "LoadState=loaded\nActiveState=reloading\nType=notify\n", true },
        { "LoadState=loaded\nActiveState=activating\nType=forking\n", false },
        { "LoadState=loaded\nActiveState=activating\nType=oneshot\n", true },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(rows); i++) {
        struct pid1 pid1 = answered(rows[i].answer);
        assert_int_equal(pid1_has_started(&pid1), rows[i].started);
        pid1_done(&pid1);
    }
}

static void test_what_is_left(void **state)
{
    static const struct {
        const char *answer;
        bool is_unknown, restarts;
    } rows[] = {
        { "LoadState=not-found\nActiveState=inactive\n", true, false },
        { "LoadState=masked\nActiveState=inactive\n", false, false },
        { "LoadState=loaded\nRestart=always\nActiveState=activating\nSubState=auto-restart\n",
          false, true },
        { "LoadState=loaded\nRestart=on-failure\nActiveState=active\n", false, true },
        { "LoadState=loaded\nRestart=on-failure\nActiveState=failed\n", false, false },
        { "LoadState=loaded\nRestart=no\nActiveState=active\n", false, false },
        { "", false, false },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(rows); i++) {
        struct pid1 pid1 = answered(rows[i].answer);
        if (pid1_is_unknown(&pid1) != rows[i].is_unknown ||
            pid1_restarts(&pid1) != rows[i].restarts)
            fail_msg("%s", rows[i].answer);
        pid1_done(&pid1);
    }
}

/* Whoever answers as systemctl(1): one that never ends is not heard out, and says nothing. */
static void test_endless_answer(void **state)
{
    char directory[] = "/tmp/cinch-pid1-XXXXXX";
    CLEANUP(free_char) char *former = mem_strdup(getenv("PATH"));
    struct pid1 pid1 = { .unit = "d.service", .fd = -1, .child = -1 };

    (void)state;
    assert_non_null(mkdtemp(directory));
    CLEANUP(free_char) char *program = mem_printf("%s/systemctl", directory);
    CLEANUP(free_char) char *path = mem_printf("%s:%s", directory, former);
    FILE *script = fopen(program, "we");
    assert_non_null(script);
    fputs("#!/bin/sh\nexec yes LoadState=loaded\n", script);
    assert_int_equal(fchmod(fileno(script), 0755), 0);
    fclose(script);
    setenv("PATH", path, 1);
    pid1_ask_now(&pid1);
    setenv("PATH", former, 1);
    unlink(program);
    rmdir(directory);
    assert_int_equal(pid1.answers, 1);
    assert_null(pid1.state);
    assert_int_equal(pid1.fd, -1);
    assert_int_equal(pid1.child, -1);
    pid1_done(&pid1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reload_signals), cmocka_unit_test(test_failed_starts),
        cmocka_unit_test(test_nobody_to_ask),  cmocka_unit_test(test_has_started),
        cmocka_unit_test(test_what_is_left),   cmocka_unit_test(test_endless_answer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
