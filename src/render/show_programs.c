// SPDX-License-Identifier: LGPL-2.1-or-later
/* The executed programs and what their files say. */
#include "render/page.h"
#include <string.h>

#define PROGRAMS_SHOWN  24
#define LIBRARIES_SHOWN 12

/* "x86_64 ELF, dynamic, loaded by /lib64/ld-linux-x86-64.so.2" */
static void add_format(struct str *line, const struct program_fact *program)
{
    CLEANUP(free_char) char *interpreter = page_name(program->interpreter);
    CLEANUP(free_char) char *option = page_name(program->script_option);
    CLEANUP(free_char) char *arch = page_name(program->arch);

    if (strcmp(program->format, "script") == 0)
        str_addf(line, "script run by %s%s%s", interpreter, *program->script_option ? " " : "",
                 *program->script_option ? option : "");
    else if (strcmp(program->format, "elf") != 0)
        str_add(line, "neither ELF nor a script");
    else if (program->is_static)
        str_addf(line, "%s ELF, static", arch);
    else
        str_addf(line, "%s ELF, dynamic%s%s", arch, *program->interpreter ? ", loaded by " : "",
                 *program->interpreter ? interpreter : "");
}

/* What a reviewer looks for. */
static void add_powers(struct str *line, const struct program_fact *program)
{
    if (program->mode & 04000)
        str_addf(line, ", set-user-ID of user %u", program->uid);
    if (program->mode & 02000)
        str_addf(line, ", set-group-ID of group %u", program->gid);
    if (program->file_caps)
        str_add(line, ", has file capabilities");
    if (program->exec_stack)
        str_add(line, ", asks for an executable stack");
    if (program->text_rel)
        str_add(line, ", has text relocations");
    if (program->mode & 022)
        str_addf(line, ", writable by its group or by other users (mode %04o)", program->mode);
}

static void add_outcome(struct str *line, int outcome)
{
    if (outcome > 0 && errno_name(outcome))
        str_addf(line, "; execution failed with %s", errno_name(outcome));
    else if (outcome > 0)
        str_addf(line, "; execution failed with errno %d", outcome);
}

static const char *package_of(const struct profile *profile, const char *path)
{
    CLEANUP(free_char) char *name = mem_printf("package %s", path);

    return profile_setting(profile, name);
}

static void show_program(struct page *page, const struct fact *fact)
{
    const struct program_fact *program = &fact->program;
    const char *package = package_of(page->profile, program->path);
    CLEANUP(free_char) char *shown = page_path(program->path);
    CLEANUP(free_char) char *package_name = page_name(package ? package : "");
    CLEANUP(free_char) char *run_path = page_name(program->run_path);
    CLEANUP(strings_done) struct strings needed = { 0 };
    struct str line = { 0 };

    page_text(page, 2, shown);
    add_format(&line, program);
    add_powers(&line, program);
    if (package)
        str_addf(&line, "; from package %s", package_name);
    add_outcome(&line, fact->outcome);
    page_text(page, 4, line.data);
    str_done(&line);
    for (size_t i = 0; i < program->needed.count; i++) {
        CLEANUP(free_char) char *library = page_name(program->needed.items[i]);
        strings_add(&needed, library);
    }
    page_list(page, 4, "needs", &needed, LIBRARIES_SHOWN);
    if (*program->run_path)
        page_line(page, 4, "run path", run_path);
}

void show_programs(struct page *page)
{
    size_t count;
    const struct fact *const *facts = profile_facts(page->profile, FACT_PROGRAM, &count);
    size_t shown = page->options.all || count <= PROGRAMS_SHOWN ? count : PROGRAMS_SHOWN;

    page_title_count(page, "Programs", count);
    if (!count)
        page_text(page, 2, "no program execution was recorded");
    for (size_t i = 0; i < shown; i++)
        show_program(page, facts[i]);
    CLEANUP(free_char) char *rest = mem_printf("and %zu more programs", count - shown);
    if (shown < count)
        page_text(page, 2, rest);
}
