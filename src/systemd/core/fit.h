/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The knobs of a suggestion as they are: --fit, and what was given by itself. */
#ifndef CINCH_SYSTEMD_FIT_H
#define CINCH_SYSTEMD_FIT_H

#include <cinch/systemd.h>

/* How far an allow-list goes beyond what was seen; each has what those before it have. */
enum filter_reach {
    FILTER_MUST,   /* what the service cannot do without, though training did not show it */
    FILTER_LIKELY, /* what the next C library or kernel of the same machine would do instead */
    FILTER_ALL,    /* what any C library or architecture would, and other error paths */
};

struct fit_settings {
    enum filter_reach reach;
    bool groups;
    size_t group_calls;        /* unseen calls by @groups, at most */
    unsigned group_entry_cost; /* what one entry less is worth, in filter_risk() */
    uint64_t path_entry_cost;  /* what one bind less is worth, in unused files */
    size_t view_entries;       /* binds, at most */
    bool whole_modules;        /* directories of modules with all packages in them */
    bool whole_units;          /* directories whose files belong to one thing, for one of them */
    size_t peer_entries;       /* networks, or ports, at most */
};

void fit_settle(const struct suggest_options *options, struct fit_settings *ret);

#endif
