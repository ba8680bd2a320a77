/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * trace: follows a tree of tasks with ptrace(2) and tells what they do. Knows no fact and no
 * systemd.
 *
 * A tracer is one loop: tracer_next() returns the next event with its task stopped, the caller
 * looks (through struct trace_ops) and hands the event to tracer_resume(). Tracee addresses are
 * uint64_t, never pointers; a short read is normal.
 */
#ifndef CINCH_TRACE_H
#define CINCH_TRACE_H

#include <cinch/base.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>

enum trace_kind {
    TRACE_ENTER,    /* a system call begins: arch, number, args */
    TRACE_EXIT,     /* it ended: rval, is_error; only when asked for at its begin */
    TRACE_EXEC,     /* a new program runs in the task; `former_tid` is the caller's tid before it */
    TRACE_NEW_TASK, /* `tid` is a new task made by `parent` */
    TRACE_LEAVING,  /* the task is about to end, and can be looked at for the last time; only when
                     * tracer_announce_ends() asked for it, and not when it was killed */
    TRACE_GONE,     /* the task ended: `status` as of waitpid(2) when is_leader */
    TRACE_SIGNAL,   /* a signal is about to be delivered: `signal`; resume delivers it */
    TRACE_LOST,     /* the task vanished from us without an end: a blind spot; `detail` says how */
    TRACE_CHILD,    /* an untraced child of the tracer changed state: tid, status */
    TRACE_TICK,     /* nothing happened for a while, or a signal reached the tracer itself */
    TRACE_DONE,     /* no task is left */
};

struct trace_event {
    enum trace_kind kind;
    pid_t tid;
    pid_t tgid;   /* 0 when it could not be read any more */
    pid_t parent; /* TRACE_NEW_TASK */
    pid_t former_tid;
    uint32_t arch; /* AUDIT_ARCH_* */
    uint64_t number;
    uint64_t args[6];
    int64_t rval;
    bool is_error;
    /* TRACE_ENTER: the call ended before it stopped, its TRACE_EXIT comes next; that one tells
     * number and args too, and tracer_remember() may be called then. */
    bool is_over;
    bool is_leader;
    int status;
    int signal;
    const char *detail;
    int64_t at_ms; /* milliseconds since the tracer started */
};

/* What a process held already when it was looked at. */
struct trace_open_file {
    int fd;         /* -1: a mapping */
    unsigned flags; /* O_* of a descriptor, PROT_* of a mapping */
    const char
        *text; /* the descriptor's link, the mapping's file ("" when it has none); borrowed */
};

/* How decode reads a stopped tracee; a seam, so that decode can be tested over plain arrays. */
struct trace_socket {
    int family;
    int type;
    int protocol;
    struct sockaddr_storage local;
    socklen_t local_length;
    struct sockaddr_storage peer; /* peer_length 0 when not connected */
    socklen_t peer_length;
};

/* Ids and capabilities of a task, as capability checks see them (capabilities(7)). */
#define TRACE_GROUPS 64
struct trace_privileges {
    uid_t fsuid;
    gid_t fsgid;
    gid_t groups[TRACE_GROUPS];
    size_t group_count; /* those that found room */
    uint64_t permitted, effective;
    uint64_t user_namespace; /* 0: not known */
};

struct trace_ops {
    void *context;
    /* Copies up to `length` bytes of the task's memory; returns bytes copied (maybe short) or
     * -errno when not even one could be read. */
    ssize_t (*read_memory)(void *context, pid_t tid, uint64_t address, void *buffer, size_t length);
    /* Whether reading so much there may wait for the service's own thread that fills its memory
     * (userfaultfd(2)), which may be waiting for us. Within one page of 4096 bytes. NULL: never. */
    bool (*memory_waits)(void *context, pid_t tid, uint64_t address);
    /* Text of /proc/TID/fd/N, or for `fd` TRACE_CWD, TRACE_ROOT, TRACE_EXE of that link, as the
     * tracer sees it. 0 or -errno. */
    int (*fd_link)(void *context, pid_t tid, int fd, char **ret_target);
    /* Reads the symlink `path` (absolute in the tracer's view) as lying in the task's mount
     * namespace: 0 with its target, -EINVAL when it exists and is no link, -ENOENT, other -errno.
     */
    int (*read_link)(void *context, pid_t tid, const char *path, char **ret_target);
    /* What the socket behind a descriptor is. 0 or -errno. */
    int (*socket_info)(void *context, pid_t tid, int fd, struct trace_socket *ret);
    /* Whether the task lives in the mount namespace that the service was given, where its paths
     * are told: the tracer's own, unless another was made for it before its first instruction. 1,
     * 0, or -errno. */
    int (*same_mount_namespace)(void *context, pid_t tid);
    /* The root of that namespace as a path of the tracer's, "" for its own. NULL: always "". */
    const char *(*root)(void *context, pid_t tid);
    /* The mount point which makes `path` another thing in that namespace than it is on the machine,
     * NULL when none does. NULL: none ever does. */
    const char *(*moved)(void *context, pid_t tid, const char *path);
    /* Reads up to `length` bytes at the start of the file `path` (tracer's view, the task's mount
     * namespace) and its stat; used for #! lines and set-id bits. Bytes or -errno. */
    ssize_t (*read_file)(void *context, pid_t tid, const char *path, void *buffer, size_t length,
                         struct stat *ret_stat);
    /* Calls `visit` for all that the task's process holds: its descriptors and its mappings of
     * files. 0 or -errno. */
    int (*each_open_file)(void *context, pid_t tid,
                          void (*visit)(void *visitor, const struct trace_open_file *holding),
                          void *visitor);
    /* The real, effective and saved ids of a task, or of any process: 0 or -errno. */
    int (*credentials)(void *context, pid_t tid, uid_t ret_uids[3], gid_t ret_gids[3]);
    /* What a task may do. 0 or -errno. NULL where it cannot be asked for. */
    int (*privileges)(void *context, pid_t tid, struct trace_privileges *ret);
    /* Whether a task ever used a capability (PF_SUPERPRIV): 1, 0 or -errno. NULL as above. */
    int (*used_privileges)(void *context, pid_t tid);
    /* lstat(2) of a path as read_file() names it. 0 or -errno. NULL as above. */
    int (*status)(void *context, pid_t tid, const char *path, struct stat *ret);
    /* The capabilities that executing a file gives, or demands (capabilities(7), File
     * capabilities): 0 with a set, maybe empty; or -errno. NULL as above. */
    int (*file_capabilities)(void *context, pid_t tid, const char *path, uint64_t *ret);
    /* The soft and the hard limit of a resource (RLIMIT_*), NULL where they cannot be asked for. 0
     * or -errno. */
    int (*limit)(void *context, pid_t tid, int resource, uint64_t ret[2]);
    /* The two that change the task, both NULL where it only can be looked at: its registers, so
     * that the call it stands in, of that AUDIT_ARCH_*, has `value` as its first argument; and its
     * memory. 0 or -errno. */
    int (*set_first_argument)(void *context, pid_t tid, uint32_t arch, uint64_t value);
    int (*write_memory)(void *context, pid_t tid, uint64_t address, const void *bytes,
                        size_t length);
};

#define TRACE_CWD  (-100) /* AT_FDCWD, on purpose */
#define TRACE_ROOT (-101)
#define TRACE_EXE  (-102)

/*
 * A call that must stop: `number` of this build's own architecture, with an argument that passes
 * the test. Calls of other architectures always stop.
 */
enum trace_test {
    TRACE_ALWAYS,
    TRACE_ANY_BIT,  /* argument & value, of the low 32 bits */
    TRACE_EQUAL,    /* argument == value, of the low 32 bits */
    TRACE_NOT_ZERO, /* argument != 0, of all bits */
    TRACE_UNLESS,   /* stops, but where argument == value (low 32 bits); first of its number's */
    TRACE_AT_END,   /* stops once, when it has ended */
    TRACE_FAILED,   /* the same, when it failed */
    TRACE_NEW_NAME, /* argument names a file in a call like none that was remembered */
    /* argument points to a struct clone_args (clone(2)): the same as TRACE_FAILED, and when a flag
     * of `value` or `high`, or a set_tid, is there once it has ended */
    TRACE_CLONE,
};

struct trace_rule {
    uint32_t number;
    enum trace_test test;
    unsigned argument;
    /* TRACE_NEW_NAME: bits of argument same[1] that let an empty name be none at all, which says
     * nothing. */
    uint32_t value;
    uint32_t high; /* TRACE_CLONE: as `value`, of the flags' upper half */
    /* TRACE_NEW_NAME: what else a like call has in common (low 32 bits), each one more than the
     * argument's position; 0: nothing. */
    unsigned char same[2];
};

/* Calls that were made without a stop. */
struct trace_count {
    uint32_t arch; /* AUDIT_ARCH_* */
    uint32_t number;
    bool succeeded; /* else it is not known how they ended */
    uint64_t count;
    const char *program; /* who made them, "" when not known; valid until the tracer goes */
    int64_t at_ms;       /* when they were told */
};

/* A call that was remembered was made again. */
struct trace_repeat {
    uint32_t id;
    uint64_t count;
    bool is_over; /* it is not remembered any more, and will not be told again */
};

/* A capability that the kernel asked for while the service ran, and that it had. */
struct trace_capability_use {
    int capability;   /* CAP_* */
    uint32_t arch;    /* AUDIT_ARCH_* */
    int64_t number;   /* of the call that asked; -1: none, or of a foreign ABI */
    bool is_outside;  /* none */
    bool is_borrowed; /* asked in the name of another, as overlayfs does of its mounter */
    uint64_t count;
    const char *program; /* "" when not known; valid until the tracer goes */
    int64_t at_ms;       /* when it was told */
};

/* What a service finds around it when it starts (systemd.exec(5)). */
struct trace_surroundings {
    bool inherited;                /* the tracer's own, and only `last` is added */
    struct strings base;           /* NAME=VALUE, before the variables of its user */
    struct strings variables;      /* NAME=VALUE, after them; of one name the last holds */
    struct strings unset;          /* then taken away: NAME, or NAME=VALUE with that value alone */
    struct strings last;           /* NAME=VALUE, after all */
    char *directory;               /* where it starts, absolute */
    bool directory_may_be_missing; /* then it starts in "/" */
    mode_t umask;
    struct {
        bool is_set;
        struct rlimit value;
    } limits[RLIM_NLIMITS];
    bool takes_sigpipe; /* else SIGPIPE is ignored */
};

/* How to start a service. */
struct trace_spawn {
    char *const *argv; /* NULL-terminated; argv[0] looked up in PATH like execvp(3) */
    char *const *envp; /* NULL: the tracer's own */
    const char *user;  /* NULL: unchanged; else initgroups + setresgid + setresuid before exec */
    const char *group; /* in the place of the user's own; NULL: that */
    const struct trace_surroundings *surroundings; /* NULL: the tracer's own */
    bool no_io_uring; /* io_uring_setup(2) fails with ENOSYS, and is not told */
};

struct tracer;

/* Refuses clearly (err) kernels without PTRACE_GET_SYSCALL_INFO (Linux 5.3) and tells which knob
 * denies ptrace. NULL on error. */
struct tracer *tracer_new(struct err *err);
void tracer_free(struct tracer *tracer);
const struct trace_ops *tracer_ops(struct tracer *tracer);

/*
 * What must stop; call it before tracer_spawn. All else goes by without a stop where it can be
 * counted in the kernel (then tracer_next_count tells of it), and stops like the rest where not.
 * Rules may stand in any order; one number may have several.
 */
void tracer_stop_only(struct tracer *tracer, const struct trace_rule *rules, size_t count);
/* Calls of this build's own architecture that are known to be made: where they could not be counted
 * they need not stop for that. Before tracer_stop_only. */
void tracer_take_for_known(struct tracer *tracer, const uint32_t *numbers, size_t count);
/* One kind of calls made without a stop since the last round; false ends the round. Rounds cost
 * little; what is not asked for before the tracer goes is lost. */
bool tracer_next_count(struct tracer *tracer, struct trace_count *ret);
/* A call can be counted as it ends only: the next round tells of those that tasks sleep in as well.
 * Costs some /proc reads per task. */
void tracer_count_under_way(struct tracer *tracer);

/* Where names can be known (TRACE_NEW_NAME): calls of this task's kind that are like the one of
 * `event`, whose TRACE_EXIT it is, need not stop for a while; they are told as `id`. `name` is what
 * its argument named. 0 or -errno. */
int tracer_remember(struct tracer *tracer, const struct trace_event *event, const char *name,
                    uint32_t id) MUST_USE;
/* Forgets all that was remembered: each name stops once again. */
void tracer_forget(struct tracer *tracer);
/* How many calls ended unseen, since their task was killed in that moment. */
uint64_t tracer_lost_calls(const struct tracer *tracer);
/* One call that was made again, as known after tracer_forget(); false ends the round. */
bool tracer_next_repeat(struct tracer *tracer, struct trace_repeat *ret);
/* A task's credentials, root or mounts are others now; tid 0: those of any task. */
void tracer_changed(struct tracer *tracer, pid_t tid);

/*
 * Starts the command stopped before its exec. Returns its pid, or -errno with `err`; the exec
 * itself happens under tracer_next(): an exec that fails shows as tracer_exec_error() after
 * TRACE_GONE.
 */
pid_t tracer_spawn(struct tracer *tracer, const struct trace_spawn *spawn, struct err *err);
/* The errno with which the first exec failed, 0 when it succeeded. */
int tracer_exec_error(const struct tracer *tracer);
/* 0, or -errno with `err` where the start failed before that. */
int tracer_launch_error(const struct tracer *tracer, struct err *err);

/*
 * Seizes a running process with all its threads and descendants, without a filter: they go on at
 * once, and untouched when the tracer ends, however it ends. Tasks that are made meanwhile are
 * followed too. 0, or -errno with `err` when the process itself cannot be traced; *ret_whole tells
 * whether all of the tree could be.
 */
int tracer_attach(struct tracer *tracer, pid_t pid, bool *ret_whole, struct err *err) MUST_USE;
/* Seizes what tracer_attach() could not see yet; call it once the tracer is settled, and again when
 * it was not any more and is. Whether a child will be traced is decided when its maker's call
 * begins (kernel/fork.c, kernel_clone()): whoever was in fork(2) when it was seized makes one that
 * is not. At a task's first stop that is over. Whether all of them could be seized. */
bool tracer_attach_missed(struct tracer *tracer, pid_t pid) MUST_USE;
/* A gate, a single thread that waits for us to tell it to execute the service. */
struct trace_take {
    pid_t pid;
    int pidfd;        /* stands for the same process */
    bool may_filter;  /* the service may end with the tracer */
    bool no_io_uring; /* as in struct trace_spawn */
};

/* A program for seccomp(2): an array of struct sock_filter. */
struct trace_program {
    const void *code;
    size_t bytes;
    bool is_apart; /* to be installed by another thread: the service must not seem to have used a
                    * capability */
};

/* Seizes a gate and stops it; what it does until it executes the service is not the service's. Any
 * number of them may be taken. 0 or -errno with `err`: then it is not traced. */
int tracer_take(struct tracer *tracer, const struct trace_take *take, struct err *err) MUST_USE;
/* One that did not stop in time could not be taken, and is let go as soon as it stops. Call it now
 * and then. */
void tracer_let_go_late(struct tracer *tracer);
/* Lets a gate that was taken go on, once it has been told what to do; or gives it up untraced. */
void tracer_taken(struct tracer *tracer, pid_t pid, bool goes_on);
/* What a gate that was taken is to install, in this order, before it executes the service: how many
 * programs, none when it could not or should not. Valid as long as the tracer. */
size_t tracer_programs(const struct tracer *tracer, pid_t pid, struct trace_program ret[2]);
/* Whether the service would fail without its tracer, so it ends with it: it carries our filter. */
bool tracer_must_stay(const struct tracer *tracer);
/* An attached service, which carries no filter, finds a kernel without io_uring from now on. 0, or
 * -ENOTSUP where that cannot be done. */
int tracer_deny_io_uring(struct tracer *tracer);
/* Where the service's view of the file system begins, as a path of the tracer's: "", or another
 * root for one that its manager gave a view of its own. Valid as long as the tracer. */
const char *tracer_mount_ns_root(const struct tracer *tracer);
/* Whether every seized task has come to its first stop: from there on its calls are seen. */
bool tracer_is_settled(const struct tracer *tracer);
/* Lets every task go at its next stop, which is asked for; tracer_next() goes on to TRACE_DONE.
 * Only for a tracer whose tasks carry no filter. */
void tracer_let_go(struct tracer *tracer);
/* Calls `visit` for every traced task; it must not resume any. */
void tracer_each_task(const struct tracer *tracer,
                      void (*visit)(void *context, pid_t tid, pid_t tgid), void *context);

/* Waits for the next event; its task (if any) is stopped until tracer_resume. 0 or -errno. */
int tracer_next(struct tracer *tracer, struct trace_event *ret, struct err *err);
/* Lets the event's task go on; `want_exit` (TRACE_ENTER only) asks for its TRACE_EXIT. */
void tracer_resume(struct tracer *tracer, const struct trace_event *event, bool want_exit);
/* Milliseconds since the tracer was made, on the clock of every event's at_ms. */
int64_t tracer_elapsed_ms(const struct tracer *tracer);
/* Sends a signal to every traced process. */
void tracer_signal_all(const struct tracer *tracer, int signal);
/* The traced process that has the least pid, 0 when there is none. */
pid_t tracer_eldest(const struct tracer *tracer);
/* Runs this process anywhere again, for before it makes others: the tracer moves itself to the core
 * of whom it traces. */
void tracer_settle(struct tracer *tracer);
/* Whether the process is traced now, or was one of the last that ended. */
bool tracer_knows_process(const struct tracer *tracer, pid_t pid);
/* How many tasks are traced now. */
size_t tracer_task_count(const struct tracer *tracer);
/* How many processes: a process whose first thread has ended is not among them. */
size_t tracer_process_count(const struct tracer *tracer);
/* Has all capabilities counted that the kernel asks the service for, and finds; call it before the
 * service is there. False where the kernel tells no one, or not us. */
bool tracer_watch_capabilities(struct tracer *tracer);
/* One kind of them since the last round; false ends the round. */
bool tracer_next_capability_use(struct tracer *tracer, struct trace_capability_use *ret);
/* Whether none was missed so far for want of room. */
bool tracer_capabilities_are_whole(const struct tracer *tracer);
/* Notices the signals that are sent to a process from now on, and to no other, however it takes
 * them. False where the kernel tells no one, or not us. */
bool tracer_watch_signals(struct tracer *tracer, pid_t pid);
/* One that was sent since it was last asked, 0: none. SIGHUP; SIGTERM, which stands for SIGINT and
 * SIGQUIT too; no others. May be asked at every event. */
int tracer_next_signal(struct tracer *tracer);
/* From the next task on that is made or seized, ends are announced by TRACE_LEAVING. */
void tracer_announce_ends(struct tracer *tracer);
/* Switches a task (and those it makes) to stopping at every call by ptrace alone, for when a
 * filter of the service's own could hide calls from ours: at once if it is running. */
void tracer_stop_everywhere(struct tracer *tracer, pid_t tid, bool is_running);
/* The same for all tasks of a process, each from its next stop on, until it is called off. */
void tracer_watch(struct tracer *tracer, pid_t tgid, bool on);

#endif
