// SPDX-License-Identifier: LGPL-2.1-or-later
#include "elf/program.h"
#include <errno.h>
#include <string.h>
#include <sys/xattr.h>

int elf_program_open(const struct elf_tree *tree, const char *path, struct elf_program *ret)
{
    struct elf_program program = { .format = ELF_FORMAT_OTHER };
    char start[ELF_SCRIPT_LINE];
    int result = 0;

    program.fd = elf_file_open(tree, path, &program.stat);
    if (program.fd < 0)
        return program.fd;
    ssize_t length = elf_file_read(program.fd, 0, start, sizeof(start));
    if (length < 0)
        result = (int)length;
    else if (elf_script_parse(start, (size_t)length, &program.script, &program.problem))
        program.format = ELF_FORMAT_SCRIPT;
    else if (!program.problem)
        result = elf_image_read(program.fd, &program.image, &program.problem);
    if (result == 0 && program.format != ELF_FORMAT_SCRIPT && !program.problem)
        program.format = ELF_FORMAT_ELF;
    if (result < 0 && result != -ENOEXEC) {
        elf_program_done(&program);
        return result;
    }
    *ret = program;
    return 0;
}

void elf_program_done(struct elf_program *program)
{
    fd_close(&program->fd);
    elf_image_done(&program->image);
    elf_script_done(&program->script);
}

static char *program_text(const char *text)
{
    return mem_strdup(text ? text : "");
}

static void program_describe_elf(const struct elf_image *image, struct program_fact *ret)
{
    ret->format = mem_strdup("elf");
    ret->arch = mem_strdup(image->arch->name);
    ret->interpreter = program_text(image->interpreter);
    ret->script_option = mem_strdup("");
    ret->is_static = image->kind == ELF_KIND_STATIC;
    ret->exec_stack = image->exec_stack;
    ret->text_rel = image->text_rel;
    ret->run_path = program_text(image->runpath ? image->runpath : image->rpath);
    for (size_t i = 0; i < image->needed.count; i++)
        strings_add(&ret->needed, image->needed.items[i]);
}

static void program_describe_other(const struct elf_program *program, struct program_fact *ret)
{
    ret->format = mem_strdup(program->format == ELF_FORMAT_SCRIPT ? "script" : "other");
    ret->arch = mem_strdup("");
    ret->interpreter = program_text(program->script.interpreter);
    ret->script_option = program_text(program->script.option);
    ret->run_path = mem_strdup("");
}

void elf_program_describe(const struct elf_program *program, const char *path,
                          struct program_fact *ret)
{
    *ret = (struct program_fact){
        .path = mem_strdup(path),
        .mode = program->stat.st_mode & 07777,
        .uid = program->stat.st_uid,
        .gid = program->stat.st_gid,
        .file_caps = fgetxattr(program->fd, "security.capability", NULL, 0) > 0,
    };
    if (program->format == ELF_FORMAT_ELF)
        program_describe_elf(&program->image, ret);
    else
        program_describe_other(program, ret);
}

void program_fact_done(struct program_fact *fact)
{
    free(fact->path);
    free(fact->interpreter);
    free(fact->script_option);
    free(fact->format);
    free(fact->arch);
    free(fact->run_path);
    strings_done(&fact->needed);
    *fact = (struct program_fact){ 0 };
}

int elf_inspect(const char *root, const char *path, struct program_fact *ret, struct err *err)
{
    CLEANUP(elf_tree_done) struct elf_tree tree = { .fd = -1 };
    struct elf_program program;
    CLEANUP(free_char) char *name = text_encode_string(path);

    int result = elf_tree_init(&tree, root);
    if (result == 0)
        result = elf_program_open(&tree, path, &program);
    if (result < 0)
        return err_set(err, -result, "cannot read %s: %s", name, elf_file_problem(-result));
    if (program.format == ELF_FORMAT_OTHER)
        result = err_set(err, ENOEXEC, "%s is not a program: it is %s", name, program.problem);
    else
        elf_program_describe(&program, path, ret);
    elf_program_done(&program);
    return result;
}
