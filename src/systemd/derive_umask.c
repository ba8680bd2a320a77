// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * UMask=: the tightest mask under which everything that was made would have got the permissions it
 * got, of those that leave a reader able to enter directories (0077, 0027, 0007). What was made
 * under a mask that the service set itself does not count: decode/ leaves it out.
 */
#include "systemd/derive.h"
#include <string.h>

/* systemd.exec(5): what a unit without UMask= has, in a system manager. */
#define DEFAULT_MASK 0022u
#define OTHERS       0077u

static unsigned unit_mask(const struct unit *unit)
{
    const char *value = unit ? unit_get(unit, "UMask") : NULL;

    return value && *value ? (unsigned)strtoul(value, NULL, 8) & 0777 : DEFAULT_MASK;
}

/* Whether a run tells with which permissions things were made. */
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

/* Something that was made in a run which does not tell the permissions: an older profile. */
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
                derive_has_word(naming, seen->call) && !path_is_folded(facts[i]->path.path);
            if (!named && !run_has_modes(profile, seen->run))
                return facts[i];
        }
    }
    return NULL;
}

/* The permissions for others that were asked for and got; *ret_fact: the first that got any. */
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
            fact_is_crowd(facts[i]) ? 0777 : (unsigned)strtoul(argument->value, NULL, 8);
        unsigned bits = mode & ~mask & OTHERS;
        if (bits && !needed)
            *ret_fact = facts[i];
        needed |= bits;
    }
    return needed;
}

static unsigned tightest(unsigned mask, unsigned needed)
{
    static const unsigned steps[] = { 0077, 0027, 0007 };

    for (size_t i = 0; i < ELEMENTS_OF(steps); i++)
        if (!(steps[i] & needed))
            return mask | steps[i];
    return mask;
}

void derive_umask(const struct derive_context *context, const struct directive *directive,
                  struct verdict *ret)
{
    const struct fact *unknown = made_unknown(context->profile);
    unsigned mask = unit_mask(context->options->unit);
    const struct fact *fact = NULL;
    unsigned tight = tightest(mask, needed_bits(context->profile, mask, &fact));
    CLEANUP(free_char) char *value = mem_printf("%04o", tight);
    CLEANUP(free_char) char *seen = fact ? fact_describe(fact) : NULL;

    if (unknown) {
        CLEANUP(free_char) char *made = fact_describe(unknown);
        verdict_refuse(ret,
                       mem_printf("the profile does not tell with which permissions this was made "
                                  "(train again): %s",
                                  made),
                       unknown);
        return;
    }
    if (tight == mask) {
        verdict_refuse(ret,
                       seen ? mem_printf("a tighter one than %04o would stop %s: %s", mask,
                                         directive->forbids, seen)
                            : mem_strdup("the unit's own is as tight as can be"),
                       fact);
        return;
    }
    ret->why = seen ? mem_printf("the tightest under which all it made has the permissions it had: "
                                 "%s",
                                 seen)
                    : mem_strdup("nothing was made with permissions for others");
    ret->witness = fact;
    verdict_add(ret, value, mem_strdup(ret->why), fact);
}
