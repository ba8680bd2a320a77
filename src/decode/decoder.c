// SPDX-License-Identifier: LGPL-2.1-or-later
#include "decode/task/decoder.h"
#include "decode/call.h"
#include "decode/exec_event.h"
#include "decode/roles/capability.h"
#include "decode/roles/role_kinds.h"
#include "decode/roles/role_row.h"
#include "decode/roles/roles.h"
#include "decode/task/cached_call.h"
#include "decode/task/record.h"
#include "decode/task/task.h"
#include "decode/watch.h"
#include <string.h>

/* Descriptors looked at for sockets handed to the first program: sd_listen_fds(3) starts at 3. */
#define INHERITED_FD_LIMIT 256

struct decoder *decoder_new(struct profile *profile, const struct trace_ops *ops,
                            const char *run_id)
{
    struct decoder *decoder = mem_new(1, sizeof(*decoder));

    decoder->profile = profile;
    decoder->ops = ops;
    decoder->run_id = mem_strdup(run_id);
    return decoder;
}

void decoder_free(struct decoder *decoder)
{
    struct task *task, *next_task;
    struct call_kind *kind, *next_kind;

    if (!decoder)
        return;
    HASH_ITER (hh, decoder->tasks, task, next_task)
        task_free(decoder, task);
    HASH_ITER (hh, decoder->kinds, kind, next_kind) {
        HASH_DEL(decoder->kinds, kind);
        free(kind);
    }
    created_done(&decoder->created);
    cached_call_free_all(decoder);
    free(decoder->changed_tids);
    free(decoder->own_pids);
    free(decoder->filter_tids);
    free(decoder->watch_requests);
    strings_done(&decoder->known_peers);
    strings_done(&decoder->known_maps);
    free(decoder->run_id);
    free(decoder->alias_from);
    free(decoder->alias_to);
    free(decoder->notify_socket);
    free(decoder);
}

/* A new process starts with copies of its parent's descriptors. */
static void decoder_new_task(struct decoder *decoder, const struct trace_event *event)
{
    struct task *task = task_get(decoder, event->tid, event->tgid);
    struct task *parent = task_find(decoder, event->parent);

    if (parent)
        capability_inherit(decoder, task, parent);
    if (parent && (role_row_of(&parent->now) == ROLE_CLONE_ARGS ||
                   role_row_of(&parent->now) == ROLE_CLONE_FLAGS))
        parent->now.is_known = true; /* it succeeded, whether its end is seen or not */
    if (!parent || parent->process == task->process)
        return;
    if (!task->process->program)
        task->process->program = mem_strdup(parent->process->program);
    task->process->umask = parent->process->umask;
    task->process->reads_signals = parent->process->reads_signals;
    task->process->fills_memory = parent->process->fills_memory; /* vfork(2) shares it */
    task_fd_inherit(task->process, parent->process);
    watch_inherit(decoder, task->process, parent->process);
}

static void decoder_gone(struct decoder *decoder, pid_t tid)
{
    struct task *task = task_find(decoder, tid);

    if (!task)
        return;
    call_finish(decoder, task, &task->held, OUTCOME_UNKNOWN, 0);
    call_finish(decoder, task, &task->now, OUTCOME_UNKNOWN, 0);
    watch_end(decoder, task);
    capability_gone(decoder, task);
    task_free(decoder, task);
}

/* execve(2): the caller takes over its process's id, and all other threads end unseen. */
static void decoder_exec(struct decoder *decoder, const struct trace_event *event)
{
    struct task *task = task_get(decoder, event->tid, event->tgid);
    struct task *former = event->former_tid ? task_find(decoder, event->former_tid) : NULL;

    if (former && former != task) {
        call_finish(decoder, task, &task->held, OUTCOME_UNKNOWN, 0);
        call_finish(decoder, task, &task->now, OUTCOME_UNKNOWN, 0);
        task->now = former->now;
        former->now = (struct call){ 0 };
        task_free(decoder, former);
    }
    exec_event_happened(decoder, task);
}

static void decoder_lost(struct decoder *decoder, const struct trace_event *event)
{
    struct task *task = task_find(decoder, event->tid);

    record_blind_spot(decoder, task, NULL, "lost-task", event->detail ? event->detail : "");
    decoder_gone(decoder, event->tid);
}

void decoder_cut_off(struct decoder *decoder)
{
    struct task *task, *next;

    HASH_ITER (hh, decoder->tasks, task, next) {
        call_finish(decoder, task, &task->held, OUTCOME_UNKNOWN, 0);
        call_finish(decoder, task, &task->now, OUTCOME_UNKNOWN, 0);
    }
}

size_t decoder_call_kinds(const struct decoder *decoder)
{
    return HASH_COUNT(decoder->kinds);
}

static void decoder_finish_all(struct decoder *decoder)
{
    struct task *task, *next;

    HASH_ITER (hh, decoder->tasks, task, next)
        decoder_gone(decoder, task->tid);
}

bool decoder_event(struct decoder *decoder, const struct trace_event *event)
{
    struct task *task;

    decoder->now_ms = event->at_ms;
    switch (event->kind) {
    case TRACE_ENTER:
        task = task_get(decoder, event->tid, event->tgid);
        call_begin(decoder, task, event);
        return task->now.wants_end;
    case TRACE_EXIT:
        task = task_find(decoder, event->tid);
        if (task)
            call_end(decoder, task, event);
        return false;
    case TRACE_EXEC:
        decoder_exec(decoder, event);
        return false;
    case TRACE_NEW_TASK:
        decoder_new_task(decoder, event);
        return false;
    case TRACE_LEAVING:
        decoder_look_at(decoder, event->tid);
        return false;
    case TRACE_GONE:
        decoder_gone(decoder, event->tid);
        return false;
    case TRACE_LOST:
        decoder_lost(decoder, event);
        return false;
    case TRACE_DONE:
        decoder_finish_all(decoder);
        return false;
    case TRACE_TICK:
        watch_check_all(decoder);
        return false;
    case TRACE_SIGNAL:
    case TRACE_CHILD:
        return false;
    }
    return false;
}

void decoder_inspect_with(struct decoder *decoder, decoder_inspect *inspect,
                          void (*done)(struct program_fact *fact))
{
    decoder->inspect = inspect;
    decoder->inspect_done = done;
}

void decoder_alias(struct decoder *decoder, const char *from, const char *to)
{
    free(decoder->alias_from);
    free(decoder->alias_to);
    decoder->alias_from = mem_strdup(from);
    decoder->alias_to = mem_strdup(to);
}

void decoder_set_phase(struct decoder *decoder, enum phase phase)
{
    /* Who is sent to in one phase may not be in another: look again. */
    if (decoder->phase != phase) {
        strings_done(&decoder->known_peers);
        strings_done(&decoder->known_maps);
        decoder->known_maps = (struct strings){ 0 };
        decoder->known_peers = (struct strings){ 0 };
    }
    decoder->phase = phase;
}

void decoder_counted(struct decoder *decoder, const struct trace_count *count)
{
    if (decoder->is_started)
        call_counted(decoder, count);
}

void decoder_inherit(struct decoder *decoder, pid_t tid)
{
    struct task *task = task_get(decoder, tid, tid);

    decoder->is_started = true;
    for (int fd = 0; fd < INHERITED_FD_LIMIT; fd++)
        socket_inherit(decoder, task, fd);
}

void decoder_expect(struct decoder *decoder, pid_t pid)
{
    task_get(decoder, pid, pid)->process->is_expected = true;
}

void decoder_blind_spot(struct decoder *decoder, const char *topic, const char *detail)
{
    record_blind_spot(decoder, NULL, NULL, topic, detail);
}

void decoder_without_privileges(struct decoder *decoder)
{
    decoder->is_powerless = true;
}

unsigned decoder_listen_count(const struct decoder *decoder)
{
    return decoder->listen_count;
}

uint64_t decoder_degraded_count(const struct decoder *decoder)
{
    return decoder->degraded_count;
}

int decoder_taken_signal(struct decoder *decoder, pid_t *ret_tgid)
{
    int taken = decoder->taken_signal;

    *ret_tgid = decoder->taken_by;
    decoder->taken_signal = 0;
    return taken;
}

bool decoder_changed(struct decoder *decoder, pid_t *ret_tid)
{
    if (!decoder->changed_count)
        return false;
    *ret_tid = decoder->changed_tids[--decoder->changed_count];
    return true;
}

bool decoder_own_filter(struct decoder *decoder, pid_t *ret_tid)
{
    if (!decoder->filter_count)
        return false;
    *ret_tid = decoder->filter_tids[--decoder->filter_count];
    return true;
}
