// SPDX-License-Identifier: LGPL-2.1-or-later
/* The peers the service exchanges packets with. IPAddressAllow= and IPAddressDeny= filter packets:
 * the peer is the source of an incoming and the destination of an outgoing packet
 * (systemd.resource-control(5)). So connect(2) of a datagram socket is not a peer, one that refused
 * or did not answer is, and the peers of a server that other hosts reach are unknown. The lists of
 * a socket unit apply to the sockets it passes in. */
#include "systemd/network/peers.h"
#include "systemd/core/derive.h"
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

/* A name that lives shorter leads elsewhere before anyone looks at the unit again. */
#define PIN_TTL_S 86400

#define PORT_NAMES     53
#define PORT_NAMES_TLS 853

void peers_done(struct peers *peers)
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

static void peers_add(struct peers *peers, const struct network *address, bool is_server,
                      const struct fact *fact)
{
    struct peer peer = { .address = *address,
                         .class = network_class_of(address),
                         .witness = fact,
                         .order = peers->count,
                         .facts = 1,
                         .is_server = is_server,
                         .is_name_server = is_server && fact->address.port == PORT_NAMES };

    mem_reserve(&peers->items, &peers->capacity, peers->count + 1, sizeof(peer));
    peers->items[peers->count++] = peer;
}

static int by_address(const void *left, const void *right)
{
    const struct peer *a = left, *b = right;
    int order = network_compare(&a->address, &b->address);

    /* They were added in the order of the profile: the first fact stays a peer's witness. */
    return order ? order : (a->order > b->order) - (a->order < b->order);
}

static void peers_sort_unique(struct peers *peers)
{
    size_t kept = 0;

    if (peers->count > 1)
        qsort(peers->items, peers->count, sizeof(struct peer), by_address);
    for (size_t i = 0; i < peers->count; i++) {
        const struct peer *peer = &peers->items[i];
        struct peer *last = kept ? &peers->items[kept - 1] : NULL;
        if (last && network_compare(&last->address, &peer->address) == 0) {
            last->facts++;
            last->is_server |= peer->is_server;
            last->is_name_server |= peer->is_name_server;
        } else {
            peers->items[kept++] = *peer;
        }
    }
    peers->count = kept;
}

/* ---- who ---- */

/* Whether that error came before any packet was sent. */
static bool sends_nothing(int outcome)
{
    return outcome == EBADF || outcome == ENOTSOCK || outcome == EFAULT || outcome == EINVAL ||
           outcome == EAFNOSUPPORT;
}

static void see_outgoing(struct peers *peers, enum peer_policy policy,
                         const struct network *address, const struct fact *fact)
{
    if (sends_nothing(fact->outcome))
        return;
    if (network_class_of(address) == NETWORK_GROUP && policy == PEERS_AUTO)
        peers_refuse(peers, "the service sends to a multicast group, so its peers are unknown",
                     fact);
    peers_add(peers, address, true, fact);
}

static void see_client(struct peers *peers, enum peer_policy policy, const struct network *address,
                       const struct fact *fact)
{
    if (peers->served_by_socket_unit)
        return;
    if (policy == PEERS_LOCAL && network_class_of(address) != NETWORK_SELF)
        peers->dropped_clients = true;
    else
        peers_add(peers, address, false, fact);
}

static void see_listener(struct peers *peers, enum peer_policy policy,
                         const struct network *address, const struct fact *fact)
{
    static const struct network loopback = { AF_INET, 32, { 127, 0, 0, 1 } };
    static const struct network loopback_6 = { AF_INET6, 128, { [15] = 1 } };
    bool is_local =
        address->bits && (network_holds(&(struct network){ AF_INET, 8, { 127 } }, address) ||
                          network_compare(&loopback_6, address) == 0);

    if (is_local || policy == PEERS_LOCAL)
        peers_add(peers, &loopback, false, fact);
    else if (policy == PEERS_AUTO)
        peers_refuse(peers,
                     "the service listens on an address other machines can reach, so its clients "
                     "are unknown (--peers observed or local limits them)",
                     fact);
}

/* A socket that clients send to: listen(2), or a datagram socket bound to a chosen port. Collapsed
 * ports count as none. */
static bool is_listener(const struct fact *fact)
{
    return fact->address.use == ADDRESS_LISTEN ||
           (fact->address.use == ADDRESS_BIND && fact->address.type == SOCK_DGRAM &&
            (fact->address.port != 0 || fact_is_wildcard(fact)));
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
    struct network address = { 0 };
    bool is_good = network_parse(fact->address.host, &address);

    if (is_listener(fact)) {
        if (!is_inherited(fact))
            see_listener(peers, policy, &address, fact);
        return;
    }
    if (fact->address.use == ADDRESS_BIND)
        return;
    if (!is_good) {
        peers_refuse(peers, "training could not read a peer's address", fact);
        return;
    }
    switch (fact->address.use) {
    case ADDRESS_CONNECT:
        if (fact->address.type != SOCK_DGRAM)
            see_outgoing(peers, policy, &address, fact);
        break;
    case ADDRESS_SEND:
        see_outgoing(peers, policy, &address, fact);
        break;
    case ADDRESS_ACCEPT:
    case ADDRESS_RECEIVE:
        see_client(peers, policy, &address, fact);
        break;
    case ADDRESS_JOIN:
        if (policy == PEERS_AUTO && fact->outcome == 0)
            peers_refuse(peers, "the service joins a multicast group, so its peers are unknown",
                         fact);
        break;
    case ADDRESS_BIND:
    case ADDRESS_LISTEN:
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
            peers_refuse(peers, "any host may answer on a raw socket", facts[i]);
}

/* ---- by which name ---- */

static struct peer *peers_find(struct peers *peers, const struct network *address)
{
    struct peer probe = { .address = *address };
    size_t low = 0, high = peers->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = network_compare(&peers->items[middle].address, &probe.address);
        if (order == 0)
            return &peers->items[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static void peers_name(struct peers *peers, const struct profile *profile)
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_NAME, &count);

    for (size_t i = 0; i < count; i++) {
        struct network address;
        struct peer *peer =
            network_parse(facts[i]->name.host, &address) ? peers_find(peers, &address) : NULL;
        if (peer && (!peer->name || facts[i]->name.ttl_s < peer->name->name.ttl_s))
            peer->name = facts[i];
    }
}

/* Services that answer without a name server's packets: systemd-resolved's own socket
 * (nss-resolve(8)), nscd(8), avahi-daemon(8). */
static bool is_name_service(const struct path_fact *path)
{
    static const char *const sockets[] = { "/run/systemd/resolve/io.systemd.Resolve",
                                           "/run/nscd/socket", "/run/avahi-daemon/socket" };

    for (size_t i = 0; i < ELEMENTS_OF(sockets); i++)
        if (path->use == PATH_CONNECT && path_may_be_within(path->path, sockets[i]))
            return true;
    return false;
}

/* Where systemd-resolved can be asked, too (org.freedesktop.resolve1(5)), among all else. */
static bool is_bus(const struct path_fact *path)
{
    return path->use == PATH_CONNECT &&
           path_may_be_within(path->path, "/run/dbus/system_bus_socket");
}

static const struct fact *peers_connection(const struct profile *profile,
                                           bool (*is_meant)(const struct path_fact *path))
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_PATH, &count);

    for (size_t i = 0; i < count; i++)
        if (facts[i]->outcome == 0 && is_meant(&facts[i]->path))
            return facts[i];
    return NULL;
}

/* A use that looks up names without a recorded answer; answers on port 53 are recorded. */
static const struct fact *peers_unheard(const struct profile *profile)
{
    size_t count, named;
    const struct fact *const *facts = profile_facts(profile, FACT_BLIND_SPOT, &count);
    const struct fact *asked = peers_connection(profile, is_name_service);

    if (asked)
        return asked;
    for (size_t i = 0; i < count; i++)
        if (strcmp(facts[i]->blind_spot.topic, "name-lookups") == 0)
            return facts[i];
    profile_facts(profile, FACT_NAME, &named);
    facts = profile_facts(profile, FACT_ADDRESS, &count);
    for (size_t i = 0; i < count; i++) {
        const struct address_fact *address = &facts[i]->address;
        bool asks = address->use == ADDRESS_SEND ||
                    (address->use == ADDRESS_CONNECT && address->type == SOCK_STREAM);
        if (is_ip(address->family) && asks &&
            (address->port == PORT_NAMES_TLS || (address->port == PORT_NAMES && !named)))
            return facts[i];
    }
    return peers_connection(profile, is_bus);
}

/* A lookup over the network mostly returns public addresses, and a program on the bus mostly looks
 * up none. A local service that looks up every name gives no hint. */
static bool is_asked_for_all(const struct fact *unheard)
{
    return unheard->kind == FACT_BLIND_SPOT ||
           (unheard->kind == FACT_PATH && is_name_service(&unheard->path));
}

bool peer_is_wildcard(const struct peer *peer)
{
    return !network_is_address(&peer->address) && peer->class != NETWORK_SELF;
}

static char *name_describe(const struct fact *fact)
{
    CLEANUP(free_char) char *name = text_encode_string(fact->name.name);

    return fact->name.ttl_s < 0 ? mem_printf("%s, TTL unknown", name)
                                : mem_printf("%s, TTL %lld s", name, (long long)fact->name.ttl_s);
}

char *peer_fleeting(const struct peers *peers, const struct peer *peer)
{
    char text[NETWORK_TEXT];

    network_text(&peer->address, text);
    if (peer_is_wildcard(peer))
        return mem_printf("training met more peers among %s than cinch records individually (%d)",
                          network_class_name(peer->class), PROFILE_WILDCARD);
    if (!peer->is_server || peer->class == NETWORK_SELF || peer->class == NETWORK_GROUP)
        return NULL;
    if (peer->name && peer->name->name.ttl_s < PIN_TTL_S) {
        CLEANUP(free_char) char *name = name_describe(peer->name);
        return mem_printf("%s: its address %s may change", name, text);
    }
    if (peer->name || peer->is_name_server || !peers->unheard)
        return NULL;
    if (peer->class != NETWORK_PUBLIC && !is_asked_for_all(peers->unheard))
        return NULL;
    CLEANUP(free_char) char *seen = fact_describe(peers->unheard);
    return mem_printf(
        "%s may come from a DNS answer that training did not record, so it may change (%s)", text,
        seen);
}

char *peer_describe(const struct peer *peer)
{
    CLEANUP(free_char) char *seen = fact_describe(peer->witness);
    CLEANUP(free_char) char *name = peer->name ? name_describe(peer->name) : NULL;
    CLEANUP(free_char)
    char *more = peer->facts > 1 ? mem_printf(", and %zu more like it", peer->facts - 1) : NULL;

    return mem_printf("%s%s%s%s%s", seen, more ? more : "", name ? " (" : "", name ? name : "",
                      name ? ")" : "");
}

void peers_collect(const struct derive_context *context, struct peers *ret)
{
    enum peer_policy policy = context->options->peers;
    size_t count;
    const struct fact *const *facts = profile_facts(context->profile, FACT_ADDRESS, &count);

    if (policy == PEERS_ANY)
        peers_refuse(ret, "--peers any allows every peer", NULL);
    ret->served_by_socket_unit = is_served_by_socket_unit(context->profile);
    for (size_t i = 0; i < count; i++)
        if (is_ip(facts[i]->address.family))
            peers_see(ret, policy, facts[i]);
    peers_see_raw(ret, policy, context->profile);
    peers_sort_unique(ret);
    peers_name(ret, context->profile);
    ret->unheard = peers_unheard(context->profile);
}
