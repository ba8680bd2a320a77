// SPDX-License-Identifier: LGPL-2.1-or-later
/* Reading a stopped task's memory: hostile, bounded, and often shorter than asked for. */
#include "decode/task/remote.h"
#include "decode/paths/resolve.h"
#include "decode/task/decoder.h"
#include <errno.h>
#include <string.h>

#define PAGE_BYTES 4096

bool remote_is_faults(const char *link)
{
    return strcmp(link, "anon_inode:[userfaultfd]") == 0;
}

/* Who asks the kernel for such a page is kept waiting until the service has filled it. What a
 * process that ran before did is known once it is seeded. */
static bool may_wait(const struct decoder *decoder, const struct task *task, uint64_t address)
{
    const struct trace_ops *ops = decoder->ops;

    return (task->process->fills_memory || !decoder->is_started) && ops->memory_waits &&
           ops->memory_waits(ops->context, task->tid, address);
}

/* Up to `length` bytes, page by page: what follows a page may be unmapped. Bytes read. */
static size_t remote_read_some(struct decoder *decoder, const struct task *task, uint64_t address,
                               char *buffer, size_t length, bool stop_at_nul)
{
    const struct trace_ops *ops = decoder->ops;
    size_t got = 0;

    while (got < length) {
        size_t piece = PAGE_BYTES - (size_t)((address + got) % PAGE_BYTES);
        if (piece > length - got)
            piece = length - got;
        if (may_wait(decoder, task, address + got))
            break;
        ssize_t n = ops->read_memory(ops->context, task->tid, address + got, buffer + got, piece);
        if (n <= 0)
            break;
        bool ended = stop_at_nul && memchr(buffer + got, '\0', (size_t)n);
        got += (size_t)n;
        if (ended || (size_t)n < piece)
            break;
    }
    return got;
}

bool remote_read(struct decoder *decoder, const struct task *task, uint64_t address, void *buffer,
                 size_t length)
{
    return address && remote_read_some(decoder, task, address, buffer, length, false) == length;
}

int remote_string(struct decoder *decoder, const struct task *task, uint64_t address, size_t limit,
                  char **ret_text)
{
    char buffer[RESOLVE_NAME_LIMIT];

    if (!address)
        return -EFAULT;
    if (limit > sizeof(buffer))
        limit = sizeof(buffer);
    size_t got = remote_read_some(decoder, task, address, buffer, limit, true);
    size_t length = strnlen(buffer, got);
    if (length == got && got < limit)
        return -EFAULT;
    *ret_text = mem_strndup(buffer, length);
    return length < limit ? 0 : -ENAMETOOLONG;
}
