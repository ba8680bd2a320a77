// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Connecting a packet socket sends nothing: getaddrinfo(3) does so only to learn its own address.
 * Whether the peer is one shows in later calls without an address (write, send, recv), which are
 * too frequent to stop at each. So a process stops at every call only while it has such a socket
 * whose peer is not known yet, and goes on freely once it was used, or closed.
 *
 * Threads that run meanwhile stop everywhere from their next stop on only: they cannot be
 * interrupted without some call of theirs failing with EINTR (signal(7)). A socket that they or
 * children share, and that stays open, is therefore taken as used: a peer too many, never too few.
 */
#include "decode/watch.h"
#include "decode/roles/role_kinds.h"
#include "decode/roles/roles_names.h"
#include "decode/roles/roles_notify.h"
#include "decode/task/decoder.h"
#include "decode/task/task.h"
#include "decode/task/watch_request.h"
#include <string.h>

/* getaddrinfo(3) closes its probe at once; what lives longer is meant for use. */
#define PROBE_MS 200
/* After the first packet in one direction, the other is waited for that long. */
#define ANSWER_MS 1000

static bool awaits_peer(const struct fd_entry *socket)
{
    return socket->peer.host && !socket->is_settled;
}

void watch_inherit(struct decoder *decoder, struct process *child, struct process *parent)
{
    struct fd_entry *socket;

    if (!parent->is_watched)
        return;
    for (socket = parent->fds; socket; socket = socket->hh.next)
        socket->is_shared = true;
    for (socket = child->fds; socket; socket = socket->hh.next)
        socket->is_shared = true;
    watch_request_put(decoder, child, true);
}

/* Nobody saw a packet, but somebody may have sent one unseen. */
static void watch_suppose(struct decoder *decoder, struct task *task, struct fd_entry *socket)
{
    struct call none = { .name = "connect", .at_ms = decoder->now_ms };
    struct role_context context = {
        .decoder = decoder, .task = task, .call = &none, .outcome = OUTCOME_UNKNOWN
    };

    socket_record_address(&context, ADDRESS_SEND, socket, &socket->peer);
    watch_request_settle(decoder, socket);
}

static void watch_look(struct decoder *decoder, struct task *task, struct fd_entry *socket)
{
    int64_t age_ms = decoder->now_ms - socket->connected_ms;

    socket->is_shared |= task->process->task_count > 1;
    if ((socket->sent && socket->received) ||
        ((socket->sent || socket->received) && age_ms > ANSWER_MS)) {
        watch_request_settle(decoder, socket);
    } else if (socket->is_shared && age_ms > PROBE_MS) {
        uint64_t inode = socket_inode(decoder, task, socket->fd);
        if (inode && inode == socket->inode)
            watch_suppose(decoder, task, socket);
        else
            task_fd_forget(task->process, socket->fd);
    }
}

void watch_check(struct decoder *decoder, struct task *task)
{
    struct process *process = task->process;
    struct fd_entry *socket, *next;
    bool pending = false;

    if (!process->is_watched)
        return;
    HASH_ITER (hh, process->fds, socket, next)
        if (awaits_peer(socket))
            watch_look(decoder, task, socket);
    for (socket = process->fds; socket; socket = socket->hh.next)
        pending |= awaits_peer(socket) || names_are_due(decoder, process, socket) ||
                   notify_is_due(decoder, socket);
    if (!pending)
        watch_request_put(decoder, process, false);
}

void watch_check_all(struct decoder *decoder)
{
    struct task *task;

    for (task = decoder->tasks; task && decoder->watched_processes; task = task->hh.next)
        watch_check(decoder, task);
}

void watch_end(struct decoder *decoder, struct task *task)
{
    struct fd_entry *socket;

    if (task->process->task_count > 1 || !task->process->is_watched)
        return;
    for (socket = task->process->fds; socket; socket = socket->hh.next)
        if (awaits_peer(socket) && socket->is_shared)
            watch_suppose(decoder, task, socket);
    watch_request_put(decoder, task->process, false);
}
