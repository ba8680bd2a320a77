/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside decode/: a task runs another program now. */
#ifndef CINCH_DECODE_EXEC_EVENT_H
#define CINCH_DECODE_EXEC_EVENT_H

#include "decode/task/decoder.h"

/* Its call, when it was seen, is task->now. */
void exec_event_happened(struct decoder *decoder, struct task *task);

#endif
