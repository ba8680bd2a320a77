/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The bytes of /etc/ld.so.cache (glibc sysdeps/generic/dl-cache.h), any of which may be wrong. */
#ifndef CINCH_ELF_LDCACHE_H
#define CINCH_ELF_LDCACHE_H

#include <cinch/base.h>

/* A cache borrows the bytes it was opened on; `{ 0 }` is an empty one. */
struct elf_ldcache {
    const unsigned char *bytes;
    size_t length;
    size_t entries; /* offset of the first */
    size_t entry_size;
    size_t count;
    size_t strings;      /* names and paths are offsets from here */
    size_t hwcaps;       /* offset of the array of glibc-hwcaps names, 0 when there is none */
    size_t hwcaps_count; /* of it */
    bool swapped;        /* written by a machine of the other byte order */
};

/* Finds its way in the bytes: the new format, the new one behind an old one, or the old one alone.
 * 0, or -EINVAL when they are no such file. */
int elf_ldcache_open(const void *bytes, size_t length, struct elf_ldcache *ret) MUST_USE;

/*
 * The path of the library `name` for `flags` (struct elf_arch), NULL when there is none. `hwcaps`
 * are the glibc-hwcaps names this machine can use, best first; an entry of one of them wins.
 * Borrowed from the bytes.
 */
const char *elf_ldcache_find(const struct elf_ldcache *cache, const char *name, int32_t flags,
                             const struct strings *hwcaps);

#endif
