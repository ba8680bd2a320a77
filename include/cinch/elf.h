/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * elf: what a program file says of itself, and the closure of what it needs on this machine.
 * Reads files through libelf, never runs them; any file may be hostile. Only regular files are
 * opened: a FIFO, socket or device is refused without being touched.
 *
 * Ownership: what a function fills through `ret` owns its memory and is released with the matching
 * _done function.
 */
#ifndef CINCH_ELF_H
#define CINCH_ELF_H

#include <cinch/model.h>

/*
 * What one file is. Fills `ret` as in struct program_fact (path = `path`). `root` is the directory
 * in which `path` and every link on its way are resolved ("" for none), so that a chroot or
 * /proc/PID/root can be read. `is_static` holds for an ELF program without PT_INTERP; never for a
 * script or a shared object. -ENOEXEC when the file is no program, other -errno when it cannot be
 * read; `ret` is untouched then and `err` names the file.
 */
int elf_inspect(const char *root, const char *path, struct program_fact *ret,
                struct err *err) MUST_USE;
void program_fact_done(struct program_fact *fact);

/* The JIT compiler in the ELF file `path` below `root`, a static text ("LuaJIT"): one that does not
 * go on without when memory may not become executable. NULL when there is none, or when the file
 * cannot be read. */
const char *elf_jit(const char *root, const char *path);

enum elf_how {
    ELF_SELF,               /* the file asked about */
    ELF_INTERPRETER,        /* PT_INTERP of a program */
    ELF_SCRIPT_INTERPRETER, /* what a #! line names */
    ELF_SCRIPT_PROGRAM,     /* what `#!/usr/bin/env NAME` runs, looked up in the search path */
    ELF_NEEDED,             /* a library: DT_NEEDED, or /etc/ld.so.preload */
    ELF_HOW_COUNT
};

/* "self", "interpreter", "script-interpreter", "script-program", "needed". */
const char *elf_how_name(enum elf_how how);

/* One member of a closure. No string is NULL but `path`. */
struct elf_member {
    enum elf_how how;
    char *name;      /* as written: DT_NEEDED, PT_INTERP, #! path, or the file itself */
    char *path;      /* where it resolved, absolute; NULL when missing */
    char *via;       /* what found it: "rpath", "runpath", "cache", "default", "preload", "path"
                      * (the name is a path itself), "search-path" (PATH), "" when missing */
    char *needed_by; /* path of the member that asked for it, "" for the file itself */
    char *note;      /* what was met on the way (a library of another architecture, a damaged
                      * file), encoded; "" when nothing */
};

enum elf_verdict { ELF_STATIC, ELF_DYNAMIC, ELF_NOT_A_PROGRAM };

/* "static", "dynamic", "not-a-program". */
const char *elf_verdict_name(enum elf_verdict verdict);

/* The closure of a program. `{ 0 }` is valid; release with elf_closure_done. */
struct elf_closure {
    enum elf_verdict verdict; /* a script takes its interpreter's */
    char *reason;             /* why it is not a program, encoded; "" otherwise */
    struct program_fact program;
    struct elf_member *members; /* in search order, each path once; the file itself first */
    size_t count;
    size_t capacity;
    size_t missing;       /* members without a path */
    struct strings notes; /* what a person should know, one encoded line each */
};

/*
 * The closure of `path` as it resolves on this machine: an ELF program's loader and libraries, a
 * script's interpreters and theirs. LD_LIBRARY_PATH and LD_PRELOAD are not looked at: a service
 * has none. 0 also for what is not a program (the verdict and `reason` say so); -errno with `err`
 * when the file cannot be read.
 */
int elf_closure(const char *path, struct elf_closure *ret, struct err *err) MUST_USE;
/* The same inside the tree `root` ("" for none), with `search_path` in the place of PATH. */
int elf_closure_in(const char *root, const char *search_path, const char *path,
                   struct elf_closure *ret, struct err *err) MUST_USE;
void elf_closure_done(struct elf_closure *closure);

#endif
