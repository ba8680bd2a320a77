// SPDX-License-Identifier: LGPL-2.1-or-later
#include "decode_run.h"
#include "unit.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

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

static struct sockaddr_in inet(const char *host, unsigned port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };

    inet_pton(AF_INET, host, &address.sin_addr);
    return address;
}

static uint64_t inet_at(struct decode_run *run, const char *host, unsigned port)
{
    struct sockaddr_in address = inet(host, port);

    return fake_bytes(&run->fake, &address, sizeof(address));
}

static void set_name(struct sockaddr_storage *to, socklen_t *length, const char *host,
                     unsigned port)
{
    struct sockaddr_in address = inet(host, port);

    memcpy(to, &address, sizeof(address));
    *length = sizeof(address);
}

static void make_socket(struct decode_run *run, int family, int type, int fd)
{
    drive_call(run, "socket", ARGS((uint64_t)family, (uint64_t)type | SOCK_CLOEXEC, 0), fd);
}

static void test_sockets_made(void **state)
{
    struct decode_run *run = *state;

    make_socket(run, AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 4);
    assert_int_equal(seen_socket(run, AF_INET, SOCK_STREAM, SOCKET_CREATED, 0), 1);
    make_socket(run, AF_PACKET, SOCK_RAW, -EPERM);
    assert_int_equal(seen_socket(run, AF_PACKET, SOCK_RAW, SOCKET_CREATED, EPERM), 1);
    drive_call(run, "socketpair", ARGS(AF_UNIX, SOCK_DGRAM, 0, 0), 0);
    assert_int_equal(seen_socket(run, AF_UNIX, SOCK_DGRAM, SOCKET_PAIR, 0), 1);
}

static void test_probe_becomes_peer_by_sending(void **state)
{
    struct decode_run *run = *state;
    uint64_t peer = inet_at(run, "192.0.2.1", 53);

    make_socket(run, AF_INET, SOCK_DGRAM, 4);
    drive_call(run, "connect", ARGS(4, peer, 16), 0);
    assert_int_equal(seen_address(run, ADDRESS_CONNECT, SOCK_DGRAM, "192.0.2.1", 53, 0), 1);
    drive_call(run, "getsockname", ARGS(4), 0);
    drive_call(run, "write", ARGS(5, 0x20, 1), 1); /* another descriptor */
    assert_int_equal(seen_address(run, ADDRESS_SEND, SOCK_DGRAM, "192.0.2.1", 53, 0), 0);
    drive_call(run, "write", ARGS(4, 0x20, 1), 1);
    assert_int_equal(seen_address(run, ADDRESS_SEND, SOCK_DGRAM, "192.0.2.1", 53, 0), 1);
    drive_call(run, "sendto", ARGS(4, 0x20, 1, 0, 0, 0), 1);
    assert_int_equal(seen_address(run, ADDRESS_SEND, SOCK_DGRAM, "192.0.2.1", 53, 0), 2);
    drive_call(run, "dup2", ARGS(4, 9), 9);
    drive_call(run, "writev", ARGS(9, 0x20, 1), 1);
    assert_int_equal(seen_address(run, ADDRESS_SEND, SOCK_DGRAM, "192.0.2.1", 53, 0), 3);
    drive_call(run, "close", ARGS(4), 0);
    drive_call(run, "write", ARGS(4, 0x20, 1), 1);
    assert_int_equal(seen_address(run, ADDRESS_SEND, SOCK_DGRAM, "192.0.2.1", 53, 0), 3);
    drive_call(run, "recvfrom", ARGS(9, 0x20, 1, 0, 0, 0), 1);
    assert_int_equal(seen_address(run, ADDRESS_RECEIVE, SOCK_DGRAM, "192.0.2.1", 0, 0), 1);
    /* dissolved */
    uint64_t none = fake_bytes(&run->fake, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16);
    drive_call(run, "connect", ARGS(9, none, 16), 0);
    drive_call(run, "write", ARGS(9, 0x20, 1), 1);
    assert_int_equal(seen_address(run, ADDRESS_SEND, SOCK_DGRAM, "192.0.2.1", 53, 0), 3);
}

static void test_child_inherits_connected_sockets(void **state)
{
    struct decode_run *run = *state;
    struct trace_event enter = { .kind = TRACE_ENTER,
                                 .tid = 2000,
                                 .tgid = 2000,
                                 .arch = AUDIT_ARCH_X86_64,
                                 .number = 1,
                                 .args = { 4 } };
    struct trace_event leave = { .kind = TRACE_EXIT, .tid = 2000, .tgid = 2000, .rval = 1 };

    make_socket(run, AF_INET, SOCK_DGRAM, 4);
    drive_call(run, "connect", ARGS(4, inet_at(run, "192.0.2.1", 53), 16), 0);
    drive_event(run, TRACE_NEW_TASK, 2000, RUN_TID);
    assert_true(decoder_event(run->decoder, &enter));
    decoder_event(run->decoder, &leave);
    assert_int_equal(seen_address(run, ADDRESS_SEND, SOCK_DGRAM, "192.0.2.1", 53, 0), 1);
}

static void test_connections_under_way_are_peers(void **state)
{
    struct decode_run *run = *state;

    make_socket(run, AF_INET, SOCK_STREAM, 4);
    drive_call(run, "connect", ARGS(4, inet_at(run, "10.0.0.7", 6379), 16), -EINPROGRESS);
    assert_int_equal(seen_address(run, ADDRESS_CONNECT, SOCK_STREAM, "10.0.0.7", 6379, EINPROGRESS),
                     1);
    assert_false(drive_enter(run, "sendto", ARGS(4, 0x20, 1, 0, 0, 0)));
    assert_false(drive_enter(run, "recvfrom", ARGS(4, 0x20, 1, 0, 0x20, 0x20)));
}

static void test_bind_listen_accept(void **state)
{
    struct decode_run *run = *state;

    make_socket(run, AF_INET, SOCK_STREAM, 4);
    drive_call(run, "bind", ARGS(4, inet_at(run, "0.0.0.0", 80), 16), 0);
    assert_int_equal(seen_address(run, ADDRESS_BIND, SOCK_STREAM, "0.0.0.0", 80, 0), 1);
    struct trace_socket *bound = fake_socket(&run->fake, 4, AF_INET, SOCK_STREAM);
    set_name(&bound->local, &bound->local_length, "0.0.0.0", 80);
    drive_call(run, "listen", ARGS(4, 10), 0);
    assert_int_equal(seen_address(run, ADDRESS_LISTEN, SOCK_STREAM, "0.0.0.0", 80, 0), 1);
    assert_int_equal(decoder_listen_count(run->decoder), 1);
    struct trace_socket *client = fake_socket(&run->fake, 5, AF_INET, SOCK_STREAM);
    set_name(&client->peer, &client->peer_length, "198.51.100.9", 54321);
    drive_call(run, "accept4", ARGS(4, 0, 0, 0), 5);
    assert_int_equal(seen_socket(run, AF_INET, SOCK_STREAM, SOCKET_ACCEPTED, 0), 1);
    assert_int_equal(seen_address(run, ADDRESS_ACCEPT, SOCK_STREAM, "198.51.100.9", 0, 0), 1);
    drive_call(run, "accept4", ARGS(4, 0, 0, 0), -EAGAIN);
    drive_call(run, "listen", ARGS(4, 10), -EADDRINUSE);
    assert_int_equal(decoder_listen_count(run->decoder), 1);
}

static void test_ports_by_chance_are_not_kept(void **state)
{
    struct decode_run *run = *state;
    struct trace_socket *bound = fake_socket(&run->fake, 4, AF_INET, SOCK_STREAM);

    set_name(&bound->local, &bound->local_length, "127.0.0.1", 43210);
    make_socket(run, AF_INET, SOCK_STREAM, 4);
    drive_call(run, "listen", ARGS(4, 10), 0);
    assert_int_equal(seen_address(run, ADDRESS_LISTEN, SOCK_STREAM, "127.0.0.1", 0, 0), 1);
    drive_call(run, "bind", ARGS(4, inet_at(run, "127.0.0.1", 0), 16), 0);
    drive_call(run, "listen", ARGS(4, 10), 0);
    assert_int_equal(seen_address(run, ADDRESS_LISTEN, SOCK_STREAM, "127.0.0.1", 0, 0), 2);
}

static void test_unix_sockets(void **state)
{
    struct decode_run *run = *state;
    struct sockaddr_un un = { .sun_family = AF_UNIX, .sun_path = "/var/run/x.sock" };
    uint64_t at = fake_bytes(&run->fake, &un, sizeof(un));

    fake_link(&run->fake, "/var/run", "/run");
    fake_file(&run->fake, "/run/log");
    make_socket(run, AF_UNIX, SOCK_STREAM, 4);
    drive_call(run, "bind", ARGS(4, at, sizeof(un)), 0);
    assert_int_equal(seen_path(run, PATH_BIND, "/run/x.sock", "/var/run/x.sock", 0), 1);
    assert_int_equal(seen_address(run, ADDRESS_BIND, SOCK_STREAM, "/run/x.sock", 0, 0), 1);
    assert_int_equal(seen_path(run, PATH_LINK, "/var/run", NULL, 0), 1);
    assert_false(path_was_foreign(run, PATH_BIND, "/run/x.sock"));
    fake_file(&run->fake, "/run/x.sock");
    drive_call(run, "connect", ARGS(4, at, sizeof(un)), -ECONNREFUSED);
    assert_int_equal(seen_path(run, PATH_CONNECT, "/run/x.sock", "/var/run/x.sock", ECONNREFUSED),
                     1);
    assert_false(path_was_foreign(run, PATH_CONNECT, "/run/x.sock"));
    uint64_t abstract = fake_bytes(&run->fake, "\1\0\0a\0b", 6);
    drive_call(run, "connect", ARGS(4, abstract, 6), 0);
    assert_int_equal(seen_address(run, ADDRESS_CONNECT, SOCK_STREAM, "@a\\x00b", 0, 0), 1);
    drive_call(run, "bind", ARGS(4, abstract, 2), 0); /* autobind */
    assert_int_equal(seen_address(run, ADDRESS_BIND, SOCK_STREAM, "@", 0, 0), 1);
    uint64_t log = fake_bytes(&run->fake, "\1\0/run/log", 11);
    drive_call(run, "sendto", ARGS(4, 0x20, 1, 0, log, 11), 1);
    assert_int_equal(seen_path(run, PATH_CONNECT, "/run/log", NULL, 0), 1);
    assert_true(path_was_foreign(run, PATH_CONNECT, "/run/log"));
}

static uint64_t message_at(struct decode_run *run, uint64_t name, socklen_t length)
{
    struct msghdr header = { .msg_name = (void *)(uintptr_t)name, .msg_namelen = length };

    return fake_bytes(&run->fake, &header, sizeof(header));
}

static void test_messages(void **state)
{
    struct decode_run *run = *state;
    uint64_t name = inet_at(run, "192.0.2.2", 123);

    make_socket(run, AF_INET, SOCK_DGRAM, 4);
    drive_call(run, "sendmsg", ARGS(4, message_at(run, name, 16), 0), 1);
    assert_int_equal(seen_address(run, ADDRESS_SEND, SOCK_DGRAM, "192.0.2.2", 123, 0), 1);
    drive_call(run, "sendmsg", ARGS(4, message_at(run, 0, 0), 0), -EDESTADDRREQ);
    drive_call(run, "recvmsg", ARGS(4, message_at(run, name, 16), 0), 1);
    assert_int_equal(seen_address(run, ADDRESS_RECEIVE, SOCK_DGRAM, "192.0.2.2", 0, 0), 1);
    struct mmsghdr many[2] = { 0 };
    uint64_t other = inet_at(run, "192.0.2.3", 124);
    many[0].msg_hdr.msg_name = (void *)(uintptr_t)name;
    many[0].msg_hdr.msg_namelen = 16;
    many[1].msg_hdr.msg_name = (void *)(uintptr_t)other;
    many[1].msg_hdr.msg_namelen = 16;
    uint64_t at = fake_bytes(&run->fake, many, sizeof(many));
    drive_call(run, "sendmmsg", ARGS(4, at, 2, 0), 2);
    assert_int_equal(seen_address(run, ADDRESS_SEND, SOCK_DGRAM, "192.0.2.3", 124, 0), 1);
    drive_call(run, "sendmmsg", ARGS(4, at, 2, 0), 1);
    assert_int_equal(seen_address(run, ADDRESS_SEND, SOCK_DGRAM, "192.0.2.3", 124, 0), 1);
    drive_call(run, "recvmmsg", ARGS(4, at, 2, 0), 2);
    assert_int_equal(seen_address(run, ADDRESS_RECEIVE, SOCK_DGRAM, "192.0.2.3", 0, 0), 1);
    /* more than there is: read as far as it goes, and said */
    drive_call(run, "sendmmsg", ARGS(4, at, 1u << 30, 0), 1 << 30);
    assert_int_equal(seen_blind_spot(run, "unreadable-memory", "sendmmsg"), 1);
}

static void test_receive_with_address(void **state)
{
    struct decode_run *run = *state;
    uint64_t name = inet_at(run, "192.0.2.4", 5353);
    uint32_t length = 16;
    uint64_t length_at = fake_bytes(&run->fake, &length, sizeof(length));

    make_socket(run, AF_INET, SOCK_DGRAM, 4);
    drive_call(run, "recvfrom", ARGS(4, 0x20, 1, 0, name, length_at), 1);
    assert_int_equal(seen_address(run, ADDRESS_RECEIVE, SOCK_DGRAM, "192.0.2.4", 0, 0), 1);
    drive_call(run, "recvfrom", ARGS(4, 0x20, 1, 0, name, length_at), -EAGAIN);
    assert_int_equal(seen_count(run, FACT_ADDRESS), 1);
}

static void test_i386_multiplexer(void **state)
{
    struct decode_run *run = *state;
    uint32_t peer = (uint32_t)inet_at(run, "192.0.2.5", 80);
    uint32_t make[] = { AF_INET, SOCK_STREAM, 0 }, connect_to[] = { 4, peer, 16 };
    uint32_t header[7] = { peer, 16 };
    uint32_t send[] = { 4, (uint32_t)fake_bytes(&run->fake, header, sizeof(header)), 0 };

    run->arch = AUDIT_ARCH_I386;
    drive_call(run, "socketcall", ARGS(1, fake_bytes(&run->fake, make, sizeof(make))), 4);
    assert_int_equal(seen_socket(run, AF_INET, SOCK_STREAM, SOCKET_CREATED, 0), 1);
    drive_call(run, "socketcall", ARGS(3, fake_bytes(&run->fake, connect_to, sizeof(connect_to))),
               0);
    assert_int_equal(seen_address(run, ADDRESS_CONNECT, SOCK_STREAM, "192.0.2.5", 80, 0), 1);
    make[1] = SOCK_DGRAM;
    drive_call(run, "socketcall", ARGS(1, fake_bytes(&run->fake, make, sizeof(make))), 4);
    drive_call(run, "socketcall", ARGS(16, fake_bytes(&run->fake, send, sizeof(send))), 1);
    assert_int_equal(seen_address(run, ADDRESS_SEND, SOCK_DGRAM, "192.0.2.5", 80, 0), 1);
    assert_int_equal(seen_syscall(run, "socketcall", 0), 4);
    drive_call(run, "socketcall", ARGS(99, 0), -EINVAL);
    drive_call(run, "socketcall", ARGS(1, 0x20), -EFAULT);
    assert_int_equal(decoder_degraded_count(run->decoder), 0);
}

static void test_inherited_sockets(void **state)
{
    struct decode_run *run = *state;
    struct trace_socket *bound = fake_socket(&run->fake, 3, AF_INET, SOCK_STREAM);
    struct trace_socket *journal = fake_socket(&run->fake, 2, AF_UNIX, SOCK_STREAM);

    set_name(&bound->local, &bound->local_length, "0.0.0.0", 443);
    memcpy(&journal->peer, "\1\0/run/systemd/journal/stdout", 30);
    journal->peer_length = 30;
    fake_fd(&run->fake, 3, "socket:[7]");
    fake_fd(&run->fake, 2, "socket:[8]");
    fake_fd(&run->fake, 1, "/var/log/x");
    decoder_inherit(run->decoder, RUN_TID);
    assert_int_equal(seen_socket(run, AF_INET, SOCK_STREAM, SOCKET_INHERITED, 0), 1);
    assert_int_equal(seen_socket(run, AF_UNIX, SOCK_STREAM, SOCKET_INHERITED, 0), 1);
    assert_int_equal(seen_address(run, ADDRESS_LISTEN, SOCK_STREAM, "0.0.0.0", 443, 0), 1);
    assert_int_equal(seen_count(run, FACT_ADDRESS), 1);
    /* one that came later, by a message: known at its first use, reported once */
    fake_socket(&run->fake, 9, AF_INET6, SOCK_STREAM);
    drive_call(run, "sendto", ARGS(9, 0x20, 1, 0, 0, 0), 1);
    drive_call(run, "sendto", ARGS(9, 0x20, 1, 0, 0, 0), 1);
    assert_int_equal(seen_socket(run, AF_INET6, SOCK_STREAM, SOCKET_INHERITED, 0), 1);
}

/* What may not be asked is not nothing: a blind spot, once for a program; a file is none. */
static void test_sockets_that_are_not_told(void **state)
{
    struct decode_run *run = *state;

    fake_socket(&run->fake, 3, AF_INET, SOCK_STREAM);
    fake_fd(&run->fake, 3, "socket:[7]");
    fake_fd(&run->fake, 1, "/var/log/x");
    run->fake.denies_sockets = true;
    drive_call(run, "sendto", ARGS(1, 0x20, 1, 0, 0, 0), -ENOTSOCK);
    assert_int_equal(seen_count(run, FACT_BLIND_SPOT), 0);
    decoder_inherit(run->decoder, RUN_TID);
    assert_int_equal(seen_count(run, FACT_SOCKET), 0);
    assert_true(seen_blind_spot(run, "unreadable-socket", "/usr/bin/daemon") > 0);
    fake_fd(&run->fake, 5, "socket:[9]");
    drive_call(run, "accept4", ARGS(3, 0, 0, 0), 5);
    assert_int_equal(seen_count(run, FACT_BLIND_SPOT), 1);
    /* What the service made itself is known by what it asked for, after an exec too. */
    fake_fd(&run->fake, 6, "socket:[10]");
    drive_call(run, "socket", ARGS(AF_INET6, SOCK_STREAM, 0), 6);
    assert_int_equal(seen_socket(run, AF_INET6, SOCK_STREAM, SOCKET_CREATED, 0), 1);
    run->fake.denies_sockets = false;
    drive_call(run, "sendto", ARGS(3, 0x20, 1, 0, 0, 0), 1);
    assert_int_equal(seen_socket(run, AF_INET, SOCK_STREAM, SOCKET_INHERITED, 0), 1);
    assert_int_equal(seen_count(run, FACT_BLIND_SPOT), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

/* A number of an interface, and a group as a struct sockaddr behind it (RFC 3678). */
static void test_joined_groups(void **state)
{
    struct decode_run *run = *state;
    struct ip_mreq in = { 0 };
    struct ipv6_mreq in6 = { .ipv6mr_interface = 2 };
    struct group_req any = { .gr_interface = 2 };
    struct sockaddr_in group = inet("239.1.2.5", 7);

    inet_pton(AF_INET, "239.1.2.3", &in.imr_multiaddr);
    inet_pton(AF_INET6, "ff02::1234", &in6.ipv6mr_multiaddr);
    memcpy(&any.gr_group, &group, sizeof(group));
    fake_fd(&run->fake, 4, "socket:[77]");
    fake_socket(&run->fake, 4, AF_INET, SOCK_DGRAM);
    drive_call(run, "socket", ARGS(AF_INET, SOCK_DGRAM, 0), 4);
    uint64_t at = fake_bytes(&run->fake, &in, sizeof(in));
    uint64_t at6 = fake_bytes(&run->fake, &in6, sizeof(in6));
    uint64_t at_any = fake_bytes(&run->fake, &any, sizeof(any));
    drive_call(run, "setsockopt", ARGS(4, IPPROTO_IP, IP_ADD_MEMBERSHIP, at, sizeof(in)), 0);
    drive_call(run, "setsockopt", ARGS(4, IPPROTO_IPV6, IPV6_JOIN_GROUP, at6, sizeof(in6)),
               -ENODEV);
    drive_call(run, "setsockopt", ARGS(4, IPPROTO_IP, MCAST_JOIN_GROUP, at_any, sizeof(any)), 0);
    assert_int_equal(seen_address(run, ADDRESS_JOIN, SOCK_DGRAM, "239.1.2.3", 0, 0), 1);
    assert_int_equal(seen_address(run, ADDRESS_JOIN, SOCK_DGRAM, "ff02::1234", 0, ENODEV), 1);
    assert_int_equal(seen_address(run, ADDRESS_JOIN, SOCK_DGRAM, "239.1.2.5", 0, 0), 1);
    /* other options, a value too short, memory that is not there */
    drive_call(run, "setsockopt", ARGS(4, IPPROTO_IP, IP_DROP_MEMBERSHIP, at, sizeof(in)), 0);
    drive_call(run, "setsockopt", ARGS(4, IPPROTO_TCP, IP_ADD_MEMBERSHIP, at, sizeof(in)), 0);
    drive_call(run, "setsockopt", ARGS(4, IPPROTO_IP, MCAST_JOIN_GROUP, at_any, 12), -EINVAL);
    drive_call(run, "setsockopt", ARGS(4, IPPROTO_IP, IP_ADD_MEMBERSHIP, 0xdead0000, 8), -EFAULT);
    assert_int_equal(seen_count(run, FACT_ADDRESS), 3);
    /* where words have four bytes */
    run->arch = AUDIT_ARCH_I386;
    unsigned char narrow[4 + 128] = { 2 };
    memcpy(narrow + 4, &group, sizeof(group));
    const uint32_t words[] = { 4, IPPROTO_IP, MCAST_JOIN_GROUP,
                               (uint32_t)fake_bytes(&run->fake, narrow, sizeof(narrow)),
                               sizeof(narrow) };
    drive_call(run, "socketcall", ARGS(14, fake_bytes(&run->fake, words, sizeof(words))), 0);
    assert_int_equal(seen_address(run, ADDRESS_JOIN, SOCK_DGRAM, "239.1.2.5", 0, 0), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_sockets_made),
        TEST(test_probe_becomes_peer_by_sending),
        TEST(test_child_inherits_connected_sockets),
        TEST(test_connections_under_way_are_peers),
        TEST(test_bind_listen_accept),
        TEST(test_ports_by_chance_are_not_kept),
        TEST(test_unix_sockets),
        TEST(test_messages),
        TEST(test_receive_with_address),
        TEST(test_i386_multiplexer),
        TEST(test_inherited_sockets),
        TEST(test_sockets_that_are_not_told),
        TEST(test_joined_groups),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
