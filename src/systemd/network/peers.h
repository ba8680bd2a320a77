/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside systemd/: the peers the service exchanges packets with. */
#ifndef CINCH_SYSTEMD_PEERS_H
#define CINCH_SYSTEMD_PEERS_H

#include "systemd/core/derive.h"
#include "systemd/network/network_class.h"

/* An observed address, with the first fact that shows it. */
struct peer {
    struct network address;
    enum network_class class;
    const struct fact *witness;
    size_t order;            /* the position of that fact in the profile */
    size_t facts;            /* how many facts show it */
    bool is_server;          /* the service connected to it; else it is a client */
    bool is_name_server;     /* the service sent it DNS queries */
    const struct fact *name; /* its host name with the shortest TTL; NULL: none */
};

/* Sorted by address, each once; `{ 0 }` is empty. */
struct peers {
    struct peer *items;
    size_t count;
    size_t capacity;
    char *refusal; /* why the peers are unknown; NULL: they are known; owned */
    const struct fact *refused_by;
    bool served_by_socket_unit; /* clients connect to sockets that systemd passed in */
    bool dropped_clients;       /* --peers local excluded some */
    const struct fact *unheard; /* a lookup whose answer was not recorded; NULL: none */
};

void peers_collect(const struct derive_context *context, struct peers *ret);
void peers_done(struct peers *peers);

/* Whether it stands for many unrecorded addresses of a network, which cannot be listed. */
bool peer_is_wildcard(const struct peer *peer);
/* Why the address may change, in words: it came from a DNS answer with a short TTL, from an
 * unrecorded answer, or it is one of many. NULL when it may be listed. */
char *peer_fleeting(const struct peers *peers, const struct peer *peer);
/* The fact that shows it, the number of further facts, and its host name. */
char *peer_describe(const struct peer *peer);

#endif
