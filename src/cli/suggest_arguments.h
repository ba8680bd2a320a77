/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside cli/: what suggest and explain have in common: profiles, a unit, a target. */
#ifndef CINCH_CLI_SUGGEST_ARGUMENTS_H
#define CINCH_CLI_SUGGEST_ARGUMENTS_H

#include "cli/cli.h"
#include <cinch/render.h>

enum suggest_format { FORMAT_DROPIN, FORMAT_UNIT, FORMAT_RUN_ARGS, FORMAT_JSON };

/* `{ 0 }` is empty; strings are borrowed from argv. */
struct suggest_arguments {
    char **operands; /* owned array */
    size_t count;
    size_t capacity;
    const char *unit; /* as given to --unit */
    const char *root; /* as given to --root */
    bool manager_given;
    const char *output; /* NULL or "-": standard output */
    enum suggest_format format;
    bool format_given;
    enum comment_form comments;
    struct strings without, only; /* directives */
    bool allow_failed;            /* directives also where no training succeeded */
    bool portable;
    bool help;
    struct suggest_options options;
    struct profile *profile; /* owned, from suggest_arguments_load */
    struct unit unit_read;   /* likewise */
};

/* Reads the command line: 0, or -EINVAL for a usage error (`err` without text: already said). */
int suggest_arguments_parse(struct suggest_arguments *arguments, int argc, char **argv,
                            struct err *err);
/* Loads the profiles and joins them; NULL with `err`. */
struct profile *suggest_arguments_profile(char *const *paths, size_t count, struct err *err);
/* Loads and joins the first `profiles` operands, reads the unit and its drop-ins, settles the
 * target. 0 or -errno with `err`. */
int suggest_arguments_load(struct suggest_arguments *arguments, size_t profiles, struct err *err);
void suggest_arguments_done(struct suggest_arguments *arguments);

#endif
