// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Capabilities that calls take. What a task may do is read once and shared with what it forks; each
 * call that may change it makes it be read again.
 */
#include "decode/roles/capability.h"
#include "decode/roles/roles.h"
#include "decode/task/decoder.h"
#include "decode/task/record.h"
#include "decode/task/task.h"
#include <string.h>

/* NULL when it cannot be told. */
static const struct trace_privileges *capability_privileges(struct decoder *decoder,
                                                            struct task *task)
{
    const struct trace_ops *ops = decoder->ops;
    struct trace_privileges found;

    if (!task->privileges) {
        if (!ops->privileges || ops->privileges(ops->context, task->tid, &found) < 0)
            return NULL;
        /* What is permitted in a user namespace of its own no bounding set took away from it. */
        if (!decoder->user_namespace)
            decoder->user_namespace = found.user_namespace;
        else if (found.user_namespace && found.user_namespace != decoder->user_namespace)
            found.permitted = found.effective = 0;
        task->privileges = mem_new(1, sizeof(*task->privileges));
        *task->privileges = (struct privileges){ .is = found, .references = 1 };
    }
    return &task->privileges->is;
}

static void capability_see(struct decoder *decoder, struct task *task, const struct call *call,
                           int number, enum capability_basis basis)
{
    struct fact fact = { .kind = FACT_CAPABILITY,
                         .capability = { .name = (char *)(uintptr_t)capability_name(number),
                                         .call = (char *)(uintptr_t)call->name,
                                         .basis = basis } };

    task->used_capability = true;
    record_fact(decoder, task, call, &fact, false);
}

static void capability_see_set(struct decoder *decoder, struct task *task, const struct call *call,
                               uint64_t set, enum capability_basis basis)
{
    for (int number = 0; set >> number && number < 63; number++)
        if (set >> number & 1 && capability_name(number))
            capability_see(decoder, task, call, number, basis);
}

/* ---- rules ---- */

static int rule_order(const void *name, const void *row)
{
    return strcmp(name, ((const struct capability_rule *)row)->call);
}

const struct capability_rule *capability_rules_of(const char *call, size_t *ret_count)
{
    const struct capability_rule *end = capability_rules + capability_rule_count;
    const struct capability_rule *first = bsearch(call, capability_rules, capability_rule_count,
                                                  sizeof(capability_rules[0]), rule_order);

    *ret_count = 0;
    if (!first)
        return NULL;
    while (first > capability_rules && strcmp(first[-1].call, call) == 0)
        first--;
    while (first + *ret_count < end && strcmp(first[*ret_count].call, call) == 0)
        ++*ret_count;
    return first;
}

static uint64_t rule_set(const struct capability_rule *rule,
                         const struct capability_question *question)
{
    uint64_t bit = (uint64_t)1 << rule->capability;

    if (rule->which)
        return rule->which(question) & question->privileges->permitted;
    if (!(question->privileges->effective & bit))
        return 0;
    return !rule->holds || rule->holds(question) ? bit : 0;
}

void capability_begin(struct decoder *decoder, struct task *task, struct call *call)
{
    const struct capability_rule *rules = call->kind->rules;
    size_t count = call->kind->rule_count;

    if (call->name != call->kind->name) /* of a multiplexer */
        rules = capability_rules_of(call->name, &count);
    if (!count || !decoder->is_started)
        return;
    struct capability_question question = {
        .decoder = decoder,
        .task = task,
        .call = call,
        .privileges = capability_privileges(decoder, task),
    };
    if (!question.privileges || !question.privileges->permitted)
        return;
    for (size_t i = 0; i < count; i++)
        call->takes[rules[i].basis] |= rule_set(&rules[i], &question);
    call->wants_end |= call->takes[CAPABILITY_RULE] || call->takes[CAPABILITY_GUESS];
}

static bool call_changes_privileges(const struct call *call)
{
    static const enum role roles[] = { ROLE_IDS,   ROLE_GROUPS,        ROLE_CAPSET,
                                       ROLE_PRCTL, ROLE_UNSHARE_FLAGS, ROLE_SETNS_TYPE };

    for (unsigned i = 0; call->row && i < 2; i++)
        for (size_t k = 0; k < ELEMENTS_OF(roles); k++)
            if (call->row->args[i].role == roles[k])
                return true;
    return false;
}

void capability_end(struct decoder *decoder, struct task *task, const struct call *call,
                    int outcome)
{
    if (outcome != 0)
        return;
    for (int basis = 0; basis < CAPABILITY_KERNEL; basis++)
        capability_see_set(decoder, task, call, call->takes[basis], (enum capability_basis)basis);
    if (call_changes_privileges(call))
        task_forget_privileges(task);
}

void capability_record_file(struct decoder *decoder, struct task *task, const struct call *call,
                            const char *path)
{
    const struct trace_ops *ops = decoder->ops;
    uint64_t set;

    if (ops->file_capabilities && ops->file_capabilities(ops->context, task->tid, path, &set) == 0)
        capability_see_set(decoder, task, call, set, CAPABILITY_RULE);
}

/* ---- what the kernel says of a task as a whole ---- */

void capability_after_exec(struct decoder *decoder, struct task *task)
{
    task_forget_privileges(task);
    if (decoder->watches_use)
        capability_privileges(decoder, task);
}

void capability_inherit(struct decoder *decoder, struct task *task, struct task *parent)
{
    if (decoder->watches_use)
        capability_privileges(decoder, parent);
    if (task->privileges || !parent->privileges)
        return;
    task->privileges = parent->privileges;
    task->privileges->references++;
}

static void capability_unexplained(struct decoder *decoder, struct task *task)
{
    const struct privileges *privileges = task->privileges;

    /* With nothing permitted there was nothing to use. */
    if (task->used_capability || (privileges && !privileges->is.permitted))
        return;
    record_blind_spot(decoder, task, NULL, "capability-use", NULL);
}

/* The flag is the task's own and stays: it says that something was used, not what. */
void capability_leaving(struct decoder *decoder, struct task *task)
{
    const struct trace_ops *ops = decoder->ops;

    if (!decoder->watches_use || !ops->used_privileges)
        return;
    int used = ops->used_privileges(ops->context, task->tid);
    task->is_checked |= used >= 0;
    if (used > 0)
        capability_unexplained(decoder, task);
}

void capability_gone(struct decoder *decoder, struct task *task)
{
    if (decoder->watches_use && decoder->is_started && !task->is_checked)
        capability_unexplained(decoder, task);
}

void decoder_watch_use(struct decoder *decoder)
{
    decoder->watches_use = true;
}

void decoder_look_at(struct decoder *decoder, pid_t tid)
{
    struct task *task = task_find(decoder, tid);

    if (task)
        capability_leaving(decoder, task);
}

/* The name that no call has stands for one that cannot be told. */
void decoder_capability_used(struct decoder *decoder, const struct trace_capability_use *grant)
{
    const char *name = grant->number >= 0 ? syscall_name(grant->arch, (uint64_t)grant->number) : "";
    const char *call = name && (*name || grant->is_outside) ? name : "?";
    struct fact fact = { .kind = FACT_CAPABILITY,
                         .capability = { .name =
                                             (char *)(uintptr_t)capability_name(grant->capability),
                                         .call = (char *)(uintptr_t)call,
                                         .basis = CAPABILITY_KERNEL } };
    struct sighting sighting = { .run = decoder->run_id,
                                 .count = grant->count,
                                 .at_ms = grant->at_ms,
                                 .phase = decoder->phase,
                                 .program = grant->program,
                                 .call = call };

    /* access(2) borrows, too: the real ids' credentials. */
    if (grant->is_borrowed && !strstr(call, "access"))
        return;
    if (!fact.capability.name)
        record_blind_spot(decoder, NULL, NULL, "capability-use", grant->program);
    else if (decoder->is_started)
        profile_record(decoder->profile, &fact, &sighting);
}
