// SPDX-License-Identifier: LGPL-2.1-or-later
#include "elf/loader.h"
#include <string.h>

/* The psABI levels as glibc asks for them (sysdeps/x86/get-isa-level.h), in /proc/cpuinfo's names;
 * a level includes those below it. */
static const struct {
    const char *arch;
    const char *name;
    const char *flags;
} levels[] = {
    { "x86_64", "x86-64-v2", "cx16 lahf_lm popcnt pni ssse3 sse4_1 sse4_2" },
    { "x86_64", "x86-64-v3", "avx avx2 bmi1 bmi2 f16c fma abm movbe" },
    { "x86_64", "x86-64-v4", "avx512f avx512bw avx512cd avx512dq avx512vl" },
    { "x32", "x86-64-v2", "cx16 lahf_lm popcnt pni ssse3 sse4_1 sse4_2" },
    { "x32", "x86-64-v3", "avx avx2 bmi1 bmi2 f16c fma abm movbe" },
    { "x32", "x86-64-v4", "avx512f avx512bw avx512cd avx512dq avx512vl" },
};

/* Tells whether every word of `wanted` is a word of `flags`. */
static bool hwcaps_has_all(const char *flags, const char *wanted)
{
    CLEANUP(free_char) char *all = mem_printf(" %s ", flags);

    while (*(wanted += strspn(wanted, " "))) {
        size_t length = strcspn(wanted, " ");
        CLEANUP(free_char) char *word = mem_printf(" %.*s ", (int)length, wanted);
        if (!strstr(all, word))
            return false;
        wanted += length;
    }
    return true;
}

void elf_hwcaps_list(const char *arch, const char *cpu_flags, struct strings *ret)
{
    size_t usable = 0;
    const char *names[ELEMENTS_OF(levels)];

    for (size_t i = 0; i < ELEMENTS_OF(levels); i++) {
        if (strcmp(levels[i].arch, arch) != 0)
            continue;
        if (!hwcaps_has_all(cpu_flags, levels[i].flags))
            break;
        names[usable++] = levels[i].name;
    }
    while (usable)
        strings_add(ret, names[--usable]);
}

/* glibc: sysdeps/x86/cpu-features.c, for 64-bit programs on Intel's processors alone. */
const char *elf_hwcaps_platform(const struct elf_arch *arch, bool is_intel, const char *cpu_flags)
{
    if (!is_intel || (strcmp(arch->name, "x86_64") != 0 && strcmp(arch->name, "x32") != 0))
        return arch->platform;
    if (hwcaps_has_all(cpu_flags, "avx512cd avx512er avx512pf"))
        return "xeon_phi";
    if (hwcaps_has_all(cpu_flags, "avx2 bmi1 bmi2 abm movbe popcnt"))
        return "haswell";
    return arch->platform;
}
