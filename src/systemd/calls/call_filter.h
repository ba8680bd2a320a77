/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside the rows of system calls: the allow-list while it is made. */
#ifndef CINCH_SYSTEMD_FILTER_H
#define CINCH_SYSTEMD_FILTER_H

#include "systemd/calls/filter_table.h"
#include "systemd/core/derive.h"
#include "systemd/core/fit.h"
#include "systemd/core/limits.h"
#include "systemd/core/syscall_groups.h"
#include <uthash.h>

/* A call that will be granted; `why` says by whom it was seen or what it goes with. */
struct filter_name {
    const char *name; /* borrowed from a table or the profile */
    char *why;
    const struct fact *witness; /* NULL: by rule */
    bool by_group;              /* one of the chosen groups has it */
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
    struct strings unseen; /* programs of the unit that were not run */
};

/* filter_wanted.c: what has to be granted. */
struct filter_name *filter_find(const struct filter *filter, const char *name);
/* Puts in what was seen, then its companions and what the rules add, as far as the fit wants. */
void filter_want(struct filter *filter);
/* Whether the unit's own filter may forbid a call: what was not seen is not granted then. */
bool filter_is_limited(const struct filter *filter, const char *name);
/* Whether the target can be given that call and has it: others of a group grant nothing. */
bool filter_is_grantable(const struct filter *filter, const char *name);

/* filter_cover.c: writes the wanted calls, by groups where that is worth it, and the bill. */
void filter_cover(struct filter *filter, struct verdict *ret);

#endif
