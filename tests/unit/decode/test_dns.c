// SPDX-License-Identifier: LGPL-2.1-or-later
/* Answers of name servers, taken apart: aliases, both families, and all that is no answer. */
#include "unit.h"

#include "decode/net/dns.h"
#include "dns_build.h"
#include <errno.h>

static void note(void *context, const char *name, const char *host, uint32_t ttl_s)
{
    str_addf(context, "%s %s %u\n", name, host, ttl_s);
}

/* What the message says, one line an address; NULL when it is no answer. */
static char *said(const struct str *message)
{
    struct str lines = { 0 };

    if (dns_each_address((const unsigned char *)message->data, message->length, note, &lines) < 0) {
        assert_null(lines.data);
        return NULL;
    }
    return str_steal(&lines);
}

static void assert_says(struct str *message, const char *expected)
{
    CLEANUP(free_char) char *lines = said(message);

    if (expected)
        assert_string_equal(lines ? lines : "(no answer)", expected);
    else
        assert_null(lines);
    str_done(message);
}

static void test_addresses(void **state)
{
    struct str message = { 0 };

    (void)state;
    dns_begin(&message, 0x8180, "Api.EXAMPLE.org", 4);
    dns_address(&message, "@12", 60, "192.0.2.7");
    dns_address(&message, "api.example.ORG", 300, "192.0.2.8");
    dns_address(&message, "@12", 60, "2001:db8::7");
    dns_address(&message, "other.example.org", 60, "192.0.2.9");
    assert_says(&message, "api.example.org 192.0.2.7 60\napi.example.org 192.0.2.8 300\n"
                          "api.example.org 2001:db8::7 60\n");
}

/* The address belongs to the name that was asked for, and lives no longer than any alias. */
static void test_aliases(void **state)
{
    struct str message = { 0 };

    (void)state;
    dns_begin(&message, 0x8180, "www.example.org", 4);
    dns_address(&message, "edge.example.net", 3600, "198.51.100.1");
    dns_alias(&message, "cdn.example.net", 20, "edge.example.net");
    dns_alias(&message, "@12", 900, "cdn.example.net");
    dns_address(&message, "@12", 5, "203.0.113.1"); /* beside an alias: not of its name */
    assert_says(&message, "www.example.org 198.51.100.1 20\n");
    dns_begin(&message, 0x8180, "a.example.org", 2);
    dns_alias(&message, "@12", 900, "b.example.org");
    dns_alias(&message, "b.example.org", 900, "a.example.org");
    assert_says(&message, "");
}

static void test_no_address(void **state)
{
    struct str message = { 0 };

    (void)state;
    dns_begin(&message, 0x8183, "missing.example.org", 1); /* NXDOMAIN */
    dns_address(&message, "@12", 60, "192.0.2.7");
    assert_says(&message, "");
    dns_begin(&message, 0x8180, "api.example.org", 3);
    dns_record(&message, "@12", DNS_A, 60, "\xc0\x00\x02", 3);
    dns_record(&message, "@12", DNS_AAAA, 60, "\xc0\x00\x02\x07", 4);
    dns_record(&message, "@12", DNS_TXT, 60, "\x03hi!", 4);
    assert_says(&message, "");
    dns_begin(&message, 0x0100, "api.example.org", 0); /* a question */
    assert_says(&message, NULL);
    dns_begin(&message, 0xa880, "api.example.org", 0); /* an update */
    assert_says(&message, NULL);
}

static void test_odd_names(void **state)
{
    struct str message = { 0 };

    (void)state;
    dns_begin(&message, 0x8180, "a\x1b[31m b\n.org", 1);
    dns_address(&message, "@12", 60, "192.0.2.7");
    assert_says(&message, "a\\027[31m\\032b\\010.org 192.0.2.7 60\n");
    dns_begin(&message, 0x8180, "", 1);
    dns_address(&message, "", 60, "192.0.2.7");
    assert_says(&message, ". 192.0.2.7 60\n");
}

static void test_hostile(void **state)
{
    struct str message = { 0 };

    (void)state;
    assert_int_equal(dns_each_address((const unsigned char *)"", 0, note, NULL), -EBADMSG);
    dns_begin(&message, 0x8180, "api.example.org", 1); /* points at itself */
    CLEANUP(free_char) char *self = mem_printf("@%zu", message.length);
    dns_address(&message, self, 60, "192.0.2.7");
    assert_says(&message, "");
    dns_begin(&message, 0x8180, "api.example.org", 1); /* points behind the end */
    dns_address(&message, "@9999", 60, "192.0.2.7");
    assert_says(&message, "");
    dns_begin(&message, 0x8180, "api.example.org", 9); /* more records than there are */
    dns_address(&message, "@12", 60, "192.0.2.7");
    assert_says(&message, NULL);
    dns_begin(&message, 0x8180, "api.example.org", 1);
    dns_address(&message, "@12", 60, "192.0.2.7");
    for (size_t length = message.length; length-- > 0;)
        assert_int_equal(dns_each_address((const unsigned char *)message.data, length, note, NULL),
                         -EBADMSG);
    str_add_char(&message, 'x'); /* something follows */
    assert_says(&message, NULL);
}

/* A server that sends thousands of records is read only so far. */
static void test_bounded(void **state)
{
    struct str message = { 0 };
    size_t lines = 0;

    (void)state;
    dns_begin(&message, 0x8180, "api.example.org", 3000);
    for (unsigned i = 0; i < 3000; i++)
        dns_address(&message, "@12", 60, "192.0.2.7");
    CLEANUP(free_char) char *text = said(&message);
    for (const char *at = text; (at = strchr(at, '\n')); at++)
        lines++;
    assert_int_equal(lines, 256);
    str_done(&message);
}

static void add_framed(struct str *stream, const char *name, const char *host)
{
    CLEANUP(str_done) struct str message = { 0 };

    dns_begin(&message, 0x8180, name, 1);
    dns_address(&message, "@12", 60, host);
    dns_number(stream, 2, (uint32_t)message.length);
    str_add_bytes(stream, message.data, message.length);
}

/* However the bytes of a connection are cut up. */
static void test_streams(void **state)
{
    CLEANUP(str_done) struct str bytes = { 0 };

    (void)state;
    add_framed(&bytes, "a.example.org", "192.0.2.1");
    add_framed(&bytes, "b.example.org", "192.0.2.2");
    for (size_t step = 1; step <= bytes.length; step++) {
        CLEANUP(dns_stream_done) struct dns_stream stream = { 0 };
        CLEANUP(str_done) struct str lines = { 0 };
        for (size_t at = 0; at < bytes.length; at += step)
            dns_stream_add(&stream, (const unsigned char *)bytes.data + at,
                           step < bytes.length - at ? step : bytes.length - at, note, &lines);
        assert_string_equal(lines.data, "a.example.org 192.0.2.1 60\nb.example.org 192.0.2.2 60\n");
        assert_false(stream.is_lost);
    }
    CLEANUP(dns_stream_done) struct dns_stream other = { 0 };
    CLEANUP(str_done) struct str lines = { 0 };
    dns_stream_add(&other, (const unsigned char *)"HTTP/1.1 200 OK\r\n\r\n", 19, note, &lines);
    assert_false(other.is_lost); /* so far it may be a long message */
    dns_stream_add(&other, (const unsigned char *)"\0\0", 2, note, &lines);
    dns_stream_done(&other);
    dns_stream_add(&other, (const unsigned char *)"\0\4GET ", 6, note, &lines);
    assert_true(other.is_lost);
    dns_stream_add(&other, (const unsigned char *)bytes.data, bytes.length, note, &lines);
    assert_null(lines.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_addresses),  cmocka_unit_test(test_aliases),
        cmocka_unit_test(test_no_address), cmocka_unit_test(test_odd_names),
        cmocka_unit_test(test_hostile),    cmocka_unit_test(test_bounded),
        cmocka_unit_test(test_streams),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
