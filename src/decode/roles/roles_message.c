// SPDX-License-Identifier: LGPL-2.1-or-later
/* Packets and where they go to and come from. */
#include "decode/paths/resolve.h"
#include "decode/roles/role_kinds.h"
#include "decode/roles/roles.h"
#include "decode/roles/roles_names.h"
#include "decode/roles/roles_notify.h"
#include "decode/task/decoder.h"
#include "decode/task/remote.h"
#include "decode/task/task.h"
#include <string.h>
#include <sys/socket.h>

/* sendmmsg(2) takes no more (UIO_MAXIOV). */
#define MESSAGE_LIMIT 1024

/* struct msghdr as it lies in a task of either size. */
struct message_wide {
    uint64_t name;
    uint32_t name_length;
    uint32_t pad;
    uint64_t parts[2];
    uint64_t control, control_length;
    uint32_t flags[2];
};

struct message_narrow {
    uint32_t name;
    uint32_t name_length;
    uint32_t parts[2];
    uint32_t control, control_length;
    uint32_t flags;
};

/* struct mmsghdr: the header and a count, padded to the header's alignment. */
#define MESSAGE_STEP_WIDE   (sizeof(struct message_wide) + 8)
#define MESSAGE_STEP_NARROW (sizeof(struct message_narrow) + 4)

struct message {
    uint64_t name; /* address of the peer's address, 0: none */
    uint32_t name_length;
    uint64_t pieces, piece_count; /* struct iovec */
    uint64_t control, control_length;
};

static bool message_read(const struct role_context *context, uint64_t at, struct message *ret)
{
    struct message_wide wide;
    struct message_narrow narrow;

    if (context->call->kind->wide) {
        if (!remote_read(context->decoder, context->task, at, &wide, sizeof(wide)))
            return false;
        *ret = (struct message){ wide.name,     wide.name_length, wide.parts[0],
                                 wide.parts[1], wide.control,     wide.control_length };
        return true;
    }
    if (!remote_read(context->decoder, context->task, at, &narrow, sizeof(narrow)))
        return false;
    *ret = (struct message){ narrow.name,     narrow.name_length, narrow.parts[0],
                             narrow.parts[1], narrow.control,     narrow.control_length };
    return true;
}

static int message_fd(const struct role_context *context)
{
    return (int)context->call->args[0];
}

static struct fd_entry *message_socket(const struct role_context *context)
{
    return socket_find(context->decoder, context->task, context->call, message_fd(context));
}

/* Without a name the packet goes to the peer the socket is connected to. */
static void take_connected(struct role_context *context, const struct fd_entry *socket)
{
    if (!socket || !socket->peer.host)
        return;
    sockaddr_copy(&context->call->address, &socket->peer);
    context->call->wants_end = true;
}

static void take_named_or_connected(struct role_context *context, uint64_t name, uint32_t length)
{
    if (name && length)
        socket_take_address(context, name, length);
    else
        take_connected(context, message_socket(context));
}

void message_begin_address(struct role_context *context)
{
    take_named_or_connected(context, context->value, (uint32_t)context_next(context, 1));
    notify_look(context, context->call->args[1], context->call->args[2]);
}

void message_begin_send(struct role_context *context)
{
    struct message message;

    if (message_read(context, context->value, &message)) {
        take_named_or_connected(context, message.name, message.name_length);
        notify_look_pieces(context, message.pieces, message.piece_count);
    } else {
        context->call->is_unreadable = true;
        context->call->wants_end = true;
    }
}

/* write(2) is too frequent to ask the kernel what it writes to: only known sockets count. */
void message_begin_write(struct role_context *context)
{
    take_connected(context, socket_known(context->decoder, context->task, message_fd(context)));
    if (context->argument->how & FD_HOW_PIECES)
        notify_look_pieces(context, context->call->args[1], context->call->args[2]);
    else
        notify_look(context, context->call->args[1], context->call->args[2]);
}

static void see_sent(struct role_context *context, struct fd_entry *socket,
                     const struct address *address)
{
    /* tcp(7), MSG_FASTOPEN: a stream sends to a name by connecting to it. */
    bool connects = socket && socket->type == SOCK_STREAM;

    if (socket) {
        socket->sent = true;
        names_asked(context->decoder, context->task, socket);
    }
    socket_record_path(context, PATH_CONNECT);
    socket_record_address(context, connects ? ADDRESS_CONNECT : ADDRESS_SEND, socket, address);
}

void message_end_send(struct role_context *context)
{
    notify_sent(context);
    if (context->call->address.host)
        see_sent(context, message_socket(context), &context->call->address);
}

static size_t message_size(const struct role_context *context)
{
    return context->call->kind->wide ? sizeof(struct message_wide) : sizeof(struct message_narrow);
}

static size_t message_step(const struct role_context *context)
{
    return context->call->kind->wide ? MESSAGE_STEP_WIDE : MESSAGE_STEP_NARROW;
}

/* How many of the messages were handled; of a failed call the first one tried. */
static uint64_t message_count(const struct role_context *context)
{
    uint64_t count = context->outcome == 0 ? (uint64_t)context->rval : 1;
    uint32_t given = (uint32_t)context_next(context, 1);

    if (count > given)
        count = given;
    return count < MESSAGE_LIMIT ? count : MESSAGE_LIMIT;
}

static void drop_address(struct role_context *context)
{
    sockaddr_done(&context->call->address);
    resolve_free(context->call->paths[context->position]);
    context->call->paths[context->position] = NULL;
}

void message_end_send_many(struct role_context *context)
{
    uint64_t count = message_count(context);

    for (uint64_t i = 0; i < count; i++) {
        uint64_t at = context->value + i * message_step(context);
        struct message message;
        if (!message_read(context, at, &message)) {
            context->call->is_unreadable = true;
            return;
        }
        take_named_or_connected(context, message.name, message.name_length);
        notify_look_pieces(context, message.pieces, message.piece_count);
        message_end_send(context);
        drop_address(context);
    }
}

/* ---- receiving ---- */

/* Whether where a packet came from says anything: a stream's peer is known by its connection. */
static bool receives_packets(const struct fd_entry *socket)
{
    return !socket || socket->type != SOCK_STREAM;
}

static void want_received(struct role_context *context, uint64_t name)
{
    const struct fd_entry *socket = message_socket(context);

    if ((name && receives_packets(socket)) || (socket && (socket->peer.host || socket->asks_names)))
        context->call->wants_end = true;
}

void message_begin_receive(struct role_context *context)
{
    want_received(context, context->value);
}

/* ---- SCM_RIGHTS, unix(7): descriptors that come with a message ---- */

#define CONTROL_LIMIT 4096

/* The head of struct cmsghdr in a task of either size. */
struct control_head {
    uint64_t length;
    int32_t level, type;
};

static size_t control_head_size(bool wide)
{
    return wide ? 16 : 12;
}

static struct control_head control_parse(const unsigned char *at, bool wide)
{
    struct control_head head = { 0 };
    uint32_t narrow_length;
    size_t word = wide ? sizeof(head.length) : sizeof(narrow_length);

    memcpy(wide ? (void *)&head.length : (void *)&narrow_length, at, word);
    if (!wide)
        head.length = narrow_length;
    memcpy(&head.level, at + word, sizeof(head.level));
    memcpy(&head.type, at + word + sizeof(head.level), sizeof(head.type));
    return head;
}

static bool rights_may_come(const struct role_context *context, const struct message *message)
{
    const struct fd_entry *socket = message->control ? message_socket(context) : NULL;

    return socket && socket->family == AF_UNIX &&
           message->control_length > control_head_size(context->call->kind->wide);
}

/* What was known of those numbers is of the past; a socket is asked for what it is. */
static void rights_learn(struct role_context *context, const unsigned char *fds, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int fd;
        memcpy(&fd, fds + i * sizeof(fd), sizeof(fd));
        task_fd_forget(context->task->process, fd);
        (void)socket_find(context->decoder, context->task, context->call, fd);
    }
}

static void rights_take(struct role_context *context, const struct message *message)
{
    bool wide = context->call->kind->wide;
    size_t head_size = control_head_size(wide), align = wide ? 8 : 4;
    size_t length =
        message->control_length < CONTROL_LIMIT ? (size_t)message->control_length : CONTROL_LIMIT;
    unsigned char bytes[CONTROL_LIMIT];

    if (!message->control || length < head_size)
        return;
    if (!remote_read(context->decoder, context->task, message->control, bytes, length)) {
        context->call->is_unreadable = true;
        return;
    }
    for (size_t at = 0; at + head_size <= length;) {
        struct control_head head = control_parse(bytes + at, wide);
        if (head.length < head_size || head.length > length - at)
            return;
        if (head.level == SOL_SOCKET && head.type == SCM_RIGHTS)
            rights_learn(context, bytes + at + head_size,
                         ((size_t)head.length - head_size) / sizeof(int));
        at += ((size_t)head.length + align - 1) & ~(align - 1);
    }
}

/* ---- the receiving calls ---- */

void message_begin_receive_message(struct role_context *context)
{
    struct message message = { 0 };

    if (!message_read(context, context->value, &message))
        return;
    want_received(context, message.name);
    context->call->wants_end |= rights_may_come(context, &message);
}

/* Returns whether it came from a name server. */
static bool see_received(struct role_context *context, uint64_t name, uint32_t length)
{
    struct fd_entry *socket = message_socket(context);
    unsigned char bytes[SOCKADDR_LIMIT];
    struct address address;

    if (socket && socket->peer.host) {
        socket->received = true;
        socket_record_address(context, ADDRESS_RECEIVE, socket, &socket->peer);
        return socket->asks_names;
    }
    if (!name || !length || length > sizeof(bytes) || !receives_packets(socket))
        return socket && socket->asks_names;
    if (!remote_read(context->decoder, context->task, name, bytes, length)) {
        context->call->is_unreadable = true;
        return false;
    }
    if (sockaddr_parse(bytes, length, &address) < 0)
        return false;
    socket_record_address(context, ADDRESS_RECEIVE, socket, &address);
    bool from_names = address.port == DNS_PORT && address.family != AF_VSOCK;
    sockaddr_done(&address);
    return from_names;
}

/* A packet from a name server came by a call that stops whoever is watched. */
static void names_heard(struct role_context *context)
{
    const struct fd_entry *socket = message_socket(context);

    context->task->process->hears_names |= !socket || socket->type != SOCK_STREAM;
}

static void see_received_message(struct role_context *context, const struct message *message,
                                 uint64_t length)
{
    if (see_received(context, message->name, message->name_length)) {
        names_heard(context);
        names_take_pieces(context, message_socket(context), message->pieces, message->piece_count,
                          length);
    }
    rights_take(context, message);
}

void message_end_receive(struct role_context *context)
{
    uint32_t length = 0;

    if (context->outcome != 0 || !context->call->wants_end)
        return;
    if (context->value && !remote_read(context->decoder, context->task, context_next(context, 1),
                                       &length, sizeof(length)))
        context->call->is_unreadable = true;
    if (!see_received(context, context->value, length))
        return;
    if (context->value)
        names_heard(context);
    names_take(context, message_socket(context), context->call->args[1],
               (uint64_t)context->rval < context->call->args[2] ? (uint64_t)context->rval
                                                                : context->call->args[2]);
}

void message_end_receive_message(struct role_context *context)
{
    struct message message = { 0 };

    if (context->outcome != 0 || !context->call->wants_end)
        return;
    if (message_read(context, context->value, &message))
        see_received_message(context, &message, (uint64_t)context->rval);
    else
        context->call->is_unreadable = true;
}

void message_end_receive_many(struct role_context *context)
{
    uint64_t count = context->outcome == 0 ? message_count(context) : 0;

    for (uint64_t i = 0; i < count; i++) {
        uint64_t at = context->value + i * message_step(context);
        struct message message;
        uint32_t length = 0;
        if (!message_read(context, at, &message) ||
            !remote_read(context->decoder, context->task, at + message_size(context), &length,
                         sizeof(length))) {
            context->call->is_unreadable = true;
            return;
        }
        see_received_message(context, &message, length);
    }
}
