// SPDX-License-Identifier: LGPL-2.1-or-later
/* What is scattered over a task's memory, or gathered from there: struct iovec. */
#include "decode/roles/role_kinds.h"
#include "decode/task/decoder.h"
#include "decode/task/remote.h"

/* Pieces of one message. */
#define PIECE_LIMIT 64

/* struct iovec of a task of either size. */
static bool piece_read(const struct role_context *context, uint64_t at, uint64_t ret[2])
{
    uint32_t narrow[2];

    if (context->call->kind->wide)
        return remote_read(context->decoder, context->task, at, ret, 2 * sizeof(*ret));
    if (!remote_read(context->decoder, context->task, at, narrow, sizeof(narrow)))
        return false;
    ret[0] = narrow[0];
    ret[1] = narrow[1];
    return true;
}

size_t iovec_gather(const struct role_context *context, uint64_t pieces, uint64_t count,
                    void *bytes, size_t length)
{
    size_t step = context->call->kind->wide ? 16 : 8, done = 0;

    for (uint64_t i = 0; i < count && i < PIECE_LIMIT && done < length; i++) {
        uint64_t piece[2];
        if (!piece_read(context, pieces + i * step, piece))
            break;
        size_t part = piece[1] < length - done ? (size_t)piece[1] : length - done;
        if (part && !remote_read(context->decoder, context->task, piece[0],
                                 (unsigned char *)bytes + done, part))
            break;
        done += part;
    }
    return done;
}
