// SPDX-License-Identifier: LGPL-2.1-or-later
/* What all steps of the plan share: notes, the unit, decisions. */
#include "systemd/core/derive.h"
#include "systemd/core/identity.h"
#include "systemd/core/verdict.h"
#include "systemd/filesystem/filesystem.h"
#include <string.h>

void plan_note(struct filesystem_plan *plan, enum note_severity severity, enum note_topic topic,
               const char *about, char *text)
{
    if (path_index_has(&plan->noted, text)) {
        free(text);
        return;
    }
    path_index_add(&plan->noted, text, 0, plan->notes.count);
    notes_add(&plan->notes, severity, topic, about, text);
}

void plan_note_path(struct filesystem_plan *plan, const char *path, const char *text)
{
    CLEANUP(free_char) char *encoded = text_encode_string(path);

    plan_note(plan, SEVERITY_NOTE, TOPIC_PATH, path, mem_printf("%s %s", encoded, text));
}

const char *plan_unit_get(const struct filesystem_plan *plan, const char *key)
{
    const char *value = plan->options->unit ? unit_get(plan->options->unit, key) : NULL;

    return value ? value : "";
}

bool plan_unit_is_on(const struct filesystem_plan *plan, const char *key)
{
    return plan->options->unit && unit_is_on(plan->options->unit, key);
}

bool plan_is_automatic(const struct filesystem_plan *plan, const char *path)
{
    size_t length = strlen(path);

    return path_index_up(&plan->served, path, &length) != NULL;
}

void plan_add_automatic(struct filesystem_plan *plan, const char *path)
{
    path_index_add(&plan->served, path, 0, plan->automatic.count);
    strings_add(&plan->automatic, path);
}

void plan_decide(struct decision *decision, bool yes, const struct fact *witness, char *why)
{
    if (decision->why) {
        free(why);
        return;
    }
    *decision = (struct decision){ .yes = yes, .why = why, .witness = witness };
}

bool plan_is_built(const struct filesystem_plan *plan)
{
    return plan->form != FILESYSTEM_STRICT;
}

bool plan_is_left_out(const struct derive_context *context, struct verdict *ret)
{
    const struct filesystem_plan *plan = context->filesystem;

    if (plan->left_out.yes)
        verdict_refuse(ret, mem_strdup(plan->left_out.why), plan->left_out.witness);
    return plan->left_out.yes;
}

void plan_say(struct verdict *ret, const char *value, const struct fact *witness, const char *why)
{
    verdict_add(ret, value, mem_strdup(why), witness);
    ret->witness = witness;
    ret->why = mem_strdup(why);
}

bool plan_has_power_over_files(const struct filesystem_plan *plan)
{
    static const char powers[] = "CAP_DAC_OVERRIDE CAP_DAC_READ_SEARCH";
    size_t count;
    const struct fact *const *facts = profile_facts(plan->profile, FACT_CAPABILITY, &count);

    for (size_t i = 0; i < count; i++)
        if (str_has_word(powers, facts[i]->capability.name))
            return true;
    (void)profile_runs(plan->profile, &count);
    return !count || identity_has_root_run(plan->profile) ||
           (plan->options->unit && identity_unit_is_root(plan->options->unit));
}
