// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A closure is walked the way the kernel and the loader would: #! lines first, then for the ELF
 * program they end in its PT_INTERP and, breadth first, its libraries. `#!/usr/bin/env NAME` is
 * two programs, one after the other, each with libraries of its own.
 */
#include "elf/program.h"
#include "elf/search.h"
#include <errno.h>
#include <string.h>

#define CLOSURE_STEPS_MAX    200000 /* names and files tried before hostile ones are given up */
#define CLOSURE_PROGRAMS_MAX 16     /* programs after one another through env(1) */
#define CLOSURE_OBJECTS_MAX  4096

/* A closure being made. */
struct walk {
    struct elf_tree tree;
    const char *search_path;
    struct elf_closure *closure;
    size_t steps_left;
    size_t programs;
};

const char *elf_how_name(enum elf_how how)
{
    static const char *const names[ELF_HOW_COUNT] = {
        [ELF_SELF] = "self",
        [ELF_INTERPRETER] = "interpreter",
        [ELF_SCRIPT_INTERPRETER] = "script-interpreter",
        [ELF_SCRIPT_PROGRAM] = "script-program",
        [ELF_NEEDED] = "needed",
    };

    return names[how];
}

const char *elf_verdict_name(enum elf_verdict verdict)
{
    static const char *const names[] = {
        [ELF_STATIC] = "static",
        [ELF_DYNAMIC] = "dynamic",
        [ELF_NOT_A_PROGRAM] = "not-a-program",
    };

    return names[verdict];
}

static void walk_note(struct walk *walk, const char *about, const char *what)
{
    CLEANUP(free_char) char *encoded = text_encode_string(about);
    CLEANUP(free_char) char *note = mem_printf("%s %s", encoded, what);

    if (!strings_has(&walk->closure->notes, note))
        strings_add(&walk->closure->notes, note);
}

/* Says why the file asked about is no program; `path` is the member at fault. */
static void walk_refuse(struct walk *walk, const char *path, const char *problem)
{
    struct elf_closure *closure = walk->closure;
    CLEANUP(free_char) char *encoded = text_encode_string(path);

    closure->verdict = ELF_NOT_A_PROGRAM;
    if (*closure->reason)
        return;
    free(closure->reason);
    closure->reason = strcmp(path, closure->members[0].path) == 0
                          ? mem_strdup(problem)
                          : mem_printf("its interpreter %s is %s", encoded, problem);
}

/* A program of the chain that is not static makes the whole not static. */
static void walk_not_static(struct walk *walk)
{
    if (walk->closure->verdict == ELF_STATIC)
        walk->closure->verdict = ELF_DYNAMIC;
}

/* Adds a member unless its path (or, when missing, its name) is there already. */
static void walk_add(struct walk *walk, enum elf_how how, const char *name, const char *path,
                     const char *via, const char *needed_by, const char *note)
{
    struct elf_closure *closure = walk->closure;

    for (size_t i = 0; i < closure->count; i++) {
        const struct elf_member *member = &closure->members[i];
        if (path ? member->path && strcmp(member->path, path) == 0
                 : !member->path && strcmp(member->name, name) == 0)
            return;
    }
    mem_reserve(&closure->members, &closure->capacity, closure->count + 1,
                sizeof(*closure->members));
    closure->members[closure->count++] = (struct elf_member){
        .how = how,
        .name = mem_strdup(name),
        .path = mem_strdup(path),
        .via = mem_strdup(path ? via : ""),
        .needed_by = mem_strdup(needed_by),
        .note = mem_strdup(note),
    };
    closure->missing += !path;
}

/* What to write into needed_by for a path: the file itself is "". */
static const char *walk_asker(const struct walk *walk, const char *path)
{
    return strcmp(path, walk->closure->members[0].path) == 0 ? "" : path;
}

/* What a person should know of an object that gets loaded. */
static void walk_remark(struct walk *walk, const char *path, const struct elf_image *image)
{
    if (image->exec_stack)
        walk_note(walk, path, "wants an executable stack");
    if (image->text_rel)
        walk_note(walk, path, "has text relocations: its code is written to when it is loaded");
}

/* ---- the libraries of one process ------------------------------------------------------------ */

static void walk_library(struct walk *walk, struct elf_process *process, size_t requester,
                         const char *name, const char *via)
{
    struct elf_found found;

    if (process->count >= CLOSURE_OBJECTS_MAX || !walk->steps_left)
        return;
    walk->steps_left--;
    if (elf_process_find_name(process, name) != ELF_NO_OBJECT)
        return;
    const char *asker = walk_asker(walk, process->objects[requester].path);
    elf_search(process, requester, name, &found);
    size_t same = found.path ? elf_process_find_file(process, &found.stat) : ELF_NO_OBJECT;
    if (same != ELF_NO_OBJECT) {
        strings_add(&process->objects[same].names, name);
    } else {
        walk_add(walk, ELF_NEEDED, name, found.path, via ? via : found.via, via ? "" : asker,
                 found.note.length ? found.note.data : "");
        if (found.path)
            walk_remark(walk, found.path, &found.image);
        elf_process_add(process, name, found.path, found.path ? &found.stat : NULL, &found.image,
                        requester);
        found.path = NULL;
    }
    elf_found_done(&found);
}

static void walk_libraries(struct walk *walk, struct elf_process *process)
{
    const struct strings *preload = &process->loader.preload;

    for (size_t i = 0; i < preload->count; i++)
        walk_library(walk, process, 0, preload->items[i], "preload");
    for (size_t i = 0; i < process->count; i++)
        for (size_t n = 0; process->objects[i].path && n < process->objects[i].image.needed.count;
             n++) {
            /* The array moves when it grows: the name is copied. */
            CLEANUP(free_char) char *name = mem_strdup(process->objects[i].image.needed.items[n]);
            walk_library(walk, process, i, name, NULL);
        }
    if (process->count >= CLOSURE_OBJECTS_MAX || !walk->steps_left)
        walk_note(walk, process->objects[0].path,
                  "has more libraries or run paths than are looked at: the list is not complete");
}

/* Opens PT_INTERP as object 1 and learns from it how the process looks for libraries. */
static void walk_loader(struct walk *walk, struct elf_process *process)
{
    const struct elf_image *image = &process->objects[0].image;
    CLEANUP(free_char) char *name = mem_strdup(image->interpreter);
    char *path = elf_tree_absolute(&walk->tree, name);
    struct elf_image loader = { 0 };
    struct stat stat = { 0 };
    const char *problem = NULL;

    CLEANUP(fd_close) int fd = elf_file_open(&walk->tree, path, &stat);
    int result = fd < 0 ? fd : elf_image_read(fd, &loader, &problem);
    if (result < 0 && !problem)
        problem = elf_file_problem(-result);
    if (result < 0) {
        free(path);
        path = NULL;
    } else if (loader.class != image->class || loader.machine != image->machine)
        problem = "it is for another machine: the kernel refuses the program";
    elf_loader_init(&process->loader, &walk->tree, image->arch, name, result < 0 ? -1 : fd);
    walk_add(walk, ELF_INTERPRETER, name, path, "path", walk_asker(walk, process->objects[0].path),
             problem ? problem : "");
    if (name[0] != '/')
        walk_note(walk, process->objects[0].path,
                  "names its loader by a relative path: it depends on the working directory");
    if (path && !process->loader.is_known)
        walk_note(walk, path,
                  "is a loader of an unknown make: libraries resolved as glibc usually "
                  "does");
    elf_process_add(process, name, path, path ? &stat : NULL, &loader, ELF_NO_OBJECT);
    elf_image_done(&loader);
}

static void walk_dynamic(struct walk *walk, const char *path, struct elf_program *program)
{
    CLEANUP(elf_process_done)
    struct elf_process process = { .tree = &walk->tree, .steps_left = &walk->steps_left };

    walk_not_static(walk);
    elf_process_add(&process, path, mem_strdup(path), &program->stat, &program->image,
                    ELF_NO_OBJECT);
    /* $ORIGIN of a program is told from /proc/self/exe: without any symbolic link. */
    CLEANUP(free_char) char *real = elf_file_real_path(&walk->tree, program->fd);
    if (real) {
        free(process.objects[0].origin);
        process.objects[0].origin = path_parent(real);
    }
    walk_loader(walk, &process);
    walk_libraries(walk, &process);
}

/* ---- programs and scripts -------------------------------------------------------------------- */

static void walk_program(struct walk *walk, const char *path, struct elf_program *program,
                         unsigned depth);

static void walk_elf(struct walk *walk, const char *path, struct elf_program *program)
{
    walk_remark(walk, path, &program->image);
    switch (program->image.kind) {
    case ELF_KIND_STATIC:
        break;
    case ELF_KIND_DYNAMIC:
        walk_dynamic(walk, path, program);
        break;
    case ELF_KIND_SHARED:
        walk_refuse(walk, path, "a shared object: it has no PT_INTERP");
        break;
    }
}

/* Opens the next program of a chain and walks it, unless its path is missing. */
static void walk_next(struct walk *walk, enum elf_how how, const char *name, const char *path,
                      const char *via, const char *asker, unsigned depth)
{
    struct elf_program next;
    int result = elf_program_open(&walk->tree, path, &next);

    if (result < 0) {
        walk_add(walk, how, name, NULL, "", walk_asker(walk, asker), elf_file_problem(-result));
        walk_not_static(walk);
        return;
    }
    walk_add(walk, how, name, path, via, walk_asker(walk, asker), "");
    if (!(next.stat.st_mode & 0111))
        walk_note(walk, path, "is not executable");
    walk_program(walk, path, &next, depth);
    elf_program_done(&next);
}

/* The first executable regular file of that name in the search path, as execvp(3) finds it. */
static char *walk_look_up(const struct walk *walk, const char *name)
{
    struct stat stat;

    if (strchr(name, '/'))
        return elf_tree_absolute(&walk->tree, name);
    for (const char *at = walk->search_path;; at++) {
        size_t length = strcspn(at, ":");
        CLEANUP(free_char) char *directory = mem_strndup(at, length);
        CLEANUP(free_char) char *path = path_join(*directory ? directory : ".", name);
        CLEANUP(fd_close) int fd = elf_file_open(&walk->tree, path, &stat);
        if (fd >= 0 && (stat.st_mode & 0111))
            return elf_tree_absolute(&walk->tree, path);
        at += length;
        if (!*at)
            return NULL;
    }
}

/* env(1) behind #!: the program it runs is part of what the script needs. */
static void walk_env(struct walk *walk, const char *env, const struct elf_script *script)
{
    CLEANUP(free_char) char *name = elf_script_env_program(script->option);

    if (!name) {
        walk_note(walk, env, "runs a program that the #! line does not name");
        walk_not_static(walk);
        return;
    }
    CLEANUP(free_char) char *path = walk_look_up(walk, name);
    CLEANUP(free_char) char *encoded = text_encode_string(name);
    CLEANUP(free_char) char *search_path = text_encode_string(walk->search_path);
    CLEANUP(free_char)
    char *note = mem_printf("looks up %s in PATH, here %s: a service's PATH may differ", encoded,
                            search_path);
    if (!strchr(name, '/'))
        walk_note(walk, env, note);
    if (path) {
        walk_next(walk, ELF_SCRIPT_PROGRAM, name, path, strchr(name, '/') ? "path" : "search-path",
                  env, 0);
        return;
    }
    walk_add(walk, ELF_SCRIPT_PROGRAM, name, NULL, "", env, "not found in PATH");
    walk_not_static(walk);
}

static void walk_script(struct walk *walk, const char *path, const struct elf_script *script,
                        unsigned depth)
{
    CLEANUP(free_char) char *interpreter = elf_tree_absolute(&walk->tree, script->interpreter);

    if (depth >= ELF_SCRIPT_DEPTH) {
        walk_refuse(walk, walk->closure->members[0].path,
                    "a chain of more script interpreters than the kernel follows (5)");
        return;
    }
    if (script->interpreter[0] != '/')
        walk_note(walk, path,
                  "names its interpreter by a relative path: it depends on the "
                  "working directory");
    walk_next(walk, ELF_SCRIPT_INTERPRETER, script->interpreter, interpreter, "path", path,
              depth + 1);
    if (strcmp(path_name(interpreter), "env") == 0)
        walk_env(walk, interpreter, script);
}

static void walk_program(struct walk *walk, const char *path, struct elf_program *program,
                         unsigned depth)
{
    if (++walk->programs > CLOSURE_PROGRAMS_MAX) {
        walk_refuse(walk, walk->closure->members[0].path, "a chain of scripts without an end");
        return;
    }
    switch (program->format) {
    case ELF_FORMAT_ELF:
        walk_elf(walk, path, program);
        break;
    case ELF_FORMAT_SCRIPT:
        walk_script(walk, path, &program->script, depth);
        break;
    case ELF_FORMAT_OTHER:
        walk_refuse(walk, path, program->problem);
        break;
    }
}

/* ---- the outside ----------------------------------------------------------------------------- */

int elf_closure_in(const char *root, const char *search_path, const char *path,
                   struct elf_closure *ret, struct err *err)
{
    struct elf_closure closure = { .verdict = ELF_STATIC };
    struct walk walk = {
        .search_path = search_path,
        .closure = &closure,
        .steps_left = CLOSURE_STEPS_MAX,
    };
    struct elf_program program;
    int result = elf_tree_init(&walk.tree, root);

    if (result == 0)
        result = elf_program_open(&walk.tree, path, &program);
    if (result < 0) {
        CLEANUP(free_char) char *encoded = text_encode_string(path);
        elf_tree_done(&walk.tree);
        return err_set(err, -result, "cannot read %s: %s", encoded, elf_file_problem(-result));
    }
    CLEANUP(free_char) char *absolute = elf_tree_absolute(&walk.tree, path);
    closure.reason = mem_strdup("");
    elf_program_describe(&program, path, &closure.program);
    walk_add(&walk, ELF_SELF, path, absolute, "path", "", "");
    walk_program(&walk, absolute, &program, 0);
    elf_program_done(&program);
    elf_tree_done(&walk.tree);
    *ret = closure;
    return 0;
}

int elf_closure(const char *path, struct elf_closure *ret, struct err *err)
{
    const char *search_path = getenv("PATH");

    /* Without PATH execvp(3) uses this (confstr(3) _CS_PATH). */
    return elf_closure_in("", search_path ? search_path : "/bin:/usr/bin", path, ret, err);
}

void elf_closure_done(struct elf_closure *closure)
{
    for (size_t i = 0; i < closure->count; i++) {
        struct elf_member *member = &closure->members[i];
        free(member->name);
        free(member->path);
        free(member->via);
        free(member->needed_by);
        free(member->note);
    }
    free(closure->members);
    free(closure->reason);
    program_fact_done(&closure->program);
    strings_done(&closure->notes);
    *closure = (struct elf_closure){ 0 };
}
