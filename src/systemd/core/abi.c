// SPDX-License-Identifier: LGPL-2.1-or-later
/* System call ABIs: which one is native, and SystemCallArchitectures=. */
#include "systemd/core/abi.h"
#include "systemd/core/derive.h"
#include "systemd/core/directive.h"
#include "systemd/core/verdict.h"
#include <string.h>

/* libseccomp's names that systemd spells otherwise, and those it spells alike (systemd.exec(5),
 * SystemCallArchitectures=). */
static const struct {
    const char *seccomp, *systemd;
} abis[] = {
    { "x86", "x86" },
    { "x86_64", "x86-64" },
    { "x32", "x32" },
    { "arm", "arm" },
    { "aarch64", "arm64" },
    { "mips", "mips" },
    { "mips64", "mips64" },
    { "mips64n32", "mips64-n32" },
    { "mipsel", "mips-le" },
    { "mipsel64", "mips64-le" },
    { "mipsel64n32", "mips64-le-n32" },
    { "parisc", "parisc" },
    { "parisc64", "parisc64" },
    { "ppc", "ppc" },
    { "ppc64", "ppc64" },
    { "ppc64le", "ppc64-le" },
    { "riscv64", "riscv64" },
    { "s390", "s390" },
    { "s390x", "s390x" },
};

const char *abi_systemd_name(const char *arch)
{
    for (size_t i = 0; i < ELEMENTS_OF(abis); i++)
        if (strcmp(abis[i].seccomp, arch) == 0)
            return abis[i].systemd;
    return NULL;
}

/* A profile without a census has no "arch"; then the ABI of most calls is the native one. */
static const char *abi_of_most_calls(const struct profile *profile)
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_SYSCALL, &count);
    const char *most = "", *current = "";
    uint64_t most_total = 0, total = 0;

    for (size_t i = 0; i < count; i++) { /* sorted by architecture */
        if (strcmp(facts[i]->syscall.arch, current) != 0)
            total = 0;
        current = facts[i]->syscall.arch;
        uint64_t calls = evidence_total(&facts[i]->evidence);
        total = total > UINT64_MAX - calls ? UINT64_MAX : total + calls;
        if (total > most_total) {
            most_total = total;
            most = current;
        }
    }
    return most;
}

/* uname(2) names 32-bit machines by their generation; libseccomp does not. */
static bool abi_is_machine(const char *arch, const char *machine)
{
    if (strcmp(arch, "x86") == 0)
        return machine[0] == 'i' && machine[1] && strcmp(machine + 2, "86") == 0;
    if (strcmp(arch, "arm") == 0)
        return str_starts_with(machine, "arm");
    return strcmp(arch, machine) == 0;
}

bool abi_is_native(const struct profile *profile, const char *arch)
{
    size_t count;
    const struct host_setting *const *settings = profile_settings(profile, &count);
    bool said = false;

    for (size_t i = 0; i < count; i++) {
        if (strcmp(settings[i]->name, "arch") != 0)
            continue;
        said = true;
        if (abi_is_machine(arch, settings[i]->value))
            return true;
    }
    return !said && strcmp(abi_of_most_calls(profile), arch) == 0;
}

bool abi_is_plain_64(const struct profile *profile)
{
    static const char *const others[] = { "x86",      "x32",       "arm",         "mips",
                                          "mips64",   "ppc",       "ppc64",       "ppc64le",
                                          "s390",     "s390x",     "parisc",      "mipsel",
                                          "mipsel64", "mips64n32", "mipsel64n32", "parisc64" };

    for (size_t i = 0; i < ELEMENTS_OF(others); i++)
        if (abi_is_native(profile, others[i]))
            return false;
    return true;
}

/* The ABI a fact speaks of, NULL when of none. */
static const char *abi_of(const struct fact *fact)
{
    if (fact->kind == FACT_SYSCALL)
        return fact->syscall.arch;
    return *fact->program.arch ? fact->program.arch : NULL;
}

/* Adds the foreign ABIs among the facts of one kind; returns the first such fact. */
static const struct fact *abi_collect(const struct profile *profile, enum fact_kind kind,
                                      struct strings *ret)
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, kind, &count);
    const struct fact *first = NULL;
    const char *previous = NULL;

    for (size_t i = 0; i < count; i++) {
        const char *arch = abi_of(facts[i]);
        if (!arch || (previous && strcmp(arch, previous) == 0))
            continue;
        previous = arch;
        if (abi_is_native(profile, arch))
            continue;
        first = first ? first : facts[i];
        if (ret->count < ELEMENTS_OF(abis) && !strings_has(ret, arch)) /* hostile profiles */
            strings_add(ret, arch);
    }
    return first;
}

const struct fact *abi_foreign(const struct profile *profile)
{
    CLEANUP(strings_done) struct strings archs = { 0 };
    const struct fact *call = abi_collect(profile, FACT_SYSCALL, &archs);

    return call ? call : abi_collect(profile, FACT_PROGRAM, &archs);
}

/* The first fact of that ABI. */
static const struct fact *abi_witness(const struct profile *profile, const char *arch)
{
    static const enum fact_kind kinds[] = { FACT_SYSCALL, FACT_PROGRAM };

    for (size_t kind = 0; kind < ELEMENTS_OF(kinds); kind++) {
        size_t count;
        const struct fact *const *facts = profile_facts(profile, kinds[kind], &count);
        for (size_t i = 0; i < count; i++)
            if (abi_of(facts[i]) && strcmp(abi_of(facts[i]), arch) == 0)
                return facts[i];
    }
    return NULL;
}

static void abi_add(const struct derive_context *context, const char *arch, struct verdict *ret)
{
    const struct fact *witness = abi_witness(context->profile, arch);
    CLEANUP(free_char) char *seen = fact_describe(witness);

    verdict_add(ret, abi_systemd_name(arch),
                mem_printf("the service runs a program of this ABI: %s", seen), witness);
    ret->witness = witness;
}

void derive_architectures(const struct derive_context *context, const struct directive *directive,
                          struct verdict *ret)
{
    static const char own_abi_only[] =
        "the service uses only the native ABI; a call of another ABI kills the process";
    CLEANUP(strings_done) struct strings archs = { 0 };

    (void)directive;
    abi_collect(context->profile, FACT_SYSCALL, &archs);
    abi_collect(context->profile, FACT_PROGRAM, &archs);
    strings_sort_unique(&archs);
    for (size_t i = 0; i < archs.count; i++) {
        if (abi_systemd_name(archs.items[i]))
            continue;
        const struct fact *witness = abi_witness(context->profile, archs.items[i]);
        CLEANUP(free_char) char *seen = fact_describe(witness);
        verdict_refuse(ret, mem_printf("systemd has no name for the ABI of: %s", seen), witness);
        return;
    }
    verdict_add(ret, "native", mem_strdup(archs.count ? "the native ABI" : own_abi_only), NULL);
    for (size_t i = 0; i < archs.count; i++)
        abi_add(context, archs.items[i], ret);
    ret->why =
        archs.count
            ? mem_strdup(
                  "the service uses only these ABIs; a call of another ABI kills the process")
            : mem_strdup(own_abi_only);
}
