/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside decode/: how a fact is recorded. */
#ifndef CINCH_DECODE_RECORD_H
#define CINCH_DECODE_RECORD_H

#include "decode/task/decoder.h"

/* Records a fact seen now in a call (NULL: none). */
void record_fact(struct decoder *decoder, struct task *task, const struct call *call,
                 const struct fact *fact, bool foreign);
void record_argument(struct decoder *decoder, struct task *task, const struct call *call,
                     const char *topic, const char *value, int outcome);
/* `detail` NULL: the task's program. */
void record_blind_spot(struct decoder *decoder, struct task *task, const struct call *call,
                       const char *topic, const char *detail);
/* Whom names, or their permissions, are others to now; 0: perhaps to every task. */
void record_change(struct decoder *decoder, pid_t tid);
/* Counts something that could not be read in full and records the blind spot. */
void record_degraded(struct decoder *decoder, struct task *task, const struct call *call);

#endif
