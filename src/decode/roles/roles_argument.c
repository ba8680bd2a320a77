// SPDX-License-Identifier: LGPL-2.1-or-later
/* Arguments that a directive depends on; the topics are listed in docs/PROFILE_FORMAT.md. */
#include "decode/paths/resolve.h"
#include "decode/roles/role_kinds.h"
#include "decode/roles/roles.h"
#include "decode/task/decoder.h"
#include "decode/task/record.h"
#include "decode/task/remote.h"
#include "decode/task/task.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <string.h>

#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <time.h>

struct named_value {
    uint64_t value;
    const char *name;
};

static const char *name_of(const struct named_value *names, size_t count, uint64_t value)
{
    for (size_t i = 0; i < count; i++)
        if (names[i].value == value)
            return names[i].name;
    return NULL;
}

static void argument_see(struct role_context *context, const char *topic, const char *value)
{
    record_argument(context->decoder, context->task, context->call, topic, value, context->outcome);
}

/* ---- modes ---- */

static void see_setid_mode(struct role_context *context, uint64_t mode)
{
    if (!(mode & (S_ISUID | S_ISGID)))
        return;
    CLEANUP(free_char) char *text = mem_printf("%05o", (unsigned)(mode & 07777));
    argument_see(context, "setid-mode", text);
}

void argument_end_mode(struct role_context *context)
{
    see_setid_mode(context, context->value);
}

/* mkdir(2) */
void argument_end_create_mode(struct role_context *context)
{
    see_setid_mode(context, context->value);
    create_record_mode(context, context->value);
}

static void see_open_mode(struct role_context *context, uint64_t mode)
{
    uint64_t flags = context->call->flags;

    if (!(flags & O_CREAT) && (flags & O_TMPFILE) != O_TMPFILE)
        return;
    see_setid_mode(context, mode);
    create_record_mode(context, mode);
}

void argument_end_open_how(struct role_context *context)
{
    see_open_mode(context, context->call->open_mode);
}

void argument_end_open_mode(struct role_context *context)
{
    uint64_t flags = context->call->flags;

    see_open_mode(context, context->value);
    if (flags & O_NOATIME)
        argument_see(context, "open-flag", "O_NOATIME");
}

void argument_end_node_mode(struct role_context *context)
{
    static const struct named_value types[] = {
        { 0, "S_IFREG" },       { S_IFREG, "S_IFREG" }, { S_IFCHR, "S_IFCHR" },
        { S_IFBLK, "S_IFBLK" }, { S_IFIFO, "S_IFIFO" }, { S_IFSOCK, "S_IFSOCK" },
    };
    const char *type = name_of(types, ELEMENTS_OF(types), context->value & S_IFMT);

    if (type)
        argument_see(context, "mknod", type);
    see_setid_mode(context, context->value);
    create_record_mode(context, context->value);
}

/* ---- scheduling, clocks, personality ---- */

/* sched(7); 7 is SCHED_EXT since Linux 6.12. */
static const struct named_value policies[] = {
    { 0, "SCHED_OTHER" }, { 1, "SCHED_FIFO" },     { 2, "SCHED_RR" },  { 3, "SCHED_BATCH" },
    { 5, "SCHED_IDLE" },  { 6, "SCHED_DEADLINE" }, { 7, "SCHED_EXT" },
};

static char *policy_text(uint32_t policy, bool reset_on_fork)
{
    const char *name = name_of(policies, ELEMENTS_OF(policies), policy);
    const char *flag = reset_on_fork ? "|SCHED_RESET_ON_FORK" : "";

    return name ? mem_printf("%s%s", name, flag) : mem_printf("%u%s", policy, flag);
}

void argument_end_policy(struct role_context *context)
{
    uint32_t policy = (uint32_t)context->value;
    CLEANUP(free_char)
    char *text = policy_text(policy & ~(uint32_t)SCHED_RESET_ON_FORK, policy & SCHED_RESET_ON_FORK);

    argument_see(context, "scheduler", text);
}

void argument_begin_sched_attr(struct role_context *context)
{
    /* The first fields of struct sched_attr, sched_setattr(2). */
    struct {
        uint32_t size;
        uint32_t policy;
        uint64_t flags;
    } attr;

    if (remote_read(context->decoder, context->task, context->value, &attr, sizeof(attr)))
        context->call->text = policy_text(attr.policy, attr.flags & SCHED_FLAG_RESET_ON_FORK);
    else
        context->call->is_unreadable = true;
}

void argument_end_sched_attr(struct role_context *context)
{
    if (context->call->text)
        argument_see(context, "scheduler", context->call->text);
}

static const char *alarm_clock_name(uint64_t clock)
{
    static const struct named_value clocks[] = {
        { CLOCK_REALTIME_ALARM, "CLOCK_REALTIME_ALARM" },
        { CLOCK_BOOTTIME_ALARM, "CLOCK_BOOTTIME_ALARM" },
    };

    return name_of(clocks, ELEMENTS_OF(clocks), (uint32_t)clock);
}

void argument_begin_clock(struct role_context *context)
{
    context->call->wants_end |= alarm_clock_name(context->value) != NULL;
}

void argument_end_clock(struct role_context *context)
{
    const char *name = alarm_clock_name(context->value);

    if (name)
        argument_see(context, "clock-alarm", name);
}

void argument_end_personality(struct role_context *context)
{
    CLEANUP(free_char) char *text = mem_printf("0x%x", (unsigned)context->value);

    argument_see(context, "personality", text);
}

/* ---- prctl, seccomp, io_uring ---- */

#define OPTION(name)                                                                               \
    {                                                                                              \
        name, #name                                                                                \
    }
static const struct named_value options[] = {
    OPTION(PR_SET_PDEATHSIG),
    OPTION(PR_GET_PDEATHSIG),
    OPTION(PR_GET_DUMPABLE),
    OPTION(PR_SET_DUMPABLE),
    OPTION(PR_GET_KEEPCAPS),
    OPTION(PR_SET_KEEPCAPS),
    OPTION(PR_GET_TIMING),
    OPTION(PR_SET_TIMING),
    OPTION(PR_SET_NAME),
    OPTION(PR_GET_NAME),
    OPTION(PR_GET_SECCOMP),
    OPTION(PR_SET_SECCOMP),
    OPTION(PR_CAPBSET_READ),
    OPTION(PR_CAPBSET_DROP),
    OPTION(PR_GET_TSC),
    OPTION(PR_SET_TSC),
    OPTION(PR_GET_SECUREBITS),
    OPTION(PR_SET_SECUREBITS),
    OPTION(PR_SET_TIMERSLACK),
    OPTION(PR_GET_TIMERSLACK),
    OPTION(PR_MCE_KILL),
    OPTION(PR_MCE_KILL_GET),
    OPTION(PR_SET_MM),
    OPTION(PR_SET_PTRACER),
    OPTION(PR_SET_CHILD_SUBREAPER),
    OPTION(PR_GET_CHILD_SUBREAPER),
    OPTION(PR_SET_NO_NEW_PRIVS),
    OPTION(PR_GET_NO_NEW_PRIVS),
    OPTION(PR_GET_TID_ADDRESS),
    OPTION(PR_SET_THP_DISABLE),
    OPTION(PR_GET_THP_DISABLE),
    OPTION(PR_CAP_AMBIENT),
    OPTION(PR_GET_SPECULATION_CTRL),
    OPTION(PR_SET_SPECULATION_CTRL),
    OPTION(PR_SET_IO_FLUSHER),
    OPTION(PR_GET_IO_FLUSHER),
    OPTION(PR_SET_SYSCALL_USER_DISPATCH),
    OPTION(PR_SCHED_CORE),
    { 65, "PR_SET_MDWE" }, /* Linux 6.3 */
    { 66, "PR_GET_MDWE" },
    { 67, "PR_SET_MEMORY_MERGE" }, /* Linux 6.4 */
    { 68, "PR_GET_MEMORY_MERGE" },
    { 0x53564d41, "PR_SET_VMA" }, /* Linux 5.17 */
};
#undef OPTION

static void filter_note(struct decoder *decoder, pid_t tid)
{
    mem_reserve(&decoder->filter_tids, &decoder->filter_capacity, decoder->filter_count + 1,
                sizeof(decoder->filter_tids[0]));
    decoder->filter_tids[decoder->filter_count++] = tid;
}

/* The service's own filter hides calls from ours: its answer may come first (seccomp(2)). */
static void see_own_filter(struct role_context *context, bool is_for_all)
{
    struct decoder *decoder = context->decoder;
    const struct task *task;

    if (context->outcome != 0)
        return;
    record_blind_spot(decoder, context->task, context->call, "own-seccomp-filter", NULL);
    filter_note(decoder, context->task->tid);
    for (task = decoder->tasks; task && is_for_all; task = task->hh.next)
        if (task->process == context->task->process && task != context->task)
            filter_note(decoder, task->tid);
}

void argument_end_prctl(struct role_context *context)
{
    uint32_t option = (uint32_t)context->value;
    const char *name = name_of(options, ELEMENTS_OF(options), option);
    CLEANUP(free_char) char *number = name ? NULL : mem_printf("%u", option);

    argument_see(context, "prctl", name ? name : number);
    if (option == PR_SET_SECCOMP)
        see_own_filter(context, false);
    /* Of the capabilities it will have after its next exec. */
    if (option == PR_CAPBSET_DROP || option == PR_SET_SECUREBITS || option == PR_CAP_AMBIENT)
        record_change(context->decoder, context->task->tid);
}

void argument_end_seccomp(struct role_context *context)
{
    uint32_t operation = (uint32_t)context->value, flags = (uint32_t)context_next(context, 1);
    bool is_filter = operation == SECCOMP_SET_MODE_FILTER;
    bool is_for_all = is_filter && flags & SECCOMP_FILTER_FLAG_TSYNC;

    /* Else it is the id of a thread that could not follow: none has it then. */
    if (is_for_all && context->rval > 0 && !(flags & SECCOMP_FILTER_FLAG_NEW_LISTENER))
        return;
    if (is_filter || operation == SECCOMP_SET_MODE_STRICT)
        see_own_filter(context, is_for_all);
}

void argument_end_io_uring(struct role_context *context)
{
    if (context->outcome == 0)
        record_blind_spot(context->decoder, context->task, context->call, "io_uring", NULL);
}

/* A task has one tracer: a debugger or crash handler of the service's own cannot trace what we do,
 * and what it would have done is not seen. */
void argument_end_ptrace(struct role_context *context)
{
    uint32_t request = (uint32_t)context->value;
    bool attaches = request == PTRACE_ATTACH || request == PTRACE_SEIZE;

    if (context->outcome != EPERM)
        return;
    if (request == PTRACE_TRACEME ||
        (attaches && task_pid_is_own(context->decoder, (pid_t)context_next(context, 1))))
        record_blind_spot(context->decoder, context->task, context->call, "own-ptrace", NULL);
}

/* mq_overview(7): a name, not a path, though it shows below /dev/mqueue. */
void argument_begin_queue(struct role_context *context)
{
    CLEANUP(free_char) char *name = NULL;

    context->call->wants_end = true;
    int r = remote_string(context->decoder, context->task, context->value,
                          RESOLVE_COMPONENT_LIMIT + 1, &name);
    context->call->is_unreadable |= r == -EFAULT;
    if (r == 0)
        context->call->text = text_encode_string(name);
}

void argument_end_queue(struct role_context *context)
{
    if (context->call->text)
        argument_see(context, "mqueue", context->call->text);
    if (context->argument->how & QUEUE_HOW_OPEN && context_next(context, 1) & O_CREAT)
        create_record_mode(context, context_next(context, 2));
}
