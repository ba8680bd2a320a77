// SPDX-License-Identifier: LGPL-2.1-or-later
/* Sockets that systemd could bind for a service that needs privileges only for that
 * (sd_listen_fds(3)). */
#include "systemd/advice/advice.h"
#include "systemd/core/derive.h"
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

/* Capabilities by which a service that starts as root becomes another user. */
static const char becoming[] = "CAP_SETUID CAP_SETGID";

/* Whether all the privilege it uses is that of binding a low port; *ret_becomes: and that of
 * leaving root after it. */
static bool needs_only_port(const struct suggestion *suggestion, bool *ret_becomes)
{
    const struct verdict *bounding = suggestion_find(suggestion, "CapabilityBoundingSet");
    bool binds = false;

    *ret_becomes = false;
    for (size_t i = 0; bounding && bounding->emitted && i < bounding->count; i++) {
        if (strcmp(bounding->values[i].text, "CAP_NET_BIND_SERVICE") == 0)
            binds = true;
        else if (str_has_word(becoming, bounding->values[i].text))
            *ret_becomes = true;
        else
            return false;
    }
    return binds;
}

static bool is_any(const char *host)
{
    return strcmp(host, "0.0.0.0") == 0 || strcmp(host, "::") == 0;
}

/* The lines of a socket unit for the low ports that were bound, with blanks between. */
static void listen_lines(const struct profile *profile, struct strings *ret)
{
    const char *setting = profile_setting(profile, "sysctl net.ipv4.ip_unprivileged_port_start");
    long first = setting ? strtol(setting, NULL, 10) : IPPORT_RESERVED;
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_ADDRESS, &count);

    for (size_t i = 0; i < count; i++) {
        const struct address_fact *address = &facts[i]->address;
        bool is_ip = address->family == AF_INET || address->family == AF_INET6;
        if (address->use != ADDRESS_BIND || facts[i]->outcome != 0 || !is_ip ||
            address->port <= 0 || address->port >= first)
            continue;
        CLEANUP(free_char) char *host = text_encode_string(address->host);
        const char *open = address->family == AF_INET6 ? "[" : "";
        const char *close = address->family == AF_INET6 ? "]" : "";
        CLEANUP(free_char)
        char *where = is_any(address->host)
                          ? mem_printf("%d", address->port)
                          : mem_printf("%s%s%s:%d", open, host, close, address->port);
        CLEANUP(free_char)
        char *line = mem_printf(
            "%s=%s", address->type == SOCK_DGRAM ? "ListenDatagram" : "ListenStream", where);
        strings_add(ret, line);
    }
    strings_sort_unique(ret);
}

/* The unit does already what would be advised: a user, with that capability. */
static bool has_it_alone(const struct unit *unit)
{
    const char *user = unit ? unit_get(unit, "User") : NULL;
    CLEANUP(strings_done) struct strings ambient = { 0 };
    bool other = (user && user[0] && strcmp(user, "root") != 0 && strcmp(user, "0") != 0) ||
                 (unit && unit_is_on(unit, "DynamicUser"));

    if (unit)
        unit_list(unit, "AmbientCapabilities", &ambient);
    return other && strings_has(&ambient, "CAP_NET_BIND_SERVICE");
}

void advice_socket_add(const struct derive_context *context, const struct suggestion *suggestion)
{
    CLEANUP(strings_done) struct strings lines = { 0 };
    CLEANUP(str_done) struct str text = { 0 };
    bool becomes;

    if (context->options->target.user_manager || has_it_alone(context->options->unit) ||
        !needs_only_port(suggestion, &becomes))
        return;
    listen_lines(context->profile, &lines);
    if (!lines.count)
        return;
    for (size_t i = 0; i < lines.count; i++)
        str_addf(&text, "%s%s", i ? " " : "", lines.items[i]);
    derive_note(
        context, SEVERITY_NOTE, TOPIC_DIRECTIVE, "AmbientCapabilities",
        mem_printf("the service needs privileges only to bind a low port%s. A socket unit (%s) "
                   "removes that need if the service supports sd_listen_fds(3). Otherwise User= "
                   "with AmbientCapabilities=CAP_NET_BIND_SERVICE is enough",
                   becomes ? " and to change its user" : "", text.data));
}
