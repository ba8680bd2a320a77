// SPDX-License-Identifier: LGPL-2.1-or-later
#include "systemd/network/network_class.h"

static const struct {
    const char *name;
    const char *word; /* systemd's own for all of the class (systemd.resource-control(5)) */
} classes[NETWORK_CLASS_COUNT] = {
    [NETWORK_SELF] = { "this host", "localhost" },
    [NETWORK_LINK_LOCAL] = { "link-local addresses", NULL },
    [NETWORK_GROUP] = { "multicast", "multicast" },
    [NETWORK_PRIVATE] = { "private networks", NULL },
    [NETWORK_PUBLIC] = { "public addresses", NULL },
};

const char *network_class_name(enum network_class class)
{
    return classes[class].name;
}

const char *network_class_prefix(enum network_class class, size_t at)
{
    size_t count;
    const struct network_range *ranges = network_ranges(&count);

    if (class == NETWORK_PUBLIC || classes[class].word)
        return at ? NULL : classes[class].word;
    for (size_t i = 0; i < count; i++)
        if (ranges[i].class == class && at-- == 0)
            return ranges[i].wildcard;
    return NULL;
}
