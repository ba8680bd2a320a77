// SPDX-License-Identifier: LGPL-2.1-or-later
/* Quoting that systemd reads back byte for byte. The rules were measured on systemd 252 and 257:
 * units were started and the values they received compared. For the versions between, the stricter
 * rule holds; an unmeasured byte is refused. A wrong line is worse than a missing one: a line that
 * is not UTF-8 makes systemd refuse the whole unit, and a newline or carriage return would start
 * another assignment. */
#include <cinch/render.h>
#include <errno.h>
#include <limits.h>
#include <string.h>

/* The newest version measured with the parser that keeps quotes and tabs in bind mounts; from 253
 * on they may be lost on the way to the process that sets up the service (measured with 257). */
#define QUOTE_LAST_PLAIN_BIND 252

enum quote_grammar {
    QUOTE_WORD,      /* names and numbers: a safe alphabet, never quoted */
    QUOTE_PATHS,     /* [-]PATH, a quoted word */
    QUOTE_BIND,      /* [-]PATH[:PATH[:OPTIONS]], quoted words */
    QUOTE_TEMPORARY, /* PATH[:OPTIONS], taken apart twice */
    QUOTE_RAW,       /* the rest of the line is one path */
    QUOTE_DEVICE,    /* a node or a class, a blank, and letters of "rwm" */
};

static enum quote_grammar quote_grammar_of(const char *directive, bool is_path)
{
    static const struct {
        const char *directive;
        enum quote_grammar grammar;
    } rows[] = {
        { "BindPaths", QUOTE_BIND },          { "BindReadOnlyPaths", QUOTE_BIND },
        { "ReadWritePaths", QUOTE_PATHS },    { "ReadOnlyPaths", QUOTE_PATHS },
        { "InaccessiblePaths", QUOTE_PATHS }, { "ExecPaths", QUOTE_PATHS },
        { "NoExecPaths", QUOTE_PATHS },       { "TemporaryFileSystem", QUOTE_TEMPORARY },
        { "RootDirectory", QUOTE_RAW },       { "WorkingDirectory", QUOTE_RAW },
        { "DeviceAllow", QUOTE_DEVICE },
    };

    for (size_t i = 0; is_path && i < ELEMENTS_OF(rows); i++)
        if (strcmp(rows[i].directive, directive) == 0)
            return rows[i].grammar;
    return QUOTE_WORD;
}

static bool quote_is_alphanumeric(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Whether every byte is a letter, a digit or one of `others`; "" is not. */
static bool quote_is_made_of(const char *text, const char *others)
{
    for (const char *c = text; *c; c++)
        if (!quote_is_alphanumeric(*c) && !strchr(others, *c))
            return false;
    return text[0];
}

/* Control and format characters: a terminal or an editor interprets them, so a reviewer reads
 * another line than systemd does. */
static bool quote_has_control(const char *text, bool tab_allowed)
{
    for (const unsigned char *c = (const unsigned char *)text; *c; c++)
        if ((*c < 0x20 && !(*c == '\t' && tab_allowed)) || *c == 0x7f)
            return true;
    return text_has_hidden(text);
}

/* systemd ignores, with a warning, a path that is not absolute or contains "." or "..". */
static bool quote_path_is_plain(const char *path)
{
    if (path[0] != '/' || strlen(path) >= PATH_MAX)
        return false;
    for (const char *at = path; *at; at += strcspn(at, "/")) {
        at += strspn(at, "/");
        size_t length = strcspn(at, "/");
        if (length > NAME_MAX || (length && length <= 2 && strspn(at, ".") >= length))
            return false;
    }
    return true;
}

/* Bytes that the grammar of that version cannot express in a path. */
static bool quote_grammar_has(enum quote_grammar grammar, const char *path, int version)
{
    const char *lost = "";

    switch (grammar) {
    case QUOTE_WORD:
    case QUOTE_PATHS:
    case QUOTE_DEVICE:
        break;
    case QUOTE_BIND:
        if (version > QUOTE_LAST_PLAIN_BIND)
            lost = "\"'\t";
        break;
    case QUOTE_TEMPORARY:
    case QUOTE_RAW:
        lost = "\"'\\:\t";
        break;
    }
    return !path[strcspn(path, lost)];
}

/* The newest version known to keep the last blanks of a line: systemd 257 serialises settings for
 * the process that sets up the service, and strips lines when it reads them back. */
#define QUOTE_LAST_KEPT_END 252

static bool quote_ends_blank(const char *text)
{
    size_t length = strlen(text);

    return length && strchr(" \t", text[length - 1]);
}

static bool quote_path_can(enum quote_grammar grammar, const char *path, int version)
{
    return quote_path_is_plain(path) && text_is_utf8(path, strlen(path)) &&
           !quote_has_control(path, true) && quote_grammar_has(grammar, path, version) &&
           /* every version strips the last blanks of a line */
           (grammar != QUOTE_RAW || !quote_ends_blank(path));
}

/* Appends `text` with a backslash before each of `escaped` and each of `doubled` written twice. */
static void quote_add_escaped(struct str *ret, const char *text, const char *escaped,
                              const char *doubled)
{
    for (const char *c = text; *c; c++) {
        if (strchr(escaped, *c))
            str_add_char(ret, '\\');
        else if (strchr(doubled, *c))
            str_add_char(ret, *c);
        str_add_char(ret, *c);
    }
}

/* Only unit files have specifiers; systemd-run escapes them itself. */
static const char *quote_specifiers(enum quote_form form)
{
    return form == QUOTE_UNIT ? "%" : "";
}

static void quote_add_path(struct str *ret, const char *path, enum quote_form form)
{
    bool bare = quote_is_made_of(path, "_./+@=,%-");

    str_add(ret, bare ? "" : "\"");
    quote_add_escaped(ret, path, "\"\\", quote_specifiers(form));
    str_add(ret, bare ? "" : "\"");
}

static int quote_word(struct str *ret, const struct value *value)
{
    if (value->is_path || value->optional || value->in_root || value->destination ||
        value->options || strlen(value->text) > NAME_MAX ||
        !quote_is_made_of(value->text, "@_~:./+-"))
        return -EINVAL;
    str_add(ret, value->text);
    return 0;
}

/* DeviceAllow=: nodes have plain names. */
static int quote_device(struct str *ret, const struct value *value)
{
    const char *rights = strrchr(value->text, ' ');
    CLEANUP(free_char)
    char *node = mem_strndup(value->text, rights ? (size_t)(rights - value->text) : 0);

    if (value->optional || value->destination || value->options || !rights || !rights[1] ||
        strspn(rights + 1, "rwm") != strlen(rights + 1) || !quote_is_made_of(node, "_./+@=,:-") ||
        (node[0] == '/' && !quote_path_is_plain(node)))
        return -EINVAL;
    str_add(ret, value->text);
    return 0;
}

/* RootDirectory=, WorkingDirectory=: the rest of the line, without quoting. */
static int quote_raw(struct str *ret, const struct value *value, enum quote_form form)
{
    if (value->optional || value->in_root || value->destination || value->options)
        return -EINVAL;
    quote_add_escaped(ret, value->text, "", quote_specifiers(form));
    return 0;
}

static bool quote_options_can(enum quote_grammar grammar, const char *options)
{
    if (!options)
        return true;
    return (grammar == QUOTE_BIND || grammar == QUOTE_TEMPORARY) &&
           quote_is_made_of(options, "_,=.-");
}

/* A path with its prefixes and options. */
static int quote_path(struct str *ret, enum quote_grammar grammar, const struct value *value,
                      int version, enum quote_form form)
{
    const char *destination = value->destination;

    if (grammar == QUOTE_TEMPORARY && !value->options && version > QUOTE_LAST_KEPT_END &&
        quote_ends_blank(value->text))
        return -EINVAL;
    if ((destination && grammar != QUOTE_BIND) || (value->optional && grammar == QUOTE_TEMPORARY) ||
        (value->in_root && grammar != QUOTE_PATHS) ||
        (destination && !quote_path_can(grammar, destination, version)) ||
        !quote_options_can(grammar, value->options))
        return -EINVAL;
    if (grammar == QUOTE_BIND && value->options && !destination)
        destination = value->text; /* options are the third field there */
    str_add(ret, value->optional ? "-" : "");
    str_add(ret, value->in_root ? "+" : "");
    quote_add_path(ret, value->text, form);
    if (destination) {
        str_add_char(ret, ':');
        quote_add_path(ret, destination, form);
    }
    if (value->options)
        str_addf(ret, ":%s", value->options);
    return 0;
}

int quote_value(struct str *ret, const char *directive, const struct value *value,
                const struct target *target, enum quote_form form)
{
    enum quote_grammar grammar = quote_grammar_of(directive, value->is_path);

    if (grammar == QUOTE_WORD)
        return quote_word(ret, value);
    if (grammar == QUOTE_DEVICE)
        return quote_device(ret, value);
    if (!quote_path_can(grammar, value->text, target->version))
        return -EINVAL;
    if (grammar == QUOTE_RAW)
        return quote_raw(ret, value, form);
    return quote_path(ret, grammar, value, target->version, form);
}

/* ---- Exec lines (systemd.service(5), COMMAND LINES) ------------------------------------------ */

int quote_program(struct str *ret, const char *program)
{
    bool bare = quote_is_made_of(program, "_./+@=,%:-");

    /* systemd refuses quotes and backslashes in a program's name; "$" is not a variable there. 257
     * loses a blank at its end, so that is refused for all versions. A name without "/" is looked
     * up by systemd and must not look like a prefix. */
    if (!text_is_utf8(program, strlen(program)) || quote_has_control(program, false) ||
        quote_ends_blank(program) || strpbrk(program, "\"'\\") || !program[0] ||
        strchr("-@:+!|;", program[0]))
        return -EINVAL;
    if (strchr(program, '/') && !quote_path_is_plain(program))
        return -EINVAL;
    str_add(ret, bare ? "" : "\"");
    quote_add_escaped(ret, program, "", "%");
    str_add(ret, bare ? "" : "\"");
    return 0;
}

int quote_argument(struct str *ret, const char *argument)
{
    bool bare = quote_is_made_of(argument, "_./+@=,:-");

    if (!text_is_utf8(argument, strlen(argument)) || quote_has_control(argument, false))
        return -EINVAL;
    str_add(ret, bare ? "" : "\"");
    quote_add_escaped(ret, argument, "\"\\", "%$");
    str_add(ret, bare ? "" : "\"");
    return 0;
}

void quote_shell(struct str *ret, const char *word)
{
    str_add_char(ret, '\'');
    for (const char *c = word; *c; c++) {
        if (*c == '\'')
            str_add(ret, "'\\''");
        else
            str_add_char(ret, *c);
    }
    str_add_char(ret, '\'');
}
