// SPDX-License-Identifier: LGPL-2.1-or-later
/* By whichever call a name server's answer comes, it is read, and nothing else is. */
#include "unit.h"

#include "decode_run.h"
#include "dns_build.h"
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>

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

static void make_socket(struct decode_run *run, int fd, int type)
{
    fake_fd(&run->fake, fd, "socket:[77]");
    fake_socket(&run->fake, fd, AF_INET, type);
    drive_call(run, "socket", ARGS(AF_INET, (uint64_t)type, 0), fd);
}

static uint64_t peer_bytes(struct decode_run *run, unsigned port)
{
    struct sockaddr_in peer = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };

    inet_pton(AF_INET, "127.0.0.53", &peer.sin_addr);
    return fake_bytes(&run->fake, &peer, sizeof(peer));
}

static void connect_to(struct decode_run *run, int fd, int type, unsigned port, int64_t rval)
{
    make_socket(run, fd, type);
    drive_call(run, "connect",
               ARGS((uint64_t)fd, peer_bytes(run, port), sizeof(struct sockaddr_in)), rval);
}

/* An answer in the tracee's memory; `ret_length` its bytes. */
static uint64_t answer_bytes(struct decode_run *run, const char *host, bool framed,
                             uint64_t *ret_length)
{
    CLEANUP(str_done) struct str message = { 0 };
    CLEANUP(str_done) struct str whole = { 0 };

    dns_begin(&message, 0x8180, "api.example.org", 1);
    dns_address(&message, "@12", 60, host);
    if (framed)
        dns_number(&whole, 2, (uint32_t)message.length);
    str_add_bytes(&whole, message.data, message.length);
    *ret_length = whole.length;
    return fake_bytes(&run->fake, whole.data, whole.length);
}

/* How often the name was seen to be that address, with that time to live. */
static uint64_t seen_name(const struct decode_run *run, const char *host)
{
    size_t count;
    const struct fact *const *facts = profile_facts(run->profile, FACT_NAME, &count);

    for (size_t i = 0; i < count; i++) {
        assert_string_equal(facts[i]->name.name, "api.example.org");
        assert_int_equal(facts[i]->name.ttl_s, 60);
        if (strcmp(facts[i]->name.host, host) == 0)
            return evidence_total(&facts[i]->evidence);
    }
    return 0;
}

static int asked(struct decode_run *run)
{
    pid_t tgid;
    bool on;

    return decoder_watch(run->decoder, &tgid, &on) ? on : -1;
}

static void test_glibc(void **state)
{
    struct decode_run *run = *state;
    uint64_t length;

    connect_to(run, 4, SOCK_DGRAM, 53, 0);
    uint64_t at = answer_bytes(run, "192.0.2.7", false, &length);
    uint64_t from = peer_bytes(run, 53);
    uint64_t from_length = fake_bytes(&run->fake, &(uint32_t){ 16 }, 4);
    drive_call(run, "recvfrom", ARGS(4, at, 1024, 0, from, from_length), (int64_t)length);
    assert_int_equal(seen_name(run, "192.0.2.7"), 1);
    /* such calls always stop: another lookup needs no watching */
    assert_int_equal(asked(run), 1);
    drive_call(run, "write", ARGS(4, at, 1), 1);
    assert_int_equal(asked(run), 0);
    connect_to(run, 5, SOCK_DGRAM, 53, 0);
    assert_int_equal(asked(run), -1);
    drive_call(run, "recvfrom", ARGS(5, at, 1024, 0, from, from_length), (int64_t)length);
    assert_int_equal(seen_name(run, "192.0.2.7"), 2);
}

static void test_read(void **state)
{
    struct decode_run *run = *state;
    uint64_t length, other_length;

    connect_to(run, 4, SOCK_DGRAM, 53, 0);
    uint64_t at = answer_bytes(run, "192.0.2.7", false, &length);
    uint64_t other = answer_bytes(run, "192.0.2.8", false, &other_length);
    drive_call(run, "write", ARGS(4, at, 1), 1);
    assert_true(drive_enter(run, "read", ARGS(4, at, 1024)));
    drive_exit(run, (int64_t)length);
    assert_int_equal(seen_name(run, "192.0.2.7"), 1);
    const uint64_t pieces[] = { other, 20, other + 20, 1000 };
    uint64_t vector = fake_bytes(&run->fake, pieces, sizeof(pieces));
    drive_call(run, "readv", ARGS(4, vector, 2), (int64_t)other_length);
    assert_int_equal(seen_name(run, "192.0.2.8"), 1);
    assert_int_equal(asked(run), 1);
    run->now_ms += 2000;
    drive_call(run, "getpid", ARGS(0), 0);
    drive_call(run, "getpid", ARGS(0), 0);
    assert_int_equal(asked(run), 0);
}

/* musl's and others' sockets are not connected: the packet says where it came from. */
static void test_recvmsg_unconnected(void **state)
{
    struct decode_run *run = *state;
    uint64_t length;

    make_socket(run, 4, SOCK_DGRAM);
    for (unsigned port = 53; port <= 54; port++) {
        uint64_t at = answer_bytes(run, port == 53 ? "192.0.2.7" : "192.0.2.8", false, &length);
        const uint64_t piece[] = { at, 2048 };
        const uint64_t message[] = { peer_bytes(run, port),
                                     sizeof(struct sockaddr_in),
                                     fake_bytes(&run->fake, piece, sizeof(piece)),
                                     1,
                                     0,
                                     0,
                                     0 };
        drive_call(run, "recvmsg", ARGS(4, fake_bytes(&run->fake, message, sizeof(message)), 0),
                   (int64_t)length);
    }
    assert_int_equal(seen_name(run, "192.0.2.7"), 1);
    assert_int_equal(seen_name(run, "192.0.2.8"), 0);
}

static void test_recvmmsg(void **state)
{
    struct decode_run *run = *state;
    uint64_t lengths[2];

    connect_to(run, 4, SOCK_DGRAM, 53, 0);
    uint64_t first = answer_bytes(run, "192.0.2.7", false, &lengths[0]);
    uint64_t second = answer_bytes(run, "2001:db8::7", false, &lengths[1]);
    const uint64_t pieces[] = { first, 2048, second, 2048 };
    uint64_t vector = fake_bytes(&run->fake, pieces, sizeof(pieces));
    const uint64_t messages[] = { 0, 0, vector,      1, 0, 0, 0, lengths[0],
                                  0, 0, vector + 16, 1, 0, 0, 0, lengths[1] };
    uint64_t at = fake_bytes(&run->fake, messages, sizeof(messages));
    drive_call(run, "recvmmsg", ARGS(4, at, 2, 0, 0), 2);
    assert_int_equal(seen_name(run, "192.0.2.7"), 1);
    assert_int_equal(seen_name(run, "2001:db8::7"), 1);
}

/* Over a connection the length comes first, often in a read of its own. */
static void test_connection(void **state)
{
    struct decode_run *run = *state;
    uint64_t length;

    connect_to(run, 4, SOCK_STREAM, 53, -EINPROGRESS);
    assert_int_equal(asked(run), 1);
    uint64_t at = answer_bytes(run, "192.0.2.7", true, &length);
    drive_call(run, "read", ARGS(4, at, 2), 2);
    assert_int_equal(seen_name(run, "192.0.2.7"), 0);
    drive_call(run, "recvfrom", ARGS(4, at + 2, 1024, 0, 0, 0), (int64_t)length - 2);
    assert_int_equal(seen_name(run, "192.0.2.7"), 1);
    drive_call(run, "close", ARGS(4), 0);
    drive_call(run, "getpid", ARGS(0), 0);
    assert_int_equal(asked(run), 0);
}

static void test_nothing_else_is_read(void **state)
{
    struct decode_run *run = *state;
    uint64_t length;

    connect_to(run, 4, SOCK_DGRAM, 5353, 0);
    uint64_t at = answer_bytes(run, "192.0.2.7", false, &length);
    uint64_t framed = answer_bytes(run, "192.0.2.8", true, &length);
    drive_call(run, "read", ARGS(4, at, 1024), (int64_t)length);
    drive_call(run, "recvfrom", ARGS(4, at, 1024, 0, 0, 0), (int64_t)length);
    connect_to(run, 5, SOCK_STREAM, 80, 0);
    assert_false(drive_enter(run, "read", ARGS(5, framed, 1024)));
    fake_fd(&run->fake, 6, "/srv/file");
    assert_false(drive_enter(run, "read", ARGS(6, at, 1024)));
    /* the number of a name server's socket came to mean another */
    connect_to(run, 4, SOCK_DGRAM, 53, 0);
    fake_fd(&run->fake, 4, "socket:[99]");
    assert_false(drive_enter(run, "read", ARGS(4, at, 1024)));
    /* failed, memory that is not there, an absurd length */
    fake_fd(&run->fake, 4, "socket:[77]");
    connect_to(run, 4, SOCK_DGRAM, 53, 0);
    drive_call(run, "read", ARGS(4, at, 1024), -EAGAIN);
    drive_call(run, "read", ARGS(4, 0xdead0000, 1024), (int64_t)length);
    drive_call(run, "read", ARGS(4, at, 1024), INT64_MAX);
    drive_call(run, "readv", ARGS(4, 0xdead0000, UINT64_MAX), (int64_t)length);
    assert_int_equal(seen_count(run, FACT_NAME), 0);
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(test_glibc),    CASE(test_read),       CASE(test_recvmsg_unconnected),
        CASE(test_recvmmsg), CASE(test_connection), CASE(test_nothing_else_is_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
