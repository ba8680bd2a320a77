// SPDX-License-Identifier: LGPL-2.1-or-later
#include "decode/decoder.h"
#include <string.h>

struct memo_fact {
    struct fact fact;
    bool foreign;
};

struct memo {
    uint32_t id;
    char *name; /* NULL: not known yet */
    char *program;
    const char *call;
    enum phase phase;
    struct memo_fact *facts;
    size_t count, capacity;
    bool is_complete;
    UT_hash_handle hh;
};

static void memo_free(struct memo *memo)
{
    if (!memo)
        return;
    for (size_t i = 0; i < memo->count; i++)
        fact_done(&memo->facts[i].fact);
    free(memo->facts);
    free(memo->name);
    free(memo->program);
    free(memo);
}

void memo_free_all(struct decoder *decoder)
{
    struct memo *memo, *next;

    memo_drop(decoder);
    HASH_ITER (hh, decoder->memos, memo, next) {
        HASH_DEL(decoder->memos, memo);
        memo_free(memo);
    }
}

void memo_begin(struct decoder *decoder)
{
    memo_drop(decoder);
    if (decoder->is_started)
        decoder->draft = mem_new(1, sizeof(*decoder->draft));
}

void memo_drop(struct decoder *decoder)
{
    memo_free(decoder->draft);
    decoder->draft = NULL;
}

void memo_name(struct decoder *decoder, const char *name)
{
    struct memo *draft = decoder->draft;

    if (draft && name && !draft->name)
        draft->name = mem_strdup(name);
}

/* Below /proc the same name leads to what is another's, or another time's. */
static bool is_lasting(const struct fact *fact)
{
    return fact->kind != FACT_PATH || !str_starts_with(fact->path.path, "/proc/");
}

void memo_add(struct decoder *decoder, const struct fact *fact, const struct sighting *sighting)
{
    struct memo *draft = decoder->draft;

    if (!draft)
        return;
    if (!is_lasting(fact)) {
        memo_drop(decoder);
        return;
    }
    if (!draft->program) {
        draft->program = mem_strdup(sighting->program);
        draft->call = sighting->call;
        draft->phase = sighting->phase;
    }
    mem_reserve(&draft->facts, &draft->capacity, draft->count + 1, sizeof(*draft->facts));
    struct memo_fact *kept = &draft->facts[draft->count++];
    fact_copy(&kept->fact, fact);
    kept->foreign = sighting->foreign;
    /* How the call ended comes last (call_finish). */
    draft->is_complete = fact->kind == FACT_SYSCALL;
}

bool decoder_memo(struct decoder *decoder, const char **ret_name, uint32_t *ret_id)
{
    struct memo *draft = decoder->draft;

    if (!draft || !draft->is_complete || !draft->name) {
        memo_drop(decoder);
        return false;
    }
    draft->id = ++decoder->memo_count;
    HASH_ADD(hh, decoder->memos, id, sizeof(draft->id), draft);
    *ret_name = draft->name;
    *ret_id = draft->id;
    decoder->draft = NULL;
    return true;
}

void decoder_recalled(struct decoder *decoder, const struct trace_recalled *recalled, int64_t at_ms)
{
    struct memo *memo;

    HASH_FIND(hh, decoder->memos, &recalled->id, sizeof(recalled->id), memo);
    if (!memo)
        return;
    for (size_t i = 0; recalled->count && i < memo->count; i++) {
        const struct sighting sighting = { .run = decoder->run_id,
                                           .count = recalled->count,
                                           .at_ms = at_ms,
                                           .phase = memo->phase,
                                           .foreign = memo->facts[i].foreign,
                                           .program = memo->program,
                                           .call = memo->call };
        profile_see(decoder->profile, &memo->facts[i].fact, &sighting);
    }
    if (!recalled->is_over)
        return;
    HASH_DEL(decoder->memos, memo);
    memo_free(memo);
}
