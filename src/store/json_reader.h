/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside store/: where in a profile the reader is, and how it refuses what it finds there. */
#ifndef CINCH_STORE_READER_H
#define CINCH_STORE_READER_H

#include "store/scan.h"
#include <cinch/base.h>
#include <cjson/cJSON.h>

/* A step of a JSON pointer (RFC 6901): a key, or NULL and an index. Borrowed. */
struct reader_step {
    const char *key;
    size_t index;
};

struct reader {
    const char *source; /* encoded */
    const char *text;   /* the whole */
    const char *at;     /* the piece being read; its line is told in errors */
    struct err *err;
    struct reader_step steps[SCAN_DEPTH + 4];
    size_t depth;
    const char **keys; /* scratch of the search for duplicates */
    size_t key_capacity;
};

void reader_done(struct reader *reader);
void reader_enter_key(struct reader *reader, const char *key);
void reader_enter_index(struct reader *reader, size_t index);
void reader_leave(struct reader *reader);

/* Refuses: "SOURCE: line 7, /paths/3/use: ...". Returns -EINVAL. */
int reader_fail(struct reader *reader, const char *format, ...) PRINTF_LIKE(2, 3);
/* Refuses a value: says what stands there and what had to. Returns -EINVAL. */
int reader_expected(struct reader *reader, const cJSON *node, const char *what);

/* Parses the piece `slice` of checked text and refuses duplicate keys within. NULL on error. */
cJSON *reader_parse(struct reader *reader, struct scan_slice slice);
/* The member of an object, refused when missing; the key is entered. NULL on error. */
const cJSON *reader_member(struct reader *reader, const cJSON *object, const char *key);

/* A string's bytes, decoded, without NULs. */
int reader_text(struct reader *reader, const cJSON *node, char **ret);
/* An integer as sign and magnitude: a whole number up to 2^53 - 1, or a string of digits beyond. */
int reader_integer(struct reader *reader, const cJSON *node, bool *ret_negative,
                   uint64_t *ret_magnitude);

/* Cleanup helper. */
static inline void reader_delete_tree(cJSON **tree)
{
    cJSON_Delete(*tree);
}

#endif
