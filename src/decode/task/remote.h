/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside decode/: the task's memory. */
#ifndef CINCH_DECODE_REMOTE_H
#define CINCH_DECODE_REMOTE_H

#include "decode/task/decoder.h"

/* All of `length` bytes or false. */
bool remote_read(struct decoder *decoder, const struct task *task, uint64_t address, void *buffer,
                 size_t length);
/* A string of less than `limit` bytes; 0, -EFAULT, or -ENAMETOOLONG with the first bytes. */
int remote_string(struct decoder *decoder, const struct task *task, uint64_t address, size_t limit,
                  char **ret_text);

/* Whether a descriptor is one by which pages are filled, by its link in /proc/PID/fd. */
bool remote_is_faults(const char *link);

#endif
