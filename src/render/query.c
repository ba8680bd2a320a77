// SPDX-License-Identifier: LGPL-2.1-or-later
#include "render/query.h"
#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

/* "10.0.0.1:80", "[::1]:80", "::1", "10.0.0.1". */
static void query_init_host(struct query *query, const char *text)
{
    size_t length = strlen(text);
    const char *colon = strrchr(text, ':');
    bool bracketed = text[0] == '[';
    bool has_port = colon && colon[1] && strspn(colon + 1, "0123456789") == strlen(colon + 1) &&
                    strlen(colon + 1) <= 5 &&
                    (bracketed ? colon > text && colon[-1] == ']' : strchr(text, ':') == colon);

    query->port = has_port ? (int)strtol(colon + 1, NULL, 10) : -1;
    if (has_port)
        length = (size_t)(colon - text);
    if (bracketed && length > 1 && text[length - 1] == ']')
        query->host = mem_strndup(text + 1, length - 2);
    else
        query->host = mem_strndup(text, length);
}

/* Capabilities and families are known by their names in capitals. */
static char *query_upper(const char *text)
{
    char *upper = mem_strdup(text);

    for (char *at = upper; *at; at++)
        if (*at >= 'a' && *at <= 'z')
            *at = (char)(*at - 'a' + 'A');
    return upper;
}

void query_init(struct query *query, const char *text)
{
    size_t length = strlen(text), raw_length = 0;
    char *raw = NULL;
    CLEANUP(free_char) char *upper = query_upper(text);
    bool is_name = capability_find(upper) >= 0 || family_find(upper) >= 0;

    *query =
        (struct query){ .text = mem_strdup(is_name ? upper : text), .family = family_find(upper) };
    query->directive = mem_strndup(text, length && text[length - 1] == '=' ? length - 1 : length);
    query_init_host(query, text);
    if (text[0] != '/')
        return;
    query->path = path_normalise(text);
    if (strchr(text, '\\') && text_decode(text, &raw, &raw_length) == 0 &&
        strlen(raw) == raw_length)
        query->path_raw = path_normalise(raw);
    free(raw);
}

void query_done(struct query *query)
{
    free(query->text);
    free(query->directive);
    free(query->path);
    free(query->path_raw);
    free(query->host);
    *query = (struct query){ 0 };
}

bool query_matches_directive(const struct query *query, const struct verdict *verdict)
{
    return strcasecmp(query->directive, verdict->name) == 0;
}

/* ---- facts ----------------------------------------------------------------------------------- */

static bool query_same(const struct query *query, const char *text)
{
    return text && strcmp(query->text, text) == 0;
}

/* Whether a path is the queried one, below it, or a collapsed path that covers it. */
static bool query_has_path(const struct query *query, const char *path)
{
    if (!query->path || !path || path[0] != '/')
        return false;
    CLEANUP(free_char) char *folded = path_is_collapsed(path) ? path_parent(path) : NULL;
    return path_is_within(path, query->path) ||
           (query->path_raw && path_is_within(path, query->path_raw)) ||
           (folded && (path_is_within(query->path, folded) ||
                       (query->path_raw && path_is_within(query->path_raw, folded))));
}

static bool query_matches_address(const struct query *query, const struct address_fact *address)
{
    if (query->family >= 0)
        return address->family == query->family;
    return query_has_path(query, address->host) || query_same(query, address->host) ||
           (strcmp(query->host, address->host) == 0 &&
            (query->port < 0 || query->port == address->port));
}

static bool query_was_call(const struct query *query, const struct fact *fact)
{
    for (size_t i = 0; i < fact->evidence.count; i++)
        if (query_same(query, fact->evidence.seen[i].call))
            return true;
    return false;
}

bool query_matches_fact(const struct query *query, const struct fact *fact)
{
    switch (fact->kind) {
    case FACT_SYSCALL:
        return query_same(query, fact->syscall.name);
    case FACT_PATH:
        return query_has_path(query, fact->path.path) ||
               query_has_path(query, fact->path.requested);
    case FACT_MOVE:
        return query_has_path(query, fact->move.from) || query_has_path(query, fact->move.to) ||
               query_was_call(query, fact);
    case FACT_SOCKET:
        return query->family >= 0 && fact->socket.family == query->family;
    case FACT_ADDRESS:
        return query_matches_address(query, &fact->address);
    case FACT_NAME:
        return query_same(query, fact->name.name) || query_same(query, fact->name.host);
    case FACT_ARGUMENT:
        return query_same(query, fact->argument.call) || query_same(query, fact->argument.topic);
    case FACT_PROGRAM:
        return query_has_path(query, fact->program.path);
    case FACT_BLIND_SPOT:
        return query_same(query, fact->blind_spot.topic) || query_was_call(query, fact);
    case FACT_CAPABILITY:
        return query_same(query, fact->capability.name) || query_same(query, fact->capability.call);
    case FACT_KIND_COUNT:
        break;
    }
    return false;
}

/* ---- values ---------------------------------------------------------------------------------- */

/* Whether the first `bits` bits are the same. */
static bool query_same_bits(const unsigned char *left, const unsigned char *right, long bits)
{
    long whole = bits / 8;

    if (memcmp(left, right, (size_t)whole) != 0)
        return false;
    return bits % 8 == 0 || ((left[whole] ^ right[whole]) & (0xff00 >> bits % 8) & 0xff) == 0;
}

/* Whether ADDRESS or ADDRESS/BITS covers the host. */
static bool query_in_network(const char *host, const char *network)
{
    unsigned char address[16], prefix[16];
    size_t length = strcspn(network, "/");
    CLEANUP(free_char) char *base = mem_strndup(network, length);
    int family = strchr(host, ':') ? AF_INET6 : AF_INET;
    long width = family == AF_INET6 ? 128 : 32;
    long bits = network[length] ? strtol(network + length + 1, NULL, 10) : width;

    if (inet_pton(family, host, address) != 1 || inet_pton(family, base, prefix) != 1)
        return false;
    return bits >= 0 && bits <= width && query_same_bits(address, prefix, bits);
}

/* systemd's names for networks (systemd.resource-control(5), IPAddressAllow=). */
bool query_network_has(const char *host, const char *name)
{
    static const struct {
        const char *name, *network;
    } rows[] = {
        { "any", "0.0.0.0/0" },
        { "any", "::/0" },
        { "localhost", "127.0.0.0/8" },
        { "localhost", "::1/128" },
        { "link-local", "169.254.0.0/16" },
        { "link-local", "fe80::/64" },
        { "multicast", "224.0.0.0/4" },
        { "multicast", "ff00::/8" },
    };

    for (size_t i = 0; i < ELEMENTS_OF(rows); i++)
        if (strcmp(rows[i].name, name) == 0 && query_in_network(host, rows[i].network))
            return true;
    return query_in_network(host, name);
}

/* Whether the tree `granted` contains the queried path or is below it. */
static bool query_in_tree(const struct query *query, const char *granted)
{
    if (query_has_path(query, granted))
        return true;
    return query->path && (path_is_within(query->path, granted) ||
                           (query->path_raw && path_is_within(query->path_raw, granted)));
}

bool query_matches_value(const struct query *query, const struct value *value)
{
    if (value->is_path)
        return query_in_tree(query, value->destination ? value->destination : value->text);
    return query_same(query, value->text) || strings_has(&value->covers, query->text) ||
           query_network_has(query->host, value->text);
}
