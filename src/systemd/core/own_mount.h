/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside systemd/: a mount of the unit's own, as a blind spot tells of it. */
#ifndef CINCH_SYSTEMD_OWN_MOUNT_H
#define CINCH_SYSTEMD_OWN_MOUNT_H

#include <cinch/systemd.h>

/* The topic of such a blind spot, and how its detail begins. */
#define OWN_MOUNT_TOPIC "foreign-mount-namespace"
#define OWN_MOUNT_WORD  "mount "

/* The place that a word of BindPaths= and its kin, or of TemporaryFileSystem=, puts something in
 * (owned); NULL when it is what the machine has there. */
char *own_mount_written(const char *word, bool is_tmpfs);
/* Nothing that many share, and nothing that systemd or the kernel fill: what a directive means
 * there depends on whose it is. */
bool own_mount_is_plain(const char *place);
/* The place where the unit had a mount of its own (owned), NULL for another blind spot. */
char *own_mount_place(const struct fact *spot);
/* Whether the unit has that mount still, and what it means is known. */
bool own_mount_is_settled(const struct suggest_options *options, const struct fact *spot);
/* What to do about it, "" for another blind spot. */
const char *own_mount_remedy(const struct fact *spot);
/* Whether the unit builds a view of its own: TemporaryFileSystem=/ and binds. */
bool own_mount_has_root(const struct unit *unit);

#endif
