// SPDX-License-Identifier: LGPL-2.1-or-later
#include "decode/net/dns.h"
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <ctype.h>
#include <errno.h>
#include <string.h>

/* Records looked at in one message, and aliases followed: more is not meant to be read. */
#define RECORD_LIMIT 256
#define ALIAS_LIMIT  16
/* A name as text, odd bytes as \DDD (RFC 1035 5.1). */
#define NAME_SPACE NS_MAXDNAME

struct lookup {
    ns_msg message;
    int records;
    char name[NAME_SPACE]; /* what the aliases have led to */
    uint32_t ttl_s;        /* the least on the way */
};

static void lower_case(char *name)
{
    for (; *name; name++)
        *name = (char)tolower((unsigned char)*name);
}

/* The record `at` of the answers, when its owner is the name looked for. */
static bool record_of_name(struct lookup *lookup, int at, ns_rr *ret)
{
    return ns_parserr(&lookup->message, ns_s_an, at, ret) == 0 && ns_rr_class(*ret) == ns_c_in &&
           strcasecmp(ns_rr_name(*ret), lookup->name) == 0;
}

static void lookup_shorten(struct lookup *lookup, const ns_rr *record)
{
    if (ns_rr_ttl(*record) < lookup->ttl_s)
        lookup->ttl_s = ns_rr_ttl(*record);
}

/* Goes on to what the name is an alias of; false when it is none. */
static bool lookup_follow(struct lookup *lookup)
{
    char target[NAME_SPACE];
    ns_rr record;

    for (int i = 0; i < lookup->records; i++) {
        if (!record_of_name(lookup, i, &record) || ns_rr_type(record) != ns_t_cname)
            continue;
        if (ns_name_uncompress(ns_msg_base(lookup->message), ns_msg_end(lookup->message),
                               ns_rr_rdata(record), target, sizeof(target)) < 0)
            return false;
        lookup_shorten(lookup, &record);
        strcpy(lookup->name, target);
        return true;
    }
    return false;
}

/* The address in a record as text; false when it holds none. */
static bool record_address(const ns_rr *record, char *ret, size_t size)
{
    int type = ns_rr_type(*record);

    if (type == ns_t_a && ns_rr_rdlen(*record) == NS_INADDRSZ)
        return inet_ntop(AF_INET, ns_rr_rdata(*record), ret, (socklen_t)size);
    if (type == ns_t_aaaa && ns_rr_rdlen(*record) == NS_IN6ADDRSZ)
        return inet_ntop(AF_INET6, ns_rr_rdata(*record), ret, (socklen_t)size);
    return false;
}

static void lookup_visit(struct lookup *lookup, const char *asked, dns_visit *visit, void *context)
{
    char host[INET6_ADDRSTRLEN];
    ns_rr record;

    for (int i = 0; i < lookup->records; i++) {
        if (!record_of_name(lookup, i, &record) || !record_address(&record, host, sizeof(host)))
            continue;
        uint32_t ttl_s = ns_rr_ttl(record) < lookup->ttl_s ? ns_rr_ttl(record) : lookup->ttl_s;
        visit(context, asked, host, ttl_s);
    }
}

/* Whether the message is an answer to one question; one that tells an error has no records. */
static bool lookup_parse(const unsigned char *message, size_t length, struct lookup *ret)
{
    ns_rr question;

    if (length > DNS_MESSAGE_LIMIT || ns_initparse(message, (int)length, &ret->message) < 0)
        return false;
    if (!ns_msg_getflag(ret->message, ns_f_qr) || ns_msg_getflag(ret->message, ns_f_opcode) ||
        ns_msg_count(ret->message, ns_s_qd) != 1 ||
        ns_parserr(&ret->message, ns_s_qd, 0, &question) < 0)
        return false;
    ret->ttl_s = UINT32_MAX;
    if (ns_msg_getflag(ret->message, ns_f_rcode) == ns_r_noerror)
        ret->records = ns_msg_count(ret->message, ns_s_an);
    if (ret->records > RECORD_LIMIT)
        ret->records = RECORD_LIMIT;
    strcpy(ret->name, ns_rr_name(question));
    return true;
}

int dns_each_address(const unsigned char *message, size_t length, dns_visit *visit, void *context)
{
    struct lookup lookup = { 0 };
    char asked[NAME_SPACE];

    if (!lookup_parse(message, length, &lookup))
        return -EBADMSG;
    strcpy(asked, lookup.name);
    lower_case(asked);
    for (int i = 0; i < ALIAS_LIMIT && lookup_follow(&lookup); i++)
        ;
    lookup_visit(&lookup, asked, visit, context);
    return 0;
}

/* ---- connections ---- */

static size_t message_length(const struct dns_stream *stream)
{
    return (size_t)stream->bytes[0] << 8 | stream->bytes[1];
}

void dns_stream_add(struct dns_stream *stream, const unsigned char *bytes, size_t length,
                    dns_visit *visit, void *context)
{
    size_t at = 0;

    while (at < length && !stream->is_lost) {
        if (!stream->bytes)
            stream->bytes = mem_new(2 + DNS_MESSAGE_LIMIT, 1);
        size_t whole = stream->length < 2 ? 2 : 2 + message_length(stream);
        size_t part = whole - stream->length < length - at ? whole - stream->length : length - at;
        memcpy(stream->bytes + stream->length, bytes + at, part);
        stream->length += part;
        at += part;
        if (stream->length < 2 || stream->length < 2 + message_length(stream))
            continue;
        stream->is_lost =
            dns_each_address(stream->bytes + 2, stream->length - 2, visit, context) < 0;
        stream->length = 0;
    }
}

void dns_stream_done(struct dns_stream *stream)
{
    free(stream->bytes);
    *stream = (struct dns_stream){ 0 };
}
