// SPDX-License-Identifier: LGPL-2.1-or-later
/* Training without io_uring: its work passes by every tracer, and programs that find the kernel
 * without it fall back to plain calls. */
#include "trace/seize/seize.h"
#include <elf.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <unistd.h>

/* From 424 on the numbers are the same on every architecture but alpha and mips
 * (include/uapi/asm-generic/unistd.h); x32 sets a bit on top. */
#define IO_URING_SETUP 425
#define X32_BIT        0x40000000u

static const struct sock_filter program[] = {
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    BPF_STMT(BPF_ALU | BPF_AND | BPF_K, ~X32_BIT),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IO_URING_SETUP, 0, 1),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
};

struct trace_program deny_program(void)
{
    return (struct trace_program){ program, sizeof(program), false };
}

int deny_io_uring(bool is_privileged, unsigned flags)
{
    struct sock_fprog filter = { .len = ELEMENTS_OF(program),
                                 .filter = (struct sock_filter *)(uintptr_t)program };

    if (!is_privileged && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        return -errno;
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &filter) < 0 ? -errno : 0;
}

#if defined(__x86_64__)

#define I386_WORDS   17 /* of struct user_regs_struct of a program of 32 bits */
#define I386_ORIG_AX 11

bool deny_by_hand_is_possible(void)
{
    return true;
}

/* At a call's begin its result is ENOSYS already (arch/x86/entry/common.c), and a number that is
 * none leaves it so. */
static void deny_by_hand(pid_t tid)
{
    union {
        struct user_regs_struct wide;
        uint32_t narrow[I386_WORDS];
    } registers;
    struct iovec area = { &registers, sizeof(registers) };

    if (ptrace(PTRACE_GETREGSET, tid, (void *)NT_PRSTATUS, &area) < 0)
        return;
    if (area.iov_len == sizeof(registers.narrow))
        registers.narrow[I386_ORIG_AX] = UINT32_MAX;
    else
        registers.wide.orig_rax = UINT64_MAX;
    ptrace(PTRACE_SETREGSET, tid, (void *)NT_PRSTATUS, &area);
}

#else

bool deny_by_hand_is_possible(void)
{
    return false;
}

static void deny_by_hand(pid_t tid)
{
    (void)tid;
}

#endif

bool deny_answers(const struct tracer *tracer, const struct tracee *task, uint64_t number,
                  bool by_filter)
{
    if (!tracer->no_io_uring || (number & ~(uint64_t)X32_BIT) != IO_URING_SETUP)
        return false;
    if (!by_filter)
        deny_by_hand(task->tid);
    return true;
}
