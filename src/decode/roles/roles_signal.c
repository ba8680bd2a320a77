// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Signals that a process takes and that are never delivered to it, so that no signal stop shows
 * them: by sigtimedwait(2), and by read(2) from a signalfd(2). Reads do not stop where calls are
 * counted; who traces is told of the descriptor, and may have another way.
 */
#include "decode/roles/roles_signal.h"
#include "decode/roles/role_kinds.h"
#include "decode/roles/roles.h"
#include "decode/task/decoder.h"
#include "decode/task/remote.h"
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>

/* Those that say what a service is to do, as a set: bit n - 1 is signal n. */
#define BIT(signal) (1u << ((signal)-1))
#define OF_INTEREST (BIT(SIGHUP) | BIT(SIGTERM) | BIT(SIGINT) | BIT(SIGQUIT))
/* What a read takes at a time. */
#define READ_LIMIT 64

static void signal_taken(struct role_context *context, int signal)
{
    context->decoder->taken_signal = signal;
    context->decoder->taken_by = context->task->process->tgid;
}

void signal_end_wait(struct role_context *context)
{
    if (context->outcome == 0 && context->rval > 0)
        signal_taken(context, (int)context->rval);
}

void signal_record_descriptor(struct decoder *decoder, struct task *task)
{
    task->process->reads_signals = true;
    decoder->reads_signals = true;
}

/* The set's first word, of the task's size. */
static uint64_t read_set(const struct role_context *context)
{
    uint64_t wide = 0;
    uint32_t narrow = 0;

    if (context->call->kind->wide)
        return remote_read(context->decoder, context->task, context->value, &wide, sizeof(wide))
                   ? wide
                   : 0;
    return remote_read(context->decoder, context->task, context->value, &narrow, sizeof(narrow))
               ? narrow
               : 0;
}

void signal_begin_descriptor(struct role_context *context)
{
    context->call->flags = read_set(context) & OF_INTEREST;
    context->call->wants_end = true;
}

void signal_end_descriptor(struct role_context *context)
{
    if (context->outcome == 0 && context->call->flags)
        signal_record_descriptor(context->decoder, context->task);
}

bool signal_may_be_read(const struct role_context *context)
{
    uint64_t length = context->call->args[2];
    bool pieces = context->argument->how & FD_HOW_PIECES;

    return context->task->process->reads_signals && length &&
           (pieces || length % sizeof(struct signalfd_siginfo) == 0);
}

bool signal_is_descriptor(const char *link)
{
    return strcmp(link, "anon_inode:[signalfd]") == 0;
}

/* What was read, as far as it is looked at; how many. */
static size_t read_infos(const struct role_context *context, struct signalfd_siginfo *infos)
{
    const uint64_t *args = context->call->args;
    size_t length = READ_LIMIT * sizeof(*infos);

    if ((uint64_t)context->rval < length)
        length = (size_t)context->rval;
    if (context->argument->how & FD_HOW_PIECES)
        length = iovec_gather(context, args[1], args[2], infos, length);
    else if (!remote_read(context->decoder, context->task, args[1], infos, length))
        length = 0;
    return length / sizeof(*infos);
}

void signal_end_read(struct role_context *context)
{
    const struct trace_ops *ops = context->decoder->ops;
    struct signalfd_siginfo infos[READ_LIMIT];
    CLEANUP(free_char) char *link = NULL;

    if (context->outcome != 0 || !signal_may_be_read(context) ||
        ops->fd_link(ops->context, context->task->tid, (int)context->call->args[0], &link) < 0 ||
        !signal_is_descriptor(link))
        return;
    size_t count = read_infos(context, infos);
    for (size_t i = 0; i < count; i++)
        if (infos[i].ssi_signo && infos[i].ssi_signo <= SIGTERM &&
            OF_INTEREST & BIT(infos[i].ssi_signo))
            signal_taken(context, (int)infos[i].ssi_signo);
}

bool decoder_reads_signals(const struct decoder *decoder)
{
    return decoder->reads_signals;
}
