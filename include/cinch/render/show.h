/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* render: what a profile holds, for a person. */
#ifndef CINCH_RENDER_SHOW_H
#define CINCH_RENDER_SHOW_H

#include <cinch/model.h>

struct show_options {
    size_t columns; /* lines are broken there; 0: 78 */
    bool colour;    /* headings are bold, by ECMA-48 sequences */
    bool all;       /* every name; else lists are cut, and directories are counted */
};

/* What was learned, without a directive: runs, programs, system calls, paths, network,
 * capabilities, and what is missing. Printable ASCII but for newlines and the headings' colour; the
 * caller frees it. */
char *render_show(const struct profile *profile, const struct show_options *options);

#endif
