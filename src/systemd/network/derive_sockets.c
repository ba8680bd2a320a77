// SPDX-License-Identifier: LGPL-2.1-or-later
/* SocketBindDeny= with SocketBindAllow=, and RestrictNetworkInterfaces=. They check bind(2) of an
 * INET socket (cgroup/bind4 and bind6) before it may fail; not listen(2) or connect(2) of an
 * unbound one, nor raw sockets. */
#include "systemd/core/cgroup_bpf.h"
#include "systemd/core/derive.h"
#include "systemd/core/directive.h"
#include "systemd/core/fit.h"
#include "systemd/core/verdict.h"
#include "systemd/network/network_rows.h"
#include "systemd/network/peers.h"
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

static void note_build(const struct derive_context *context)
{
    cgroup_bpf_note(context, "SocketBindDeny",
                    "SocketBindDeny= and RestrictNetworkInterfaces= have");
}

/* ---- who binds what ---- */

/* Ports that one entry names: of a family (0: any) and a protocol (0: any). */
struct binding {
    int family;
    int protocol;
    int first, last; /* 0, 65535: all, and port 0, which no entry can name */
    const struct fact *witness;
    int top; /* the last port counted in `seen` */
    unsigned seen;
};

struct bindings {
    struct binding *items;
    size_t count;
    size_t capacity;
};

static void bindings_done(struct bindings *bindings)
{
    free(bindings->items);
}

static int protocol_of(const struct address_fact *address)
{
    if (address->type == SOCK_STREAM &&
        (address->protocol <= 0 || address->protocol == IPPROTO_TCP))
        return IPPROTO_TCP;
    if (address->type == SOCK_DGRAM && (address->protocol <= 0 || address->protocol == IPPROTO_UDP))
        return IPPROTO_UDP;
    return 0;
}

/* Errors that come before the program is asked. */
static bool is_asked(const struct fact *fact)
{
    return fact->outcome != EBADF && fact->outcome != ENOTSOCK && fact->outcome != EFAULT &&
           fact->outcome != EAFNOSUPPORT;
}

/* In some run at least: a socket that was passed in was bound by no call of the service. */
static bool is_called(const struct fact *fact)
{
    for (size_t i = 0; i < fact->evidence.count; i++)
        if (*fact->evidence.seen[i].call)
            return true;
    return false;
}

static bool is_bind(const struct fact *fact)
{
    const struct address_fact *address = &fact->address;

    return address->use == ADDRESS_BIND && is_called(fact) && is_asked(fact) &&
           address->port == (uint16_t)address->port &&
           (address->family == AF_INET || address->family == AF_INET6) && address->type != SOCK_RAW;
}

/* An IPv4 address may have been bound on an IPv6 socket (as ::ffff:a.b.c.d), which counts as IPv6.
 */
static bool makes_ipv6(const struct profile *profile)
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_SOCKET, &count);

    for (size_t i = 0; i < count; i++)
        if (facts[i]->socket.family == AF_INET6 && facts[i]->outcome == 0)
            return true;
    return false;
}

static int by_binding(const void *left, const void *right)
{
    const struct binding *a = left, *b = right;

    if (a->family != b->family)
        return a->family < b->family ? -1 : 1;
    if (a->protocol != b->protocol)
        return a->protocol < b->protocol ? -1 : 1;
    if (a->first != b->first)
        return a->first < b->first ? -1 : 1;
    return (b->last > a->last) - (b->last < a->last);
}

static void bindings_collect(const struct profile *profile, struct bindings *ret)
{
    bool has_ipv6 = makes_ipv6(profile);
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_ADDRESS, &count);

    for (size_t i = 0; i < count; i++) {
        const struct address_fact *address = &facts[i]->address;
        if (!is_bind(facts[i]))
            continue;
        bool may_be_either = address->family == AF_INET && has_ipv6;
        struct binding binding = { .family = may_be_either ? 0 : address->family,
                                   .protocol = protocol_of(address),
                                   .first = address->port,
                                   .last = address->port ? address->port : 65535,
                                   .witness = facts[i],
                                   .top = address->port,
                                   .seen = address->port != 0 };
        mem_reserve(&ret->items, &ret->capacity, ret->count + 1, sizeof(binding));
        ret->items[ret->count++] = binding;
    }
    if (ret->count > 1)
        qsort(ret->items, ret->count, sizeof(*ret->items), by_binding);
}

/* Ports next to each other become one range; with `all` all of a family and protocol do. */
static void bindings_join(struct bindings *bindings, bool all)
{
    size_t kept = 0;

    for (size_t i = 0; i < bindings->count; i++) {
        const struct binding *next = &bindings->items[i];
        struct binding *last = kept ? &bindings->items[kept - 1] : NULL;
        bool same = last && last->family == next->family && last->protocol == next->protocol;
        if (same && (all || next->first <= last->last + 1)) {
            last->seen += next->first > last->top;
            last->top = next->first;
            if (all)
                last->first = 0;
            last->last = all ? 65535 : next->last > last->last ? next->last : last->last;
        } else {
            bindings->items[kept++] = *next;
        }
    }
    bindings->count = kept;
}

/* [FAMILY:][PROTOCOL:]PORTS, "any" when it is neither (systemd.resource-control(5)). */
static char *binding_text(const struct binding *binding)
{
    const char *family = binding->family == AF_INET    ? "ipv4:"
                         : binding->family == AF_INET6 ? "ipv6:"
                                                       : "";
    const char *protocol = binding->protocol == IPPROTO_TCP   ? "tcp:"
                           : binding->protocol == IPPROTO_UDP ? "udp:"
                                                              : "";
    struct str text = { 0 };

    str_addf(&text, "%s%s", family, protocol);
    if (binding->first && binding->first == binding->last)
        str_addf(&text, "%d", binding->first);
    else if (binding->first)
        str_addf(&text, "%d-%d", binding->first, binding->last);
    else if (text.length)
        text.data[--text.length] = 0; /* "ipv4:udp": every port, and none */
    else
        str_add(&text, "any");
    return str_steal(&text);
}

static void allow_binding(const struct binding *binding, struct verdict *ret)
{
    CLEANUP(free_char) char *text = binding_text(binding);
    CLEANUP(free_char) char *seen = fact_describe(binding->witness);
    struct value *value = verdict_add(
        ret, text,
        binding->first ? mem_strdup(seen) : mem_printf("a port the kernel chose: %s", seen),
        binding->witness);
    unsigned ports = (unsigned)(binding->last - (binding->first ? binding->first - 1 : 0));

    if (ports > binding->seen)
        value->excess = (struct excess){ .unit = EXCESS_PORTS, .count = ports - binding->seen };
}

/* Whether the unit says itself which ports may be bound: what a range brings along it may forbid.
 */
static bool unit_limits_ports(const struct unit *unit)
{
    static const char *const lists[] = { "SocketBindAllow", "SocketBindDeny" };

    for (size_t i = 0; unit && i < ELEMENTS_OF(lists); i++) {
        const char *value = unit_get(unit, lists[i]);
        if (value && value[0])
            return true;
    }
    return false;
}

void derive_bind_allow(const struct derive_context *context, const struct directive *directive,
                       struct verdict *ret)
{
    CLEANUP(bindings_done) struct bindings bindings = { 0 };
    struct fit_settings fit;
    char *missing = cgroup_bpf_missing(context);

    (void)directive;
    if (missing) {
        verdict_refuse(ret, missing, NULL);
        return;
    }
    fit_settle(context->options, &fit);
    bindings_collect(context->profile, &bindings);
    bindings_join(&bindings, false);
    if (bindings.count > fit.peer_entries && !unit_limits_ports(context->options->unit))
        bindings_join(&bindings, true);
    for (size_t i = 0; i < bindings.count; i++)
        allow_binding(&bindings.items[i], ret);
    if (!bindings.count) {
        verdict_refuse(ret, mem_strdup("not needed: the service bound no IP socket"), NULL);
        return;
    }
    note_build(context);
    ret->why = mem_strdup("ports the service bound sockets to");
}

void derive_bind_deny(const struct derive_context *context, const struct directive *directive,
                      struct verdict *ret)
{
    char *missing = cgroup_bpf_missing(context);

    (void)directive;
    if (missing) {
        verdict_refuse(ret, missing, NULL);
        return;
    }
    note_build(context);
    ret->why = mem_strdup("binding an IP socket to any other port fails with EPERM");
    verdict_add(ret, "any", mem_strdup(ret->why), NULL);
}

/* ---- interfaces ---- */

void derive_interfaces(const struct derive_context *context, const struct directive *directive,
                       struct verdict *ret)
{
    CLEANUP(peers_done) struct peers peers = { 0 };
    char *missing = cgroup_bpf_missing(context);

    if (missing) {
        verdict_refuse(ret, missing, NULL);
        return;
    }
    peers_collect(context, &peers);
    if (peers.refusal) {
        verdict_refuse(ret, mem_printf("%s; it blocks %s", peers.refusal, directive->forbids),
                       peers.refused_by);
        return;
    }
    for (size_t i = 0; i < peers.count; i++)
        if (peers.items[i].class != NETWORK_SELF) {
            CLEANUP(free_char) char *seen = peer_describe(&peers.items[i]);
            verdict_refuse(ret,
                           mem_printf("the interface that leads to a peer is unknown: %s", seen),
                           peers.items[i].witness);
            return;
        }
    note_build(context);
    ret->why = mem_strdup(peers.count ? "all observed peers are on this host"
                                      : "the service had no IP traffic");
    verdict_add(ret, "lo", mem_strdup(ret->why), peers.count ? peers.items[0].witness : NULL);
}
