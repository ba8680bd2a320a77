// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Everything is read through the program headers, as the kernel and ld.so do: section headers may
 * be stripped, and may lie.
 */
#include "elf/image.h"
#include "elf/file.h"
#include <cinch/base/limits.h>
#include <errno.h>
#include <gelf.h>
#include <libelf.h>
#include <limits.h>
#include <string.h>

#define IMAGE_SEGMENTS_MAX 1170        /* what the kernel takes: 64 KiB of them (binfmt_elf.c) */
#define IMAGE_DYNAMIC_MAX  (1u << 20)  /* bytes of dynamic section */
#define IMAGE_NEEDED_MAX   4096        /* libraries one file may ask for */
#define IMAGE_STRING_MAX   (64u << 10) /* bytes of one name or run path */

/* The file while it is read. */
struct image_reader {
    int fd;
    Elf *elf;
    GElf_Ehdr header;
    GElf_Phdr segments[IMAGE_SEGMENTS_MAX];
    size_t segment_count;
    uint64_t strings_offset; /* of the dynamic string table in the file */
    uint64_t strings_size;
    const char *problem;
};

/* What the dynamic section says before its strings are read. */
struct image_dynamic {
    bool present;
    bool has_rpath, has_runpath, has_soname, has_strings;
    bool is_pie, no_default_directories, text_rel;
    uint64_t rpath, runpath, soname; /* offsets into the string table */
    uint64_t strings_address;
    uint64_t strings_size;
    size_t needed_count;
    uint64_t needed[IMAGE_NEEDED_MAX];
};

static int image_problem(struct image_reader *reader, const char *problem)
{
    reader->problem = problem;
    return -ENOEXEC;
}

bool elf_image_is_elf(const void *start, size_t length)
{
    return length >= SELFMAG && memcmp(start, ELFMAG, SELFMAG) == 0;
}

static int image_read_header(struct image_reader *reader)
{
    if (!gelf_getehdr(reader->elf, &reader->header))
        return image_problem(reader, "damaged ELF header");
    switch (reader->header.e_type) {
    case ET_EXEC:
    case ET_DYN:
        return 0;
    case ET_REL:
        return image_problem(reader, "a relocatable object file");
    case ET_CORE:
        return image_problem(reader, "a core dump");
    default:
        return image_problem(reader, "an ELF file of an unknown type");
    }
}

static int image_read_segments(struct image_reader *reader)
{
    if (elf_getphdrnum(reader->elf, &reader->segment_count) < 0 || !reader->segment_count)
        return image_problem(reader, "an ELF file without program headers");
    if (reader->segment_count > IMAGE_SEGMENTS_MAX)
        return image_problem(reader, "an ELF file with too many program headers");
    for (size_t i = 0; i < reader->segment_count; i++)
        if (!gelf_getphdr(reader->elf, (int)i, &reader->segments[i]))
            return image_problem(reader, "an ELF file with damaged program headers");
    return 0;
}

static const GElf_Phdr *image_segment(const struct image_reader *reader, uint32_t type)
{
    for (size_t i = 0; i < reader->segment_count; i++)
        if (reader->segments[i].p_type == type)
            return &reader->segments[i];
    return NULL;
}

/* Where a virtual address lies in the file, and how many bytes of its segment follow it there. */
static bool image_locate(const struct image_reader *reader, uint64_t address, uint64_t *ret_offset,
                         uint64_t *ret_available)
{
    for (size_t i = 0; i < reader->segment_count; i++) {
        const GElf_Phdr *segment = &reader->segments[i];
        if (segment->p_type != PT_LOAD || address < segment->p_vaddr ||
            address - segment->p_vaddr >= segment->p_filesz)
            continue;
        uint64_t inside = address - segment->p_vaddr;
        if (segment->p_offset > INT64_MAX - inside)
            return false;
        *ret_offset = segment->p_offset + inside;
        *ret_available = segment->p_filesz - inside;
        return true;
    }
    return false;
}

/* PT_INTERP as the kernel takes it: 2 bytes to PATH_MAX, the last one NUL (binfmt_elf.c). */
static int image_read_interpreter(struct image_reader *reader, struct elf_image *image)
{
    const GElf_Phdr *segment = image_segment(reader, PT_INTERP);
    char name[PATH_MAX];

    if (!segment)
        return 0;
    if (segment->p_filesz < 2 || segment->p_filesz > sizeof(name))
        return image_problem(reader, "an ELF file with a damaged PT_INTERP");
    ssize_t got = elf_file_read(reader->fd, segment->p_offset, name, segment->p_filesz);
    if (got != (ssize_t)segment->p_filesz || name[got - 1] != '\0')
        return image_problem(reader, "an ELF file with a damaged PT_INTERP");
    image->interpreter = mem_strdup(name);
    return 0;
}

static void image_note_entry(struct image_dynamic *dynamic, const GElf_Dyn *entry)
{
    uint64_t value = entry->d_un.d_val;

    switch (entry->d_tag) {
    case DT_NEEDED:
        if (dynamic->needed_count < IMAGE_NEEDED_MAX)
            dynamic->needed[dynamic->needed_count] = value;
        dynamic->needed_count++;
        break;
    case DT_STRTAB:
        dynamic->has_strings = true;
        dynamic->strings_address = value;
        break;
    case DT_STRSZ:
        dynamic->strings_size = value;
        break;
    case DT_SONAME:
        dynamic->has_soname = true;
        dynamic->soname = value;
        break;
    case DT_RPATH:
        dynamic->has_rpath = true;
        dynamic->rpath = value;
        break;
    case DT_RUNPATH:
        dynamic->has_runpath = true;
        dynamic->runpath = value;
        break;
    case DT_TEXTREL:
        dynamic->text_rel = true;
        break;
    case DT_FLAGS:
        dynamic->text_rel |= (value & DF_TEXTREL) != 0;
        break;
    case DT_FLAGS_1:
        dynamic->is_pie = (value & DF_1_PIE) != 0;
        dynamic->no_default_directories = (value & DF_1_NODEFLIB) != 0;
        break;
    }
}

/* Collects the entries; a later one of the same tag wins, as in ld.so. */
static int image_scan_dynamic(struct image_reader *reader, struct image_dynamic *dynamic)
{
    const GElf_Phdr *segment = image_segment(reader, PT_DYNAMIC);
    GElf_Dyn entry;

    if (!segment || !segment->p_filesz)
        return 0;
    if (segment->p_filesz > IMAGE_DYNAMIC_MAX || segment->p_offset > INT64_MAX)
        return image_problem(reader, "an ELF file with a damaged dynamic section");
    Elf_Data *data =
        elf_getdata_rawchunk(reader->elf, (int64_t)segment->p_offset, segment->p_filesz, ELF_T_DYN);
    if (!data)
        return image_problem(reader, "an ELF file with a damaged dynamic section");
    dynamic->present = true;
    for (int i = 0; gelf_getdyn(data, i, &entry) && entry.d_tag != DT_NULL; i++)
        image_note_entry(dynamic, &entry);
    if (dynamic->needed_count > IMAGE_NEEDED_MAX)
        return image_problem(reader, "an ELF file that needs too many libraries");
    return 0;
}

/* Reads one string of the dynamic string table; NULL when it is not whole. */
static char *image_string(const struct image_reader *reader, uint64_t offset)
{
    CLEANUP(str_done) struct str text = { 0 };
    char chunk[512];

    while (offset < reader->strings_size && text.length < IMAGE_STRING_MAX) {
        uint64_t left = reader->strings_size - offset;
        ssize_t got = elf_file_read(reader->fd, reader->strings_offset + offset, chunk,
                                    left < sizeof(chunk) ? (size_t)left : sizeof(chunk));
        if (got <= 0)
            return NULL;
        size_t length = strnlen(chunk, (size_t)got);
        str_add_bytes(&text, chunk, length);
        if (length < (size_t)got)
            return str_steal(&text);
        offset += (uint64_t)got;
    }
    return NULL;
}

static bool image_take(const struct image_reader *reader, bool present, uint64_t offset, char **ret)
{
    if (!present)
        return true;
    *ret = image_string(reader, offset);
    return *ret != NULL;
}

static int image_read_strings(struct image_reader *reader, const struct image_dynamic *dynamic,
                              struct elf_image *image)
{
    uint64_t available;

    bool located = dynamic->has_strings && image_locate(reader, dynamic->strings_address,
                                                        &reader->strings_offset, &available);

    if (located) {
        reader->strings_size =
            dynamic->strings_size < available ? dynamic->strings_size : available;
        image->strings_offset = reader->strings_offset;
        image->strings_size = reader->strings_size;
    }
    if (!dynamic->needed_count && !dynamic->has_soname && !dynamic->has_rpath &&
        !dynamic->has_runpath)
        return 0;
    if (!located)
        return image_problem(reader, "an ELF file without its dynamic string table");
    bool whole = image_take(reader, dynamic->has_soname, dynamic->soname, &image->soname) &&
                 image_take(reader, dynamic->has_runpath, dynamic->runpath, &image->runpath) &&
                 image_take(reader, dynamic->has_rpath && !dynamic->has_runpath, dynamic->rpath,
                            &image->rpath);
    size_t bytes = 0;

    for (size_t i = 0; whole && i < dynamic->needed_count; i++) {
        CLEANUP(free_char) char *name = image_string(reader, dynamic->needed[i]);
        whole = name && name[0];
        bytes += whole ? strlen(name) : 0;
        if (bytes > LIMIT_NEEDED_BYTES)
            return image_problem(reader, "an ELF file that needs too many libraries");
        if (whole)
            strings_add(&image->needed, name);
    }
    return whole ? 0 : image_problem(reader, "an ELF file with a damaged dynamic string table");
}

/*
 * Without PT_INTERP nobody loads what DT_NEEDED names, so such a file is a shared object. Without
 * either it is static, unless nothing starts it: an ET_DYN with neither an entry point nor
 * DF_1_PIE. (ld.so itself has an entry point, a soname and no DF_1_PIE, and does run.)
 */
static enum elf_kind image_kind(const struct image_reader *reader,
                                const struct image_dynamic *dynamic, const struct elf_image *image)
{
    if (image->interpreter)
        return ELF_KIND_DYNAMIC;
    if (image->needed.count)
        return ELF_KIND_SHARED;
    if (reader->header.e_type == ET_DYN && !dynamic->is_pie && !reader->header.e_entry)
        return ELF_KIND_SHARED;
    return ELF_KIND_STATIC;
}

static void image_describe(const struct image_reader *reader, struct elf_image *image)
{
    const GElf_Phdr *stack = image_segment(reader, PT_GNU_STACK);

    image->machine = reader->header.e_machine;
    image->class = reader->header.e_ident[EI_CLASS];
    image->data = reader->header.e_ident[EI_DATA];
    image->arch = elf_arch_find(image->machine, image->class, image->data, reader->header.e_flags);
    image->exec_stack = stack ? (stack->p_flags & PF_X) != 0 : image->arch->stack_executable;
}

static int image_read_all(struct image_reader *reader, struct elf_image *image)
{
    struct image_dynamic *dynamic = mem_new(1, sizeof(*dynamic));
    int result = image_read_header(reader);

    if (result == 0)
        result = image_read_segments(reader);
    if (result == 0)
        result = image_read_interpreter(reader, image);
    if (result == 0)
        result = image_scan_dynamic(reader, dynamic);
    if (result == 0)
        result = image_read_strings(reader, dynamic, image);
    if (result == 0) {
        image_describe(reader, image);
        image->text_rel = dynamic->text_rel;
        image->no_default_directories = dynamic->no_default_directories;
        image->kind = image_kind(reader, dynamic, image);
    }
    free(dynamic);
    return result;
}

int elf_image_read(int fd, struct elf_image *ret, const char **ret_problem)
{
    char start[SELFMAG];
    struct elf_image image = { 0 };
    ssize_t got = elf_file_read(fd, 0, start, sizeof(start));

    if (got < 0)
        return (int)got;
    *ret_problem = got ? "neither an ELF file nor a script" : "an empty file";
    if (!elf_image_is_elf(start, (size_t)got))
        return -ENOEXEC;
    struct image_reader *reader = mem_new(1, sizeof(*reader));
    reader->fd = fd;
    elf_version(EV_CURRENT);
    reader->elf = elf_begin(fd, ELF_C_READ, NULL);
    int result =
        reader->elf ? image_read_all(reader, &image) : image_problem(reader, "a damaged ELF file");
    elf_end(reader->elf);
    if (result == 0)
        *ret = image;
    else
        elf_image_done(&image);
    *ret_problem = reader->problem;
    free(reader);
    return result;
}

void elf_image_done(struct elf_image *image)
{
    free(image->interpreter);
    free(image->soname);
    free(image->rpath);
    free(image->runpath);
    strings_done(&image->needed);
    *image = (struct elf_image){ 0 };
}
