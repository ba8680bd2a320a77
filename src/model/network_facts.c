// SPDX-License-Identifier: LGPL-2.1-or-later
/* IP addresses, and which kind of network they lie in. */
#include <cinch/model/network.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

/* The first that holds an address is its own. */
static const struct network_range ranges[] = {
    { { AF_INET, 32, { 0 } },
      NETWORK_SELF,
      "127.0.0.0/8" }, /* it leads back to whoever goes there */
    { { AF_INET, 8, { 127 } }, NETWORK_SELF, "127.0.0.0/8" },
    { { AF_INET6, 127, { 0 } }, NETWORK_SELF, "::1/128" }, /* :: and ::1 */
    { { AF_INET, 16, { 169, 254 } }, NETWORK_LINK_LOCAL, "169.254.0.0/16" },
    { { AF_INET6, 10, { 0xfe, 0x80 } }, NETWORK_LINK_LOCAL, "fe80::/10" },
    { { AF_INET, 4, { 224 } }, NETWORK_GROUP, "224.0.0.0/4" },
    { { AF_INET, 32, { 255, 255, 255, 255 } }, NETWORK_GROUP, "224.0.0.0/4" },
    { { AF_INET6, 8, { 0xff } }, NETWORK_GROUP, "ff00::/8" },
    { { AF_INET, 8, { 10 } }, NETWORK_PRIVATE, "10.0.0.0/8" },
    { { AF_INET, 10, { 100, 64 } }, NETWORK_PRIVATE, "100.64.0.0/10" },
    { { AF_INET, 12, { 172, 16 } }, NETWORK_PRIVATE, "172.16.0.0/12" },
    { { AF_INET, 16, { 192, 168 } }, NETWORK_PRIVATE, "192.168.0.0/16" },
    { { AF_INET6, 7, { 0xfc } }, NETWORK_PRIVATE, "fc00::/7" },
    { { AF_INET, 0, { 0 } }, NETWORK_PUBLIC, "0.0.0.0/0" },
    { { AF_INET6, 0, { 0 } }, NETWORK_PUBLIC, "::/0" },
};

const struct network_range *network_ranges(size_t *ret_count)
{
    *ret_count = ELEMENTS_OF(ranges);
    return ranges;
}

static unsigned family_bits(int family)
{
    return family == AF_INET ? 32 : 128;
}

bool network_parse(const char *text, struct network *ret)
{
    CLEANUP(free_char) char *plain = mem_strndup(text, strcspn(text, "%/"));
    struct network network = { .family = strchr(plain, ':') ? AF_INET6 : AF_INET };
    const char *slash = strchr(text, '/');
    char *end = NULL;

    network.bits = family_bits(network.family);
    if (inet_pton(network.family, plain, network.bytes) != 1)
        return false;
    unsigned long bits = slash ? strtoul(slash + 1, &end, 10) : network.bits;
    if (bits > network.bits || (slash && (end == slash + 1 || *end)))
        return false;
    network.bits = (unsigned)bits;
    *ret = network;
    return true;
}

void network_text(const struct network *network, char ret[NETWORK_TEXT])
{
    inet_ntop(network->family, network->bytes, ret, NETWORK_TEXT);
    if (network->bits < family_bits(network->family))
        snprintf(ret + strlen(ret), NETWORK_TEXT - strlen(ret), "/%u", network->bits);
}

/* How many of the first bits are the same. */
static unsigned common_bits(const struct network *left, const struct network *right)
{
    unsigned bit = 0, most = family_bits(left->family);

    while (bit < most && !((left->bytes[bit / 8] ^ right->bytes[bit / 8]) & (0x80u >> bit % 8)))
        bit++;
    return bit;
}

bool network_holds(const struct network *network, const struct network *address)
{
    return network->family == address->family && address->bits >= network->bits &&
           common_bits(network, address) >= network->bits;
}

const struct network_range *network_range_of(const struct network *address)
{
    size_t at = 0;

    while (!network_holds(&ranges[at].network, address)) /* the last two hold what is left */
        at++;
    return &ranges[at];
}

enum network_class network_class_of(const struct network *address)
{
    return network_range_of(address)->class;
}

int network_compare(const struct network *left, const struct network *right)
{
    if (left->family != right->family)
        return left->family == AF_INET ? -1 : 1;
    int order = memcmp(left->bytes, right->bytes, sizeof(left->bytes));
    return order ? order : (left->bits > right->bits) - (left->bits < right->bits);
}

bool network_is_address(const struct network *network)
{
    return network->bits == family_bits(network->family);
}

uint64_t network_size(const struct network *network)
{
    unsigned free_bits = family_bits(network->family) - network->bits;

    return free_bits < 64 ? (uint64_t)1 << free_bits : UINT64_MAX;
}
