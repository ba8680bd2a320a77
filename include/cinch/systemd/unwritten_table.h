/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* systemd: directives of systemd.exec(5) and its kin that cinch does not write. */
#ifndef CINCH_SYSTEMD_UNWRITTEN_TABLE_H
#define CINCH_SYSTEMD_UNWRITTEN_TABLE_H

#include <stddef.h>

struct unwritten_row {
    const char *names; /* "Delegate=, DelegateSubgroup="; "Limit*=" is all that begin so */
    const char *why;
};

extern const struct unwritten_row unwritten_rows[];
extern const size_t unwritten_row_count;

/* The row of a directive, its name without "=" and of any case; NULL when it has none. */
const struct unwritten_row *unwritten_find(const char *directive);

#endif
