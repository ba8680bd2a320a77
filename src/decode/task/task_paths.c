// SPDX-License-Identifier: LGPL-2.1-or-later
/* Names as a task sees them: its root, its working directory, its mount namespace. */
#include "decode/task/task_paths.h"
#include "decode/paths/resolve.h"
#include "decode/task/decoder.h"
#include "decode/task/record.h"
#include "decode/task/task.h"
#include <string.h>

bool task_paths_is_shared(struct decoder *decoder, struct task *task, const struct call *call)
{
    const struct trace_ops *ops = decoder->ops;

    if (task->in_host_mounts < 0) {
        int r = ops->same_mount_namespace(ops->context, task->tid);
        /* It cannot be told of a task that is dying; its parent's paths were the tracer's. */
        if (r < 0)
            return true;
        task->in_host_mounts = r;
    }
    if (!task->in_host_mounts)
        record_blind_spot(decoder, task, call, "foreign-mount-namespace", NULL);
    return task->in_host_mounts;
}

void task_paths_changed(struct decoder *decoder, struct task *task)
{
    decoder->root_generation++;
    task->in_host_mounts = -1;
    record_change(decoder, 0);
}

static const char *task_root(struct decoder *decoder, struct task *task)
{
    const struct trace_ops *ops = decoder->ops;

    if (!task->root || task->root_generation != decoder->root_generation) {
        free(task->root);
        task->root = NULL;
        if (ops->fd_link(ops->context, task->tid, TRACE_ROOT, &task->root) < 0 ||
            task->root[0] != '/') {
            free(task->root);
            task->root = mem_strdup("/");
        }
        task->root_generation = decoder->root_generation;
    }
    return task->root;
}

static struct resolve_view view_of(struct decoder *decoder, const struct task *task,
                                   const char *root)
{
    return (struct resolve_view){ .ops = decoder->ops,
                                  .tid = task->tid,
                                  .tgid = task->process->tgid,
                                  .root = root,
                                  .is_own = task_pid_is_own,
                                  .context = decoder };
}

struct resolved *task_paths_resolve(struct decoder *decoder, struct task *task, int dirfd,
                                    const char *name, unsigned flags)
{
    const struct trace_ops *ops = decoder->ops;
    struct resolve_view view = view_of(decoder, task, task_root(decoder, task));
    CLEANUP(free_char) char *base = NULL;

    if (name[0] != '/' || flags & RESOLVE_IN_BASE) {
        int r = ops->fd_link(ops->context, task->tid, dirfd, &base);
        if (r < 0 || base[0] != '/')
            return NULL;
        view.base = base;
    }
    return resolve_name(&view, name, flags);
}

struct resolved *task_paths_text(struct decoder *decoder, const struct task *task, const char *text,
                                 bool *ret_deleted)
{
    struct resolve_view view = view_of(decoder, task, "/");

    *ret_deleted = false;
    return resolve_link_text(&view, text, ret_deleted);
}

struct resolved *task_paths_descriptor(struct decoder *decoder, const struct task *task, int fd,
                                       bool *ret_deleted)
{
    const struct trace_ops *ops = decoder->ops;
    CLEANUP(free_char) char *text = NULL;

    *ret_deleted = false;
    if (ops->fd_link(ops->context, task->tid, fd, &text) < 0)
        return NULL;
    return task_paths_text(decoder, task, text, ret_deleted);
}
