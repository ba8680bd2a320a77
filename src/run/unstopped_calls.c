// SPDX-License-Identifier: LGPL-2.1-or-later
/* What need not stop is counted: between decode, which knows what must, and trace, which counts. */
#include "run/training.h"
#include <string.h>

static void take_for_known(struct training *training)
{
    size_t count;

    if (!training->options->known)
        return;
    const struct fact *const *facts = profile_facts(training->options->known, FACT_SYSCALL, &count);
    for (size_t i = 0; i < count; i++) {
        const struct syscall_fact *call = &facts[i]->syscall;
        if (!call->name || strcmp(call->arch, arch_native()) != 0)
            continue;
        int64_t number = syscall_number(arch_native_token(), call->name);
        uint32_t known = (uint32_t)number;
        if (number >= 0)
            tracer_take_for_known(training->tracer, &known, 1);
    }
}

void training_stop_only_where_needed(struct training *training)
{
    /* READY=1 that goes to a manager of our own is heard in the service's calls only. */
    bool listens = training->ready.spec.kind == READY_NOTIFY && training->ready.notify_fd < 0;
    size_t count;

    if (listens)
        return;
    struct trace_rule *rules = decoder_rules(arch_native_token(), &count);

    take_for_known(training);
    tracer_stop_only(training->tracer, rules, count);
    free(rules);
}

/* A name may lead elsewhere meanwhile: for so long that is not seen. */
#define FORGET_MS 1000
/* What sleeps in a call for ever is learned this soon. */
#define UNDER_WAY_MS 4000

static void collect_grants(struct training *training)
{
    struct trace_capability_use grant;

    while (tracer_next_capability_use(training->tracer, &grant))
        decoder_capability_used(training->decoder, &grant);
    if (!tracer_capabilities_are_whole(training->tracer))
        decoder_blind_spot(training->decoder, "capability-use", "too many to be counted");
}

static void collect_plain(struct training *training)
{
    struct trace_count count;

    collect_grants(training);
    while (tracer_next_count(training->tracer, &count)) {
        decoder_counted(training->decoder, &count);
        training->last_event_ms = count.at_ms ? count.at_ms : 1;
    }
}

static void collect_recalled(struct training *training, int64_t now_ms)
{
    struct trace_repeat recalled;

    while (tracer_next_repeat(training->tracer, &recalled)) {
        decoder_repeated(training->decoder, &recalled, now_ms);
        if (recalled.count)
            training->last_event_ms = now_ms ? now_ms : 1;
    }
}

void training_forget(struct training *training, int64_t now_ms)
{
    collect_plain(training);
    tracer_forget(training->tracer);
    collect_recalled(training, now_ms);
    training->forgotten_ms = now_ms;
}

/* What was under way when it was forgotten is told one generation later. */
void training_forget_all(struct training *training, int64_t now_ms)
{
    training_forget(training, now_ms);
    training_forget(training, now_ms);
    if (tracer_lost_calls(training->tracer))
        decoder_blind_spot(training->decoder, "lost-call", "its task was killed as it ended");
}

void training_remember(struct training *training, const struct trace_event *event)
{
    const char *name;
    uint32_t id;
    pid_t tid;

    if (event->kind != TRACE_EXIT)
        return;
    while (decoder_changed(training->decoder, &tid))
        tracer_changed(training->tracer, tid);
    if (!decoder_cached_call(training->decoder, &name, &id) ||
        tracer_remember(training->tracer, event, name, id) == 0)
        return;
    const struct trace_repeat refused = { .id = id, .is_over = true };
    decoder_repeated(training->decoder, &refused, event->at_ms);
}

void training_collect_counts(struct training *training)
{
    int64_t now_ms = tracer_elapsed_ms(training->tracer);

    if (now_ms - training->under_way_ms >= UNDER_WAY_MS) {
        tracer_count_under_way(training->tracer);
        training->under_way_ms = now_ms;
    }
    if (now_ms - training->forgotten_ms >= FORGET_MS)
        training_forget(training, now_ms);
    else
        collect_plain(training);
}

void training_watch_capabilities(struct training *training)
{
    if (tracer_watch_capabilities(training->tracer)) {
        training->capabilities = CAPABILITIES_BY_GRANT;
        return;
    }
    tracer_announce_ends(training->tracer);
    decoder_watch_use(training->decoder);
    training->capabilities = CAPABILITIES_BY_TASK;
}

static void look_at_task(void *context, pid_t tid, pid_t tgid)
{
    (void)tgid;
    decoder_look_at(context, tid);
}

void training_look_at_tasks(struct training *training)
{
    tracer_each_task(training->tracer, look_at_task, training->decoder);
}
