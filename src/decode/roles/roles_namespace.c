// SPDX-License-Identifier: LGPL-2.1-or-later
/* New tasks and namespaces. */
#include "decode/roles/role_kinds.h"
#include "decode/roles/roles.h"
#include "decode/task/decoder.h"
#include "decode/task/record.h"
#include "decode/task/remote.h"
#include "decode/task/task_paths.h"
#include <linux/sched.h>
#include <string.h>

/* The low byte of clone(2)'s flags is a signal; CLONE_NEWTIME lies in it and is clone3's only. */
#define CLONE_SIGNAL_BITS 0xffu
/* struct clone_args as of Linux 5.7; the kernel takes shorter ones from 64 bytes on. */
#define CLONE_ARGS_LEAST CLONE_ARGS_SIZE_VER0

static const struct {
    uint64_t flag;
    const char *name;
} namespaces[] = {
    { CLONE_NEWNS, "mnt" },        { CLONE_NEWUTS, "uts" },   { CLONE_NEWIPC, "ipc" },
    { CLONE_NEWUSER, "user" },     { CLONE_NEWPID, "pid" },   { CLONE_NEWNET, "net" },
    { CLONE_NEWCGROUP, "cgroup" }, { CLONE_NEWTIME, "time" },
};

static const struct {
    uint64_t flag;
    const char *name;
} clone_flags[] = {
    { CLONE_UNTRACED, "CLONE_UNTRACED" },
    { CLONE_INTO_CGROUP, "CLONE_INTO_CGROUP" },
    { CLONE_PIDFD, "CLONE_PIDFD" },
};

static bool makes_namespace(uint64_t flags)
{
    for (size_t i = 0; i < ELEMENTS_OF(namespaces); i++)
        if (flags & namespaces[i].flag)
            return true;
    return false;
}

static void see_namespaces(struct role_context *context, uint64_t flags)
{
    for (size_t i = 0; i < ELEMENTS_OF(namespaces); i++)
        if (flags & namespaces[i].flag)
            record_argument(context->decoder, context->task, context->call, "namespace",
                            namespaces[i].name, context->outcome);
}

/* clone(2), "C library/kernel differences": on s390 the stack comes first. */
static uint64_t clone_register(const struct role_context *context)
{
    bool stack_first = str_starts_with(context->call->kind->arch_name, "s390");

    return stack_first ? context_next(context, 1) : context->value;
}

/* Sets or takes away CLONE_UNTRACED where the kernel will read it: the register, or (clone3)
 * memory. The flags stand first in struct clone_args. */
static bool untraced_write(struct role_context *context, bool set)
{
    const struct trace_ops *ops = context->decoder->ops;
    struct call *call = context->call;
    pid_t tid = context->task->tid;
    bool in_memory = context->argument->role == ROLE_CLONE_ARGS;
    uint64_t old = in_memory ? call->flags : context->value;
    uint64_t flags = set ? old : old & ~(uint64_t)CLONE_UNTRACED;

    if (!ops->write_memory || !ops->set_first_argument)
        return false;
    if (in_memory)
        return ops->write_memory(ops->context, tid, context->value, &flags, sizeof(flags)) == 0;
    if (ops->set_first_argument(ops->context, tid, call->kind->key.arch, flags) < 0)
        return false;
    call->registers[0] = flags; /* that is how a restart will look */
    return true;
}

static bool flags_say_something(uint64_t flags)
{
    for (size_t i = 0; i < ELEMENTS_OF(clone_flags); i++)
        if (flags & clone_flags[i].flag)
            return true;
    return makes_namespace(flags);
}

void namespace_begin_clone(struct role_context *context)
{
    struct call *call = context->call;

    call->flags = (uint32_t)clone_register(context) & ~(uint64_t)CLONE_SIGNAL_BITS;
    call->wants_end |= flags_say_something(call->flags);
    if (call->flags & CLONE_UNTRACED)
        call->is_amended = untraced_write(context, false);
}

void namespace_begin_clone3(struct role_context *context)
{
    struct clone_args args = { 0 };
    size_t size = (size_t)context_next(context, 1);

    if (size > sizeof(args))
        size = sizeof(args);
    /* Once it has succeeded it is there: the new task tells of the next success. */
    context->call->wants_end = !context->call->kind->has_succeeded;
    if (size < CLONE_ARGS_LEAST)
        return;
    if (remote_read(context->decoder, context->task, context->value, &args, size)) {
        context->call->flags = args.flags;
        context->call->set_tid = args.set_tid_size > 0;
        context->call->wants_end |= args.set_tid_size > 0 || flags_say_something(args.flags);
        if (args.flags & CLONE_UNTRACED && !context->call->is_over)
            context->call->is_amended = untraced_write(context, false);
    } else {
        context->call->is_unreadable = true;
    }
}

static void clone_see(struct role_context *context, const char *value)
{
    record_argument(context->decoder, context->task, context->call, "clone", value,
                    context->outcome);
}

void namespace_end_clone(struct role_context *context)
{
    const struct call *call = context->call;

    see_namespaces(context, call->flags);
    for (size_t i = 0; i < ELEMENTS_OF(clone_flags); i++)
        if (call->flags & clone_flags[i].flag)
            clone_see(context, clone_flags[i].name);
    if (call->set_tid)
        clone_see(context, "set_tid");
    if (call->is_amended)
        untraced_write(context, true);
    else if (call->flags & CLONE_UNTRACED && context->outcome <= 0)
        record_blind_spot(context->decoder, context->task, call, "untraced-clone", NULL);
}

void namespace_end_unshare(struct role_context *context)
{
    see_namespaces(context, (uint32_t)context->value);
    if (context->outcome == 0)
        task_paths_changed(context->decoder, context->task);
}

void namespace_end_setns(struct role_context *context)
{
    if ((uint32_t)context->value)
        see_namespaces(context, (uint32_t)context->value);
    else
        record_argument(context->decoder, context->task, context->call, "namespace", "any",
                        context->outcome);
    if (context->outcome == 0)
        task_paths_changed(context->decoder, context->task);
}
