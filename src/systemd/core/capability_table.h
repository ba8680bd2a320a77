/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside systemd/: which of the capabilities that training showed the service cannot do without. */
#ifndef CINCH_SYSTEMD_CAPABILITY_TABLE_H
#define CINCH_SYSTEMD_CAPABILITY_TABLE_H

#include "systemd/core/derive.h"
#include "systemd/core/veto.h"

/* The kernel asks for a capability in more calls than need it. The first row that names the
 * capability and the call decides; what no row names is needed. */
struct capability_row {
    const char *name;
    const char *calls; /* blank-separated; NULL: any, and none */
    bool needed;
    const struct veto *if_seen; /* the row counts only where one of these is; NULL: always */
};

extern const struct capability_row capability_rows[];
extern const size_t capability_row_count;

/* The best witness that the service needs the capability (NULL: any at all), or NULL. Of the
 * kernel's words those count that no row makes light of; of guesses those where it was not asked.
 */
const struct fact *capability_needed(const struct profile *profile, const char *name);
/* The first run in which their use was watched less closely than that, or NULL. */
const struct run *capability_unwatched(const struct profile *profile, enum capability_watch watch);
/* The systemd version from which on its build knows the name. */
int capability_since(const char *name);

#endif
