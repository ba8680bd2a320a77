// SPDX-License-Identifier: LGPL-2.1-or-later
/* The calls that systemd adds to every allow-list. */
#include "evaluate/allows.h"

/* @default of systemd 252.39, which every allow-list has. */
static const char *const default_names[] = {
    "arch_prctl",
    "brk",
    "cacheflush",
    "clock_getres",
    "clock_getres_time64",
    "clock_gettime",
    "clock_gettime64",
    "clock_nanosleep",
    "clock_nanosleep_time64",
    "execve",
    "exit",
    "exit_group",
    "futex",
    "futex_time64",
    "futex_waitv",
    "get_robust_list",
    "get_thread_area",
    "getegid",
    "getegid32",
    "geteuid",
    "geteuid32",
    "getgid",
    "getgid32",
    "getgroups",
    "getgroups32",
    "getpgid",
    "getpgrp",
    "getpid",
    "getppid",
    "getrandom",
    "getresgid",
    "getresgid32",
    "getresuid",
    "getresuid32",
    "getrlimit",
    "getsid",
    "gettid",
    "gettimeofday",
    "getuid",
    "getuid32",
    "membarrier",
    "mmap",
    "mmap2",
    "mprotect",
    "munmap",
    "nanosleep",
    "pause",
    "prlimit64",
    "restart_syscall",
    "riscv_flush_icache",
    "riscv_hwprobe",
    "rseq",
    "rt_sigreturn",
    "sched_getaffinity",
    "sched_yield",
    "set_robust_list",
    "set_thread_area",
    "set_tid_address",
    "set_tls",
    "sigreturn",
    "time",
    "ugetrlimit",
    "uretprobe",
    NULL,
};
/* What 257.13 has beyond, through @sandbox too; 262.1 has the same. */
static const char *const default_names_257[] = {
    "landlock_add_rule",
    "landlock_create_ruleset",
    "landlock_restrict_self",
    "lsm_get_self_attr",
    "lsm_list_modules",
    "mseal",
    "seccomp",
    NULL,
};
/* What was there from the first (systemd 231); lists between are not known here. */
static const char *const default_names_oldest[] = {
    "clock_getres",
    "clock_gettime",
    "clock_nanosleep",
    "execve",
    "exit",
    "exit_group",
    "getrlimit",
    "gettimeofday",
    "nanosleep",
    "pause",
    "rt_sigreturn",
    "sigreturn",
    "time",
    NULL,
};

bool allows_is_default(const struct allows *allows, const char *call)
{
    int version = allows->suggestion->target.version;

    if (version < 252)
        return allows_is_word(default_names_oldest, call);
    return allows_is_word(default_names, call) ||
           (version >= 257 && allows_is_word(default_names_257, call));
}
