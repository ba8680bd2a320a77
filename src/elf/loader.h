/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What one dynamic loader (ld.so of glibc or of musl) looks for libraries by. */
#ifndef CINCH_ELF_LOADER_H
#define CINCH_ELF_LOADER_H

#include "elf/file.h"
#include "elf/image.h"
#include "elf/ldcache.h"

enum elf_libc { ELF_LIBC_GLIBC, ELF_LIBC_MUSL };

struct elf_loader {
    enum elf_libc libc;
    const struct elf_arch *arch;
    struct strings directories; /* default ones, in order */
    struct strings hwcaps;      /* glibc-hwcaps subdirectories of this machine, best first */
    struct strings preload;     /* of /etc/ld.so.preload */
    char *lib;                  /* what $LIB becomes */
    const char *platform;       /* what $PLATFORM becomes, static */
    struct str cache_bytes;
    struct elf_ldcache cache;
    bool is_known; /* its own tables were found: nothing was assumed */
};

/*
 * Learns from the loader's own file what it was built with (its default directories, the names of
 * its cache and preload file, whether it knows glibc-hwcaps), and reads those files. `path` is
 * PT_INTERP as written; `fd` its open file or -1 when it is missing: the usual values then.
 */
void elf_loader_init(struct elf_loader *loader, const struct elf_tree *tree,
                     const struct elf_arch *arch, const char *path, int fd);
void elf_loader_done(struct elf_loader *loader);

/*
 * Replaces $ORIGIN, $LIB and $PLATFORM (or ${...}) in a name or run path element as this loader
 * does. NULL when it would refuse the text (musl knows only $ORIGIN).
 */
char *elf_loader_expand(const struct elf_loader *loader, const char *text, const char *origin);

/* The glibc-hwcaps names of an architecture that a CPU with these flags (blank-separated, as in
 * /proc/cpuinfo) can use, best first. */
void elf_hwcaps_list(const char *arch, const char *cpu_flags, struct strings *ret);
/* What glibc makes of $PLATFORM there: "haswell" on Intel's, else the architecture's. Static. */
const char *elf_hwcaps_platform(const struct elf_arch *arch, bool is_intel, const char *cpu_flags);

#endif
