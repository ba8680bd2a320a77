// SPDX-License-Identifier: LGPL-2.1-or-later
#include "model/fact.h"
#include <string.h>

#define SLICE_COUNT 64

/* Slice k >= 1 starts at 1000 * 2^((k - 1) / 2) ms. Integer arithmetic only, so that a moment falls
 * into the same slice on every machine: odd steps use sqrt(2) as 1414/1000. */
int64_t evidence_slice_start_ms(unsigned slice)
{
    if (slice == 0)
        return 0;
    unsigned half = slice - 1;
    int64_t start = (int64_t)1000 << (half / 2);
    return half % 2 ? start / 1000 * 1414 : start;
}

unsigned evidence_slice(int64_t ms)
{
    unsigned slice = 0;

    while (slice + 1 < SLICE_COUNT && ms >= evidence_slice_start_ms(slice + 1))
        slice++;
    return slice;
}

uint64_t evidence_total(const struct evidence *evidence)
{
    uint64_t total = 0;

    for (size_t i = 0; i < evidence->count; i++)
        if (__builtin_add_overflow(total, evidence->seen[i].count, &total))
            return UINT64_MAX;
    return total;
}

unsigned evidence_phases(const struct evidence *evidence)
{
    unsigned phases = 0;

    for (size_t i = 0; i < evidence->count; i++)
        phases |= evidence->seen[i].phases;
    return phases;
}

bool evidence_foreign(const struct evidence *evidence)
{
    for (size_t i = 0; i < evidence->count; i++)
        if (evidence->seen[i].foreign)
            return true;
    return false;
}

const struct seen *evidence_first(const struct evidence *evidence)
{
    return evidence->count ? &evidence->seen[0] : NULL;
}

struct seen *evidence_of(struct evidence *evidence, const char *run)
{
    size_t at = 0, end = evidence->count;

    while (at < end) {
        size_t middle = at + (end - at) / 2;
        int order = strcmp(evidence->seen[middle].run, run);
        if (order == 0)
            return &evidence->seen[middle];
        if (order < 0)
            at = middle + 1;
        else
            end = middle;
    }
    if (!evidence->capacity) { /* nearly all facts are of one run */
        evidence->seen = mem_new(1, sizeof(struct seen));
        evidence->capacity = 1;
    }
    mem_reserve(&evidence->seen, &evidence->capacity, evidence->count + 1, sizeof(struct seen));
    memmove(evidence->seen + at + 1, evidence->seen + at,
            (evidence->count - at) * sizeof(struct seen));
    evidence->count++;
    evidence->seen[at] = (struct seen){ .run = mem_strdup(run), .first_ms = INT64_MAX };
    return &evidence->seen[at];
}

/* The witness is that of the earliest sighting; at the same moment the lesser text, so that the
 * order of joining does not matter. */
static bool witness_precedes(const struct seen *candidate, const struct seen *current)
{
    if (!current->program || candidate->first_ms != current->first_ms)
        return !current->program || candidate->first_ms < current->first_ms;
    int order = strcmp(candidate->program, current->program);
    return order ? order < 0 : strcmp(candidate->call, current->call) < 0;
}

void evidence_join(struct evidence *evidence, const struct seen *seen)
{
    struct seen *mine = evidence_of(evidence, seen->run);

    if (witness_precedes(seen, mine)) {
        free(mine->program);
        free(mine->call);
        mine->program = mem_strdup(seen->program);
        mine->call = mem_strdup(seen->call);
        mine->first_ms = seen->first_ms;
    }
    if (seen->count > mine->count)
        mine->count = seen->count;
    mine->slices |= seen->slices;
    mine->phases |= seen->phases;
    mine->foreign |= seen->foreign;
}

void evidence_done(struct evidence *evidence)
{
    for (size_t i = 0; i < evidence->count; i++) {
        free(evidence->seen[i].run);
        free(evidence->seen[i].program);
        free(evidence->seen[i].call);
    }
    free(evidence->seen);
    *evidence = (struct evidence){ 0 };
}
