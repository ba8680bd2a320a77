/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What systemd's own groups of system calls hold. */
#ifndef CINCH_SYSTEMD_GROUP_TABLE_H
#define CINCH_SYSTEMD_GROUP_TABLE_H

#include <stddef.h>

/* Some members of a group, in the versions of systemd from `since` to `until`; a group may have
 * several rows. */
struct group_row {
    const char *name; /* "@aio" */
    int since, until;
    const char *members; /* calls and "@groups", a blank between two */
};

/* The versions that the rows speak of; of any other nothing is known. */
extern const int group_versions[];
extern const size_t group_version_count;
extern const struct group_row group_rows[];
extern const size_t group_row_count;

#endif
