// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Calls that an interrupt without a signal makes fail with EINTR, although nothing happened to
 * their task (signal(7), "Interruption of system calls ... by stop signals"). Every other call is
 * made again by the kernel. These are told to restart as those do: ERESTARTNOHAND is EINTR where a
 * handler runs, and a restart where none does. All of them may be made again as they stand: they
 * wait, and had got nothing when they were interrupted.
 */
#include "trace/task/tracer_state.h"
#include <elf.h>
#include <errno.h>
#include <linux/audit.h>
#include <linux/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>

#if defined(__x86_64__)

static const struct {
    uint32_t arch;
    unsigned number;
} waits[] = {
    { AUDIT_ARCH_X86_64, 0 },   /* read, of a socket with SO_RCVTIMEO */
    { AUDIT_ARCH_X86_64, 19 },  /* readv, likewise */
    { AUDIT_ARCH_X86_64, 45 },  /* recvfrom, likewise */
    { AUDIT_ARCH_X86_64, 47 },  /* recvmsg, likewise */
    { AUDIT_ARCH_X86_64, 43 },  /* accept, likewise */
    { AUDIT_ARCH_X86_64, 288 }, /* accept4, likewise */
    { AUDIT_ARCH_X86_64, 65 },  /* semop */
    { AUDIT_ARCH_X86_64, 220 }, /* semtimedop */
    { AUDIT_ARCH_X86_64, 128 }, /* rt_sigtimedwait */
    { AUDIT_ARCH_X86_64, 208 }, /* io_getevents */
    { AUDIT_ARCH_X86_64, 333 }, /* io_pgetevents */
    { AUDIT_ARCH_X86_64, 232 }, /* epoll_wait */
    { AUDIT_ARCH_X86_64, 281 }, /* epoll_pwait */
    { AUDIT_ARCH_X86_64, 441 }, /* epoll_pwait2 */
    { AUDIT_ARCH_X86_64, 426 }, /* io_uring_enter */
    { AUDIT_ARCH_I386, 256 },   /* epoll_wait */
    { AUDIT_ARCH_I386, 319 },   /* epoll_pwait */
    { AUDIT_ARCH_I386, 441 },   /* epoll_pwait2 */
    { AUDIT_ARCH_I386, 177 },   /* rt_sigtimedwait */
    { AUDIT_ARCH_I386, 421 },   /* rt_sigtimedwait_time64 */
};

static bool is_wait(uint32_t arch, uint64_t number)
{
    for (size_t i = 0; i < ELEMENTS_OF(waits); i++)
        if (waits[i].arch == arch && waits[i].number == number)
            return true;
    return false;
}

bool syscall_restart_quietly(pid_t tid)
{
    struct ptrace_syscall_info info = { 0 };
    struct user_regs_struct registers;
    struct iovec all = { &registers, sizeof(registers) };

    /* A 32-bit task answers with a smaller set and keeps EINTR. */
    if (ptrace(PTRACE_GETREGSET, tid, (void *)NT_PRSTATUS, &all) < 0 ||
        all.iov_len != sizeof(registers) || (int64_t)registers.orig_rax < 0 ||
        (int64_t)registers.rax != -EINTR)
        return false;
    if (ptrace(PTRACE_GET_SYSCALL_INFO, tid, (void *)sizeof(info), &info) < 0 ||
        !is_wait(info.arch, registers.orig_rax))
        return false;
    registers.rax = (uint64_t)(int64_t)-KERNEL_ERESTARTNOHAND;
    return ptrace(PTRACE_SETREGSET, tid, (void *)NT_PRSTATUS, &all) == 0;
}

#else

/* Elsewhere the program sees EINTR from these calls, as it would after SIGSTOP and SIGCONT. */
bool syscall_restart_quietly(pid_t tid)
{
    (void)tid;
    return false;
}

#endif
