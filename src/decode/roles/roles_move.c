// SPDX-License-Identifier: LGPL-2.1-or-later
/* Names that move: rename(2) and link(2) have an old name and a new one, and fail with EXDEV when
 * these do not lie in one mount. */
#include "decode/paths/resolve.h"
#include "decode/roles/role_kinds.h"
#include "decode/roles/roles.h"
#include "decode/task/decoder.h"
#include "decode/task/record.h"
#include <string.h>

/* The argument with the old name, before this one. */
static unsigned move_source(const struct role_context *context)
{
    unsigned i = context->position;

    while (i-- > 0)
        if (context->call->row->args[i].role == ROLE_PATH)
            return i;
    return 0;
}

/* A directory, by the name that was used and as it really is. */
struct place {
    char *named;
    char *real;
};

static void place_done(struct place *place)
{
    free(place->named);
    free(place->real);
}

/* A descriptor of a file without a name (O_TMPFILE) tells by its text where it would be. */
static struct place place_of_descriptor(const struct role_context *context, int fd)
{
    const struct trace_ops *ops = context->decoder->ops;
    CLEANUP(free_char) char *text = NULL;

    if (ops->fd_link(ops->context, context->task->tid, fd, &text) < 0 || text[0] != '/')
        return (struct place){ NULL, NULL };
    return (struct place){ .named = path_parent(text), .real = path_parent(text) };
}

/* The name that was used does only where it can be walked, and where its last component is no link
 * that was followed to somewhere else. */
static struct place place_of_name(const struct resolved *resolved)
{
    const char *requested = resolved->requested;
    bool plain = requested[0] == '/' && !strstr(requested, "/../") &&
                 strcmp(path_name(requested), path_name(resolved->path)) == 0;

    return (struct place){ .named = path_parent(plain ? requested : resolved->path),
                           .real = path_parent(resolved->path) };
}

static struct place place_of_source(const struct role_context *context)
{
    static const char descriptors[] = "/proc/self/fd/";
    unsigned source = move_source(context);
    const struct resolved *from = context->call->paths[source];
    const struct argument_role *before = source ? &context->call->row->args[source - 1] : NULL;

    if (from && !(from->is_opaque && str_starts_with(from->path, descriptors)))
        return place_of_name(from);
    if (from)
        return place_of_descriptor(context, atoi(from->path + strlen(descriptors)));
    if (before && before->role == ROLE_DIRFD)
        return place_of_descriptor(context, (int)context->call->args[source - 1]);
    return (struct place){ NULL, NULL };
}

/* What the run made lies in the mount of the directory it was made in: told by that, a thousand
 * scratch directories are one. */
static void place_settle(const struct role_context *context, struct place *place)
{
    const struct created *created = &context->decoder->created;

    while (place->real[1] && place->named[1] && created_has(created, place->real) &&
           strcmp(path_name(place->real), path_name(place->named)) == 0) {
        struct place above = { .named = path_parent(place->named),
                               .real = path_parent(place->real) };
        place_done(place);
        *place = above;
    }
}

static void move_see(struct role_context *context, const struct resolved *resolved)
{
    CLEANUP(place_done) struct place from = place_of_source(context);
    CLEANUP(place_done) struct place to = place_of_name(resolved);
    struct fact fact = { .kind = FACT_MOVE, .outcome = context->outcome };

    if (!from.named)
        return;
    place_settle(context, &from);
    place_settle(context, &to);
    fact.move = (struct move_fact){ .from = from.named, .to = to.named };
    if (strcmp(from.named, to.named) != 0)
        record_fact(context->decoder, context->task, context->call, &fact, false);
}

void move_end(struct role_context *context)
{
    unsigned source = move_source(context);
    const struct resolved *from = context->call->paths[source];
    const struct resolved *to = context->call->paths[context->position];
    bool renamed = context->call->row->args[source].use == PATH_DELETE;

    if (!to) {
        path_end(context);
        return;
    }
    if (context->outcome == 0 || context->outcome == OUTCOME_UNKNOWN)
        move_see(context, to);
    path_end(context);
    if (renamed && from && context->outcome == 0)
        created_rename(&context->decoder->created, from->path, to->path);
}
