/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside store/: JSON text, piece by piece. Numbers are written as decimal integers: cJSON would
 * write 10^15 as 1e+15. */
#ifndef CINCH_STORE_EMIT_H
#define CINCH_STORE_EMIT_H

#include <cinch/base.h>

/* The greatest integer that every JSON reader holds exactly (RFC 8259 section 6): 2^53 - 1. */
#define EMIT_EXACT (((uint64_t)1 << 53) - 1)

/* Separates from what stands before in the same array or object. */
void emit_item(struct str *out);
/* emit_item, then the key and its colon. The key needs no escapes. */
void emit_key(struct str *out, const char *key);
/* A string: the bytes as text_encode() writes them. */
void emit_text(struct str *out, const char *bytes);
/* A string that is already encoded. */
void emit_encoded(struct str *out, const char *text);
/* An integer; beyond EMIT_EXACT a string of its digits. */
void emit_integer(struct str *out, bool negative, uint64_t magnitude);

#endif
