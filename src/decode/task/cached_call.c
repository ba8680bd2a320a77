// SPDX-License-Identifier: LGPL-2.1-or-later
#include "decode/task/cached_call.h"
#include "decode/task/decoder.h"
#include <string.h>

struct cached_call_fact {
    struct fact fact;
    bool foreign;
};

struct cached_call {
    uint32_t id;
    char *name; /* NULL: not known yet */
    char *program;
    const char *call;
    enum phase phase;
    struct cached_call_fact *facts;
    size_t count, capacity;
    bool is_complete;
    UT_hash_handle hh;
};

static void cached_call_free(struct cached_call *cached_call)
{
    if (!cached_call)
        return;
    for (size_t i = 0; i < cached_call->count; i++)
        fact_done(&cached_call->facts[i].fact);
    free(cached_call->facts);
    free(cached_call->name);
    free(cached_call->program);
    free(cached_call);
}

void cached_call_free_all(struct decoder *decoder)
{
    struct cached_call *cached_call, *next;

    cached_call_drop(decoder);
    HASH_ITER (hh, decoder->cached_calls, cached_call, next) {
        HASH_DEL(decoder->cached_calls, cached_call);
        cached_call_free(cached_call);
    }
}

void cached_call_begin(struct decoder *decoder)
{
    cached_call_drop(decoder);
    if (decoder->is_started)
        decoder->draft = mem_new(1, sizeof(*decoder->draft));
}

void cached_call_drop(struct decoder *decoder)
{
    cached_call_free(decoder->draft);
    decoder->draft = NULL;
}

void cached_call_name(struct decoder *decoder, const char *name)
{
    struct cached_call *draft = decoder->draft;

    if (draft && name && !draft->name)
        draft->name = mem_strdup(name);
}

/* Below /proc the same name leads to what is another's, or another time's. */
static bool is_lasting(const struct fact *fact)
{
    return fact->kind != FACT_PATH || !str_starts_with(fact->path.path, "/proc/");
}

void cached_call_add(struct decoder *decoder, const struct fact *fact,
                     const struct sighting *sighting)
{
    struct cached_call *draft = decoder->draft;

    if (!draft)
        return;
    if (!is_lasting(fact)) {
        cached_call_drop(decoder);
        return;
    }
    if (!draft->program) {
        draft->program = mem_strdup(sighting->program);
        draft->call = sighting->call;
        draft->phase = sighting->phase;
    }
    mem_reserve(&draft->facts, &draft->capacity, draft->count + 1, sizeof(*draft->facts));
    struct cached_call_fact *kept = &draft->facts[draft->count++];
    fact_copy(&kept->fact, fact);
    kept->foreign = sighting->foreign;
    /* How the call ended comes last (call_finish). */
    draft->is_complete = fact->kind == FACT_SYSCALL;
}

bool decoder_cached_call(struct decoder *decoder, const char **ret_name, uint32_t *ret_id)
{
    struct cached_call *draft = decoder->draft;

    if (!draft || !draft->is_complete || !draft->name) {
        cached_call_drop(decoder);
        return false;
    }
    draft->id = ++decoder->cached_call_count;
    HASH_ADD(hh, decoder->cached_calls, id, sizeof(draft->id), draft);
    *ret_name = draft->name;
    *ret_id = draft->id;
    decoder->draft = NULL;
    return true;
}

void decoder_repeated(struct decoder *decoder, const struct trace_repeat *recalled, int64_t at_ms)
{
    struct cached_call *cached_call;

    HASH_FIND(hh, decoder->cached_calls, &recalled->id, sizeof(recalled->id), cached_call);
    if (!cached_call)
        return;
    for (size_t i = 0; recalled->count && i < cached_call->count; i++) {
        const struct sighting sighting = { .run = decoder->run_id,
                                           .count = recalled->count,
                                           .at_ms = at_ms,
                                           .phase = cached_call->phase,
                                           .foreign = cached_call->facts[i].foreign,
                                           .program = cached_call->program,
                                           .call = cached_call->call };
        profile_record(decoder->profile, &cached_call->facts[i].fact, &sighting);
    }
    if (!recalled->is_over)
        return;
    HASH_DEL(decoder->cached_calls, cached_call);
    cached_call_free(cached_call);
}
