/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside systemd/: the user the service runs as. */
#ifndef CINCH_SYSTEMD_IDENTITY_H
#define CINCH_SYSTEMD_IDENTITY_H

#include <cinch/systemd.h>

/* The set-user-ID program that a seccomp filter would break, or NULL. */
const struct fact *identity_no_seccomp(const struct profile *profile,
                                       const struct suggest_options *options);

/* Whether systemd starts the service without CAP_SYS_ADMIN. A unit without User= runs as root;
 * without a unit the runs decide. */
bool identity_is_unprivileged(const struct profile *profile, const struct suggest_options *options);

/* Whether a value of User= or Group= means root; NULL and "" mean that it is not set. */
bool identity_is_root_name(const char *name);
/* Whether the unit runs its commands as root, by User= and DynamicUser=. */
bool identity_unit_is_root(const struct unit *unit);
/* Whether a run was started as root. */
bool identity_has_root_run(const struct profile *profile);
/* Whether the service runs as a dynamic user, by the unit or, where the unit is not fully known, by
 * the user of a run. */
bool identity_is_dynamic(const struct profile *profile, const struct suggest_options *options);

#endif
