/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside systemd/: facilities the service used, each with the fact that shows it; NULL: not used.
 */
#ifndef CINCH_SYSTEMD_TOUCHED_H
#define CINCH_SYSTEMD_TOUCHED_H

#include "systemd/core/derive.h"
#include <cinch/systemd.h>

struct derive_context;

const struct fact *touched_resolver(const struct profile *profile); /* looked up host names */
const struct fact *touched_nss(const struct profile *profile); /* looked up users and the like */
const struct fact *touched_journal(const struct profile *profile); /* syslog or the journal */
/* A socket, FIFO or link that the service created and never removed, so that the next start finds
 * it. */
const struct fact *touched_left_behind(const struct profile *profile);
/* Why the service connects to systemd over AF_UNIX, by the unit or a run; NULL: it does not. */
const char *touched_manager(const struct derive_context *context);
/* The same by the unit alone, which is certain, and by a run's environment, which shows that it
 * may. */
const char *touched_manager_by_unit(const struct derive_context *context);
const char *touched_environment(const struct profile *profile);
/* The unit's programs that no run executed. */
void touched_unseen_programs(const struct derive_context *context, struct strings *ret);
/* The row of such a program, if the unit runs it with plain words only and the profile knows what
 * it loads; else NULL. */
const struct unit_plain *touched_plain_program(const struct derive_context *context,
                                               const char *program);

#endif
