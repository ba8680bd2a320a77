/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * store: profile <-> JSON (docs/PROFILE_FORMAT.md). The input may be hostile.
 */
#ifndef CINCH_STORE_H
#define CINCH_STORE_H

#include <cinch/model.h>

/* The largest profile that is read, in bytes. */
#define STORE_LIMIT ((size_t)256 << 20)

/* The profile as JSON text: the same profile gives the same bytes, one record a line, a newline at
 * the end. A run that evidence names but the profile has no record of gets an empty one, so that
 * what is written can be read. The caller frees it. */
char *store_to_json(const struct profile *profile);

/* Writes the same to a descriptor, piece by piece; 0 or -errno. */
int store_write(const struct profile *profile, int fd) MUST_USE;

/* Parses; NULL with `err` (EINVAL) naming `source`, the line, the JSON pointer and what to do. All
 * that docs/PROFILE_FORMAT.md names under Compatibility is refused; unknown members are ignored. */
struct profile *store_from_json(const char *text, size_t length, const char *source,
                                struct err *err);

/* Reads a file; NULL with `err`. "-" reads standard input. */
struct profile *store_load(const char *path, struct err *err);
/* Replaces a file atomically, mode 0600; a symbolic link is replaced, not followed; what is there
 * and no plain file (/dev/stdout, a directory) is refused. 0 or -errno with `err`; what was there
 * before is whole then. */
int store_save(const struct profile *profile, const char *path, struct err *err) MUST_USE;

#endif
