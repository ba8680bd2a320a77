/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside render/: the short and the bare form of a drop-in. */
#ifndef CINCH_RENDER_SHORT_H
#define CINCH_RENDER_SHORT_H

#include "render/layout.h"

enum short_section {
    SHORT_IDENTITY,
    SHORT_FILES,
    SHORT_NETWORK,
    SHORT_CALLS,
    SHORT_KERNEL,
    SHORT_SECTION_COUNT,
};

struct short_row {
    const char *name;
    enum short_section section;
    bool shares_line;    /* systemd reads several values from one line */
    const char *refused; /* a clause: what training showed that forbids it */
};

/* Ends with a row without a name. */
extern const struct short_row short_table[];
extern const char *const short_sections[];

/* The emitted directives by section; comments as layout->comments has it. A list is only reset
 * where `unit` has, or may have, something to reset. */
void short_emitted(struct layout *layout, const struct suggestion *suggestion,
                   const struct unit *unit);
/* What was trained, how to make it again (the command; NULL: unknown), and how tight it is. */
void short_header(struct str *ret, const struct suggestion *suggestion,
                  const struct profile *profile, const struct unit *unit, const char *again);
/* The warnings among the notes, and what is to be known of the runs, as comments. */
void short_warnings(struct str *ret, const struct suggestion *suggestion);
/* The directives that training refused, a line each. */
void short_not_set(struct str *ret, const struct suggestion *suggestion);

#endif
