// SPDX-License-Identifier: LGPL-2.1-or-later
#include "decode/net/sockaddr.h"
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/vm_sockets.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

/* Without sin6_scope_id: what RFC 2133 had, and ip6(7) still takes. */
#define SOCKADDR_IN6_LEAST offsetof(struct sockaddr_in6, sin6_scope_id)

/* A zeroed union large enough for every family, so that a short address reads as zeros. */
union sockaddr_any {
    struct sockaddr any;
    struct sockaddr_un un;
    struct sockaddr_in in;
    struct sockaddr_in6 in6;
    struct sockaddr_nl nl;
    struct sockaddr_ll ll;
    struct sockaddr_vm vm;
    unsigned char bytes[SOCKADDR_LIMIT];
};

static char *inet_text(int family, const void *address)
{
    char text[INET6_ADDRSTRLEN];

    return mem_strdup(inet_ntop(family, address, text, sizeof(text)) ? text : "");
}

static int parse_unspec(const union sockaddr_any *from, size_t length, struct address *ret)
{
    (void)from;
    (void)length;
    ret->host = mem_strdup("");
    return 0;
}

/* unix(7): a path ends at its NUL or at the length; a leading NUL makes all bytes up to the length
 * an abstract name; no bytes at all are an unnamed socket. */
static int parse_unix(const union sockaddr_any *from, size_t length, struct address *ret)
{
    size_t space = length - offsetof(struct sockaddr_un, sun_path);
    const char *path = from->un.sun_path;

    if (length > sizeof(struct sockaddr_un))
        return -EINVAL;
    if (space == 0) {
        ret->host = mem_strdup("");
    } else if (path[0]) {
        ret->host = mem_strndup(path, strnlen(path, space));
        ret->is_path = true;
    } else {
        CLEANUP(free_char) char *name = text_encode(path + 1, space - 1);
        ret->host = mem_printf("@%s", name);
    }
    return 0;
}

static int parse_inet(const union sockaddr_any *from, size_t length, struct address *ret)
{
    if (length < sizeof(struct sockaddr_in))
        return -EINVAL;
    ret->port = ntohs(from->in.sin_port);
    ret->host = inet_text(AF_INET, &from->in.sin_addr);
    return 0;
}

/* The scope is the index of an interface: it differs from boot to boot and is left out. */
static int parse_inet6(const union sockaddr_any *from, size_t length, struct address *ret)
{
    const struct in6_addr *address = &from->in6.sin6_addr;

    if (length < SOCKADDR_IN6_LEAST)
        return -EINVAL;
    ret->port = ntohs(from->in6.sin6_port);
    if (IN6_IS_ADDR_V4MAPPED(address)) {
        ret->family = AF_INET;
        ret->host = inet_text(AF_INET, address->s6_addr + 12);
    } else {
        ret->host = inet_text(AF_INET6, address);
    }
    return 0;
}

/* netlink(7): port 0 is the kernel, others are usually process ids and not kept. */
static int parse_netlink(const union sockaddr_any *from, size_t length, struct address *ret)
{
    if (length < sizeof(struct sockaddr_nl))
        return -EINVAL;
    if (from->nl.nl_groups)
        ret->host = mem_printf("groups 0x%x", from->nl.nl_groups);
    else
        ret->host = mem_strdup(from->nl.nl_pid ? "process" : "kernel");
    return 0;
}

static int parse_packet(const union sockaddr_any *from, size_t length, struct address *ret)
{
    if (length < offsetof(struct sockaddr_ll, sll_addr))
        return -EINVAL;
    ret->host = mem_printf("protocol 0x%04x", ntohs(from->ll.sll_protocol));
    return 0;
}

static int parse_vsock(const union sockaddr_any *from, size_t length, struct address *ret)
{
    if (length < offsetof(struct sockaddr_vm, svm_cid) + sizeof(from->vm.svm_cid))
        return -EINVAL;
    ret->host = mem_printf("%u", from->vm.svm_cid);
    ret->port = from->vm.svm_port <= INT32_MAX ? (int)from->vm.svm_port : 0;
    return 0;
}

static int parse_other(const union sockaddr_any *from, size_t length, struct address *ret)
{
    struct str text = { 0 };

    for (size_t i = sizeof(from->any.sa_family); i < length; i++)
        str_addf(&text, "%02x", from->bytes[i]);
    ret->host = str_steal(&text);
    return 0;
}

static const struct {
    int family;
    int (*parse)(const union sockaddr_any *from, size_t length, struct address *ret);
} parsers[] = {
    { AF_UNSPEC, parse_unspec }, { AF_UNIX, parse_unix },       { AF_INET, parse_inet },
    { AF_INET6, parse_inet6 },   { AF_NETLINK, parse_netlink }, { AF_PACKET, parse_packet },
    { AF_VSOCK, parse_vsock },
};

int sockaddr_parse(const void *bytes, size_t length, struct address *ret)
{
    union sockaddr_any from = { 0 };
    struct address address = { 0 };

    if (length < sizeof(from.any.sa_family) || length > SOCKADDR_LIMIT)
        return -EINVAL;
    memcpy(&from, bytes, length);
    address.family = from.any.sa_family;
    int (*parse)(const union sockaddr_any *, size_t, struct address *) = parse_other;
    for (size_t i = 0; i < ELEMENTS_OF(parsers); i++)
        if (parsers[i].family == address.family)
            parse = parsers[i].parse;
    int r = parse(&from, length, &address);
    if (r < 0)
        return r;
    *ret = address;
    return 0;
}

void sockaddr_done(struct address *address)
{
    free(address->host);
    *address = (struct address){ 0 };
}

void sockaddr_copy(struct address *to, const struct address *from)
{
    *to = *from;
    to->host = mem_strdup(from->host);
}
