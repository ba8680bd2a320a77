/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside systemd/: what the unit already forbids. A drop-in allows again only what training used.
 */
#ifndef CINCH_SYSTEMD_LIMITS_H
#define CINCH_SYSTEMD_LIMITS_H

#include "systemd/core/derive.h"
#include "systemd/core/directive.h"
#include "systemd/core/syscall_groups.h"

enum limit {
    LIMIT_NONE,      /* the unit allows it or does not limit it */
    LIMIT_FORBIDDEN, /* its list excludes it */
    LIMIT_UNKNOWN,   /* its list has groups with unknown content */
};

/* Whether the unit's list `key` (an allow-list, or a deny-list with "~") forbids a word. `groups`
 * holds the content of @groups (NULL: unknown). `unit` may be NULL. */
enum limit limits_of(const struct unit *unit, const char *key, const char *word,
                     const struct groups *groups);
/* Whether the unit limits IP addresses, and whether its lists allow the whole network. */
bool limits_have_addresses(const struct unit *unit);
bool limits_allow_network(const struct unit *unit, const char *network);

/* Adds a note that the output allows what the unit forbids, because training used it. */
void limits_note(const struct derive_context *context, const char *directive, const char *word,
                 const struct fact *fact);
/* Removes from all verdicts what the unit forbids and training did not use; the unit's stricter
 * value wins. */
void limits_apply(const struct derive_context *context, struct suggestion *suggestion);

#endif
