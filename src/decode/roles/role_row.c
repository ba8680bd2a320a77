// SPDX-License-Identifier: LGPL-2.1-or-later
/* What a row of the role table says of a call as a whole. */
#include "decode/roles/role_row.h"
#include "decode/roles/roles.h"
#include "decode/task/decoder.h"
#include "decode/task/syscall_names.h"
#include <errno.h>
#include <linux/audit.h>
#include <linux/net.h>
#include <string.h>
#include <sys/shm.h>

enum role role_row_of(const struct call *call)
{
    return call->row ? call->row->args[0].role : ROLE_NONE;
}

/* Old mmap of i386 and s390 takes one pointer to its arguments. */
bool role_row_has_memory_args(const struct role_row *row, uint32_t arch)
{
    return row->memory_args &&
           (arch == AUDIT_ARCH_I386 || arch == AUDIT_ARCH_S390 || arch == AUDIT_ARCH_S390X);
}
