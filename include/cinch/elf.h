/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * elf: what a program file says of itself, and the closure of what it needs on this machine.
 * Reads files through libelf, never runs them; any file may be hostile.
 */
#ifndef CINCH_ELF_H
#define CINCH_ELF_H

#include <cinch/model.h>

/* What one file is. Fills `ret` as in struct program_fact (path = `path`; the caller releases it
 * with program_fact_done). `root` is prepended when opening ("" for none), so that a chroot or
 * /proc/PID/root can be read. -ENOEXEC when the file is no program (`format` "other" then), -errno
 * otherwise, with `err`. */
int elf_inspect(const char *root, const char *path, struct program_fact *ret,
                struct err *err) MUST_USE;
void program_fact_done(struct program_fact *fact);

enum elf_how { ELF_SELF, ELF_INTERPRETER, ELF_SCRIPT_INTERPRETER, ELF_NEEDED };

/* One member of a closure. */
struct elf_member {
    enum elf_how how;
    char *name;      /* as written: DT_NEEDED, PT_INTERP, #! path, or the file itself */
    char *path;      /* where it resolved, NULL when missing */
    char *via;       /* what found it: "rpath", "runpath", "cache", "default", "path", "" */
    char *needed_by; /* path of the member that asked for it, "" for the file itself */
};

enum elf_verdict { ELF_STATIC, ELF_DYNAMIC, ELF_NOT_A_PROGRAM };

/* The closure of a program. `{ 0 }` is valid; release with elf_closure_done. */
struct elf_closure {
    enum elf_verdict verdict; /* a script takes its interpreter's */
    struct program_fact program;
    struct elf_member *members; /* in search order, each path once */
    size_t count;
    size_t missing; /* members without a path */
};

int elf_closure(const char *path, struct elf_closure *ret, struct err *err) MUST_USE;
void elf_closure_done(struct elf_closure *closure);

#endif
