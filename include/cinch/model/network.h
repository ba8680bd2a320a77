/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* model: IP addresses, and which kind of network they lie in. */
#ifndef CINCH_MODEL_NETWORK_H
#define CINCH_MODEL_NETWORK_H

#include <arpa/inet.h>
#include <cinch/base.h>

/* Where an address lies, seen from the machine. */
enum network_class {
    NETWORK_SELF,       /* 0.0.0.0, ::, 127.0.0.0/8, ::1 */
    NETWORK_LINK_LOCAL, /* 169.254.0.0/16, fe80::/10 (RFC 3927, RFC 4291) */
    NETWORK_GROUP,      /* multicast and broadcast */
    NETWORK_PRIVATE,    /* RFC 1918, RFC 4193, and RFC 6598 (behind a carrier's NAT) */
    NETWORK_PUBLIC,     /* all else */
    NETWORK_CLASS_COUNT,
};

/* An address, or the network of all that share its first `bits` bits. */
struct network {
    int family;
    unsigned bits;
    unsigned char bytes[16];
};

#define NETWORK_TEXT (INET6_ADDRSTRLEN + sizeof("/128"))

/* What lies together: all of a range are of one class, and where a profile does not tell a range's
 * addresses apart (PROFILE_WILDCARD) the text of one network, of that class too, stands for any. */
struct network_range {
    struct network network;
    enum network_class class;
    const char *wildcard;
};

/* All of them, what is left of each family last. */
const struct network_range *network_ranges(size_t *ret_count);
/* The one that an address, or a network, of IPv4 or IPv6 lies in. */
const struct network_range *network_range_of(const struct network *address);
enum network_class network_class_of(const struct network *address);
/* Reads an address or a network; a scope ("%eth0") is left out, systemd cannot list it. False when
 * it is none. */
bool network_parse(const char *text, struct network *ret);
/* "192.0.2.7", "192.0.2.0/28". */
void network_text(const struct network *network, char ret[NETWORK_TEXT]);
/* IPv4 before IPv6, then by number. */
int network_compare(const struct network *left, const struct network *right);
/* How many addresses it has; UINT64_MAX when more than that. */
uint64_t network_size(const struct network *network);
bool network_is_address(const struct network *network);
bool network_holds(const struct network *network, const struct network *address);

#endif
