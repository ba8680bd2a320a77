// SPDX-License-Identifier: LGPL-2.1-or-later
/* The signals that glibc keeps to itself. */
#include "trace/task/internal_signals.h"
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

/* nptl(7): the first two real-time signals. sigaction(2) of glibc does not let them through. */
#define FIRST_INTERNAL   32
#define KERNEL_SET_BYTES 8

void internal_signals_keep(struct internal_signals *ret)
{
    for (int i = 0; i < INTERNAL_SIGNALS; i++)
        syscall(SYS_rt_sigaction, FIRST_INTERNAL + i, NULL, ret->actions[i], KERNEL_SET_BYTES);
}

void internal_signals_restore(const struct internal_signals *kept)
{
    for (int i = 0; i < INTERNAL_SIGNALS; i++)
        syscall(SYS_rt_sigaction, FIRST_INTERNAL + i, kept->actions[i], NULL, KERNEL_SET_BYTES);
}
