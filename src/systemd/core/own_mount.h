/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside systemd/: the unit's own mounts, which a blind spot records. */
#ifndef CINCH_SYSTEMD_OWN_MOUNT_H
#define CINCH_SYSTEMD_OWN_MOUNT_H

#include <cinch/systemd.h>

/* The topic of such a blind spot, and the first word of its detail. */
#define OWN_MOUNT_TOPIC "foreign-mount-namespace"
#define OWN_MOUNT_WORD  "mount "

/* The mount point of one word of BindPaths=, BindReadOnlyPaths= or TemporaryFileSystem=, owned;
 * NULL when it shows the host's own path. */
char *own_mount_written(const char *word, bool is_tmpfs);
/* Whether the path is neither shared (/tmp, /run) nor filled by systemd or the kernel, where the
 * meaning of a directive depends on the owner. */
bool own_mount_is_plain(const char *place);
/* The mount point of the blind spot, owned; NULL for another topic. */
char *own_mount_place(const struct fact *spot);
/* Whether the unit still has that mount, so that its meaning is known. */
bool own_mount_is_settled(const struct suggest_options *options, const struct fact *spot);
/* The remedy, in words; "" for another blind spot. */
const char *own_mount_remedy(const struct fact *spot);
/* Whether the unit has an empty root itself (TemporaryFileSystem=/). */
bool own_mount_has_root(const struct unit *unit);

#endif
