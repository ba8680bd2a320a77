/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside render/: the query of `cinch explain`. */
#ifndef CINCH_RENDER_QUERY_H
#define CINCH_RENDER_QUERY_H

#include <cinch/render.h>

/* A query and everything it may mean; `{ 0 }` is empty. */
struct query {
    char *text;      /* as typed */
    char *directive; /* without a trailing "=" */
    char *path;      /* normalised, when it begins with "/"; else NULL */
    char *path_raw;  /* the same with escapes undone, when it was typed encoded; else NULL */
    int family;      /* AF_* or -1 */
    char *host;      /* address without brackets and port */
    int port;        /* -1: any */
};

void query_init(struct query *query, const char *text);
void query_done(struct query *query);

bool query_matches_directive(const struct query *query, const struct verdict *verdict);
/* Whether the fact is about the query. */
bool query_matches_fact(const struct query *query, const struct fact *fact);
/* Whether the value names or covers the query (a directory, a network). */
bool query_matches_value(const struct query *query, const struct value *value);
/* Whether an address is in `name` of IPAddressAllow=: a network, an address, or a word such as
 * "localhost". */
bool query_network_has(const char *host, const char *name);

#endif
