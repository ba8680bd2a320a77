// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What a service tells its manager: datagrams to the address in its NOTIFY_SOCKET, sd_notify(3).
 * libsystemd names the address with each, which always stops. Others connect first, and then write:
 * their process is watched from there on, until the service is ready.
 */
#include "decode/roles/roles_notify.h"
#include "decode/roles/role_kinds.h"
#include "decode/task/decoder.h"
#include "decode/task/remote.h"
#include "decode/task/task.h"
#include "decode/task/watch_request.h"
#include <string.h>
#include <sys/socket.h>

/* The manager takes no longer ones (systemd: NOTIFY_BUFFER_MAX). */
#define MESSAGE_BYTES 4096
/* Who has told nothing by then is not waited for any longer. */
#define DUE_LIMIT_MS 30000

void decoder_notify_socket(struct decoder *decoder, const char *address)
{
    free(decoder->notify_socket);
    decoder->notify_socket = NULL;
    if (address && address[0] == '@') {
        CLEANUP(free_char) char *name = text_encode_string(address + 1); /* as sockaddr_parse() */
        decoder->notify_socket = mem_printf("@%s", name);
    } else if (address) {
        decoder->notify_socket = mem_strdup(address);
    }
}

unsigned decoder_notified(struct decoder *decoder)
{
    unsigned told = decoder->told;

    decoder->told = 0;
    return told;
}

static bool is_managers(const struct decoder *decoder, const struct address *address)
{
    return decoder->notify_socket && address->family == AF_UNIX &&
           strcmp(address->host, decoder->notify_socket) == 0;
}

void notify_connected(struct decoder *decoder, struct task *task, struct fd_entry *socket,
                      const struct address *peer)
{
    socket->notifies = is_managers(decoder, peer);
    if (!socket->notifies)
        return;
    socket->due_ms = decoder->now_ms + DUE_LIMIT_MS;
    if (notify_is_due(decoder, socket))
        watch_request_process(decoder, task->process);
}

bool notify_is_due(const struct decoder *decoder, const struct fd_entry *socket)
{
    return socket->notifies && decoder->phase == PHASE_START && decoder->now_ms < socket->due_ms;
}

static bool goes_to_manager(const struct role_context *context)
{
    const struct decoder *decoder = context->decoder;
    const struct call *call = context->call;

    if (!decoder->notify_socket)
        return false;
    if (call->address.host)
        return is_managers(decoder, &call->address);
    const struct fd_entry *socket = task_fd_find(context->task->process, (int)call->args[0]);
    return socket && socket->notifies &&
           (!socket->inode || socket_inode(decoder, context->task, socket->fd) == socket->inode);
}

/* Whole lines, as the manager reads them. */
static unsigned told_by(const char *text)
{
    static const struct {
        const char *line;
        unsigned told;
    } rows[] = {
        { "READY=1", NOTIFY_READY },
        { "RELOADING=1", NOTIFY_RELOADING },
        { "STOPPING=1", NOTIFY_STOPPING },
    };
    unsigned told = 0;

    for (;;) {
        size_t length = strcspn(text, "\n");
        for (size_t i = 0; i < ELEMENTS_OF(rows); i++)
            if (strlen(rows[i].line) == length && strncmp(rows[i].line, text, length) == 0)
                told |= rows[i].told;
        if (!text[length])
            return told;
        text += length + 1;
    }
}

static void look_at(struct role_context *context, char *text, size_t length)
{
    text[length] = '\0';
    context->call->told = told_by(text);
    context->call->wants_end |= context->call->told != 0;
}

void notify_look(struct role_context *context, uint64_t at, uint64_t length)
{
    char text[MESSAGE_BYTES + 1];

    if (goes_to_manager(context) && length <= MESSAGE_BYTES &&
        remote_read(context->decoder, context->task, at, text, (size_t)length))
        look_at(context, text, (size_t)length);
}

void notify_look_pieces(struct role_context *context, uint64_t pieces, uint64_t count)
{
    char text[MESSAGE_BYTES + 1];

    if (goes_to_manager(context))
        look_at(context, text, iovec_gather(context, pieces, count, text, MESSAGE_BYTES));
}

void notify_sent(struct role_context *context)
{
    if (context->outcome == 0)
        context->decoder->told |= context->call->told;
}
