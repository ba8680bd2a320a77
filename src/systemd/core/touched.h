/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside systemd/: what the service had to do with, from a use of one of its paths; NULL: nothing.
 */
#ifndef CINCH_SYSTEMD_TOUCHED_H
#define CINCH_SYSTEMD_TOUCHED_H

#include "systemd/core/derive.h"
#include <cinch/systemd.h>

struct derive_context;

const struct fact *touched_resolver(const struct profile *profile); /* looked up host names */
const struct fact *touched_nss(const struct profile *profile); /* looked up users and the like */
const struct fact *touched_journal(const struct profile *profile); /* syslog or the journal */
/* It made a socket, a FIFO or a link that was still there at the end, and never removed it: the
 * next start meets it. */
const struct fact *touched_left_behind(const struct profile *profile);
/* Whether the unit or the run says that the service talks to systemd over AF_UNIX; names how. */
const char *touched_manager(const struct derive_context *context);
/* The same of either alone: the unit's is certain, a variable of the run shows that it may. */
const char *touched_manager_by_unit(const struct derive_context *context);
const char *touched_environment(const struct profile *profile);
/* The programs of the unit that no run executed. */
void touched_unseen_programs(const struct derive_context *context, struct strings *ret);
/* The row of such a program that the unit runs with plain words alone and of which the profile
 * knows what it loads; NULL of any other. */
const struct unit_plain *touched_plain_program(const struct derive_context *context,
                                               const char *program);

#endif
