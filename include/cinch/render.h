/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * render: writes a suggestion or an explanation. Computes nothing.
 */
#ifndef CINCH_RENDER_H
#define CINCH_RENDER_H

#include <cinch/evaluate.h>
#include <cinch/systemd.h>

/* Each returns the whole text, ending in a newline; owned by the caller. A value that the target's
 * grammar cannot express becomes a comment that names it, encoded. */

/* How much a drop-in says beside its directives, which are the same in all. */
enum comment_form {
    COMMENTS_SHORT, /* a line for each group, and what training refused */
    COMMENTS_FULL,  /* the witness of every value, and why each directive was left out */
    COMMENTS_NONE,  /* the bare directives */
};

/* `unit` (NULL: unknown) names the file to save it as; short and bare forms reset only the lists
 * that it has. `again` is the command that makes the same (NULL: unknown). */
char *render_dropin(const struct suggestion *suggestion, const struct profile *profile,
                    const struct unit *unit, const char *again, enum comment_form comments);
/* A whole unit: `unit` with its settings of these directives replaced; or, when it is NULL or
 * empty, a unit that runs the trained command. */
char *render_unit(const struct suggestion *suggestion, const struct profile *profile,
                  const struct unit *unit);
/* Arguments for systemd-run, one shell-quoted `-p 'NAME=VALUE'` a line after lines of comments. */
char *render_run_args(const struct suggestion *suggestion, const struct profile *profile);
/* docs/SUGGESTION_FORMAT.md */
char *render_json(const struct suggestion *suggestion, const struct profile *profile);
/* The reason for each line and for each directive that is not set. Each query (0: everything)
 * limits that to a directive, system call, path, address, capability or family; for one that was
 * never used it says how it is refused. *ret_found: every query had an answer. */
char *render_explanation(const struct suggestion *suggestion, const struct profile *profile,
                         char *const *queries, size_t count, bool *ret_found);

/* What `unit` would refuse of what training saw, by directive, and what is not judged. */
char *render_check(const struct evaluation *evaluation, const struct unit *unit);
/* The same as JSON: "cinch-check", version 1. */
char *render_check_json(const struct evaluation *evaluation, const struct unit *unit);

/* ---- quoting, by directive grammar
 * --------------------------------------------------------------------------------- */

enum quote_form { QUOTE_UNIT, QUOTE_RUN_ARGUMENT };

/* Appends a value of `directive` as systemd `target.version` reads it back byte for byte; -EINVAL,
 * nothing appended, when the grammar of that directive and version cannot express it. */
int quote_value(struct str *ret, const char *directive, const struct value *value,
                const struct target *target, enum quote_form form) MUST_USE;
/* Appends the program of an Exec line of a unit file; -EINVAL when it cannot be expressed. */
int quote_program(struct str *ret, const char *program) MUST_USE;
/* Appends one argument of the program; -EINVAL when it cannot be expressed. */
int quote_argument(struct str *ret, const char *argument) MUST_USE;
/* Appends one word for a POSIX shell (or xargs). */
void quote_shell(struct str *ret, const char *word);

#endif
