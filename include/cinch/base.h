/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * base: memory, strings, lexical paths, file descriptors, the error object. Knows libc only.
 *
 * Ownership: every function that returns a `char *` returns memory the caller frees with free();
 * a `struct thing` filled through a `ret_thing` pointer is released with its `_done` function.
 * Out of memory aborts here, so no caller ever has to handle it.
 */
#ifndef CINCH_BASE_H
#define CINCH_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/types.h>

/* "unused": clang does not count the cleanup as a use, gcc does. */
#define CLEANUP(function)      __attribute__((cleanup(function), unused))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#define MUST_USE               __attribute__((warn_unused_result))
#define ELEMENTS_OF(array)     (sizeof(array) / sizeof((array)[0]))

/* ---- memory: never NULL, out of memory aborts ------------------------------------------------ */

/* Returns `count * size` zeroed bytes; aborts on overflow or when memory ran out. */
void *mem_new(size_t count, size_t size);
/* Resizes `old` (or NULL) to hold `count * size` bytes; the new part is not initialised. */
void *mem_resize(void *old, size_t count, size_t size);
/* Grows the array `*array` (capacity `*capacity`, element `size`) so that it can hold `needed`. */
void mem_reserve(void *array, size_t *capacity, size_t needed, size_t size);
/* Returns a copy of a C string; NULL gives NULL. */
char *mem_strdup(const char *text);
/* Returns a copy of the first `length` bytes, with a NUL after them. */
char *mem_strndup(const char *text, size_t length);
/* Returns the formatted text. */
char *mem_printf(const char *format, ...) PRINTF_LIKE(1, 2);

/* Cleanup helper for `CLEANUP(free_char) char *`. */
static inline void free_char(char **text)
{
    free(*text);
}

/* ---- str: a growing byte string ----------------------------------------------------------------
 */

/* `{ 0 }` is an empty string. `data` is NULL or NUL-terminated at `length`; it may hold NULs. */
struct str {
    char *data;
    size_t length;
    size_t capacity;
};

void str_add(struct str *str, const char *text);
void str_add_bytes(struct str *str, const void *bytes, size_t length);
void str_add_char(struct str *str, char c);
void str_addf(struct str *str, const char *format, ...) PRINTF_LIKE(2, 3);
/* Hands the bytes to the caller (never NULL) and leaves `str` empty. */
char *str_steal(struct str *str);
void str_done(struct str *str);

/* Tells whether `text` starts with `prefix`. */
bool str_starts_with(const char *text, const char *prefix);
/* Whether `word` is one of the blank-separated `words`. */
bool str_has_word(const char *words, const char *word);

/* A list of owned C strings; `{ 0 }` is empty. */
struct strings {
    char **items;
    size_t count;
    size_t capacity;
};

/* Appends a copy of `text`. */
void strings_add(struct strings *strings, const char *text);
/* Tells whether one of the items equals `text`. */
bool strings_has(const struct strings *strings, const char *text);
/* Sorts bytewise and drops duplicates. */
void strings_sort_unique(struct strings *strings);
/* Of sorted strings: the number of the first that is not less than `text`. */
size_t strings_sorted_at(const struct strings *sorted, const char *text);
/* Tells whether one of sorted strings equals `text`. */
bool strings_sorted_has(const struct strings *sorted, const char *text);
/* "a, b and 3 more": `most` of them, and how many are left out. The caller frees it. */
char *strings_list(const struct strings *strings, size_t most);
void strings_done(struct strings *strings);
/* Makes `to`, whose content is lost, a copy. */
void strings_copy(struct strings *to, const struct strings *from);

/* ---- text: the one reversible ASCII-safe encoding ----------------------------------------------
 */

/*
 * Encodes bytes as printable ASCII: 0x20..0x7e stand for themselves except that a backslash becomes
 * `\\`; every other byte becomes `\xHH` (two lower-case hex digits). Used in the profile and
 * wherever a path or socket name is shown to a person. Bytes that are valid multi-byte UTF-8 are
 * encoded too: what is shown has one spelling.
 */
char *text_encode(const void *bytes, size_t length);
/* text_encode of a C string. */
char *text_encode_string(const char *bytes);
/* Decodes; 0, or -EINVAL when `text` is not something text_encode could have written. */
int text_decode(const char *text, char **ret_bytes, size_t *ret_length) MUST_USE;
/* Tells whether the bytes are UTF-8 as systemd accepts it: no overlong forms, no surrogates, no
 * non-characters. */
bool text_is_utf8(const void *bytes, size_t length);
/* Tells whether there is a character of UTF-8 in it that shows nothing or changes how others are
 * shown: C1 controls, bidirectional and zero width format characters, line separators, tags. */
bool text_has_hidden(const char *text);

/* ---- path: lexical only, no file system access
 * --------------------------------------------------- */

/* True when `path` is `directory` itself or lies below it (absolute, normalised paths). */
bool path_is_within(const char *path, const char *directory);
/* "/a" + "b" -> "/a/b"; an absolute `name` wins. */
char *path_join(const char *directory, const char *name);
/* "/a/b" -> "/a"; "/a" -> "/"; "/" -> "/". */
char *path_parent(const char *path);
/* Points at the last component ("/" -> ""). Borrowed from `path`. */
const char *path_name(const char *path);
/* Whether a path stands for names in a directory that were not told apart: it ends in a slash, as
 * the path of no file does ("/srv/data/"; "//" for names in the root). Its path_parent() is that
 * directory. */
bool path_is_collapsed(const char *path);
/* path_is_within(); of a folded path, whether any name it may stand for is. */
bool path_may_be_within(const char *path, const char *directory);
/* A name that stands for those of a folded path ("/srv/data/" -> "/srv/data/..."), to be used where
 * a path of one file is wanted; a copy of any other path. */
char *path_uncollapse(const char *path);
/* Removes duplicate and trailing slashes and "." components, keeps ".."; absolute input only. */
char *path_normalise(const char *path);

/* ---- path_index: many paths, asked for what lies at, above and below one
 * --------------------------------------------------------------------------- */

#define PATH_INDEX_KINDS 5

/* A path with the numbers of the items that were added at it, in that order, and how many of each
 * kind lie at it and below. */
struct path_place {
    char *path;
    size_t length;
    size_t *items;
    size_t count, capacity;
    size_t below[PATH_INDEX_KINDS];
};

/* `{ 0 }` is empty. An answer takes as long as the path is long, however many there are. */
struct path_index {
    void *root;
};

/* Adds an item of a kind below PATH_INDEX_KINDS; the path is copied. */
void path_index_add(struct path_index *index, const char *path, unsigned kind, size_t item);
/* The entry of a path; NULL when nothing lies at it or below. Valid until something is added. */
const struct path_place *path_index_find(const struct path_index *index, const char *path);
/* Whether something lies right at a path. */
bool path_index_has(const struct path_index *index, const char *path);
/* How many items of the kinds (a bit each) lie at a path and below. */
size_t path_index_below(const struct path_index *index, const char *path, unsigned kinds);
/* The entries with items at the path and above, the deepest first; NULL after the last. `*length`
 * starts as the path's. */
const struct path_place *path_index_up(const struct path_index *index, const char *path,
                                       size_t *length);
void path_index_done(struct path_index *index);

/* ---- err: one error object
 * ----------------------------------------------------------------------- */

/* What went wrong, for a person: `text` names the thing and what to do. `{ 0 }` is no error. */
struct err {
    int code;   /* errno value, 0 when unset */
    char *text; /* owned */
};

/* Sets the error once (the first wins, the innermost knows best; `err` may be NULL) and returns
 * -code, so that a function can `return err_set(err, ENOENT, ...)`. */
int err_set(struct err *err, int code, const char *format, ...) PRINTF_LIKE(3, 4);
void err_done(struct err *err);

/* ---- process
 * -------------------------------------------------------------------------------------- */

/* Waits for the end of a child, which may have been stopped, for at most `patience_ms`; then kills
 * it. Returns a moment later even if the kernel does not let it end. `ret_status` (may be NULL):
 * its wait status. */
void process_end(pid_t pid, int64_t patience_ms, int *ret_status);

/* ---- fd
 * ------------------------------------------------------------------------------------------- */

/* Cleanup helper for `CLEANUP(fd_close) int fd`; closes when >= 0 and keeps errno. */
void fd_close(int *fd);
/* Appends all that is left to read, until `ret` holds more than `limit` bytes (-EFBIG). 0 or
 * -errno; the caller releases `ret` even then. */
int fd_read_all(int fd, size_t limit, struct str *ret) MUST_USE;
/* Reads a whole file of at most `limit` bytes (-EFBIG beyond) into `ret` (a fresh str). */
int fd_read_file(int dirfd, const char *path, size_t limit, struct str *ret) MUST_USE;
/* Opens the plain file that `pinned` (O_PATH) holds for reading: a FIFO would keep us waiting, and
 * some devices act when they are opened. A descriptor, -EISDIR, -ENOTSUP for anything else that is
 * no plain file, or -errno: -ENOENT without a /proc. */
int fd_reopen_plain(int pinned) MUST_USE;
/* The same of a name that others may have made; a link is not followed. */
int fd_open_plain(int dirfd, const char *name) MUST_USE;
/* Opens `path` as a process whose root directory is `root_fd` does: "/", ".." and symlinks stay
 * below it, also where the kernel has no openat2(2). A descriptor or -errno. */
int fd_open_below(int root_fd, const char *path, int flags) MUST_USE;
/* Writes all of it; 0 or -errno. */
int fd_write_all(int fd, const char *data, size_t length) MUST_USE;
/*
 * Replaces `path` by what `fill` (0 or -errno) writes, mode `mode`, through a temporary file in the
 * same directory, fsync and rename: the old content stays whole until the new one is.
 * 0 or -errno with `err` naming the path and the remedy.
 */
typedef int file_fill(int fd, const void *context);
int file_replace(const char *path, mode_t mode, file_fill *fill, const void *context,
                 struct err *err) MUST_USE;

/* Who besides root and this user can put another file in the place of `path`, by a directory above
 * it: "DIRECTORY belongs to user NAME", or NULL. */
char *directory_foreign_owner(const char *path);
/* The same, or can change the file itself. */
char *file_foreign_owner(const char *path);
/* Raises this process's own limit of file size (RLIMIT_FSIZE) as far as it may. */
void file_lift_limit(void);

#endif
