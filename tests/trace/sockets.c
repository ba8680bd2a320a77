// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tracee.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

static struct sockaddr_in loopback(unsigned short port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

/* A listening TCP socket on a port the kernel chose. */
static int listener(unsigned short *ret_port)
{
    struct sockaddr_in address = loopback(0);
    socklen_t length = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    require(fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0, "bind");
    require(listen(fd, 5) == 0, "listen");
    require(getsockname(fd, (struct sockaddr *)&address, &length) == 0, "getsockname");
    *ret_port = ntohs(address.sin_port);
    return fd;
}

static void case_tcp(void)
{
    unsigned short port;
    int server = listener(&port);
    struct sockaddr_in address = loopback(port);
    int client = socket(AF_INET, SOCK_STREAM, 0);

    expect("socket AF_INET SOCK_STREAM 0 created ok");
    /* A port the kernel chose is another one next time: it is not kept. */
    expect("address listen AF_INET 127.0.0.1 0 ok");
    require(connect(client, (struct sockaddr *)&address, sizeof(address)) == 0, "connect");
    expect("address connect AF_INET 127.0.0.1 %d ok", port);
    require(accept4(server, NULL, NULL, SOCK_CLOEXEC) >= 0, "accept4");
    expect("address accept AF_INET 127.0.0.1 0 ok");
    require(send(client, "x", 1, 0) == 1, "send");
    close(server);
    int refused = socket(AF_INET, SOCK_STREAM, 0);
    require(connect(refused, (struct sockaddr *)&address, sizeof(address)) < 0, "refused");
    expect("address connect AF_INET 127.0.0.1 %d ECONNREFUSED", port);
}

static void case_mapped(void)
{
    unsigned short port;
    int server = listener(&port);
    struct sockaddr_in6 address = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
    int client = socket(AF_INET6, SOCK_STREAM, 0);

    if (client < 0)
        skip("no IPv6");
    inet_pton(AF_INET6, "::ffff:127.0.0.1", &address.sin6_addr);
    require(connect(client, (struct sockaddr *)&address, sizeof(address)) == 0, "connect");
    expect("socket AF_INET6 SOCK_STREAM 0 created ok");
    expect("address connect AF_INET 127.0.0.1 %d ok", port);
    close(server);
}

/* getaddrinfo(3) connects datagram sockets only to learn a route: no packet, no peer. */
static void case_udp(void)
{
    struct sockaddr_in probed = loopback(9), written = loopback(10), sent = loopback(11),
                       many = loopback(12);
    int probe = socket(AF_INET, SOCK_DGRAM, 0), writer = socket(AF_INET, SOCK_DGRAM, 0);
    struct iovec part = { (char[]){ "x" }, 1 };
    struct mmsghdr message = { .msg_hdr = { .msg_name = &many,
                                            .msg_namelen = sizeof(many),
                                            .msg_iov = &part,
                                            .msg_iovlen = 1 } };

    require(connect(probe, (struct sockaddr *)&probed, sizeof(probed)) == 0, "connect");
    expect("address connect AF_INET 127.0.0.1 9 ok");
    expect("no address send AF_INET 127.0.0.1 9 ok");
    close(probe);
    require(connect(writer, (struct sockaddr *)&written, sizeof(written)) == 0, "connect");
    require(write(writer, "x", 1) == 1, "write");
    expect("address send AF_INET 127.0.0.1 10 ok");
    probe = socket(AF_INET, SOCK_DGRAM, 0);
    require(sendto(probe, "x", 1, 0, (struct sockaddr *)&sent, sizeof(sent)) == 1, "sendto");
    expect("address send AF_INET 127.0.0.1 11 ok");
    require(sendmmsg(probe, &message, 1, 0) == 1, "sendmmsg");
    expect("address send AF_INET 127.0.0.1 12 ok");
}

static void case_unix(void)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "socket" };
    struct sockaddr_un abstract = { .sun_family = AF_UNIX };
    int server = socket(AF_UNIX, SOCK_STREAM, 0), client = socket(AF_UNIX, SOCK_STREAM, 0);
    int hidden = socket(AF_UNIX, SOCK_DGRAM, 0);
    int pair[2];

    require(bind(server, (struct sockaddr *)&address, sizeof(address)) == 0, "bind");
    expect("path bind %s", in_scratch("socket"));
    require(listen(server, 1) == 0, "listen");
    require(connect(client, (struct sockaddr *)&address, sizeof(address)) == 0, "connect");
    expect("path connect %s", in_scratch("socket"));
    /* The name is unique to this run: abstract names are global to a network namespace. */
    char name[64];
    int length = snprintf(name, sizeof(name), "%cci%c%d", 0, 0, getpid());
    memcpy(abstract.sun_path, name, (size_t)length);
    require(bind(hidden, (struct sockaddr *)&abstract,
                 (socklen_t)(offsetof(struct sockaddr_un, sun_path) + (size_t)length)) == 0,
            "bind abstract");
    expect("address bind AF_UNIX @ci\\x00%d 0 ok", getpid());
    require(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) == 0, "socketpair");
    expect("socket AF_UNIX SOCK_DGRAM 0 pair ok");
}

static void case_families(void)
{
    require(socket(AF_NETLINK, SOCK_RAW, 0) >= 0, "netlink");
    expect("socket AF_NETLINK SOCK_RAW 0 created ok");
    /* ENOENT-like refusals differ by kernel; a type no family has is refused by each. */
    require(socket(AF_INET, SOCK_RDM, 0) < 0 && errno == ESOCKTNOSUPPORT, "SOCK_RDM");
    expect("socket AF_INET SOCK_RDM 0 created ESOCKTNOSUPPORT");
}

const struct tracee_case socket_cases[] = {
    { "tcp", case_tcp, false },   { "mapped", case_mapped, false },     { "udp", case_udp, false },
    { "unix", case_unix, false }, { "families", case_families, false }, { NULL, NULL, false },
};
