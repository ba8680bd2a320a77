// SPDX-License-Identifier: LGPL-2.1-or-later
#include "decode/net/sockaddr.h"
#include "unit.h"
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#define BYTES(text) text, sizeof(text) - 1

/* Families stand little-endian in these bytes: the tables run on little-endian machines only. */
static const struct {
    const char *bytes;
    size_t length;
    int family; /* -1: refused */
    const char *host;
    int port;
    bool is_path;
} cases[] = {
    { BYTES("\x01\x00/run/x.sock\0"), AF_UNIX, "/run/x.sock", 0, true },
    { BYTES("\x01\x00/run/x"), AF_UNIX, "/run/x", 0, true },
    { BYTES("\x01\x00rel\0junk"), AF_UNIX, "rel", 0, true },
    { BYTES("\x01\x00"), AF_UNIX, "", 0, false },
    { BYTES("\x01\x00\0bus"), AF_UNIX, "@bus", 0, false },
    { BYTES("\x01\x00\0a\0b\\\xff"), AF_UNIX, "@a\\x00b\\\\\\xff", 0, false },
    { BYTES("\x01\x00\0"), AF_UNIX, "@", 0, false },
    { BYTES("\x02\x00\x00\x50\x7f\0\0\x01\0\0\0\0\0\0\0\0"), AF_INET, "127.0.0.1", 80, false },
    { BYTES("\x02\x00\x00\x50\x7f\0\0\x01\0\0\0\0\0\0\0"), -1, NULL, 0, false },
    { BYTES("\x0a\x00\x01\xbb\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0\0"), AF_INET6, "::1",
      443, false },
    { BYTES("\x0a\x00\x00\x35\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xff\xff\x0a\x01\x02\x03"), AF_INET,
      "10.1.2.3", 53, false },
    { BYTES("\x0a\x00\x00\x01\0\0\0\0\xfe\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x07\0\0\0"), AF_INET6,
      "fe80::1", 1, false },
    { BYTES("\x0a\x00\x00\x35\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xff\xff\x0a\x01\x02"), -1, NULL, 0,
      false },
    { BYTES("\x10\x00\0\0\0\0\0\0\0\0\0\0"), AF_NETLINK, "kernel", 0, false },
    { BYTES("\x10\x00\0\0\x55\0\0\0\0\0\0\0"), AF_NETLINK, "process", 0, false },
    { BYTES("\x10\x00\0\0\0\0\0\0\x11\0\0\0"), AF_NETLINK, "groups 0x11", 0, false },
    { BYTES("\x10\x00\0\0\0\0\0\0\x11\0\0"), -1, NULL, 0, false },
    { BYTES("\x11\x00\x08\x06\x02\0\0\0\0\0\0\0"), AF_PACKET, "protocol 0x0806", 0, false },
    { BYTES("\x28\x00\0\0\x00\x04\0\0\x02\0\0\0\0\0\0\0"), AF_VSOCK, "2", 1024, false },
    { BYTES("\x00\x00\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), AF_UNSPEC, "", 0, false },
    { BYTES("\x63\x00\xab\xcd"), 0x63, "abcd", 0, false },
    { BYTES("\x01"), -1, NULL, 0, false },
    { BYTES(""), -1, NULL, 0, false },
};

static void test_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++) {
        struct address address = { 0 };
        int r = sockaddr_parse(cases[i].bytes, cases[i].length, &address);
        assert_int_equal(r, cases[i].family < 0 ? -EINVAL : 0);
        if (r < 0)
            continue;
        assert_int_equal(address.family, cases[i].family);
        assert_string_equal(address.host, cases[i].host);
        assert_int_equal(address.port, cases[i].port);
        assert_int_equal(address.is_path, cases[i].is_path);
        sockaddr_done(&address);
    }
}

static void test_every_length_of_a_long_name(void **state)
{
    char bytes[SOCKADDR_LIMIT + 8];
    struct address address;

    (void)state;
    memset(bytes, 'x', sizeof(bytes));
    bytes[0] = AF_UNIX;
    bytes[1] = 0;
    /* 108 bytes without a NUL are a path; one more is refused (unix(7)). */
    assert_int_equal(sockaddr_parse(bytes, 110, &address), 0);
    assert_int_equal(strlen(address.host), 108);
    sockaddr_done(&address);
    assert_int_equal(sockaddr_parse(bytes, 111, &address), -EINVAL);
    assert_int_equal(sockaddr_parse(bytes, SOCKADDR_LIMIT + 1, &address), -EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_every_length_of_a_long_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
