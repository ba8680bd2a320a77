// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The text of a unit file (systemd.syntax(7)), read the way systemd reads it: lines end at LF or CR
 * (or one of each), a comment line inside a continuation is skipped, an empty line ends it, an odd
 * number of backslashes before the end of a line continues it with a blank. What systemd ignores
 * with a warning (a line without "=", one before any section) is ignored here; what makes it refuse
 * the file is an error.
 */
#include "systemd/unit/unit_parse.h"
#include <cinch/base/limits.h>
#include <errno.h>
#include <string.h>

/* systemd's LONG_LINE_MAX: a longer (joined) line makes it refuse the file. */
#define UNIT_LINE_LIMIT ((size_t)1 << 20)

struct unit_parser {
    struct unit *unit;
    const char *at;
    const char *end;
    const char *source;
    size_t line;       /* the line number of `at`, from 1 */
    size_t first_line; /* where the pending line began */
    char *section;     /* NULL before the first header */
    struct str pending;
    bool continues;
    struct err *err;
};

static int unit_parse_refuse(const struct unit_parser *parser, size_t line, const char *what)
{
    CLEANUP(free_char) char *source = text_encode_string(parser->source);

    return err_set(parser->err, EINVAL, "%s, line %zu: %s", source, line, what);
}

static bool unit_is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* A copy of the bytes without blanks at either end. */
static char *unit_strip(const char *text, size_t length)
{
    while (length && unit_is_blank(text[0])) {
        text++;
        length--;
    }
    while (length && unit_is_blank(text[length - 1]))
        length--;
    return mem_strndup(text, length);
}

static void unit_add(struct unit *unit, const char *section, char *key, char *value)
{
    mem_reserve(&unit->settings, &unit->capacity, unit->count + 1, sizeof(struct unit_setting));
    unit->settings[unit->count++] = (struct unit_setting){
        .section = mem_strdup(section), .key = key, .value = value, .file = unit->files.count - 1
    };
}

/* Whether one more setting exceeds the limit, which bounds the work for untrusted units. */
static bool unit_is_full(const struct unit *unit, const char *line)
{
    size_t bytes = strlen(line), commands = str_starts_with(line, "Exec");

    for (size_t i = 0; i < unit->count; i++) {
        bytes += strlen(unit->settings[i].key) + strlen(unit->settings[i].value);
        commands += str_starts_with(unit->settings[i].key, "Exec");
    }
    return unit->count >= LIMIT_UNIT_SETTINGS || commands > LIMIT_UNIT_COMMANDS ||
           bytes > LIMIT_UNIT_BYTES;
}

static int unit_parse_section(struct unit_parser *parser, const char *line)
{
    size_t length = strlen(line);

    if (length < 3 || line[length - 1] != ']')
        return unit_parse_refuse(parser, parser->first_line, "a section header must end in \"]\"");
    for (const char *c = line; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f || strchr("\"'\\", *c))
            return unit_parse_refuse(
                parser, parser->first_line,
                "a section name must not contain quotes, backslashes or control characters");
    free(parser->section);
    parser->section = mem_strndup(line + 1, length - 2);
    return 0;
}

/* One whole line: continuations joined. */
static int unit_parse_joined(struct unit_parser *parser)
{
    CLEANUP(free_char) char *line = unit_strip(parser->pending.data, parser->pending.length);

    parser->pending.length = 0;
    if (!line[0])
        return 0;
    if (!text_is_utf8(line, strlen(line)))
        return unit_parse_refuse(parser, parser->first_line,
                                 "not valid UTF-8, which systemd requires");
    if (line[0] == '[')
        return unit_parse_section(parser, line);
    const char *equals = strchr(line, '=');
    if (!equals || equals == line || !parser->section)
        return 0;
    if (unit_is_full(parser->unit, line))
        return unit_parse_refuse(parser, parser->first_line,
                                 "the unit and its drop-ins exceed what cinch reads (4096 "
                                 "settings, 512 commands, 256 KiB); remove unneeded settings");
    unit_add(parser->unit, parser->section, unit_strip(line, (size_t)(equals - line)),
             unit_strip(equals + 1, strlen(equals + 1)));
    return 0;
}

static bool unit_ends_escaped(const char *text, size_t length)
{
    size_t backslashes = 0;

    while (backslashes < length && text[length - 1 - backslashes] == '\\')
        backslashes++;
    return backslashes % 2;
}

static bool unit_is_comment(const char *text, size_t length)
{
    while (length && unit_is_blank(text[0])) {
        text++;
        length--;
    }
    return length && (text[0] == '#' || text[0] == ';');
}

static int unit_parse_line(struct unit_parser *parser, const char *text, size_t length)
{
    /* systemd ends a line at a NUL, even inside a comment: what follows would be an assignment. */
    if (memchr(text, '\0', length))
        return unit_parse_refuse(parser, parser->line,
                                 "contains a NUL byte, so it is not a unit file");
    if (unit_is_comment(text, length))
        return 0;
    if (length > UNIT_LINE_LIMIT - parser->pending.length)
        return unit_parse_refuse(parser, parser->line, "longer than systemd reads (1 MiB)");
    if (!parser->continues)
        parser->first_line = parser->line;
    parser->continues = unit_ends_escaped(text, length);
    str_add_bytes(&parser->pending, text, length);
    if (!parser->continues)
        return unit_parse_joined(parser);
    parser->pending.data[parser->pending.length - 1] = ' ';
    return 0;
}

/* The length of the line at `at`; *ret_next is where the next one starts. */
static size_t unit_line_length(const struct unit_parser *parser, const char **ret_next)
{
    const char *stop = parser->at;

    while (stop < parser->end && *stop != '\n' && *stop != '\r')
        stop++;
    *ret_next = stop;
    if (stop < parser->end)
        *ret_next = stop + 1;
    if (stop + 1 < parser->end && (stop[1] == '\n' || stop[1] == '\r') && stop[0] != stop[1])
        *ret_next = stop + 2;
    return (size_t)(stop - parser->at);
}

static int unit_parse_lines(struct unit_parser *parser)
{
    int result = 0;

    while (result == 0 && parser->at < parser->end) {
        const char *next;
        size_t length = unit_line_length(parser, &next);
        result = unit_parse_line(parser, parser->at, length);
        parser->at = next;
        parser->line++;
    }
    return result < 0 ? result : unit_parse_joined(parser);
}

int unit_parse(struct unit *unit, const char *text, size_t length, const char *source,
               struct err *err)
{
    static const char mark[] = "\xef\xbb\xbf"; /* systemd skips a byte order mark */
    size_t skip = length >= 3 && memcmp(text, mark, 3) == 0 ? 3 : 0;
    size_t before = unit->count;
    struct unit_parser parser = { .unit = unit,
                                  .at = text + skip,
                                  .end = text + length,
                                  .source = source,
                                  .line = 1,
                                  .first_line = 1,
                                  .err = err };

    strings_add(&unit->files, source);
    int result = length ? unit_parse_lines(&parser) : 0;
    free(parser.section);
    str_done(&parser.pending);
    if (result < 0)
        unit_truncate(unit, before);
    return result;
}
