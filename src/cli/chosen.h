/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside cli/: --without and --only: which of the derived directives are written. */
#ifndef CINCH_CLI_CHOSEN_H
#define CINCH_CLI_CHOSEN_H

#include <cinch/systemd.h>

/* Takes directives out of a suggestion: those of `without`, and, unless `only` is empty, all that
 * it does not name. Appends to `ret_said` what stays and depends on one that went. 0, or -EINVAL
 * with `err` where a name is no directive of cinch's. */
int chosen_apply(struct suggestion *suggestion, const struct strings *without,
                 const struct strings *only, struct strings *ret_said, struct err *err) MUST_USE;

#endif
