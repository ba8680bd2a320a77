// SPDX-License-Identifier: LGPL-2.1-or-later
/* Preloaded: the monotonic clock of the program goes a hundred times as fast. */
#define _GNU_SOURCE
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define TIMES 100

int clock_gettime(clockid_t clock, struct timespec *ret)
{
    static long long start_ns;
    long result = syscall(SYS_clock_gettime, clock, ret);

    if (result == 0 && clock == CLOCK_MONOTONIC) {
        long long now_ns = ret->tv_sec * 1000000000LL + ret->tv_nsec;
        if (!start_ns)
            start_ns = now_ns;
        now_ns = start_ns + (now_ns - start_ns) * TIMES;
        ret->tv_sec = (time_t)(now_ns / 1000000000);
        ret->tv_nsec = (long)(now_ns % 1000000000);
    }
    return (int)result;
}
