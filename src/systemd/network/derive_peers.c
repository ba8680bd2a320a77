// SPDX-License-Identifier: LGPL-2.1-or-later
/* IPAddressDeny= and IPAddressAllow=. Where every peer can be listed, all others are denied. A
 * class of networks with a peer whose address may change stays open; when that is the public one,
 * the other classes are denied. */
#include "systemd/core/derive.h"
#include "systemd/core/directive.h"
#include "systemd/core/fit.h"
#include "systemd/core/limits.h"
#include "systemd/core/touched.h"
#include "systemd/core/verdict.h"
#include "systemd/network/network_rows.h"
#include "systemd/network/peers.h"
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

struct peer_plan {
    struct peers peers;
    bool is_open[NETWORK_CLASS_COUNT];
    const struct peer *opened_by[NETWORK_CLASS_COUNT]; /* the first */
    size_t fleeting;                                   /* peers that may not be pinned */
    char *because;                                     /* of the first of them; owned */
};

static void plan_done(struct peer_plan *plan)
{
    peers_done(&plan->peers);
    free(plan->because);
}

/* --peers observed lists such addresses, with a note. */
static void plan_make(const struct derive_context *context, struct peer_plan *plan)
{
    peers_collect(context, &plan->peers);
    for (size_t i = 0; i < plan->peers.count; i++) {
        const struct peer *peer = &plan->peers.items[i];
        char *because = peer_fleeting(&plan->peers, peer);
        if (!because)
            continue;
        plan->fleeting++;
        bool is_listed = context->options->peers == PEERS_OBSERVED && !peer_is_wildcard(peer);
        if (!is_listed && !plan->is_open[peer->class]) {
            plan->is_open[peer->class] = true;
            plan->opened_by[peer->class] = peer;
        }
        if (plan->because)
            free(because);
        else
            plan->because = because;
    }
}

static char *and_others(const struct peer_plan *plan)
{
    return plan->fleeting > 1
               ? mem_printf("%s (and %zu more like it)", plan->because, plan->fleeting - 1)
               : mem_strdup(plan->because);
}

/* ---- IPAddressDeny= ---- */

static void deny_class(enum network_class class, struct verdict *ret)
{
    const char *prefix;

    for (size_t at = 0; (prefix = network_class_prefix(class, at)); at++)
        verdict_add(
            ret, prefix,
            mem_printf("%s: denied except for the observed peers", network_class_name(class)),
            NULL);
}

static void deny_closed(const struct peer_plan *plan, struct verdict *ret)
{
    CLEANUP(free_char) char *because = and_others(plan);

    for (int i = 0; i < NETWORK_PUBLIC; i++)
        if (!plan->is_open[i])
            deny_class((enum network_class)i, ret);
    ret->why = mem_printf(
        "%s; so public addresses stay open and the other unused networks are denied", because);
    ret->witness = plan->opened_by[NETWORK_PUBLIC]->witness;
}

void derive_ip_deny(const struct derive_context *context, const struct directive *directive,
                    struct verdict *ret)
{
    CLEANUP(plan_done) struct peer_plan plan = { 0 };

    if (limits_have_addresses(context->options->unit))
        ret->reset = false; /* what the unit denies stays denied */
    plan_make(context, &plan);
    if (plan.peers.refusal) {
        verdict_refuse(ret, mem_printf("%s; it blocks %s", plan.peers.refusal, directive->forbids),
                       plan.peers.refused_by);
        return;
    }
    if (plan.is_open[NETWORK_PUBLIC]) {
        deny_closed(&plan, ret);
        return;
    }
    ret->why = plan.peers.count
                   ? mem_printf("drops packets except those of the %zu observed peer%s",
                                plan.peers.count, plan.peers.count == 1 ? "" : "s")
                   : mem_strdup("the service had no IP traffic; drops every packet");
    verdict_add(ret, "any", mem_strdup(ret->why), NULL);
}

/* ---- IPAddressAllow= ---- */

/* A symbolic name means a whole class (systemd.resource-control(5)): "localhost" is 127.0.0.0/8 and
 * ::1, "link-local" 169.254.0.0/16 and fe80::/64. NULL: the address itself. */
static const char *symbol_of(const struct peer *peer)
{
    static const struct network link_local = { AF_INET6, 64, { 0xfe, 0x80 } };

    if (peer->class == NETWORK_SELF)
        return "localhost";
    return network_holds(&link_local, &peer->address) ? "link-local" : NULL;
}

/* The peers that a symbolic name covers, as one value. */
static void allow_symbol(const struct peers *peers, const char *symbol, struct verdict *ret)
{
    const struct peer *first = NULL;
    size_t facts = 0;

    for (size_t i = 0; i < peers->count; i++) {
        const struct peer *peer = &peers->items[i];
        if (!symbol_of(peer) || strcmp(symbol_of(peer), symbol) != 0)
            continue;
        facts += peer->facts;
        if (!first || peer->order < first->order)
            first = peer;
    }
    if (!first)
        return;
    struct peer all = *first;
    all.facts = facts;
    struct value *value = verdict_add(ret, symbol, peer_describe(&all), all.witness);
    if (all.class != NETWORK_SELF)
        value->excess = (struct excess){ .unit = EXCESS_ADDRESSES,
                                         .count = UINT64_MAX,
                                         .at_least = true,
                                         .within = mem_printf("of %s", symbol) };
}

/* A network and the peers it covers. Both lists are sorted, so the search continues at `*at`. */
static void allow_network(const struct peers *peers, const struct network *network, size_t *at,
                          struct verdict *ret)
{
    const struct peer *first;
    char text[NETWORK_TEXT];
    size_t seen = 0;

    while (!network_holds(network, &peers->items[*at].address))
        ++*at;
    first = &peers->items[*at];
    while (*at < peers->count && network_holds(network, &peers->items[*at].address)) {
        ++*at;
        seen++;
    }
    network_text(network, text);
    CLEANUP(free_char) char *described = peer_describe(first);
    char *why =
        seen > 1 ? mem_printf("%zu peers, such as %s", seen, described) : mem_strdup(described);
    struct value *value = verdict_add(ret, text, why, first->witness);
    uint64_t size = network_size(network);
    if (size > seen)
        value->excess = (struct excess){ .unit = EXCESS_ADDRESSES,
                                         .count = size == UINT64_MAX ? size : size - seen,
                                         .at_least = size == UINT64_MAX,
                                         .within = mem_printf("of %s", text) };
}

static void allow_listed(const struct peer_plan *plan, size_t entries, struct verdict *ret)
{
    const struct peers *peers = &plan->peers;
    struct network *addresses = mem_new(peers->count + 1, sizeof(*addresses));
    struct network *networks = mem_new(peers->count + 1, sizeof(*networks));
    size_t count = 0, at = 0;

    for (size_t i = 0; i < peers->count; i++)
        if (!symbol_of(&peers->items[i]) && !plan->is_open[peers->items[i].class])
            addresses[count++] = peers->items[i].address;
    count = network_cover(addresses, count, entries, networks);
    for (size_t i = 0; i < count; i++)
        allow_network(peers, &networks[i], &at, ret);
    free(addresses);
    free(networks);
}

/* A network that is left open where all else is denied. */
static void allow_class(const struct peer_plan *plan, enum network_class class, struct verdict *ret)
{
    const char *prefix;

    for (size_t at = 0; (prefix = network_class_prefix(class, at)); at++)
        verdict_add(ret, prefix,
                    mem_printf("%s stay open: %s", network_class_name(class), plan->because),
                    plan->opened_by[class]->witness);
}

/* ---- notes ---- */

static bool has_remote(const struct peers *peers)
{
    for (size_t i = 0; i < peers->count; i++)
        if (peers->items[i].class != NETWORK_SELF)
            return true;
    return false;
}

static void note_names(const struct derive_context *context, const struct peer_plan *plan)
{
    if (plan->fleeting) {
        CLEANUP(free_char) char *because = and_others(plan);
        derive_note(
            context, SEVERITY_NOTE, TOPIC_DIRECTIVE,
            context->options->peers == PEERS_OBSERVED ? "IPAddressAllow" : "IPAddressDeny",
            context->options->peers == PEERS_OBSERVED
                ? mem_printf(
                      "IPAddressAllow= lists addresses that may change (--peers observed): %s",
                      because)
                : mem_printf("IPAddressDeny= leaves networks open that the service reaches by host "
                             "name: %s; --peers observed lists such addresses anyway",
                             because));
    } else if (has_remote(&plan->peers) && touched_resolver(context->profile)) {
        derive_note(context, SEVERITY_NOTE, TOPIC_DIRECTIVE, "IPAddressAllow",
                    mem_strdup("IPAddressAllow= lists addresses, but the service looks up host "
                               "names; their addresses and the name servers may change"));
    }
}

static void note_peers(const struct derive_context *context, const struct peer_plan *plan)
{
    note_names(context, plan);
    if (plan->peers.served_by_socket_unit)
        derive_note(
            context, SEVERITY_NOTE, TOPIC_DIRECTIVE, "IPAddressAllow",
            mem_strdup(
                "the service receives its sockets from systemd, and the socket unit's lists filter "
                "their packets; put IPAddressDeny= and IPAddressAllow= for its clients there"));
    if (plan->peers.dropped_clients)
        derive_note(context, SEVERITY_NOTE, TOPIC_DIRECTIVE, "IPAddressAllow",
                    mem_strdup("clients on other hosts connected in training and will be refused "
                               "(--peers local)"));
}

static bool unit_has_allow(const struct unit *unit)
{
    CLEANUP(strings_done) struct strings values = { 0 };

    if (unit)
        unit_list(unit, "IPAddressAllow", &values);
    return values.count > 0;
}

/* Whether a network is itself a peer: it has many collapsed addresses. */
static bool peers_have(const struct peers *peers, const struct network *network)
{
    for (size_t i = 0; i < peers->count; i++)
        if (network_compare(&peers->items[i].address, network) == 0)
            return true;
    return false;
}

/* What the unit denies is allowed to a peer that training reached, never to a whole network that is
 * left open; the unit's own list then stays beside what is left. */
static void limit_allowed(const struct derive_context *context, const struct peer_plan *plan,
                          struct verdict *ret)
{
    for (int class = 0; class < NETWORK_CLASS_COUNT; class ++)
        ret->reset &= !plan->is_open[class];
    for (size_t i = 0; i < ret->count;) {
        const struct value *value = &ret->values[i];
        struct network network;
        bool open = network_parse(value->text, &network) && !network_is_address(&network) &&
                    !peers_have(&plan->peers, &network);
        if (limits_allow_network(context->options->unit, value->text)) {
            i++;
        } else if (open || !value->witness || value->witness->outcome == EPERM) {
            verdict_remove(ret, i);
        } else {
            limits_note(context, "IPAddressDeny", value->text, value->witness);
            i++;
        }
    }
    if (!ret->reset)
        derive_note(context, SEVERITY_NOTE, TOPIC_DIRECTIVE, "IPAddressDeny",
                    mem_printf("the unit's IPAddressDeny= and IPAddressAllow= are kept, because "
                               "this output alone would leave more open: %s",
                               plan->because));
}

void derive_ip_allow(const struct derive_context *context, const struct directive *directive,
                     struct verdict *ret)
{
    CLEANUP(plan_done) struct peer_plan plan = { 0 };
    struct fit_settings fit;
    bool limited = limits_have_addresses(context->options->unit);

    (void)directive;
    plan_make(context, &plan);
    if (plan.peers.refusal) {
        verdict_refuse(ret, mem_printf("IPAddressDeny= is not set: %s", plan.peers.refusal),
                       plan.peers.refused_by);
        return;
    }
    note_peers(context, &plan);
    allow_symbol(&plan.peers, "localhost", ret);
    if (!plan.is_open[NETWORK_LINK_LOCAL])
        allow_symbol(&plan.peers, "link-local", ret);
    fit_settle(context->options, &fit);
    allow_listed(&plan, limited ? SIZE_MAX : fit.peer_entries, ret);
    for (int class = 0; class < NETWORK_PUBLIC; class ++)
        if (plan.is_open[class] && !plan.is_open[NETWORK_PUBLIC])
            allow_class(&plan, (enum network_class) class, ret);
    if (limited)
        limit_allowed(context, &plan, ret);
    if (ret->count > 0) {
        ret->why = mem_strdup("the observed peers");
        return;
    }
    verdict_refuse(ret,
                   mem_strdup(plan.is_open[NETWORK_PUBLIC]
                                  ? "no observed peer is in a denied network"
                                  : "not needed: the service had no IP peer"),
                   NULL);
    /* only to reset what the unit allows */
    ret->emitted = ret->reset && unit_has_allow(context->options->unit);
}
