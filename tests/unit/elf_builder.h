/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes small ELF files of any class and byte order, so that tests need no compiler. */
#ifndef CINCH_TESTS_ELF_BUILDER_H
#define CINCH_TESTS_ELF_BUILDER_H

#include <cinch/base.h>
#include <elf.h>
#include <string.h>

/* Defaults (0): a 64-bit little-endian ET_DYN for x86-64 with a plain stack. */
struct elf_spec {
    bool is_32, is_big;
    uint16_t machine, type;
    uint32_t flags;
    uint64_t entry;
    const char *interpreter, *soname, *rpath, *runpath;
    const char *needed[8];
    const char *symbol; /* a name in the string table */
    bool no_stack_header, exec_stack, text_rel;
    uint64_t flags_1;
};

struct elf_out {
    const struct elf_spec *spec;
    struct str bytes;
};

static inline void elf_put(struct elf_out *out, uint64_t value, size_t size)
{
    for (size_t i = 0; i < size; i++)
        str_add_char(&out->bytes, (char)(value >> 8 * (out->spec->is_big ? size - 1 - i : i)));
}

static inline void elf_put_word(struct elf_out *out, uint64_t value)
{
    elf_put(out, value, out->spec->is_32 ? 4 : 8);
}

static inline void elf_put_segment(struct elf_out *out, uint32_t type, uint32_t flags,
                                   uint64_t offset, uint64_t size)
{
    elf_put(out, type, 4);
    if (!out->spec->is_32)
        elf_put(out, flags, 4);
    elf_put_word(out, offset);
    elf_put_word(out, offset);
    elf_put_word(out, offset);
    elf_put_word(out, size);
    elf_put_word(out, size);
    if (out->spec->is_32)
        elf_put(out, flags, 4);
    elf_put_word(out, 1);
}

/* Adds a string to the table, a dynamic entry that points at it. */
static inline void elf_put_dynamic_string(struct elf_out *dynamic, struct str *strings,
                                          uint64_t tag, const char *text)
{
    if (!text)
        return;
    elf_put_word(dynamic, tag);
    elf_put_word(dynamic, strings->length);
    str_add_bytes(strings, text, strlen(text) + 1);
}

static inline void elf_put_dynamic(struct elf_out *dynamic, uint64_t tag, uint64_t value)
{
    elf_put_word(dynamic, tag);
    elf_put_word(dynamic, value);
}

static inline void elf_put_header(struct elf_out *out, unsigned segments)
{
    const struct elf_spec *spec = out->spec;
    const char ident[EI_NIDENT] = { 0x7f,
                                    'E',
                                    'L',
                                    'F',
                                    spec->is_32 ? ELFCLASS32 : ELFCLASS64,
                                    spec->is_big ? ELFDATA2MSB : ELFDATA2LSB,
                                    EV_CURRENT };

    str_add_bytes(&out->bytes, ident, sizeof(ident));
    elf_put(out, spec->type ? spec->type : ET_DYN, 2);
    elf_put(out, spec->machine ? spec->machine : EM_X86_64, 2);
    elf_put(out, EV_CURRENT, 4);
    elf_put_word(out, spec->entry);
    elf_put_word(out, spec->is_32 ? 52 : 64);
    elf_put_word(out, 0);
    elf_put(out, spec->flags, 4);
    elf_put(out, spec->is_32 ? 52 : 64, 2);
    elf_put(out, spec->is_32 ? 32 : 56, 2);
    elf_put(out, segments, 2);
    elf_put(out, 0, 2);
    elf_put(out, 0, 2);
    elf_put(out, 0, 2);
}

/* The bytes of the file: header, segments, interpreter, strings, dynamic section. */
static inline void elf_build(const struct elf_spec *spec, struct str *ret)
{
    struct elf_out out = { .spec = spec }, dynamic = { .spec = spec };
    struct str strings = { 0 };
    unsigned segments = 2u + (spec->interpreter != NULL) + !spec->no_stack_header;
    uint64_t at = (spec->is_32 ? 52u : 64u) + segments * (spec->is_32 ? 32u : 56u);
    uint64_t interpreter_size = spec->interpreter ? strlen(spec->interpreter) + 1 : 0;
    uint64_t strings_at = at + interpreter_size;

    str_add_bytes(&strings, "", 1);
    for (size_t i = 0; i < ELEMENTS_OF(spec->needed); i++)
        elf_put_dynamic_string(&dynamic, &strings, DT_NEEDED, spec->needed[i]);
    elf_put_dynamic_string(&dynamic, &strings, DT_SONAME, spec->soname);
    elf_put_dynamic_string(&dynamic, &strings, DT_RPATH, spec->rpath);
    elf_put_dynamic_string(&dynamic, &strings, DT_RUNPATH, spec->runpath);
    if (spec->symbol)
        str_add_bytes(&strings, spec->symbol, strlen(spec->symbol) + 1);
    if (spec->text_rel)
        elf_put_dynamic(&dynamic, DT_FLAGS, DF_TEXTREL);
    elf_put_dynamic(&dynamic, DT_FLAGS_1, spec->flags_1);
    elf_put_dynamic(&dynamic, DT_STRTAB, strings_at);
    elf_put_dynamic(&dynamic, DT_STRSZ, strings.length);
    elf_put_dynamic(&dynamic, DT_NULL, 0);

    uint64_t dynamic_at = strings_at + strings.length;
    elf_put_header(&out, segments);
    elf_put_segment(&out, PT_LOAD, PF_R | PF_X, 0, dynamic_at + dynamic.bytes.length);
    if (spec->interpreter)
        elf_put_segment(&out, PT_INTERP, PF_R, at, interpreter_size);
    elf_put_segment(&out, PT_DYNAMIC, PF_R, dynamic_at, dynamic.bytes.length);
    if (!spec->no_stack_header)
        elf_put_segment(&out, PT_GNU_STACK, PF_R | PF_W | (spec->exec_stack ? PF_X : 0u), 0, 0);
    if (spec->interpreter)
        str_add_bytes(&out.bytes, spec->interpreter, interpreter_size);
    str_add_bytes(&out.bytes, strings.data, strings.length);
    str_add_bytes(&out.bytes, dynamic.bytes.data, dynamic.bytes.length);
    *ret = out.bytes;
    str_done(&strings);
    str_done(&dynamic.bytes);
}

#endif
