/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside systemd/: what the unit forbids already. A drop-in takes no more of that back than what
 * training showed to be used. */
#ifndef CINCH_SYSTEMD_LIMITS_H
#define CINCH_SYSTEMD_LIMITS_H

#include "systemd/core/derive.h"
#include "systemd/core/directive.h"
#include "systemd/core/syscall_groups.h"

enum limit {
    LIMIT_NONE,      /* the unit allows it, or does not say */
    LIMIT_FORBIDDEN, /* its list has no room for it */
    LIMIT_UNKNOWN,   /* its list has groups of which nobody knows here what they hold */
};

/* Whether the unit's list `key`, of what is allowed or with "~" of what is not, forbids a word;
 * `groups` (NULL: none are known) says what its @groups hold. `unit` may be NULL. */
enum limit limits_of(const struct unit *unit, const char *key, const char *word,
                     const struct groups *groups);
/* Whether the unit limits IP addresses, and whether its lists let all of a network through. */
bool limits_have_addresses(const struct unit *unit);
bool limits_allow_network(const struct unit *unit, const char *network);

/* Says that something which the unit forbids is allowed because training showed it. */
void limits_note(const struct derive_context *context, const char *directive, const char *word,
                 const struct fact *fact);
/* Takes from all verdicts what the unit forbids and nothing showed; a weaker value than the unit's
 * gives way to it. */
void limits_apply(const struct derive_context *context, struct suggestion *suggestion);

#endif
