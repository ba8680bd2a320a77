// SPDX-License-Identifier: LGPL-2.1-or-later
/* Which socket a descriptor is. */
#include "decode/task/decoder.h"
#include "decode/task/task.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

uint64_t socket_inode(const struct decoder *decoder, const struct task *task, int fd)
{
    CLEANUP(free_char) char *text = NULL;
    unsigned long long inode;

    if (decoder->ops->fd_link(decoder->ops->context, task->tid, fd, &text) < 0 ||
        sscanf(text, "socket:[%llu]", &inode) != 1)
        return 0;
    return inode;
}
