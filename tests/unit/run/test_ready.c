// SPDX-License-Identifier: LGPL-2.1-or-later
/* When a service counts as ready. */
#include "run/ready.h"
#include "unit.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static const struct ready_spec by_itself = { .kind = READY_LISTEN };

static bool is_ready(struct ready *ready, unsigned listens, int64_t now_ms, int64_t idle_ms)
{
    return ready_now(ready, getpid(), listens, now_ms, idle_ms);
}

static void assert_how(const struct ready *ready, const char *wanted)
{
    CLEANUP(free_char) char *how = ready_describe(ready);

    assert_string_equal(how, wanted);
}

static void test_listens(void **state)
{
    struct ready ready;

    (void)state;
    unsetenv("NOTIFY_SOCKET");
    assert_int_equal(ready_init(&ready, &by_itself, NULL), 0);
    assert_false(is_ready(&ready, 0, 9999, 9999));
    assert_how(&ready, "no listen()");
    assert_true(is_ready(&ready, 0, 10000, 0));
    assert_false(is_ready(&ready, 1, 100, 50));
    assert_true(is_ready(&ready, 1, 400, 250));
    assert_true(is_ready(&ready, 1, 3100, 0)); /* it is never idle */
    assert_how(&ready, "listen");
    ready_done(&ready);
}

/* One that may tell is not ready before it does, however it listens; should it never, others wait
 * no longer than that. */
static void test_may_tell(void **state)
{
    struct ready ready;

    (void)state;
    setenv("NOTIFY_SOCKET", "/run/elsewhere", 1);
    assert_int_equal(ready_init(&ready, &by_itself, NULL), 0);
    assert_false(is_ready(&ready, 1, 5000, 5000));
    assert_false(is_ready(&ready, 0, 29999, 29999));
    ready.notified = true;
    assert_true(is_ready(&ready, 0, 1, 0));
    assert_how(&ready, "notify");
    ready.notified = false;
    assert_true(is_ready(&ready, 1, 30000, 300));
    assert_how(&ready, "listen");
    ready_done(&ready);
    unsetenv("NOTIFY_SOCKET");
}

/* The time before the service came is not the service's. */
static void test_comes_late(void **state)
{
    const struct ready_spec delayed = { .kind = READY_DELAY, .delay_ms = 2000 };
    struct ready ready;

    (void)state;
    ready_observe(&ready, &by_itself);
    ready_meet(&ready, NULL, NULL, 60000);
    assert_false(is_ready(&ready, 0, 69999, 0));
    assert_true(is_ready(&ready, 0, 70000, 0));
    ready.notified = true; /* by a command that ran before it */
    ready_meet(&ready, NULL, mem_strdup("/run/elsewhere"), 80000);
    assert_false(is_ready(&ready, 1, 100000, 1000));
    ready_done(&ready);
    ready_observe(&ready, &delayed);
    ready_meet(&ready, NULL, NULL, 60000);
    assert_false(is_ready(&ready, 0, 61999, 0));
    assert_true(is_ready(&ready, 0, 62000, 0));
    ready_done(&ready);
}

static void tell(int fd, const char *text)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };

    snprintf(address.sun_path, sizeof(address.sun_path), "%s", getenv("NOTIFY_SOCKET"));
    ssize_t sent =
        sendto(fd, text, strlen(text), MSG_DONTWAIT, (struct sockaddr *)&address, sizeof(address));
    assert_int_equal(sent, strlen(text));
}

static bool is_own(const void *own, pid_t pid)
{
    return pid == *(const pid_t *)own;
}

/* There is always room for the next message, also when the service is long ready. */
static void test_hears(void **state)
{
    const struct ready_spec told = { .kind = READY_NOTIFY };
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const pid_t own = getpid();
    struct ready ready;

    (void)state;
    assert_int_equal(ready_init(&ready, &told, NULL), 0);
    assert_string_equal(getenv("NOTIFY_SOCKET"), ready.notify_path);
    for (int i = 0; i < 2000; i++) {
        assert_false(is_ready(&ready, 1, 60000, 1000));
        tell(fd, "STATUS=almost READY=1");
        ready_hear(&ready, is_own, &own);
    }
    tell(fd, "STATUS=up\nREADY=1");
    ready_hear(&ready, is_own, &own);
    assert_true(is_ready(&ready, 0, 1, 0));
    for (int i = 0; i < 2000; i++) {
        tell(fd, "WATCHDOG=1");
        ready_hear(&ready, is_own, &own);
    }
    close(fd);
    ready_done(&ready);
    assert_int_not_equal(access(getenv("NOTIFY_SOCKET"), F_OK), 0);
    unsetenv("NOTIFY_SOCKET");
}

/* READY=1 of another process, which anybody may send, is none. */
static void test_forged(void **state)
{
    const struct ready_spec told = { .kind = READY_NOTIFY };
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    pid_t own = getppid();
    struct ready ready;

    (void)state;
    assert_int_equal(ready_init(&ready, &told, NULL), 0);
    tell(fd, "READY=1");
    ready_hear(&ready, is_own, &own);
    assert_false(is_ready(&ready, 1, 60000, 1000));
    own = getpid();
    tell(fd, "READY=1");
    ready_hear(&ready, is_own, &own);
    assert_true(is_ready(&ready, 0, 1, 0));
    close(fd);
    ready_done(&ready);
    unsetenv("NOTIFY_SOCKET");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_listens),    cmocka_unit_test(test_may_tell),
        cmocka_unit_test(test_comes_late), cmocka_unit_test(test_hears),
        cmocka_unit_test(test_forged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
