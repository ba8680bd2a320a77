/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside decode/: the decoder, its tasks and what it keeps between the begin and the end of a call.
 */
#ifndef CINCH_DECODE_DECODER_H
#define CINCH_DECODE_DECODER_H

#include "decode/net/dns.h"
#include "decode/net/sockaddr.h"
#include "decode/paths/created.h"
#include "decode/paths/resolve.h"
#include "decode/task/cached_call.h"
#include <cinch/decode.h>
#include <uthash.h>

struct role_row; /* a row of the role table: roles/roles.h */
struct capability_rule;

/* What a task may do; shared by those that were made from each other. */
struct privileges {
    struct trace_privileges is;
    unsigned references;
};

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

#endif
