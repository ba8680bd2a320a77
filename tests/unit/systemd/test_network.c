// SPDX-License-Identifier: LGPL-2.1-or-later
/* Addresses and the fewest networks for some of them, held against a search that knows nothing of
 * shared prefixes: every network of a small range, level by level. */
#include "unit.h"

#include "systemd/network/network_class.h"
#include <string.h>
#include <sys/socket.h>

static struct network parsed(const char *text)
{
    struct network network;

    if (!network_parse(text, &network))
        fail_msg("%s", text);
    return network;
}

static void test_classes(void **state)
{
    static const struct {
        const char *text;
        enum network_class class;
    } rows[] = {
        { "0.0.0.0", NETWORK_SELF },
        { "::", NETWORK_SELF },
        { "127.255.0.1", NETWORK_SELF },
        { "::1", NETWORK_SELF },
        { "::2", NETWORK_PUBLIC },
        { "169.254.169.254", NETWORK_LINK_LOCAL },
        { "fe80::1%eth0", NETWORK_LINK_LOCAL },
        { "febf::1", NETWORK_LINK_LOCAL },
        { "fec0::1", NETWORK_PUBLIC },
        { "224.0.0.1", NETWORK_GROUP },
        { "239.255.255.250", NETWORK_GROUP },
        { "255.255.255.255", NETWORK_GROUP },
        { "ff02::1", NETWORK_GROUP },
        { "10.1.2.3", NETWORK_PRIVATE },
        { "172.31.255.255", NETWORK_PRIVATE },
        { "172.32.0.0", NETWORK_PUBLIC },
        { "192.168.0.1", NETWORK_PRIVATE },
        { "100.127.0.1", NETWORK_PRIVATE },
        { "100.128.0.1", NETWORK_PUBLIC },
        { "fdff::1", NETWORK_PRIVATE },
        { "192.0.2.7", NETWORK_PUBLIC },
        { "2001:db8::1", NETWORK_PUBLIC },
        /* Those that stand for a crowd (PROFILE_WILDCARD). */
        { "127.0.0.0/8", NETWORK_SELF },
        { "::1/128", NETWORK_SELF },
        { "169.254.0.0/16", NETWORK_LINK_LOCAL },
        { "fe80::/10", NETWORK_LINK_LOCAL },
        { "224.0.0.0/4", NETWORK_GROUP },
        { "ff00::/8", NETWORK_GROUP },
        { "10.0.0.0/8", NETWORK_PRIVATE },
        { "100.64.0.0/10", NETWORK_PRIVATE },
        { "172.16.0.0/12", NETWORK_PRIVATE },
        { "192.168.0.0/16", NETWORK_PRIVATE },
        { "fc00::/7", NETWORK_PRIVATE },
        { "0.0.0.0/0", NETWORK_PUBLIC },
        { "::/0", NETWORK_PUBLIC },
    };
    static const char *const none[] = { "",        "localhost", "192.0.2.7/33",   "192.0.2.7/",
                                        "192.0.2", "1::2::3",   "any\nUser=root", "10.0.0.0/8x" };
    struct network network;

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(rows); i++) {
        network = parsed(rows[i].text);
        if (network_class_of(&network) != rows[i].class)
            fail_msg("%s is of %s", rows[i].text, network_class_name(network_class_of(&network)));
    }
    for (size_t i = 0; i < ELEMENTS_OF(none); i++)
        assert_false(network_parse(none[i], &network));
}

/* What stands for a range's addresses is read as what it stands for. */
static void test_crowds_of_ranges(void **state)
{
    size_t count;
    const struct network_range *ranges = network_ranges(&count);

    (void)state;
    for (size_t i = 0; i < count; i++) {
        struct network crowd = parsed(ranges[i].wildcard);
        const struct network_range *range = network_range_of(&crowd);
        if (range->class != ranges[i].class || strcmp(range->wildcard, ranges[i].wildcard) != 0)
            fail_msg("%s", ranges[i].wildcard);
        assert_ptr_equal(network_range_of(&ranges[i].network), &ranges[i]);
    }
}

/* IPAddressDeny= of a class denies all of it, and nothing else. */
static void test_prefixes_of_classes(void **state)
{
    static const char *const expected[NETWORK_CLASS_COUNT] = {
        [NETWORK_SELF] = "localhost ",
        [NETWORK_LINK_LOCAL] = "169.254.0.0/16 fe80::/10 ",
        [NETWORK_GROUP] = "multicast ",
        [NETWORK_PRIVATE] = "10.0.0.0/8 100.64.0.0/10 172.16.0.0/12 192.168.0.0/16 fc00::/7 ",
        [NETWORK_PUBLIC] = "",
    };

    (void)state;
    for (int class = 0; class < NETWORK_CLASS_COUNT; class ++) {
        struct str text = { 0 };
        const char *prefix;
        str_add(&text, "");
        for (size_t at = 0; (prefix = network_class_prefix((enum network_class) class, at)); at++)
            str_addf(&text, "%s ", prefix);
        assert_string_equal(text.data, expected[class]);
        str_done(&text);
    }
}

/* The addresses of 10.0.0.0/28 whose bits are set in `mask`. */
static size_t small_range(unsigned mask, const char *prefix, struct network *ret)
{
    size_t count = 0;

    for (unsigned i = 0; i < 16; i++) {
        CLEANUP(free_char) char *text = mem_printf("%s%u", prefix, i);
        if (mask >> i & 1)
            ret[count++] = parsed(text);
    }
    return count;
}

#define NEVER 1000u

/* The fewest addresses more that at most `entries` networks within 16 >> `level` addresses from
 * `first` on grant. Tries each network whole, or its halves with every split of the entries. */
static unsigned least_more(unsigned mask, unsigned first, unsigned level, unsigned entries)
{
    unsigned size = 16u >> level, seen = 0;

    for (unsigned i = first; i < first + size; i++)
        seen += mask >> i & 1;
    if (!seen)
        return 0;
    if (!entries)
        return NEVER;
    unsigned best = size - seen;
    for (unsigned left = 0; size > 1 && left <= entries; left++) {
        unsigned apart = least_more(mask, first, level + 1, left) +
                         least_more(mask, first + size / 2, level + 1, entries - left);
        if (apart < best)
            best = apart;
    }
    return best;
}

static void check_cover(const struct network *addresses, size_t count, unsigned mask,
                        size_t entries)
{
    struct network networks[16];
    size_t chosen = network_cover(addresses, count, entries, networks);
    uint64_t granted = 0;

    assert_true(chosen <= entries);
    for (size_t i = 0; i < chosen; i++) {
        granted += network_size(&networks[i]);
        if (i)
            assert_true(network_compare(&networks[i - 1], &networks[i]) < 0);
    }
    for (size_t i = 0; i < count; i++) {
        size_t held = 0;
        for (size_t k = 0; k < chosen; k++)
            held += network_holds(&networks[k], &addresses[i]);
        assert_int_equal(held, 1);
    }
    assert_int_equal(granted - count, least_more(mask, 0, 0, (unsigned)entries));
}

static void test_cover_against_every_network(void **state)
{
    static const char *const prefixes[] = { "10.0.0.", "192.0.2." };

    (void)state;
    for (unsigned mask = 1; mask < 1u << 16; mask += 37) {
        struct network addresses[16];
        size_t count = small_range(mask, prefixes[mask % 2], addresses);
        for (size_t entries = 1; entries <= 6; entries++)
            check_cover(addresses, count, mask, entries);
    }
}

/* What is listed, in one line. */
static char *covered(const char *const *texts, size_t count, size_t entries)
{
    struct network addresses[64], networks[64];
    struct str line = { 0 };

    for (size_t i = 0; i < count; i++)
        addresses[i] = parsed(texts[i]);
    size_t chosen = network_cover(addresses, count, entries, networks);
    for (size_t i = 0; i < chosen; i++) {
        char text[NETWORK_TEXT];
        network_text(&networks[i], text);
        str_addf(&line, "%s%s", i ? " " : "", text);
    }
    return str_steal(&line);
}

#define COVERED(expected, entries, ...)                                                            \
    do {                                                                                           \
        static const char *const texts[] = { __VA_ARGS__ };                                        \
        CLEANUP(free_char) char *line = covered(texts, ELEMENTS_OF(texts), entries);               \
        assert_string_equal(line, expected);                                                       \
    } while (0)

static void test_cover_keeps_classes_apart(void **state)
{
    (void)state;
    COVERED("", 5);
    /* nothing is granted for it: shorter */
    COVERED("192.0.2.0/30", 99, "192.0.2.0", "192.0.2.1", "192.0.2.2", "192.0.2.3");
    COVERED("192.0.2.0/31 192.0.2.2", 99, "192.0.2.0", "192.0.2.1", "192.0.2.2");
    COVERED("192.0.2.0/28", 1, "192.0.2.3", "192.0.2.5", "192.0.2.14");
    /* an address of the internet weighs more than a private one */
    COVERED("10.0.0.0/29 192.0.2.1 192.0.2.2", 3, "10.0.0.1", "10.0.0.6", "192.0.2.1", "192.0.2.2");
    /* families and classes are never one network, nor a larger one than a site's */
    COVERED("9.255.255.255 10.0.0.0 192.168.0.1 2001:db8::/126", 1, "9.255.255.255", "10.0.0.0",
            "192.168.0.1", "2001:db8::1", "2001:db8::2");
    COVERED("192.0.2.1 192.1.2.1 2001:db8::1 2001:db9::1", 1, "192.0.2.1", "192.1.2.1",
            "2001:db8::1", "2001:db9::1");
    COVERED("2001:db8::/32", 1, "2001:db8::1", "2001:db8:8000::1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_classes),
        cmocka_unit_test(test_crowds_of_ranges),
        cmocka_unit_test(test_prefixes_of_classes),
        cmocka_unit_test(test_cover_against_every_network),
        cmocka_unit_test(test_cover_keeps_classes_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
