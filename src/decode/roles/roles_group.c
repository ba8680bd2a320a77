// SPDX-License-Identifier: LGPL-2.1-or-later
/* Multicast groups that are joined: from then on whoever sends to the group is received. */
#include "decode/roles/role_kinds.h"
#include "decode/task/decoder.h"
#include "decode/task/remote.h"
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

/* Where the group stands in an option's value (ip(7), ipv6(7), RFC 3678): `family` 0: in a struct
 * sockaddr behind the number of an interface. */
static const struct {
    uint32_t level, option;
    int family;
} joins[] = {
    { IPPROTO_IP, IP_ADD_MEMBERSHIP, AF_INET }, /* struct ip_mreq, ip_mreqn: it stands first */
    { IPPROTO_IP, IP_ADD_SOURCE_MEMBERSHIP, AF_INET }, { IPPROTO_IPV6, IPV6_JOIN_GROUP, AF_INET6 },
    { IPPROTO_IPV6, IPV6_JOIN_ANYCAST, AF_INET6 },     { IPPROTO_IP, MCAST_JOIN_GROUP, 0 },
    { IPPROTO_IP, MCAST_JOIN_SOURCE_GROUP, 0 },        { IPPROTO_IPV6, MCAST_JOIN_GROUP, 0 },
    { IPPROTO_IPV6, MCAST_JOIN_SOURCE_GROUP, 0 },
};

/* The bytes of an address as a struct sockaddr, for sockaddr_parse(). */
static size_t make_sockaddr(int family, const unsigned char *bytes, struct sockaddr_storage *ret)
{
    struct sockaddr_in in = { .sin_family = AF_INET };
    struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };

    memcpy(&in.sin_addr, bytes, sizeof(in.sin_addr));
    memcpy(&in6.sin6_addr, bytes, sizeof(in6.sin6_addr));
    memcpy(ret, family == AF_INET ? (void *)&in : (void *)&in6,
           family == AF_INET ? sizeof(in) : sizeof(in6));
    return family == AF_INET ? sizeof(in) : sizeof(in6);
}

static void group_take(struct role_context *context, int family)
{
    /* struct group_req: the sockaddr is aligned as a long is. */
    uint64_t skipped = context->call->kind->wide ? 8 : 4;
    struct sockaddr_storage address = { 0 };
    unsigned char bytes[16] = { 0 };
    size_t length = family == AF_INET ? 4 : family == AF_INET6 ? 16 : sizeof(struct sockaddr_in6);

    context->call->wants_end = true;
    if (family == 0) {
        uint64_t given = (uint32_t)context_next(context, 1);
        if (given < skipped + sizeof(struct sockaddr_in))
            return;
        length = given - skipped < length ? (size_t)(given - skipped) : length;
    }
    if (!remote_read(context->decoder, context->task, context->value + (family ? 0 : skipped),
                     family ? (void *)bytes : (void *)&address, length)) {
        context->call->is_unreadable = true;
        return;
    }
    if (family)
        length = make_sockaddr(family, bytes, &address);
    if (sockaddr_parse(&address, length, &context->call->address) < 0)
        return;
    if (context->call->address.family != AF_INET && context->call->address.family != AF_INET6)
        sockaddr_done(&context->call->address);
    context->call->address.port = 0;
}

void group_begin_join(struct role_context *context)
{
    uint32_t level = (uint32_t)context->call->args[1], option = (uint32_t)context->call->args[2];

    for (size_t i = 0; i < ELEMENTS_OF(joins); i++)
        if (joins[i].level == level && joins[i].option == option && !context->call->address.host)
            group_take(context, joins[i].family);
}

void group_end_join(struct role_context *context)
{
    if (context->call->address.host)
        socket_record_address(context, ADDRESS_JOIN,
                              socket_find(context->decoder, context->task, context->call,
                                          (int)context->call->args[0]),
                              &context->call->address);
}
