/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside decode/: names as a task sees them. */
#ifndef CINCH_DECODE_TASK_PATHS_H
#define CINCH_DECODE_TASK_PATHS_H

#include "decode/paths/resolve.h"
#include "decode/task/decoder.h"

/* Whether the task's paths are the tracer's; records the blind spot when not. */
bool task_paths_is_shared(struct decoder *decoder, struct task *task, const struct call *call);
/* Where a name leads; NULL when it cannot be told. `dirfd` counts for relative names only. */
struct resolved *task_paths_resolve(struct decoder *decoder, struct task *task, int dirfd,
                                    const char *name, unsigned flags);
/* The file behind a descriptor or TRACE_CWD, TRACE_EXE; NULL when it has no name. */
struct resolved *task_paths_descriptor(struct decoder *decoder, const struct task *task, int fd,
                                       bool *ret_deleted);
/* The same for a name as /proc tells it. */
struct resolved *task_paths_text(struct decoder *decoder, const struct task *task, const char *text,
                                 bool *ret_deleted);
/* Something may have moved a task's root or mount namespace. */
void task_paths_changed(struct decoder *decoder, struct task *task);

#endif
