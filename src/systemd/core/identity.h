/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside systemd/: as whom the service runs. */
#ifndef CINCH_SYSTEMD_IDENTITY_H
#define CINCH_SYSTEMD_IDENTITY_H

#include <cinch/systemd.h>

/* The set-id program for whose sake no seccomp filter may be installed, or NULL. */
const struct fact *identity_no_seccomp(const struct profile *profile,
                                       const struct suggest_options *options);

/* Whether systemd starts the service without CAP_SYS_ADMIN: a unit without User= runs as root; with
 * no unit at all the runs say who it was. */
bool identity_is_unprivileged(const struct profile *profile, const struct suggest_options *options);

/* Whether that User= or Group= means root: NULL and "" are no such setting. */
bool identity_is_root_name(const char *name);
/* Whether User= and DynamicUser= of the unit leave its commands root. */
bool identity_unit_is_root(const struct unit *unit);
/* Whether a run was root's. */
bool identity_has_root_run(const struct profile *profile);
/* Whether the service runs under a dynamic user: by the unit, or where that is not
 * wholly known by the user of a run. */
bool identity_is_dynamic(const struct profile *profile, const struct suggest_options *options);

#endif
