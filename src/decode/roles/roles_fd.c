// SPDX-License-Identifier: LGPL-2.1-or-later
/* Keeping what is known of descriptors true: a number is used again only after it was closed. */
#include "decode/roles/role_kinds.h"
#include "decode/roles/roles.h"
#include "decode/task/decoder.h"
#include "decode/task/task.h"
#include <fcntl.h>

/* linux/close_range.h: the range is only marked, not closed. */
#define CLOSE_RANGE_CLOEXEC_BIT 4u

void fd_begin_close(struct role_context *context)
{
    task_fd_forget(context->task->process, (int)context->value);
}

void fd_begin_close_range(struct role_context *context)
{
    if (!(context_next(context, 2) & CLOSE_RANGE_CLOEXEC_BIT))
        task_fd_forget_range(context->task->process, (unsigned)context->value,
                             (unsigned)context_next(context, 1));
}

/* fcntl(2) copies a descriptor with two of its commands only. */
void fd_gather_command(struct role_context *context)
{
    int command = (int)context->value;

    context->call->follow = command == F_DUPFD || command == F_DUPFD_CLOEXEC;
}

static bool copies_descriptor(const struct role_context *context)
{
    return context->argument->role != ROLE_FCNTL_FD || context->call->follow;
}

void fd_begin_dup(struct role_context *context)
{
    if (copies_descriptor(context) && task_fd_find(context->task->process, (int)context->value))
        context->call->wants_end = true;
}

void fd_end_dup(struct role_context *context)
{
    if (context->outcome == 0 && copies_descriptor(context))
        task_fd_copy(context->task->process, (int)context->value, (int)context->rval);
}
