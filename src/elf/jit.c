// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * JIT compilers, by a name in a file's dynamic string table: that of a function which the file has
 * or asks for, or of a library. Each row was tried: the program dies, or fails what it was asked
 * for, when mprotect(2) with PROT_EXEC is first refused, as MemoryDenyWriteExecute= does. PCRE2,
 * JavaScriptCore and PHP's fall back to interpreting, libgccjit has its code loaded from a file;
 * those that make executable memory as they start (.NET, Mono, BEAM) always show it in training.
 */
#include "elf/program.h"
#include <string.h>

/* V8 alone has some 10 MB of names. */
#define STRINGS_MAX ((uint64_t)64 << 20)

static const struct {
    const char *string, *name;
} jit_rows[] = {
    { "luaJIT_setmode", "LuaJIT" },                   /* 2.1: "runtime code generation failed" */
    { "_ZN2v87Isolate8AllocateEv", "V8" },            /* 11.3: V8_Fatal in SetPermissions */
    { "JNI_CreateJavaVM", "a Java virtual machine" }, /* OpenJDK 17: does not start */
    { "LLVMCreateMCJITCompilerForModule", "LLVM" },   /* 14: ORC fails, MCJIT crashes */
    { "pypy_main_startup", "PyPy" },                  /* 7.3: abort */
    { "libguile-3.0.so.1", "Guile" },                 /* 3.0.8: assertion in jit.c */
};

/* The string alone, or as it ends another: linkers share tails. */
static bool strings_have(const struct str *strings, const char *string)
{
    return memmem(strings->data, strings->length, string, strlen(string) + 1) != NULL;
}

static const char *jit_of(int fd, const struct elf_image *image)
{
    CLEANUP(str_done) struct str strings = { 0 };
    char buffer[65536];

    if (!image->strings_size || image->strings_size > STRINGS_MAX)
        return NULL;
    while (strings.length < image->strings_size) {
        uint64_t left = image->strings_size - strings.length;
        ssize_t got = elf_file_read(fd, image->strings_offset + strings.length, buffer,
                                    left < sizeof(buffer) ? (size_t)left : sizeof(buffer));
        if (got <= 0)
            break;
        str_add_bytes(&strings, buffer, (size_t)got);
    }
    for (size_t i = 0; strings.length && i < ELEMENTS_OF(jit_rows); i++)
        if (strings_have(&strings, jit_rows[i].string))
            return jit_rows[i].name;
    return NULL;
}

const char *elf_jit(const char *root, const char *path)
{
    CLEANUP(elf_tree_done) struct elf_tree tree = { .fd = -1 };
    struct elf_program program;
    const char *jit = NULL;

    if (elf_tree_init(&tree, root) < 0 || elf_program_open(&tree, path, &program) < 0)
        return NULL;
    if (program.format == ELF_FORMAT_ELF)
        jit = jit_of(program.fd, &program.image);
    elf_program_done(&program);
    return jit;
}
