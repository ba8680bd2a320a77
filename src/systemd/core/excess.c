// SPDX-License-Identifier: LGPL-2.1-or-later
/* The excess: what a value allows beyond training, counted and named. */
#include "systemd/core/derive.h"
#include "systemd/core/verdict.h"

void excess_add(struct excess *excess, const char *name)
{
    if (strings_has(&excess->names, name))
        return;
    strings_add(&excess->names, name);
    strings_sort_unique(&excess->names);
    excess->count++;
}

/* Counts come from censuses and from hostile profiles: they saturate. */
static uint64_t count_add(uint64_t a, uint64_t b)
{
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

void excess_sum_up(struct verdict *verdict)
{
    if (!verdict->emitted || verdict->excess.count)
        return;
    for (size_t i = 0; i < verdict->count; i++) {
        const struct excess *excess = &verdict->values[i].excess;
        if (!excess->count)
            continue;
        verdict->excess.unit = excess->unit;
        verdict->excess.count = count_add(verdict->excess.count, excess->count);
        verdict->excess.at_least |= excess->at_least;
    }
}

char *excess_describe(const struct excess *excess)
{
    static const char *const units[EXCESS_UNIT_COUNT][2] = {
        [EXCESS_CALLS] = { "call", "calls" },
        [EXCESS_FILES] = { "file", "files" },
        [EXCESS_ADDRESSES] = { "address", "addresses" },
        [EXCESS_PORTS] = { "port", "ports" },
    };

    if (!excess->count)
        return mem_strdup("");
    return mem_printf("%s%llu %s%s%s", excess->at_least ? "at least " : "",
                      (unsigned long long)excess->count, units[excess->unit][excess->count != 1],
                      excess->within ? " " : "", excess->within ? excess->within : "");
}

void excess_done(struct excess *excess)
{
    free(excess->within);
    strings_done(&excess->names);
    *excess = (struct excess){ 0 };
}
