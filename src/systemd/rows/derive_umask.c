// SPDX-License-Identifier: LGPL-2.1-or-later
/* UMask=: 0077, 0027 or 0007, where the service sets such a mask itself; it is then applied from
 * the start. Files alone are no evidence: a program that asks for 0600 gets it under any mask, and
 * mkstemp(3) uses 0600 for every temporary file of a service that writes public reports. So UMask=
 * changes only files that training did not show. What the service created before it set its mask
 * must keep its permissions; decode/ leaves out what it created afterwards. */
#include "systemd/core/derive.h"
#include "systemd/core/directive.h"
#include "systemd/core/verdict.h"
#include "systemd/rows/rows.h"
#include <string.h>

/* systemd.exec(5): what a unit without UMask= has, in a system manager. */
#define DEFAULT_MASK 0022u
#define OTHERS       0077u

static unsigned unit_mask(const struct unit *unit)
{
    const char *value = unit ? unit_get(unit, "UMask") : NULL;

    return value && *value ? (unsigned)strtoul(value, NULL, 8) & 0777 : DEFAULT_MASK;
}

/* Whether a run recorded the permissions of created files. */
static bool run_has_modes(const struct profile *profile, const char *run)
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_ARGUMENT, &count);

    for (size_t i = 0; i < count; i++) {
        const char *topic = facts[i]->argument.topic;
        if (strcmp(topic, "umask") != 0 && strcmp(topic, "create-mode") != 0)
            continue;
        for (size_t k = 0; k < facts[i]->evidence.count; k++)
            if (strcmp(facts[i]->evidence.seen[k].run, run) == 0)
                return true;
    }
    return false;
}

/* A file created in a run that did not record permissions: an older profile. */
static const struct fact *made_unknown(const struct profile *profile)
{
    static const char *const naming = "rename renameat renameat2 link linkat symlink symlinkat";
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_PATH, &count);

    for (size_t i = 0; i < count; i++) {
        enum path_use use = facts[i]->path.use;
        if (facts[i]->outcome != 0 || (use != PATH_CREATE && use != PATH_BIND))
            continue;
        for (size_t k = 0; k < facts[i]->evidence.count; k++) {
            const struct seen *seen = &facts[i]->evidence.seen[k];
            bool named =
                str_has_word(naming, seen->call) && !path_is_collapsed(facts[i]->path.path);
            if (!named && !run_has_modes(profile, seen->run))
                return facts[i];
        }
    }
    return NULL;
}

/* The permissions for other users that files were created with; *ret_fact: the first such file. */
static unsigned needed_bits(const struct profile *profile, unsigned mask,
                            const struct fact **ret_fact)
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_ARGUMENT, &count);
    unsigned needed = 0;

    for (size_t i = 0; i < count; i++) {
        const struct argument_fact *argument = &facts[i]->argument;
        if (strcmp(argument->topic, "create-mode") != 0)
            continue;
        unsigned mode =
            fact_is_wildcard(facts[i]) ? 0777 : (unsigned)strtoul(argument->value, NULL, 8);
        unsigned bits = mode & ~mask & OTHERS;
        if (bits && !needed)
            *ret_fact = facts[i];
        needed |= bits;
    }
    return needed;
}

/* The bits common to all masks that the service set itself; 0 when it set none or too many to
 * record. *ret_fact: the loosest of them. */
static unsigned own_bits(const struct profile *profile, const struct fact **ret_fact)
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_ARGUMENT, &count);
    unsigned bits = OTHERS;

    for (size_t i = 0; i < count; i++) {
        const struct argument_fact *argument = &facts[i]->argument;
        if (strcmp(argument->topic, "umask") != 0 || facts[i]->outcome > 0)
            continue;
        unsigned mask =
            fact_is_wildcard(facts[i]) ? 0 : (unsigned)strtoul(argument->value, NULL, 8);
        if (!*ret_fact || (bits & mask) != bits)
            *ret_fact = facts[i];
        bits &= mask;
    }
    return *ret_fact ? bits : 0;
}

/* The tightest of the steps that takes none of the needed bits and only what the service takes. */
static unsigned tightest(unsigned mask, unsigned needed, unsigned own)
{
    static const unsigned steps[] = { 0077, 0027, 0007 };

    for (size_t i = 0; i < ELEMENTS_OF(steps); i++)
        if (!(steps[i] & needed) && !(steps[i] & ~own))
            return mask | steps[i];
    return mask;
}

/* Why the unit's mask stays. */
static char *refusal(unsigned mask, const char *made, const char *set)
{
    if (made)
        return mem_printf(
            "a mask tighter than %04o would remove permissions from files the service creates: %s",
            mask, made);
    if ((mask & OTHERS) == OTHERS)
        return mem_strdup("the unit's own mask is already the tightest");
    if (set)
        return mem_printf("the service sets a mask that is no tighter: %s", set);
    return mem_strdup("the service sets no mask itself, and other users may need files it creates "
                      "outside training");
}

void derive_umask(const struct derive_context *context, const struct directive *directive,
                  struct verdict *ret)
{
    const struct profile *profile = context->profile;
    const struct fact *unknown = made_unknown(profile);
    unsigned mask = unit_mask(context->options->unit);
    const struct fact *made = NULL, *set = NULL;
    unsigned needed = needed_bits(profile, mask, &made);
    unsigned tight = tightest(mask, needed, own_bits(profile, &set));

    (void)directive;
    if (unknown) {
        CLEANUP(free_char) char *seen = fact_describe(unknown);
        verdict_refuse(
            ret,
            mem_printf(
                "the profile lacks the permissions with which this was created; train again: %s",
                seen),
            unknown);
        return;
    }
    CLEANUP(free_char) char *made_words = made ? fact_describe(made) : NULL;
    CLEANUP(free_char) char *set_words = set ? fact_describe(set) : NULL;
    if (tight == mask) {
        verdict_refuse(ret, refusal(mask, made_words, set_words), made ? made : set);
        return;
    }
    CLEANUP(free_char) char *value = mem_printf("%04o", tight);
    ret->why = mem_printf("the service sets such a mask itself: %s", set_words);
    ret->witness = set;
    verdict_add(ret, value, mem_strdup(ret->why), set);
}
