/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * manager: what the service manager has of a unit. Reads files, changes nothing.
 */
#ifndef CINCH_MANAGER_H
#define CINCH_MANAGER_H

#include <cinch/systemd.h>

/* Which unit, and where. Strings are borrowed. */
struct unit_query {
    const char *name; /* as a person gives it: a name ("nginx", "nginx.service"), a file (with a
                       * "/" in it), or a file that holds what `systemctl cat` printed */
    const char *root; /* below it lie the directories of units; NULL: "/" */
    bool user_manager;
    bool manager_given; /* else a unit that only a user's manager has is taken to be of that */
};

/* Reads the unit as systemd.unit(5) says: its file from the first directory that has it, following
 * aliases and templates, then its drop-ins from all of them, cinch's own left out. A file in none
 * of these directories is read together with FILE.d/ alone, and is not whole. Files are hostile
 * input. 0, or -errno with `err`: -ENOENT when there is none, -EINVAL when it is no service,
 * -ERFKILL when it is masked. On failure `ret` holds nothing. */
int manager_read_unit(const struct unit_query *query, struct unit *ret, struct err *err) MUST_USE;

#endif
