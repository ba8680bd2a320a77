// SPDX-License-Identifier: LGPL-2.1-or-later
/* The life of a call: begin, interruption and restart, end. What arguments mean: role_table.c. */
#include "decode/call.h"
#include "decode/roles/capability.h"
#include "decode/roles/role_kinds.h"
#include "decode/roles/role_row.h"
#include "decode/roles/roles.h"
#include "decode/task/cached_call.h"
#include "decode/task/decoder.h"
#include "decode/task/record.h"
#include "decode/task/remote.h"
#include "decode/task/syscall_names.h"
#include "decode/task/task.h"
#include "decode/watch.h"
#include <errno.h>
#include <linux/audit.h>
#include <linux/net.h>
#include <string.h>
#include <sys/shm.h>

/* include/linux/errno.h of the kernel: never seen by user space, only by a tracer. */
#define KERNEL_ERESTARTSYS           512
#define KERNEL_ERESTARTNOINTR        513
#define KERNEL_ERESTARTNOHAND        514
#define KERNEL_ERESTART_RESTARTBLOCK 516

/* Call numbers in ipc(2), include/uapi/linux/ipc.h. */
#define IPC_SEMGET 2
#define IPC_MSGGET 13
#define IPC_SHMAT  21
#define IPC_SHMGET 23

struct multiplex_row {
    unsigned number;
    const char *name;
    /* Positions of the arguments within the multiplexer's own; all zero: words in memory, to which
     * the second argument points. */
    unsigned char positions[ARGUMENT_COUNT];
};

static const struct multiplex_row socket_rows[] = {
    { SYS_SOCKET, "socket", { 0 } },     { SYS_BIND, "bind", { 0 } },
    { SYS_CONNECT, "connect", { 0 } },   { SYS_LISTEN, "listen", { 0 } },
    { SYS_ACCEPT, "accept", { 0 } },     { SYS_SOCKETPAIR, "socketpair", { 0 } },
    { SYS_SEND, "send", { 0 } },         { SYS_RECV, "recv", { 0 } },
    { SYS_SENDTO, "sendto", { 0 } },     { SYS_RECVFROM, "recvfrom", { 0 } },
    { SYS_SENDMSG, "sendmsg", { 0 } },   { SYS_RECVMSG, "recvmsg", { 0 } },
    { SYS_ACCEPT4, "accept4", { 0 } },   { SYS_RECVMMSG, "recvmmsg", { 0 } },
    { SYS_SENDMMSG, "sendmmsg", { 0 } }, { SYS_SETSOCKOPT, "setsockopt", { 0 } },
};

static const struct multiplex_row ipc_rows[] = {
    { IPC_SEMGET, "semget", { 1, 2, 3 } },
    { IPC_MSGGET, "msgget", { 1, 2 } },
    { IPC_SHMAT, "shmat", { 1, 4, 2 } },
    { IPC_SHMGET, "shmget", { 1, 2, 3 } },
};

static const struct {
    const struct multiplex_row *rows;
    size_t count;
    uint64_t mask; /* bits of the call number that count */
} multiplexers[MULTIPLEX_KIND_COUNT] = {
    [MULTIPLEX_SOCKET] = { socket_rows, ELEMENTS_OF(socket_rows), UINT32_MAX },
    [MULTIPLEX_IPC] = { ipc_rows, ELEMENTS_OF(ipc_rows), 0xffff },
};

/* Stands for all numbers without a name, of which there may be many; x32's have a bit that those of
 * calls that are skipped, which are negative, have too (names.c). */
static uint64_t number_unnamed(uint64_t number)
{
    return number <= INT32_MAX && number & 0x40000000u ? 0x7fffffffu : 0x3fffffffu;
}

static struct call_kind *kind_get(struct decoder *decoder, uint32_t arch, uint64_t number)
{
    struct call_kind *kind = NULL, probe = { 0 };

    probe.key.arch = arch;
    probe.key.number = (uint32_t)number;
    HASH_FIND(hh, decoder->kinds, &probe.key, sizeof(probe.key), kind);
    if (kind)
        return kind;
    const char *name = syscall_name(arch, number);
    if (!name && number != number_unnamed(number))
        return kind_get(decoder, arch, number_unnamed(number));
    kind = mem_new(1, sizeof(*kind));
    kind->key = probe.key;
    kind->arch_name = arch_name(arch, number);
    kind->name = name;
    kind->row = kind->name ? role_row_find(kind->name) : NULL;
    kind->wide = syscall_arch_is_wide(arch, number);
    kind->is_repeatable = kind->row && row_rules_is_repeatable(kind->row);
    if (kind->name)
        kind->rules = capability_rules_of(kind->name, &kind->rule_count);
    HASH_ADD(hh, decoder->kinds, key, sizeof(kind->key), kind);
    return kind;
}

/* Arguments that stand in memory as words of the task's size. */
static bool call_read_words(struct decoder *decoder, struct task *task, struct call *call,
                            uint64_t address)
{
    uint64_t words[ARGUMENT_COUNT] = { 0 };
    uint32_t halves[ARGUMENT_COUNT] = { 0 };
    bool wide = call->kind->wide;
    size_t size = wide ? sizeof(words[0]) : sizeof(halves[0]);
    void *buffer = wide ? (void *)words : (void *)halves;
    size_t count = ARGUMENT_COUNT;

    /* The last words may be missing: a call with two arguments has an array of two. */
    while (count && !remote_read(decoder, task, address, buffer, count * size))
        count--;
    for (size_t i = 0; i < ARGUMENT_COUNT; i++)
        call->args[i] = wide ? words[i] : halves[i];
    return count > 0;
}

static void call_unfold(struct decoder *decoder, struct task *task, struct call *call)
{
    unsigned kind = call->row->args[0].how;
    const struct multiplex_row *row = NULL;

    for (size_t i = 0; i < multiplexers[kind].count; i++)
        if (multiplexers[kind].rows[i].number == (call->args[0] & multiplexers[kind].mask))
            row = &multiplexers[kind].rows[i];
    if (!row) {
        call->row = NULL;
        return;
    }
    call->row = role_row_find(row->name);
    call->name = row->name;
    if (!row->positions[0]) {
        call->is_unreadable = !call_read_words(decoder, task, call, call->args[1]);
        return;
    }
    for (size_t i = 0; i < ARGUMENT_COUNT; i++)
        call->args[i] = row->positions[i] ? call->registers[row->positions[i]] : 0;
}

/* Brings the arguments into the order the row speaks of. */
static void call_arrange(struct decoder *decoder, struct task *task, struct call *call)
{
    if (role_row_of(call) == ROLE_MULTIPLEX)
        call_unfold(decoder, task, call);
    else if (role_row_has_memory_args(call->row, call->kind->key.arch))
        call->is_unreadable = !call_read_words(decoder, task, call, call->args[0]);
    /* x32 has 32-bit pointers but passes 64-bit values in one register. */
    if (call->row && call->row->split && !(call->kind->key.arch & __AUDIT_ARCH_64BIT))
        for (size_t i = call->row->split; i + 1 < ARGUMENT_COUNT; i++)
            call->args[i] = call->args[i + 1];
}

static void call_run_roles(struct decoder *decoder, struct task *task, struct call *call,
                           size_t hook, int outcome, int64_t rval)
{
    struct role_context context = {
        .decoder = decoder, .task = task, .call = call, .outcome = outcome, .rval = rval
    };

    for (unsigned i = 0; call->row && i < ARGUMENT_COUNT; i++) {
        const struct role_kind *kind = &role_kinds[call->row->args[i].role];
        void (*const hooks[])(struct role_context *) = { kind->gather, kind->begin, kind->end };
        call->wants_end |= kind->wants_end;
        context.position = i;
        context.argument = &call->row->args[i];
        context.value = call->args[i];
        if (hooks[hook])
            hooks[hook](&context);
    }
}

enum { HOOK_GATHER, HOOK_BEGIN, HOOK_END };

/* A call that was interrupted comes again: at once, or after the signal's handler returned. Any
 * other call after the handler says that it ended with EINTR (signal(7)). */
static bool call_resume(struct decoder *decoder, struct task *task, const struct call *next)
{
    struct call *held = &task->held;
    bool after_sigreturn = task->after_sigreturn;

    task->after_sigreturn = role_row_of(next) == ROLE_SIGRETURN;
    if (!held->is_active || role_row_of(next) == ROLE_RESTART)
        return false;
    if (held->kind == next->kind &&
        memcmp(held->registers, next->registers, sizeof(held->registers)) == 0) {
        task->now = *held;
        *held = (struct call){ 0 };
        return true;
    }
    if (after_sigreturn)
        call_finish(decoder, task, held, EINTR, 0);
    return false;
}

void call_begin(struct decoder *decoder, struct task *task, const struct trace_event *event)
{
    struct call call = {
        .is_active = true,
        .is_over = event->is_over,
        .number = event->number,
        .at_ms = event->at_ms,
        .phase = decoder->phase,
    };

    call_finish(decoder, task, &task->now, OUTCOME_UNKNOWN, 0);
    call.kind = kind_get(decoder, event->arch, event->number);
    call.row = call.kind->row;
    call.name = call.kind->name ? call.kind->name : "";
    memcpy(call.args, event->args, sizeof(call.args));
    memcpy(call.registers, event->args, sizeof(call.registers));
    if (call_resume(decoder, task, &call))
        return;
    task->now = call;
    if (!call.row)
        return;
    /* What it goes back to shows how the interrupted call ended. */
    task->now.wants_end = role_row_of(&call) == ROLE_SIGRETURN && task->held.is_active;
    if (event->is_over && call.kind->is_repeatable)
        cached_call_begin(decoder);
    call_arrange(decoder, task, &task->now);
    call_run_roles(decoder, task, &task->now, HOOK_GATHER, 0, 0);
    call_run_roles(decoder, task, &task->now, HOOK_BEGIN, 0, 0);
    capability_begin(decoder, task, &task->now);
}

static void call_see(struct decoder *decoder, struct task *task, const struct call *call,
                     int outcome)
{
    struct fact fact = {
        .kind = FACT_SYSCALL,
        .outcome = outcome,
        .syscall = { .arch = (char *)(uintptr_t)call->kind->arch_name,
                     .name = (char *)(uintptr_t)call->kind->name,
                     .number = call->kind->name ? 0 : call->number },
    };

    record_fact(decoder, task, call, &fact, false);
}

void call_finish(struct decoder *decoder, struct task *task, struct call *call, int outcome,
                 int64_t rval)
{
    if (!call->is_active)
        return;
    if (outcome == OUTCOME_UNKNOWN && call->is_known)
        outcome = 0;
    call->kind->has_succeeded |= outcome == 0;
    if (decoder->is_started) {
        call_run_roles(decoder, task, call, HOOK_END, outcome, outcome ? 0 : rval);
        /* The kernel could not read it either: then there was nothing to know. */
        if (call->is_unreadable && outcome != EFAULT)
            record_degraded(decoder, task, call);
        call_see(decoder, task, call, outcome);
        capability_end(decoder, task, call, outcome);
    }
    task_call_done(call);
    watch_check(decoder, task);
}

void call_counted(struct decoder *decoder, const struct trace_count *count)
{
    const struct call_kind *kind = kind_get(decoder, count->arch, count->number);
    struct fact fact = {
        .kind = FACT_SYSCALL,
        .outcome = count->succeeded ? 0 : OUTCOME_UNKNOWN,
        .syscall = { .arch = (char *)(uintptr_t)kind->arch_name,
                     .name = (char *)(uintptr_t)kind->name,
                     .number = kind->name ? 0 : count->number },
    };
    struct sighting sighting = {
        .run = decoder->run_id,
        .count = count->count,
        .at_ms = count->at_ms,
        .phase = decoder->phase,
        .program = count->program,
        .call = kind->name ? kind->name : "",
    };

    profile_record(decoder->profile, &fact, &sighting);
}

static bool is_no_result(int64_t code)
{
    return code == KERNEL_ERESTARTSYS || code == KERNEL_ERESTARTNOINTR ||
           code == KERNEL_ERESTARTNOHAND || code == KERNEL_ERESTART_RESTARTBLOCK;
}

void call_end(struct decoder *decoder, struct task *task, const struct trace_event *event)
{
    struct call *call = &task->now;
    enum role role = role_row_of(call);
    int outcome = event->is_error ? (int)-event->rval : 0;

    if (!call->is_active)
        return;
    if (role == ROLE_SIGRETURN) {
        if (outcome == EINTR)
            call_finish(decoder, task, &task->held, EINTR, 0);
        call_finish(decoder, task, call, 0, 0);
    } else if (!event->is_error || !is_no_result(-event->rval)) {
        if (role == ROLE_RESTART)
            call_finish(decoder, task, &task->held, outcome, event->rval);
        call_finish(decoder, task, call, outcome, event->rval);
    } else if (role == ROLE_RESTART) {
        call_finish(decoder, task, call, OUTCOME_UNKNOWN, 0);
    } else {
        call_finish(decoder, task, &task->held, OUTCOME_UNKNOWN, 0);
        task->held = *call;
        *call = (struct call){ 0 };
    }
}
