/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Inside decode/: what a call said is kept as long as the same call may be made again without being
 * seen, to be said again. A draft is what the call under way says; it becomes a memo when the call
 * is over and the tracer may take it.
 */
#ifndef CINCH_DECODE_MEMO_H
#define CINCH_DECODE_MEMO_H

#include "decode/task/decoder.h"
#include <cinch/decode.h>

/* What the task's call says is written down from now on. */
void cached_call_begin(struct decoder *decoder);
/* The name that it gave. */
void cached_call_name(struct decoder *decoder, const char *name);
void cached_call_add(struct decoder *decoder, const struct fact *fact,
                     const struct sighting *sighting);
/* The same call may say another thing the next time. */
void cached_call_drop(struct decoder *decoder);
void cached_call_free_all(struct decoder *decoder);

#endif
