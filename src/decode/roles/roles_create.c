// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What the umask means to a service: the permissions that it asked for what it made, while the
 * umask was the one it was started with. Under one that it set itself no other would count.
 */
#include "decode/roles/role_kinds.h"
#include "decode/task/decoder.h"
#include "decode/task/record.h"

static void create_see(struct role_context *context, const char *topic, unsigned bits)
{
    CLEANUP(free_char) char *text = mem_printf("%04o", bits & 0777);

    record_argument(context->decoder, context->task, context->call, topic, text, context->outcome);
}

void create_record_mode(struct role_context *context, uint64_t mode)
{
    if (context->outcome == 0 && !context->task->process->umask.is_own)
        create_see(context, "create-mode", (unsigned)mode);
}

/* umask(2) returns the mask before. Who sets that one again puts it back, most likely: what is made
 * then depends on it. */
void create_end_umask(struct role_context *context)
{
    struct umask_state *umask = &context->task->process->umask;
    unsigned mask = (unsigned)context->value & 0777;

    create_see(context, "umask", mask);
    if (umask->is_known) {
        umask->is_own = mask != umask->inherited;
        return;
    }
    umask->is_known = umask->is_own = true;
    umask->inherited = (unsigned)context->rval & 0777;
}
