/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside systemd/: the directives, in the order in which they are printed, and their conflicts. */
#ifndef CINCH_SYSTEMD_DIRECTIVE_TABLE_H
#define CINCH_SYSTEMD_DIRECTIVE_TABLE_H

#include "systemd/core/derive.h"
#include "systemd/core/directive.h"

/* Ends with a row without a name. */
extern const struct directive directive_table[];
extern const size_t directive_count;

/* conflicts.c: the only place that resolves what two verdicts would break together. */
void conflicts_resolve(const struct derive_context *context, struct suggestion *suggestion);
/* unit_notes.c: adds the notes about the unit, or about a missing unit. */
void unit_notes_add(const struct derive_context *context);

#endif
