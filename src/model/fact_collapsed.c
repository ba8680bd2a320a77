// SPDX-License-Identifier: LGPL-2.1-or-later
/* What a fact stands for: one thing, or more than are told apart. */
#include "model/fact.h"
#include "model/wildcard.h"
#include <cinch/base/limits.h>
#include <errno.h>
#include <string.h>

bool fact_is_collapsed(const struct fact *fact)
{
    struct fact copy = *fact;
    char **paths[FACT_PATHS];
    size_t count = fact_paths(&copy, paths);

    if (wildcard_is_any(fact))
        return true;
    for (size_t i = 0; i < count; i++)
        if (*paths[i] && path_is_collapsed(*paths[i]))
            return true;
    return false;
}

bool fact_is_wildcard(const struct fact *fact)
{
    return wildcard_is_any(fact);
}

bool fact_may_have_succeeded(const struct fact *fact)
{
    return fact->outcome == 0 || fact->outcome == OUTCOME_UNKNOWN;
}

void fact_forget_needed(struct fact *fact)
{
    if (fact->kind != FACT_PROGRAM || !fact_is_collapsed(fact))
        return;
    fact->program.needed = (struct strings){ 0 };
    fact->program.run_path = (char *)(uintptr_t) "";
}
