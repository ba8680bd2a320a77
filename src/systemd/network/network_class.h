/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside systemd/: classes of networks, and the fewest prefixes that hold some addresses. */
#ifndef CINCH_SYSTEMD_NETWORK_H
#define CINCH_SYSTEMD_NETWORK_H

#include <cinch/model/network.h>

/* "this host", "link-local addresses", "multicast", "private networks", "public addresses". */
const char *network_class_name(enum network_class class);
/* The `at`th network of a class as IPAddressDeny= takes it; NULL after the last. PUBLIC has none,
 * because it is everything else. */
const char *network_class_prefix(enum network_class class, size_t at);

/* Covers `count` addresses (sorted, unique) with at most `entries` networks. Takes more where a
 * network would span two classes or be larger than a site's (IPv4 /16, IPv6 /32). Chooses the cover
 * with the fewest other addresses; public ones count more. Returns how many networks were written
 * to `ret` (room for `count`), sorted. */
size_t network_cover(const struct network *addresses, size_t count, size_t entries,
                     struct network *ret);

#endif
