/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages of name servers, byte by byte (RFC 1035 4.1). */
#ifndef CINCH_TESTS_DNS_BUILD_H
#define CINCH_TESTS_DNS_BUILD_H

#include <arpa/inet.h>
#include <cinch/base.h>
#include <string.h>

enum { DNS_A = 1, DNS_CNAME = 5, DNS_TXT = 16, DNS_AAAA = 28 };

/* The question's name stands behind the header. */
#define DNS_QUESTION_AT 12

static inline void dns_number(struct str *out, unsigned bytes, uint32_t number)
{
    while (bytes--)
        str_add_char(out, (char)(number >> 8 * bytes));
}

/* "api.example.org" as labels; "@12" as a pointer to byte 12. */
static inline void dns_name(struct str *out, const char *name)
{
    if (name[0] == '@') {
        dns_number(out, 2, 0xc000u | (uint32_t)atoi(name + 1));
        return;
    }
    while (*name) {
        size_t length = strcspn(name, ".");
        str_add_char(out, (char)length);
        str_add_bytes(out, name, length);
        name += length + (name[length] == '.');
    }
    str_add_char(out, 0);
}

/* A header with flags (0x8180: an answer without error) and one question for addresses. */
static inline void dns_begin(struct str *out, uint32_t flags, const char *name, unsigned answers)
{
    dns_number(out, 2, 0x1234);
    dns_number(out, 2, flags);
    dns_number(out, 2, 1);
    dns_number(out, 2, answers);
    dns_number(out, 4, 0);
    dns_name(out, name);
    dns_number(out, 2, DNS_A);
    dns_number(out, 2, 1);
}

static inline void dns_record(struct str *out, const char *name, unsigned type, uint32_t ttl_s,
                              const void *data, size_t length)
{
    dns_name(out, name);
    dns_number(out, 2, type);
    dns_number(out, 2, 1);
    dns_number(out, 4, ttl_s);
    dns_number(out, 2, (uint32_t)length);
    str_add_bytes(out, data, length);
}

static inline void dns_address(struct str *out, const char *name, uint32_t ttl_s, const char *host)
{
    unsigned char bytes[16];
    bool wide = strchr(host, ':') != NULL;

    inet_pton(wide ? AF_INET6 : AF_INET, host, bytes);
    dns_record(out, name, wide ? DNS_AAAA : DNS_A, ttl_s, bytes, wide ? 16 : 4);
}

static inline void dns_alias(struct str *out, const char *name, uint32_t ttl_s, const char *target)
{
    CLEANUP(str_done) struct str labels = { 0 };

    dns_name(&labels, target);
    dns_record(out, name, DNS_CNAME, ttl_s, labels.data, labels.length);
}

#endif
