// SPDX-License-Identifier: LGPL-2.1-or-later
/* Any bytes as ld.so.cache: what is found lies inside them and is an absolute path. */
#include "elf/ldcache.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = { "liba.so", "libc.so.6", "libz.so.1", "" };
    static const int32_t flags[] = { 0x303, 3 };
    struct strings hwcaps = { 0 };
    struct elf_ldcache cache;

    if (elf_ldcache_open(data, size, &cache) < 0)
        return 0;
    strings_add(&hwcaps, "x86-64-v3");
    strings_add(&hwcaps, "x86-64-v2");
    for (size_t i = 0; i < ELEMENTS_OF(names); i++)
        for (size_t f = 0; f < ELEMENTS_OF(flags); f++) {
            const char *path = elf_ldcache_find(&cache, names[i], flags[f], &hwcaps);
            if (!path)
                continue;
            const uint8_t *start = (const uint8_t *)path;
            if (start < data || start + strlen(path) >= data + size || path[0] != '/')
                abort();
        }
    strings_done(&hwcaps);
    return 0;
}
