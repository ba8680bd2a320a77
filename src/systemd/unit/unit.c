// SPDX-License-Identifier: LGPL-2.1-or-later
/* Questions to a parsed unit. Values are kept as written; words are taken apart here. */
#include "systemd/unit/unit_parse.h"
#include "systemd/unit/unit_plain.h"
#include <errno.h>
#include <string.h>
#include <strings.h>

static void unit_setting_done(struct unit_setting *setting)
{
    free(setting->section);
    free(setting->key);
    free(setting->value);
}

void unit_truncate(struct unit *unit, size_t count)
{
    while (unit->count > count)
        unit_setting_done(&unit->settings[--unit->count]);
}

void unit_done(struct unit *unit)
{
    unit_truncate(unit, 0);
    free(unit->settings);
    free(unit->name);
    strings_done(&unit->files);
    strings_done(&unit->notes);
    *unit = (struct unit){ 0 };
}

const char *unit_key_name(const char *key)
{
    /* Old spellings that systemd still reads into the same setting (load-fragment-gperf). */
    static const struct {
        const char *old, *now;
    } renamed[] = {
        { "ReadWriteDirectories", "ReadWritePaths" },
        { "ReadOnlyDirectories", "ReadOnlyPaths" },
        { "InaccessibleDirectories", "InaccessiblePaths" },
    };

    for (size_t i = 0; i < ELEMENTS_OF(renamed); i++)
        if (strcmp(key, renamed[i].old) == 0)
            return renamed[i].now;
    return key;
}

static bool unit_setting_is(const struct unit_setting *setting, const char *key)
{
    return strcmp(setting->section, "Service") == 0 &&
           strcmp(unit_key_name(setting->key), unit_key_name(key)) == 0;
}

const char *unit_get(const struct unit *unit, const char *key)
{
    for (size_t i = unit->count; i-- > 0;)
        if (unit_setting_is(&unit->settings[i], key))
            return unit->settings[i].value;
    return NULL;
}

/* The last assignment that says something: systemd 252 keeps the earlier value of a boolean when
 * the later one is empty ("Failed to parse boolean value", ignored). */
static const char *unit_get_said(const struct unit *unit, const char *key)
{
    for (size_t i = unit->count; i-- > 0;)
        if (unit_setting_is(&unit->settings[i], key) && unit->settings[i].value[0])
            return unit->settings[i].value;
    return NULL;
}

int unit_boolean(const char *value)
{
    static const char *const words[][2] = { { "0", "1" },        { "no", "yes" }, { "n", "y" },
                                            { "false", "true" }, { "f", "t" },    { "off", "on" } };

    for (size_t i = 0; i < ELEMENTS_OF(words); i++)
        for (int on = 0; on < 2; on++)
            if (strcasecmp(value, words[i][on]) == 0)
                return on;
    return -EINVAL;
}

bool unit_is_on(const struct unit *unit, const char *key)
{
    const char *value = unit_get_said(unit, key);

    return value && unit_boolean(value) != 0;
}

/* ---- words ----------------------------------------------------------------------------------- */

static bool unit_is_separator(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static int unit_digit(char c, unsigned base)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c ? strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c) : NULL;

    return at && at - digits < (int)base ? (int)(at - digits) : -1;
}

/* `count` digits after `at`: their value, or -1. */
static int unit_number(const char *at, unsigned count, unsigned base)
{
    int value = 0;

    for (unsigned i = 0; i < count; i++) {
        int digit = unit_digit(at[i], base);
        if (digit < 0)
            return -1;
        value = value * (int)base + digit;
    }
    return value > 0 && value <= 255 ? value : -1;
}

/* One C escape after the backslash at `at` (systemd.service(5), table 3): its length or 0. The
 * wide \u and \U ones do not occur in program names and are not known here. */
static size_t unit_c_escape(const char *at, char *ret)
{
    static const char letters[] = "abfnrtvs\\\"'";
    static const char meant[] = "\a\b\f\n\r\t\v \\\"'";
    const char *letter = at[0] ? strchr(letters, at[0]) : NULL;

    if (letter) {
        *ret = meant[letter - letters];
        return 1;
    }
    bool hexadecimal = at[0] == 'x';
    int value = hexadecimal ? unit_number(at + 1, 2, 16) : unit_number(at, 3, 8);
    *ret = (char)value;
    return value < 0 ? 0 : 3;
}

/* What follows a backslash: the length used, 0 when systemd would refuse it. */
static size_t unit_escape(const char *at, bool c_escapes, char *ret)
{
    *ret = at[0];
    if (c_escapes)
        return unit_c_escape(at, ret);
    return at[0] ? 1 : 0;
}

/* Takes the next word off *at, quotes and escapes removed: 1, 0 at the end, -1 when it is broken
 * (systemd ignores the rest of such a line). */
static int unit_word(const char **at, bool c_escapes, struct str *ret)
{
    char quote = 0;

    ret->length = 0;
    str_add(ret, "");
    *at += strspn(*at, " \t\n\r");
    if (!**at)
        return 0;
    for (; **at && (quote || !unit_is_separator(**at)); ++*at) {
        char c = **at;
        if (c == '\\') {
            size_t used = unit_escape(*at + 1, c_escapes, &c);
            if (!used)
                return -1;
            *at += used;
            str_add_char(ret, c);
        } else if (quote ? c == quote : c == '"' || c == '\'') {
            quote = quote ? 0 : c;
        } else {
            str_add_char(ret, c);
        }
    }
    return quote ? -1 : 1;
}

bool unit_words(const char *text, bool c_escapes, struct strings *ret)
{
    struct str word = { 0 };
    int result;

    while ((result = unit_word(&text, c_escapes, &word)) > 0)
        strings_add(ret, word.data);
    str_done(&word);
    return result == 0;
}

/* ---- lists ----------------------------------------------------------------------------------- */

/* The number of the first setting after the last empty assignment of `key`. */
static size_t unit_list_start(const struct unit *unit, const char *key)
{
    for (size_t i = unit->count; i-- > 0;)
        if (unit_setting_is(&unit->settings[i], key) && !unit->settings[i].value[0])
            return i + 1;
    return 0;
}

void unit_list(const struct unit *unit, const char *key, struct strings *ret)
{
    struct str word = { 0 };

    for (size_t i = unit_list_start(unit, key); i < unit->count; i++) {
        const char *at = unit->settings[i].value;
        if (!unit_setting_is(&unit->settings[i], key))
            continue;
        while (unit_word(&at, false, &word) > 0)
            strings_add(ret, word.data);
    }
    str_done(&word);
}

void unit_values(const struct unit *unit, const char *key, struct strings *ret)
{
    for (size_t i = unit_list_start(unit, key); i < unit->count; i++)
        if (unit_setting_is(&unit->settings[i], key))
            strings_add(ret, unit->settings[i].value);
}

/* Whether a lone ";" stands at `at`: another command follows it. */
static bool unit_at_next_command(const char *at)
{
    return at[0] == ';' && (!at[1] || unit_is_separator(at[1]));
}

/* Which word of a command comes next. */
enum exec_word { EXEC_PROGRAM, EXEC_NAME, EXEC_GATE_OPTION, EXEC_GATE_VALUE, EXEC_ARGUMENT };

/* A word before the command that a gate stands before (cinch-gate(8), getopt_long(3)). */
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

/* Programs that are executed, and the gates before them. */
struct exec_programs {
    struct strings *programs;
    size_t count; /* of commands, but those that only send a signal */
    bool has_gate;
    enum exec_word after_name; /* what follows the word after "@" */
    const char *asked;         /* the program whose words are looked at; NULL: none */
    bool is_asked;             /* they follow */
    struct plain_words plain;
    bool is_run, is_odd;
    struct strings *words; /* of the command numbered `wanted`; NULL: none */
    size_t wanted, number;
};

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
