/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside manager/: directories of units, and files below a root directory. */
#ifndef CINCH_MANAGER_UNIT_PATHS_H
#define CINCH_MANAGER_UNIT_PATHS_H

#include <cinch/base.h>

/* Whoever owns a directory of units chooses how much is in it. No machine has as many units, nor a
 * unit as many drop-ins: */
#define UNIT_NAMES_MAX   8192 /* names in one directory */
#define UNIT_DROPINS_MAX 512  /* of one unit, in all directories */

/* Whose manager it is. */
struct unit_owner {
    bool is_user;
    char *home;    /* of a user, "" when there is none; owned */
    char *runtime; /* $XDG_RUNTIME_DIR, likewise */
};

void unit_owner_done(struct unit_owner *owner);
/* The user who runs this program. */
void unit_owner_self(struct unit_owner *ret);
/* The user in whose home directory below the root directory a file of a unit lies; false when it
 * lies in none. */
bool unit_owner_of(int root_fd, const char *path, struct unit_owner *ret);

/* The directories that systemd looks for units in, the first one first (systemd.unit(5)). */
void unit_paths_list(const struct unit_owner *owner, struct strings *ret);

/* Opens a path as one whose root directory is `root_fd` would; -errno. Never waits for a FIFO. */
int unit_paths_open(int root_fd, const char *path, int flags);
/* Reads a plain file likewise; -ENOTSUP for anything else, such as /dev/null. */
int unit_paths_read(int root_fd, const char *path, struct str *ret) MUST_USE;
/* Where a link leads, as written; owned, NULL when it is none. */
char *unit_paths_link(int root_fd, const char *path);
/* The names in a directory that end in `suffix` and do not begin with a dot, sorted bytewise. 0 or
 * -errno: -E2BIG beyond UNIT_NAMES_MAX. */
int unit_paths_names(int root_fd, const char *directory, const char *suffix,
                     struct strings *ret) MUST_USE;

#endif
