// SPDX-License-Identifier: LGPL-2.1-or-later
/* Any bytes as a name server's answer and as what came over a connection to one: what is told are
 * addresses and printable names, bounded, and the same however the bytes are cut up. */
#include "decode/net/dns.h"
#include <arpa/inet.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void visit(void *context, const char *name, const char *host, uint32_t ttl_s)
{
    unsigned char bytes[16];

    if (inet_pton(strchr(host, ':') ? AF_INET6 : AF_INET, host, bytes) != 1 || strlen(name) > 1024)
        abort();
    for (const char *at = name; *at; at++)
        if (*at <= 0x20 || *at >= 0x7f)
            abort();
    str_addf(context, "%s %s %u\n", name, host, ttl_s);
}

static void stream(const uint8_t *data, size_t size, size_t step, struct str *ret)
{
    CLEANUP(dns_stream_done) struct dns_stream stream = { 0 };

    for (size_t at = 0; at < size; at += step)
        dns_stream_add(&stream, data + at, step < size - at ? step : size - at, visit, ret);
    str_add_char(ret, '.');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(str_done) struct str packet = { 0 };
    CLEANUP(str_done) struct str whole = { 0 };
    CLEANUP(str_done) struct str cut = { 0 };

    if (dns_each_address(data, size, visit, &packet) < 0 && packet.length)
        abort();
    stream(data, size, size + 1, &whole);
    stream(data, size, 7, &cut);
    if (strcmp(whole.data, cut.data) != 0)
        abort();
    return 0;
}
