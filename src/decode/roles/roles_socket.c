// SPDX-License-Identifier: LGPL-2.1-or-later
/* Sockets: what is made, bound, connected, listened on and accepted. Packets: roles_message.c. */
#include "decode/paths/resolve.h"
#include "decode/roles/role_kinds.h"
#include "decode/roles/roles_names.h"
#include "decode/roles/roles_notify.h"
#include "decode/task/decoder.h"
#include "decode/task/record.h"
#include "decode/task/remote.h"
#include "decode/task/task.h"
#include "decode/task/task_paths.h"
#include "decode/task/watch_request.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

/* socket(2): the type without SOCK_NONBLOCK and SOCK_CLOEXEC. */
#define SOCKET_TYPE_MASK 0xf

static void socket_see(struct decoder *decoder, struct task *task, const struct call *call,
                       const struct fd_entry *socket, enum socket_origin origin, int outcome)
{
    struct fact fact = { .kind = FACT_SOCKET,
                         .outcome = outcome,
                         .socket = { .family = socket->family,
                                     .type = socket->type,
                                     .protocol = socket->protocol,
                                     .origin = origin } };

    record_fact(decoder, task, call, &fact, false);
}

static struct fd_entry *socket_put(struct decoder *decoder, struct task *task, int fd,
                                   const struct fd_entry *made)
{
    struct fd_entry *entry =
        task_fd_put(task->process, fd, made->family, made->type, made->protocol);

    entry->inode = socket_inode(decoder, task, fd);
    return entry;
}

static struct fd_entry socket_described(const struct role_context *context)
{
    return (struct fd_entry){ .family = (int)context->value,
                              .type = (int)(context_next(context, 1) & SOCKET_TYPE_MASK),
                              .protocol = (int)context_next(context, 2) };
}

void socket_end_create(struct role_context *context)
{
    struct fd_entry made = socket_described(context);

    socket_see(context->decoder, context->task, context->call, &made, SOCKET_CREATED,
               context->outcome);
    if (context->outcome == 0)
        socket_put(context->decoder, context->task, (int)context->rval, &made)->is_ephemeral = true;
}

void socket_end_pair(struct role_context *context)
{
    struct fd_entry made = socket_described(context);
    int fds[2];

    socket_see(context->decoder, context->task, context->call, &made, SOCKET_PAIR,
               context->outcome);
    if (context->outcome == 0 &&
        remote_read(context->decoder, context->task, context_next(context, 3), fds, sizeof(fds)))
        for (int i = 0; i < 2; i++)
            socket_put(context->decoder, context->task, fds[i], &made);
}

static bool socket_is_packets(const struct fd_entry *socket)
{
    return socket->type == SOCK_DGRAM || socket->type == SOCK_RAW;
}

/* A connected peer matters where it is not a connection: packets go there without a name. */
static bool socket_keeps_peer(const struct fd_entry *socket, const struct address *peer)
{
    return socket_is_packets(socket) && (peer->family == AF_INET || peer->family == AF_INET6);
}

/* Asks what a socket is. pidfd_getfd(2) may be refused, by a container's filter or a security
 * module: then it is a socket of which nothing is known. Whether it could be told. */
static bool socket_query(struct decoder *decoder, struct task *task, const struct call *call,
                         int fd, struct trace_socket *ret)
{
    *ret = (struct trace_socket){ 0 };
    int result = decoder->ops->socket_info(decoder->ops->context, task->tid, fd, ret);

    if (result < 0 && result != -ENOTSOCK && result != -EBADF && result != -ESRCH &&
        socket_inode(decoder, task, fd))
        record_blind_spot(decoder, task, call, "unreadable-socket", NULL);
    return result == 0;
}

static struct fd_entry *socket_ask(struct decoder *decoder, struct task *task,
                                   const struct call *call, int fd, struct trace_socket *ret)
{
    struct address peer;

    if (!socket_query(decoder, task, call, fd, ret))
        return NULL;
    const struct fd_entry made = { .family = ret->family,
                                   .type = ret->type,
                                   .protocol = ret->protocol };
    struct fd_entry *entry = socket_put(decoder, task, fd, &made);
    if (ret->peer_length && sockaddr_parse(&ret->peer, ret->peer_length, &peer) == 0) {
        names_connected(decoder, task, entry, &peer);
        if (socket_keeps_peer(entry, &peer)) {
            entry->peer = peer;
            watch_request_begin(decoder, task, entry);
        } else {
            sockaddr_done(&peer);
        }
    }
    return entry;
}

/* Closing is not always seen: the number may mean another socket by now. */
static bool socket_is_same(const struct decoder *decoder, const struct task *task,
                           const struct fd_entry *entry)
{
    return !entry->inode || socket_inode(decoder, task, entry->fd) == entry->inode;
}

struct fd_entry *socket_known(struct decoder *decoder, struct task *task, int fd)
{
    struct fd_entry *entry = task_fd_find(task->process, fd);

    return entry && entry->peer.host && socket_is_same(decoder, task, entry) ? entry : NULL;
}

struct fd_entry *socket_find(struct decoder *decoder, struct task *task, const struct call *call,
                             int fd)
{
    struct fd_entry *entry = task_fd_find(task->process, fd);
    struct trace_socket info;

    if (entry && socket_is_same(decoder, task, entry))
        return entry;
    entry = socket_ask(decoder, task, call, fd, &info);
    if (entry)
        socket_see(decoder, task, call, entry, SOCKET_INHERITED, 0);
    return entry;
}

static bool use_keeps_port(enum address_use use)
{
    return use != ADDRESS_ACCEPT && use != ADDRESS_RECEIVE;
}

void socket_record_address(struct role_context *context, enum address_use use,
                           const struct fd_entry *socket, const struct address *address)
{
    const struct resolved *file = context->call->paths[context->position];
    const char *host = address->is_path && file ? file->path : address->host;

    if (address->family == AF_UNSPEC || (address->family == AF_UNIX && !host[0]))
        return;
    struct fact fact = { .kind = FACT_ADDRESS,
                         .outcome = context->outcome,
                         .address = { .use = use,
                                      .family = address->family,
                                      .type = socket ? socket->type : -1,
                                      .protocol = socket ? socket->protocol : -1,
                                      .host = (char *)(uintptr_t)host,
                                      .port = use_keeps_port(use) ? address->port : 0 } };
    record_fact(context->decoder, context->task, context->call, &fact, false);
}

void socket_take_address(struct role_context *context, uint64_t at, uint64_t length)
{
    struct call *call = context->call;
    unsigned char bytes[SOCKADDR_LIMIT];

    call->wants_end = true;
    if (length > sizeof(bytes))
        return;
    if (!remote_read(context->decoder, context->task, at, bytes, (size_t)length)) {
        call->is_unreadable |= length > 0;
        return;
    }
    if (sockaddr_parse(bytes, (size_t)length, &call->address) == 0 && call->address.is_path &&
        task_paths_is_shared(context->decoder, context->task, call))
        path_take(context, call->address.host);
}

void socket_begin_address(struct role_context *context)
{
    socket_take_address(context, context->value, (uint32_t)context_next(context, 1));
}

void socket_record_path(struct role_context *context, enum path_use use)
{
    const struct resolved *file = context->call->paths[context->position];

    if (!file)
        return;
    path_record_links(context, file);
    path_record(context, use, file);
}

static int socket_fd(const struct role_context *context)
{
    return (int)context->call->args[0];
}

static bool family_has_ports(int family)
{
    return family == AF_INET || family == AF_INET6;
}

void socket_end_bind(struct role_context *context)
{
    struct address *address = &context->call->address;
    const struct resolved *file = context->call->paths[context->position];

    if (!address->host)
        return;
    struct fd_entry *socket =
        socket_find(context->decoder, context->task, context->call, socket_fd(context));
    /* unix(7): binding to no name at all is asking for an abstract one by chance. */
    if (address->family == AF_UNIX && !address->host[0]) {
        free(address->host);
        address->host = mem_strdup("@");
    }
    socket_record_path(context, PATH_BIND);
    socket_record_address(context, ADDRESS_BIND, socket, address);
    if (context->outcome != 0)
        return;
    if (socket)
        socket->is_ephemeral = family_has_ports(address->family) && address->port == 0;
    if (!file)
        return;
    created_add(&context->decoder->created, file->path);
    create_record_mode(context, 0777); /* unix(7): all permissions, less the umask */
}

void socket_end_connect(struct role_context *context)
{
    const struct address *address = &context->call->address;

    if (!address->host)
        return;
    struct fd_entry *socket =
        socket_find(context->decoder, context->task, context->call, socket_fd(context));
    socket_record_path(context, PATH_CONNECT);
    socket_record_address(context, ADDRESS_CONNECT, socket, address);
    if (socket && (context->outcome == 0 || context->outcome == EINPROGRESS))
        names_connected(context->decoder, context->task, socket, address);
    if (context->outcome != 0 || !socket)
        return;
    notify_connected(context->decoder, context->task, socket, address);
    /* connect(2): AF_UNSPEC dissolves the association. */
    sockaddr_done(&socket->peer);
    if (!socket_keeps_peer(socket, address))
        return;
    sockaddr_copy(&socket->peer, address);
    watch_request_begin(context->decoder, context->task, socket);
}

/* Facts about the address a socket has by now, with `port` 0 where it is by chance. */
static void socket_see_local(struct role_context *context, enum address_use use,
                             const struct fd_entry *socket, const struct trace_socket *info)
{
    struct address local;

    if (!info->local_length || sockaddr_parse(&info->local, info->local_length, &local) < 0)
        return;
    if (socket && socket->is_ephemeral && family_has_ports(local.family))
        local.port = 0;
    socket_record_address(context, use, socket, &local);
    sockaddr_done(&local);
}

void socket_end_listen(struct role_context *context)
{
    struct trace_socket info;
    const struct fd_entry *socket =
        socket_find(context->decoder, context->task, context->call, socket_fd(context));

    context->decoder->listen_count += context->outcome == 0;
    if (socket_query(context->decoder, context->task, context->call, socket_fd(context), &info))
        socket_see_local(context, ADDRESS_LISTEN, socket, &info);
}

void socket_end_accept(struct role_context *context)
{
    struct trace_socket info;
    struct address peer;

    if (context->outcome != 0)
        return;
    socket_find(context->decoder, context->task, context->call, socket_fd(context));
    const struct fd_entry *socket =
        socket_ask(context->decoder, context->task, context->call, (int)context->rval, &info);
    if (!socket)
        return;
    socket_see(context->decoder, context->task, context->call, socket, SOCKET_ACCEPTED, 0);
    if (!info.peer_length || sockaddr_parse(&info.peer, info.peer_length, &peer) < 0)
        return;
    socket_record_address(context, ADDRESS_ACCEPT, socket, &peer);
    sockaddr_done(&peer);
}

/* A socket that was there before tracing. One with a name of its own and no peer was made to be
 * listened on: a unit's socket (sd_listen_fds(3)). */
void socket_inherit(struct decoder *decoder, struct task *task, int fd)
{
    struct call none = { .name = "" };
    struct role_context context = { .decoder = decoder, .task = task, .call = &none };
    CLEANUP(free_char) char *text = NULL;
    struct trace_socket info;

    if (decoder->ops->fd_link(decoder->ops->context, task->tid, fd, &text) < 0 ||
        !str_starts_with(text, "socket:") || task_fd_find(task->process, fd))
        return;
    none.at_ms = decoder->now_ms;
    const struct fd_entry *socket = socket_ask(decoder, task, &none, fd, &info);
    if (!socket)
        return;
    socket_see(decoder, task, &none, socket, SOCKET_INHERITED, 0);
    if (!info.peer_length)
        socket_see_local(&context, socket_is_packets(socket) ? ADDRESS_BIND : ADDRESS_LISTEN,
                         socket, &info);
}

void socket_after_exec(struct decoder *decoder, struct task *task)
{
    struct process *process = task->process;
    struct fd_entry *entry, *next;

    process->hears_names = false;
    HASH_ITER (hh, process->fds, entry, next)
        if (!socket_inode(decoder, task, entry->fd))
            task_fd_forget(process, entry->fd);
}
