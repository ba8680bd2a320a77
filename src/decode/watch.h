/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside decode/: packet sockets with a peer that nothing was sent to yet. */
#ifndef CINCH_DECODE_WATCH_H
#define CINCH_DECODE_WATCH_H

#include "decode/task/decoder.h"

/* A child has copies of its parent's sockets. */
void watch_inherit(struct decoder *decoder, struct process *child, struct process *parent);
/* Looks whether the task's process need be watched any longer. */
void watch_check(struct decoder *decoder, struct task *task);
/* Does so for all. */
void watch_check_all(struct decoder *decoder);
/* The last task of a process is gone. */
void watch_end(struct decoder *decoder, struct task *task);

#endif
