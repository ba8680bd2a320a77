/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside decode/: the decoder, its tasks and what it keeps between the begin and the end of a call.
 */
#ifndef CINCH_DECODE_DECODER_H
#define CINCH_DECODE_DECODER_H

#include "decode/created.h"
#include "decode/dns.h"
#include "decode/resolve.h"
#include "decode/roles.h"
#include "decode/sockaddr.h"
#include <cinch/decode.h>
#include <uthash.h>

#define ARGUMENT_COUNT 6

/* A (architecture, number) seen before: its name and row are looked up once. */
struct call_kind {
    struct {
        uint32_t arch;
        uint32_t number;
    } key;
    const char *arch_name;
    const char *name; /* NULL: unknown */
    const struct role_row *row;
    bool wide; /* pointers in memory have eight bytes */
    UT_hash_handle hh;
};

/* What is known of the socket behind a descriptor. */
struct fd_entry {
    int fd;
    int family;
    int type;
    int protocol;
    bool is_ephemeral;   /* not bound to a port by number: the one it has is by chance */
    struct address peer; /* datagram sockets: connected to; host NULL when not */
    uint64_t inode;      /* which socket it is, 0: not known; closing need not be seen then */
    bool sent, received; /* to and from its peer */
    bool is_settled;     /* its peer is told, or need not be */
    bool is_shared;      /* other tasks may use it unseen */
    int64_t connected_ms;
    bool asks_names;           /* connected to a name server */
    int64_t due_ms;            /* until when an answer may come */
    struct dns_stream answers; /* over a connection */
    UT_hash_handle hh;
};

struct process {
    pid_t tgid;
    char *program; /* NULL: not known yet */
    struct fd_entry *fds;
    unsigned task_count;
    bool is_watched;  /* stops at every call, see watch.c */
    bool hears_names; /* its packets from name servers come by calls that stop anyway */
    bool is_seeded;   /* what it held when it was seized is recorded */
    UT_hash_handle hh;
};

struct watch_request {
    pid_t tgid;
    bool on;
};

/* One system call between its begin and its end. */
struct call {
    bool is_active;
    bool wants_end;
    bool is_unreadable; /* an argument in memory could not be read */
    const struct call_kind *kind;
    const struct role_row *row; /* of the call meant, when kind is a multiplexer */
    const char *name;
    uint64_t number;
    uint64_t registers[ARGUMENT_COUNT]; /* as they stood at entry: tells a restart */
    uint64_t args[ARGUMENT_COUNT];
    int64_t at_ms;
    /* set by modifiers */
    uint64_t flags; /* O_*, MS_*, access mode, MAP_* */
    uint64_t open_mode;
    uint64_t open_resolve; /* RESOLVE_* of openat2(2) */
    bool follow, nofollow, empty;
    /* gathered at begin */
    struct resolved *paths[ARGUMENT_COUNT];
    struct address address; /* host NULL: none */
    char *text;             /* an argument read from memory, as its fact will tell it */
    char *target;           /* whose process it is about; NULL: the caller's own, or none's */
    bool set_tid;           /* clone3(2) chose the new task's id */
    bool is_amended;        /* CLONE_UNTRACED was taken away for the time of the call */
    bool is_uncertain;      /* a path could not be told */
};

struct task {
    pid_t tid;
    struct process *process;
    struct call now;
    struct call held; /* interrupted, waits to be restarted */
    bool after_sigreturn;
    int in_host_mounts; /* 1, 0, -1: not asked yet */
    char *root;         /* NULL: not read yet */
    unsigned root_generation;
    UT_hash_handle hh;
};

struct decoder {
    struct profile *profile;
    const struct trace_ops *ops;
    char *run_id;
    enum phase phase;
    int64_t now_ms;
    struct task *tasks;
    struct process *processes;
    struct call_kind *kinds;
    struct created created;
    bool is_powerless; /* set-id programs run without their privileges under this tracer */
    bool is_started;   /* the service's first program runs; what came before was not its doing */
    uint8_t *own_pids; /* bitmap of every task id the service ever had */
    unsigned root_generation; /* counts calls that may have moved someone's root */
    unsigned listen_count;
    uint64_t degraded_count;
    char *alias_from, *alias_to; /* NULL: none */
    decoder_inspect *inspect;    /* NULL: none */
    void (*inspect_done)(struct program_fact *fact);
    int taken_signal;                     /* 0: none since it was asked for */
    pid_t taken_by;                       /* its process */
    struct strings known_peers;           /* of packet sockets, in this phase */
    size_t name_count;                    /* facts made of answers of name servers */
    struct watch_request *watch_requests; /* queue of decoder_watch */
    size_t watch_count;
    size_t watch_capacity;
    size_t watched_processes;
    pid_t *filter_tids; /* queue of decoder_own_filter */
    size_t filter_count;
    size_t filter_capacity;
};

/* ---- decoder.c: writing facts ---- */

/* Records a fact seen now in a call (NULL: none). */
void decoder_see(struct decoder *decoder, struct task *task, const struct call *call,
                 const struct fact *fact, bool foreign);
void decoder_see_argument(struct decoder *decoder, struct task *task, const struct call *call,
                          const char *topic, const char *value, int outcome);
/* `detail` NULL: the task's program. */
void decoder_see_blind_spot(struct decoder *decoder, struct task *task, const struct call *call,
                            const char *topic, const char *detail);
/* Counts something that could not be read in full and records the blind spot. */
void decoder_degrade(struct decoder *decoder, struct task *task, const struct call *call);

/* ---- task.c ---- */

struct task *task_get(struct decoder *decoder, pid_t tid, pid_t tgid);
struct task *task_find(struct decoder *decoder, pid_t tid);
void task_free(struct decoder *decoder, struct task *task);
/* The other threads of a process that executed a program are gone. */
void task_keep_only(struct decoder *decoder, struct task *task);
const char *task_program(struct decoder *decoder, struct task *task);
void task_note_pid(struct decoder *decoder, pid_t pid);
bool task_pid_is_own(const void *decoder, long pid);

struct fd_entry *fd_find(struct process *process, int fd);
/* Replaces what is known of a descriptor. */
struct fd_entry *fd_put(struct process *process, int fd, int family, int type, int protocol);
void fd_copy(struct process *process, int from, int to);
void fd_forget(struct process *process, int fd);
void fd_forget_range(struct process *process, unsigned first, unsigned last);
void fd_inherit(struct process *child, const struct process *parent);

/* ---- remote.c: the task's memory ---- */

/* All of `length` bytes or false. */
bool remote_read(struct decoder *decoder, const struct task *task, uint64_t address, void *buffer,
                 size_t length);
/* A string of less than `limit` bytes; 0, -EFAULT, or -ENAMETOOLONG with the first bytes. */
int remote_string(struct decoder *decoder, const struct task *task, uint64_t address, size_t limit,
                  char **ret_text);

/* ---- view.c: names as a task sees them ---- */

/* Whether the task's paths are the tracer's; records the blind spot when not. */
bool view_is_shared(struct decoder *decoder, struct task *task, const struct call *call);
/* Where a name leads; NULL when it cannot be told. `dirfd` counts for relative names only. */
struct resolved *view_resolve(struct decoder *decoder, struct task *task, int dirfd,
                              const char *name, unsigned flags);
/* The file behind a descriptor or TRACE_CWD, TRACE_EXE; NULL when it has no name. */
struct resolved *view_descriptor(struct decoder *decoder, const struct task *task, int fd,
                                 bool *ret_deleted);
/* The same for a name as /proc tells it. */
struct resolved *view_text(struct decoder *decoder, const struct task *task, const char *text,
                           bool *ret_deleted);
/* Something may have moved a task's root or mount namespace. */
void view_changed(struct decoder *decoder, struct task *task);

/* ---- call.c: the life of a call ---- */

void call_begin(struct decoder *decoder, struct task *task, const struct trace_event *event);
/* `outcome` as in struct fact; `rval` is meant when it is 0. */
void call_finish(struct decoder *decoder, struct task *task, struct call *call, int outcome,
                 int64_t rval);
void call_done(struct call *call);

/* The call ended with a number: its outcome, or an interruption that is no result. */
void call_end(struct decoder *decoder, struct task *task, const struct trace_event *event);
/* Calls that were only counted. */
void call_counted(struct decoder *decoder, const struct trace_count *count);
/* Whether the arguments of a row stand in memory on that architecture. */
bool call_has_memory_args(const struct role_row *row, uint32_t arch);
/* The role of the first argument: what the call is as a whole. */
enum role call_role(const struct call *call);

/* ---- what the roles do; position: which argument ---- */

struct role_context {
    struct decoder *decoder;
    struct task *task;
    struct call *call;
    unsigned position;
    const struct argument_role *argument;
    uint64_t value; /* of the argument */
    int outcome;    /* at the end only */
    int64_t rval;   /* at the end only; 0 unless outcome is 0 */
};

/* Whether a call must stop for an argument. */
enum role_stop { STOP_ALWAYS, STOP_NEVER, STOP_IF };

struct role_kind {
    void (*gather)(struct role_context *context); /* before any begin: modifiers */
    void (*begin)(struct role_context *context);
    void (*end)(struct role_context *context);
    bool wants_end;
    enum role_stop stop;
    enum trace_test stop_test; /* STOP_IF: of this argument */
    uint32_t stop_values[2];   /* any of them; 0: one less */
};

extern const struct role_kind role_kinds[ROLE_COUNT];

/* Value of the argument `offset` places further; 0 beyond the last. */
static inline uint64_t context_next(const struct role_context *context, unsigned offset)
{
    unsigned at = context->position + offset;

    return at < ARGUMENT_COUNT ? context->call->args[at] : 0;
}

/* roles_move.c */
void move_end(struct role_context *context);

/* roles_path.c */
void path_gather_flags(struct role_context *context);
void path_gather_register(struct role_context *context);
void path_gather_how(struct role_context *context);
void path_gather_creat(struct role_context *context);
void path_begin(struct role_context *context);
void path_end(struct role_context *context);
void path_end_access(struct role_context *context);
void path_begin_source(struct role_context *context);
void path_end_root(struct role_context *context);
void path_begin_fd(struct role_context *context);
void path_end_fd(struct role_context *context);
/* Resolves `name`, as the argument's flags say, into the call's paths. */
void path_take(struct role_context *context, const char *name);
/* Records one use of a path. */
void path_see(struct role_context *context, enum path_use use, const struct resolved *resolved);
/* Records the links on the way; once for a path, however many uses it has. */
void path_see_links(struct role_context *context, const struct resolved *resolved);

/* roles_open.c */
void open_end(struct role_context *context);
void open_end_handle(struct role_context *context);

/* roles_socket.c */
void socket_end_create(struct role_context *context);
void socket_end_pair(struct role_context *context);
void socket_begin_address(struct role_context *context);
void socket_end_bind(struct role_context *context);
void socket_end_connect(struct role_context *context);
void socket_end_listen(struct role_context *context);
void socket_end_accept(struct role_context *context);
void socket_inherit(struct decoder *decoder, struct task *task, int fd);
/* The socket behind a descriptor, asked for when not known; NULL when it is none. */
struct fd_entry *socket_find(struct decoder *decoder, struct task *task, const struct call *call,
                             int fd);
/* The inode of the socket behind a descriptor; 0 when it is none or cannot be told. */
uint64_t socket_inode(const struct decoder *decoder, const struct task *task, int fd);
/* The same when it is known to have a peer that packets go to, else NULL; asks for nothing. */
struct fd_entry *socket_known(struct decoder *decoder, struct task *task, int fd);
void socket_see_address(struct role_context *context, enum address_use use,
                        const struct fd_entry *socket, const struct address *address);
/* Parses an address in the task's memory into the call's; its path too. */
void socket_take_address(struct role_context *context, uint64_t at, uint64_t length);
/* An AF_UNIX address names a file, resolved at begin: the fact about it. */
void socket_see_path(struct role_context *context, enum path_use use);
/* Forgets the descriptors an exec closed. */
void socket_after_exec(struct decoder *decoder, struct task *task);

/* roles_message.c */
void message_begin_address(struct role_context *context);
void message_begin_send(struct role_context *context);
void message_end_send(struct role_context *context);
void message_end_send_many(struct role_context *context);
void message_begin_receive(struct role_context *context);
void message_begin_receive_message(struct role_context *context);
void message_end_receive(struct role_context *context);
void message_end_receive_message(struct role_context *context);
void message_end_receive_many(struct role_context *context);
void message_begin_write(struct role_context *context);

/* watch.c: packet sockets with a peer that nothing was sent to yet */
/* The socket is connected to a peer (again). */
void watch_begin(struct decoder *decoder, struct task *task, struct fd_entry *socket);
/* The task's process has a socket that something is awaited of. */
void watch_process(struct decoder *decoder, struct process *process);
/* A child has copies of its parent's sockets. */
void watch_inherit(struct decoder *decoder, struct process *child, struct process *parent);
/* Looks whether the task's process need be watched any longer. */
void watch_check(struct decoder *decoder, struct task *task);
/* Does so for all. */
void watch_check_all(struct decoder *decoder);
/* The last task of a process is gone. */
void watch_end(struct decoder *decoder, struct task *task);

/* roles_fd.c */
void fd_begin_close(struct role_context *context);
void fd_begin_close_range(struct role_context *context);
void fd_begin_dup(struct role_context *context);
void fd_end_dup(struct role_context *context);
void fd_gather_command(struct role_context *context);

/* roles_argument.c */
void argument_end_mode(struct role_context *context);
void argument_end_open_mode(struct role_context *context);
void argument_end_node_mode(struct role_context *context);
void argument_end_personality(struct role_context *context);
void argument_end_policy(struct role_context *context);
void argument_begin_sched_attr(struct role_context *context);
void argument_end_sched_attr(struct role_context *context);
void argument_begin_clock(struct role_context *context);
void argument_end_clock(struct role_context *context);
void argument_end_prctl(struct role_context *context);
void argument_end_seccomp(struct role_context *context);
void argument_end_io_uring(struct role_context *context);
void argument_end_ptrace(struct role_context *context);
void argument_end_signal_wait(struct role_context *context);
void argument_begin_queue(struct role_context *context);
void argument_end_queue(struct role_context *context);

/* roles_privilege.c */
void privilege_begin_target(struct role_context *context);
void privilege_end_target(struct role_context *context);
void privilege_begin_signal(struct role_context *context);
void privilege_end_signal(struct role_context *context);
void privilege_begin_ids(struct role_context *context);
void privilege_end_credentials(struct role_context *context);
void privilege_end_groups(struct role_context *context);
void privilege_begin_capset(struct role_context *context);
void privilege_end_owner(struct role_context *context);
void privilege_begin_limit(struct role_context *context);
void privilege_end_limit(struct role_context *context);
void privilege_begin_socket_option(struct role_context *context);
void privilege_end_socket_option(struct role_context *context);
void privilege_end_keyctl(struct role_context *context);
void privilege_end_ipc_key(struct role_context *context);
void privilege_begin_mount_type(struct role_context *context);
void privilege_end_mount_type(struct role_context *context);
void privilege_begin_ioctl(struct role_context *context);
void privilege_end_ioctl(struct role_context *context);

/* roles_memory.c */
void memory_begin_map(struct role_context *context);
void memory_end_map(struct role_context *context);
void memory_begin_map_fd(struct role_context *context);
void memory_end_map_fd(struct role_context *context);
void memory_begin_protect(struct role_context *context);
void memory_end_protect(struct role_context *context);
void memory_end_shm(struct role_context *context);

/* roles_namespace.c */
void namespace_begin_clone(struct role_context *context);
void namespace_end_clone(struct role_context *context);
void namespace_begin_clone3(struct role_context *context);
void namespace_end_unshare(struct role_context *context);
void namespace_end_setns(struct role_context *context);

/* exec.c */
void exec_begin(struct role_context *context);
void exec_end(struct role_context *context);
/* The program of a task whose exec was not seen. */
void exec_see_running(struct decoder *decoder, struct task *task);
/* A new program runs in the task; its call, when seen, is task->now. */
void exec_happened(struct decoder *decoder, struct task *task);

#endif
