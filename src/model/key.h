/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside model/: the bytes by which a record is found. */
#ifndef CINCH_MODEL_KEY_H
#define CINCH_MODEL_KEY_H

#include <cinch/base.h>

/* A field ends with a NUL; none of them can hold one (abstract names are encoded). */
void key_text(struct str *key, const char *text);
/* Biased big-endian, so that bytewise order is numeric order. */
void key_number(struct str *key, int64_t number);
void key_strings(struct str *key, const struct strings *strings);

#endif
