// SPDX-License-Identifier: LGPL-2.1-or-later
#include "elf/search.h"
#include <string.h>

static void object_done(struct elf_object *object)
{
    free(object->path);
    free(object->origin);
    strings_done(&object->names);
    elf_image_done(&object->image);
}

void elf_process_done(struct elf_process *process)
{
    for (size_t i = 0; i < process->count; i++)
        object_done(&process->objects[i]);
    free(process->objects);
    elf_loader_done(&process->loader);
    *process = (struct elf_process){ 0 };
}

size_t elf_process_add(struct elf_process *process, const char *name, char *path,
                       const struct stat *stat, struct elf_image *image, size_t loaded_by)
{
    mem_reserve(&process->objects, &process->capacity, process->count + 1,
                sizeof(*process->objects));
    struct elf_object *object = &process->objects[process->count];

    *object = (struct elf_object){ .path = path, .loaded_by = loaded_by };
    strings_add(&object->names, name);
    if (path)
        object->origin = path_parent(path);
    if (image) {
        object->image = *image;
        *image = (struct elf_image){ 0 };
    }
    if (stat) {
        object->device = stat->st_dev;
        object->inode = stat->st_ino;
    }
    return process->count++;
}

/* musl: names that its loader, which is its libc, stands for itself (ldso/dynlink.c). */
static bool process_musl_reserved(const char *name)
{
    static const char *const reserved[] = { "libc.",  "libpthread.", "librt.",  "libm.",
                                            "libdl.", "libutil.",    "libxnet." };

    for (size_t i = 0; i < ELEMENTS_OF(reserved); i++)
        if (str_starts_with(name, reserved[i]))
            return true;
    return false;
}

/* glibc compares with the names asked for, the path, and the DT_SONAME of each object in load
 * order (_dl_map_object); musl with names that a search found. */
size_t elf_process_find_name(const struct elf_process *process, const char *name)
{
    bool is_musl = process->loader.libc == ELF_LIBC_MUSL;

    if (is_musl && strchr(name, '/'))
        return ELF_NO_OBJECT;
    if (is_musl && process_musl_reserved(name))
        return 1;
    for (size_t i = 0; i < process->count; i++) {
        const struct elf_object *object = &process->objects[i];
        if (strings_has(&object->names, name))
            return i;
        if (is_musl)
            continue;
        if (object->path && strcmp(object->path, name) == 0)
            return i;
        if (object->image.soname && strcmp(object->image.soname, name) == 0)
            return i;
    }
    return ELF_NO_OBJECT;
}

size_t elf_process_find_file(const struct elf_process *process, const struct stat *stat)
{
    for (size_t i = 0; i < process->count; i++) {
        const struct elf_object *object = &process->objects[i];
        if (object->path && object->inode == stat->st_ino && object->device == stat->st_dev)
            return i;
    }
    return ELF_NO_OBJECT;
}
