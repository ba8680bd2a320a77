// SPDX-License-Identifier: LGPL-2.1-or-later
/* Address families, peers and ports. */
#include "render/refusal.h"
#include <cinch/model/network.h>
#include <string.h>
#include <sys/socket.h>

/* ---- families -------------------------------------------------------------------------------- */

static bool family_passes(const struct refusal *refusal, int family)
{
    const struct verdict *verdict = refusal_line(refusal, "RestrictAddressFamilies");
    const char *name = family_name(family);

    return !verdict ||
           (name && refusal_has(refusal, "RestrictAddressFamilies", name)) != verdict->inverted;
}

/* Whether no socket of the family can be made; says by what. */
static bool refuse_socket(struct refusal *refusal, int family)
{
    if (!refusal_call_passes(refusal, "socket")) {
        refusal_call(refusal, "socket");
        return true;
    }
    if (family_passes(refusal, family))
        return false;
    refusal_add(refusal, "", "RestrictAddressFamilies", "EAFNOSUPPORT");
    return true;
}

void refusal_family(struct refusal *refusal, int family)
{
    if (refuse_socket(refusal, family)) {
        refusal_say(refusal, "not refused: sockets that are passed to the service, and "
                             "socketpair(2)");
        return;
    }
    if (refusal_is_on(refusal, "PrivateNetwork") && family != AF_UNIX)
        refusal_say(refusal, "not refused, but PrivateNetwork= leaves it the loopback device only");
    else if (!refusal_line(refusal, "RestrictAddressFamilies"))
        refusal_say_unset(refusal, "RestrictAddressFamilies");
}

/* ---- peers ----------------------------------------------------------------------------------- */

static bool list_covers(const struct refusal *refusal, const char *directive, const char *host)
{
    const struct verdict *verdict = refusal_line(refusal, directive);

    for (size_t i = 0; verdict && i < verdict->count; i++)
        if (query_network_has(host, verdict->values[i].text))
            return true;
    return false;
}

/* The address that the lists are asked for: of a network its first; packets to the unspecified
 * address go to this machine. */
static char *listed_address(const char *host)
{
    CLEANUP(free_char) char *first = mem_strndup(host, strcspn(host, "/%"));

    if (strcmp(first, "0.0.0.0") == 0)
        return mem_strdup("127.0.0.1");
    return mem_strdup(strcmp(first, "::") == 0 ? "::1" : first);
}

static void refuse_peer(struct refusal *refusal, const struct network *peer, const char *host)
{
    CLEANUP(free_char) char *address = listed_address(host);

    if (refusal_is_on(refusal, "PrivateNetwork")) {
        if (network_class_of(peer) != NETWORK_SELF)
            refusal_add(refusal, "", "PrivateNetwork", "ENETUNREACH");
        else
            refusal_say(refusal, "PrivateNetwork= gives the service its own loopback device: "
                                 "only itself answers there");
        return;
    }
    if (!refusal_line(refusal, "IPAddressDeny")) {
        refusal_say_unset(refusal, "IPAddressDeny");
        return;
    }
    if (!list_covers(refusal, "IPAddressDeny", address) ||
        list_covers(refusal, "IPAddressAllow", address))
        return;
    refusal_add(refusal, "a datagram to it", "IPAddressDeny", "EPERM");
    refusal_add(refusal, "a TCP connection to it", "IPAddressDeny",
                "ETIMEDOUT (its packets are dropped)");
    refusal_say(refusal, "packets from it: dropped by IPAddressDeny=");
}

/* ---- ports ----------------------------------------------------------------------------------- */

/* "80", "8000-8010", "tcp:80", "ipv6:udp:53" (systemd.resource-control(5)). */
static bool rule_has_port(const char *rule, int port)
{
    const char *colon = strrchr(rule, ':');
    const char *range = colon ? colon + 1 : rule;
    char *end = NULL;

    if (strcmp(range, "any") == 0 || !strpbrk(range, "0123456789"))
        return true;
    long first = strtol(range, &end, 10);
    long last = *end == '-' ? strtol(end + 1, NULL, 10) : first;
    return port >= first && port <= last;
}

static bool ports_have(const struct refusal *refusal, const char *directive, int port)
{
    const struct verdict *verdict = refusal_line(refusal, directive);

    for (size_t i = 0; verdict && i < verdict->count; i++)
        if (rule_has_port(verdict->values[i].text, port))
            return true;
    return false;
}

void refusal_address(struct refusal *refusal, const char *host, int port)
{
    struct network peer;

    if (!network_parse(host, &peer) || refuse_socket(refusal, peer.family))
        return;
    refuse_peer(refusal, &peer, host);
    if (port > 0 && ports_have(refusal, "SocketBindDeny", port) &&
        !ports_have(refusal, "SocketBindAllow", port)) {
        CLEANUP(free_char) char *what = mem_printf("bind(2) to port %d", port);
        refusal_add(refusal, what, "SocketBindDeny", "EPERM");
    }
}
