// SPDX-License-Identifier: LGPL-2.1-or-later
/* RestrictNamespaces=: "yes", or the types that may still be created or joined. Any value but "no"
 * makes clone3(2) fail with ENOSYS, because its flags are in memory that a filter cannot read; what
 * only clone3 can do is lost. setns(2) with type 0 is refused as soon as one type is
 * (src/shared/seccomp-util.c in systemd 252 and 257). */
#include "systemd/core/derive.h"
#include "systemd/core/directive.h"
#include "systemd/core/verdict.h"
#include "systemd/core/veto.h"
#include "systemd/rows/rows.h"
#include <string.h>

/* The types in the order they are printed; "time" is refused but can be named only from 252 on. */
static const struct {
    const char *name;
    int since;
} types[] = {
    { "cgroup", 233 }, { "ipc", 233 },  { "mnt", 233 },  { "net", 233 },
    { "pid", 233 },    { "time", 252 }, { "user", 233 }, { "uts", 233 },
};

static const struct fact *namespace_fact(const struct profile *profile, const char *type)
{
    const struct veto vetoes[] = { { VETO_ARGUMENT, "namespace", type }, { 0 } };

    return veto_applies(profile, vetoes);
}

/* A clone3(2) that clone(2) cannot replace. */
static const struct fact *clone3_only(const struct profile *profile)
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_ARGUMENT, &count);

    for (size_t i = 0; i < count; i++)
        if (strcmp(facts[i]->argument.topic, "clone") == 0 &&
            strcmp(facts[i]->argument.call, "clone3") == 0 &&
            str_has_word("CLONE_INTO_CGROUP set_tid", facts[i]->argument.value))
            return facts[i];
    return NULL;
}

static bool refuse_namespaces(const struct directive *directive, const struct fact *fact,
                              const char *because, struct verdict *ret)
{
    if (!fact)
        return false;
    CLEANUP(free_char) char *seen = fact_describe(fact);
    verdict_refuse(ret, mem_printf("%s: %s; it blocks %s", because, seen, directive->forbids),
                   fact);
    return true;
}

/* The first used type that the target cannot name; an unknown type counts, too. */
static const struct fact *unnameable_type(const struct profile *profile, int version)
{
    struct str known = { 0 };

    for (size_t i = 0; i < ELEMENTS_OF(types); i++)
        if (types[i].since <= version)
            str_addf(&known, "%s ", types[i].name);
    CLEANUP(free_char) char *words = str_steal(&known);
    const struct veto vetoes[] = { { VETO_ARGUMENT_OTHER, "namespace", words }, { 0 } };
    return veto_applies(profile, vetoes);
}

static void add_types(const struct profile *profile, struct verdict *ret)
{
    for (size_t i = 0; i < ELEMENTS_OF(types); i++) {
        const struct fact *fact = namespace_fact(profile, types[i].name);
        if (fact)
            verdict_add(ret, types[i].name, fact_describe(fact), fact);
    }
}

void derive_namespaces(const struct derive_context *context, const struct directive *directive,
                       struct verdict *ret)
{
    const struct profile *profile = context->profile;

    if (refuse_namespaces(directive, namespace_fact(profile, "any"),
                          "the service joins namespaces without naming their type (setns), which "
                          "no list can allow",
                          ret) ||
        refuse_namespaces(directive, clone3_only(profile),
                          "the service needs clone3, which would fail with ENOSYS", ret) ||
        refuse_namespaces(directive, unnameable_type(profile, context->options->target.version),
                          "the target's systemd cannot list this namespace type", ret))
        return;
    add_types(profile, ret);
    if (ret->count == ELEMENTS_OF(types)) {
        verdict_refuse(ret, mem_strdup("the service creates or joins namespaces of every type"),
                       NULL);
        return;
    }
    if (ret->count > 0) {
        ret->witness = ret->values[0].witness;
        ret->why =
            mem_strdup("the service creates or joins only these types; clone3 falls back to clone");
        return;
    }
    ret->why = mem_printf("blocks %s (never used in training)", directive->forbids);
    verdict_add(ret, "yes", mem_strdup(ret->why), NULL);
}
