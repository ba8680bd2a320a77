/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside decode/: the decoder, its tasks and what it keeps between the begin and the end of a call.
 */
#ifndef CINCH_DECODE_DECODER_H
#define CINCH_DECODE_DECODER_H

#include "decode/cached_call.h"
#include "decode/net/dns.h"
#include "decode/net/sockaddr.h"
#include "decode/paths/created.h"
#include "decode/paths/resolve.h"
#include "decode/roles/roles.h"
#include "decode/task/capability.h"
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
    bool is_repeatable;
    const struct capability_rule *rules;
    size_t rule_count;
    bool has_succeeded;
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
    bool notifies;             /* connected to the service manager */
    int64_t due_ms;            /* until when an answer, or a word to the manager, may come */
    struct dns_stream answers; /* over a connection */
    UT_hash_handle hh;
};

/* The mask a process makes files under. */
struct umask_state {
    bool is_known; /* it was asked for or set: the process may know the one it was started with */
    bool is_own;   /* it set one of its own */
    unsigned inherited;
};

struct process {
    pid_t tgid;
    struct umask_state umask;
    char *program; /* NULL: not known yet */
    struct fd_entry *fds;
    unsigned task_count;
    bool is_watched;    /* stops at every call, see watch.c */
    bool hears_names;   /* its packets from name servers come by calls that stop anyway */
    bool is_seeded;     /* what it held when it was seized is recorded */
    bool reads_signals; /* it has a descriptor for it, see roles_signal.c */
    bool fills_memory;  /* pages that are not there wait for a thread of its own, see remote.c */
    bool is_expected;   /* has not executed the service's program yet */
    UT_hash_handle hh;
};

struct watch_request {
    pid_t tgid;
    bool on;
};

/* One system call between its begin and its end. */
struct call {
    bool is_active;
    bool is_over; /* it had ended before it was seen */
    bool wants_end;
    bool is_unreadable; /* an argument in memory could not be read */
    struct call_kind *kind;
    const struct role_row *row; /* of the call meant, when kind is a multiplexer */
    const char *name;
    uint64_t number;
    uint64_t registers[ARGUMENT_COUNT]; /* as they stood at entry: tells a restart */
    uint64_t args[ARGUMENT_COUNT];
    int64_t at_ms;
    enum phase phase; /* in which it began */
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
    bool is_known;          /* it succeeded before: its end is not seen */
    bool is_uncertain;      /* a path could not be told */
    unsigned told;          /* what it tells the service manager, should it succeed: TOLD_* */
    uint64_t takes[CAPABILITY_KERNEL]; /* capabilities, should it succeed; by who says so */
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
    struct privileges *privileges; /* NULL: not read yet */
    bool used_capability;          /* one that is known */
    bool is_checked;               /* whether it used any was asked at its end */
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
    uint64_t user_namespace; /* in which the service began, 0: not known */
    bool watches_use;        /* of capabilities: each task is asked at its end */
    bool is_powerless;       /* set-id programs run without their privileges under this tracer */
    bool is_started;   /* the service's first program runs; what came before was not its doing */
    uint8_t *own_pids; /* bitmap of every task id the service ever had */
    unsigned root_generation; /* counts calls that may have moved someone's root */
    unsigned listen_count;
    uint64_t degraded_count;
    char *alias_from, *alias_to; /* NULL: none */
    char *notify_socket;         /* the service manager's, as sockaddr_parse() has it; NULL: none */
    unsigned told;               /* to it, since that was asked for: TOLD_* */
    decoder_inspect *inspect;    /* NULL: none */
    void (*inspect_done)(struct program_fact *fact);
    int taken_signal;                     /* 0: none since it was asked for */
    pid_t taken_by;                       /* its process */
    bool reads_signals;                   /* some process has a descriptor for it */
    struct strings known_peers;           /* of packet sockets, in this phase */
    struct strings known_maps;            /* programs and what they execute from, in this phase */
    size_t name_count;                    /* facts made of answers of name servers */
    struct watch_request *watch_requests; /* queue of decoder_watch */
    size_t watch_count;
    size_t watch_capacity;
    size_t watched_processes;
    struct cached_call *cached_calls; /* by id: calls that may be told again */
    struct cached_call *draft;        /* of the call that is being made; NULL: none */
    uint32_t cached_call_count;
    pid_t *changed_tids; /* queue of decoder_changed */
    size_t changed_count;
    size_t changed_capacity;
    pid_t *filter_tids; /* queue of decoder_own_filter */
    size_t filter_count;
    size_t filter_capacity;
};

/* ---- decoder.c: writing facts ---- */

/* Records a fact seen now in a call (NULL: none). */
void record_fact(struct decoder *decoder, struct task *task, const struct call *call,
                 const struct fact *fact, bool foreign);
void record_argument(struct decoder *decoder, struct task *task, const struct call *call,
                     const char *topic, const char *value, int outcome);
/* `detail` NULL: the task's program. */
void record_blind_spot(struct decoder *decoder, struct task *task, const struct call *call,
                       const char *topic, const char *detail);
/* Whom names, or their permissions, are others to now; 0: perhaps to every task. */
void record_change(struct decoder *decoder, pid_t tid);
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
bool task_paths_is_shared(struct decoder *decoder, struct task *task, const struct call *call);
/* Where a name leads; NULL when it cannot be told. `dirfd` counts for relative names only. */
struct resolved *task_paths_resolve(struct decoder *decoder, struct task *task, int dirfd,
                                    const char *name, unsigned flags);
/* The file behind a descriptor or TRACE_CWD, TRACE_EXE; NULL when it has no name. */
struct resolved *task_paths_descriptor(struct decoder *decoder, const struct task *task, int fd,
                                       bool *ret_deleted);
/* The same for a name as /proc tells it. */
struct resolved *task_paths_text(struct decoder *decoder, const struct task *task, const char *text,
                                 bool *ret_deleted);
/* Something may have moved a task's root or mount namespace. */
void task_paths_changed(struct decoder *decoder, struct task *task);

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

#include "decode/roles/role_kinds.h"

#endif
