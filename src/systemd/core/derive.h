/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside systemd/: what a derive function receives. */
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

/* The shared rule: takes the first candidate that the target knows and no fact vetoes. */
void derive_candidate(const struct derive_context *context, const struct directive *directive,
                      struct verdict *ret);
/* Derives one row: checks version, manager and blind spots, then calls its derive function. */
void derive_directive(const struct derive_context *context, const struct directive *directive,
                      struct verdict *ret);
/* Adds a note unless one with the same text exists; takes over `text`. */
void derive_note(const struct derive_context *context, enum note_severity severity,
                 enum note_topic topic, const char *about, char *text);

/* The first blind spot of that topic, or NULL. "attached-late" does not count where another run
 * recorded the service from its start. */
const struct fact *derive_blind_spot(const struct profile *profile, const char *topic);
/* The same, except a blind spot that the unit's own mount explains. */
const struct fact *derive_blind_spot_left(const struct profile *profile,
                                          const struct suggest_options *options, const char *topic);
/* SystemCallArchitectures= */
void derive_architectures(const struct derive_context *context, const struct directive *directive,
                          struct verdict *ret);

/* Adds the notes about the runs. */
void runs_note(const struct derive_context *context);
/* Adds notes where the unit starts its program differently than training did. False when it starts
 * another program. */
bool unit_command_check(const struct derive_context *context);

#endif
