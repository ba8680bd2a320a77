/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside decode/: answers of name servers, by whichever call they come. */
#ifndef CINCH_DECODE_ROLES_NAMES_H
#define CINCH_DECODE_ROLES_NAMES_H

#include "decode/roles/role_kinds.h"
#include "decode/task/decoder.h"

/* The socket is connected to that address, which may be a name server's. */
void names_connected(struct decoder *decoder, struct task *task, struct fd_entry *socket,
                     const struct address *peer);
/* Something was sent to the socket's peer. */
void names_asked(struct decoder *decoder, struct task *task, struct fd_entry *socket);
/* Whether the socket's process must be watched for an answer. */
bool names_are_due(const struct decoder *decoder, const struct process *process,
                   const struct fd_entry *socket);
/* Bytes came from a name server into the task's memory. */
void names_take(struct role_context *context, struct fd_entry *socket, uint64_t at,
                uint64_t length);
/* The same for `length` bytes scattered over `count` pieces (struct iovec). */
void names_take_pieces(struct role_context *context, struct fd_entry *socket, uint64_t pieces,
                       uint64_t count, uint64_t length);
void names_begin_read(struct role_context *context);
void names_end_read(struct role_context *context);

#endif
