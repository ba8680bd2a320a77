/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The settings of --fit, with the knobs that were given separately. */
#ifndef CINCH_SYSTEMD_FIT_H
#define CINCH_SYSTEMD_FIT_H

#include <cinch/systemd.h>

/* How far an allow-list goes beyond the observed calls; each value includes those before it. */
enum filter_reach {
    FILTER_MUST,   /* what the service needs although training did not use it */
    FILTER_LIKELY, /* what the next C library or kernel of the same host would use instead */
    FILTER_ALL,    /* what any C library or architecture would use, and other error paths */
};

struct fit_settings {
    enum filter_reach reach;
    bool groups;
    size_t group_calls;        /* how many unobserved calls @groups may add */
    unsigned group_entry_cost; /* the cost of one list entry, in filter_risk() */
    uint64_t path_entry_cost;  /* the cost of one bind, in unused files */
    size_t view_entries;       /* binds, at most */
    bool whole_modules;        /* shared module directories are bound whole */
    bool whole_units; /* a directory whose files belong together is bound whole for one of them */
    size_t peer_entries; /* networks, or ports, at most */
};

void fit_settle(const struct suggest_options *options, struct fit_settings *ret);

#endif
