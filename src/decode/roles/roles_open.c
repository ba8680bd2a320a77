// SPDX-License-Identifier: LGPL-2.1-or-later
/* Opening: what it is used for stands in the flags, and where it led the kernel tells. */
#include "decode/paths/resolve.h"
#include "decode/roles/role_kinds.h"
#include "decode/task/cached_call.h"
#include "decode/task/decoder.h"
#include "decode/task/record.h"
#include "decode/task/task_paths.h"
#include <fcntl.h>
#include <string.h>

static bool flags_are_tmpfile(uint64_t flags)
{
    return (flags & O_TMPFILE) == O_TMPFILE;
}

static void open_see_uses(struct role_context *context, const struct resolved *file)
{
    uint64_t flags = context->call->flags, mode = flags & O_ACCMODE;

    if (flags & O_PATH) {
        path_record(context, PATH_STAT, file);
        return;
    }
    if (flags & O_CREAT && file->error && !flags_are_tmpfile(flags)) {
        path_record(context, PATH_CREATE, file);
        if (context->outcome == 0)
            created_add(&context->decoder->created, file->path);
    }
    if (mode != O_WRONLY && !flags_are_tmpfile(flags))
        path_record(context, PATH_READ, file);
    if (mode != O_RDONLY || flags & O_TRUNC)
        path_record(context, PATH_WRITE, file);
}

/* The walk and the kernel disagree: a race, or a name that leads elsewhere by itself (/dev/ptmx).
 * The kernel's path is the file; the name asked for was still looked up. */
static void open_replace(struct role_context *context, struct resolved *file,
                         struct resolved *truth)
{
    if (!file->is_opaque) {
        if (!file->error)
            path_record(context, PATH_STAT, file);
        free(file->requested);
        file->requested = mem_strdup(truth->path);
    }
    free(file->path);
    file->path = mem_strdup(truth->path);
    if (!(context->call->flags & O_CREAT))
        file->error = 0;
}

static void open_settle(struct role_context *context, struct resolved *file)
{
    bool deleted;
    CLEANUP(resolved_freep)
    struct resolved *truth =
        task_paths_descriptor(context->decoder, context->task, (int)context->rval, &deleted);

    if (flags_are_tmpfile(context->call->flags))
        return;
    if (truth && strcmp(truth->path, file->path) != 0)
        open_replace(context, file, truth);
    else if (!truth && file->error && !file->is_opaque && !(context->call->flags & O_CREAT))
        record_blind_spot(context->decoder, context->task, context->call, "uncertain-path",
                          file->requested);
    else if (truth && !(context->call->flags & O_CREAT))
        file->error = 0;
}

/* Nothing was walked (a directory that cannot be told): only the kernel knows. */
static void open_end_unwalked(struct role_context *context)
{
    bool deleted;

    if (context->outcome != 0 ||
        !task_paths_is_shared(context->decoder, context->task, context->call))
        return;
    CLEANUP(resolved_freep)
    struct resolved *truth =
        task_paths_descriptor(context->decoder, context->task, (int)context->rval, &deleted);
    if (truth && !deleted)
        open_see_uses(context, truth);
    else if (!truth)
        record_blind_spot(context->decoder, context->task, context->call, "uncertain-path",
                          context->call->name);
}

void open_end(struct role_context *context)
{
    struct resolved *file = context->call->paths[context->position];

    if (!file) {
        open_end_unwalked(context);
        return;
    }
    if (file->is_opaque)
        cached_call_drop(context->decoder);
    if (context->outcome == 0)
        open_settle(context, file);
    path_record_links(context, file);
    open_see_uses(context, file);
}

/* open_by_handle_at(2): the handle names an inode, not a path. Under other mounts it may not open
 * at all, which no path fact can say. */
void open_end_handle(struct role_context *context)
{
    if (context->outcome != 0)
        return;
    record_blind_spot(context->decoder, context->task, context->call, "uncertain-path",
                      context->call->name);
    open_end_unwalked(context);
}
