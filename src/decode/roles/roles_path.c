// SPDX-License-Identifier: LGPL-2.1-or-later
/* Arguments that name a file. Names are walked at the begin, while the old state still stands. */
#include "decode/paths/resolve.h"
#include "decode/roles/role_kinds.h"
#include "decode/roles/roles.h"
#include "decode/task/cached_call.h"
#include "decode/task/decoder.h"
#include "decode/task/record.h"
#include "decode/task/remote.h"
#include "decode/task/task_paths.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/inotify.h>
#include <sys/mount.h>
#include <unistd.h>

static const struct {
    uint64_t nofollow, follow, empty;
} flag_bits[FLAGS_KIND_COUNT] = {
    [FLAGS_AT] = { AT_SYMLINK_NOFOLLOW, AT_SYMLINK_FOLLOW, AT_EMPTY_PATH },
    [FLAGS_WATCH] = { IN_DONT_FOLLOW, 0, 0 },
    [FLAGS_MARK] = { FAN_MARK_DONT_FOLLOW, 0, 0 },
    [FLAGS_UMOUNT] = { UMOUNT_NOFOLLOW, 0, 0 },
    [FLAGS_PICK] = { FSPICK_SYMLINK_NOFOLLOW, 0, FSPICK_EMPTY_PATH },
};

void path_gather_flags(struct role_context *context)
{
    struct call *call = context->call;
    unsigned kind = context->argument->how;

    call->nofollow = context->value & flag_bits[kind].nofollow;
    call->follow = context->value & flag_bits[kind].follow;
    call->empty = context->value & flag_bits[kind].empty;
}

void path_gather_register(struct role_context *context)
{
    context->call->flags = (uint32_t)context->value;
}

void path_gather_how(struct role_context *context)
{
    struct open_how how = { 0 };

    if (!remote_read(context->decoder, context->task, context->value, &how, sizeof(how))) {
        context->call->is_unreadable = true;
        return;
    }
    context->call->flags = how.flags;
    context->call->open_mode = how.mode;
    context->call->open_resolve = how.resolve;
}

void path_gather_creat(struct role_context *context)
{
    if (context->argument->how & PATH_HOW_CREAT)
        context->call->flags = O_CREAT | O_WRONLY | O_TRUNC;
}

static const struct argument_role *argument_before(const struct role_context *context)
{
    return context->position ? context->argument - 1 : NULL;
}

static bool has_dirfd(const struct role_context *context)
{
    const struct argument_role *before = argument_before(context);

    return before && before->role == ROLE_DIRFD;
}

static int dirfd_of(const struct role_context *context)
{
    return has_dirfd(context) ? (int)context->call->args[context->position - 1] : TRACE_CWD;
}

/* open(2): O_CREAT with O_EXCL does not follow a link either. */
static bool open_is_nofollow(const struct role_context *context)
{
    uint64_t flags = context->call->flags;

    return context->argument->role == ROLE_OPEN_PATH &&
           (flags & O_NOFOLLOW || (flags & O_CREAT && flags & O_EXCL));
}

static unsigned resolve_flags(const struct role_context *context)
{
    const struct call *call = context->call;
    unsigned how = context->argument->how, flags = 0;

    if (how & PATH_HOW_NOFOLLOW || call->nofollow || open_is_nofollow(context))
        flags |= RESOLVE_NOFOLLOW;
    if (call->follow && !(how & PATH_HOW_CREATES))
        flags &= ~RESOLVE_NOFOLLOW;
    if (call->open_resolve & RESOLVE_IN_ROOT)
        flags |= RESOLVE_IN_BASE;
    return flags;
}

void path_take(struct role_context *context, const char *name)
{
    struct call *call = context->call;

    call->wants_end = true;
    call->paths[context->position] = task_paths_resolve(
        context->decoder, context->task, dirfd_of(context), name, resolve_flags(context));
    call->is_uncertain |= !call->paths[context->position];
}

/* No name: the descriptor itself is meant. Asking for its metadata is no use of a path. */
static void path_take_descriptor(struct role_context *context)
{
    struct call *call = context->call;
    bool deleted;

    if (context->argument->use == PATH_STAT)
        return;
    struct resolved *file =
        task_paths_descriptor(context->decoder, context->task, dirfd_of(context), &deleted);
    if (deleted) {
        resolve_free(file);
        file = NULL;
    }
    call->paths[context->position] = file;
    call->wants_end = true;
}

void path_begin(struct role_context *context)
{
    struct call *call = context->call;
    CLEANUP(free_char) char *name = NULL;
    bool may_be_empty =
        has_dirfd(context) && (call->empty || context->argument->how & PATH_HOW_EMPTY);

    if (!task_paths_is_shared(context->decoder, context->task, call)) {
        call->wants_end = true;
        return;
    }
    int r = context->value ? remote_string(context->decoder, context->task, context->value,
                                           RESOLVE_NAME_LIMIT, &name)
                           : 0;
    cached_call_name(context->decoder, name);
    if (r == -EFAULT) {
        call->is_unreadable = true;
        call->wants_end = true;
    } else if (may_be_empty && (!name || !name[0])) {
        path_take_descriptor(context);
    } else if (name && r == 0) {
        path_take(context, name);
    } else {
        call->wants_end = true;
    }
}

/* mount(2): the source is a path for a bind or a move, and where it is a device. */
void path_begin_source(struct role_context *context)
{
    uint64_t flags = context->call->flags;
    char first = 0;

    if (flags & MS_REMOUNT)
        return;
    if (!(flags & (MS_BIND | MS_MOVE)) &&
        !(remote_read(context->decoder, context->task, context->value, &first, 1) && first == '/'))
        return;
    path_begin(context);
}

/* Whether something stood at a path before the run made anything there. */
static bool path_is_foreign(const struct role_context *context, const struct resolved *resolved)
{
    if (resolved->error || context->outcome == ENOENT || context->outcome == ENOTDIR)
        return false;
    return !created_has(&context->decoder->created, resolved->path);
}

/* Where what stands there on the machine is not what the service found: names are told as the
 * service has them, and the place is told. */
static void path_see_moved(struct role_context *context, const char *path)
{
    const struct trace_ops *ops = context->decoder->ops;
    const char *point = ops->moved ? ops->moved(ops->context, context->task->tid, path) : NULL;
    CLEANUP(free_char) char *place = point ? mem_printf("mount %s", point) : NULL;

    if (place)
        record_blind_spot(context->decoder, context->task, context->call, "foreign-mount-namespace",
                          place);
}

static void path_see_names(struct role_context *context, enum path_use use, const char *path,
                           const char *requested, int outcome, bool foreign)
{
    struct fact fact = { .kind = FACT_PATH,
                         .outcome = outcome,
                         .path = { .use = use,
                                   .path = (char *)(uintptr_t)path,
                                   .requested = (char *)(uintptr_t)requested } };

    path_see_moved(context, path);
    record_fact(context->decoder, context->task, context->call, &fact, foreign);
}

void path_record(struct role_context *context, enum path_use use, const struct resolved *resolved)
{
    path_see_names(context, use, resolved->path, resolved->requested, context->outcome,
                   path_is_foreign(context, resolved));
}

/* The size is that of a whole file system, which only a bind of something on it can tell. */
static void path_see_size(struct role_context *context, const struct resolved *resolved)
{
    if (context->argument->how & PATH_HOW_SIZE && context->outcome == 0)
        record_argument(context->decoder, context->task, context->call, "statfs", resolved->path,
                        context->outcome);
}

void path_record_links(struct role_context *context, const struct resolved *resolved)
{
    const struct created *created = &context->decoder->created;

    for (size_t i = 0; i < resolved->links.count; i++) {
        const char *link = resolved->links.items[i];
        path_see_names(context, PATH_LINK, link, link, 0, !created_has(created, link));
    }
}

/* A call found what our own walk had not: only the last name was missing, and was made meanwhile,
 * as where several processes share a lock or a journal. Looked at again it is no link, or it is
 * gone again and the run, which makes no links, made it: then the name is where the call led. */
static bool path_came(struct role_context *context, struct resolved *resolved)
{
    const struct decoder *decoder = context->decoder;
    CLEANUP(free_char) char *target = NULL;

    if (!resolved->missing || path_is_within(resolved->path, "/proc"))
        return false;
    bool own = created_had(&decoder->created, resolved->path);
    int r =
        decoder->ops->read_link(decoder->ops->context, context->task->tid, resolved->path, &target);
    if (r != -EINVAL && !(resolve_flags(context) & RESOLVE_NOFOLLOW) &&
        (r != -ENOENT || !own || decoder->created.had_links))
        return false;
    if (!own)
        resolved->error = 0;
    return true;
}

/* A call succeeded on what our own walk did not find: someone changed it meanwhile, or it was not
 * read right. The truth is not known. */
static void path_check(struct role_context *context, struct resolved *resolved)
{
    bool creates = context->argument->how & PATH_HOW_CREATES && resolved->missing;

    if (context->outcome == 0 && resolved->error && !creates && !resolved->is_opaque &&
        !path_came(context, resolved))
        record_blind_spot(context->decoder, context->task, context->call, "uncertain-path",
                          resolved->requested);
}

static bool path_is_renamed(const struct call *call)
{
    for (unsigned i = 0; i < ARGUMENT_COUNT; i++)
        if (call->row->args[i].role == ROLE_MOVE_TO)
            return true;
    return false;
}

void path_end(struct role_context *context)
{
    struct resolved *resolved = context->call->paths[context->position];
    enum path_use use = context->argument->use;

    if (!resolved) {
        if (context->call->is_uncertain && context->outcome == 0)
            record_blind_spot(context->decoder, context->task, context->call, "uncertain-path",
                              context->call->name);
        return;
    }
    if (resolved->is_opaque)
        cached_call_drop(context->decoder);
    path_check(context, resolved);
    path_record_links(context, resolved);
    path_record(context, use, resolved);
    path_see_size(context, resolved);
    if (use == PATH_MOUNT && context->outcome == 0)
        record_change(context->decoder, 0);
    if (use == PATH_CREATE && context->outcome == 0) {
        created_add(&context->decoder->created, resolved->path);
        context->decoder->created.had_links |= str_starts_with(context->call->name, "symlink");
    }
    if (use == PATH_DELETE && context->outcome == 0 && !path_is_renamed(context->call))
        created_remove(&context->decoder->created, resolved->path);
}

/* A program that asks whether it may write behaves by the answer: a soft intent to write. */
void path_end_access(struct role_context *context)
{
    const struct resolved *resolved = context->call->paths[context->position];

    path_end(context);
    if (resolved && context->outcome == 0 && context->call->flags & W_OK)
        path_record(context, PATH_WRITE, resolved);
}

void path_end_root(struct role_context *context)
{
    path_end(context);
    if (context->outcome == 0)
        task_paths_changed(context->decoder, context->task);
}

void path_begin_fd(struct role_context *context)
{
    struct call *call = context->call;
    bool deleted;

    if (!task_paths_is_shared(context->decoder, context->task, call))
        return;
    struct resolved *file =
        task_paths_descriptor(context->decoder, context->task, (int)context->value, &deleted);
    if (deleted) {
        resolve_free(file);
        file = NULL;
    }
    call->paths[context->position] = file;
    call->wants_end = true;
}

void path_end_fd(struct role_context *context)
{
    const struct resolved *resolved = context->call->paths[context->position];

    if (!resolved)
        return;
    path_record(context, context->argument->use, resolved);
    path_see_size(context, resolved);
}
