// SPDX-License-Identifier: LGPL-2.1-or-later
/* The bill: what a value grants that was never seen, counted and named. */
#include "systemd/core/derive.h"

void bill_add(struct bill *bill, const char *name)
{
    if (strings_has(&bill->names, name))
        return;
    strings_add(&bill->names, name);
    strings_sort_unique(&bill->names);
    bill->count++;
}

/* Counts come from censuses and from hostile profiles: they saturate. */
static uint64_t count_add(uint64_t a, uint64_t b)
{
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

void bill_sum_up(struct verdict *verdict)
{
    if (!verdict->emitted || verdict->bill.count)
        return;
    for (size_t i = 0; i < verdict->count; i++) {
        const struct bill *bill = &verdict->values[i].bill;
        if (!bill->count)
            continue;
        verdict->bill.unit = bill->unit;
        verdict->bill.count = count_add(verdict->bill.count, bill->count);
        verdict->bill.at_least |= bill->at_least;
    }
}

char *bill_describe(const struct bill *bill)
{
    static const char *const units[BILL_UNIT_COUNT][2] = {
        [BILL_CALLS] = { "call", "calls" },
        [BILL_FILES] = { "file", "files" },
        [BILL_ADDRESSES] = { "address", "addresses" },
        [BILL_PORTS] = { "port", "ports" },
    };

    if (!bill->count)
        return mem_strdup("");
    return mem_printf("%s%llu %s%s%s", bill->at_least ? "at least " : "",
                      (unsigned long long)bill->count, units[bill->unit][bill->count != 1],
                      bill->within ? " " : "", bill->within ? bill->within : "");
}

void bill_done(struct bill *bill)
{
    free(bill->within);
    strings_done(&bill->names);
    *bill = (struct bill){ 0 };
}
