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

/* What a unit would refuse of what training saw. */
struct unit_refusal {
    const char *directive;              /* which refuses it; static */
    const struct unit_setting *setting; /* its last line in the unit; NULL: another implies it */
    const struct fact *fact;            /* borrowed; NULL: the service would not start at all */
};

struct evaluation {
    struct unit_refusal *refusals; /* in the order of the profile's facts */
    size_t count;
    size_t capacity;
    size_t judged;          /* facts */
    size_t unseen;          /* blind spots: what training could not see */
    struct strings unknown; /* settings of the unit that may refuse something and are not judged */
};

/* Judges the unit as it is written. Unit and profile are borrowed and must outlive `ret`. */
void evaluation_make(const struct unit *unit, const struct profile *profile,
                     const struct target *target, struct evaluation *ret);
void evaluation_done(struct evaluation *evaluation);

#endif
