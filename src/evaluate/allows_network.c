// SPDX-License-Identifier: LGPL-2.1-or-later
/* Sockets and peers: RestrictAddressFamilies=, IPAddressDeny= and IPAddressAllow=
 * (systemd.resource-control(5)), PrivateNetwork=. */
#include "evaluate/allows.h"
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

static bool is_ip(int family)
{
    return family == AF_INET || family == AF_INET6;
}

/* Only socket(2) is filtered, with EAFNOSUPPORT. */
static bool family_is_stopped(const struct allows *allows, const struct fact *fact)
{
    const char *name = family_name(fact->socket.family);
    struct allows_items list = { 0 };

    allows_list(allows, "RestrictAddressFamilies", &list);
    bool restricted = list.count > 0;
    bool inverted = restricted && list.items[0].text[0] == '~';
    bool listed = name && allows_items_have(&list, name);
    for (size_t i = 0; inverted && name && i < list.count; i++)
        listed |= strcmp(list.items[i].text + (list.items[i].text[0] == '~'), name) == 0;
    allows_items_done(&list);
    return restricted && (inverted ? listed : !listed);
}

const char *allows_socket(const struct allows *allows, const struct fact *fact)
{
    const struct socket_fact *socket = &fact->socket;

    if (socket->origin != SOCKET_CREATED)
        return NULL;
    if (fact->outcome != EAFNOSUPPORT && family_is_stopped(allows, fact))
        return "RestrictAddressFamilies";
    if (fact->outcome == 0 && socket->family != AF_UNIX && socket->family != AF_ALG &&
        allows_is_on(allows, "PrivateNetwork"))
        return "PrivateNetwork";
    return NULL;
}

/* ---- prefixes ---- */

struct prefix {
    int family;
    unsigned char bytes[16];
    unsigned length;
};

static bool prefix_parse(const char *text, struct prefix *ret)
{
    CLEANUP(free_char) char *address = mem_strndup(text, strcspn(text, "/%"));
    const char *slash = strchr(text, '/');

    *ret = (struct prefix){ .family = strchr(address, ':') ? AF_INET6 : AF_INET };
    ret->length = ret->family == AF_INET ? 32 : 128;
    if (slash)
        ret->length = (unsigned)atoi(slash + 1);
    return inet_pton(ret->family, address, ret->bytes) == 1;
}

static bool prefix_covers(const struct prefix *prefix, const struct prefix *host)
{
    /* A host may be a network: any of more addresses than the profile tells apart. */
    if (prefix->family != host->family || prefix->length > host->length)
        return false;
    for (unsigned bit = 0; bit < prefix->length; bit++)
        if ((prefix->bytes[bit / 8] ^ host->bytes[bit / 8]) & (0x80u >> bit % 8))
            return false;
    return true;
}

static bool word_covers(const char *word, const struct prefix *host)
{
    static const struct {
        const char *word;
        const char *prefixes[2];
    } symbols[] = { { "any", { "0.0.0.0/0", "::/0" } },
                    { "localhost", { "127.0.0.0/8", "::1/128" } },
                    { "link-local", { "169.254.0.0/16", "fe80::/64" } },
                    { "multicast", { "224.0.0.0/4", "ff00::/8" } } };
    struct prefix prefix;

    for (size_t i = 0; i < ELEMENTS_OF(symbols); i++)
        for (size_t k = 0; strcmp(symbols[i].word, word) == 0 && k < 2; k++)
            if (prefix_parse(symbols[i].prefixes[k], &prefix) && prefix_covers(&prefix, host))
                return true;
    return prefix_parse(word, &prefix) && prefix_covers(&prefix, host);
}

static bool list_covers(const struct allows *allows, const char *name, const struct prefix *host)
{
    struct allows_items list = { 0 };
    bool covers = false;

    allows_list(allows, name, &list);
    for (size_t i = 0; i < list.count; i++)
        covers |= word_covers(list.items[i].text, host);
    allows_items_done(&list);
    return covers;
}

/* ---- packets ---- */

/* Sockets that were passed in are under the lists of the unit they came from. */
static bool is_on_passed_socket(const struct allows *allows, const struct fact *fact)
{
    size_t count;
    const struct fact *const *facts = profile_facts(allows->profile, FACT_SOCKET, &count);

    if (fact->address.use != ADDRESS_ACCEPT && fact->address.use != ADDRESS_RECEIVE)
        return false;
    for (size_t i = 0; i < count; i++)
        if (facts[i]->socket.origin == SOCKET_INHERITED && is_ip(facts[i]->socket.family))
            return true;
    return false;
}

/* Whether packets went to or came from that address. */
static bool has_packets(const struct fact *fact)
{
    static const int before_any[] = { EBADF, ENOTSOCK, EFAULT, EINVAL, EAFNOSUPPORT, ENETUNREACH };

    for (size_t i = 0; i < ELEMENTS_OF(before_any); i++)
        if (fact->outcome == before_any[i])
            return false;
    switch (fact->address.use) {
    case ADDRESS_CONNECT:
        return fact->address.type != SOCK_DGRAM;
    case ADDRESS_SEND:
    case ADDRESS_ACCEPT:
    case ADDRESS_RECEIVE:
        return true;
    case ADDRESS_BIND:
    case ADDRESS_LISTEN:
    case ADDRESS_JOIN:
    case ADDRESS_USE_COUNT:
        return false;
    }
    return false;
}

static bool packets_are_stopped(const struct allows *allows, const struct fact *fact)
{
    static const unsigned char loopback[4] = { 127, 0, 0, 1 };
    struct prefix host;

    if (!is_ip(fact->address.family) || !has_packets(fact) || is_on_passed_socket(allows, fact))
        return false;
    if (!prefix_parse(fact->address.host, &host))
        return *allows_get(allows, "IPAddressDeny");
    /* Packets to the unspecified address go to this machine. */
    if (host.family == AF_INET && strcmp(fact->address.host, "0.0.0.0") == 0)
        memcpy(host.bytes, loopback, sizeof(loopback));
    if (host.family == AF_INET6 && strcmp(fact->address.host, "::") == 0)
        host.bytes[15] = 1;
    return list_covers(allows, "IPAddressDeny", &host) &&
           !list_covers(allows, "IPAddressAllow", &host);
}

/* A socket that was passed in stays in the network it came from. */
static bool was_called(const struct fact *fact)
{
    for (size_t i = 0; i < fact->evidence.count; i++)
        if (fact->evidence.seen[i].call[0])
            return true;
    return false;
}

/* Another network: nobody outside is reached, nor an abstract name bound by others. */
static bool network_is_stopped(const struct fact *fact)
{
    const struct address_fact *address = &fact->address;
    bool incoming = address->use == ADDRESS_ACCEPT || address->use == ADDRESS_RECEIVE;

    if (address->family == AF_UNIX)
        return address->host[0] == '@' && was_called(fact);
    return !incoming && was_called(fact) && fact->outcome == 0;
}

/* ---- binding ---- */

/* One entry of SocketBindAllow=: [ipv4:|ipv6:][tcp:|udp:][PORT|PORT-PORT], or "any". */
static bool entry_takes(const char *entry, bool is_v6, const char *protocol, int port)
{
    const char *rest = entry;
    bool takes = strcmp(entry, "any") == 0 || strcmp(entry, "ipv4") == 0 ||
                 strcmp(entry, "ipv6") == 0 || isdigit((unsigned char)*entry);

    if (strncmp(rest, "ipv4", 4) == 0 || strncmp(rest, "ipv6", 4) == 0) {
        if ((rest[3] == '6') != is_v6)
            return false;
        rest += 4 + (rest[4] == ':');
    }
    if (strncmp(rest, "tcp", 3) == 0 || strncmp(rest, "udp", 3) == 0) {
        if (strncmp(rest, protocol, 3) != 0)
            return false;
        takes = true;
        rest += 3 + (rest[3] == ':');
    }
    if (!isdigit((unsigned char)*rest))
        return takes;
    int first = atoi(rest), last = strchr(rest, '-') ? atoi(strchr(rest, '-') + 1) : first;
    return port >= first && port <= last;
}

static bool is_bound_by_call(const struct fact *fact)
{
    static const int before[] = { EBADF, ENOTSOCK, EFAULT, EAFNOSUPPORT };

    for (size_t i = 0; i < ELEMENTS_OF(before); i++)
        if (fact->outcome == before[i])
            return false;
    return fact->address.use == ADDRESS_BIND && is_ip(fact->address.family) &&
           fact->address.type != SOCK_RAW && was_called(fact);
}

/* Only 252 and later ones with BPF do it, and 252 says EPERM. An address of IPv4 may have been
 * bound on a socket of IPv6: then it must be allowed for both. */
static bool bind_is_stopped(const struct allows *allows, const struct fact *fact)
{
    const struct address_fact *address = &fact->address;
    const char *protocol = address->type == SOCK_STREAM ? "tcp" : "udp";
    struct allows_items list = { 0 };
    bool taken[2] = { address->family == AF_INET6, address->family == AF_INET };

    if (!is_bound_by_call(fact) || strcmp(allows_get(allows, "SocketBindDeny"), "any") != 0)
        return false;
    size_t count;
    const struct fact *const *sockets = profile_facts(allows->profile, FACT_SOCKET, &count);
    for (size_t i = 0; i < count; i++)
        if (sockets[i]->socket.family == AF_INET6 && sockets[i]->outcome == 0)
            taken[1] = false;
    if (address->protocol > 0 && address->protocol != IPPROTO_TCP &&
        address->protocol != IPPROTO_UDP)
        protocol = "other";
    allows_list(allows, "SocketBindAllow", &list);
    for (size_t i = 0; i < list.count; i++)
        for (int six = 0; six < 2; six++)
            taken[six] |= entry_takes(list.items[i].text, six, protocol, address->port);
    allows_items_done(&list);
    return !taken[0] || !taken[1];
}

/* Of interfaces only "lo" is understood: packets to and from this machine. */
static bool interface_is_stopped(const struct allows *allows, const struct fact *fact)
{
    struct allows_items list = { 0 };
    struct prefix host;

    allows_list(allows, "RestrictNetworkInterfaces", &list);
    bool only_lo = list.count == 1 && strcmp(list.items[0].text, "lo") == 0;
    allows_items_done(&list);
    if (!only_lo || !is_ip(fact->address.family) || !has_packets(fact) ||
        is_on_passed_socket(allows, fact) || !prefix_parse(fact->address.host, &host))
        return false;
    return !word_covers("localhost", &host) && strcmp(fact->address.host, "0.0.0.0") != 0 &&
           strcmp(fact->address.host, "::") != 0;
}

const char *allows_address(const struct allows *allows, const struct fact *fact)
{
    if (bind_is_stopped(allows, fact))
        return "SocketBindDeny";
    if (interface_is_stopped(allows, fact))
        return "RestrictNetworkInterfaces";
    if (packets_are_stopped(allows, fact))
        return "IPAddressDeny";
    return network_is_stopped(fact) && allows_is_on(allows, "PrivateNetwork") ? "PrivateNetwork"
                                                                              : NULL;
}
