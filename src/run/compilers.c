// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * JIT compilers in what the service ran or loaded. One that had nothing to compile in training
 * showed no executable memory, and the first request that makes it compile would end the service.
 */
#include "run/training.h"
#include <cinch/base/limits.h>
#include <cinch/elf.h>
#include <string.h>

static bool is_code(const struct fact *fact)
{
    return fact->outcome == 0 && fact->path.path[0] == '/' && !path_is_collapsed(fact->path.path) &&
           (fact->path.use == PATH_EXECUTE || fact->path.use == PATH_MAP_EXECUTE);
}

void training_record_compilers(struct profile *profile, const char *root)
{
    size_t count, looked = 0;
    const struct fact *const *facts = profile_facts(profile, FACT_PATH, &count);

    for (size_t i = 0; i < count && looked < LIMIT_COMPILER_FILES; i++) {
        if (!is_code(facts[i]))
            continue;
        looked++;
        const char *jit = elf_jit(root, facts[i]->path.path);
        CLEANUP(free_char) char *name = mem_printf("jit %s", facts[i]->path.path);
        if (jit)
            profile_add_setting(profile, name, jit);
    }
}
