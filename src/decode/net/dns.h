/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Inside decode/: what name servers answered. Pure, over bytes.
 *
 * The messages are taken apart by the C library's own parser (ns_initparse(3) and its like, which
 * keeps to the message's bounds and follows no pointer in a circle); it is what the services that
 * are traced use themselves, it has no state, and all it reads here was checked to be that long.
 */
#ifndef CINCH_DECODE_DNS_H
#define CINCH_DECODE_DNS_H

#include <cinch/base.h>

/* Messages have 16-bit lengths (RFC 1035 4.2.2). */
#define DNS_MESSAGE_LIMIT 65535
#define DNS_PORT          53

/* An address that the message gives for the name that it was asked for, by whatever aliases. */
typedef void dns_visit(void *context, const char *name, const char *host, uint32_t ttl_s);

/* Visits every address of one message. 0, -EBADMSG when it is no answer that can be read (then
 * nothing was visited). */
int dns_each_address(const unsigned char *message, size_t length, dns_visit *visit, void *context);

/* What has come over a connection so far: messages, each after its length in two bytes. `{ 0 }` is
 * a new one. */
struct dns_stream {
    unsigned char *bytes; /* owned */
    size_t length;
    bool is_lost; /* a piece was missed, or it speaks otherwise: nothing more can be told */
};

/* Appends bytes and visits the addresses of every message that is whole by then. */
void dns_stream_add(struct dns_stream *stream, const unsigned char *bytes, size_t length,
                    dns_visit *visit, void *context);
void dns_stream_done(struct dns_stream *stream);

#endif
