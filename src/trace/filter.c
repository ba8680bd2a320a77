// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The filter: every system call of every architecture stops (SECCOMP_RET_TRACE). One stop per call
 * where PTRACE_SYSCALL takes two. Written as BPF, not through libseccomp: one instruction that does
 * not look at the architecture, so that no foreign ABI passes by.
 */
#include "trace/tracer.h"
#include <errno.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>
#include <unistd.h>

bool filter_is_possible(void)
{
    struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 };

    if (syscall(SYS_capget, &header, data) < 0)
        return false;
    return data[CAP_TO_INDEX(CAP_SYS_ADMIN)].effective & CAP_TO_MASK(CAP_SYS_ADMIN);
}

int filter_install(void)
{
    struct sock_filter trace_all[] = { BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE) };
    struct sock_fprog program = { .len = ELEMENTS_OF(trace_all), .filter = trace_all };

    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) < 0 ? -errno : 0;
}
