// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The directives, in the order in which they are printed. A row says since when systemd knows the
 * directive, what it forbids, which blind spots forbid it, and who derives its value.
 * docs/ADDING_A_DIRECTIVE.md says how to add one.
 */
#include "systemd/derive.h"

#define CANDIDATES(...) ((const struct candidate[]){ __VA_ARGS__, { 0 } })
#define DENIALS(...)    ((const struct denial[]){ __VA_ARGS__, { 0 } })

#define SYSCALL(call)                                                                              \
    {                                                                                              \
        DENY_SYSCALL, call, NULL                                                                   \
    }
#define SYSCALL_ON(call, arch)                                                                     \
    {                                                                                              \
        DENY_SYSCALL, call, arch                                                                   \
    }
#define SYSCALL_KNOWN(call)                                                                        \
    {                                                                                              \
        DENY_SYSCALL_KNOWN, call, NULL                                                             \
    }
#define ARGUMENT(topic, value)                                                                     \
    {                                                                                              \
        DENY_ARGUMENT, topic, value                                                                \
    }
#define ARGUMENT_NOT(topic, words)                                                                 \
    {                                                                                              \
        DENY_ARGUMENT_OTHER, topic, words                                                          \
    }
#define PROGRAM(property)                                                                          \
    {                                                                                              \
        DENY_PROGRAM, property, NULL                                                               \
    }
#define SOCKET_NOT(families)                                                                       \
    {                                                                                              \
        DENY_SOCKET_OTHER, families, NULL                                                          \
    }
#define ABSTRACT_SOCKET                                                                            \
    {                                                                                              \
        DENY_ABSTRACT_SOCKET, "", NULL                                                             \
    }
#define READ(path)                                                                                 \
    {                                                                                              \
        DENY_READ, path, NULL                                                                      \
    }
#define TOUCH(path)                                                                                \
    {                                                                                              \
        DENY_TOUCH, path, NULL                                                                     \
    }
#define WRITE(path)                                                                                \
    {                                                                                              \
        DENY_WRITE, path, NULL                                                                     \
    }

const struct directive directive_table[] = {
    /* ---- privileges ---- */
    { .name = "NoNewPrivileges",
      .since = 187,
      .derive = derive_candidate,
      .candidates = CANDIDATES({ "yes", 187, DENIALS(PROGRAM("set-id"), PROGRAM("file-caps")) }),
      .blind_spots = { BLIND_ALWAYS },
      .forbids = "gaining privileges by executing a set-id program or one with file capabilities" },
    { .name = "LockPersonality",
      .since = 235,
      .flags = DIRECTIVE_SECCOMP,
      .derive = derive_candidate,
      /* Even the query personality(0xffffffff) is refused. */
      .candidates = CANDIDATES({ "yes", 235, DENIALS(SYSCALL("personality")) }),
      .blind_spots = { BLIND_ALWAYS },
      .forbids = "personality(), which changes how the kernel runs a program" },
    { .name = "MemoryDenyWriteExecute",
      .since = 231,
      .flags = DIRECTIVE_SECCOMP,
      .derive = derive_candidate,
      /* The filter of before 254, which refuses every mprotect(PROT_EXEC), decides for all targets:
       * it is the stricter one. On x86 it refuses the old mmap as a whole. */
      .candidates = CANDIDATES(
          { "yes", 231,
            DENIALS(ARGUMENT("memory", NULL), PROGRAM("exec-stack"), PROGRAM("text-rel"),
                    ARGUMENT_NOT("personality", "0x0 0xffffffff"), SYSCALL_ON("mmap", "x86")) }),
      .blind_spots = { BLIND_ALWAYS },
      .forbids = "memory that is or becomes executable after it could be written" },
    { .name = "RestrictNamespaces",
      .since = 233,
      .flags = DIRECTIVE_SECCOMP | DIRECTIVE_LIST,
      .derive = derive_namespaces,
      .blind_spots = { BLIND_ALWAYS, "unreadable-memory" },
      .forbids = "making or joining namespaces" },
    { .name = "RestrictRealtime",
      .since = 231,
      .flags = DIRECTIVE_SECCOMP,
      .derive = derive_candidate,
      /* sched_setattr is refused as a whole from 262 on; sched_setparam may raise a priority. */
      .candidates =
          CANDIDATES({ "yes", 231,
                       DENIALS(ARGUMENT_NOT("scheduler", "SCHED_OTHER SCHED_BATCH SCHED_IDLE"),
                               SYSCALL("sched_setattr"), SYSCALL("sched_setparam")) }),
      .blind_spots = { BLIND_ALWAYS },
      .forbids = "real-time scheduling" },
    { .name = "RestrictSUIDSGID",
      .since = 242,
      .flags = DIRECTIVE_SECCOMP,
      .derive = derive_candidate,
      /* openat2 fails with ENOSYS under it, and whether its user falls back to openat is only known
       * of a kernel that said so already. */
      .candidates = CANDIDATES(
          { "yes", 242, DENIALS(ARGUMENT("setid-mode", NULL), SYSCALL_KNOWN("openat2")) }),
      .blind_spots = { BLIND_ALWAYS },
      .forbids = "making files set-user-id or set-group-id" },

    /* ---- file system: derive_filesystem*.c ---- */
    { .name = "RootDirectory",
      .since = 233,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_root_directory,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .forbids = "every use of a path that is not bound into it" },
    { .name = "MountAPIVFS",
      .since = 233,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_mount_api_vfs,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .forbids = "uses of /proc, /sys and /dev when it is off" },
    { .name = "TemporaryFileSystem",
      .since = 238,
      .flags = DIRECTIVE_LIST | DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_temporary_file_system,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .forbids = "every use of a path that is not bound into it" },
    { .name = "BindReadOnlyPaths",
      .since = 233,
      .flags = DIRECTIVE_LIST | DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_bind_read_only_paths,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .forbids = "changes of what it binds" },
    { .name = "BindPaths",
      .since = 233,
      .flags = DIRECTIVE_LIST | DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_bind_paths,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .forbids = "nothing: it lets through" },
    { .name = "InaccessiblePaths",
      .since = 231,
      .flags = DIRECTIVE_LIST | DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_inaccessible_paths,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .forbids = "every use of these paths" },
    { .name = "ProtectSystem",
      .since = 214,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_protect_system,
      /* For the case that entries of / itself were written. */
      .candidates =
          CANDIDATES({ "full", 214,
                       DENIALS(WRITE("/usr"), WRITE("/boot"), WRITE("/efi"), WRITE("/bin"),
                               WRITE("/sbin"), WRITE("/lib"), WRITE("/lib64"), WRITE("/etc")) },
                     { "yes", 214,
                       DENIALS(WRITE("/usr"), WRITE("/boot"), WRITE("/efi"), WRITE("/bin"),
                               WRITE("/sbin"), WRITE("/lib"), WRITE("/lib64")) }),
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .forbids = "writing to the system's directories" },
    { .name = "ReadWritePaths",
      .since = 231,
      .flags = DIRECTIVE_LIST | DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_read_write_paths,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .forbids = "nothing: it lets through" },
    { .name = "ReadOnlyPaths",
      .since = 231,
      .flags = DIRECTIVE_LIST | DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_read_only_paths,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .forbids = "writing below these paths" },
    { .name = "NoExecPaths",
      .since = 248,
      .flags = DIRECTIVE_LIST | DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_path_reset,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .forbids = "executing and mapping files below these paths" },
    { .name = "ExecPaths",
      .since = 248,
      .flags = DIRECTIVE_LIST | DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_path_reset,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .forbids = "nothing: it lets through" },
    { .name = "PrivateTmp",
      .since = 183,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_private_tmp,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .forbids = "meeting other programs in /tmp and /var/tmp" },
    { .name = "PrivateDevices",
      .since = 209,
      .flags = DIRECTIVE_SYSTEM_ONLY | DIRECTIVE_SECCOMP,
      .derive = derive_private_devices,
      /* @raw-io and the nodes' making; the nodes themselves are the plan's business. */
      .candidates =
          CANDIDATES({ "yes", 209,
                       DENIALS(SYSCALL("ioperm"), SYSCALL("iopl"), SYSCALL("pciconfig_iobase"),
                               SYSCALL("pciconfig_read"), SYSCALL("pciconfig_write"),
                               SYSCALL("s390_pci_mmio_read"), SYSCALL("s390_pci_mmio_write"),
                               ARGUMENT("mknod", "S_IFCHR"), ARGUMENT("mknod", "S_IFBLK")) }),
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .forbids = "device nodes beside null, zero, full, random, urandom, tty and ptys" },
    { .name = "ProtectHome",
      .since = 214,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_protect_home,
      .candidates = CANDIDATES(
          { "yes", 214, DENIALS(TOUCH("/home"), TOUCH("/root"), TOUCH("/run/user")) },
          { "tmpfs", 238,
            DENIALS(READ("/home"), READ("/root"), READ("/run/user"), WRITE("/home"), WRITE("/root"),
                    WRITE("/run/user")) },
          { "read-only", 214, DENIALS(WRITE("/home"), WRITE("/root"), WRITE("/run/user")) }),
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .forbids = "uses of /home, /root and /run/user" },
    { .name = "ProtectProc",
      .since = 247,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_protect_proc,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .forbids = "seeing processes of other users in /proc" },
    { .name = "ProcSubset",
      .since = 247,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_proc_subset,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .forbids = "everything of /proc but processes" },
    { .name = "ProtectKernelTunables",
      .since = 232,
      .flags = DIRECTIVE_SYSTEM_ONLY | DIRECTIVE_SECCOMP,
      .derive = derive_protect_kernel,
      .candidates = CANDIDATES(
          { "yes", 232,
            DENIALS(SYSCALL("_sysctl"), WRITE("/proc/sys"), WRITE("/proc/sysrq-trigger"),
                    WRITE("/proc/acpi"), WRITE("/proc/bus"), WRITE("/proc/fs"), WRITE("/proc/irq"),
                    WRITE("/proc/latency_stats"), WRITE("/proc/mtrr"), WRITE("/proc/scsi"),
                    WRITE("/proc/timer_stats"), WRITE("/sys/block"), WRITE("/sys/bus"),
                    WRITE("/sys/class"), WRITE("/sys/dev"), WRITE("/sys/devices"),
                    WRITE("/sys/firmware"), WRITE("/sys/fs/bpf"), WRITE("/sys/hypervisor"),
                    WRITE("/sys/kernel"), WRITE("/sys/module"), WRITE("/sys/power"),
                    TOUCH("/proc/kallsyms"), TOUCH("/proc/kcore")) }),
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .forbids = "changing kernel variables below /proc/sys and /sys" },
    { .name = "ProtectControlGroups",
      .since = 232,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_protect_kernel,
      .candidates = CANDIDATES({ "yes", 232, DENIALS(WRITE("/sys/fs/cgroup")) }),
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .forbids = "changing control groups" },

    /* ---- kernel ---- */
    { .name = "ProtectClock",
      .since = 245,
      .flags = DIRECTIVE_SECCOMP | DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_candidate,
      .candidates = CANDIDATES(
          { "yes", 245,
            DENIALS(SYSCALL("adjtimex"), SYSCALL("clock_adjtime"), SYSCALL("clock_adjtime64"),
                    SYSCALL("clock_settime"), SYSCALL("clock_settime64"), SYSCALL("settimeofday"),
                    SYSCALL("stime"), ARGUMENT("clock-alarm", NULL), TOUCH("/dev/rtc"),
                    TOUCH("/dev/rtc0"), TOUCH("/dev/rtc1")) }),
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .forbids = "setting the clock, reading its adjustment and waking the machine by alarm" },
    { .name = "ProtectHostname",
      .since = 242,
      .flags = DIRECTIVE_SECCOMP | DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_candidate,
      .candidates = CANDIDATES(
          { "yes", 242,
            DENIALS(SYSCALL("sethostname"), SYSCALL("setdomainname"),
                    WRITE("/proc/sys/kernel/hostname"), WRITE("/proc/sys/kernel/domainname")) }),
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .forbids = "changing the host name, and seeing later changes of it" },
    { .name = "ProtectKernelLogs",
      .since = 244,
      .flags = DIRECTIVE_SECCOMP | DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_candidate,
      /* It takes CAP_SYSLOG away, without which /proc/kallsyms reads as zeros. */
      .candidates = CANDIDATES({ "yes", 244,
                                 DENIALS(SYSCALL("syslog"), TOUCH("/dev/kmsg"), TOUCH("/proc/kmsg"),
                                         TOUCH("/proc/kallsyms")) }),
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .forbids = "the kernel's log" },
    { .name = "ProtectKernelModules",
      .since = 232,
      .flags = DIRECTIVE_SECCOMP | DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_candidate,
      .candidates = CANDIDATES(
          { "yes", 232,
            DENIALS(SYSCALL("init_module"), SYSCALL("finit_module"), SYSCALL("delete_module"),
                    TOUCH("/usr/lib/modules"), TOUCH("/lib/modules")) }),
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .forbids = "loading kernel modules and reading their files" },

    /* ---- network ---- */
    { .name = "PrivateNetwork",
      .since = 186, /* at the latest */
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_candidate,
      /* Sockets that were passed in stay in the host's network; named AF_UNIX sockets do not depend
       * on it, abstract ones do (unix(7)). AF_ALG has no network. */
      .candidates = CANDIDATES(
          { "yes", 186,
            DENIALS(SOCKET_NOT("AF_UNIX AF_ALG"), ABSTRACT_SOCKET, ARGUMENT("namespace", "net"),
                    ARGUMENT("namespace", "any"), TOUCH("/proc/net"), TOUCH("/proc/self/net"),
                    TOUCH("/proc/thread-self/net"), TOUCH("/proc/<pid>/net"),
                    TOUCH("/proc/sys/net"), TOUCH("/sys/class/net"),
                    TOUCH("/sys/devices/virtual/net"), TOUCH("/etc/resolv.conf")) }),
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .forbids = "any network but sockets with a path or passed in" },
    { .name = "RestrictAddressFamilies",
      .since = 211,
      .flags = DIRECTIVE_SECCOMP | DIRECTIVE_LIST,
      .derive = derive_families,
      .blind_spots = { BLIND_ALWAYS, "io_uring" },
      .forbids = "sockets of other address families" },
    { .name = "IPAddressDeny",
      .since = 235,
      .flags = DIRECTIVE_LIST | DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_ip_deny,
      .blind_spots = { BLIND_ALWAYS, "io_uring", "unreadable-memory" },
      .forbids = "IP packets to and from other addresses" },
    { .name = "IPAddressAllow",
      .since = 235,
      .flags = DIRECTIVE_LIST | DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_ip_allow,
      .blind_spots = { BLIND_ALWAYS, "io_uring", "unreadable-memory" },
      .forbids = "nothing itself: it names the exceptions of IPAddressDeny=" },

    /* ---- system calls ---- */
    { .name = "SystemCallArchitectures",
      .since = 209,
      .flags = DIRECTIVE_SECCOMP | DIRECTIVE_LIST,
      .derive = derive_architectures,
      .blind_spots = { BLIND_ALWAYS },
      .forbids = "system calls of other ABIs (the process is killed)" },
    { .name = "SystemCallFilter",
      .since = 187,
      .flags = DIRECTIVE_SECCOMP | DIRECTIVE_LIST,
      .derive = derive_filter,
      .blind_spots = { BLIND_ALWAYS },
      .widened_by = { "own-seccomp-filter" },
      .forbids = "every system call that is not listed" },
    { .name = "SystemCallErrorNumber",
      .since = 209,
      .derive = derive_error_number,
      .blind_spots = { BLIND_ALWAYS },
      .forbids = "nothing itself: it says how SystemCallFilter= refuses" },
};

const size_t directive_count = ELEMENTS_OF(directive_table);
