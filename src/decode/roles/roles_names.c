// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What name servers answer: only sockets that are connected to port 53, or packets that came from
 * it, are looked into. Answers over anything else (DNS over TLS or HTTPS, systemd-resolved's and
 * nscd's own sockets) are not seen.
 *
 * The C library takes packets by recvfrom(2) with an address, which always stops. Others read(2):
 * their process is watched while an answer is due.
 */
#include "decode/roles/roles_names.h"
#include "decode/roles/role_kinds.h"
#include "decode/roles/roles.h"
#include "decode/roles/roles_signal.h"
#include "decode/task/decoder.h"
#include "decode/task/record.h"
#include "decode/task/remote.h"
#include "decode/task/task.h"
#include "decode/task/watch_request.h"
#include <string.h>
#include <sys/socket.h>

/* Resolvers give up after so long (resolv.conf(5): 5 s, twice). */
#define ANSWER_LIMIT_MS 10000
/* After an answer another may come: most ask for IPv4 and IPv6 addresses at once. */
#define NEXT_LIMIT_MS 1000
/* Who looks up more than so many addresses has none that a list could hold. */
#define NAME_LIMIT 4096

void names_connected(struct decoder *decoder, struct task *task, struct fd_entry *socket,
                     const struct address *peer)
{
    socket->asks_names =
        (peer->family == AF_INET || peer->family == AF_INET6) && peer->port == DNS_PORT;
    socket->due_ms = decoder->now_ms + ANSWER_LIMIT_MS;
    dns_stream_done(&socket->answers);
    if (names_are_due(decoder, task->process, socket))
        watch_request_process(decoder, task->process);
}

void names_asked(struct decoder *decoder, struct task *task, struct fd_entry *socket)
{
    if (!socket->asks_names)
        return;
    socket->due_ms = decoder->now_ms + ANSWER_LIMIT_MS;
    if (names_are_due(decoder, task->process, socket))
        watch_request_process(decoder, task->process);
}

bool names_are_due(const struct decoder *decoder, const struct process *process,
                   const struct fd_entry *socket)
{
    bool stops_anyway = process->hears_names && socket->type != SOCK_STREAM;

    return socket->asks_names && !stops_anyway && decoder->name_count < NAME_LIMIT &&
           !socket->answers.is_lost && decoder->now_ms < socket->due_ms;
}

static void see_name(void *context_, const char *name, const char *host, uint32_t ttl_s)
{
    struct role_context *context = context_;
    struct decoder *decoder = context->decoder;
    const struct fact fact = {
        .kind = FACT_NAME,
        .name = { .name = (char *)(uintptr_t)name, .host = (char *)(uintptr_t)host, .ttl_s = ttl_s }
    };
    size_t before = profile_fact_count(decoder->profile);

    if (decoder->name_count >= NAME_LIMIT)
        return;
    record_fact(decoder, context->task, context->call, &fact, false);
    decoder->name_count += profile_fact_count(decoder->profile) - before;
    if (decoder->name_count >= NAME_LIMIT)
        record_blind_spot(decoder, context->task, context->call, "name-lookups",
                          "more answers than are kept");
}

static void names_parse(struct role_context *context, struct fd_entry *socket,
                        const unsigned char *bytes, size_t length)
{
    if (socket) {
        socket->received = true;
        socket->due_ms = context->decoder->now_ms + NEXT_LIMIT_MS;
    }
    if (socket && socket->type == SOCK_STREAM)
        dns_stream_add(&socket->answers, bytes, length, see_name, context);
    else
        (void)dns_each_address(bytes, length, see_name, context);
}

void names_take(struct role_context *context, struct fd_entry *socket, uint64_t at, uint64_t length)
{
    unsigned char *bytes;

    if (length == 0 || length > DNS_MESSAGE_LIMIT || context->decoder->name_count >= NAME_LIMIT)
        return;
    bytes = mem_new((size_t)length, 1);
    if (remote_read(context->decoder, context->task, at, bytes, (size_t)length))
        names_parse(context, socket, bytes, (size_t)length);
    free(bytes);
}

void names_take_pieces(struct role_context *context, struct fd_entry *socket, uint64_t pieces,
                       uint64_t count, uint64_t length)
{
    unsigned char *bytes;

    if (length == 0 || length > DNS_MESSAGE_LIMIT || context->decoder->name_count >= NAME_LIMIT)
        return;
    bytes = mem_new((size_t)length, 1);
    names_parse(context, socket, bytes,
                iovec_gather(context, pieces, count, bytes, (size_t)length));
    free(bytes);
}

/* ---- calls that say nothing of sockets: only those known to be of interest ---- */

static struct fd_entry *names_socket(const struct role_context *context)
{
    int fd = (int)context->call->args[0];
    struct fd_entry *socket = task_fd_find(context->task->process, fd);

    if (!socket || !socket->asks_names)
        return NULL;
    bool is_same =
        !socket->inode || socket_inode(context->decoder, context->task, fd) == socket->inode;
    return is_same ? socket : NULL;
}

void names_begin_read(struct role_context *context)
{
    context->call->wants_end |= names_socket(context) != NULL || signal_may_be_read(context);
}

void names_end_read(struct role_context *context)
{
    struct fd_entry *socket = context->outcome == 0 ? names_socket(context) : NULL;

    if (!socket)
        signal_end_read(context);
    else if (context->argument->how & FD_HOW_PIECES)
        names_take_pieces(context, socket, context_next(context, 1), context_next(context, 2),
                          (uint64_t)context->rval);
    else
        names_take(context, socket, context_next(context, 1), (uint64_t)context->rval);
}
