// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * IPAddressDeny=any with IPAddressAllow= of the peers that were seen.
 *
 * The filter sees packets: the peer is the source of what comes in and the destination of what goes
 * out (systemd.resource-control(5)). So connect(2) of a datagram socket is no peer, a peer that
 * refused or did not answer is one, and whoever serves on an address that others can reach has
 * peers nobody knows. Sockets passed in by a socket unit are under that unit's lists, not these.
 */
#include "systemd/derive.h"
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

enum host_kind {
    HOST_BAD, /* not an address */
    HOST_ANY, /* 0.0.0.0, :: */
    HOST_LOOPBACK,
    HOST_LINK_LOCAL, /* fe80::/64, as systemd means it; 169.254.0.0/16 is as good as any other exact
                        address */
    HOST_GROUP,      /* multicast or broadcast: whoever answers is not known */
    HOST_UNICAST,
};

struct host {
    enum host_kind kind;
    unsigned char key[17]; /* order: the symbolic ones, IPv4, IPv6 */
    char text[INET6_ADDRSTRLEN];
};

static enum host_kind kind_of_v4(const unsigned char *bytes)
{
    static const unsigned char broadcast[4] = { 255, 255, 255, 255 };

    if (bytes[0] == 0)
        return HOST_ANY;
    if (bytes[0] == 127)
        return HOST_LOOPBACK;
    if ((bytes[0] >= 224 && bytes[0] < 240) || memcmp(bytes, broadcast, 4) == 0)
        return HOST_GROUP;
    return HOST_UNICAST;
}

static enum host_kind kind_of_v6(const unsigned char *bytes)
{
    static const unsigned char zero[15];
    static const unsigned char link_local[8] = { 0xfe, 0x80 };

    if (memcmp(bytes, zero, 15) == 0 && bytes[15] <= 1)
        return bytes[15] ? HOST_LOOPBACK : HOST_ANY;
    if (bytes[0] == 0xff)
        return HOST_GROUP;
    return memcmp(bytes, link_local, sizeof(link_local)) == 0 ? HOST_LINK_LOCAL : HOST_UNICAST;
}

/* Reads the text of an address; a scope ("%eth0") is not part of what systemd can list. */
static struct host host_parse(const char *text)
{
    struct host host = { .kind = HOST_BAD };
    CLEANUP(free_char) char *plain = mem_strndup(text, strcspn(text, "%"));

    if (inet_pton(AF_INET, plain, host.key + 1) == 1) {
        host.kind = kind_of_v4(host.key + 1);
        host.key[0] = AF_INET;
    } else if (inet_pton(AF_INET6, plain, host.key + 1) == 1) {
        host.kind = kind_of_v6(host.key + 1);
        host.key[0] = AF_INET6;
    }
    if (host.kind != HOST_BAD)
        inet_ntop(host.key[0], host.key + 1, host.text, sizeof(host.text));
    return host;
}

/* A peer as it is listed, with the first fact that shows it. */
struct peer {
    unsigned char key[17];
    char text[INET6_ADDRSTRLEN];
    const struct fact *witness;
    size_t order; /* of that fact in the profile */
    size_t facts; /* how many facts show it */
};

struct peers {
    struct peer *items;
    size_t count;
    size_t capacity;
    char *refusal; /* why there can be no list; owned */
    const struct fact *refused_by;
    bool served_by_socket_unit; /* clients come over sockets that were passed in */
    bool dropped_clients;       /* --peers local left some out */
};

static void peers_done(struct peers *peers)
{
    free(peers->items);
    free(peers->refusal);
}

static void peers_refuse(struct peers *peers, const char *because, const struct fact *fact)
{
    if (peers->refusal)
        return;
    CLEANUP(free_char) char *seen = fact ? fact_describe(fact) : NULL;
    peers->refusal = seen ? mem_printf("%s: %s", because, seen) : mem_strdup(because);
    peers->refused_by = fact;
}

/* A symbolic name stands for all of its kind (systemd.resource-control(5)): "localhost" is
 * 127.0.0.0/8 and ::1, "link-local" 169.254.0.0/16 and fe80::/64. */
static void peers_add(struct peers *peers, const struct host *host, const struct fact *fact)
{
    struct peer peer = { .witness = fact, .order = peers->count, .facts = 1 };

    if (host->kind == HOST_LOOPBACK || host->kind == HOST_ANY) {
        strcpy(peer.text, "localhost");
    } else if (host->kind == HOST_LINK_LOCAL) {
        strcpy(peer.text, "link-local");
        peer.key[1] = 1;
    } else {
        memcpy(peer.text, host->text, sizeof(peer.text));
        memcpy(peer.key, host->key, sizeof(peer.key));
    }
    mem_reserve(&peers->items, &peers->capacity, peers->count + 1, sizeof(peer));
    peers->items[peers->count++] = peer;
}

static int by_key(const void *left, const void *right)
{
    const struct peer *a = left, *b = right;
    int order = memcmp(a->key, b->key, sizeof(a->key));

    /* They were added in the order of the profile: the first fact stays a peer's witness. */
    return order ? order : (a->order > b->order) - (a->order < b->order);
}

static void peers_sort_unique(struct peers *peers)
{
    size_t kept = 0;

    if (peers->count > 1)
        qsort(peers->items, peers->count, sizeof(struct peer), by_key);
    for (size_t i = 0; i < peers->count; i++) {
        struct peer *last = kept ? &peers->items[kept - 1] : NULL;
        if (last && memcmp(last->key, peers->items[i].key, sizeof(last->key)) == 0)
            last->facts++;
        else
            peers->items[kept++] = peers->items[i];
    }
    peers->count = kept;
}

/* ---- collecting
 * ---------------------------------------------------------------------------------------- */

/* Whether that error came before any packet was sent. */
static bool sends_nothing(int outcome)
{
    return outcome == EBADF || outcome == ENOTSOCK || outcome == EFAULT || outcome == EINVAL ||
           outcome == EAFNOSUPPORT;
}

static void peers_add_outgoing(struct peers *peers, enum peer_policy policy,
                               const struct host *host, const struct fact *fact)
{
    if (sends_nothing(fact->outcome))
        return;
    if (host->kind == HOST_GROUP && policy == PEERS_AUTO)
        peers_refuse(peers, "it sends to a group, and who answers is not known", fact);
    peers_add(peers, host, fact);
}

static void peers_add_client(struct peers *peers, enum peer_policy policy, const struct host *host,
                             const struct fact *fact)
{
    if (peers->served_by_socket_unit)
        return;
    if (policy == PEERS_LOCAL && host->kind != HOST_LOOPBACK)
        peers->dropped_clients = true;
    else
        peers_add(peers, host, fact);
}

static void peers_add_listener(struct peers *peers, enum peer_policy policy,
                               const struct host *host, const struct fact *fact)
{
    static const struct host localhost = { .kind = HOST_LOOPBACK };

    if (host->kind == HOST_LOOPBACK || policy == PEERS_LOCAL)
        peers_add(peers, &localhost, fact);
    else if (policy == PEERS_AUTO)
        peers_refuse(peers,
                     "it serves where others than this machine can reach it, so its "
                     "clients are not known (--peers observed or local says otherwise)",
                     fact);
}

/* A socket that others send to: listen(2), or a datagram socket bound to a port of its choice. */
static bool is_listener(const struct fact *fact)
{
    return fact->address.use == ADDRESS_LISTEN ||
           (fact->address.use == ADDRESS_BIND && fact->address.type == SOCK_DGRAM &&
            fact->address.port != 0);
}

/* A socket that was passed in was never bound or listened on by a call of the service. */
static bool is_inherited(const struct fact *fact)
{
    for (size_t i = 0; i < fact->evidence.count; i++)
        if (*fact->evidence.seen[i].call)
            return false;
    return true;
}

static void peers_see(struct peers *peers, enum peer_policy policy, const struct fact *fact)
{
    struct host host = host_parse(fact->address.host);

    if (is_listener(fact)) {
        if (!is_inherited(fact))
            peers_add_listener(peers, policy, &host, fact);
        return;
    }
    if (fact->address.use == ADDRESS_BIND)
        return;
    if (host.kind == HOST_BAD) {
        peers_refuse(peers, "an address could not be read", fact);
        return;
    }
    switch (fact->address.use) {
    case ADDRESS_CONNECT:
        if (fact->address.type != SOCK_DGRAM)
            peers_add_outgoing(peers, policy, &host, fact);
        break;
    case ADDRESS_SEND:
        peers_add_outgoing(peers, policy, &host, fact);
        break;
    case ADDRESS_ACCEPT:
    case ADDRESS_RECEIVE:
        peers_add_client(peers, policy, &host, fact);
        break;
    case ADDRESS_BIND:
    case ADDRESS_LISTEN:
    case ADDRESS_JOIN:
    case ADDRESS_USE_COUNT:
        break;
    }
}

static bool is_ip(int family)
{
    return family == AF_INET || family == AF_INET6;
}

/* Whether clients come over sockets that were passed in, and over those only. */
static bool is_served_by_socket_unit(const struct profile *profile)
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_ADDRESS, &count);

    for (size_t i = 0; i < count; i++)
        if (is_ip(facts[i]->address.family) && is_listener(facts[i]) && !is_inherited(facts[i]))
            return false;
    facts = profile_facts(profile, FACT_SOCKET, &count);
    for (size_t i = 0; i < count; i++)
        if (is_ip(facts[i]->socket.family) && facts[i]->socket.origin == SOCKET_INHERITED)
            return true;
    return false;
}

static void peers_see_raw(struct peers *peers, enum peer_policy policy,
                          const struct profile *profile)
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_SOCKET, &count);

    for (size_t i = 0; i < count && policy == PEERS_AUTO; i++)
        if (is_ip(facts[i]->socket.family) && facts[i]->socket.type == SOCK_RAW &&
            facts[i]->socket.origin == SOCKET_CREATED && facts[i]->outcome == 0)
            peers_refuse(peers, "anyone may answer on a raw socket", facts[i]);
}

static void peers_collect(const struct derive_context *context, struct peers *peers)
{
    enum peer_policy policy = context->options->peers;
    size_t count;
    const struct fact *const *facts = profile_facts(context->profile, FACT_ADDRESS, &count);

    if (policy == PEERS_ANY)
        peers_refuse(peers, "any peer was asked for (--peers any)", NULL);
    peers->served_by_socket_unit = is_served_by_socket_unit(context->profile);
    for (size_t i = 0; i < count; i++)
        if (is_ip(facts[i]->address.family))
            peers_see(peers, policy, facts[i]);
    peers_see_raw(peers, policy, context->profile);
    peers_sort_unique(peers);
}

/* ---- the directives
 * ------------------------------------------------------------------------------------ */

void derive_ip_deny(const struct derive_context *context, const struct directive *directive,
                    struct verdict *ret)
{
    CLEANUP(peers_done) struct peers peers = { 0 };

    peers_collect(context, &peers);
    if (peers.refusal) {
        verdict_refuse(ret, mem_printf("%s; it stops %s", peers.refusal, directive->forbids),
                       peers.refused_by);
        return;
    }
    ret->why = peers.count
                   ? mem_printf("packets of all but the peers that were seen (%zu) are dropped",
                                peers.count)
                   : mem_strdup("no IP traffic was seen: every packet is dropped");
    verdict_add(ret, "any", mem_strdup(ret->why), NULL);
}

static char *peer_describe(const struct peer *peer)
{
    CLEANUP(free_char) char *seen = fact_describe(peer->witness);

    return peer->facts > 1 ? mem_printf("%s, and %zu more like it", seen, peer->facts - 1)
                           : mem_strdup(seen);
}

static void note_peers(const struct derive_context *context, const struct peers *peers)
{
    bool remote = peers->count && strcmp(peers->items[peers->count - 1].text, "localhost") != 0;

    if (remote && touched_resolver(context->profile))
        derive_note(context, mem_strdup("IPAddressAllow= lists addresses, but the service looks up "
                                        "names: they, and the name servers, may have other "
                                        "addresses tomorrow"));
    if (peers->served_by_socket_unit)
        derive_note(context, mem_strdup("sockets were passed in: packets on them are filtered by "
                                        "the lists of the socket unit; put IPAddressDeny= and "
                                        "IPAddressAllow= there for its clients"));
    if (peers->dropped_clients)
        derive_note(context, mem_strdup("clients from other machines were seen in training and "
                                        "will be refused (--peers local)"));
}

static bool unit_has_allow(const struct unit *unit)
{
    CLEANUP(strings_done) struct strings values = { 0 };

    if (unit)
        unit_list(unit, "IPAddressAllow", &values);
    return values.count > 0;
}

void derive_ip_allow(const struct derive_context *context, const struct directive *directive,
                     struct verdict *ret)
{
    CLEANUP(peers_done) struct peers peers = { 0 };

    (void)directive;
    peers_collect(context, &peers);
    if (peers.refusal) {
        verdict_refuse(ret, mem_printf("IPAddressDeny= is left out: %s", peers.refusal),
                       peers.refused_by);
        return;
    }
    note_peers(context, &peers);
    for (size_t i = 0; i < peers.count; i++)
        verdict_add(ret, peers.items[i].text, peer_describe(&peers.items[i]),
                    peers.items[i].witness);
    if (peers.count > 0) {
        ret->why = mem_strdup("the peers that were seen");
        return;
    }
    verdict_refuse(ret, mem_strdup("no IP peer was seen: there is nothing to allow"), NULL);
    ret->emitted = unit_has_allow(context->options->unit); /* only to reset what the unit allows */
}
