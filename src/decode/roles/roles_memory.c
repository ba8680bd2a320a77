// SPDX-License-Identifier: LGPL-2.1-or-later
/* Memory that can be executed. */
#include "decode/paths/resolve.h"
#include "decode/roles/role_kinds.h"
#include "decode/task/decoder.h"
#include "decode/task/record.h"
#include "decode/task/task.h"
#include "decode/task/task_paths.h"
#include <sys/mman.h>
#include <sys/shm.h>

/* Programs times libraries; what is beyond is asked for at each call. */
#define KNOWN_MAPS_LIMIT 512

static void memory_see(struct role_context *context, const char *value)
{
    record_argument(context->decoder, context->task, context->call, "memory", value,
                    context->outcome);
}

void memory_begin_map(struct role_context *context)
{
    context->call->wants_end |= (context->value & PROT_EXEC) != 0;
}

void memory_end_map(struct role_context *context)
{
    if (context->value & PROT_EXEC && context->value & PROT_WRITE)
        memory_see(context, "write-execute");
}

/* The same program has mapped the same file so, in this phase. */
static bool map_is_known(struct role_context *context, const struct resolved *file, bool add)
{
    struct strings *known = &context->decoder->known_maps;
    CLEANUP(free_char)
    char *key =
        mem_printf("%s%c%s", task_program(context->decoder, context->task), '\n', file->path);
    bool has = strings_has(known, key);

    if (add && !has && known->count < KNOWN_MAPS_LIMIT)
        strings_add(known, key);
    return has;
}

/* The protection stands two places before the descriptor. */
void memory_begin_map_fd(struct role_context *context)
{
    struct call *call = context->call;
    bool deleted;

    if (!(call->args[context->position - 2] & PROT_EXEC) || call->flags & MAP_ANONYMOUS ||
        !task_paths_is_shared(context->decoder, context->task, call))
        return;
    struct resolved *file =
        task_paths_descriptor(context->decoder, context->task, (int)context->value, &deleted);
    if (deleted) {
        /* What libffi and other makers of code map: a file whose name is gone. */
        if (file && !str_starts_with(file->path, "/memfd:"))
            call->text = mem_strdup("removed-file");
        resolve_free(file);
        file = NULL;
    }
    call->paths[context->position] = file;
    if (file && !(call->args[context->position - 2] & PROT_WRITE) &&
        map_is_known(context, file, false)) {
        call->is_known = true;
        call->wants_end = false;
    }
}

void memory_end_map_fd(struct role_context *context)
{
    const struct resolved *file = context->call->paths[context->position];

    if (file)
        path_record(context, PATH_MAP_EXECUTE, file);
    if (file && context->outcome == 0)
        map_is_known(context, file, true);
    else if (context->call->text)
        record_argument(context->decoder, context->task, context->call, "execute",
                        context->call->text, context->outcome);
}

void memory_begin_protect(struct role_context *context)
{
    context->call->wants_end |= (context->value & PROT_EXEC) != 0;
}

void memory_end_protect(struct role_context *context)
{
    if (context->value & PROT_EXEC)
        memory_see(context, "make-executable");
}

void memory_end_shm(struct role_context *context)
{
    if (context->value & SHM_EXEC)
        memory_see(context, "shm-execute");
}
