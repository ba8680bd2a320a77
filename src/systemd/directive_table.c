// SPDX-License-Identifier: LGPL-2.1-or-later
/* The directives, in the order in which they are printed. A row has the first systemd version of
 * the directive, what it blocks, the blind spots that rule it out and its derive function.
 * docs/ADDING_A_DIRECTIVE.md says how to add one. */
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
/* For directives that create a mount namespace, in which no other process would see the service's
 * mounts. */
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
      .forbids =
          "gaining privileges through set-user-ID, set-group-ID or file-capability programs" },
    { .name = "CapabilityBoundingSet",
      .since = 186, /* at the latest */
      .flags = DIRECTIVE_LIST | DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_bounding_set,
      .blind_spots = { BLIND_ALWAYS, "io_uring", "capability-use" },
      .rule = "Lists the capabilities that training used, by the rules for each system call and by "
              "the kernel's capability checks. Not set where the two disagree, or where the unit "
              "runs untrained commands as root",
      .forbids = "every capability that is not listed, for root and set-user-ID programs too" },
    { .name = "AmbientCapabilities",
      .since = 229,
      .flags = DIRECTIVE_LIST | DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_ambient,
      .blind_spots = { BLIND_ALWAYS, "io_uring", "capability-use" },
      .rule = "Lists the unit's ambient capabilities that were used, where the unit grants more",
      .forbids = "starting the service with capabilities it does not use" },
    { .name = "LockPersonality",
      .since = 235,
      .flags = DIRECTIVE_SECCOMP,
      .derive = derive_candidate,
      /* Only what is set already passes; even the query personality(0xffffffff) is refused. */
      .candidates = CANDIDATES({ "yes", 235, VETOES(ARGUMENT_NOT("personality", "0x0")) }),
      .blind_spots = { BLIND_ALWAYS },
      .forbids = "personality(2), which changes how the kernel executes a program" },
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
      .rule = "Not set where a program or library contains a JIT compiler that aborts without such "
              "memory, even one that training did not run (LuaJIT, V8, Java, LLVM, PyPy, Guile)",
      .forbids =
          "memory that is writable and executable, or becomes executable after it was writable" },
    { .name = "RestrictNamespaces",
      .since = 233,
      .flags = DIRECTIVE_SECCOMP | DIRECTIVE_LIST,
      .derive = derive_namespaces,
      .blind_spots = { BLIND_ALWAYS, "unreadable-memory" },
      .rule =
          "\"yes\" when no namespace was created or joined, else the types that were. Not set when "
          "setns was called without a type, or when clone3 was used for what clone cannot do",
      .forbids = "creating or joining namespaces" },
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
      .forbids = "making files set-user-ID or set-group-ID" },

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
      .rule = "\"yes\" when training met only files of root and of the service's user, and no "
              "peer's credentials were read; the wider values where only that vetoes \"yes\". Not "
              "set when a capability was used or another process was inspected",
      .forbids = "privileges over the host's objects, and seeing the IDs of other users",
      .never =
          "self (the same as yes); managed (260), because the service would not own its files" },
    { .name = "KeyringMode",
      .since = 235,
      .derive = derive_candidate,
      /* Both start with a new session keyring, "shared" with the user's keyring linked into it. The
         keyring in which a search found a key is unknown. */
      .candidates = CANDIDATES(
          { "private", 235,
            VETOES(ARGUMENT_DONE("keyring", "KEY_SPEC_USER_KEYRING"),
                   ARGUMENT_DONE("keyring", "KEY_SPEC_USER_SESSION_KEYRING"),
                   ARGUMENT_DONE("keyctl", "KEYCTL_SEARCH"), ARGUMENT_DONE("key-request", NULL)) },
          { "shared", 235, VETOES(ARGUMENT_DONE("keyring", "KEY_SPEC_USER_SESSION_KEYRING")) }),
      .blind_spots = { BLIND_ALWAYS },
      .forbids = "keys of other services of the same user",
      .never = "inherit, which blocks nothing" },
    { .name = "UMask",
      .since = 186, /* at the latest */
      .derive = derive_umask,
      .blind_spots = { BLIND_ALWAYS, "io_uring" },
      .rule = "0077, 0027 or 0007 where the service sets such a mask itself and the files created "
              "before it keep their permissions. Files alone are no evidence, because other files "
              "may need other permissions",
      .forbids = "permissions for other users on files the service creates" },
    { .name = "RemoveIPC",
      .since = 232,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_remove_ipc,
      .candidates = CANDIDATES(
          { "yes", 232, VETOES(ARGUMENT_DONE("ipc-key", "key"), ARGUMENT_DONE("mqueue", NULL)) }),
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "Not set for a service that runs as root, or when files in /dev/shm outlive the "
              "service or existed before it",
      .forbids = "IPC objects that outlive the service" },
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
      .rule = "Not set when the service used an object that it did not create",
      .forbids = "System V IPC objects and message queues shared with other programs" },
    { .name = "PrivatePIDs",
      .since = 257,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_private_pids,
      .candidates = CANDIDATES({ "yes", 257, VETOES(ARGUMENT("namespace", "pid"), MOUNTS) }),
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "Written for systemd 262 and later; 257 kills such a service when it stops, and "
              "versions between are untested. Needs a unit (--unit) that uses no process ID "
              "(Type=forking, PIDFile=, PAMName=, $MAINPID) and no StateDirectory= or the like "
              "with DynamicUser=. In training every run must have exited when asked to, and must "
              "not have signalled or inspected other processes or written a .pid file",
      .forbids = "seeing and signalling processes outside the service" },

    /* ---- file system: derive_filesystem*.c ---- */
    { .name = "PrivateMounts",
      .since = 239,
      .flags = DIRECTIVE_SYSTEM_ONLY | DIRECTIVE_ANY_ROOT,
      .derive = derive_candidate,
      .candidates = CANDIDATES({ "yes", 239, VETOES(MOUNTS, ARGUMENT_DONE("mount", NULL)) }),
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .forbids = "mounts that other processes see" },
    { .name = "RootDirectory",
      .since = 233,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_root_directory,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "Written for --filesystem root, and instead of TemporaryFileSystem=/ with "
              "DynamicUser=yes",
      .forbids = "every path that is not bound into the empty root" },
    { .name = "MountAPIVFS",
      .since = 233,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_mount_api_vfs,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "With RootDirectory=, \"yes\" when the service needs /proc or /sys, else \"no\"",
      .forbids = "/proc, /sys and /dev when it is off" },
    { .name = "TemporaryFileSystem",
      .since = 238,
      .flags = DIRECTIVE_LIST | DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_temporary_file_system,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "/ for the empty root; directories that only have to exist, with the owner and mode "
              "that stat returned; empty writable directories",
      .forbids = "every path that is not bound into the empty root" },
    { .name = "BindReadOnlyPaths",
      .since = 233,
      .flags = DIRECTIVE_LIST | DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_bind_read_only_paths,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "Binds what was read, executed or looked up. Binds a whole directory where its files "
              "belong together or are replaced while the service runs. Also where the directory "
              "itself was examined (stat, statfs) and other users may read it. Of "
              "Python's shared package directories it binds the packages that were imported, and "
              "the whole standard library. With --filesystem strict it binds the paths of "
              "ExecPaths=, which would be writable otherwise",
      .forbids = "changes to the paths it binds" },
    { .name = "BindPaths",
      .since = 233,
      .flags = DIRECTIVE_LIST | DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_bind_paths,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "Lists the directories in which the service created, changed or removed entries, "
              "unless systemd provides them",
      .forbids = "nothing; it grants access" },
    { .name = "StateDirectory",
      .since = 235,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_directories,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "Names a directory that a service running as root created and left in place",
      .forbids = "nothing; it creates a directory for the service in /var/lib" },
    { .name = "StateDirectoryMode",
      .since = 235,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_directory_mode,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "The mode that the service gave the directory",
      .forbids = "nothing; it sets the mode of that directory" },
    { .name = "CacheDirectory",
      .since = 235,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_directories,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "Names a directory that a service running as root created and left in place",
      .forbids = "nothing; it creates a directory for the service in /var/cache" },
    { .name = "CacheDirectoryMode",
      .since = 235,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_directory_mode,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "The mode that the service gave the directory",
      .forbids = "nothing; it sets the mode of that directory" },
    { .name = "LogsDirectory",
      .since = 235,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_directories,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "Names a directory that a service running as root created and left in place",
      .forbids = "nothing; it creates a directory for the service in /var/log" },
    { .name = "LogsDirectoryMode",
      .since = 235,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_directory_mode,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "The mode that the service gave the directory",
      .forbids = "nothing; it sets the mode of that directory" },
    { .name = "RuntimeDirectory",
      .since = 235,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_directories,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule =
          "Names a directory that a service running as root created and left in place. With --unit "
          "also a directory that existed before and in which the service creates entries",
      .forbids = "nothing; it creates a directory for the service in /run" },
    { .name = "RuntimeDirectoryMode",
      .since = 235,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_directory_mode,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "The mode that the service gave the directory",
      .forbids = "nothing; it sets the mode of that directory" },
    { .name = "ConfigurationDirectory",
      .since = 235,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_directories,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "Names a directory that a service running as root created and left in place",
      .forbids = "nothing; it creates a directory for the service in /etc" },
    { .name = "ConfigurationDirectoryMode",
      .since = 235,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_directory_mode,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "The mode that the service gave the directory",
      .forbids = "nothing; it sets the mode of that directory" },
    { .name = "RuntimeDirectoryPreserve",
      .since = 235,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_directory_preserve,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "\"yes\" with a RuntimeDirectory= that the unit does not set itself",
      .forbids = "nothing; it keeps the directory when the service stops" },
    { .name = "InaccessiblePaths",
      .since = 231,
      .flags = DIRECTIVE_LIST | DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_inaccessible_paths,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "Hides paths inside a directory that is visible as a whole: secret files, other "
              "services' files and control sockets that the service never used. Also hides the "
              "directory in which systemd assembles the empty root, because it would show that "
              "root again, writable",
      .forbids = "every use of the listed paths" },
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
      .rule = "\"strict\" unless the service changed entries of / itself. Not set with an empty "
              "root, because it would cancel TemporaryFileSystem=/",
      .forbids = "writing to system directories" },
    { .name = "ReadWritePaths",
      .since = 231,
      .flags = DIRECTIVE_LIST | DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_read_write_paths,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "Lists the directories in which the service created, changed or removed entries, "
              "unless systemd provides them",
      .forbids = "nothing; it grants access" },
    { .name = "ReadOnlyPaths",
      .since = 231,
      .flags = DIRECTIVE_LIST | DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_read_only_paths,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "Lists /run and the mounts of a private /dev, which ProtectSystem=strict leaves "
              "writable, when the service wrote nothing there",
      .forbids = "writing below the listed paths" },
    { .name = "NoExecPaths",
      .since = 248,
      .flags = DIRECTIVE_LIST | DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_no_exec_paths,
      /* Code without a file name: of a removed file, or of memory made executable. */
      .candidates = CANDIDATES(
          { "/", 248, VETOES(ARGUMENT("execute", NULL), ARGUMENT("memory", "make-executable")) }),
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "/ for --filesystem strict, up to systemd 262, the newest version it was tested on. "
              "Also every writable path from which nothing was executed. Not set when the service "
              "ran code from an unknown file",
      .forbids = "executing files and mapping code below the listed paths" },
    { .name = "ExecPaths",
      .since = 248,
      .flags = DIRECTIVE_LIST | DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_exec_paths,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "Where NoExecPaths= lists /: the files of the programs that start the service, and "
              "the directories of libraries and of programs that run later",
      .forbids = "nothing; it grants access" },
    { .name = "RestrictFileSystems",
      .since = 250,
      .flags = DIRECTIVE_LIST | DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_filesystem_types,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule =
          "Lists the types of the file systems on which files were opened, and the types systemd "
          "and the C library open. Adds the other disk file systems unless --fit is exact. Needs "
          "systemd 257 or later built with BPF, and a kernel with the bpf security module. Not set "
          "with an empty root, which lacks libbpf, or with PrivateUsers=",
      .forbids = "opening files on other types of file systems",
      .never = "a deny-list, which would miss file systems it does not name" },
    { .name = "PrivateTmp",
      .since = 183,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_private_tmp,
      .candidates =
          CANDIDATES({ "disconnected", 257, VETOES({ 0 }) }, { "yes", 183, VETOES({ 0 }) }),
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "Not set when the service used a file that existed before it started, or created a "
              "socket there. \"disconnected\" when no file outlived the service",
      .forbids = "sharing /tmp and /var/tmp with other programs" },
    { .name = "PrivateDevices",
      .since = 209,
      .flags = DIRECTIVE_SYSTEM_ONLY | DIRECTIVE_SECCOMP,
      .derive = derive_private_devices,
      /* @raw-io and the nodes' making; the nodes themselves are the plan's business. */
      .candidates = CANDIDATES({ "yes", 209, veto_devices }),
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "Not set when another device node was used, or where the service has no /dev",
      .forbids = "device nodes other than null, zero, full, random, urandom, tty and ptys" },
    { .name = "DevicePolicy",
      .since = 208,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_device_policy,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "\"closed\" unless the service created a device node or opened one outside /dev. "
              "PrivateDevices=yes implies it",
      .forbids = "opening other device nodes, in any directory",
      .never = "strict, with which systemd cannot open /dev/null for the service" },
    { .name = "DeviceAllow",
      .since = 208,
      .flags = DIRECTIVE_SYSTEM_ONLY | DIRECTIVE_LIST,
      .derive = derive_device_allow,
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "Lists each other node that was opened, with r and w as it was opened. Two nodes of "
              "a class with dynamic numbers (ttyUSB, sd, snd, ...) list the whole class",
      .forbids = "nothing; it lists the exceptions to DevicePolicy=" },
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
      .rule = "Only \"yes\" in an empty root without home directories. Otherwise also "
              "\"read-only\", when ReadWritePaths= covers what was written below a home directory",
      .forbids = "access to /home, /root and /run/user" },
    { .name = "ProtectProc",
      .since = 247,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_proc,
      .proc =
          &(const struct proc_rule){
              "invisible", "default",
              "hides other users' processes (the service inspected no other process)", "ptraceable",
              "hides processes it may not trace, as it inspected no other process (\"invisible\" "
              "hides nothing from group root)",
              offsetof(struct filesystem_plan, other_processes) },
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "Not set when the service inspected another process or listed /proc, or where it has "
              "no /proc. \"ptraceable\" where the service starts as root, because \"invisible\" "
              "hides nothing from group root",
      .forbids = "seeing other users' processes in /proc",
      .never = "noaccess, because a service that lists processes also reads them" },
    { .name = "ProcSubset",
      .since = 247,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_proc,
      .proc = &(const struct proc_rule){ "pid", "all",
                                         "the service used only the process directories of /proc",
                                         NULL, NULL, offsetof(struct filesystem_plan, whole_proc) },
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "Not set when the service used anything else in /proc, or where it has no /proc",
      .forbids = "everything in /proc except processes" },
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
      .rule = "Not set where the service has no /proc",
      .forbids = "changing kernel settings below /proc/sys and /sys" },
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
      .rule = "Not set where the service has no /proc",
      .forbids = "changing control groups",
      .never = "private (257), in which the control groups the service writes have other paths" },
    { .name = "PrivateBPF",
      .since = 258,
      .flags = DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_private_bpf,
      .candidates =
          CANDIDATES({ "yes", 258, VETOES(SYSCALL("bpf"), TOUCH("/sys/fs/bpf"), MOUNTS) }),
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .rule = "Needs /sys/fs/bpf and Linux 6.11 or later on the training host. Not set where the "
              "service has no /proc",
      .forbids = "BPF programs and maps pinned by other processes" },

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
      .forbids = "setting the clock, reading its adjustment and setting wake-up alarms" },
    { .name = "ProtectHostname",
      .since = 242,
      .flags = DIRECTIVE_SECCOMP | DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_candidate,
      .candidates = CANDIDATES({ "yes", 242,
                                 VETOES(SYSCALL("sethostname"), SYSCALL("setdomainname"),
                                        WRITE("/proc/sys/kernel/hostname"),
                                        WRITE("/proc/sys/kernel/domainname"), MOUNTS) }),
      .blind_spots = { BLIND_ALWAYS, BLIND_PATHS },
      .forbids = "changing the host name, and seeing later changes to it",
      .never = "private (258), with which a host name the service sets has no effect" },
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
      .forbids = "the kernel log" },
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
      .forbids =
          "any network except AF_UNIX sockets with a path and sockets passed to the service" },
    { .name = "RestrictAddressFamilies",
      .since = 211,
      .flags = DIRECTIVE_SECCOMP | DIRECTIVE_LIST,
      .derive = derive_families,
      .blind_spots = { BLIND_ALWAYS, "io_uring" },
      .rule = "Lists the families of all sockets that were created, and those that name lookups, "
              "logging and systemd need",
      .forbids = "sockets of other address families" },
    { .name = "IPAddressDeny",
      .since = 235,
      .flags = DIRECTIVE_LIST | DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_ip_deny,
      .blind_spots = { BLIND_ALWAYS, BLIND_PEERS },
      .rule = "\"any\" when all peers are known; not for a server that other hosts reach, unless "
              "--peers says so. An address from a DNS answer with a TTL below one day is not "
              "listed: its class of network stays open and the other classes are denied",
      .forbids = "IP packets to and from other addresses" },
    { .name = "IPAddressAllow",
      .since = 235,
      .flags = DIRECTIVE_LIST | DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_ip_allow,
      .blind_spots = { BLIND_ALWAYS, BLIND_PEERS },
      .rule = "Lists the observed peers, many of them as the fewest networks that hold them "
              "(--peer-entries)",
      .forbids = "nothing; it lists the exceptions to IPAddressDeny=" },
    { .name = "SocketBindDeny",
      .since = 249,
      .flags = DIRECTIVE_LIST | DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_bind_deny,
      .blind_spots = { BLIND_ALWAYS, BLIND_PEERS },
      .rule = "\"any\" where systemd was built with BPF (+BPF_FRAMEWORK). --bpf-framework says so "
              "where the profile does not",
      .forbids = "binding IP sockets to other ports" },
    { .name = "SocketBindAllow",
      .since = 249,
      .flags = DIRECTIVE_LIST | DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_bind_allow,
      .blind_spots = { BLIND_ALWAYS, BLIND_PEERS },
      .rule = "Lists the ports that sockets were bound to, or a whole protocol where the kernel "
              "chose the port",
      .forbids = "nothing; it lists the exceptions to SocketBindDeny=" },
    { .name = "RestrictNetworkInterfaces",
      .since = 250,
      .flags = DIRECTIVE_LIST | DIRECTIVE_SYSTEM_ONLY,
      .derive = derive_interfaces,
      .blind_spots = { BLIND_ALWAYS, BLIND_PEERS },
      .rule = "\"lo\" when every peer is on this host and systemd was built with BPF",
      .forbids = "packets over other network interfaces",
      .never = "other interfaces, because routing decides which one leads to a peer" },

    /* ---- system calls ---- */
    { .name = "SystemCallArchitectures",
      .since = 209,
      .flags = DIRECTIVE_SECCOMP | DIRECTIVE_LIST,
      .derive = derive_architectures,
      .blind_spots = { BLIND_ALWAYS },
      .rule = "Lists \"native\" and the other ABIs that were used",
      .forbids = "system calls of other ABIs (they kill the process)" },
    { .name = "SystemCallFilter",
      .since = 187,
      .flags = DIRECTIVE_SECCOMP | DIRECTIVE_LIST,
      .derive = derive_filter,
      .blind_spots = { BLIND_ALWAYS },
      .widened_by = { "own-seccomp-filter" },
      .rule = "Lists the calls that were made, the calls that replace them in other versions of a "
              "library, and the calls systemd and the C library need",
      .forbids = "every system call that is not listed" },
    { .name = "SystemCallLog",
      .since = 247,
      .flags = DIRECTIVE_SECCOMP | DIRECTIVE_LIST,
      .derive = derive_log,
      .blind_spots = { BLIND_ALWAYS },
      .widened_by = { "own-seccomp-filter" },
      .rule = "With --complain, logs all calls except those SystemCallFilter= would list, and "
              "replaces SystemCallFilter=",
      .forbids = "nothing; it logs every system call that is not listed" },
    { .name = "SystemCallErrorNumber",
      .since = 209,
      .derive = derive_error_number,
      .blind_spots = { BLIND_ALWAYS },
      .rule = "EPERM, whenever SystemCallFilter= is set",
      .forbids = "nothing; it sets the error with which SystemCallFilter= refuses a call" },
    { .name = NULL },
};

const size_t directive_count = ELEMENTS_OF(directive_table) - 1;
