// SPDX-License-Identifier: LGPL-2.1-or-later
/* Calls by number: one nobody has a name for, and on x86-64 one of the 32-bit table. */
#define _GNU_SOURCE
#include <errno.h>
#include <unistd.h>

static long call_32bit_getpid(void)
{
    long result = 1;

#ifdef __x86_64__
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(20L) : "memory");
#endif
    return result;
}

int main(void)
{
    if (syscall(5000) != -1 || errno != ENOSYS)
        return 1;
    return call_32bit_getpid() < 0;
}
