// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What each role does before, at the begin and at the end of a call, and when it needs the call to
 * stop: always, unless it says otherwise. Calls that say something only about a connected packet
 * socket (write, send, close) never stop for it: while such a socket has a peer that is not known
 * yet, its process stops at every call (socket_watch).
 */
#include "decode/roles/role_kinds.h"
#include "decode/roles/roles.h"
#include "decode/roles/roles_names.h"
#include "decode/roles/roles_signal.h"
#include "decode/task/remote.h"
#include <fcntl.h>
#include <linux/sched.h>
#include <sys/mman.h>
#include <sys/socket.h>

/* clang-format off */
#define NEVER      .stop = STOP_NEVER
#define IF_NEW     .stop = STOP_IF_NEW
/* By clone(2); clone3(2) knows CLONE_NEWTIME too. */
#define NEW_NAMESPACE \
    (CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET)
#define IF(test, ...) .stop = STOP_IF, .stop_test = (test), .stop_values = { __VA_ARGS__ }

const struct role_kind role_kinds[ROLE_COUNT] = {
    [ROLE_NONE]             = { NEVER },
    [ROLE_DIRFD]            = { NEVER },
    [ROLE_SOCKET_FD]        = { NEVER },
    [ROLE_FLAGS]            = { .gather = path_gather_flags, NEVER },
    [ROLE_OPEN_FLAGS]       = { .gather = path_gather_register,
                                IF(TRACE_ANY_BIT, O_CREAT | (O_TMPFILE & ~O_DIRECTORY)) },
    [ROLE_OPEN_HOW]         = { .gather = path_gather_how, .end = argument_end_open_how, NEVER },
    [ROLE_ACCESS_MODE]      = { .gather = path_gather_register, NEVER },
    [ROLE_MOUNT_FLAGS]      = { .gather = path_gather_register, NEVER },
    [ROLE_PATH]             = { .begin = path_begin, .end = path_end, IF_NEW },
    [ROLE_MOVE_TO]          = { .begin = path_begin, .end = move_end },
    [ROLE_OPEN_PATH]        = { .gather = path_gather_creat, .begin = path_begin, .end = open_end, IF_NEW },
    [ROLE_ACCESS_PATH]      = { .begin = path_begin, .end = path_end_access, IF_NEW },
    [ROLE_MOUNT_SOURCE]     = { .begin = path_begin_source, .end = path_end },
    [ROLE_NEW_ROOT]         = { .begin = path_begin, .end = path_end_root },
    [ROLE_EXEC_PATH]        = { .begin = exec_begin, .end = exec_end, .wants_end = true },
    [ROLE_PATH_FD]          = { .begin = path_begin_fd, .end = path_end_fd },
    [ROLE_HANDLE]           = { .end = open_end_handle, .wants_end = true },
    [ROLE_QUEUE_NAME]       = { .begin = argument_begin_queue, .end = argument_end_queue },
    [ROLE_SOCKET_FAMILY]    = { .end = socket_end_create, .wants_end = true },
    [ROLE_PAIR_FAMILY]      = { .end = socket_end_pair, .wants_end = true },
    [ROLE_BIND_ADDRESS]     = { .begin = socket_begin_address, .end = socket_end_bind },
    [ROLE_CONNECT_ADDRESS]  = { .begin = socket_begin_address, .end = socket_end_connect },
    [ROLE_LISTEN_FD]        = { .end = socket_end_listen, .wants_end = true },
    [ROLE_ACCEPT_FD]        = { .end = socket_end_accept, .wants_end = true },
    [ROLE_SEND_ADDRESS]     = { .begin = message_begin_address, .end = message_end_send, IF(TRACE_NOT_ZERO) },
    [ROLE_SEND_MESSAGE]     = { .begin = message_begin_send, .end = message_end_send },
    [ROLE_SEND_MESSAGES]    = { .end = message_end_send_many, .wants_end = true },
    [ROLE_RECEIVE_ADDRESS]  = { .begin = message_begin_receive, .end = message_end_receive, IF(TRACE_NOT_ZERO) },
    [ROLE_RECEIVE_MESSAGE]  = { .begin = message_begin_receive_message,
                                .end = message_end_receive_message },
    [ROLE_RECEIVE_MESSAGES] = { .end = message_end_receive_many, .wants_end = true },
    [ROLE_WRITE_FD]         = { .begin = message_begin_write, .end = message_end_send, NEVER },
    [ROLE_READ_FD]          = { .begin = names_begin_read, .end = names_end_read, NEVER },
    [ROLE_CLOSE_FD]         = { .begin = fd_begin_close, NEVER },
    [ROLE_CLOSE_RANGE]      = { .begin = fd_begin_close_range, .wants_end = true, NEVER },
    [ROLE_DUP_FD]           = { .begin = fd_begin_dup, .end = fd_end_dup },
    [ROLE_FCNTL_FD]         = { .begin = fd_begin_dup, .end = fd_end_dup, NEVER },
    [ROLE_FCNTL_COMMAND]    = { .gather = fd_gather_command, IF(TRACE_EQUAL, F_DUPFD, F_DUPFD_CLOEXEC) },
    [ROLE_MODE]             = { .end = argument_end_mode, NEVER },
    [ROLE_CREATE_MODE]      = { .end = argument_end_create_mode, NEVER },
    [ROLE_UMASK]            = { .end = create_end_umask, .wants_end = true },
    [ROLE_OPEN_MODE]        = { .end = argument_end_open_mode, NEVER },
    [ROLE_NODE_MODE]        = { .end = argument_end_node_mode },
    [ROLE_MAP_PROT]         = { .begin = memory_begin_map, .end = memory_end_map, IF(TRACE_ANY_BIT, PROT_EXEC) },
    [ROLE_MAP_FLAGS]        = { .gather = path_gather_register, NEVER },
    [ROLE_MAP_FD]           = { .begin = memory_begin_map_fd, .end = memory_end_map_fd, NEVER },
    [ROLE_PROTECT]          = { .begin = memory_begin_protect, .end = memory_end_protect, IF(TRACE_ANY_BIT, PROT_EXEC) },
    [ROLE_SHM_FLAGS]        = { .end = memory_end_shm, .wants_end = true },
    [ROLE_CLONE_FLAGS]      = { .begin = namespace_begin_clone, .end = namespace_end_clone,
                                IF(TRACE_ANY_BIT, NEW_NAMESPACE | CLONE_UNTRACED | CLONE_PIDFD) },
    [ROLE_CLONE_ARGS]       = { .begin = namespace_begin_clone3, .end = namespace_end_clone,
                                IF(TRACE_CLONE, NEW_NAMESPACE | CLONE_NEWTIME | CLONE_UNTRACED | CLONE_PIDFD,
                                   CLONE_INTO_CGROUP >> 32) },
    [ROLE_UNSHARE_FLAGS]    = { .end = namespace_end_unshare, .wants_end = true },
    [ROLE_SETNS_TYPE]       = { .end = namespace_end_setns, .wants_end = true },
    [ROLE_PERSONALITY]      = { .end = argument_end_personality, .wants_end = true },
    [ROLE_POLICY]           = { .end = argument_end_policy, .wants_end = true },
    [ROLE_SCHED_ATTR]       = { .begin = argument_begin_sched_attr,
                                .end = argument_end_sched_attr, .wants_end = true },
    [ROLE_CLOCK]            = { .begin = argument_begin_clock, .end = argument_end_clock },
    [ROLE_PRCTL]            = { .end = argument_end_prctl, .wants_end = true },
    [ROLE_SECCOMP]          = { .end = argument_end_seccomp, .wants_end = true },
    [ROLE_SIGNAL_WAIT]      = { .end = signal_end_wait, .wants_end = true },
    [ROLE_SIGNAL_SET]       = { .begin = signal_begin_descriptor, .end = signal_end_descriptor },
    [ROLE_IO_URING]         = { .end = argument_end_io_uring, .wants_end = true },
    [ROLE_PTRACE]           = { .end = argument_end_ptrace, .wants_end = true },
    [ROLE_TARGET]           = { .begin = privilege_begin_target, .end = privilege_end_target,
                                .wants_end = true, IF(TRACE_NOT_ZERO) },
    [ROLE_SIGNAL]           = { .begin = privilege_begin_signal, .end = privilege_end_signal },
    [ROLE_IDS]              = { .begin = privilege_begin_ids, .end = privilege_end_credentials },
    [ROLE_GROUPS]           = { .end = privilege_end_groups, .wants_end = true },
    [ROLE_CAPSET]           = { .begin = privilege_begin_capset,
                                .end = privilege_end_credentials },
    [ROLE_OWNER]            = { .end = privilege_end_owner, .wants_end = true },
    [ROLE_LIMIT]            = { .begin = privilege_begin_limit, .end = privilege_end_limit,
                                .wants_end = true, IF(TRACE_NOT_ZERO), .stop_next = true },
    [ROLE_SOCKET_OPTION]    = { .begin = privilege_begin_socket_option,
                                .end = privilege_end_socket_option },
    [ROLE_GROUP]            = { .begin = group_begin_join, .end = group_end_join, NEVER },
    [ROLE_KEYCTL]           = { .end = keyring_end_keyctl, .wants_end = true },
    [ROLE_KEYRING]          = { .end = keyring_end, .wants_end = true },
    [ROLE_KEY_REQUEST]      = { .begin = keyring_begin_request,
                                .end = keyring_end_request, .wants_end = true },
    /* asm-generic/socket.h: SO_PEERCRED, SO_PEERGROUPS */
    [ROLE_PEER_OPTION]      = { .begin = privilege_begin_peer_option,
                                .end = privilege_end_socket_option, IF(TRACE_EQUAL, SO_PEERCRED, SO_PEERGROUPS) },
    [ROLE_IPC_KEY]          = { .end = privilege_end_ipc_key, .wants_end = true },
    [ROLE_MOUNT_TYPE]       = { .begin = privilege_begin_mount_type,
                                .end = privilege_end_mount_type },
    [ROLE_IOCTL]            = { .begin = privilege_begin_ioctl, .end = privilege_end_ioctl,
                                .passes = privilege_ioctl_common },
    [ROLE_RESTART]          = { .wants_end = true },
    [ROLE_FAULTS]           = { .end = faults_end_made, .wants_end = true },
    [ROLE_OUTCOME]          = { .wants_end = true },
};
/* clang-format on */
