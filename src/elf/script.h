/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The first line of a script, as the kernel and env(1) read it. Pure. */
#ifndef CINCH_ELF_SCRIPT_H
#define CINCH_ELF_SCRIPT_H

#include <cinch/base.h>

/* The bytes the kernel looks at (BINPRM_BUF_SIZE since Linux 5.1, binfmts.h). */
#define ELF_SCRIPT_LINE 256
/* How many interpreters may follow one another before execve(2) says ELOOP (fs/exec.c). */
#define ELF_SCRIPT_DEPTH 5

struct elf_script {
    char *interpreter; /* as written */
    char *option;      /* everything behind it, one argument; NULL when there is none */
};

/* Parses the start of a file (its first ELF_SCRIPT_LINE bytes suffice). True when the kernel would
 * run it as a script; false when it is none, *ret_problem then says why, or is NULL when the file
 * does not begin with "#!" at all. */
bool elf_script_parse(const void *start, size_t length, struct elf_script *ret,
                      const char **ret_problem);
void elf_script_done(struct elf_script *script);

/* The program that env(1) runs when it is given `option` as the kernel passes it (so several words
 * only behind -S), NULL when it cannot be told. */
char *elf_script_env_program(const char *option);

#endif
