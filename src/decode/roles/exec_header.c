// SPDX-License-Identifier: LGPL-2.1-or-later
#include "decode/roles/exec_header.h"
#include <elf.h>
#include <limits.h>
#include <string.h>

/* execve(2): the kernel reads no more of a #! line (BINPRM_BUF_SIZE; 127 before Linux 5.1). */
#define SCRIPT_LINE_LIMIT 256
/* fs/binfmt_elf.c: program headers of more bytes are refused. */
#define PROGRAM_HEADERS_LIMIT 65536

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* "#! interpreter rest of the line as one option": blanks around both are dropped. */
static void parse_script(const char *text, size_t length, struct head *ret)
{
    const char *end = memchr(text, '\n', length);
    const char *at = text + 2;

    ret->kind = HEAD_SCRIPT;
    if (!end)
        end = text + strnlen(text, length);
    while (end > at && is_blank(end[-1]))
        end--;
    while (at < end && is_blank(*at))
        at++;
    const char *name = at;
    while (at < end && !is_blank(*at) && *at)
        at++;
    if (at == name)
        return;
    ret->interpreter = mem_strndup(name, (size_t)(at - name));
    while (at < end && is_blank(*at))
        at++;
    if (at < end)
        ret->option = mem_strndup(at, strnlen(at, (size_t)(end - at)));
}

/* The two sizes of ELF in one shape. */
struct elf_shape {
    uint64_t headers;
    unsigned header_size;
    unsigned header_count;
};

static bool elf_shape(const void *bytes, size_t length, bool wide, struct elf_shape *ret)
{
    Elf64_Ehdr e64;
    Elf32_Ehdr e32;

    if (length < (wide ? sizeof(e64) : sizeof(e32)))
        return false;
    if (wide) {
        memcpy(&e64, bytes, sizeof(e64));
        *ret = (struct elf_shape){ e64.e_phoff, e64.e_phentsize, e64.e_phnum };
        return ret->header_size == sizeof(Elf64_Phdr);
    }
    memcpy(&e32, bytes, sizeof(e32));
    *ret = (struct elf_shape){ e32.e_phoff, e32.e_phentsize, e32.e_phnum };
    return ret->header_size == sizeof(Elf32_Phdr);
}

struct elf_segment {
    uint32_t type;
    uint64_t offset;
    uint64_t size;
};

static struct elf_segment elf_segment(const unsigned char *bytes, bool wide)
{
    Elf64_Phdr p64;
    Elf32_Phdr p32;

    if (wide) {
        memcpy(&p64, bytes, sizeof(p64));
        return (struct elf_segment){ p64.p_type, p64.p_offset, p64.p_filesz };
    }
    memcpy(&p32, bytes, sizeof(p32));
    return (struct elf_segment){ p32.p_type, p32.p_offset, p32.p_filesz };
}

/* fs/binfmt_elf.c: an interpreter's name has 2 to PATH_MAX bytes with its NUL. */
static void take_interpreter(const unsigned char *bytes, size_t length,
                             const struct elf_segment *segment, struct head *ret)
{
    uint64_t end;

    if (segment->size < 2 || segment->size > PATH_MAX ||
        __builtin_add_overflow(segment->offset, segment->size, &end))
        return;
    if (end > length)
        ret->wanted = end;
    else
        ret->interpreter =
            mem_strndup((const char *)bytes + segment->offset,
                        strnlen((const char *)bytes + segment->offset, (size_t)segment->size));
}

static void parse_elf(const unsigned char *bytes, size_t length, struct head *ret)
{
    bool wide = bytes[EI_CLASS] == ELFCLASS64;
    struct elf_shape shape;
    uint64_t end;

    ret->kind = HEAD_ELF;
    if (!elf_shape(bytes, length, wide, &shape))
        return;
    uint64_t size = (uint64_t)shape.header_size * shape.header_count;
    if (size > PROGRAM_HEADERS_LIMIT || __builtin_add_overflow(shape.headers, size, &end))
        return;
    if (end > length) {
        ret->wanted = end;
        return;
    }
    for (unsigned i = 0; i < shape.header_count; i++) {
        struct elf_segment segment =
            elf_segment(bytes + shape.headers + (size_t)i * shape.header_size, wide);
        if (segment.type == PT_INTERP) {
            take_interpreter(bytes, length, &segment, ret);
            return;
        }
    }
}

void exec_header_parse(const void *bytes, size_t length, struct head *ret)
{
    const char *text = bytes;

    *ret = (struct head){ 0 };
    if (length >= EI_NIDENT && memcmp(text, ELFMAG, SELFMAG) == 0)
        parse_elf(bytes, length, ret);
    else if (length >= 2 && text[0] == '#' && text[1] == '!')
        parse_script(text, length < SCRIPT_LINE_LIMIT ? length : SCRIPT_LINE_LIMIT, ret);
}

void exec_header_done(struct head *head)
{
    free(head->interpreter);
    free(head->option);
    *head = (struct head){ 0 };
}
