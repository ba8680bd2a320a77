/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside decode/: what each role does; what roles share. */
#ifndef CINCH_DECODE_ROLE_KINDS_H
#define CINCH_DECODE_ROLE_KINDS_H

#include "decode/paths/resolve.h"
#include "decode/roles/roles.h"
#include "decode/task/decoder.h"

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
enum role_stop {
    STOP_ALWAYS,
    STOP_NEVER,
    STOP_IF,
    STOP_IF_NEW, /* ... in a call that is repeatable; else always */
};

struct role_kind {
    void (*gather)(struct role_context *context); /* before any begin: modifiers */
    void (*begin)(struct role_context *context);
    void (*end)(struct role_context *context);
    bool wants_end;
    enum role_stop stop;
    enum trace_test stop_test; /* STOP_IF: of this argument */
    uint32_t stop_values[2];   /* any of them; 0: one less. TRACE_CLONE: value, high */
    bool stop_next;            /* STOP_IF: the test is of the next argument */
    const uint32_t *passes;    /* STOP_ALWAYS: but for these values, ended by 0; NULL: none */
};

/* Requests of ioctl(2) that say nothing; ended by 0. */
extern const uint32_t privilege_ioctl_common[];
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
void path_record(struct role_context *context, enum path_use use, const struct resolved *resolved);
/* Records the links on the way; once for a path, however many uses it has. */
void path_record_links(struct role_context *context, const struct resolved *resolved);

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
/* The same when it is known to have a peer that packets go to, else NULL; asks for nothing. */
struct fd_entry *socket_known(struct decoder *decoder, struct task *task, int fd);
void socket_record_address(struct role_context *context, enum address_use use,
                           const struct fd_entry *socket, const struct address *address);
/* Parses an address in the task's memory into the call's; its path too. */
void socket_take_address(struct role_context *context, uint64_t at, uint64_t length);
/* An AF_UNIX address names a file, resolved at begin: the fact about it. */
void socket_record_path(struct role_context *context, enum path_use use);
/* Forgets the descriptors an exec closed. */
void socket_after_exec(struct decoder *decoder, struct task *task);

/* roles_faults.c */
/* A descriptor was made by which the process fills pages itself. */
void faults_end_made(struct role_context *context);

/* iovec.c */
/* Copies what lies in `count` pieces (struct iovec), in their order; how many bytes, at most
 * `length`. */
size_t iovec_gather(const struct role_context *context, uint64_t pieces, uint64_t count,
                    void *bytes, size_t length);

/* roles_group.c */
void group_begin_join(struct role_context *context);
void group_end_join(struct role_context *context);

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

/* roles_fd.c */
void fd_begin_close(struct role_context *context);
void fd_begin_close_range(struct role_context *context);
void fd_begin_dup(struct role_context *context);
void fd_end_dup(struct role_context *context);
void fd_gather_command(struct role_context *context);

/* roles_argument.c */
void argument_end_mode(struct role_context *context);
void argument_end_create_mode(struct role_context *context);
void argument_end_open_how(struct role_context *context);
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
void argument_begin_queue(struct role_context *context);
void argument_end_queue(struct role_context *context);

/* roles_create.c */
/* Something was made with these permissions, less the umask. */
void create_record_mode(struct role_context *context, uint64_t mode);
void create_end_umask(struct role_context *context);

/* roles_keyring.c */
void keyring_end_keyctl(struct role_context *context);
void keyring_end(struct role_context *context);
void keyring_begin_request(struct role_context *context);
void keyring_end_request(struct role_context *context);

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
void privilege_begin_peer_option(struct role_context *context);
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
void exec_record_running(struct decoder *decoder, struct task *task);

#endif
