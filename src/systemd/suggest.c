// SPDX-License-Identifier: LGPL-2.1-or-later
/* The whole suggestion: every row in table order, then their conflicts, limits and advice. */
#include "systemd/advice/advice.h"
#include "systemd/core/derive.h"
#include "systemd/core/limits.h"
#include "systemd/core/verdict.h"
#include "systemd/directive_table.h"
#include "systemd/filesystem/filesystem_rows.h"
#include <string.h>

static void note_crowds(const struct derive_context *context)
{
    CLEANUP(strings_done) struct strings wildcards = { 0 };

    profile_wildcards(context->profile, &wildcards);
    for (size_t i = 0; i < wildcards.count; i++) {
        CLEANUP(free_char) char *shown = text_encode_string(wildcards.items[i]);
        derive_note(context, SEVERITY_NOTE, TOPIC_NONE, NULL,
                    mem_printf("training met more %s than cinch records individually (%d): what "
                               "one of them needs is allowed for all",
                               shown, PROFILE_WILDCARD));
    }
}

void suggest(const struct profile *profile, const struct suggest_options *options,
             struct suggestion *ret)
{
    *ret = (struct suggestion){ .target = options->target };
    struct filesystem_plan *plan = filesystem_plan_new(profile, options, &ret->notes);
    struct derive_context context = { .profile = profile,
                                      .options = options,
                                      .filesystem = plan,
                                      .directives = directive_table,
                                      .notes = &ret->notes };

    ret->filesystem = filesystem_plan_form(plan);
    runs_note(&context);
    note_crowds(&context);
    if (derive_blind_spot(profile, "attached-late"))
        derive_note(
            &context, SEVERITY_NOTE, TOPIC_NONE, NULL,
            mem_strdup("cinch attached after the service started, so any directive may refuse what "
                       "it did before. Also train it from its start and give both profiles"));
    unit_notes_add(&context);
    ret->is_other = !unit_command_check(&context);
    mem_reserve(&ret->verdicts, &ret->capacity, directive_count, sizeof(struct verdict));
    for (size_t i = 0; i < directive_count; i++)
        derive_directive(&context, &directive_table[i], &ret->verdicts[ret->count++]);
    conflicts_resolve(&context, ret);
    limits_apply(&context, ret);
    advice_add(&context, ret);
    for (size_t i = 0; i < ret->count; i++)
        excess_sum_up(&ret->verdicts[i]);
    filesystem_plan_free(plan);
}

void suggestion_done(struct suggestion *suggestion)
{
    for (size_t i = 0; i < suggestion->count; i++)
        verdict_done(&suggestion->verdicts[i]);
    free(suggestion->verdicts);
    notes_done(&suggestion->notes);
    *suggestion = (struct suggestion){ 0 };
}
