// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A glibc loader carries its default directories as a run of NUL-terminated strings ("/lib64/",
 * "/usr/lib64/", ...; system_dirs in elf/dl-load.c) and the names of its cache and preload file as
 * strings of their own. Reading them from there is right for every distribution, multilib and
 * prefix, where a table would be a guess.
 */
#include "elf/loader.h"
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define LOADER_FILE_MAX     (4u << 20)
#define LOADER_SETTINGS_MAX (4u << 20) /* cache, preload and path file */
#define LOADER_STRING_MAX   255
#define CPUINFO_MAX         16384 /* the first processor's lines */

/* A NUL-terminated string inside the loader's bytes, NULL when none starts at `at`. */
static const char *loader_string(const struct str *bytes, size_t at, size_t *ret_length)
{
    if (at >= bytes->length || bytes->data[at] != '/' || (at && bytes->data[at - 1] != '\0'))
        return NULL;
    size_t left = bytes->length - at;
    size_t limit = left < LOADER_STRING_MAX ? left : LOADER_STRING_MAX;
    size_t length = strnlen(bytes->data + at, limit);
    if (length == limit)
        return NULL;
    *ret_length = length;
    return bytes->data + at;
}

static bool loader_is_directory(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!isgraph((unsigned char)text[i]))
            return false;
    return length > 1 && text[length - 1] == '/' && strstr(text, "lib") != NULL;
}

/* How many directory strings follow each other from `*at`; moves it behind them. */
static size_t loader_run(const struct str *bytes, size_t *at)
{
    const char *text;
    size_t length, count = 0;

    while ((text = loader_string(bytes, *at, &length)) && loader_is_directory(text, length)) {
        count++;
        *at += length + 1;
    }
    return count;
}

/* Takes the longest run as the default directories. */
static void loader_find_directories(struct elf_loader *loader, const struct str *bytes)
{
    size_t best = 0, best_count = 0;

    for (size_t at = 0; at < bytes->length; at++) {
        const char *slash = memchr(bytes->data + at, '/', bytes->length - at);
        if (!slash)
            break;
        size_t start = (size_t)(slash - bytes->data);
        at = start;
        size_t count = loader_run(bytes, &at);
        if (count > best_count) {
            best = start;
            best_count = count;
        }
        at -= at > start; /* what follows the run may start one */
    }
    for (size_t i = 0; i < best_count; i++) {
        size_t length = strlen(bytes->data + best);
        CLEANUP(free_char) char *directory = mem_strndup(bytes->data + best, length - 1);
        strings_add(&loader->directories, directory);
        best += length + 1;
    }
    loader->is_known = best_count > 0;
}

/* The first string of the loader that ends in `suffix`, or the usual name. */
static char *loader_find_file(const struct str *bytes, const char *suffix, const char *usual)
{
    size_t length, suffix_length = strlen(suffix) + 1;
    const char *end = bytes->data + bytes->length;

    for (const char *at = bytes->data;
         at && (at = memmem(at, (size_t)(end - at), suffix, suffix_length)); at++) {
        const char *start = at;
        while (start > bytes->data && start[-1])
            start--;
        if (loader_string(bytes, (size_t)(start - bytes->data), &length))
            return mem_strdup(start);
    }
    return mem_strdup(usual);
}

/* The content of a small file of the tree; empty when it cannot be read. -errno of the open. */
static int loader_read(const struct elf_tree *tree, const char *path, struct str *ret)
{
    struct stat stat;
    CLEANUP(fd_close) int fd = elf_file_open(tree, path, &stat);

    if (fd < 0)
        return fd;
    return elf_file_read_start(fd, LOADER_SETTINGS_MAX, ret);
}

/* Adds the words of `text` that stand between `separators`; `#` starts a comment if asked. */
static void loader_split(const char *text, const char *separators, bool comments,
                         struct strings *ret)
{
    while (*text) {
        if (comments && *text == '#') {
            text += strcspn(text, "\n");
            continue;
        }
        size_t length = strcspn(text, separators);
        if (length) {
            CLEANUP(free_char) char *word = mem_strndup(text, length);
            strings_add(ret, word);
        }
        text += length;
        text += *text != '\0';
    }
}

/* The processor's flags and maker from /proc/cpuinfo (its first processor). */
static char *loader_cpu_flags(bool *ret_is_intel)
{
    CLEANUP(fd_close) int fd = open("/proc/cpuinfo", O_RDONLY | O_CLOEXEC);
    CLEANUP(free_char) char *text = mem_new(CPUINFO_MAX + 1, 1);

    *ret_is_intel = false;
    if (fd < 0 || elf_file_read(fd, 0, text, CPUINFO_MAX) <= 0)
        return mem_strdup("");
    *ret_is_intel = strstr(text, "GenuineIntel") != NULL;
    const char *flags = strstr(text, "\nflags");
    if (!flags || !(flags = strchr(flags, ':')))
        return mem_strdup("");
    flags++;
    return mem_strndup(flags, strcspn(flags, "\n"));
}

static void loader_find_hwcaps(struct elf_loader *loader, const struct str *bytes)
{
    static const char knows_hwcaps[] = "x86-64-v3:x86-64-v2"; /* glibc 2.33 and later */
    static const char knows_haswell[] = "\0haswell";          /* and its terminating NUL */
    bool is_intel;
    CLEANUP(free_char) char *flags = loader_cpu_flags(&is_intel);

    if (!bytes->length)
        return;
    if (memmem(bytes->data, bytes->length, knows_hwcaps, sizeof(knows_hwcaps)))
        elf_hwcaps_list(loader->arch->name, flags, &loader->hwcaps);
    if (memmem(bytes->data, bytes->length, knows_haswell, sizeof(knows_haswell)))
        loader->platform = elf_hwcaps_platform(loader->arch, is_intel, flags);
}

static void loader_init_glibc(struct elf_loader *loader, const struct elf_tree *tree,
                              const struct str *bytes)
{
    CLEANUP(str_done) struct str preload = { 0 };
    CLEANUP(free_char) char *cache = NULL;
    CLEANUP(free_char) char *preload_name = NULL;

    loader_find_directories(loader, bytes);
    if (!loader->is_known)
        loader_split(loader->arch->directories, ":", false, &loader->directories);
    loader_find_hwcaps(loader, bytes);
    cache = loader_find_file(bytes, "/ld.so.cache", "/etc/ld.so.cache");
    preload_name = loader_find_file(bytes, "/ld.so.preload", "/etc/ld.so.preload");
    if (loader_read(tree, cache, &loader->cache_bytes) == 0 &&
        elf_ldcache_open(loader->cache_bytes.data, loader->cache_bytes.length, &loader->cache) < 0)
        loader->cache = (struct elf_ldcache){ 0 };
    if (loader_read(tree, preload_name, &preload) == 0)
        loader_split(preload.data, " \t\n:", true, &loader->preload);
    /* $LIB is the first default directory without its leading slash (slibdir in both cases). */
    loader->lib = mem_strdup(loader->directories.items[0] + 1);
}

/* musl: ldso/dynlink.c; PREFIX/etc/ld-musl-ARCH.path for a loader PREFIX/lib/ld-musl-ARCH.so.1. */
static void loader_init_musl(struct elf_loader *loader, const struct elf_tree *tree,
                             const char *path)
{
    CLEANUP(free_char) char *directory = path_parent(path);
    CLEANUP(free_char) char *prefix = path_parent(directory);
    CLEANUP(str_done) struct str text = { 0 };
    const char *name = path_name(path);

    CLEANUP(free_char)
    char *settings = mem_printf("%s/etc/%.*s.path", strcmp(prefix, "/") == 0 ? "" : prefix,
                                (int)strcspn(name, "."), name);
    int result = loader_read(tree, settings, &text);
    if (result == 0)
        loader_split(text.data, ":\n", false, &loader->directories);
    else if (result == -ENOENT)
        loader_split("/lib:/usr/local/lib:/usr/lib", ":", false, &loader->directories);
    loader->lib = mem_strdup("");
    loader->is_known = true;
}

void elf_loader_init(struct elf_loader *loader, const struct elf_tree *tree,
                     const struct elf_arch *arch, const char *path, int fd)
{
    CLEANUP(str_done) struct str bytes = { 0 };
    bool is_musl = str_starts_with(path_name(path), "ld-musl-");

    *loader = (struct elf_loader){
        .libc = is_musl ? ELF_LIBC_MUSL : ELF_LIBC_GLIBC,
        .arch = arch,
        .platform = arch->platform,
    };
    if (is_musl) {
        loader_init_musl(loader, tree, path);
        return;
    }
    str_add(&bytes, "");
    if (fd < 0 || elf_file_read_start(fd, LOADER_FILE_MAX, &bytes) < 0)
        bytes.length = 0;
    loader_init_glibc(loader, tree, &bytes);
}

void elf_loader_done(struct elf_loader *loader)
{
    strings_done(&loader->directories);
    strings_done(&loader->hwcaps);
    strings_done(&loader->preload);
    str_done(&loader->cache_bytes);
    free(loader->lib);
    *loader = (struct elf_loader){ 0 };
}
