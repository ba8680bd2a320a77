/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an ELF file's headers and dynamic section say. */
#ifndef CINCH_ELF_IMAGE_H
#define CINCH_ELF_IMAGE_H

#include "elf/arch.h"

enum elf_kind {
    ELF_KIND_STATIC,  /* runs without a loader: ET_EXEC, or a static-pie */
    ELF_KIND_DYNAMIC, /* has a PT_INTERP */
    ELF_KIND_SHARED,  /* a shared object */
};

/* `{ 0 }` is valid; strings are NULL when the file has none. */
struct elf_image {
    enum elf_kind kind;
    const struct elf_arch *arch;
    uint16_t machine;
    unsigned char class;
    unsigned char data;
    bool exec_stack;
    bool text_rel;
    bool no_default_directories; /* DF_1_NODEFLIB */
    char *interpreter;
    char *soname;
    char *rpath; /* NULL too when there is a runpath, which cancels it (ld.so(8)) */
    char *runpath;
    struct strings needed;
    uint64_t strings_offset; /* where the dynamic string table lies in the file, and its size */
    uint64_t strings_size;   /* 0: there is none */
};

/* Tells whether the file begins like an ELF file. */
bool elf_image_is_elf(const void *start, size_t length);
/* Reads an open regular file. 0, or -ENOEXEC with a static text that says what is wrong with it
 * (no ELF, damaged, a core dump, ...), or -EIO and the like. */
int elf_image_read(int fd, struct elf_image *ret, const char **ret_problem) MUST_USE;
void elf_image_done(struct elf_image *image);

#endif
