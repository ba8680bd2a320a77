/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside systemd/: what a derive function sees. */
#ifndef CINCH_SYSTEMD_DERIVE_H
#define CINCH_SYSTEMD_DERIVE_H

#include "systemd/core/directive.h"
#include "systemd/core/verdict.h"

struct filesystem_plan; /* derive_filesystem.c: computed once, read by every path directive */

struct derive_context {
    const struct profile *profile;
    const struct suggest_options *options;
    const struct filesystem_plan *filesystem;
    const struct directive *directives; /* the table, for directive_find() */
    struct notes *notes;
};

/* The shared rule: the first candidate the target knows and no fact refuses. */
void derive_candidate(const struct derive_context *context, const struct directive *directive,
                      struct verdict *ret);
/* Runs a row: version, manager and blind spots first, then its derive function. */
void derive_directive(const struct derive_context *context, const struct directive *directive,
                      struct verdict *ret);
/* Adds a note for the administrator unless it is there already; `text` is taken over. */
void derive_note(const struct derive_context *context, enum note_severity severity,
                 enum note_topic topic, const char *about, char *text);

/* The first blind spot of that topic, NULL when there is none. "attached-late" is
 * none where another run saw the service from its start. */
const struct fact *derive_blind_spot(const struct profile *profile, const char *topic);
/* The same, without what the unit makes up for: a mount of its own. */
const struct fact *derive_blind_spot_left(const struct profile *profile,
                                          const struct suggest_options *options, const char *topic);
/* SystemCallArchitectures=: every room above has to do with it. */
void derive_architectures(const struct derive_context *context, const struct directive *directive,
                          struct verdict *ret);

/* Notes what there is to say of the runs. */
void runs_note(const struct derive_context *context);
/* Notes where the unit starts its program otherwise than training did; false when
 * it starts another program. */
bool unit_command_check(const struct derive_context *context);

#endif
