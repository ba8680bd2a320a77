// SPDX-License-Identifier: LGPL-2.1-or-later
/* A task runs another program now. */
#include "decode/exec_event.h"
#include "decode/call.h"
#include "decode/roles/capability.h"
#include "decode/roles/role_kinds.h"
#include "decode/roles/roles.h"
#include "decode/task/decoder.h"
#include "decode/task/task.h"
#include <string.h>

/* The other threads of a process that executed a program are gone. */
static void task_keep_only(struct decoder *decoder, struct task *task)
{
    struct task *other, *next;

    if (task->process->task_count == 1)
        return;
    HASH_ITER (hh, decoder->tasks, other, next) {
        if (other == task || other->process != task->process)
            continue;
        call_finish(decoder, other, &other->held, OUTCOME_UNKNOWN, 0);
        call_finish(decoder, other, &other->now, OUTCOME_UNKNOWN, 0);
        task_free(decoder, other);
    }
}

static void task_rename(struct decoder *decoder, struct task *task)
{
    struct process *process = task->process;

    free(process->program);
    process->program = NULL;
    task_program(decoder, task);
}

static bool call_is_exec(const struct call *call)
{
    for (unsigned i = 0; call->row && i < ARGUMENT_COUNT; i++)
        if (call->row->args[i].role == ROLE_EXEC_PATH)
            return true;
    return false;
}

void exec_event_happened(struct decoder *decoder, struct task *task)
{
    bool announced = call_is_exec(&task->now);

    task_keep_only(decoder, task);
    if (!decoder->is_started || task->process->is_expected)
        task_rename(decoder, task);
    decoder->is_started = true;
    task->process->is_expected = task->process->fills_memory = false;
    call_finish(decoder, task, &task->held, OUTCOME_UNKNOWN, 0);
    if (announced) {
        call_finish(decoder, task, &task->now, 0, 0);
    } else {
        task_call_done(&task->now);
        exec_record_running(decoder, task);
    }
    task_rename(decoder, task);
    socket_after_exec(decoder, task);
    capability_after_exec(decoder, task);
}
