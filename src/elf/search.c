// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The search order of ld.so(8) and of musl. What stands in LD_LIBRARY_PATH is no part of it. A
 * library of another class or machine is passed over by glibc; a damaged one ends its search, as
 * the process would end.
 */
#include "elf/search.h"
#include <errno.h>
#include <string.h>

#define SEARCH_NOTE_MAX   1024 /* bytes: enough to explain, however long a run path is */
#define CACHE_FLAGS_ELF   1    /* FLAG_ELF */
#define CACHE_FLAGS_LIBC6 3    /* FLAG_ELF_LIBC6 */

enum search_result { SEARCH_ABSENT, SEARCH_PASSED_OVER, SEARCH_FOUND, SEARCH_BROKEN };

/* One search. */
struct search {
    struct elf_process *process;
    const struct elf_object *requester;
    const char *name;
    struct elf_found *found;
};

static void search_note(struct search *search, const char *path, const char *what)
{
    CLEANUP(free_char) char *encoded = text_encode_string(path);

    if (search->found->note.length < SEARCH_NOTE_MAX)
        str_addf(&search->found->note, "%s%s: %s", search->found->note.length ? "; " : "", encoded,
                 what);
}

/* Tells whether a library fits the program; else notes why not. */
static enum search_result search_judge(struct search *search, const char *path,
                                       const struct elf_image *image)
{
    const struct elf_image *program = &search->process->objects[0].image;

    if (image->class == program->class && image->machine == program->machine &&
        image->data == program->data)
        return SEARCH_FOUND;
    CLEANUP(free_char)
    char *what = mem_printf("passed over, it is for %s",
                            image->arch->name[0] ? image->arch->name : "another machine");
    search_note(search, path, what);
    return search->process->loader.libc == ELF_LIBC_MUSL ? SEARCH_BROKEN : SEARCH_PASSED_OVER;
}

static enum search_result search_file(struct search *search, const char *path, const char *via)
{
    struct elf_image image = { 0 };
    const char *problem;
    struct stat stat;

    if (!*search->process->steps_left)
        return SEARCH_BROKEN;
    --*search->process->steps_left;
    CLEANUP(fd_close) int fd = elf_file_open(search->process->tree, path, &stat);
    if (fd < 0) {
        if (fd == -ENOENT || fd == -ENOTDIR)
            return SEARCH_ABSENT;
        search_note(search, path, elf_file_problem(-fd));
        return fd == -EISDIR || fd == -ELF_NOT_REGULAR ? SEARCH_BROKEN : SEARCH_ABSENT;
    }
    int result = elf_image_read(fd, &image, &problem);
    if (result < 0) {
        search_note(search, path, problem ? problem : elf_file_problem(-result));
        return SEARCH_BROKEN;
    }
    enum search_result judgement = search_judge(search, path, &image);
    if (judgement != SEARCH_FOUND) {
        elf_image_done(&image);
        return judgement;
    }
    search->found->path = elf_tree_absolute(search->process->tree, path);
    search->found->via = via;
    search->found->stat = stat;
    search->found->image = image;
    return SEARCH_FOUND;
}

static bool search_is_over(enum search_result result)
{
    return result == SEARCH_FOUND || result == SEARCH_BROKEN;
}

/* One directory: its glibc-hwcaps subdirectories first. An empty one is the working directory. */
static enum search_result search_directory(struct search *search, const char *directory,
                                           const char *via)
{
    const struct strings *hwcaps = &search->process->loader.hwcaps;

    for (size_t i = 0; i < hwcaps->count; i++) {
        CLEANUP(free_char)
        char *below = mem_printf("%s%sglibc-hwcaps/%s/%s", directory, *directory ? "/" : "",
                                 hwcaps->items[i], search->name);
        enum search_result result = search_file(search, below, via);
        if (search_is_over(result))
            return result;
    }
    CLEANUP(free_char) char *path = path_join(directory, search->name);
    return search_file(search, *directory ? path : search->name, via);
}

/* The elements of a run path of `owner`, whose $ORIGIN counts. */
static enum search_result search_run_path(struct search *search, const struct elf_object *owner,
                                          const char *run_path, const char *via)
{
    const struct elf_loader *loader = &search->process->loader;

    if (!run_path || !*run_path || !owner->origin)
        return SEARCH_ABSENT;
    for (const char *at = run_path;; at++) {
        size_t length = strcspn(at, ":");
        CLEANUP(free_char) char *element = mem_strndup(at, length);
        CLEANUP(free_char) char *directory = elf_loader_expand(loader, element, owner->origin);
        enum search_result result =
            directory ? search_directory(search, directory, via) : SEARCH_ABSENT;
        if (search_is_over(result))
            return result;
        at += length;
        if (!*at)
            return SEARCH_ABSENT;
    }
}

static const struct elf_object *search_loaded_by(const struct search *search,
                                                 const struct elf_object *object)
{
    return object->loaded_by == ELF_NO_OBJECT ? NULL : &search->process->objects[object->loaded_by];
}

/*
 * DT_RPATH of the requester, of what loaded it, and so on up to the program: unless the requester
 * has a DT_RUNPATH. (image->rpath is NULL where a DT_RUNPATH cancels it.)
 */
static enum search_result search_rpaths(struct search *search)
{
    if (search->requester->image.runpath)
        return SEARCH_ABSENT;
    for (const struct elf_object *object = search->requester; object;
         object = search_loaded_by(search, object)) {
        enum search_result result = search_run_path(search, object, object->image.rpath, "rpath");
        if (search_is_over(result))
            return result;
    }
    return SEARCH_ABSENT;
}

static enum search_result search_runpath(struct search *search)
{
    return search_run_path(search, search->requester, search->requester->image.runpath, "runpath");
}

static bool search_is_default(const struct search *search, const char *path)
{
    const struct strings *directories = &search->process->loader.directories;

    for (size_t i = 0; i < directories->count; i++)
        if (path_is_within(path, directories->items[i]))
            return true;
    return false;
}

static enum search_result search_cache(struct search *search)
{
    const struct elf_loader *loader = &search->process->loader;
    const int32_t flags = loader->arch->cache_flags;
    const char *path = elf_ldcache_find(&loader->cache, search->name, flags, &loader->hwcaps);

    /* Libraries that depend on no libc have flags of their own, where flags are not told by machine
     * (_dl_cache_check_flags in glibc's dl-cache.h). */
    if (!path && flags == CACHE_FLAGS_LIBC6)
        path = elf_ldcache_find(&loader->cache, search->name, CACHE_FLAGS_ELF, &loader->hwcaps);
    if (!path)
        return SEARCH_ABSENT;
    if (search->requester->image.no_default_directories && search_is_default(search, path))
        return SEARCH_ABSENT;
    return search_file(search, path, "cache");
}

static enum search_result search_default(struct search *search)
{
    const struct strings *directories = &search->process->loader.directories;

    if (search->requester->image.no_default_directories)
        return SEARCH_ABSENT;
    for (size_t i = 0; i < directories->count; i++) {
        enum search_result result = search_directory(search, directories->items[i], "default");
        if (search_is_over(result))
            return result;
    }
    return SEARCH_ABSENT;
}

/* musl: the run paths of the requester and of all that loaded it, DT_RUNPATH or DT_RPATH alike. */
static enum search_result search_musl_paths(struct search *search)
{
    for (const struct elf_object *object = search->requester; object;
         object = search_loaded_by(search, object)) {
        const char *runpath = object->image.runpath;
        const char *run_path = runpath ? runpath : object->image.rpath;
        CLEANUP(free_char)
        char *whole = run_path && object->origin
                          ? elf_loader_expand(&search->process->loader, run_path, object->origin)
                          : NULL;
        if (!whole)
            continue;
        enum search_result result =
            search_run_path(search, object, run_path, runpath ? "runpath" : "rpath");
        if (search_is_over(result))
            return result;
    }
    return SEARCH_ABSENT;
}

/* A name with a slash is a path; only its tokens are replaced. */
static void search_path(struct search *search)
{
    const char *origin = search->requester->origin ? search->requester->origin : "/";
    bool is_musl = search->process->loader.libc == ELF_LIBC_MUSL;
    CLEANUP(free_char)
    char *path = is_musl ? mem_strdup(search->name)
                         : elf_loader_expand(&search->process->loader, search->name, origin);

    search_file(search, path, "path");
}

void elf_search(struct elf_process *process, size_t requester, const char *name,
                struct elf_found *ret)
{
    static enum search_result (*const glibc_order[])(
        struct search *) = { search_rpaths, search_runpath, search_cache, search_default };
    static enum search_result (*const musl_order[])(struct search *) = { search_musl_paths,
                                                                         search_default };
    struct search search = { process, &process->objects[requester], name, ret };
    bool is_musl = process->loader.libc == ELF_LIBC_MUSL;

    *ret = (struct elf_found){ .via = "" };
    if (strchr(name, '/')) {
        search_path(&search);
        return;
    }
    size_t steps = is_musl ? ELEMENTS_OF(musl_order) : ELEMENTS_OF(glibc_order);
    for (size_t i = 0; i < steps; i++)
        if (search_is_over((is_musl ? musl_order : glibc_order)[i](&search)))
            return;
}

void elf_found_done(struct elf_found *found)
{
    free(found->path);
    elf_image_done(&found->image);
    str_done(&found->note);
}
