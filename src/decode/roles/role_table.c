// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What every argument of a system call means: the one place that knows. How to add a call:
 * docs/ADDING_A_SYSCALL.md. Keep the rows sorted (strcmp order); argument orders are those of
 * section 2 of the man pages.
 */
#include "decode/roles/roles.h"
#include "decode/task/decoder.h"
#include <string.h>

/* A field that is not written is zero: that is what keeps the rows readable. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

/* clang-format off */
#define SKIP       { 0 }
#define DIRFD      { ROLE_DIRFD }
#define STAT       { ROLE_PATH, PATH_STAT }
#define LSTAT      { ROLE_PATH, PATH_STAT, PATH_HOW_NOFOLLOW }
#define STAT_FIRST  { ROLE_PATH, PATH_STAT, PATH_HOW_BEFORE }
#define LSTAT_FIRST { ROLE_PATH, PATH_STAT, PATH_HOW_NOFOLLOW | PATH_HOW_BEFORE }
#define SIZE       { ROLE_PATH, PATH_STAT, PATH_HOW_SIZE }
#define WRITE      { ROLE_PATH, PATH_WRITE }
#define LWRITE     { ROLE_PATH, PATH_WRITE, PATH_HOW_NOFOLLOW }
#define WRITE_AT   { ROLE_PATH, PATH_WRITE, PATH_HOW_EMPTY }
#define CREATE     { ROLE_PATH, PATH_CREATE, PATH_HOW_NOFOLLOW | PATH_HOW_CREATES }
#define DELETE     { ROLE_PATH, PATH_DELETE, PATH_HOW_NOFOLLOW }
#define MOVE       { ROLE_MOVE_TO, PATH_CREATE, PATH_HOW_NOFOLLOW | PATH_HOW_CREATES }
#define WATCH      { ROLE_PATH, PATH_LIST, PATH_HOW_EMPTY }
#define MOUNT      { ROLE_PATH, PATH_MOUNT, PATH_HOW_EMPTY }
#define NEW_ROOT(use) { ROLE_NEW_ROOT, use }
#define OPEN       { ROLE_OPEN_PATH }
#define ACCESS     { ROLE_ACCESS_PATH, PATH_STAT }
#define EXEC       { ROLE_EXEC_PATH, PATH_EXECUTE }
#define FD(use)    { ROLE_PATH_FD, use }
#define FD_SIZE    { ROLE_PATH_FD, PATH_STAT, PATH_HOW_SIZE }
#define FLAGS(how) { ROLE_FLAGS, 0, how }
#define MODE       { ROLE_MODE }
#define SOCKET     { ROLE_SOCKET_FD }
#define TARGET     { ROLE_TARGET }
#define SIGNAL(how) { ROLE_SIGNAL, 0, how }
#define UIDS(count, how) { ROLE_IDS, count, how }
#define GIDS(count, how) { ROLE_IDS, count, IDS_HOW_GID | how }
#define OWNER      { ROLE_OWNER }
#define SHORT_OWNER { ROLE_OWNER, 0, IDS_HOW_SHORT }
#define KEYRING    { ROLE_KEYRING }
#define OUTCOME(call) { call, { { ROLE_OUTCOME } } }

const struct role_row role_rows[] = {
    { "accept", { { ROLE_ACCEPT_FD } } },
    { "accept4", { { ROLE_ACCEPT_FD } } },
    { "access", { ACCESS, { ROLE_ACCESS_MODE } } },
    { "acct", { WRITE } },
    { "add_key", { { ROLE_OUTCOME }, SKIP, SKIP, SKIP, KEYRING } },
    OUTCOME("adjtimex"),
    { "bind", { SOCKET, { ROLE_BIND_ADDRESS } } },
    OUTCOME("bpf"),
    { "capset", { { ROLE_CAPSET } } },
    { "chdir", { STAT_FIRST } },
    { "chmod", { WRITE, MODE } },
    { "chown", { WRITE, SHORT_OWNER } },
    { "chown32", { WRITE, OWNER } },
    { "chroot", { NEW_ROOT(PATH_STAT) } },
    OUTCOME("clock_adjtime"),
    OUTCOME("clock_adjtime64"),
    OUTCOME("clock_settime"),
    OUTCOME("clock_settime64"),
    { "clone", { { ROLE_CLONE_FLAGS } } },
    { "clone3", { { ROLE_CLONE_ARGS } } },
    { "close", { { ROLE_CLOSE_FD } } },
    { "close_range", { { ROLE_CLOSE_RANGE } } },
    { "connect", { SOCKET, { ROLE_CONNECT_ADDRESS } } },
    { "creat", { { ROLE_OPEN_PATH, 0, PATH_HOW_CREAT }, { ROLE_OPEN_MODE } } },
    OUTCOME("delete_module"),
    { "dup", { { ROLE_DUP_FD } } },
    { "dup2", { { ROLE_DUP_FD }, { ROLE_CLOSE_FD } } },
    { "dup3", { { ROLE_DUP_FD }, { ROLE_CLOSE_FD } } },
    OUTCOME("epoll_pwait2"),
    { "execve", { EXEC } },
    { "execveat", { DIRFD, EXEC, SKIP, SKIP, FLAGS(FLAGS_AT) } },
    { "faccessat", { DIRFD, ACCESS, { ROLE_ACCESS_MODE } } },
    { "faccessat2", { DIRFD, ACCESS, { ROLE_ACCESS_MODE }, FLAGS(FLAGS_AT) } },
    { "fallocate", { FD(PATH_WRITE) } },
    { "fanotify_mark", { SKIP, FLAGS(FLAGS_MARK), SKIP, DIRFD, WATCH }, .split = 3 },
    { "fchdir", { FD(PATH_STAT) } },
    { "fchmod", { FD(PATH_WRITE), MODE } },
    { "fchmodat", { DIRFD, WRITE, MODE } },
    { "fchmodat2", { DIRFD, WRITE, MODE, FLAGS(FLAGS_AT) } },
    { "fchown", { FD(PATH_WRITE), SHORT_OWNER } },
    { "fchown32", { FD(PATH_WRITE), OWNER } },
    { "fchownat", { DIRFD, WRITE, OWNER, SKIP, FLAGS(FLAGS_AT) } },
    { "fcntl", { { ROLE_FCNTL_FD }, { ROLE_FCNTL_COMMAND } } },
    { "fcntl64", { { ROLE_FCNTL_FD }, { ROLE_FCNTL_COMMAND } } },
    { "file_getattr", { DIRFD, STAT, SKIP, SKIP, FLAGS(FLAGS_AT) } },
    { "file_setattr", { DIRFD, WRITE, SKIP, SKIP, FLAGS(FLAGS_AT) } },
    OUTCOME("finit_module"),
    OUTCOME("fork"),
    { "fremovexattr", { FD(PATH_WRITE) } },
    { "fsetxattr", { FD(PATH_WRITE) } },
    OUTCOME("fsmount"),
    { "fsopen", { { ROLE_MOUNT_TYPE } } },
    { "fspick", { DIRFD, MOUNT, FLAGS(FLAGS_PICK) } },
    { "fstatat64", { DIRFD, STAT, SKIP, FLAGS(FLAGS_AT) } },
    { "fstatfs", { FD_SIZE } },
    { "fstatfs64", { FD_SIZE } },
    { "ftruncate", { FD(PATH_WRITE) } },
    { "ftruncate64", { FD(PATH_WRITE) } },
    { "futimesat", { DIRFD, WRITE_AT } },
    { "getdents", { FD(PATH_LIST) } },
    { "getdents64", { FD(PATH_LIST) } },
    { "getsockopt", { SKIP, SKIP, { ROLE_PEER_OPTION } } },
    { "getxattr", { STAT_FIRST } },
    { "getxattrat", { DIRFD, STAT_FIRST, FLAGS(FLAGS_AT) } },
    OUTCOME("init_module"),
    { "inotify_add_watch", { SKIP, WATCH, FLAGS(FLAGS_WATCH) } },
    OUTCOME("io_pgetevents"),
    { "io_uring_setup", { { ROLE_IO_URING } } },
    { "ioctl", { SKIP, { ROLE_IOCTL } } },
    OUTCOME("ioperm"),
    OUTCOME("iopl"),
    OUTCOME("ioprio_set"),
    { "ipc", { { ROLE_MULTIPLEX, 0, MULTIPLEX_IPC } } },
    { "kcmp", { TARGET } },
    OUTCOME("kexec_file_load"),
    OUTCOME("kexec_load"),
    { "keyctl", { { ROLE_KEYCTL }, KEYRING } },
    { "kill", { SKIP, SIGNAL(SIGNAL_HOW_GROUP) } },
    OUTCOME("landlock_add_rule"),
    OUTCOME("landlock_create_ruleset"),
    OUTCOME("landlock_restrict_self"),
    { "lchown", { LWRITE, SHORT_OWNER } },
    { "lchown32", { LWRITE, OWNER } },
    { "lgetxattr", { LSTAT_FIRST } },
    { "link", { LWRITE, MOVE } },
    { "linkat", { DIRFD, LWRITE, DIRFD, MOVE, FLAGS(FLAGS_AT) } },
    { "listen", { { ROLE_LISTEN_FD } } },
    { "listxattr", { STAT_FIRST } },
    { "listxattrat", { DIRFD, STAT_FIRST, FLAGS(FLAGS_AT) } },
    { "llistxattr", { LSTAT_FIRST } },
    { "lremovexattr", { LWRITE } },
    { "lsetxattr", { LWRITE } },
    { "lstat", { LSTAT } },
    { "lstat64", { LSTAT } },
    OUTCOME("membarrier"),
    OUTCOME("memfd_create"),
    OUTCOME("memfd_secret"),
    { "migrate_pages", { TARGET } },
    { "mkdir", { CREATE, { ROLE_CREATE_MODE } } },
    { "mkdirat", { DIRFD, CREATE, { ROLE_CREATE_MODE } } },
    { "mknod", { CREATE, { ROLE_NODE_MODE } } },
    { "mknodat", { DIRFD, CREATE, { ROLE_NODE_MODE } } },
    OUTCOME("mlock"),
    OUTCOME("mlock2"),
    OUTCOME("mlockall"),
    { "mmap", { SKIP, SKIP, { ROLE_MAP_PROT }, { ROLE_MAP_FLAGS }, { ROLE_MAP_FD } },
      .memory_args = true },
    { "mmap2", { SKIP, SKIP, { ROLE_MAP_PROT }, { ROLE_MAP_FLAGS }, { ROLE_MAP_FD } } },
    { "mount", { { ROLE_MOUNT_SOURCE, PATH_MOUNT }, MOUNT, { ROLE_MOUNT_TYPE, 0, MOUNT_HOW_FLAGS },
                 { ROLE_MOUNT_FLAGS } } },
    { "mount_setattr", { DIRFD, MOUNT, FLAGS(FLAGS_AT) } },
    { "move_mount", { DIRFD, MOUNT, DIRFD, MOUNT } },
    { "move_pages", { TARGET } },
    { "mprotect", { SKIP, SKIP, { ROLE_PROTECT } } },
    { "mq_open", { { ROLE_QUEUE_NAME, 0, QUEUE_HOW_OPEN } } },
    { "mq_unlink", { { ROLE_QUEUE_NAME } } },
    { "msgget", { { ROLE_IPC_KEY } } },
    { "name_to_handle_at", { DIRFD, LSTAT, SKIP, SKIP, FLAGS(FLAGS_AT) } },
    { "newfstatat", { DIRFD, STAT, SKIP, FLAGS(FLAGS_AT) } },
    { "oldlstat", { LSTAT } },
    { "oldstat", { STAT } },
    { "open", { OPEN, { ROLE_OPEN_FLAGS }, { ROLE_OPEN_MODE } } },
    { "open_by_handle_at", { DIRFD, { ROLE_HANDLE }, { ROLE_OPEN_FLAGS } } },
    { "open_tree", { DIRFD, MOUNT, FLAGS(FLAGS_AT) } },
    { "open_tree_attr", { DIRFD, MOUNT, FLAGS(FLAGS_AT) } },
    { "openat", { DIRFD, OPEN, { ROLE_OPEN_FLAGS }, { ROLE_OPEN_MODE } } },
    { "openat2", { DIRFD, OPEN, { ROLE_OPEN_HOW } } },
    OUTCOME("perf_event_open"),
    { "personality", { { ROLE_PERSONALITY } } },
    OUTCOME("pidfd_getfd"),
    { "pidfd_open", { TARGET } },
    { "pidfd_send_signal", { SKIP, SIGNAL(SIGNAL_HOW_PIDFD) } },
    { "pivot_root", { NEW_ROOT(PATH_MOUNT), MOUNT } },
    { "pkey_mprotect", { SKIP, SKIP, { ROLE_PROTECT } } },
    { "prctl", { { ROLE_PRCTL } } },
    { "prlimit64", { TARGET, { ROLE_LIMIT, 0, LIMIT_HOW_WIDE } } },
    { "process_vm_readv", { TARGET } },
    { "process_vm_writev", { TARGET } },
    { "ptrace", { { ROLE_PTRACE }, TARGET } },
    { "quotactl", { SKIP, STAT } },
    { "read", { { ROLE_READ_FD } } },
    { "readlink", { LSTAT_FIRST } },
    { "readlinkat", { DIRFD, { ROLE_PATH, PATH_STAT, PATH_HOW_NOFOLLOW | PATH_HOW_EMPTY | PATH_HOW_BEFORE } } },
    { "readv", { { ROLE_READ_FD, .how = FD_HOW_PIECES } } },
    OUTCOME("reboot"),
    { "recv", { { ROLE_READ_FD } } },
    { "recvfrom", { SOCKET, SKIP, SKIP, SKIP, { ROLE_RECEIVE_ADDRESS } } },
    { "recvmmsg", { SOCKET, { ROLE_RECEIVE_MESSAGES } } },
    { "recvmmsg_time64", { SOCKET, { ROLE_RECEIVE_MESSAGES } } },
    { "recvmsg", { SOCKET, { ROLE_RECEIVE_MESSAGE } } },
    { "removexattr", { WRITE } },
    { "removexattrat", { DIRFD, WRITE, FLAGS(FLAGS_AT) } },
    { "rename", { DELETE, MOVE } },
    { "renameat", { DIRFD, DELETE, DIRFD, MOVE } },
    { "renameat2", { DIRFD, DELETE, DIRFD, MOVE } },
    { "request_key", { { ROLE_KEY_REQUEST }, SKIP, SKIP, KEYRING } },
    { "restart_syscall", { { ROLE_RESTART } } },
    { "rmdir", { DELETE } },
    OUTCOME("rseq"),
    { "rt_sigqueueinfo", { SKIP, SIGNAL(0) } },
    { "rt_sigreturn", { { ROLE_SIGRETURN } } },
    { "rt_sigtimedwait", { { ROLE_SIGNAL_WAIT } } },
    { "rt_sigtimedwait_time64", { { ROLE_SIGNAL_WAIT } } },
    { "rt_tgsigqueueinfo", { SKIP, SKIP, SIGNAL(0) } },
    { "sched_setaffinity", { TARGET } },
    { "sched_setattr", { TARGET, { ROLE_SCHED_ATTR } } },
    { "sched_setparam", { TARGET } },
    { "sched_setscheduler", { TARGET, { ROLE_POLICY } } },
    { "seccomp", { { ROLE_SECCOMP } } },
    { "semget", { { ROLE_IPC_KEY } } },
    { "send", { SOCKET, { ROLE_WRITE_FD } } },
    { "sendfile", { { ROLE_WRITE_FD } } },
    { "sendfile64", { { ROLE_WRITE_FD } } },
    { "sendmmsg", { SOCKET, { ROLE_SEND_MESSAGES } } },
    { "sendmsg", { SOCKET, { ROLE_SEND_MESSAGE } } },
    { "sendto", { SOCKET, SKIP, SKIP, SKIP, { ROLE_SEND_ADDRESS } } },
    OUTCOME("setdomainname"),
    { "setfsgid", { GIDS(1, IDS_HOW_SHORT) } },
    { "setfsgid32", { GIDS(1, 0) } },
    { "setfsuid", { UIDS(1, IDS_HOW_SHORT) } },
    { "setfsuid32", { UIDS(1, 0) } },
    { "setgid", { GIDS(1, IDS_HOW_SHORT) } },
    { "setgid32", { GIDS(1, 0) } },
    { "setgroups", { { ROLE_GROUPS } } },
    { "setgroups32", { { ROLE_GROUPS } } },
    OUTCOME("sethostname"),
    { "setns", { SKIP, { ROLE_SETNS_TYPE } } },
    OUTCOME("setpriority"),
    { "setregid", { GIDS(2, IDS_HOW_SHORT) } },
    { "setregid32", { GIDS(2, 0) } },
    { "setresgid", { GIDS(3, IDS_HOW_SHORT) } },
    { "setresgid32", { GIDS(3, 0) } },
    { "setresuid", { UIDS(3, IDS_HOW_SHORT) } },
    { "setresuid32", { UIDS(3, 0) } },
    { "setreuid", { UIDS(2, IDS_HOW_SHORT) } },
    { "setreuid32", { UIDS(2, 0) } },
    { "setrlimit", { { ROLE_LIMIT } } },
    { "setsockopt", { SOCKET, { ROLE_SOCKET_OPTION }, SKIP, { ROLE_GROUP } } },
    OUTCOME("settimeofday"),
    { "setuid", { UIDS(1, IDS_HOW_SHORT) } },
    { "setuid32", { UIDS(1, 0) } },
    { "setxattr", { WRITE } },
    { "setxattrat", { DIRFD, WRITE, FLAGS(FLAGS_AT) } },
    { "shmat", { SKIP, SKIP, { ROLE_SHM_FLAGS } } },
    { "shmget", { { ROLE_IPC_KEY } } },
    { "signalfd", { SKIP, { ROLE_SIGNAL_SET } } },
    { "signalfd4", { SKIP, { ROLE_SIGNAL_SET } } },
    { "sigreturn", { { ROLE_SIGRETURN } } },
    { "socket", { { ROLE_SOCKET_FAMILY } } },
    { "socketcall", { { ROLE_MULTIPLEX, 0, MULTIPLEX_SOCKET } } },
    { "socketpair", { { ROLE_PAIR_FAMILY } } },
    { "stat", { STAT } },
    { "stat64", { STAT } },
    { "statfs", { SIZE } },
    { "statfs64", { SIZE } },
    { "statx", { DIRFD, STAT, FLAGS(FLAGS_AT) } },
    OUTCOME("stime"),
    { "swapoff", { WRITE } },
    { "swapon", { WRITE } },
    { "symlink", { SKIP, CREATE } },
    { "symlinkat", { SKIP, DIRFD, CREATE } },
    OUTCOME("syslog"),
    { "tgkill", { SKIP, SKIP, SIGNAL(0) } },
    { "timer_create", { { ROLE_CLOCK } } },
    { "timerfd_create", { { ROLE_CLOCK } } },
    { "tkill", { SKIP, SIGNAL(0) } },
    { "truncate", { WRITE } },
    { "truncate64", { WRITE } },
    { "umask", { { ROLE_UMASK } } },
    { "umount", { MOUNT } },
    { "umount2", { MOUNT, FLAGS(FLAGS_UMOUNT) } },
    { "unlink", { DELETE } },
    { "unlinkat", { DIRFD, DELETE } },
    { "unshare", { { ROLE_UNSHARE_FLAGS } } },
    { "uselib", { { ROLE_PATH, PATH_EXECUTE } } },
    { "userfaultfd", { { ROLE_FAULTS } } },
    { "utime", { WRITE } },
    { "utimensat", { DIRFD, WRITE_AT, SKIP, FLAGS(FLAGS_AT) } },
    { "utimensat_time64", { DIRFD, WRITE_AT, SKIP, FLAGS(FLAGS_AT) } },
    { "utimes", { WRITE } },
    OUTCOME("vfork"),
    OUTCOME("vhangup"),
    { "write", { { ROLE_WRITE_FD } } },
    { "writev", { { ROLE_WRITE_FD, .how = FD_HOW_PIECES } } },
};
/* clang-format on */
const size_t role_row_count = ELEMENTS_OF(role_rows);

static int row_order(const void *name, const void *row)
{
    return strcmp(name, ((const struct role_row *)row)->name);
}

const struct role_row *role_row_find(const char *name)
{
    return bsearch(name, role_rows, role_row_count, sizeof(role_rows[0]), row_order);
}
