/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside systemd/: which of the capabilities used in training the service needs. */
#ifndef CINCH_SYSTEMD_CAPABILITY_TABLE_H
#define CINCH_SYSTEMD_CAPABILITY_TABLE_H

#include "systemd/core/derive.h"
#include "systemd/core/veto.h"

/* The kernel checks a capability in more calls than need it. The first row with the capability and
 * the call decides; a capability without a row is needed. */
struct capability_row {
    const char *name;
    const char *calls; /* separated by blanks; NULL: every call, and uses outside calls */
    bool needed;
    const struct veto
        *if_seen; /* the row applies only where one of these facts exists; NULL: always */
};

extern const struct capability_row capability_rows[];
extern const size_t capability_row_count;

/* The best witness that the service needs the capability (NULL: any capability), or NULL. A kernel
 * check counts unless a row says otherwise; a guess counts only where the kernel did not report. */
const struct fact *capability_needed(const struct profile *profile, const char *name);
/* The first run that recorded capability use less exactly than that, or NULL. */
const struct run *capability_unwatched(const struct profile *profile, enum capability_watch watch);
/* The first systemd version that knows the name. */
int capability_since(const char *name);

#endif
