/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside calls/: the allow-list while it is built. */
#ifndef CINCH_SYSTEMD_FILTER_H
#define CINCH_SYSTEMD_FILTER_H

#include "systemd/calls/filter_table.h"
#include "systemd/core/derive.h"
#include "systemd/core/fit.h"
#include "systemd/core/limits.h"
#include "systemd/core/syscall_groups.h"
#include <uthash.h>

/* A call that will be allowed; `why` says what called it or why it is a companion. */
struct filter_name {
    const char *name; /* borrowed from a table or the profile */
    char *why;
    const struct fact *witness; /* NULL: by rule */
    bool by_group;              /* one of the chosen groups contains it */
    UT_hash_handle hh;
};

struct filter {
    const struct derive_context *context;
    struct fit_settings fit;
    struct groups groups;
    const struct group *standard; /* @default, which systemd adds; NULL when not known */
    struct filter_name *names;    /* uthash head */
    int libseccomp;
    bool plain_64;
    struct strings unseen; /* programs of the unit that training did not run */
};

/* filter_wanted.c: what must be allowed. */
struct filter_name *filter_find(const struct filter *filter, const char *name);
/* Adds the observed calls, then their companions and what the rules add, as far as the fit allows.
 */
void filter_want(struct filter *filter);
/* Whether the unit's own filter may forbid a call; then only an observed call is allowed. */
bool filter_is_limited(const struct filter *filter, const char *name);
/* Whether the target has the call and can list it; the other calls of a group add nothing. */
bool filter_is_grantable(const struct filter *filter, const char *name);

/* filter_cover.c: writes the wanted calls, as groups where that pays, and their excess. */
void filter_cover(struct filter *filter, struct verdict *ret);

#endif
