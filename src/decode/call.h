/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside decode/: the life of a call. */
#ifndef CINCH_DECODE_CALL_H
#define CINCH_DECODE_CALL_H

#include "decode/task/decoder.h"

void call_begin(struct decoder *decoder, struct task *task, const struct trace_event *event);
/* `outcome` as in struct fact; `rval` is meant when it is 0. */
void call_finish(struct decoder *decoder, struct task *task, struct call *call, int outcome,
                 int64_t rval);

/* The call ended with a number: its outcome, or an interruption that is no result. */
void call_end(struct decoder *decoder, struct task *task, const struct trace_event *event);
/* Calls that were only counted. */
void call_counted(struct decoder *decoder, const struct trace_count *count);

#endif
