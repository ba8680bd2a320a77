// SPDX-License-Identifier: LGPL-2.1-or-later
#include "elf/script.h"
#include <string.h>

static bool script_is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static size_t script_skip_blanks(const char *line, size_t at, size_t end)
{
    while (at < end && script_is_blank(line[at]))
        at++;
    return at;
}

static size_t script_skip_word(const char *line, size_t at, size_t end)
{
    while (at < end && line[at] && !script_is_blank(line[at]))
        at++;
    return at;
}

/*
 * Where the line ends, or 0 when the interpreter's name may be cut off: the kernel zero-fills its
 * 256 bytes and wants a newline, or else a blank or NUL behind the name (fs/binfmt_script.c; a
 * NUL in front of the newline hides it).
 */
static size_t script_line_end(const char *line)
{
    size_t length = strnlen(line, ELF_SCRIPT_LINE);
    const char *newline = memchr(line, '\n', length);

    if (newline)
        return (size_t)(newline - line);
    size_t last = ELF_SCRIPT_LINE - 1;
    size_t name = script_skip_blanks(line, 2, ELF_SCRIPT_LINE);
    if (script_skip_word(line, name, ELF_SCRIPT_LINE) >= ELF_SCRIPT_LINE)
        return 0;
    return length < last ? length : last;
}

bool elf_script_parse(const void *start, size_t length, struct elf_script *ret,
                      const char **ret_problem)
{
    char line[ELF_SCRIPT_LINE] = { 0 };

    *ret_problem = NULL;
    memcpy(line, start, length < sizeof(line) ? length : sizeof(line));
    if (length < 2 || line[0] != '#' || line[1] != '!')
        return false;
    size_t end = script_line_end(line);
    *ret_problem = "a script with a #! line longer than the 256 bytes that the kernel reads";
    if (!end)
        return false;
    while (script_is_blank(line[end - 1]))
        end--;
    size_t name = script_skip_blanks(line, 2, end);
    size_t name_end = script_skip_word(line, name, end);
    *ret_problem = "a script with a #! line that names no interpreter";
    if (name_end == name)
        return false;
    size_t option = script_skip_blanks(line, name_end, end);
    size_t option_end = option + strnlen(line + option, end - option);
    ret->interpreter = mem_strndup(line + name, name_end - name);
    ret->option = option_end > option ? mem_strndup(line + option, option_end - option) : NULL;
    *ret_problem = NULL;
    return true;
}

void elf_script_done(struct elf_script *script)
{
    free(script->interpreter);
    free(script->option);
    *script = (struct elf_script){ 0 };
}

/* Options of env(1) that take the next word. */
static bool script_env_takes_word(const char *word)
{
    static const char *const options[] = { "-u", "--unset", "-C", "--chdir", "-a", "--argv0" };

    for (size_t i = 0; i < ELEMENTS_OF(options); i++)
        if (strcmp(word, options[i]) == 0)
            return true;
    return false;
}

/* What follows -S, --split-string= or -vS; NULL when env does not split. */
static const char *script_env_split(const char *option)
{
    static const char *const prefixes[] = { "--split-string=", "-S", "-vS", "-iS" };

    for (size_t i = 0; i < ELEMENTS_OF(prefixes); i++)
        if (str_starts_with(option, prefixes[i]))
            return option + strlen(prefixes[i]);
    return NULL;
}

char *elf_script_env_program(const char *option)
{
    if (!option)
        return NULL;
    const char *text = script_env_split(option);
    if (!text)
        return option[0] == '-' || strchr(option, '=') ? NULL : mem_strdup(option);
    bool options_ended = false;
    while (*(text += strspn(text, " \t"))) {
        size_t length = strcspn(text, " \t");
        CLEANUP(free_char) char *word = mem_strndup(text, length);
        text += length;
        if (!options_ended && word[0] == '-') {
            options_ended = strcmp(word, "--") == 0;
            if (script_env_takes_word(word)) {
                text += strspn(text, " \t");
                text += strcspn(text, " \t");
            }
        } else if (!strchr(word, '=')) {
            /* Quotes, escapes and variables of -S are more than a name can hold. */
            return strpbrk(word, "\"'\\$#") ? NULL : mem_strndup(word, length);
        }
    }
    return NULL;
}
