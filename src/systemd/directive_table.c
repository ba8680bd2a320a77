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
#define ARGUMENT(topic, value)                                                                     \
    {                                                                                              \
        DENY_ARGUMENT, topic, value                                                                \
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
    { .name = "LockPersonality",
      .since = 235,
      .flags = DIRECTIVE_SECCOMP,
      .derive = derive_candidate,
      /* Even the query personality(0xffffffff) is refused. */
      .candidates = CANDIDATES({ "yes", 235, DENIALS(SYSCALL("personality")) }),
      .blind_spots = { BLIND_ALWAYS },
      .forbids = "personality(), which changes how the kernel runs a program" },

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
                               ARGUMENT("mknod", "S_IFCHR"), ARGUMENT("mknod", "S_IFBLK")) }),
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .forbids = "device nodes beside null, zero, full, random, urandom, tty and ptys" },
    { .name = "ProtectHome",
      .since = 214,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_protect_home,
      .candidates = CANDIDATES(
          { "yes", 214, DENIALS(TOUCH("/home"), TOUCH("/root"), TOUCH("/run/user")) },
          { "tmpfs", 238, DENIALS(READ("/home"), READ("/root"), READ("/run/user")) },
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

    /* ---- network ---- */

    /* ---- system calls ---- */
};

const size_t directive_count = ELEMENTS_OF(directive_table);
