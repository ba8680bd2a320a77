// SPDX-License-Identifier: LGPL-2.1-or-later
/* Training without io_uring: its work passes by every tracer, and programs that find the kernel
 * without it fall back to plain calls. */
#include "trace/tracer.h"
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* From 424 on the numbers are the same on every architecture but alpha and mips
 * (include/uapi/asm-generic/unistd.h); x32 sets a bit on top. */
#define IO_URING_SETUP 425
#define X32_BIT        0x40000000u

bool deny_hides(uint64_t number)
{
    return (number & ~(uint64_t)X32_BIT) == IO_URING_SETUP;
}

int deny_io_uring(bool is_privileged)
{
    struct sock_filter program[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_STMT(BPF_ALU | BPF_AND | BPF_K, ~X32_BIT),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IO_URING_SETUP, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog filter = { .len = ELEMENTS_OF(program), .filter = program };

    if (!is_privileged && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        return -errno;
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter) < 0 ? -errno : 0;
}
