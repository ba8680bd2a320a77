/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside decode/: which processes are to stop at every call for a while. */
#ifndef CINCH_DECODE_WATCH_REQUEST_H
#define CINCH_DECODE_WATCH_REQUEST_H

#include "decode/task/decoder.h"

/* The process stops at every call from now on, or no longer. */
void watch_request_put(struct decoder *decoder, struct process *process, bool on);
/* The task's process has a socket that something is awaited of. */
void watch_request_process(struct decoder *decoder, struct process *process);
/* The socket is connected to a peer (again). */
void watch_request_begin(struct decoder *decoder, struct task *task, struct fd_entry *socket);
/* Its peer is known, and not asked about again. */
void watch_request_settle(struct decoder *decoder, struct fd_entry *socket);

#endif
