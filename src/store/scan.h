/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Inside store/: is this text JSON (RFC 8259, to the letter), and where do its members lie?
 *
 * cJSON takes what is no JSON (control bytes in strings, "01", NULs for blanks), cuts a string at
 * \u0000, and builds the whole tree at some 80 bytes a value before anyone can object. So the text
 * is checked first, without allocating, and then cut into pieces of which cJSON reads one at a
 * time.
 */
#ifndef CINCH_STORE_SCAN_H
#define CINCH_STORE_SCAN_H

#include <stdbool.h>
#include <stddef.h>

/* The format nests 8 deep; what later programs add may nest a little deeper. */
#define SCAN_DEPTH 16

/* One value within a text; borrowed. */
struct scan_slice {
    const char *text;
    size_t length;
};

/* Checks that the whole of `text` is one JSON value. NULL when it is, else what is wrong and what
 * to do (static text), with the byte where in *ret_offset. */
const char *scan_check(const char *text, size_t length, size_t *ret_offset);

/* Goes through the members of one array or object that passed scan_check. */
struct scan_cursor {
    const char *at;
    const char *end;
};

/* False when `slice` is no array (open '[') or object (open '{'). */
bool scan_enter(struct scan_slice slice, char open, struct scan_cursor *ret);
/* The next member; `ret_key` (with its quotes) may be NULL for arrays. *ret_values counts the
 * JSON values within. False at the end. */
bool scan_next(struct scan_cursor *cursor, struct scan_slice *ret_key, struct scan_slice *ret_value,
               size_t *ret_values);

#endif
