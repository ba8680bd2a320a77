// SPDX-License-Identifier: LGPL-2.1-or-later
#include "model/wildcard.h"
#include "model/fact.h"
#include <cinch/model/network.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <uthash.h>

struct wildcard {
    char *name; /* the key of the fact that stands for it */
    size_t count;
    bool is_collapsed;
    UT_hash_handle hh;
};

/* What stands for any. */
#define ANY          "*"
#define ANY_ABSTRACT "@*"

/* ---- addresses: one crowd of each kind of network, so that it stays known of which ---- */

static bool is_crowd_text(const char *host)
{
    size_t count;
    const struct network_range *ranges = network_ranges(&count);

    for (size_t i = 0; i < count; i++)
        if (strcmp(ranges[i].wildcard, host) == 0)
            return true;
    return false;
}

/* NULL where the text is no address. The unspecified one is this machine to whoever goes there, and
 * any address to whoever is there. */
static const char *network_of(const char *host, bool is_own)
{
    struct network network;

    if (is_crowd_text(host))
        return host;
    if (!network_parse(host, &network) || !network_is_address(&network))
        return NULL;
    if (is_own && (strcmp(host, "0.0.0.0") == 0 || strcmp(host, "::") == 0))
        network.bits = 0;
    return network_range_of(&network)->wildcard;
}

/* Whether it is an address of the service's. */
static bool is_own(const struct address_fact *address)
{
    return address->use == ADDRESS_BIND || address->use == ADDRESS_LISTEN;
}

/* Ports that say what is done: below 1024 binding takes a privilege; 53 and 853 ask for names. */
static int port_kept(const struct address_fact *address)
{
    if (is_own(address))
        return address->port < IPPORT_RESERVED ? address->port : 0;
    return address->port == 53 || address->port == 853 ? address->port : 0;
}

static const char *address_any(const struct address_fact *address)
{
    if (address->family == AF_INET || address->family == AF_INET6)
        return network_of(address->host, is_own(address));
    if (address->family == AF_UNIX)
        return address->host[0] == '@' && address->host[1] ? ANY_ABSTRACT : NULL;
    return ANY;
}

/* ---- arguments: words with digits are what differs; of some the whole is a name ---- */

static bool is_name(const char *topic)
{
    static const char *const names[] = { "mqueue", "mount", "key-request", "statfs" };

    for (size_t i = 0; i < ELEMENTS_OF(names); i++)
        if (strcmp(names[i], topic) == 0)
            return true;
    return false;
}

static char *argument_any(const struct argument_fact *argument)
{
    struct str text = { 0 };

    str_add(&text, "");
    if (is_name(argument->topic))
        str_add(&text, ANY);
    for (const char *at = argument->value; *at && !is_name(argument->topic);) {
        size_t length = strcspn(at, " "), digit = strcspn(at, "0123456789");
        if (digit < length)
            str_add(&text, ANY);
        else
            str_add_bytes(&text, at, length);
        at += length;
        length = strspn(at, " ");
        str_add_bytes(&text, at, length);
        at += length;
    }
    return str_steal(&text);
}

static bool has_any_word(const char *value)
{
    for (const char *at = value; *at;) {
        size_t length = strcspn(at, " ");
        if (length == strlen(ANY) && memcmp(at, ANY, length) == 0)
            return true;
        at += length;
        at += strspn(at, " ");
    }
    return false;
}

/* ---- of all kinds ---- */

bool wildcard_has_kind(enum fact_kind kind)
{
    return kind == FACT_ADDRESS || kind == FACT_ARGUMENT || kind == FACT_SYSCALL ||
           kind == FACT_SOCKET || kind == FACT_BLIND_SPOT;
}

bool wildcard_is_any(const struct fact *fact)
{
    const char *any;

    switch (fact->kind) {
    case FACT_ADDRESS:
        any = fact->address.host ? address_any(&fact->address) : NULL;
        return any && strcmp(any, fact->address.host) == 0 &&
               fact->address.port == port_kept(&fact->address);
    case FACT_ARGUMENT:
        return fact->argument.value && has_any_word(fact->argument.value);
    case FACT_SYSCALL:
        return !fact->syscall.name && fact->syscall.number == SYSCALL_ANY;
    case FACT_SOCKET:
        return fact->socket.protocol == SOCKET_ANY;
    case FACT_BLIND_SPOT:
        return fact->blind_spot.detail && strcmp(fact->blind_spot.detail, ANY) == 0;
    case FACT_PATH:
    case FACT_MOVE:
    case FACT_NAME:
    case FACT_PROGRAM:
    case FACT_CAPABILITY:
    case FACT_KIND_COUNT:
        break;
    }
    return false;
}

/* The fact that stands for a crowd; false when it can be of none. */
static bool make_any(struct fact *fact, char **ret_owned)
{
    const char *any;

    switch (fact->kind) {
    case FACT_ADDRESS:
        any = fact->address.host ? address_any(&fact->address) : NULL;
        if (!any)
            return false;
        fact->address.host = *ret_owned = mem_strdup(any);
        fact->address.port = port_kept(&fact->address);
        return true;
    case FACT_ARGUMENT:
        if (!fact->argument.value || !fact->argument.topic)
            return false;
        fact->argument.value = *ret_owned = argument_any(&fact->argument);
        return has_any_word(fact->argument.value);
    case FACT_SYSCALL:
        fact->syscall.number = SYSCALL_ANY;
        return !fact->syscall.name;
    case FACT_SOCKET:
        fact->socket.protocol = SOCKET_ANY;
        if (!family_name(fact->socket.family))
            fact->socket.family = SOCKET_ANY;
        return true;
    case FACT_BLIND_SPOT:
        fact->blind_spot.detail = *ret_owned = mem_strdup(ANY);
        return true;
    case FACT_PATH:
    case FACT_MOVE:
    case FACT_NAME:
    case FACT_PROGRAM:
    case FACT_CAPABILITY:
    case FACT_KIND_COUNT:
        break;
    }
    return false;
}

/* ---- crowds ---- */

static struct wildcard *wildcard_find(const struct wildcards *wildcards, const struct str *name)
{
    struct wildcard *wildcard;

    HASH_FIND(hh, wildcards->wildcards, name->data, name->length, wildcard);
    return wildcard;
}

void wildcards_done(struct wildcards *wildcards)
{
    struct wildcard *wildcard, *next;

    HASH_ITER (hh, wildcards->wildcards, wildcard, next) {
        HASH_DEL(wildcards->wildcards, wildcard);
        free(wildcard->name);
        free(wildcard);
    }
    *wildcards = (struct wildcards){ 0 };
}

bool wildcard_replace(const struct wildcards *wildcards, struct fact *fact, char **ret_owned)
{
    CLEANUP(str_done) struct str name = { 0 };
    struct fact any = *fact;
    char *owned = NULL;

    if (!wildcards->collapsed || wildcard_is_any(fact) || !make_any(&any, &owned)) {
        free(owned);
        return false;
    }
    fact_key(&name, &any);
    const struct wildcard *wildcard = wildcard_find(wildcards, &name);
    if (!wildcard || !wildcard->is_collapsed) {
        free(owned);
        return false;
    }
    *fact = any;
    *ret_owned = owned;
    return true;
}

bool wildcard_add(struct wildcards *wildcards, const struct fact *fact)
{
    CLEANUP(str_done) struct str name = { 0 };
    CLEANUP(free_char) char *owned = NULL;
    struct fact any = *fact;
    bool is_any = wildcard_is_any(fact);

    if (!is_any && !make_any(&any, &owned))
        return false;
    fact_key(&name, &any);
    struct wildcard *wildcard = wildcard_find(wildcards, &name);
    if (!wildcard) {
        wildcard = mem_new(1, sizeof(*wildcard));
        wildcard->name = mem_strndup(name.data, name.length);
        HASH_ADD_KEYPTR(hh, wildcards->wildcards, wildcard->name, name.length, wildcard);
    }
    wildcard->count++;
    if (wildcard->is_collapsed || (!is_any && wildcard->count <= wildcards->limit))
        return false;
    wildcard->is_collapsed = true;
    wildcards->collapsed++;
    return true;
}

char *wildcard_describe(const struct fact *fact)
{
    const char *family = fact->kind == FACT_SOCKET ? family_name(fact->socket.family) : NULL;

    switch (fact->kind) {
    case FACT_ADDRESS:
        return mem_printf("addresses in %s (%s)", fact->address.host,
                          address_use_name(fact->address.use));
    case FACT_ARGUMENT:
        return mem_printf("values of %s (%s)", fact->argument.topic, fact->argument.call);
    case FACT_SYSCALL:
        return mem_strdup("numbers of system calls without a name");
    case FACT_SOCKET:
        return mem_printf("protocols of sockets (%s)", family ? family : "unknown families");
    case FACT_BLIND_SPOT:
        return mem_printf("things that could not be observed (%s)", fact->blind_spot.topic);
    case FACT_PATH:
    case FACT_MOVE:
    case FACT_NAME:
    case FACT_PROGRAM:
    case FACT_CAPABILITY:
    case FACT_KIND_COUNT:
        break;
    }
    return mem_strdup("facts");
}
