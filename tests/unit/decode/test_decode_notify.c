// SPDX-License-Identifier: LGPL-2.1-or-later
/* What a service tells its manager, sd_notify(3), and by which calls. */
#include "decode_run.h"
#include "unit.h"
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#define MANAGER "/run/systemd/notify"

static int setup(void **state)
{
    struct decode_run *run = mem_new(1, sizeof(*run));

    drive_init(run);
    decoder_notify_socket(run->decoder, MANAGER);
    *state = run;
    return 0;
}

static int teardown(void **state)
{
    drive_done(*state);
    free(*state);
    return 0;
}

/* Where a socket address is, and how long. */
struct place {
    uint64_t at, length;
};

static struct place address_of(struct decode_run *run, const char *path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    size_t length = strlen(path);

    memcpy(address.sun_path, path, length);
    if (path[0] == '@')
        address.sun_path[0] = '\0';
    length += offsetof(struct sockaddr_un, sun_path);
    return (struct place){ fake_bytes(&run->fake, &address, length), length };
}

static unsigned send_to(struct decode_run *run, const char *path, const char *text, int64_t rval)
{
    struct place address = address_of(run, path);

    drive_call(run, "sendto",
               ARGS(4, STRING(run, text), strlen(text), 0, address.at, address.length), rval);
    return decoder_notified(run->decoder);
}

static void test_messages(void **state)
{
    struct decode_run *run = *state;
    static const struct {
        const char *text;
        unsigned told;
    } rows[] = {
        { "READY=1", NOTIFY_READY },
        { "STATUS=up\nREADY=1\n", NOTIFY_READY },
        { "RELOADING=1\nMONOTONIC_USEC=5", NOTIFY_RELOADING },
        { "STOPPING=1", NOTIFY_STOPPING },
        { "READY=1\nSTOPPING=1", NOTIFY_READY | NOTIFY_STOPPING },
        { "WATCHDOG=1", 0 },
        { "READY=0", 0 },
        { "READY=12", 0 },
        { "ALREADY=1", 0 },
        { "STATUS=READY=1", 0 },
        { "", 0 },
    };

    for (size_t i = 0; i < ELEMENTS_OF(rows); i++) {
        unsigned told = send_to(run, MANAGER, rows[i].text, (int64_t)strlen(rows[i].text));
        if (told != rows[i].told)
            fail_msg("%s: %u", rows[i].text, told);
    }
    assert_int_equal(decoder_notified(run->decoder), 0);
}

static void test_who_is_told(void **state)
{
    struct decode_run *run = *state;

    assert_int_equal(send_to(run, "/run/other", "READY=1", 7), 0);
    assert_int_equal(send_to(run, MANAGER "x", "READY=1", 7), 0);
    assert_int_equal(send_to(run, MANAGER, "READY=1", -ECONNREFUSED), 0);
    drive_call(run, "sendto", ARGS(4, STRING(run, "READY=1"), 7, 0, 0, 0), 7);
    assert_int_equal(decoder_notified(run->decoder), 0);
    decoder_notify_socket(run->decoder, "@manager");
    assert_int_equal(send_to(run, MANAGER, "READY=1", 7), 0);
    assert_int_equal(send_to(run, "@manager", "READY=1", 7), NOTIFY_READY);
    decoder_notify_socket(run->decoder, NULL);
    assert_int_equal(send_to(run, "@manager", "READY=1", 7), 0);
}

/* A message that is not there, or longer than any manager takes. */
static void test_hostile(void **state)
{
    struct decode_run *run = *state;
    struct place address = address_of(run, MANAGER);

    drive_call(run, "sendto", ARGS(4, 16, 7, 0, address.at, address.length), 7);
    drive_call(run, "sendto",
               ARGS(4, STRING(run, "READY=1"), UINT64_MAX, 0, address.at, address.length), 7);
    drive_call(run, "sendto", ARGS(4, STRING(run, "READY=1"), 7, 0, address.at, UINT64_MAX),
               -EINVAL);
    assert_int_equal(decoder_notified(run->decoder), 0);
}

/* struct msghdr, of one message in two pieces. */
static uint64_t header_of(struct decode_run *run, struct place address, const char *text)
{
    uint64_t at = STRING(run, text);
    const uint64_t pieces[] = { at, 3, at + 3, strlen(text) - 3 };
    const uint64_t header[] = {
        address.at, address.length, fake_bytes(&run->fake, pieces, sizeof(pieces)), 2, 0, 0, 0, 0
    };

    return fake_bytes(&run->fake, header, sizeof(header));
}

static void test_sendmsg(void **state)
{
    struct decode_run *run = *state;
    struct place manager = address_of(run, MANAGER), other = address_of(run, "/run/other");

    drive_call(run, "sendmsg", ARGS(4, header_of(run, manager, "READY=1")), 7);
    assert_int_equal(decoder_notified(run->decoder), NOTIFY_READY);
    drive_call(run, "sendmsg", ARGS(4, header_of(run, other, "READY=1")), 7);
    assert_int_equal(decoder_notified(run->decoder), 0);
    drive_call(run, "sendmmsg", ARGS(4, header_of(run, manager, "RELOADING=1"), 1), 1);
    assert_int_equal(decoder_notified(run->decoder), NOTIFY_RELOADING);
    drive_call(run, "sendmmsg", ARGS(4, header_of(run, manager, "READY=1"), 1), -EAGAIN);
    assert_int_equal(decoder_notified(run->decoder), 0);
}

/* The last request to see a process at every call: 1 on, 0 off, -1 none. */
static int watched(struct decode_run *run)
{
    int result = -1;
    bool on;
    pid_t tgid;

    while (decoder_watch(run->decoder, &tgid, &on))
        result = on;
    return result;
}

static void connect_to(struct decode_run *run, uint64_t fd, const char *path, int64_t rval)
{
    struct place address = address_of(run, path);

    fake_socket(&run->fake, (int)fd, AF_UNIX, SOCK_DGRAM);
    drive_call(run, "socket", ARGS(AF_UNIX, SOCK_DGRAM, 0), (int64_t)fd);
    drive_call(run, "connect", ARGS(fd, address.at, address.length), rval);
}

/* Who connects first writes by calls that do not stop: it is watched until it is ready. */
static void test_connected(void **state)
{
    struct decode_run *run = *state;
    uint64_t text = STRING(run, "READY=1");
    const uint64_t piece[] = { text, 7 };

    connect_to(run, 4, "/run/other", 0);
    assert_int_equal(watched(run), -1);
    connect_to(run, 5, MANAGER, -ECONNREFUSED);
    assert_int_equal(watched(run), -1);
    connect_to(run, 5, MANAGER, 0);
    assert_int_equal(watched(run), 1);
    drive_call(run, "write", ARGS(4, text, 7), 7);
    drive_call(run, "write", ARGS(5, text, 7), -EAGAIN);
    assert_int_equal(decoder_notified(run->decoder), 0);
    drive_call(run, "write", ARGS(5, text, 7), 7);
    assert_int_equal(decoder_notified(run->decoder), NOTIFY_READY);
    drive_call(run, "writev", ARGS(5, fake_bytes(&run->fake, piece, sizeof(piece)), 1), 7);
    assert_int_equal(decoder_notified(run->decoder), NOTIFY_READY);
    drive_call(run, "sendto", ARGS(5, text, 7, 0, 0, 0), 7);
    assert_int_equal(decoder_notified(run->decoder), NOTIFY_READY);
    assert_int_equal(watched(run), -1);
    decoder_set_phase(run->decoder, PHASE_SERVE);
    drive_event(run, TRACE_TICK, 0, 0);
    assert_int_equal(watched(run), 0);
    connect_to(run, 6, MANAGER, 0);
    assert_int_equal(watched(run), -1);
}

/* It may never tell. */
static void test_silent(void **state)
{
    struct decode_run *run = *state;

    connect_to(run, 5, MANAGER, 0);
    assert_int_equal(watched(run), 1);
    run->now_ms += 29000;
    drive_event(run, TRACE_TICK, 0, 0);
    assert_int_equal(watched(run), -1);
    run->now_ms += 2000;
    drive_event(run, TRACE_TICK, 0, 0);
    assert_int_equal(watched(run), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_messages), TEST(test_who_is_told), TEST(test_hostile),
        TEST(test_sendmsg),  TEST(test_connected),   TEST(test_silent),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
