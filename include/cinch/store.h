/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * store: profile <-> JSON (docs/PROFILE_FORMAT.md). The input may be hostile.
 */
#ifndef CINCH_STORE_H
#define CINCH_STORE_H

#include <cinch/model.h>

/* The largest profile that is read, in bytes. */
#define STORE_LIMIT ((size_t)256 << 20)

/* The profile as JSON text: the same profile gives the same bytes, one fact a line, a newline at
 * the end. */
char *store_to_json(const struct profile *profile);

/* Parses; NULL with `err` naming `source`, the place in it and what to do. Refuses duplicate keys,
 * nesting deeper than needed, another format or version, values out of range. */
struct profile *store_from_json(const char *text, size_t length, const char *source,
                                struct err *err);

/* Reads a file; NULL with `err`. "-" reads standard input. */
struct profile *store_load(const char *path, struct err *err);
/* Replaces a file atomically, mode 0600. 0 or -errno with `err`. */
int store_save(const struct profile *profile, const char *path, struct err *err) MUST_USE;

#endif
