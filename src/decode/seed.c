// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What a process that was seized while it ran shows of its past. It is far from all: a file that
 * was read and closed again leaves no trace, so "attached-late" stands beside these facts.
 */
#include "decode/paths/resolve.h"
#include "decode/roles/role_kinds.h"
#include "decode/roles/roles.h"
#include "decode/roles/roles_signal.h"
#include "decode/task/decoder.h"
#include "decode/task/record.h"
#include "decode/task/remote.h"
#include "decode/task/task.h"
#include "decode/task/task_paths.h"
#include <fcntl.h>
#include <sys/mman.h>

struct seeding {
    struct role_context context;
    struct decoder *decoder;
    struct task *task;
};

static void seed_path(struct seeding *seeding, enum path_use use, const char *text)
{
    bool deleted;
    if (!task_paths_is_shared(seeding->decoder, seeding->task, seeding->context.call))
        return;
    struct resolved *file = task_paths_text(seeding->decoder, seeding->task, text, &deleted);

    if (file && !deleted)
        path_record(&seeding->context, use, file);
    resolve_free(file);
}

static void seed_mapping(struct seeding *seeding, const struct trace_open_file *holding)
{
    struct role_context *context = &seeding->context;

    if (holding->flags & PROT_WRITE && holding->flags & PROT_EXEC)
        record_argument(context->decoder, context->task, context->call, "memory", "write-execute",
                        0);
    if (holding->text[0])
        seed_path(seeding, holding->flags & PROT_EXEC ? PATH_MAP_EXECUTE : PATH_READ,
                  holding->text);
}

/* open(2): O_PATH opens neither for reading nor for writing. */
static void seed_descriptor(struct seeding *seeding, const struct trace_open_file *holding)
{
    unsigned access = holding->flags & O_ACCMODE;

    if (str_starts_with(holding->text, "socket:")) {
        socket_inherit(seeding->decoder, seeding->task, holding->fd);
        return;
    }
    seeding->task->process->fills_memory |= remote_is_faults(holding->text);
    if (signal_is_descriptor(holding->text))
        signal_record_descriptor(seeding->decoder, seeding->task);
    if (holding->flags & O_PATH) {
        seed_path(seeding, PATH_STAT, holding->text);
        return;
    }
    if (access != O_WRONLY)
        seed_path(seeding, PATH_READ, holding->text);
    if (access != O_RDONLY)
        seed_path(seeding, PATH_WRITE, holding->text);
}

static void seed_holding(void *visitor, const struct trace_open_file *holding)
{
    struct seeding *seeding = visitor;

    if (holding->fd < 0)
        seed_mapping(seeding, holding);
    else
        seed_descriptor(seeding, holding);
}

static void seed_directory(struct seeding *seeding, int link)
{
    bool deleted;
    struct resolved *directory =
        task_paths_descriptor(seeding->decoder, seeding->task, link, &deleted);

    if (directory && !deleted)
        path_record(&seeding->context, PATH_STAT, directory);
    resolve_free(directory);
}

static void seed_process(struct decoder *decoder, struct task *task)
{
    static const struct argument_role role = { ROLE_PATH, PATH_STAT, 0 };
    const struct trace_ops *ops = decoder->ops;
    struct call none = { .name = "", .at_ms = decoder->now_ms };
    struct seeding seeding = {
        .context = { .decoder = decoder, .task = task, .call = &none, .argument = &role },
        .decoder = decoder,
        .task = task,
    };

    task_program(decoder, task);
    exec_record_running(decoder, task);
    if (ops->each_open_file(ops->context, task->tid, seed_holding, &seeding) < 0)
        record_degraded(decoder, task, &none);
    if (!task_paths_is_shared(decoder, task, &none))
        return;
    seed_directory(&seeding, TRACE_CWD);
    seed_directory(&seeding, TRACE_ROOT);
}

void decoder_seed(struct decoder *decoder, pid_t tid, pid_t tgid)
{
    decoder->is_started = true;
    struct task *task = task_get(decoder, tid, tgid);

    if (!task->process->is_seeded)
        seed_process(decoder, task);
    task->process->is_seeded = true;
}
