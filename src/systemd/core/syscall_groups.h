/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The @groups of system calls as the target's own systemd has them, where that is known. */
#ifndef CINCH_SYSTEMD_GROUPS_H
#define CINCH_SYSTEMD_GROUPS_H

#include <cinch/systemd.h>

/* A group with all it holds, nested groups taken apart. */
struct group {
    char *name;            /* "@io-event" */
    struct strings calls;  /* sorted */
    struct strings nested; /* names of groups as they stand in it, until they are taken apart */
};

enum groups_source {
    GROUPS_UNKNOWN,  /* nothing is known of the target's groups: none are here */
    GROUPS_RECORDED, /* what systemd-analyze said where the service was trained */
    GROUPS_BUILT_IN, /* group_table.c */
};

/* Sorted by name. `{ 0 }` knows no group. */
struct groups {
    enum groups_source source;
    struct group *items;
    size_t count;
    size_t capacity;
};

void groups_init(struct groups *groups, const struct profile *profile, const struct target *target);
/* NULL when there is none of that name. */
const struct group *groups_find(const struct groups *groups, const char *name);
bool groups_has(const struct group *group, const char *call);
void groups_done(struct groups *groups);

/* Whether the text looks like the name of a call at all: profiles are hostile, and root reads
 * units.
 */
bool groups_is_call_name(const char *text);

#endif
