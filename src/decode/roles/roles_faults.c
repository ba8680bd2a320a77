// SPDX-License-Identifier: LGPL-2.1-or-later
/* userfaultfd(2): pages that the service fills itself. */
#include "decode/roles/role_kinds.h"
#include "decode/task/decoder.h"

void faults_end_made(struct role_context *context)
{
    context->task->process->fills_memory |= context->outcome == 0;
}
