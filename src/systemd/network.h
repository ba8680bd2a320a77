/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside systemd/: IP addresses, which kind of network they lie in, and the fewest prefixes that
 * hold some of them. */
#ifndef CINCH_SYSTEMD_NETWORK_H
#define CINCH_SYSTEMD_NETWORK_H

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

/* "this machine", "the local link", "multicast", "private networks", "the internet". */
const char *network_class_name(enum network_class class);
/* The networks of a class as IPAddressDeny= takes them, the `at`th, NULL behind the last. PUBLIC
 * has none: it is what the others leave. */
const char *network_class_prefix(enum network_class class, size_t at);

/* An address, or the network of all that share its first `bits` bits. */
struct network {
    int family;
    unsigned bits;
    unsigned char bytes[16];
};

#define NETWORK_TEXT (INET6_ADDRSTRLEN + sizeof("/128"))

/* Reads an address or a network; a scope ("%eth0") is left out, systemd cannot list it. False when
 * it is none. */
bool network_parse(const char *text, struct network *ret);
/* "192.0.2.7", "192.0.2.0/28". */
void network_text(const struct network *network, char ret[NETWORK_TEXT]);
enum network_class network_class_of(const struct network *address);
/* IPv4 before IPv6, then by number. */
int network_compare(const struct network *left, const struct network *right);
/* How many addresses it has; UINT64_MAX when more than that. */
uint64_t network_size(const struct network *network);
bool network_is_address(const struct network *network);
bool network_holds(const struct network *network, const struct network *address);

/*
 * Covers `count` addresses, sorted and each once, by at most `entries` networks where that does not
 * take one that spans two classes or is larger than a site's (IPv4 /16, IPv6 /32): then by as many
 * as it takes. Of such covers the one that holds the fewest other addresses, those of the internet
 * counting more. Returns how many were written to `ret` (room for `count`), sorted.
 */
size_t network_cover(const struct network *addresses, size_t count, size_t entries,
                     struct network *ret);

#endif
