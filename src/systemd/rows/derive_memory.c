// SPDX-License-Identifier: LGPL-2.1-or-later
/* MemoryDenyWriteExecute=: what made memory executable in training, and JIT compilers, which may do
 * so later. */
#include "systemd/core/derive.h"
#include "systemd/core/directive.h"
#include "systemd/core/verdict.h"
#include "systemd/core/veto.h"
#include "systemd/rows/rows.h"
#include <string.h>

#define JIT "jit "

/* The first setting "jit PATH" of the profile, or NULL. */
static const struct host_setting *compiler_find(const struct profile *profile)
{
    size_t count;
    const struct host_setting *const *settings = profile_settings(profile, &count);

    for (size_t i = 0; i < count; i++)
        if (str_starts_with(settings[i]->name, JIT))
            return settings[i];
    return NULL;
}

/* The fact that the file was run or loaded, or NULL. */
static const struct fact *code_find(const struct profile *profile, const char *path)
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_PATH, &count);

    for (size_t i = 0; i < count; i++)
        if ((facts[i]->path.use == PATH_EXECUTE || facts[i]->path.use == PATH_MAP_EXECUTE) &&
            strcmp(facts[i]->path.path, path) == 0)
            return facts[i];
    return NULL;
}

void derive_memory(const struct derive_context *context, const struct directive *directive,
                   struct verdict *ret)
{
    const struct host_setting *compiler = compiler_find(context->profile);

    if (!compiler || veto_applies(context->profile, directive->candidates[0].vetoes)) {
        derive_candidate(context, directive, ret);
        return;
    }
    CLEANUP(free_char) char *path = text_encode_string(compiler->name + strlen(JIT));
    CLEANUP(free_char) char *jit = text_encode_string(compiler->value);
    verdict_refuse(ret,
                   mem_printf("%s contains %s, a JIT compiler that aborts when memory cannot "
                              "become executable; training may not have run it",
                              path, jit),
                   code_find(context->profile, compiler->name + strlen(JIT)));
}
