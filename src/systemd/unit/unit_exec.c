// SPDX-License-Identifier: LGPL-2.1-or-later
/* The commands of a unit: Exec*=, split as systemd splits it. */
#include "systemd/unit/unit_parse.h"
#include "systemd/unit/unit_plain.h"
#include "systemd/unit/unit_words.h"
#include <errno.h>
#include <string.h>
#include <strings.h>

/* Which word of a command comes next. */
enum exec_word { EXEC_PROGRAM, EXEC_NAME, EXEC_GATE_OPTION, EXEC_GATE_VALUE, EXEC_ARGUMENT };

/* Programs that are executed, and the gates before them. */
struct exec_programs {
    struct strings *programs;
    size_t count; /* of commands, but those that only send a signal */
    bool has_gate;
    enum exec_word after_name; /* what follows the word after "@" */
    const char *asked;         /* the program of the current words; NULL: none */
    bool is_asked;             /* they follow */
    struct plain_words plain;
    bool is_run, is_odd;
    struct strings *words; /* of the command numbered `wanted`; NULL: none */
    size_t wanted, number;
};

/* Whether there is a lone ";" at `at`, which starts another command. */
static bool unit_at_next_command(const char *at)
{
    return at[0] == ';' && (!at[1] || unit_is_separator(at[1]));
}

/* A word of cinch-gate before the command it starts (cinch-gate(8), getopt_long(3)). */
static enum exec_word gate_option(const char *word)
{
    static const char *const alone[] = { "--drop-sys-admin", "--help", "--version" };

    if (strcmp(word, "--") == 0)
        return EXEC_PROGRAM;
    if (strchr(word, '='))
        return EXEC_GATE_OPTION;
    for (size_t i = 0; i < ELEMENTS_OF(alone); i++)
        if (str_starts_with(alone[i], word))
            return EXEC_GATE_OPTION;
    return EXEC_GATE_VALUE;
}

bool unit_program_signals(const char *program)
{
    const char *name = path_name(program);

    return strcmp(name, "kill") == 0 || strcmp(name, "pkill") == 0 || strcmp(name, "killall") == 0;
}

static enum exec_word exec_take(struct exec_programs *exec, enum exec_word word, const char *text)
{
    const char *program = text + strspn(text, "-@:+!|");

    if (word == EXEC_NAME)
        return exec->after_name;
    if (word == EXEC_GATE_VALUE)
        return EXEC_GATE_OPTION;
    if (word == EXEC_GATE_OPTION && text[0] == '-')
        return gate_option(text);
    if (word == EXEC_ARGUMENT) {
        if (exec->words && exec->number == exec->wanted + 1)
            strings_add(exec->words, text);
        exec->is_odd |= exec->is_asked && !plain_take(&exec->plain, text);
        return word;
    }
    exec->is_asked = exec->asked && strcmp(exec->asked, program) == 0;
    exec->is_run |= exec->is_asked;
    if (exec->is_asked)
        plain_begin(&exec->plain, program, !memchr(text, ':', (size_t)(program - text)));
    exec->is_odd |= exec->is_asked && !exec->plain.row;
    /* "@": the next word is the program's name for itself. */
    bool is_named = memchr(text, '@', (size_t)(program - text));
    if (strcmp(path_name(program), UNIT_GATE) == 0) {
        exec->has_gate = true;
        exec->after_name = EXEC_GATE_OPTION;
        return is_named ? EXEC_NAME : EXEC_GATE_OPTION;
    }
    exec->after_name = EXEC_ARGUMENT;
    if (exec->words && exec->number++ == exec->wanted)
        strings_add(exec->words, program);
    exec->count += !unit_program_signals(program);
    if (exec->programs && program[0] == '/' && !strchr(program, '%'))
        strings_add(exec->programs, program);
    return is_named ? EXEC_NAME : EXEC_ARGUMENT;
}

/* The next word of a command, as unit_word() does. A lone "\;" is a word ";" (systemd.service(5)).
 */
static int exec_next_word(const char **at, struct str *ret)
{
    if ((*at)[0] != '\\' || !unit_at_next_command(*at + 1))
        return unit_word(at, true, ret);
    *at += strlen("\\;");
    ret->length = 0;
    str_add(ret, ";");
    return 1;
}

/* One Exec line. */
static void exec_read(struct exec_programs *exec, const char *line)
{
    struct str text = { 0 };
    enum exec_word word = EXEC_PROGRAM;

    for (;;) {
        line += strspn(line, " \t\n\r");
        if (unit_at_next_command(line)) {
            line++;
            word = EXEC_PROGRAM;
            continue;
        }
        if (exec_next_word(&line, &text) <= 0)
            break;
        word = exec_take(exec, word, text.data);
    }
    str_done(&text);
}

static void exec_read_key(struct exec_programs *exec, const struct unit *unit, const char *key)
{
    for (size_t i = unit_list_start(unit, key); i < unit->count; i++)
        if (unit_setting_is(&unit->settings[i], key))
            exec_read(exec, unit->settings[i].value);
}

bool unit_start_command(const struct unit *unit, size_t number, struct strings *ret)
{
    struct exec_programs exec = { .words = ret, .wanted = number };

    exec_read_key(&exec, unit, "ExecStart");
    return exec.number > number;
}

static void exec_read_all(struct exec_programs *exec, const struct unit *unit)
{
    static const char *const keys[] = { "ExecCondition", "ExecStartPre", "ExecStart",
                                        "ExecStartPost", "ExecReload",   "ExecReloadPost",
                                        "ExecStop",      "ExecStopPost" };

    for (size_t k = 0; k < ELEMENTS_OF(keys); k++)
        exec_read_key(exec, unit, keys[k]);
}

void unit_programs(const struct unit *unit, struct strings *ret)
{
    exec_read_all(&(struct exec_programs){ .programs = ret }, unit);
    strings_sort_unique(ret);
}

size_t unit_command_count(const struct unit *unit)
{
    struct exec_programs exec = { 0 };

    exec_read_all(&exec, unit);
    return exec.count;
}

bool unit_runs_plainly(const struct unit *unit, const char *program, struct strings *ret_paths,
                       struct strings *ret_files)
{
    struct exec_programs exec = {
        .asked = program,
        .plain = { .unit = unit, .paths = ret_paths, .files = ret_files },
    };

    exec_read_all(&exec, unit);
    return exec.is_run && !exec.is_odd;
}

bool unit_has_gate(const struct unit *unit)
{
    struct exec_programs exec = { 0 };

    exec_read_all(&exec, unit);
    return exec.has_gate;
}
