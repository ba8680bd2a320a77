/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside systemd/: what systemd calls kinds of networks, and the fewest prefixes that hold some
 * addresses. */
#ifndef CINCH_SYSTEMD_NETWORK_H
#define CINCH_SYSTEMD_NETWORK_H

#include <cinch/model/network.h>

/* "this machine", "the local link", "multicast", "private networks", "the internet". */
const char *network_class_name(enum network_class class);
/* The networks of a class as IPAddressDeny= takes them, the `at`th, NULL behind the last. PUBLIC
 * has none: it is what the others leave. */
const char *network_class_prefix(enum network_class class, size_t at);

/*
 * Covers `count` addresses, sorted and each once, by at most `entries` networks where that does not
 * take one that spans two classes or is larger than a site's (IPv4 /16, IPv6 /32): then by as many
 * as it takes. Of such covers the one that holds the fewest other addresses, those of the internet
 * counting more. Returns how many were written to `ret` (room for `count`), sorted.
 */
size_t network_cover(const struct network *addresses, size_t count, size_t entries,
                     struct network *ret);

#endif
