// SPDX-License-Identifier: LGPL-2.1-or-later
/* Asks a name server of its own, in a network of its own, by the calls that stop for nothing else
 * (read, recv) and over a connection. */
#include "tracee.h"
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

/* An answer to "api.example.org": `host`, for 60 seconds. */
static size_t answer(unsigned char *out, const char *host)
{
    static const unsigned char head[] = "\x12\x34\x81\x80\0\1\0\1\0\0\0\0"
                                        "\3api\7example\3org\0\0\1\0\1"
                                        "\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4";

    memcpy(out, head, sizeof(head) - 1);
    inet_pton(AF_INET, host, out + sizeof(head) - 1);
    return sizeof(head) - 1 + 4;
}

static void enter_network(void)
{
    struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };

    if (unshare(CLONE_NEWNET | (geteuid() ? CLONE_NEWUSER : 0)) < 0)
        skip("no network namespace");
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    require(fd >= 0 && ioctl(fd, SIOCSIFFLAGS, &request) == 0, "loopback up");
    close(fd);
}

static struct sockaddr_in name_server(void)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(53) };

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

static int bound(int type)
{
    struct sockaddr_in address = name_server();
    int fd = socket(AF_INET, type, 0);

    require(fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0, "bind");
    return fd;
}

static int connected(int type)
{
    struct sockaddr_in address = name_server();
    int fd = socket(AF_INET, type, 0);

    require(fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0, "connect");
    return fd;
}

/* One lookup over packets, whose answer is taken by read(2) or recv(2). */
static void look_up(int server, const char *host, bool by_read)
{
    unsigned char bytes[512];
    struct sockaddr_in client;
    socklen_t length = sizeof(client);
    int fd = connected(SOCK_DGRAM);

    require(write(fd, "?", 1) == 1, "ask");
    require(recvfrom(server, bytes, 1, 0, (struct sockaddr *)&client, &length) == 1, "question");
    size_t size = answer(bytes, host);
    require(sendto(server, bytes, size, 0, (struct sockaddr *)&client, length) == (ssize_t)size,
            "answer");
    memset(bytes, 0, sizeof(bytes));
    ssize_t got = by_read ? read(fd, bytes, sizeof(bytes)) : recv(fd, bytes, sizeof(bytes), 0);
    require(got == (ssize_t)size, "hear");
    close(fd);
    expect("name api.example.org %s 60", host);
}

static void look_up_connected(const char *host)
{
    unsigned char bytes[512];
    int server = bound(SOCK_STREAM);

    require(listen(server, 1) == 0, "listen");
    int fd = connected(SOCK_STREAM), other = accept4(server, NULL, NULL, SOCK_CLOEXEC);
    size_t size = answer(bytes + 2, host);
    bytes[0] = 0;
    bytes[1] = (unsigned char)size;
    require(other >= 0 && write(other, bytes, size + 2) == (ssize_t)size + 2, "answer");
    memset(bytes, 0, sizeof(bytes));
    require(read(fd, bytes, 2) == 2 && read(fd, bytes + 2, size) == (ssize_t)size, "hear");
    expect("name api.example.org %s 60", host);
}

static void case_lookups(void)
{
    enter_network();
    int server = bound(SOCK_DGRAM);
    look_up(server, "192.0.2.7", true);
    look_up(server, "192.0.2.8", false); /* its peer is known by now */
    look_up_connected("192.0.2.9");
    /* what is no name server's */
    int pair[2];
    unsigned char bytes[512];
    require(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) == 0, "socketpair");
    size_t size = answer(bytes, "192.0.2.66");
    require(write(pair[0], bytes, size) == (ssize_t)size && read(pair[1], bytes, size) > 0, "pair");
    expect("no name api.example.org 192.0.2.66 60");
}

/* Whoever sends to a group is received from then on. */
static void case_groups(void)
{
    struct ip_mreqn request = { 0 };

    enter_network();
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    request.imr_ifindex = (int)if_nametoindex("lo");
    inet_pton(AF_INET, "239.1.2.3", &request.imr_multiaddr);
    require(setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &request, sizeof(request)) == 0, "join");
    expect("address join AF_INET 239.1.2.3 0 ok");
    require(setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &request, sizeof(request)) < 0 &&
                errno == EADDRINUSE,
            "join again");
    expect("address join AF_INET 239.1.2.3 0 EADDRINUSE");
    require(setsockopt(fd, IPPROTO_IP, IP_DROP_MEMBERSHIP, &request, sizeof(request)) == 0,
            "leave");
}

const struct tracee_case name_cases[] = { { "lookups", case_lookups, false },
                                          { "groups", case_groups, false },
                                          { NULL, NULL, false } };
