// SPDX-License-Identifier: LGPL-2.1-or-later
/* Sockets over loopback and in the current directory, in one process. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int exchange(int client, int server)
{
    char byte;

    return send(client, "x", 1, MSG_NOSIGNAL) == 1 && recv(server, &byte, 1, 0) == 1 ? 0 : 1;
}

static int over_address(int family, const void *address, socklen_t length)
{
    struct sockaddr_storage name;
    socklen_t name_length = sizeof(name);
    int listener = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int client = socket(family, SOCK_STREAM, 0);

    if (bind(listener, address, length) < 0 || listen(listener, 1) < 0 ||
        getsockname(listener, (struct sockaddr *)&name, &name_length) < 0 ||
        connect(client, (struct sockaddr *)&name, name_length) < 0)
        return 1;
    int server = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    return exchange(client, server) || shutdown(client, SHUT_RDWR) < 0;
}

static int datagram(const struct sockaddr_in *loopback)
{
    struct sockaddr_in name;
    socklen_t length = sizeof(name);
    char bytes[2];
    struct iovec part = { bytes, sizeof(bytes) };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
    int fd = socket(AF_INET, SOCK_DGRAM, 0);

    if (bind(fd, (const struct sockaddr *)loopback, sizeof(*loopback)) < 0 ||
        getsockname(fd, (struct sockaddr *)&name, &length) < 0)
        return 1;
    message.msg_name = &name;
    message.msg_namelen = length;
    if (sendto(fd, "a", 1, 0, (struct sockaddr *)&name, length) != 1 ||
        sendmsg(fd, &message, 0) < 0)
        return 1;
    return recvfrom(fd, bytes, 2, 0, NULL, NULL) != 1 || recvmsg(fd, &message, 0) < 0;
}

int main(void)
{
    struct sockaddr_in inet = { .sin_family = AF_INET };
    struct sockaddr_un local = { .sun_family = AF_UNIX, .sun_path = "socket" };
    int pair[2];

    inet.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) < 0 || exchange(pair[0], pair[1]))
        return 1;
    if (over_address(AF_INET, &inet, sizeof(inet)) || over_address(AF_UNIX, &local, sizeof(local)))
        return 1;
    return datagram(&inet);
}
