/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The @groups of system calls as the target's systemd defines them, where known. */
#ifndef CINCH_SYSTEMD_GROUPS_H
#define CINCH_SYSTEMD_GROUPS_H

#include <cinch/systemd.h>

/* A group with all its calls; nested groups are expanded. */
struct group {
    char *name;            /* "@io-event" */
    struct strings calls;  /* sorted */
    struct strings nested; /* names of nested groups, until they are expanded */
};

enum groups_source {
    GROUPS_UNKNOWN,  /* the target's groups are unknown: none are listed */
    GROUPS_RECORDED, /* from systemd-analyze on the training host */
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
/* The group of that name, or NULL. */
const struct group *groups_find(const struct groups *groups, const char *name);
bool groups_has(const struct group *group, const char *call);
void groups_done(struct groups *groups);

/* Whether the text can be the name of a call. Profiles are hostile, and root reads units. */
bool groups_is_call_name(const char *text);

#endif
