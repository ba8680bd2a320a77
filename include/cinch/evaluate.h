/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * evaluate: would a unit allow what was seen? It answers from what systemd.exec(5) says that
 * directives mean, and shares no code with what derives them: a mistake would have to be made twice
 * to go unseen.
 */
#ifndef CINCH_EVALUATE_H
#define CINCH_EVALUATE_H

#include <cinch/systemd.h>

/* Whether `unit` (NULL: none) with the emitted directives of `suggestion` added to it allows
 * `fact`, from the meaning of the directives alone: what succeeded still would, what failed would
 * not fail in a way that the service did not see. When not, *ret_directive names the one that
 * forbids it. Shares no code with the derive functions. */
bool allows_suggestion(const struct suggestion *suggestion, const struct unit *unit,
                       const struct profile *profile, const struct fact *fact,
                       const char **ret_directive);

#endif
