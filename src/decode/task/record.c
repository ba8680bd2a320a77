// SPDX-License-Identifier: LGPL-2.1-or-later
/* How a fact is recorded. */
#include "decode/task/record.h"
#include "decode/task/cached_call.h"
#include "decode/task/decoder.h"
#include "decode/task/task.h"
#include <string.h>

static void alias_text(const struct decoder *decoder, char **text)
{
    if (decoder->alias_from && *text && strcmp(*text, decoder->alias_from) == 0)
        *text = decoder->alias_to;
}

/* The fact as it is recorded; what it borrows, it goes on borrowing. */
static struct fact aliased(const struct decoder *decoder, const struct fact *fact)
{
    struct fact copy = *fact;

    if (fact->kind == FACT_PATH) {
        alias_text(decoder, &copy.path.path);
        alias_text(decoder, &copy.path.requested);
    } else if (fact->kind == FACT_ADDRESS) {
        alias_text(decoder, &copy.address.host);
    }
    return copy;
}

void record_fact(struct decoder *decoder, struct task *task, const struct call *call,
                 const struct fact *fact, bool foreign)
{
    struct sighting sighting = {
        .run = decoder->run_id,
        .count = 1,
        .at_ms = call ? call->at_ms : decoder->now_ms,
        /* A call is made when it begins; what comes of it is seen when it ends. */
        .phase = call && fact->kind == FACT_SYSCALL ? call->phase : decoder->phase,
        .foreign = foreign,
        .program = task ? task_program(decoder, task) : "",
        .call = call ? call->name : "",
    };

    const struct fact recorded = aliased(decoder, fact);
    cached_call_add(decoder, &recorded, &sighting);
    profile_record(decoder->profile, &recorded, &sighting);
}

/* A fact borrows its texts and does not write to them. */
static char *borrow(const char *text)
{
    return (char *)(uintptr_t)text;
}

void record_argument(struct decoder *decoder, struct task *task, const struct call *call,
                     const char *topic, const char *value, int outcome)
{
    struct fact fact = {
        .kind = FACT_ARGUMENT,
        .outcome = outcome,
        .argument = { .call = borrow(call->name), .topic = borrow(topic), .value = borrow(value) }
    };

    record_fact(decoder, task, call, &fact, false);
}

void record_blind_spot(struct decoder *decoder, struct task *task, const struct call *call,
                       const char *topic, const char *detail)
{
    const char *program = task ? task_program(decoder, task) : "";
    struct fact fact = { .kind = FACT_BLIND_SPOT,
                         .blind_spot = { .topic = borrow(topic),
                                         .detail = borrow(detail ? detail : program) } };

    cached_call_drop(decoder);
    record_fact(decoder, task, call, &fact, false);
}

void record_degraded(struct decoder *decoder, struct task *task, const struct call *call)
{
    decoder->degraded_count++;
    record_blind_spot(decoder, task, call, "unreadable-memory", call->name);
}

void record_change(struct decoder *decoder, pid_t tid)
{
    mem_reserve(&decoder->changed_tids, &decoder->changed_capacity, decoder->changed_count + 1,
                sizeof(*decoder->changed_tids));
    decoder->changed_tids[decoder->changed_count++] = tid;
}
