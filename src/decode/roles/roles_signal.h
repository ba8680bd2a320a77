/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside decode/: signals that are taken, not delivered. */
#ifndef CINCH_DECODE_ROLES_SIGNAL_H
#define CINCH_DECODE_ROLES_SIGNAL_H

#include "decode/roles/role_kinds.h"
#include "decode/task/decoder.h"

void signal_end_wait(struct role_context *context);
void signal_begin_descriptor(struct role_context *context);
void signal_end_descriptor(struct role_context *context);
/* Whether the call, a read(2) or its like, may take signals. */
bool signal_may_be_read(const struct role_context *context);
void signal_end_read(struct role_context *context);
/* Whether a descriptor is one to read signals from, by its link in /proc/PID/fd. */
bool signal_is_descriptor(const char *link);
/* The task's process has one, for signals that say what a service is to do. */
void signal_record_descriptor(struct decoder *decoder, struct task *task);

#endif
