/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One row per architecture: its names and what its C library takes for granted. */
#ifndef CINCH_ELF_ARCH_H
#define CINCH_ELF_ARCH_H

#include <cinch/base.h>

struct elf_arch {
    uint16_t machine;        /* e_machine */
    unsigned char class;     /* ELFCLASS32, ELFCLASS64, 0 for both */
    unsigned char data;      /* ELFDATA2LSB, ELFDATA2MSB, 0 for both */
    uint32_t flags_mask;     /* of e_flags ... */
    uint32_t flags_value;    /* ... must be this */
    const char *name;        /* libseccomp's */
    int32_t cache_flags;     /* of its libraries in ld.so.cache (glibc dl-cache.h) */
    bool stack_executable;   /* when there is no PT_GNU_STACK (glibc stackinfo.h) */
    const char *platform;    /* AT_PLATFORM, what $PLATFORM becomes */
    const char *directories; /* default ones when the loader cannot be asked, by ':' */
};

/* The row that fits, or one with an empty name for a machine the table does not know. */
const struct elf_arch *elf_arch_find(uint16_t machine, unsigned char class, unsigned char data,
                                     uint32_t flags);

#endif
