// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Changing what a stopped task asks the kernel for. Done for one purpose: a child that asks not to
 * be traced (CLONE_UNTRACED) would run with our filter and without its tracer (seccomp(2): ENOSYS).
 */
#include "trace/task/tracer_state.h"
#include <elf.h>
#include <errno.h>
#include <linux/audit.h>
#include <linux/ptrace.h>
#include <string.h>
#include <sys/uio.h>

/* Where the first argument of a system call lies in NT_PRSTATUS (struct user_regs_struct of
 * asm/user.h). i386 calls come from programs of either size. */
static const struct {
    uint32_t arch;
    unsigned char size_words, offset_words, word_bytes;
} first_arguments[] = {
    { AUDIT_ARCH_X86_64, 27, 14, 8 },
    { AUDIT_ARCH_I386, 17, 0, 4 },
    { AUDIT_ARCH_I386, 27, 5, 8 },
    { AUDIT_ARCH_AARCH64, 34, 0, 8 },
};

static int argument_offset(uint32_t arch, size_t size, size_t *ret_bytes)
{
    for (size_t i = 0; i < ELEMENTS_OF(first_arguments); i++) {
        size_t word = first_arguments[i].word_bytes;
        if (first_arguments[i].arch == arch && first_arguments[i].size_words * word == size) {
            *ret_bytes = word;
            return (int)(first_arguments[i].offset_words * word);
        }
    }
    return -ENOSYS;
}

int tracee_write_first_argument(void *context, pid_t tid, uint32_t arch, uint64_t value)
{
    unsigned char registers[1024];
    struct iovec area = { registers, sizeof(registers) };
    uint32_t half = (uint32_t)value;
    size_t bytes = 0;

    (void)context;
    if (ptrace(PTRACE_GETREGSET, tid, (void *)NT_PRSTATUS, &area) < 0)
        return -errno;
    int offset = argument_offset(arch, area.iov_len, &bytes);
    if (offset < 0)
        return offset;
    memcpy(registers + offset, bytes == sizeof(half) ? (const void *)&half : &value, bytes);
    return ptrace(PTRACE_SETREGSET, tid, (void *)NT_PRSTATUS, &area) < 0 ? -errno : 0;
}

int tracee_write_memory(void *context, pid_t tid, uint64_t address, const void *bytes,
                        size_t length)
{
    struct iovec local = { (void *)(uintptr_t)bytes, length };
    struct iovec remote = { (void *)(uintptr_t)address, length };

    (void)context;
    ssize_t written = process_vm_writev(tid, &local, 1, &remote, 1, 0);
    if (written < 0)
        return -errno;
    return (size_t)written == length ? 0 : -EFAULT;
}
