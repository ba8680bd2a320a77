/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file as execve(2) sees it: an ELF image, a script, or neither. */
#ifndef CINCH_ELF_PROGRAM_H
#define CINCH_ELF_PROGRAM_H

#include "elf/file.h"
#include "elf/image.h"
#include "elf/script.h"
#include <cinch/elf.h>

enum elf_format { ELF_FORMAT_OTHER, ELF_FORMAT_ELF, ELF_FORMAT_SCRIPT };

/* An open file; release with elf_program_done. */
struct elf_program {
    int fd;
    struct stat stat;
    enum elf_format format;
    struct elf_image image;   /* ELF_FORMAT_ELF */
    struct elf_script script; /* ELF_FORMAT_SCRIPT */
    const char *problem;      /* ELF_FORMAT_OTHER: what it is instead, static */
};

/* Opens and classifies; 0 for ELF_FORMAT_OTHER too. -errno when it cannot be read. */
int elf_program_open(const struct elf_tree *tree, const char *path,
                     struct elf_program *ret) MUST_USE;
void elf_program_done(struct elf_program *program);
/* What it says of itself, as a fact; `ret` owns copies. */
void elf_program_describe(const struct elf_program *program, const char *path,
                          struct program_fact *ret);

#endif
