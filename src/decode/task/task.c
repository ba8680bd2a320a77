// SPDX-License-Identifier: LGPL-2.1-or-later
/* Tasks, their processes, and what is known of a process's descriptors. */
#include "decode/task/task.h"
#include "decode/paths/resolve.h"
#include "decode/task/decoder.h"
#include <stdio.h>

/* PID_MAX_LIMIT of 64-bit kernels (proc_sys_kernel(5), pid_max). */
#define PID_LIMIT (4 * 1024 * 1024)
/* A process that keeps more sockets open than this forgets what is known of them. */
#define FD_LIMIT 65536

void task_note_pid(struct decoder *decoder, pid_t pid)
{
    if (!decoder->own_pids)
        decoder->own_pids = mem_new(PID_LIMIT / 8, 1);
    if (pid > 0 && pid < PID_LIMIT)
        decoder->own_pids[pid / 8] |= (uint8_t)(1u << pid % 8);
}

bool task_pid_is_own(const void *context, long pid)
{
    const struct decoder *decoder = context;

    return decoder->own_pids && pid > 0 && pid < PID_LIMIT &&
           decoder->own_pids[pid / 8] & 1u << pid % 8;
}

static struct process *process_get(struct decoder *decoder, pid_t tgid)
{
    struct process *process;

    HASH_FIND(hh, decoder->processes, &tgid, sizeof(tgid), process);
    if (!process) {
        process = mem_new(1, sizeof(*process));
        process->tgid = tgid;
        HASH_ADD(hh, decoder->processes, tgid, sizeof(process->tgid), process);
    }
    return process;
}

static void process_release(struct decoder *decoder, struct process *process)
{
    if (--process->task_count > 0)
        return;
    task_fd_forget_range(process, 0, UINT32_MAX);
    HASH_DEL(decoder->processes, process);
    free(process->program);
    free(process);
}

struct task *task_find(struct decoder *decoder, pid_t tid)
{
    struct task *task;

    HASH_FIND(hh, decoder->tasks, &tid, sizeof(tid), task);
    return task;
}

struct task *task_get(struct decoder *decoder, pid_t tid, pid_t tgid)
{
    struct task *task = task_find(decoder, tid);

    if (task)
        return task;
    task = mem_new(1, sizeof(*task));
    task->tid = tid;
    task->in_host_mounts = -1;
    task->process = process_get(decoder, tgid ? tgid : tid);
    task->process->task_count++;
    HASH_ADD(hh, decoder->tasks, tid, sizeof(task->tid), task);
    task_note_pid(decoder, tid);
    task_note_pid(decoder, task->process->tgid);
    return task;
}

void task_free(struct decoder *decoder, struct task *task)
{
    HASH_DEL(decoder->tasks, task);
    task_call_done(&task->now);
    task_call_done(&task->held);
    task_forget_privileges(task);
    process_release(decoder, task->process);
    free(task->root);
    free(task);
}

const char *task_program(struct decoder *decoder, struct task *task)
{
    struct process *process = task->process;

    if (!process->program) {
        const struct trace_ops *ops = decoder->ops;
        if (ops->fd_link(ops->context, task->tid, TRACE_EXE, &process->program) < 0)
            return "";
    }
    return process->program;
}

struct fd_entry *task_fd_find(struct process *process, int fd)
{
    struct fd_entry *entry;

    HASH_FIND_INT(process->fds, &fd, entry);
    return entry;
}

static void fd_drop(struct process *process, struct fd_entry *entry)
{
    HASH_DEL(process->fds, entry);
    sockaddr_done(&entry->peer);
    dns_stream_done(&entry->answers);
    free(entry);
}

struct fd_entry *task_fd_put(struct process *process, int fd, int family, int type, int protocol)
{
    task_fd_forget(process, fd);
    if (HASH_COUNT(process->fds) >= FD_LIMIT)
        task_fd_forget_range(process, 0, UINT32_MAX);
    struct fd_entry *entry = mem_new(1, sizeof(*entry));
    entry->fd = fd;
    entry->family = family;
    entry->type = type;
    entry->protocol = protocol;
    HASH_ADD_INT(process->fds, fd, entry);
    return entry;
}

static void fd_assign(struct process *process, int fd, const struct fd_entry *from)
{
    struct fd_entry *entry = task_fd_put(process, fd, from->family, from->type, from->protocol);

    entry->is_ephemeral = from->is_ephemeral;
    entry->inode = from->inode;
    entry->is_settled = from->is_settled;
    entry->connected_ms = from->connected_ms;
    entry->asks_names = from->asks_names;
    entry->notifies = from->notifies;
    entry->due_ms = from->due_ms;
    sockaddr_copy(&entry->peer, &from->peer);
}

void task_fd_copy(struct process *process, int from, int to)
{
    const struct fd_entry *entry = task_fd_find(process, from);

    if (entry && from != to && HASH_COUNT(process->fds) < FD_LIMIT)
        fd_assign(process, to, entry);
}

void task_fd_forget(struct process *process, int fd)
{
    struct fd_entry *entry = task_fd_find(process, fd);

    if (entry)
        fd_drop(process, entry);
}

void task_fd_forget_range(struct process *process, unsigned first, unsigned last)
{
    struct fd_entry *entry, *next;

    HASH_ITER (hh, process->fds, entry, next)
        if ((unsigned)entry->fd >= first && (unsigned)entry->fd <= last)
            fd_drop(process, entry);
}

void task_fd_inherit(struct process *child, const struct process *parent)
{
    const struct fd_entry *entry, *next;

    child->hears_names = parent->hears_names;
    HASH_ITER (hh, parent->fds, entry, next)
        fd_assign(child, entry->fd, entry);
}

void task_call_done(struct call *call)
{
    if (!call->is_active)
        return;
    for (size_t i = 0; i < ARGUMENT_COUNT; i++)
        resolve_free(call->paths[i]);
    sockaddr_done(&call->address);
    free(call->text);
    free(call->target);
    *call = (struct call){ 0 };
}

void task_forget_privileges(struct task *task)
{
    if (task->privileges && --task->privileges->references == 0)
        free(task->privileges);
    task->privileges = NULL;
}
