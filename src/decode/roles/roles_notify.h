/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside decode/: what a service tells its manager, sd_notify(3). */
#ifndef CINCH_DECODE_ROLES_NOTIFY_H
#define CINCH_DECODE_ROLES_NOTIFY_H

#include "decode/roles/role_kinds.h"
#include "decode/task/decoder.h"

/* The socket is connected to that address, which may be the manager's. */
void notify_connected(struct decoder *decoder, struct task *task, struct fd_entry *socket,
                      const struct address *peer);
/* Whether the socket's process must be watched for what it tells. */
bool notify_is_due(const struct decoder *decoder, const struct fd_entry *socket);
/* Something is being sent: `length` bytes, or so many pieces (struct iovec). To whom is known by
 * then. */
void notify_look(struct role_context *context, uint64_t at, uint64_t length);
void notify_look_pieces(struct role_context *context, uint64_t pieces, uint64_t count);
/* It was sent. */
void notify_sent(struct role_context *context);

#endif
