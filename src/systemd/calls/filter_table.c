// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Families, rules and the ages of system call names. Families and reasons were measured: one probe
 * per libc function, strace'd on glibc 2.36, 2.41, 2.43 and musl 1.2.3.
 */
#include "systemd/calls/filter_table.h"
#include <cinch/base.h>

/*
 * What takes the place of what. Measured on glibc 2.36, 2.41 and 2.43 and musl 1.2.3, or read in
 * the kernel's list of newer calls. FILTER_MUST is what systemd's own directives bring about.
 */
const struct filter_companion filter_companions[] = {
    { "clone3",
      FILTER_MUST,
      "RestrictNamespaces= answers clone3 with ENOSYS, and the C library goes on with clone",
      { "clone" } },
    { "openat2",
      FILTER_MUST,
      "RestrictSUIDSGID= answers openat2 with ENOSYS, and programs go on with openat",
      { "openat" } },
    { "fchmodat2",
      FILTER_MUST,
      "RestrictSUIDSGID= answers fchmodat2 with ENOSYS where libseccomp is old, and the C library "
      "goes on with fchmodat",
      { "fchmodat" } },
    { "fork",
      FILTER_LIKELY,
      "C libraries start processes with clone and clone3 now",
      { "clone", "clone3" } },
    { "vfork",
      FILTER_LIKELY,
      "C libraries start processes with clone and clone3 now",
      { "clone", "clone3" } },
    { "clone",
      FILTER_LIKELY,
      "C libraries start threads and processes with clone3 now, and take clone where "
      "RestrictNamespaces= says ENOSYS; EPERM they would take for an answer",
      { "clone3" } },
    { "open", FILTER_LIKELY, "C libraries open with openat now", { "openat" } },
    { "openat",
      FILTER_LIKELY,
      "libraries move to openat2, and take openat where RestrictSUIDSGID= says ENOSYS; EPERM they "
      "would take for an answer",
      { "openat2" } },
    { "stat", FILTER_LIKELY, "stat() is newfstatat in newer C libraries", { "newfstatat" } },
    { "lstat", FILTER_LIKELY, "lstat() is newfstatat in newer C libraries", { "newfstatat" } },
    { "fstat", FILTER_LIKELY, "fstat() is newfstatat in glibc 2.33 to 2.40", { "newfstatat" } },
    { "newfstatat", FILTER_LIKELY, "fstat() is fstat again since glibc 2.41", { "fstat" } },
    { "statx",
      FILTER_LIKELY,
      "where statx is not wanted C libraries use the older calls",
      { "fstat", "newfstatat" } },
    { "epoll_wait", FILTER_LIKELY, "event libraries move to epoll_pwait2", { "epoll_pwait2" } },
    { "epoll_pwait", FILTER_LIKELY, "event libraries move to epoll_pwait2", { "epoll_pwait2" } },
    { "creat", FILTER_LIKELY, "C libraries open with openat now", { "openat" } },
    { "faccessat", FILTER_LIKELY, "newer C libraries ask with faccessat2", { "faccessat2" } },
    { "faccessat2", FILTER_LIKELY, "C libraries fall back to faccessat", { "faccessat" } },
    { "fchmodat", FILTER_LIKELY, "fchmodat() is fchmodat2 since glibc 2.39", { "fchmodat2" } },
    { "mknod", FILTER_LIKELY, "mknod() and mkfifo() are mknodat since glibc 2.33", { "mknodat" } },
    { "utime", FILTER_LIKELY, "it is utimensat in newer C libraries", { "utimensat" } },
    { "utimes", FILTER_LIKELY, "it is utimensat in newer C libraries", { "utimensat" } },
    { "futimesat", FILTER_LIKELY, "it is utimensat in newer C libraries", { "utimensat" } },
    { "getdents",
      FILTER_LIKELY,
      "newer C libraries read directories with getdents64",
      { "getdents64" } },
    { "pipe", FILTER_LIKELY, "pipe() is pipe2 in newer C libraries", { "pipe2" } },
    { "select", FILTER_LIKELY, "select() is pselect6 in newer C libraries", { "pselect6" } },
    { "eventfd", FILTER_LIKELY, "libraries move to eventfd2", { "eventfd2" } },
    { "inotify_init", FILTER_LIKELY, "libraries move to inotify_init1", { "inotify_init1" } },
    { "signalfd", FILTER_LIKELY, "libraries move to signalfd4", { "signalfd4" } },
    { "accept", FILTER_LIKELY, "programs move to accept4", { "accept4" } },
    { "semop", FILTER_LIKELY, "semop() is semtimedop in newer C libraries", { "semtimedop" } },
    { "setrlimit",
      FILTER_LIKELY,
      "setrlimit() is prlimit64 in newer C libraries",
      { "prlimit64" } },
    { "io_getevents",
      FILTER_LIKELY,
      "newer versions of libaio use io_pgetevents",
      { "io_pgetevents" } },
    { "io_uring_setup",
      FILTER_LIKELY,
      "the three belong together",
      { "io_uring_enter", "io_uring_register" } },
    { "mmap",
      FILTER_LIKELY,
      "how malloc grows and shrinks depends on sizes",
      { "mremap", "madvise" } },
};

const size_t filter_companion_count = ELEMENTS_OF(filter_companions);

/*
 * By what the group is for that systemd puts a call into, apart from single calls that are more or
 * less than their company.
 */
const struct filter_risk filter_risks[] = {
    { 1, "_llseek _newselect alarm arch_prctl arm_fadvise64_64 brk cacheflush "
         "cachestat clock_getres clock_getres_time64 clock_gettime clock_gettime64 "
         "clock_nanosleep clock_nanosleep_time64 close close_range dup dup2 dup3 "
         "epoll_create epoll_create1 epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2 "
         "epoll_wait epoll_wait_old eventfd eventfd2 execve exit exit_group fadvise64 "
         "fadvise64_64 fdatasync flock fsync futex futex_requeue futex_time64 "
         "futex_wait futex_waitv futex_wake get_mempolicy get_robust_list "
         "get_thread_area getcpu getegid getegid32 geteuid geteuid32 getgid getgid32 "
         "getgroups getgroups32 getitimer getpgid getpgrp getpid getppid getpriority "
         "getrandom getresgid getresgid32 getresuid getresuid32 getrlimit getsid "
         "gettid gettimeofday getuid getuid32 ioprio_get landlock_add_rule "
         "landlock_create_ruleset landlock_restrict_self llseek lseek "
         "lsm_get_self_attr lsm_list_modules madvise membarrier mincore mlock mlock2 "
         "mlockall mmap mmap2 mprotect mremap mseal msync munlock munlockall munmap "
         "nanosleep oldfstat oldlstat oldolduname oldstat olduname pause poll ppoll "
         "ppoll_time64 pread64 preadv preadv2 prlimit64 pselect6 pselect6_time64 "
         "pwrite64 pwritev pwritev2 read readahead readv restart_syscall "
         "riscv_flush_icache riscv_hwprobe rseq rseq_slice_yield rt_sigaction "
         "rt_sigpending rt_sigprocmask rt_sigreturn rt_sigsuspend rt_sigtimedwait "
         "rt_sigtimedwait_time64 sched_get_priority_max sched_get_priority_min "
         "sched_getaffinity sched_getattr sched_getparam sched_getscheduler "
         "sched_rr_get_interval sched_rr_get_interval_time64 sched_yield select "
         "set_robust_list set_thread_area set_tid_address set_tls setitimer setpgid "
         "setsid sgetmask sigaction sigaltstack signal signalfd signalfd4 sigpending "
         "sigprocmask sigreturn sigsuspend ssetmask sync sync_file_range "
         "sync_file_range2 syncfs sysinfo time timer_create timer_delete "
         "timer_getoverrun timer_gettime timer_gettime64 timer_settime timer_settime64 "
         "timerfd_create timerfd_gettime timerfd_gettime64 timerfd_settime "
         "timerfd_settime64 times ugetrlimit umask uname uretprobe write writev" },
    { 4, "access chdir chmod copy_file_range creat faccessat faccessat2 fallocate "
         "fchdir fchmod fchmodat fchmodat2 fcntl fcntl64 fgetxattr file_getattr "
         "file_setattr flistxattr fremovexattr fsetxattr fstat fstat64 fstatat "
         "fstatat64 fstatfs fstatfs64 ftruncate ftruncate64 futimesat getcwd getdents "
         "getdents64 getxattr getxattrat inotify_add_watch inotify_init inotify_init1 "
         "inotify_rm_watch io_cancel io_destroy io_getevents io_pgetevents "
         "io_pgetevents_time64 io_setup io_submit lgetxattr link linkat listmount "
         "listxattr listxattrat llistxattr lremovexattr lsetxattr lstat lstat64 mkdir "
         "mkdirat mknod mknodat newfstat newfstatat open openat openat2 readdir "
         "readlink readlinkat removexattr removexattrat rename renameat renameat2 "
         "rmdir sendfile sendfile64 setxattr setxattrat splice stat stat64 statfs "
         "statfs64 statmount statx symlink symlinkat tee truncate truncate64 unlink "
         "unlinkat utime utimensat utimensat_time64 utimes vmsplice" },
    { 10, "accept accept4 bind clone clone3 connect fork getpeername getrusage "
          "getsockname getsockopt ipc kill listen mq_getsetattr mq_notify mq_open "
          "mq_timedreceive mq_timedreceive_time64 mq_timedsend mq_timedsend_time64 "
          "mq_unlink msgctl msgget msgrcv msgsnd pidfd_open pidfd_send_signal pipe "
          "pipe2 recv recvfrom recvmmsg recvmmsg_time64 recvmsg rt_sigqueueinfo "
          "rt_tgsigqueueinfo semctl semget semop semtimedop semtimedop_time64 send "
          "sendmmsg sendmsg sendto setsockopt shmat shmctl shmdt shmget shutdown socket "
          "socketcall socketpair swapcontext tgkill tkill vfork wait4 waitid waitpid" },
    { 20, "capget chown chown32 fchown fchown32 fchownat ioctl lchown lchown32 "
          "map_shadow_stack process_mrelease" },
    { 50, "add_key ioprio_set keyctl mbind migrate_pages move_pages nice pkey_alloc "
          "pkey_free pkey_mprotect request_key sched_setaffinity sched_setattr "
          "sched_setparam sched_setscheduler set_mempolicy set_mempolicy_home_node "
          "setgid setgid32 setgroups setgroups32 setpriority setregid setregid32 "
          "setfsgid setfsgid32 setfsuid setfsuid32 setresgid setresgid32 setresuid setresuid32 "
          "setreuid setreuid32 setrlimit "
          "setuid setuid32" },
    { 100, "afs_syscall bdflush break create_module ftime get_kernel_syms getpmsg gtty "
           "idle lock mpx prof profil putpmsg query_module security stime stty sysfs "
           "tuxcall ulimit uselib ustat vserver" },
    { 200, "bpf capset execveat io_uring_enter io_uring_register io_uring_setup kcmp "
           "listns lsm_set_self_attr memfd_create memfd_secret name_to_handle_at "
           "open_by_handle_at personality prctl process_madvise process_vm_readv "
           "process_vm_writev ptrace remap_file_pages seccomp setns syslog unshare "
           "uprobe userfaultfd" },
    { 300, "_sysctl acct adjtimex chroot clock_adjtime clock_adjtime64 clock_settime "
           "clock_settime64 fanotify_init fanotify_mark fsconfig fsmount fsopen fspick "
           "lookup_dcookie modify_ldt mount mount_setattr move_mount nfsservctl "
           "open_tree open_tree_attr perf_event_open pidfd_getfd pivot_root quotactl "
           "quotactl_fd rtas s390_runtime_instr setdomainname "
           "sethostname settimeofday subpage_prot switch_endian sys_debug_setcontext "
           "umount umount2 vhangup vm86 vm86old" },
    { 1000, "delete_module finit_module init_module ioperm iopl kexec_file_load "
            "kexec_load pciconfig_iobase pciconfig_read pciconfig_write reboot "
            "s390_pci_mmio_read s390_pci_mmio_write swapoff swapon" },
};

const size_t filter_risk_count = ELEMENTS_OF(filter_risks);

const struct filter_family filter_families[] = {
    { "open",
      "C libraries open with openat or open, newer ones with openat2, which RestrictSUIDSGID= "
      "answers with ENOSYS",
      { "open", "openat", "openat2", "creat" } },
    { "stat",
      "C libraries and their versions differ in how they stat (fstat, newfstatat, statx)",
      { "stat", "lstat", "fstat", "newfstatat", "fstatat64", "fstat64", "stat64", "lstat64",
        "statx", "oldstat", "oldlstat", "oldfstat" } },
    { "access",
      "access() is faccessat or faccessat2 in newer C libraries",
      { "access", "faccessat", "faccessat2" } },
    { "readlink", "readlink() is readlinkat on newer architectures", { "readlink", "readlinkat" } },
    { "chmod",
      "fchmodat() is chmod, fchmodat or fchmodat2 by version of the C library",
      { "chmod", "fchmod", "fchmodat", "fchmodat2" } },
    { "chown",
      "chown() is fchownat on newer architectures",
      { "chown", "fchown", "lchown", "fchownat", "chown32", "fchown32", "lchown32" } },
    { "mkdir", "mkdir() is mkdirat on newer architectures", { "mkdir", "mkdirat" } },
    { "mknod", "mkfifo() is mknod or mknodat by C library", { "mknod", "mknodat" } },
    { "unlink", "unlinkat does both unlink and rmdir", { "unlink", "unlinkat", "rmdir" } },
    { "rename",
      "rename() is renameat or renameat2 on newer architectures",
      { "rename", "renameat", "renameat2" } },
    { "link", "link() is linkat on newer architectures", { "link", "linkat" } },
    { "symlink", "symlink() is symlinkat on newer architectures", { "symlink", "symlinkat" } },
    { "utime",
      "all forms of utime() become utimensat in newer C libraries",
      { "utime", "utimes", "futimesat", "utimensat", "utimensat_time64" } },
    { "truncate",
      "the 64-bit forms of 32-bit ABIs",
      { "truncate", "ftruncate", "truncate64", "ftruncate64" } },
    { "statfs", "statvfs() chooses among them", { "statfs", "fstatfs", "statfs64", "fstatfs64" } },
    { "xattr-get",
      "the *at forms came with Linux 6.13",
      { "getxattr", "lgetxattr", "fgetxattr", "getxattrat", "listxattr", "llistxattr", "flistxattr",
        "listxattrat" } },
    { "xattr-set",
      "the *at forms came with Linux 6.13",
      { "setxattr", "lsetxattr", "fsetxattr", "setxattrat", "removexattr", "lremovexattr",
        "fremovexattr", "removexattrat" } },
    { "getdents", "old and static programs use getdents", { "getdents", "getdents64" } },
    { "lseek", "the 64-bit forms of 32-bit ABIs", { "lseek", "_llseek", "llseek" } },
    { "read",
      "buffering differs between C libraries (read, readv, pread64)",
      { "read", "readv", "pread64", "preadv", "preadv2" } },
    { "write",
      "buffering differs between C libraries (write, writev, pwrite64)",
      { "write", "writev", "pwrite64", "pwritev", "pwritev2" } },
    { "dup", "dup2() is dup3 on newer architectures", { "dup", "dup2", "dup3" } },
    { "fcntl", "the 64-bit form of 32-bit ABIs", { "fcntl", "fcntl64" } },
    { "close",
      "closefrom() and posix_spawn() use close_range where there is one",
      { "close", "close_range" } },
    { "pipe", "pipe() is pipe2 in newer C libraries", { "pipe", "pipe2" } },
    { "poll",
      "select() and poll() are pselect6 and ppoll in some C libraries",
      { "poll", "ppoll", "ppoll_time64", "select", "_newselect", "pselect6", "pselect6_time64" } },
    { "epoll-create",
      "epoll_create() is epoll_create1 in some C libraries",
      { "epoll_create", "epoll_create1" } },
    { "epoll-wait",
      "epoll_wait() is epoll_pwait in some C libraries",
      { "epoll_wait", "epoll_pwait", "epoll_pwait2" } },
    { "eventfd", "eventfd() is eventfd2 on newer architectures", { "eventfd", "eventfd2" } },
    { "inotify-init",
      "inotify_init() is inotify_init1 in some C libraries",
      { "inotify_init", "inotify_init1" } },
    { "signalfd", "signalfd() is signalfd4 on newer architectures", { "signalfd", "signalfd4" } },
    { "accept", "accept() and accept4() are chosen by the runtime", { "accept", "accept4" } },
    { "socket-send",
      "send() is sendto; resolvers use sendmmsg, others loop over sendmsg",
      { "send", "sendto", "sendmsg", "sendmmsg" } },
    { "socket-recv",
      "recv() is recvfrom; the plural form is chosen at run time",
      { "recv", "recvfrom", "recvmsg", "recvmmsg", "recvmmsg_time64" } },
    { "socketcall", "the i386 and s390 multiplexer", { "socketcall" } },
    { "ipc", "the i386 and s390 multiplexer", { "ipc" } },
    { "sysv-sem",
      "semop() is semtimedop in newer C libraries",
      { "semget", "semop", "semtimedop", "semtimedop_time64", "semctl" } },
    { "sendfile",
      "runtimes switch between the ways of copying in the kernel",
      { "sendfile", "sendfile64", "copy_file_range", "splice" } },
    { "process-create",
      "threads and processes start by clone3 or clone by C library; RestrictNamespaces= answers "
      "clone3 with ENOSYS",
      { "clone", "clone3", "fork", "vfork" } },
    { "exec", "fexecve() is execveat", { "execve", "execveat" } },
    { "wait", "wait() is wait4 or waitid by C library", { "wait4", "waitid", "waitpid" } },
    { "exit", "the end of a thread and of a process", { "exit", "exit_group" } },
    { "kill",
      "raise() and abort() are tgkill or tkill; users of pidfds signal through them",
      { "kill", "tkill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "pidfd_send_signal" } },
    { "pidfd",
      "libraries take up pidfds where the kernel has them",
      { "pidfd_open", "pidfd_send_signal", "waitid" } },
    { "sigaction", "the old form of 32-bit ABIs", { "rt_sigaction", "sigaction", "signal" } },
    { "sigprocmask",
      "the old forms of 32-bit ABIs",
      { "rt_sigprocmask", "sigprocmask", "ssetmask", "sgetmask" } },
    { "sigreturn", "how a signal handler returns", { "rt_sigreturn", "sigreturn" } },
    { "sigwait",
      "chosen by the C library",
      { "rt_sigtimedwait", "rt_sigtimedwait_time64", "rt_sigsuspend", "sigsuspend", "pause" } },
    { "futex",
      "newer runtimes use the split futex calls; they are in no default group",
      { "futex", "futex_time64", "futex_waitv", "futex_wait", "futex_wake", "futex_requeue" } },
    { "thread-init",
      "how C libraries set a thread up differs by version",
      { "set_tid_address", "set_robust_list", "get_robust_list", "rseq", "membarrier", "arch_prctl",
        "set_thread_area", "set_tls" } },
    { "thread-stack",
      "the guard of a thread stack is mprotect or, since glibc 2.43, madvise",
      { "mmap", "mprotect", "munmap", "madvise" } },
    { "memory",
      "how malloc grows and shrinks depends on sizes",
      { "brk", "mmap", "mmap2", "munmap", "mprotect", "mremap", "madvise" } },
    { "seal", "glibc 2.43 seals mappings", { "mseal" } },
    { "clock-get",
      "normally answered in user space (vDSO), a real call with another clock source",
      { "clock_gettime", "clock_gettime64", "gettimeofday", "time", "clock_getres",
        "clock_getres_time64" } },
    { "sleep",
      "nanosleep() is clock_nanosleep in newer C libraries",
      { "nanosleep", "clock_nanosleep", "clock_nanosleep_time64" } },
    { "timer",
      "alarm() is setitimer in some C libraries",
      { "timer_settime", "timer_settime64", "timer_gettime", "timer_gettime64", "timerfd_settime",
        "timerfd_settime64", "timerfd_gettime", "timerfd_gettime64", "setitimer", "alarm" } },
    { "random", "answered in user space since glibc 2.41", { "getrandom" } },
    { "getcpu", "normally answered in user space (vDSO)", { "getcpu" } },
    { "rlimit",
      "getrlimit() is prlimit64 in glibc, not everywhere",
      { "prlimit64", "getrlimit", "setrlimit", "ugetrlimit" } },
    { "uid-get",
      "read by start-up code of programs",
      { "getuid", "geteuid", "getgid", "getegid", "getresuid", "getresgid", "getgroups", "getuid32",
        "geteuid32", "getgid32", "getegid32", "getresuid32", "getresgid32", "getgroups32" } },
    { "uid-set",
      "programs switch between setuid and setresuid between versions",
      { "setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid", "setgroups",
        "setfsuid", "setfsgid", "setuid32", "setgid32", "setreuid32", "setregid32", "setresuid32",
        "setresgid32", "setgroups32", "setfsuid32", "setfsgid32" } },
    { "pgrp",
      "getpgrp() is getpgid in some C libraries",
      { "getpgrp", "getpgid", "getsid", "setpgid", "setsid" } },
    { "sched-set",
      "libraries move to sched_setattr",
      { "sched_setscheduler", "sched_setattr", "sched_setparam" } },
    { "sched-get",
      "libraries move to sched_getattr",
      { "sched_getattr", "sched_getparam", "sched_getscheduler" } },
    { "aio",
      "versions of libaio differ",
      { "io_setup", "io_submit", "io_getevents", "io_pgetevents", "io_pgetevents_time64",
        "io_cancel", "io_destroy" } },
    { "io_uring", "always a triple", { "io_uring_setup", "io_uring_enter", "io_uring_register" } },
    { "uname",
      "gethostname() is uname; old forms of 32-bit ABIs",
      { "uname", "olduname", "oldolduname" } },
    { "fadvise",
      "its name differs by architecture",
      { "fadvise64", "fadvise64_64", "arm_fadvise64_64" } },
    { "sync_range", "its name differs by architecture", { "sync_file_range", "sync_file_range2" } },
    { "file-attr",
      "replaces the ioctl since Linux 6.17",
      { "file_getattr", "file_setattr", "ioctl" } },
    { "mount-info", "libmount takes it up and falls back", { "statmount", "listmount" } },
};

const size_t filter_family_count = ELEMENTS_OF(filter_families);

const struct filter_rule filter_rules[] = {
    { FILTER_ALWAYS,
      FILTER_MUST,
      "systemd itself needs it between loading the filter and starting the program",
      { "execve", "write" } },
    { FILTER_ALWAYS,
      FILTER_LIKELY,
      "every process needs it to run and to end",
      { "rt_sigreturn",  "restart_syscall", "exit",         "exit_group",
        "futex",         "set_robust_list", "rseq",         "getrandom",
        "clock_gettime", "gettimeofday",    "time",         "sched_yield",
        "madvise",       "mprotect",        "munmap",       "brk",
        "prlimit64",     "rt_sigprocmask",  "rt_sigaction", "gettid",
        "getpid" } },
    { FILTER_ALWAYS,
      FILTER_LIKELY,
      "how a program says what went wrong and dies (log, abort), which a clean run never shows",
      { "tgkill", "writev", "lseek", "fstat", "newfstatat" } },
    { FILTER_ALWAYS,
      FILTER_ALL,
      "other C libraries and error paths need it",
      { "sigreturn", "getcpu", "tkill", "dup2", "uname", "sysinfo", "futex_wait", "futex_wake",
        "futex_requeue" } },
    { FILTER_FORKS,
      FILTER_LIKELY,
      "a process that starts others must start them by either form",
      { "clone", "clone3", "execve" } },
    { FILTER_FORKS,
      FILTER_ALL,
      "a process that starts others must start and reap them by any form",
      { "vfork", "wait4", "waitid" } },
    { FILTER_UNIX,
      FILTER_LIKELY,
      "syslog() and sd_notify() of the error paths",
      { "socket", "connect", "sendto", "sendmsg", "close" } },
    { FILTER_RESOLVER,
      FILTER_LIKELY,
      "a name lookup takes another road when the host configuration changes",
      { "socket", "connect", "bind", "getsockname", "setsockopt", "sendto", "sendmsg", "sendmmsg",
        "recvfrom", "recvmsg", "poll", "ppoll", "ioctl", "uname", "close" } },
    { FILTER_NSS_NEW,
      FILTER_MUST,
      "the NSS modules of systemd 253 and newer ask with it what lies at /proc",
      { "fstatfs" } },
    { FILTER_RESOLVER_NEW,
      FILTER_MUST,
      "the NSS modules of systemd 258 and newer open paths with it",
      { "open_tree" } },
    { FILTER_SET_ID,
      FILTER_MUST,
      "systemd 255 and newer force no_new_privs on User= unless it is allowed, which would disarm "
      "the set-id program that was run",
      { "capget", "capset", "prctl" } },
    { FILTER_OWN_FILTER,
      FILTER_MUST,
      "harmless event, signal, timer and sync calls, because calls that the service's own seccomp "
      "filter answers could not be seen",
      { "alarm",           "epoll_create",  "epoll_create1",  "epoll_ctl",
        "epoll_pwait",     "epoll_pwait2",  "epoll_wait",     "eventfd",
        "eventfd2",        "fdatasync",     "fsync",          "getitimer",
        "msync",           "poll",          "ppoll",          "pselect6",
        "rt_sigaction",    "rt_sigpending", "rt_sigprocmask", "rt_sigsuspend",
        "rt_sigtimedwait", "select",        "setitimer",      "sigaltstack",
        "signalfd",        "signalfd4",     "sync",           "sync_file_range",
        "syncfs",          "timer_create",  "timer_delete",   "timer_getoverrun",
        "timer_gettime",   "timer_settime", "timerfd_create", "timerfd_gettime",
        "timerfd_settime", "times" } },
    { FILTER_ALWAYS,
      FILTER_ALL,
      "harmless event, signal, timer and sync calls: which of them a program makes depends on what "
      "it is given",
      { "alarm",           "epoll_create",  "epoll_create1",  "epoll_ctl",
        "epoll_pwait",     "epoll_pwait2",  "epoll_wait",     "eventfd",
        "eventfd2",        "fdatasync",     "fsync",          "getitimer",
        "msync",           "poll",          "ppoll",          "pselect6",
        "rt_sigaction",    "rt_sigpending", "rt_sigprocmask", "rt_sigsuspend",
        "rt_sigtimedwait", "select",        "setitimer",      "sigaltstack",
        "signalfd",        "signalfd4",     "sync",           "sync_file_range",
        "syncfs",          "timer_create",  "timer_delete",   "timer_getoverrun",
        "timer_gettime",   "timer_settime", "timerfd_create", "timerfd_gettime",
        "timerfd_settime", "times" } },
    { FILTER_UNSEEN_PROGRAM,
      FILTER_MUST,
      "the unit runs a program that training did not: what the dynamic loader and the C library do "
      "at its start",
      { "access",          "arch_prctl", "brk",       "close",    "exit_group", "fstat",
        "getrandom",       "lseek",      "mmap",      "mprotect", "munmap",     "newfstatat",
        "openat",          "pread64",    "prlimit64", "read",     "rseq",       "set_robust_list",
        "set_tid_address", "write" } },
    { FILTER_LISTENS,
      FILTER_MUST,
      "it listens: a client it may not accept stays queued, and the service spins",
      { "accept", "accept4" } },
    { FILTER_LEFT_BEHIND,
      FILTER_MUST,
      "it made a socket, FIFO or link that it leaves behind, and the next start has to remove it",
      { "unlink", "unlinkat" } },
    { FILTER_UNSEEN_KILL,
      FILTER_MUST,
      "commands that reload or stop a service signal it; training did not run the unit's",
      { "kill" } },
};

const size_t filter_rule_count = ELEMENTS_OF(filter_rules);

/*
 * libseccomp follows kernel releases (its CHANGELOG): 2.4.2 Linux 5.4, 2.5.4 Linux 5.17, 2.5.5
 * Linux 6.7, 2.5.6 and 2.6.0 Linux 6.13. Debian 12's 2.5.4 already resolves the calls of Linux 6.5
 * to 6.7 (checked). Where a name's first release is not known the earliest possible one stands
 * here: to list a name too many costs a warning, to leave out one that is needed breaks the
 * service.
 */
const struct filter_newer filter_newer_names[] = {
    { "io_pgetevents", 20400 },
    { "rseq", 20400 },
    { "clone3", 20402 },
    { "fsconfig", 20402 },
    { "fsmount", 20402 },
    { "fsopen", 20402 },
    { "fspick", 20402 },
    { "io_uring_enter", 20402 },
    { "io_uring_register", 20402 },
    { "io_uring_setup", 20402 },
    { "move_mount", 20402 },
    { "open_tree", 20402 },
    { "pidfd_open", 20402 },
    { "pidfd_send_signal", 20402 },
    { "faccessat2", 20404 },
    { "openat2", 20404 },
    { "pidfd_getfd", 20404 },
    { "close_range", 20501 },
    { "epoll_pwait2", 20502 },
    { "landlock_add_rule", 20502 },
    { "landlock_create_ruleset", 20502 },
    { "landlock_restrict_self", 20502 },
    { "memfd_secret", 20502 },
    { "mount_setattr", 20502 },
    { "process_madvise", 20502 },
    { "quotactl_fd", 20502 },
    { "process_mrelease", 20503 },
    { "cachestat", 20504 },
    { "fchmodat2", 20504 },
    { "futex_requeue", 20504 },
    { "futex_wait", 20504 },
    { "futex_waitv", 20504 },
    { "futex_wake", 20504 },
    { "map_shadow_stack", 20504 },
    { "set_mempolicy_home_node", 20504 },
    { "getxattrat", 20506 },
    { "listmount", 20506 },
    { "listxattrat", 20506 },
    { "lsm_get_self_attr", 20506 },
    { "lsm_list_modules", 20506 },
    { "lsm_set_self_attr", 20506 },
    { "mseal", 20506 },
    { "removexattrat", 20506 },
    { "setxattrat", 20506 },
    { "statmount", 20506 },
    { "uretprobe", 20506 },
    { "file_getattr", 20601 },
    { "file_setattr", 20601 },
    { "listns", 20601 },
    { "open_tree_attr", 20601 },
    { "rseq_slice_yield", 20601 },
    { "uprobe", 20601 },
};

const size_t filter_newer_count = ELEMENTS_OF(filter_newer_names);

const char *const filter_elsewhere_names[] = {
    "_llseek",
    "_newselect",
    "arm_fadvise64_64",
    "bdflush",
    "break",
    "cacheflush",
    "chown32",
    "clock_adjtime64",
    "clock_getres_time64",
    "clock_gettime64",
    "clock_nanosleep_time64",
    "clock_settime64",
    "fadvise64_64",
    "fchown32",
    "fcntl64",
    "fstat64",
    "fstatat",
    "fstatat64",
    "fstatfs64",
    "ftime",
    "ftruncate64",
    "futex_time64",
    "getegid32",
    "geteuid32",
    "getgid32",
    "getgroups32",
    "getresgid32",
    "getresuid32",
    "getuid32",
    "gtty",
    "idle",
    "io_pgetevents_time64",
    "ipc",
    "lchown32",
    "llseek",
    "lock",
    "lstat64",
    "mmap2",
    "mpx",
    "mq_timedreceive_time64",
    "mq_timedsend_time64",
    "newfstat",
    "nice",
    "oldfstat",
    "oldlstat",
    "oldolduname",
    "oldstat",
    "olduname",
    "pciconfig_iobase",
    "pciconfig_read",
    "pciconfig_write",
    "ppoll_time64",
    "prof",
    "profil",
    "pselect6_time64",
    "readdir",
    "recv",
    "recvmmsg_time64",
    "rt_sigtimedwait_time64",
    "rtas",
    "s390_pci_mmio_read",
    "s390_pci_mmio_write",
    "s390_runtime_instr",
    "sched_rr_get_interval_time64",
    "semtimedop_time64",
    "send",
    "sendfile64",
    "set_tls",
    "setfsgid32",
    "setfsuid32",
    "setgid32",
    "setgroups32",
    "setregid32",
    "setresgid32",
    "setresuid32",
    "setreuid32",
    "setuid32",
    "sgetmask",
    "sigaction",
    "signal",
    "sigpending",
    "sigprocmask",
    "sigreturn",
    "sigsuspend",
    "socketcall",
    "ssetmask",
    "stat64",
    "statfs64",
    "stime",
    "stty",
    "subpage_prot",
    "swapcontext",
    "switch_endian",
    "sync_file_range2",
    "sys_debug_setcontext",
    "timer_gettime64",
    "timer_settime64",
    "timerfd_gettime64",
    "timerfd_settime64",
    "truncate64",
    "ugetrlimit",
    "ulimit",
    "umount",
    "utimensat_time64",
    "vm86",
    "vm86old",
    "waitpid",
};

const size_t filter_elsewhere_count = ELEMENTS_OF(filter_elsewhere_names);
