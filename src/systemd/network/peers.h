/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside systemd/: whom the service exchanges packets with, told from the facts. */
#ifndef CINCH_SYSTEMD_PEERS_H
#define CINCH_SYSTEMD_PEERS_H

#include "systemd/core/derive.h"
#include "systemd/network/network_class.h"

/* An address seen, with the first fact that shows it. */
struct peer {
    struct network address;
    enum network_class class;
    const struct fact *witness;
    size_t order;            /* of that fact in the profile */
    size_t facts;            /* how many facts show it */
    bool is_server;          /* the service went to it; else it came to the service */
    bool is_name_server;     /* it was asked for names */
    const struct fact *name; /* of the names it goes by the one that lives shortest, NULL: none */
};

/* `{ 0 }` is nobody; sorted by address, each once. */
struct peers {
    struct peer *items;
    size_t count;
    size_t capacity;
    char *refusal; /* why nothing can be said of them all; owned */
    const struct fact *refused_by;
    bool served_by_socket_unit; /* clients come over sockets that were passed in */
    bool dropped_clients;       /* --peers local left some out */
    const struct fact *unheard; /* names were looked up, and the answers not seen; NULL: all were */
};

void peers_collect(const struct derive_context *context, struct peers *ret);
void peers_done(struct peers *peers);

/* Whether it stands for more than are told apart: some of a network, which cannot be listed. */
bool peer_is_wildcard(const struct peer *peer);
/* Why the address may be another's tomorrow, in words: the service found it by a name of a short
 * life, or nobody knows by which, or it is one of many. NULL when it may be pinned. */
char *peer_fleeting(const struct peers *peers, const struct peer *peer);
/* The fact that shows it, how many more do, and the name it goes by. */
char *peer_describe(const struct peer *peer);

#endif
