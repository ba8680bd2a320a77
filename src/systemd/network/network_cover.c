// SPDX-License-Identifier: LGPL-2.1-or-later
/* Few prefixes for many addresses, for cover_tree_within(): the leaves of a tree are the addresses,
 * its inner nodes the longest prefixes that some of them share. */
#include "systemd/network/network_class.h"
#include <cinch/minimize.h>
#include <string.h>
#include <sys/socket.h>

/* The cost of one more address (an entry costs 1): a list is shortened only where that allows
 * little more. */
#define WEIGHT_PRIVATE 16
#define WEIGHT_PUBLIC  64

struct cover_search {
    const struct network *addresses;
    struct network *networks; /* of the nodes */
    struct cover_node *nodes;
    size_t count;
};

static struct network prefix_of(const struct network *address, unsigned bits)
{
    struct network network = { .family = address->family, .bits = bits };
    unsigned whole = bits / 8;

    memcpy(network.bytes, address->bytes, whole);
    if (bits % 8)
        network.bytes[whole] = address->bytes[whole] & (unsigned char)(0xff00u >> bits % 8);
    return network;
}

static unsigned bits_in_common(const struct network *left, const struct network *right)
{
    unsigned bits = 0;

    while (bits < left->bits &&
           !((left->bytes[bits / 8] ^ right->bytes[bits / 8]) & (0x80u >> bits % 8)))
        bits++;
    return bits;
}

static bool is_too_wide(const struct network *network)
{
    return network->bits < (network->family == AF_INET ? 16 : 32);
}

/* Whether the first and the last address of a network are in different classes. A network that is
 * not too wide contains no whole class. */
static bool spans_classes(const struct network *network)
{
    struct network last = *network;
    unsigned most = network->family == AF_INET ? 32 : 128;

    for (unsigned bit = network->bits; bit < most; bit++)
        last.bytes[bit / 8] |= (unsigned char)(0x80u >> bit % 8);
    last.bits = most;
    struct network first = *network;
    first.bits = most;
    return network_class_of(&first) != network_class_of(&last);
}

/* What granting all of the network costs. An IPv6 network of 64 bits, where a host has one of very
 * many addresses, weighs as much as an IPv4 one of 24. */
static uint64_t network_cost(const struct network *network, size_t seen)
{
    bool is_public = network_class_of(network) == NETWORK_PUBLIC;
    uint64_t weight = is_public ? WEIGHT_PUBLIC : WEIGHT_PRIVATE, size;

    if (network->family == AF_INET)
        size = network_size(network) - seen;
    else if (network->bits >= 72)
        size = network_size(network) > seen;
    else
        size = (uint64_t)1 << (72 - (network->bits < 32 ? 32 : network->bits));
    return size * weight;
}

/* Adds the node of the addresses from `first` to before `end` and all below it. Bits in common grow
 * with each level: no deeper than an address is long. */
static void add_subtree(struct cover_search *search, size_t parent, size_t first, size_t end)
{
    const struct network *addresses = search->addresses;
    size_t at = search->count++, middle = first + 1;
    unsigned bits = bits_in_common(&addresses[first], &addresses[end - 1]);

    search->networks[at] = prefix_of(&addresses[first], bits);
    search->nodes[at] = (struct cover_node){ .parent = parent, .wanted = end == first + 1 };
    if (end == first + 1)
        return;
    search->nodes[at].guarded =
        is_too_wide(&search->networks[at]) || spans_classes(&search->networks[at]);
    search->nodes[at].exposure = network_cost(&search->networks[at], end - first);
    while (bits_in_common(&addresses[first], &addresses[middle]) > bits)
        middle++;
    add_subtree(search, at, first, middle);
    add_subtree(search, at, middle, end);
}

size_t network_cover(const struct network *addresses, size_t count, size_t entries,
                     struct network *ret)
{
    struct cover_search search = { .addresses = addresses,
                                   .networks = mem_new(2 * count + 1, sizeof(*search.networks)),
                                   .nodes = mem_new(2 * count + 1, sizeof(*search.nodes)),
                                   .count = 1 };
    unsigned char *chosen = mem_new(2 * count + 1, 1);
    size_t six = 0, written = 0;

    while (six < count && addresses[six].family == AF_INET)
        six++;
    search.nodes[0].guarded = true;
    if (six)
        add_subtree(&search, 0, 0, six);
    if (six < count)
        add_subtree(&search, 0, six, count);
    cover_tree_within(search.nodes, search.count, 1, entries, chosen);
    for (size_t i = 1; i < search.count; i++)
        if (chosen[i] != COVER_NOTHING)
            ret[written++] = search.networks[i];
    free(search.networks);
    free(search.nodes);
    free(chosen);
    return written;
}
