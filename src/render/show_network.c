// SPDX-License-Identifier: LGPL-2.1-or-later
/* Sockets, addresses, peers and names. */
#include "render/page.h"
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#define NETWORK_SHOWN 16

/* ---- addresses ------------------------------------------------------------------------------- */

static const char *transport(const struct address_fact *address)
{
    bool internet = address->family == AF_INET || address->family == AF_INET6;

    switch (address->type) {
    case SOCK_STREAM:
        return internet ? "TCP" : "stream";
    case SOCK_DGRAM:
        return internet ? "UDP" : "datagram";
    case SOCK_SEQPACKET:
        return "seqpacket";
    case SOCK_RAW:
        return "raw";
    default:
        return "type unknown";
    }
}

/* "10.0.0.1:80 (TCP)", "[::1]:53 (UDP)", "/run/d.sock (stream)". */
static char *address_text(const struct fact *fact)
{
    const struct address_fact *address = &fact->address;
    CLEANUP(free_char) char *host = *address->host ? page_name(address->host) : NULL;
    bool bracketed = address->family == AF_INET6;
    const char *family = family_name(address->family);
    struct str text = { 0 };

    str_addf(&text, "%s%s%s", bracketed ? "[" : "", host ? host : "(unnamed)",
             bracketed ? "]" : "");
    if (address->port)
        str_addf(&text, ":%d", address->port);
    if (address->family == AF_INET || bracketed || address->family == AF_UNIX)
        str_addf(&text, " (%s", transport(address));
    else
        str_addf(&text, " (%s %s", family ? family : "unnamed family", transport(address));
    if (!fact_may_have_succeeded(fact))
        str_addf(&text, ", failed%s%s", errno_name(fact->outcome) ? " with " : "",
                 errno_name(fact->outcome) ? errno_name(fact->outcome) : "");
    str_add_char(&text, ')');
    return str_steal(&text);
}

static void show_addresses(struct page *page, enum address_use use, const char *label)
{
    size_t count;
    const struct fact *const *facts = profile_facts(page->profile, FACT_ADDRESS, &count);
    CLEANUP(strings_done) struct strings lines = { 0 };

    for (size_t i = 0; i < count; i++) {
        if (facts[i]->address.use != use)
            continue;
        CLEANUP(free_char) char *line = address_text(facts[i]);
        strings_add(&lines, line);
    }
    strings_sort_unique(&lines);
    page_list(page, 2, label, &lines, NETWORK_SHOWN);
}

/* ---- sockets --------------------------------------------------------------------------------- */

static char *socket_text(const struct fact *fact)
{
    static const char *const types[] = { [SOCK_STREAM] = "stream",
                                         [SOCK_DGRAM] = "datagram",
                                         [SOCK_RAW] = "raw",
                                         [SOCK_SEQPACKET] = "seqpacket" };
    const struct socket_fact *socket = &fact->socket;
    const char *family = family_name(socket->family);
    bool known = socket->type > 0 && (size_t)socket->type < ELEMENTS_OF(types);
    const char *type = known ? types[socket->type] : NULL;
    struct str text = { 0 };

    if (family)
        str_add(&text, family);
    else if (socket->family == SOCKET_ANY)
        str_add(&text, "families without a name");
    else
        str_addf(&text, "family %d", socket->family);
    str_addf(&text, "%s%s", type ? " " : "", type ? type : "");
    if (!fact_may_have_succeeded(fact))
        str_addf(&text, " (failed%s%s)", errno_name(fact->outcome) ? " with " : "",
                 errno_name(fact->outcome) ? errno_name(fact->outcome) : "");
    return str_steal(&text);
}

static void show_sockets(struct page *page, enum socket_origin origin, const char *label)
{
    size_t count;
    const struct fact *const *facts = profile_facts(page->profile, FACT_SOCKET, &count);
    CLEANUP(strings_done) struct strings lines = { 0 };

    for (size_t i = 0; i < count; i++) {
        if (facts[i]->socket.origin != origin)
            continue;
        CLEANUP(free_char) char *line = socket_text(facts[i]);
        strings_add(&lines, line);
    }
    strings_sort_unique(&lines);
    page_list(page, 2, label, &lines, NETWORK_SHOWN);
}

/* ---- all ------------------------------------------------------------------------------------- */

static void show_names(struct page *page)
{
    size_t count;
    const struct fact *const *facts = profile_facts(page->profile, FACT_NAME, &count);
    CLEANUP(strings_done) struct strings lines = { 0 };

    for (size_t i = 0; i < count; i++) {
        CLEANUP(free_char) char *name = page_name(facts[i]->name.name);
        CLEANUP(free_char) char *host = page_name(facts[i]->name.host);
        CLEANUP(free_char) char *line = mem_printf("%s is %s", name, host);
        strings_add(&lines, line);
    }
    page_list(page, 2, "names", &lines, NETWORK_SHOWN);
}

void show_network(struct page *page)
{
    static const char *const uses[ADDRESS_USE_COUNT] = {
        [ADDRESS_LISTEN] = "listens on", [ADDRESS_BIND] = "binds",
        [ADDRESS_ACCEPT] = "clients",    [ADDRESS_CONNECT] = "connects to",
        [ADDRESS_SEND] = "sends to",     [ADDRESS_RECEIVE] = "receives",
        [ADDRESS_JOIN] = "joins",
    };
    static const enum address_use order[] = { ADDRESS_LISTEN,  ADDRESS_BIND, ADDRESS_ACCEPT,
                                              ADDRESS_CONNECT, ADDRESS_SEND, ADDRESS_RECEIVE,
                                              ADDRESS_JOIN };
    static const char *const origins[SOCKET_ORIGIN_COUNT] = {
        [SOCKET_CREATED] = "sockets",
        [SOCKET_PAIR] = "socket pairs",
        [SOCKET_ACCEPTED] = "accepted",
        [SOCKET_INHERITED] = "inherited",
    };
    size_t addresses, sockets;

    (void)profile_facts(page->profile, FACT_ADDRESS, &addresses);
    (void)profile_facts(page->profile, FACT_SOCKET, &sockets);
    page_title(page, "Network");
    if (!addresses && !sockets)
        page_text(page, 2, "no socket was used");
    for (size_t i = 0; i < ELEMENTS_OF(order); i++)
        show_addresses(page, order[i], uses[order[i]]);
    show_names(page);
    for (int origin = 0; origin < SOCKET_ORIGIN_COUNT; origin++)
        show_sockets(page, (enum socket_origin)origin, origins[origin]);
}
