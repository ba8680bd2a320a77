// SPDX-License-Identifier: LGPL-2.1-or-later
/* What must stop and what is only counted. */
#include "trace/tracer.h"
#include <seccomp.h>
#include <string.h>

/* By number; within one, what is let go comes first. */
static int rule_order(const void *left, const void *right)
{
    const struct trace_rule *a = left, *b = right;

    if (a->number != b->number)
        return a->number > b->number ? 1 : -1;
    return (a->test != TRACE_UNLESS) - (b->test != TRACE_UNLESS);
}

/* What cannot be looked at when it ends stops when it begins. */
static void rules_without_recall(struct trace_rule *rules, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (path_cache_is_at_end(&rules[i]))
            rules[i].test = TRACE_ALWAYS;
}

void tracer_take_for_known(struct tracer *tracer, const uint32_t *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (numbers[i] >= COUNTER_NUMBERS)
            continue;
        tracer->known[numbers[i]] = true;
        tracer->knows_some = true;
    }
}

static void rule_add(struct trace_rule *rules, size_t *count, uint32_t number)
{
    rules[(*count)++] = (struct trace_rule){ .number = number, .test = TRACE_ALWAYS };
}

/* What is not known stops at every call, whatever the rules say. The new count. */
static size_t rules_without_counter(const struct tracer *tracer, struct trace_rule *rules,
                                    size_t count)
{
    size_t kept = 0;

    for (size_t i = 0; i < count; i++)
        if (rules[i].number < COUNTER_NUMBERS && tracer->known[rules[i].number])
            rules[kept++] = rules[i];
    for (uint32_t number = 0; number < COUNTER_NUMBERS; number++)
        if (!tracer->known[number])
            rule_add(rules, &kept, number);
    return kept;
}

static int build(struct tracer *tracer, const struct trace_rule *rules, size_t count)
{
    struct trace_rule *sorted = mem_new(count + COUNTER_NUMBERS, sizeof(*sorted));
    struct filter filter = { 0 };

    memcpy(sorted, rules, count * sizeof(*sorted));
    if (!tracer->path_cache)
        rules_without_recall(sorted, count);
    if (!tracer->counter)
        count = rules_without_counter(tracer, sorted, count);
    qsort(sorted, count, sizeof(*sorted), rule_order);
    int result = filter_build(&filter, seccomp_arch_native(), COUNTER_NUMBERS, sorted, count);
    free(sorted);
    if (result < 0)
        return result;
    filter_done(&tracer->filter);
    tracer->filter = filter;
    return 0;
}

void tracer_stop_only(struct tracer *tracer, const struct trace_rule *rules, size_t count)
{
    if (!tracer->filtered || tracer->counter)
        return;
    tracer->counter = counter_new();
    if (tracer->counter)
        tracer->path_cache = path_cache_new(tracer->counter, rules, count);
    if (tracer->counter && !tracer->path_cache && !counter_hand_over(tracer->counter, false)) {
        counter_free(tracer->counter);
        tracer->counter = NULL;
    }
    if (!tracer->counter && !tracer->knows_some)
        return;
    if (build(tracer, rules, count) == 0)
        return;
    path_cache_free(tracer->path_cache);
    counter_free(tracer->counter);
    tracer->path_cache = NULL;
    tracer->counter = NULL;
}

bool tracer_next_count(struct tracer *tracer, struct trace_count *ret)
{
    struct trace_count count = { .arch = seccomp_arch_native(),
                                 .at_ms = tracer_elapsed_ms(tracer) };

    if (!tracer->counter)
        return false;
    if (counter_take(tracer->counter, &tracer->count_cursor, &count.program, &count.number,
                     &count.count)) {
        /* Those that failed stopped. */
        count.succeeded = path_cache_covers(tracer->path_cache, count.number);
        *ret = count;
        return true;
    }
    tracer->count_cursor = 0;
    return false;
}
