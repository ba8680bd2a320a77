// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The directives, in the order in which they are printed. A row says since when systemd knows the
 * directive, what it forbids, which blind spots forbid it, and who derives its value.
 * docs/ADDING_A_DIRECTIVE.md says how to add one.
 */
#include "systemd/directive_table.h"
#include "systemd/calls/calls_rows.h"
#include "systemd/core/derive.h"
#include "systemd/core/directive.h"
#include "systemd/core/veto.h"
#include "systemd/filesystem/filesystem.h"
#include "systemd/filesystem/filesystem_rows.h"
#include "systemd/network/network_rows.h"
#include "systemd/rows/rows.h"
#include <stddef.h>

#define CANDIDATES(...) ((const struct candidate[]){ __VA_ARGS__, { 0 } })
#define VETOES(...)     ((const struct veto[]){ __VA_ARGS__, { 0 } })

#define SYSCALL(call)                                                                              \
    {                                                                                              \
        VETO_SYSCALL, call, NULL                                                                   \
    }
#define SYSCALL_ON(call, arch)                                                                     \
    {                                                                                              \
        VETO_SYSCALL, call, arch                                                                   \
    }
#define SYSCALL_KNOWN(call)                                                                        \
    {                                                                                              \
        VETO_SYSCALL_KNOWN, call, NULL                                                             \
    }
#define ARGUMENT(topic, value)                                                                     \
    {                                                                                              \
        VETO_ARGUMENT, topic, value                                                                \
    }
#define ARGUMENT_DONE(topic, value)                                                                \
    {                                                                                              \
        VETO_ARGUMENT_DONE, topic, value                                                           \
    }
#define ARGUMENT_NOT(topic, words)                                                                 \
    {                                                                                              \
        VETO_ARGUMENT_OTHER, topic, words                                                          \
    }
#define PROGRAM(property)                                                                          \
    {                                                                                              \
        VETO_PROGRAM, property, NULL                                                               \
    }
#define SOCKET_NOT(families)                                                                       \
    {                                                                                              \
        VETO_SOCKET_OTHER, families, NULL                                                          \
    }
#define ABSTRACT_SOCKET                                                                            \
    {                                                                                              \
        VETO_ABSTRACT_SOCKET, "", NULL                                                             \
    }
#define CAPABILITY(name)                                                                           \
    {                                                                                              \
        VETO_CAPABILITY, name, NULL                                                                \
    }
#define READ(path)                                                                                 \
    {                                                                                              \
        VETO_READ, path, NULL                                                                      \
    }
#define TOUCH(path)                                                                                \
    {                                                                                              \
        VETO_TOUCH, path, NULL                                                                     \
    }
#define WRITE(path)                                                                                \
    {                                                                                              \
        VETO_WRITE, path, NULL                                                                     \
    }
/* A write below `path`, but not below one of `places`. */
#define WRITE_BUT(path, places)                                                                    \
    {                                                                                              \
        VETO_WRITE, path, places                                                                   \
    }
#define MAP(path)                                                                                  \
    {                                                                                              \
        VETO_MAP, path, NULL                                                                       \
    }
/* For what gives the service a mount namespace: nobody else would see its mounts. */
#define MOUNTS                                                                                     \
    {                                                                                              \
        VETO_MOUNT, "/", NULL                                                                      \
    }

const struct directive directive_table[] = {
    /* ---- privileges ---- */
    { .name = "NoNewPrivileges",
      .since = 187,
      .derive = derive_candidate,
      .candidates = CANDIDATES({ "yes", 187, veto_gaining }),
      .blind_spots = { BLIND_ALWAYS },
      .forbids = "gaining privileges by executing a set-id program or one with file capabilities" },
    { .name = "CapabilityBoundingSet",
      .since = 186, /* at the latest */
      .flags = DIRECTIVE_LIST | DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_bounding_set,
      .blind_spots = { BLIND_ALWAYS, "io_uring", "capability-use" },
      .rule =
          "exactly those that were used: by rules for each call, and by the kernel's own word on "
          "what it asked for; not where the two disagree, nor where root commands of the unit "
          "were not trained",
      .forbids = "every capability that is not listed, to root and set-id programs too" },
    { .name = "AmbientCapabilities",
      .since = 229,
      .flags = DIRECTIVE_LIST | DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_ambient,
      .blind_spots = { BLIND_ALWAYS, "io_uring", "capability-use" },
      .rule = "those of the unit's own that were used, where it gives more",
      .forbids = "starting with capabilities that the service does not use" },
    { .name = "LockPersonality",
      .since = 235,
      .flags = DIRECTIVE_SECCOMP,
      .derive = derive_candidate,
      /* Only what is set already passes; even the query personality(0xffffffff) is refused. */
      .candidates = CANDIDATES({ "yes", 235, VETOES(ARGUMENT_NOT("personality", "0x0")) }),
      .blind_spots = { BLIND_ALWAYS },
      .forbids = "personality(), which changes how the kernel runs a program" },
    { .name = "MemoryDenyWriteExecute",
      .since = 231,
      .flags = DIRECTIVE_SECCOMP,
      .derive = derive_memory,
      /* The filter of before 254, which refuses every mprotect(PROT_EXEC), decides for all targets:
       * it is the stricter one. On x86 it refuses the old mmap as a whole. */
      .candidates = CANDIDATES(
          { "yes", 231,
            VETOES(ARGUMENT("memory", NULL), PROGRAM("exec-stack"), PROGRAM("text-rel"),
                   ARGUMENT_NOT("personality", "0x0 0xffffffff"), SYSCALL_ON("mmap", "x86")) }),
      .blind_spots = { BLIND_ALWAYS },
      .rule = "not where a program or library has a JIT compiler that does not go on without "
              "(LuaJIT, V8, a Java virtual machine, LLVM, PyPy, Guile), whether it compiled or not",
      .forbids = "memory that is or becomes executable after it could be written" },
    { .name = "RestrictNamespaces",
      .since = 233,
      .flags = DIRECTIVE_SECCOMP | DIRECTIVE_LIST,
      .derive = derive_namespaces,
      .blind_spots = { BLIND_ALWAYS, "unreadable-memory" },
      .rule = "\"yes\" when no namespace was made or joined, else the types that were; nothing "
              "when one was joined by no type, or clone3 did what clone cannot",
      .forbids = "making or joining namespaces" },
    { .name = "RestrictRealtime",
      .since = 231,
      .flags = DIRECTIVE_SECCOMP,
      .derive = derive_candidate,
      /* sched_setattr is refused as a whole from 262 on; sched_setparam may raise a priority. */
      .candidates =
          CANDIDATES({ "yes", 231,
                       VETOES(ARGUMENT_NOT("scheduler", "SCHED_OTHER SCHED_BATCH SCHED_IDLE"),
                              SYSCALL("sched_setattr"), SYSCALL("sched_setparam"),
                              /* it sets LimitRTPRIO=0 */
                              ARGUMENT("rlimit", "RLIMIT_RTPRIO"),
                              ARGUMENT("rlimit", "RLIMIT_RTPRIO raise-hard")) }),
      .blind_spots = { BLIND_ALWAYS },
      .forbids = "real-time scheduling" },
    { .name = "RestrictSUIDSGID",
      .since = 242,
      .flags = DIRECTIVE_SECCOMP,
      .derive = derive_candidate,
      /* openat2 fails with ENOSYS under it, and whether its user falls back to openat is only known
       * of a kernel that said so already. */
      .candidates = CANDIDATES(
          { "yes", 242, VETOES(ARGUMENT("setid-mode", NULL), SYSCALL_KNOWN("openat2")) }),
      .blind_spots = { BLIND_ALWAYS },
      .forbids = "making files set-user-id or set-group-id" },

    { .name = "PrivateUsers",
      .since = 232,
      .derive = derive_private_users,
      /* Keyrings belong to a user namespace (keyrings(7)), file owners to those it maps. */
      .candidates = CANDIDATES(
          { "yes", 232,
            VETOES(PROGRAM("set-id"), PROGRAM("file-caps"), ARGUMENT_DONE("ownership", NULL),
                   ARGUMENT_DONE("mknod", "S_IFCHR"), ARGUMENT_DONE("mknod", "S_IFBLK"),
                   ARGUMENT_DONE("namespace", NULL), ARGUMENT_DONE("mount", NULL), MOUNTS,
                   ARGUMENT_DONE("keyring", "KEY_SPEC_USER_KEYRING"),
                   ARGUMENT_DONE("keyring", "KEY_SPEC_USER_SESSION_KEYRING"),
                   ARGUMENT_DONE("keyctl", "KEYCTL_GET_PERSISTENT"), CAPABILITY(""),
                   TOUCH("/proc/<pid>")) },
          { "identity", 257, VETOES({ 0 }) }, { "full", 258, VETOES({ 0 }) }),
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS, "capability-use" },
      .rule = "\"yes\" when no file of another user than root and its own was seen and nobody "
              "asked for a peer's identity; the wider values when only that refuses it; nothing "
              "for what used a capability, or looked at a process outside",
      .forbids = "privileges over what is the host's, and seeing who other users are",
      .never = "self is yes; managed (260): it runs under other ids than the files have" },
    { .name = "KeyringMode",
      .since = 235,
      .derive = derive_candidate,
      /* Both begin with a session keyring of their own, "shared" with the user's keyring linked
       * into it; where a search found a key is not known. */
      .candidates = CANDIDATES(
          { "private", 235,
            VETOES(ARGUMENT_DONE("keyring", "KEY_SPEC_USER_KEYRING"),
                   ARGUMENT_DONE("keyring", "KEY_SPEC_USER_SESSION_KEYRING"),
                   ARGUMENT_DONE("keyctl", "KEYCTL_SEARCH"), ARGUMENT_DONE("key-request", NULL)) },
          { "shared", 235, VETOES(ARGUMENT_DONE("keyring", "KEY_SPEC_USER_SESSION_KEYRING")) }),
      .blind_spots = { BLIND_ALWAYS },
      .forbids = "keys of the user's other services",
      .never = "inherit: it confines nothing" },
    { .name = "UMask",
      .since = 186, /* at the latest */
      .derive = derive_umask,
      .blind_spots = { BLIND_ALWAYS, "io_uring" },
      .rule =
          "0077, 0027 or 0007 where the service sets such a mask itself and what it made before "
          "keeps its permissions; files alone are no evidence: a mask changes only those that "
          "training did not show",
      .forbids = "permissions for others on what it makes" },
    { .name = "RemoveIPC",
      .since = 232,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_remove_ipc,
      .candidates = CANDIDATES(
          { "yes", 232, VETOES(ARGUMENT_DONE("ipc-key", "key"), ARGUMENT_DONE("mqueue", NULL)) }),
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "Not for root; not when shared memory stays in /dev/shm or was there before",
      .forbids = "IPC objects that outlive the service's stop" },
    { .name = "PrivateIPC",
      .since = 248,
      .flags = DIRECTIVE_SYSTEM_ONLY | DIRECTIVE_ANY_ROOT,
      .derive = derive_private_ipc,
      /* Its limits are new ones, too. POSIX shared memory is files and stays (sysvipc(7),
       * mq_overview(7), ipc_namespaces(7)). */
      .candidates =
          CANDIDATES({ "yes", 248,
                       VETOES(ARGUMENT("ipc-key", "key"), SYSCALL("ipc"), ARGUMENT("mqueue", NULL),
                              TOUCH("/dev/mqueue"), TOUCH("/proc/sysvipc"),
                              TOUCH("/proc/sys/fs/mqueue"), TOUCH("/proc/sys/kernel/msgmax"),
                              TOUCH("/proc/sys/kernel/msgmnb"), TOUCH("/proc/sys/kernel/msgmni"),
                              TOUCH("/proc/sys/kernel/sem"), TOUCH("/proc/sys/kernel/shmall"),
                              TOUCH("/proc/sys/kernel/shmmax"), TOUCH("/proc/sys/kernel/shmmni"),
                              TOUCH("/proc/sys/kernel/shm_rmid_forced"), MOUNTS) }),
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "Not when an object was used that the service did not ask for itself",
      .forbids = "System V objects and message queues that others made or could open" },
    { .name = "PrivatePIDs",
      .since = 257,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_private_pids,
      .candidates = CANDIDATES({ "yes", 257, VETOES(ARGUMENT("namespace", "pid"), MOUNTS) }),
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule =
          "For 262 and later (257 was measured to kill such a service at its stop, and of those "
          "between them none could be measured), when a "
          "unit is given that needs no process id (Type=forking, PIDFile=, PAMName=, $MAINPID) "
          "and keeps no StateDirectory= or the like for a DynamicUser=, every run ended by "
          "itself, and no other process was named, looked at or written down in a .pid file",
      .forbids = "seeing and signalling processes that are not the service's own" },

    /* ---- file system: derive_filesystem*.c ---- */
    { .name = "PrivateMounts",
      .since = 239,
      .flags = DIRECTIVE_SYSTEM_ONLY | DIRECTIVE_ANY_ROOT,
      .derive = derive_candidate,
      .candidates = CANDIDATES({ "yes", 239, VETOES(MOUNTS, ARGUMENT_DONE("mount", NULL)) }),
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .forbids = "mounting anything that others see" },
    { .name = "RootDirectory",
      .since = 233,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_root_directory,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "For --filesystem root, and for a view under DynamicUser=yes",
      .forbids = "every use of a path that is not bound into it" },
    { .name = "MountAPIVFS",
      .since = 233,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_mount_api_vfs,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule =
          "\"yes\" when the service needs /proc or /sys in a root of its own, else \"no\" there",
      .forbids = "uses of /proc, /sys and /dev when it is off" },
    { .name = "TemporaryFileSystem",
      .since = 238,
      .flags = DIRECTIVE_LIST | DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_temporary_file_system,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "/ for a view; directories that only have to exist, with the owner and mode that "
              "stat told, and scratch places",
      .forbids = "every use of a path that is not bound into it" },
    { .name = "BindReadOnlyPaths",
      .since = 233,
      .flags = DIRECTIVE_LIST | DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_bind_read_only_paths,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "What was read, executed or looked at: by file, or by directory where files of one "
              "thing lie together, or where others replace them while the service runs "
              "(sockets, what is opened again), or where the directory itself was asked about "
              "(stat, statfs) "
              "and others may look into it; of the directories of all packages' Python modules the "
              "packages "
              "that were imported, the standard library whole; with --filesystem strict what "
              "ExecPaths= names, which would be "
              "writable otherwise",
      .forbids = "changes of what it binds" },
    { .name = "BindPaths",
      .since = 233,
      .flags = DIRECTIVE_LIST | DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_bind_paths,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule =
          "Directories in which names were made, changed or removed, unless systemd provides them",
      .forbids = "nothing: it lets through" },
    { .name = "StateDirectory",
      .since = 235,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_directories,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "A directory that a service of root made itself and left there",
      .forbids = "nothing: it makes a directory of the service's own in /var/lib" },
    { .name = "StateDirectoryMode",
      .since = 235,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_directory_mode,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "The mode that the service gave it",
      .forbids = "nothing: it says the mode of that directory" },
    { .name = "CacheDirectory",
      .since = 235,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_directories,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "A directory that a service of root made itself and left there",
      .forbids = "nothing: it makes a directory of the service's own in /var/cache" },
    { .name = "CacheDirectoryMode",
      .since = 235,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_directory_mode,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "The mode that the service gave it",
      .forbids = "nothing: it says the mode of that directory" },
    { .name = "LogsDirectory",
      .since = 235,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_directories,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "A directory that a service of root made itself and left there",
      .forbids = "nothing: it makes a directory of the service's own in /var/log" },
    { .name = "LogsDirectoryMode",
      .since = 235,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_directory_mode,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "The mode that the service gave it",
      .forbids = "nothing: it says the mode of that directory" },
    { .name = "RuntimeDirectory",
      .since = 235,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_directories,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule =
          "A directory that a service of root made itself and left there, or, of a unit that is "
          "given, found there and makes names in",
      .forbids = "nothing: it makes a directory of the service's own in /run" },
    { .name = "RuntimeDirectoryMode",
      .since = 235,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_directory_mode,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "The mode that the service gave it",
      .forbids = "nothing: it says the mode of that directory" },
    { .name = "ConfigurationDirectory",
      .since = 235,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_directories,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "A directory that a service of root made itself and left there",
      .forbids = "nothing: it makes a directory of the service's own in /etc" },
    { .name = "ConfigurationDirectoryMode",
      .since = 235,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_directory_mode,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "The mode that the service gave it",
      .forbids = "nothing: it says the mode of that directory" },
    { .name = "RuntimeDirectoryPreserve",
      .since = 235,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_directory_preserve,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "\"yes\" with a RuntimeDirectory= that the unit did not have",
      .forbids = "nothing: it keeps what is in that directory" },
    { .name = "InaccessiblePaths",
      .since = 231,
      .flags = DIRECTIVE_LIST | DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_inaccessible_paths,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule =
          "What would come along with the whole file system, with a directory bound whole or "
          "with /run, is "
          "known to be secret, others' or where orders are taken, and was never used. And where "
          "systemd puts a view together: what is bound around that place would show the view "
          "again, writable",
      .forbids = "every use of these paths" },
    { .name = "ProtectSystem",
      .since = 214,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_protect_system,
      /* For the case that entries of / itself were written. */
      .candidates =
          CANDIDATES({ "strict", 232, VETOES(WRITE("/")) },
                     { "full", 214,
                       VETOES(WRITE("/usr"), WRITE("/boot"), WRITE("/efi"), WRITE("/bin"),
                              WRITE("/sbin"), WRITE("/lib"), WRITE("/lib64"), WRITE("/etc")) },
                     { "yes", 214,
                       VETOES(WRITE("/usr"), WRITE("/boot"), WRITE("/efi"), WRITE("/bin"),
                              WRITE("/sbin"), WRITE("/lib"), WRITE("/lib64")) }),
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "\"strict\" unless entries of / itself were written; nothing over an empty root, "
              "which it would cancel",
      .forbids = "writing to the system's directories" },
    { .name = "ReadWritePaths",
      .since = 231,
      .flags = DIRECTIVE_LIST | DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_read_write_paths,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule =
          "Directories in which names were made, changed or removed, unless systemd provides them",
      .forbids = "nothing: it lets through" },
    { .name = "ReadOnlyPaths",
      .since = 231,
      .flags = DIRECTIVE_LIST | DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_read_only_paths,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "/run and the mounts of a private /dev, which ProtectSystem=strict leaves writable, "
              "when nothing was written there",
      .forbids = "writing below these paths" },
    { .name = "NoExecPaths",
      .since = 248,
      .flags = DIRECTIVE_LIST | DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_no_exec_paths,
      /* Code without a name: a removed file's, or one whose protection was changed. */
      .candidates = CANDIDATES(
          { "/", 248, VETOES(ARGUMENT("execute", NULL), ARGUMENT("memory", "make-executable")) }),
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "/ for --filesystem strict, up to systemd 262, the newest on which that was seen to "
              "work, and all that is writable and was not executed from; not when code ran whose "
              "file is not known",
      .forbids = "executing and mapping files below these paths" },
    { .name = "ExecPaths",
      .since = 248,
      .flags = DIRECTIVE_LIST | DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_exec_paths,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "Where NoExecPaths= has /: programs that start the service by file, libraries and "
              "programs that run later by directory",
      .forbids = "nothing: it lets through" },
    { .name = "RestrictFileSystems",
      .since = 250,
      .flags = DIRECTIVE_LIST | DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_filesystem_types,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule =
          "The kinds of file systems that opened files lie on, and those that systemd and the "
          "C library open; other kinds for disks, too, unless --fit is exact. For 257 and newer, "
          "where systemd was built with BPF and the kernel has the bpf security module; not "
          "where systemd could not set it up: in a root of binds, which has no libbpf, and "
          "with PrivateUsers=",
      .forbids = "opening files on other kinds of file systems",
      .never = "a list of what is denied: it would not stop what nobody thought of" },
    { .name = "PrivateTmp",
      .since = 183,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_private_tmp,
      .candidates =
          CANDIDATES({ "disconnected", 257, VETOES({ 0 }) }, { "yes", 183, VETOES({ 0 }) }),
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "Not when an entry was met that was there before, or a socket lies there; "
              "\"disconnected\" when nothing was kept there",
      .forbids = "meeting other programs in /tmp and /var/tmp" },
    { .name = "PrivateDevices",
      .since = 209,
      .flags = DIRECTIVE_SYSTEM_ONLY | DIRECTIVE_SECCOMP,
      .derive = derive_private_devices,
      /* @raw-io and the nodes' making; the nodes themselves are the plan's business. */
      .candidates = CANDIDATES({ "yes", 209, veto_devices }),
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "Not when another device node was used; not where there is no /dev at all",
      .forbids = "device nodes beside null, zero, full, random, urandom, tty and ptys" },
    { .name = "DevicePolicy",
      .since = 208,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_device_policy,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "\"closed\" unless a node was made, or opened outside of /dev; implied by "
              "PrivateDevices=yes",
      .forbids = "opening other device nodes, wherever they lie",
      .never = "strict: systemd itself could not open /dev/null for the service" },
    { .name = "DeviceAllow",
      .since = 208,
      .flags = DIRECTIVE_SYSTEM_ONLY | DIRECTIVE_LIST,
      .derive = derive_device_allow,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "Each other node that was opened, with r and w as it was opened; two nodes of a "
              "class that is numbered as it comes (ttyUSB, sd, snd, ...) stand for the class",
      .forbids = "nothing itself: it names the exceptions of DevicePolicy=" },
    { .name = "ProtectHome",
      .since = 214,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_protect_home,
      .candidates = CANDIDATES(
          { "yes", 214, VETOES(TOUCH("/home"), TOUCH("/root"), TOUCH("/run/user")) },
          { "tmpfs", 238,
            VETOES(READ("/home"), READ("/root"), READ("/run/user"), WRITE("/home"), WRITE("/root"),
                   WRITE("/run/user")) },
          { "read-only", 214, VETOES(WRITE("/home"), WRITE("/root"), WRITE("/run/user")) }),
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "In a view that no home directory is in only yes; elsewhere read-only, too, when "
              "what was written lies in places of ReadWritePaths= below a home",
      .forbids = "uses of /home, /root and /run/user" },
    { .name = "ProtectProc",
      .since = 247,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_proc,
      .proc =
          &(const struct proc_rule){
              "invisible", "default",
              "no other process was looked at: those of other users are hidden", "ptraceable",
              "no other process was looked at: those that it may not trace are hidden (invisible "
              "hides nothing from root's group)",
              offsetof(struct filesystem_plan, other_processes) },
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "Not when another process was looked at, or /proc was listed; not where there is no "
              "/proc. ptraceable where the service starts as root: the kernel shows members of "
              "root's group all that invisible hides",
      .forbids = "seeing processes of other users in /proc",
      .never = "noaccess: who lists processes reads them, too" },
    { .name = "ProcSubset",
      .since = 247,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_proc,
      .proc = &(const struct proc_rule){ "pid", "all", "of /proc only processes were looked at",
                                         NULL, NULL, offsetof(struct filesystem_plan, whole_proc) },
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "Not when anything else of /proc was used; not where there is no /proc",
      .forbids = "everything of /proc but processes" },
    { .name = "ProtectKernelTunables",
      .since = 232,
      .flags = DIRECTIVE_SYSTEM_ONLY | DIRECTIVE_SECCOMP,
      .derive = derive_protect_kernel,
      .candidates = CANDIDATES(
          { "yes", 232,
            VETOES(SYSCALL("_sysctl"), WRITE("/proc/acpi"), WRITE("/proc/apm"),
                   WRITE("/proc/asound"), WRITE("/proc/bus"), WRITE("/proc/fs"), WRITE("/proc/irq"),
                   WRITE("/proc/latency_stats"), WRITE("/proc/mtrr"), WRITE("/proc/scsi"),
                   WRITE("/proc/sys"), WRITE("/proc/sysrq-trigger"), WRITE("/proc/timer_stats"),
                   WRITE_BUT("/sys", "/sys/fs/cgroup /sys/fs/selinux"), TOUCH("/proc/kallsyms"),
                   TOUCH("/proc/kcore")) }),
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "Not where there is no /proc",
      .forbids = "changing kernel variables below /proc/sys and /sys" },
    { .name = "ProtectControlGroups",
      .since = 232,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_protect_kernel,
      /* In a cgroup namespace the service's own group is the root: its names for it change. */
      .candidates =
          CANDIDATES({ "strict", 257,
                       VETOES(TOUCH("/sys/fs/cgroup"), TOUCH("/proc/self/cgroup"),
                              TOUCH("/proc/thread-self/cgroup"), TOUCH("/proc/<pid>/cgroup"),
                              ARGUMENT("namespace", "cgroup")) },
                     { "yes", 232, VETOES(WRITE("/sys/fs/cgroup")) }),
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "Not where there is no /proc",
      .forbids = "changing control groups",
      .never = "private (257): what it wrote would have other names" },
    { .name = "PrivateBPF",
      .since = 258,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_private_bpf,
      .candidates =
          CANDIDATES({ "yes", 258, VETOES(SYSCALL("bpf"), TOUCH("/sys/fs/bpf"), MOUNTS) }),
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "Where the machine of the training has a /sys/fs/bpf and Linux 6.11 or later; not "
              "where there is no /proc",
      .forbids = "BPF programs and maps that others pinned" },

    /* ---- kernel ---- */
    { .name = "ProtectClock",
      .since = 245,
      .flags = DIRECTIVE_SECCOMP | DIRECTIVE_SYSTEM_ONLY | DIRECTIVE_ANY_ROOT,
      .derive = derive_candidate,
      .candidates = CANDIDATES(
          { "yes", 245,
            VETOES(SYSCALL("adjtimex"), SYSCALL("clock_adjtime"), SYSCALL("clock_adjtime64"),
                   SYSCALL("clock_settime"), SYSCALL("clock_settime64"), SYSCALL("settimeofday"),
                   SYSCALL("stime"), ARGUMENT("clock-alarm", NULL), TOUCH("/dev/rtc"),
                   TOUCH("/dev/rtc0"), TOUCH("/dev/rtc1"), CAPABILITY("CAP_SYS_TIME"),
                   CAPABILITY("CAP_WAKE_ALARM")) }),
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .forbids = "setting the clock, reading its adjustment and waking the machine by alarm" },
    { .name = "ProtectHostname",
      .since = 242,
      .flags = DIRECTIVE_SECCOMP | DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_candidate,
      .candidates = CANDIDATES({ "yes", 242,
                                 VETOES(SYSCALL("sethostname"), SYSCALL("setdomainname"),
                                        WRITE("/proc/sys/kernel/hostname"),
                                        WRITE("/proc/sys/kernel/domainname"), MOUNTS) }),
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .forbids = "changing the host name, and seeing later changes of it",
      .never = "private (258): a name it set would reach nobody" },
    { .name = "ProtectKernelLogs",
      .since = 244,
      .flags = DIRECTIVE_SECCOMP | DIRECTIVE_SYSTEM_ONLY | DIRECTIVE_ANY_ROOT,
      .derive = derive_candidate,
      /* It takes CAP_SYSLOG away, without which /proc/kallsyms reads as zeros. */
      .candidates =
          CANDIDATES({ "yes", 244,
                       VETOES(SYSCALL("syslog"), TOUCH("/dev/kmsg"), TOUCH("/proc/kmsg"),
                              TOUCH("/proc/kallsyms"), MOUNTS, CAPABILITY("CAP_SYSLOG")) }),
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .forbids = "the kernel's log" },
    { .name = "ProtectKernelModules",
      .since = 232,
      .flags = DIRECTIVE_SECCOMP | DIRECTIVE_SYSTEM_ONLY | DIRECTIVE_ANY_ROOT,
      .derive = derive_candidate,
      .candidates =
          CANDIDATES({ "yes", 232,
                       VETOES(SYSCALL("init_module"), SYSCALL("finit_module"),
                              SYSCALL("delete_module"), TOUCH("/usr/lib/modules"),
                              TOUCH("/lib/modules"), MOUNTS, CAPABILITY("CAP_SYS_MODULE")) }),
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .forbids = "loading kernel modules and reading their files" },

    /* ---- network ---- */
    { .name = "PrivateNetwork",
      .since = 186, /* at the latest */
      .flags = DIRECTIVE_SYSTEM_ONLY | DIRECTIVE_ANY_ROOT,
      .derive = derive_candidate,
      /* Sockets that were passed in stay in the host's network; named AF_UNIX sockets do not depend
       * on it, abstract ones do (unix(7)). AF_ALG has no network. */
      .candidates = CANDIDATES(
          { "yes", 186,
            VETOES(SOCKET_NOT("AF_UNIX AF_ALG"), ABSTRACT_SOCKET, ARGUMENT("namespace", "net"),
                   ARGUMENT("namespace", "any"), TOUCH("/proc/net"), TOUCH("/proc/self/net"),
                   TOUCH("/proc/thread-self/net"), TOUCH("/proc/<pid>/net"), TOUCH("/proc/sys/net"),
                   TOUCH("/sys/class/net"), TOUCH("/sys/devices/virtual/net"),
                   TOUCH("/etc/resolv.conf"), MOUNTS) }),
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .forbids = "any network but sockets with a path or passed in" },
    { .name = "RestrictAddressFamilies",
      .since = 211,
      .flags = DIRECTIVE_SECCOMP | DIRECTIVE_LIST,
      .derive = derive_families,
      .blind_spots = { BLIND_ALWAYS, "io_uring" },
      .rule = "The families of all sockets that were made, and those that name lookups, logging "
              "and systemd need",
      .forbids = "sockets of other address families" },
    { .name = "IPAddressDeny",
      .since = 235,
      .flags = DIRECTIVE_LIST | DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_ip_deny,
      .blind_spots = { BLIND_ALWAYS, BLIND_PEERS },
      .rule = "\"any\" when who the peers are is known: not for a server that others reach, unless "
              "--peers says so. An address that a name of a life below a day led to is not pinned: "
              "its kind of network stays open, and the others are denied by name",
      .forbids = "IP packets to and from other addresses" },
    { .name = "IPAddressAllow",
      .since = 235,
      .flags = DIRECTIVE_LIST | DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_ip_allow,
      .blind_spots = { BLIND_ALWAYS, BLIND_PEERS },
      .rule = "The peers that were seen, and the fewest networks for many of them (--peer-entries)",
      .forbids = "nothing itself: it names the exceptions of IPAddressDeny=" },
    { .name = "SocketBindDeny",
      .since = 249,
      .flags = DIRECTIVE_LIST | DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_bind_deny,
      .blind_spots = { BLIND_ALWAYS, BLIND_PEERS },
      .rule = "\"any\", where systemd was built with BPF (+BPF_FRAMEWORK): --bpf-framework says so "
              "where the profile does not know",
      .forbids = "binding IP sockets to other ports" },
    { .name = "SocketBindAllow",
      .since = 249,
      .flags = DIRECTIVE_LIST | DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_bind_allow,
      .blind_spots = { BLIND_ALWAYS, BLIND_PEERS },
      .rule = "The ports that sockets were bound to; a whole protocol where the kernel chose one",
      .forbids = "nothing itself: it names the exceptions of SocketBindDeny=" },
    { .name = "RestrictNetworkInterfaces",
      .since = 250,
      .flags = DIRECTIVE_LIST | DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_interfaces,
      .blind_spots = { BLIND_ALWAYS, BLIND_PEERS },
      .rule = "\"lo\" when every peer is on this machine, where systemd was built with BPF",
      .forbids = "packets over other network interfaces",
      .never = "other interfaces: which one leads to a peer is the route's to say" },

    /* ---- system calls ---- */
    { .name = "SystemCallArchitectures",
      .since = 209,
      .flags = DIRECTIVE_SECCOMP | DIRECTIVE_LIST,
      .derive = derive_architectures,
      .blind_spots = { BLIND_ALWAYS },
      .rule = "\"native\" and the other ABIs that were used",
      .forbids = "system calls of other ABIs (the process is killed)" },
    { .name = "SystemCallFilter",
      .since = 187,
      .flags = DIRECTIVE_SECCOMP | DIRECTIVE_LIST,
      .derive = derive_filter,
      .blind_spots = { BLIND_ALWAYS },
      .widened_by = { "own-seccomp-filter" },
      .rule = "The calls that were made, those that stand in for them elsewhere, and what systemd "
              "and the C library need",
      .forbids = "every system call that is not listed" },
    { .name = "SystemCallLog",
      .since = 247,
      .flags = DIRECTIVE_SECCOMP | DIRECTIVE_LIST,
      .derive = derive_log,
      .blind_spots = { BLIND_ALWAYS },
      .widened_by = { "own-seccomp-filter" },
      .rule =
          "With --complain, all but what SystemCallFilter= would list, which is then not written",
      .forbids = "nothing: it logs every system call that is not listed" },
    { .name = "SystemCallErrorNumber",
      .since = 209,
      .derive = derive_error_number,
      .blind_spots = { BLIND_ALWAYS },
      .rule = "EPERM, whenever there is a SystemCallFilter=",
      .forbids = "nothing itself: it says how SystemCallFilter= refuses" },
    { .name = NULL },
};

const size_t directive_count = ELEMENTS_OF(directive_table) - 1;
