// SPDX-License-Identifier: LGPL-2.1-or-later
/* Which processes are to stop at every call for a while, and the peers that are known (watch.c). */
#include "decode/task/watch_request.h"
#include "decode/task/decoder.h"
#include <string.h>

/* Peers remembered; beyond, each connection is watched anew. */
#define PEER_LIMIT 1024

static char *peer_text(const struct fd_entry *socket)
{
    const struct address *peer = &socket->peer;

    return mem_printf("%d %d %d %d %s", socket->type, socket->protocol, peer->family, peer->port,
                      peer->host);
}

void watch_request_put(struct decoder *decoder, struct process *process, bool on)
{
    if (process->is_watched == on)
        return;
    process->is_watched = on;
    decoder->watched_processes += on ? 1 : (size_t)-1;
    mem_reserve(&decoder->watch_requests, &decoder->watch_capacity, decoder->watch_count + 1,
                sizeof(*decoder->watch_requests));
    decoder->watch_requests[decoder->watch_count++] = (struct watch_request){ process->tgid, on };
}

void watch_request_process(struct decoder *decoder, struct process *process)
{
    watch_request_put(decoder, process, true);
}

void watch_request_begin(struct decoder *decoder, struct task *task, struct fd_entry *socket)
{
    CLEANUP(free_char) char *peer = peer_text(socket);

    socket->sent = socket->received = false;
    socket->connected_ms = decoder->now_ms;
    socket->is_settled = strings_has(&decoder->known_peers, peer);
    if (!socket->is_settled)
        watch_request_put(decoder, task->process, true);
}

void watch_request_settle(struct decoder *decoder, struct fd_entry *socket)
{
    CLEANUP(free_char) char *peer = peer_text(socket);

    socket->is_settled = true;
    if (decoder->known_peers.count < PEER_LIMIT && !strings_has(&decoder->known_peers, peer))
        strings_add(&decoder->known_peers, peer);
}

bool decoder_watch(struct decoder *decoder, pid_t *ret_tgid, bool *ret_on)
{
    if (!decoder->watch_count)
        return false;
    *ret_tgid = decoder->watch_requests[0].tgid;
    *ret_on = decoder->watch_requests[0].on;
    decoder->watch_count--;
    memmove(decoder->watch_requests, decoder->watch_requests + 1,
            decoder->watch_count * sizeof(*decoder->watch_requests));
    return true;
}
