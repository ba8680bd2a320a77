/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside cli/: the file that suggest -o writes. */
#ifndef CINCH_CLI_OUTPUT_H
#define CINCH_CLI_OUTPUT_H

#include <cinch/base.h>

/* Whether `path` may be written: a plain file or nothing yet, no link, none of the `inputs`.
 * 0 or -errno with `err`. */
int output_check(const char *path, char *const *inputs, size_t count, struct err *err) MUST_USE;
/* Replaces `path` by the text, as a whole or not at all; makes its directory where that is the
 * ".d" of a unit. 0 or -errno with `err`. */
int output_write(const char *path, const char *text, struct err *err) MUST_USE;

#endif
