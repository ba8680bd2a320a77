// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Read from front to back and not by bisection: a cache that is not sorted, or lies, then costs a
 * wrong answer at worst, and ld.so's choice among entries of one name is by order alone.
 *
 * Old: "ld.so-1.7.0", count at 12, entries of 12 bytes { flags, name, path } from 16, strings
 * relative to the end of the entries. New: "glibc-ld.so.cache1.1", count at 20, byte order at 28,
 * extensions at 32, entries of 24 bytes { flags, name, path, os version, hwcap (64 bit) } from 48,
 * strings relative to the start of the new header; it may follow an old one, 8-byte aligned. The
 * extensions and what is in them are relative to the start of the file in any case (glibc 2.36
 * elf/dl-cache.c; its ldconfig writes names relative to the new header there, so that behind an old
 * one no entry with a glibc-hwcaps name is ever used).
 */
#include "elf/ldcache.h"
#include <byteswap.h>
#include <errno.h>
#include <string.h>

#define OLD_MAGIC "ld.so-1.7.0"
#define NEW_MAGIC "glibc-ld.so.cache1.1"

enum {
    OLD_COUNT = 12,
    OLD_HEADER = 16,
    OLD_ENTRY = 12,
    NEW_COUNT = 20,
    NEW_BYTE_ORDER = 28,
    NEW_EXTENSIONS = 32,
    NEW_HEADER = 48,
    NEW_ENTRY = 24,
    ENTRY_NAME = 4,
    ENTRY_PATH = 8,
    ENTRY_HWCAP = 16,
    EXTENSION_HEADER = 8,
    EXTENSION_SECTION = 16,
    EXTENSION_HWCAPS = 1, /* cache_extension_tag_glibc_hwcaps */
    BYTE_ORDER_MASK = 3,
    BYTE_ORDER_LITTLE = 2,
    BYTE_ORDER_BIG = 3,
    PATH_LENGTH_MAX = 4096,
};

#define EXTENSION_MAGIC 0xeaa42174u
/* Upper half of the hwcap field of an entry whose lower half is an index of glibc-hwcaps names. */
#define HWCAP_IS_INDEX (1u << 30)

static const unsigned char ldcache_own_order =
    __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? BYTE_ORDER_BIG : BYTE_ORDER_LITTLE;

/* The number at `offset`; the caller has checked that it lies inside. */
static uint32_t ldcache_u32(const struct elf_ldcache *cache, size_t offset)
{
    uint32_t value;

    memcpy(&value, cache->bytes + offset, sizeof(value));
    return cache->swapped ? bswap_32(value) : value;
}

static bool ldcache_has(const struct elf_ldcache *cache, size_t offset, size_t length)
{
    return offset <= cache->length && length <= cache->length - offset;
}

static bool ldcache_has_array(const struct elf_ldcache *cache, size_t offset, size_t count,
                              size_t size)
{
    size_t length;

    return !__builtin_mul_overflow(count, size, &length) && ldcache_has(cache, offset, length);
}

static bool ldcache_starts(const struct elf_ldcache *cache, size_t offset, const char *magic)
{
    size_t length = strlen(magic);

    return ldcache_has(cache, offset, length) && memcmp(cache->bytes + offset, magic, length) == 0;
}

/* The NUL-terminated string at `at`, NULL when it is not whole. */
static const char *ldcache_string(const struct elf_ldcache *cache, size_t at)
{
    if (at >= cache->length)
        return NULL;
    size_t left = cache->length - at;
    size_t limit = left < PATH_LENGTH_MAX ? left : PATH_LENGTH_MAX;
    const char *text = (const char *)cache->bytes + at;
    return strnlen(text, limit) < limit ? text : NULL;
}

/* Looks for the array of hwcaps names among the extensions; damaged ones are left out. */
static void ldcache_open_extensions(struct elf_ldcache *cache, size_t base)
{
    size_t at = ldcache_u32(cache, base + NEW_EXTENSIONS);

    if (!at || !ldcache_has(cache, at, EXTENSION_HEADER) ||
        ldcache_u32(cache, at) != EXTENSION_MAGIC)
        return;
    size_t count = ldcache_u32(cache, at + 4);
    at += EXTENSION_HEADER;
    if (!ldcache_has_array(cache, at, count, EXTENSION_SECTION))
        return;
    for (size_t i = 0; i < count; i++, at += EXTENSION_SECTION) {
        size_t offset = ldcache_u32(cache, at + 8);
        size_t size = ldcache_u32(cache, at + 12);
        if (ldcache_u32(cache, at) != EXTENSION_HWCAPS || !ldcache_has(cache, offset, size))
            continue;
        cache->hwcaps = offset;
        cache->hwcaps_count = size / 4;
        return;
    }
}

static int ldcache_open_new(struct elf_ldcache *cache, size_t base)
{
    if (!ldcache_has(cache, base, NEW_HEADER))
        return -EINVAL;
    unsigned char order = cache->bytes[base + NEW_BYTE_ORDER] & BYTE_ORDER_MASK;
    cache->swapped = order >= BYTE_ORDER_LITTLE && order != ldcache_own_order;
    cache->count = ldcache_u32(cache, base + NEW_COUNT);
    cache->entries = base + NEW_HEADER;
    cache->entry_size = NEW_ENTRY;
    cache->strings = base;
    if (!ldcache_has_array(cache, cache->entries, cache->count, NEW_ENTRY))
        return -EINVAL;
    ldcache_open_extensions(cache, base);
    return 0;
}

static int ldcache_open_old(struct elf_ldcache *cache)
{
    if (!ldcache_has(cache, 0, OLD_HEADER))
        return -EINVAL;
    cache->count = ldcache_u32(cache, OLD_COUNT);
    cache->entries = OLD_HEADER;
    cache->entry_size = OLD_ENTRY;
    if (!ldcache_has_array(cache, OLD_HEADER, cache->count, OLD_ENTRY))
        return -EINVAL;
    cache->strings = OLD_HEADER + cache->count * OLD_ENTRY;
    size_t aligned = (cache->strings + 7) & ~(size_t)7;
    return ldcache_starts(cache, aligned, NEW_MAGIC) ? ldcache_open_new(cache, aligned) : 0;
}

int elf_ldcache_open(const void *bytes, size_t length, struct elf_ldcache *ret)
{
    struct elf_ldcache cache = { .bytes = bytes, .length = length };
    int result = -EINVAL;

    if (ldcache_starts(&cache, 0, NEW_MAGIC))
        result = ldcache_open_new(&cache, 0);
    else if (ldcache_starts(&cache, 0, OLD_MAGIC))
        result = ldcache_open_old(&cache);
    if (result == 0)
        *ret = cache;
    return result;
}

/*
 * How good an entry is: 0 unusable, 1 for every machine, more for a better glibc-hwcaps name.
 * Entries with the hardware bits that glibc 2.37 dropped are not used.
 */
static size_t ldcache_rank(const struct elf_ldcache *cache, size_t entry,
                           const struct strings *hwcaps)
{
    if (cache->entry_size < NEW_ENTRY)
        return 1;
    uint32_t first = ldcache_u32(cache, entry + ENTRY_HWCAP);
    uint32_t second = ldcache_u32(cache, entry + ENTRY_HWCAP + 4);
    bool big = (ldcache_own_order == BYTE_ORDER_BIG) != cache->swapped;
    uint32_t high = big ? first : second;
    uint32_t low = big ? second : first;
    if (!high && !low)
        return 1;
    if (high != HWCAP_IS_INDEX || low >= cache->hwcaps_count)
        return 0;
    const char *name = ldcache_string(cache, ldcache_u32(cache, cache->hwcaps + (size_t)low * 4));
    for (size_t i = 0; name && i < hwcaps->count; i++)
        if (strcmp(hwcaps->items[i], name) == 0)
            return 1 + hwcaps->count - i;
    return 0;
}

const char *elf_ldcache_find(const struct elf_ldcache *cache, const char *name, int32_t flags,
                             const struct strings *hwcaps)
{
    const char *best = NULL;
    size_t best_rank = 0;

    for (size_t i = 0; i < cache->count; i++) {
        size_t entry = cache->entries + i * cache->entry_size;
        if ((int32_t)ldcache_u32(cache, entry) != flags)
            continue;
        const char *key =
            ldcache_string(cache, cache->strings + ldcache_u32(cache, entry + ENTRY_NAME));
        if (!key || strcmp(key, name) != 0)
            continue;
        size_t rank = ldcache_rank(cache, entry, hwcaps);
        const char *path =
            ldcache_string(cache, cache->strings + ldcache_u32(cache, entry + ENTRY_PATH));
        if (path && path[0] == '/' && rank > best_rank) {
            best = path;
            best_rank = rank;
        }
    }
    return best;
}
