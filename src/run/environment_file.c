// SPDX-License-Identifier: LGPL-2.1-or-later
/* The files of EnvironmentFile=, as parse_env_file_internal() of systemd 252 reads them. */
#include "run/start.h"
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <string.h>
#include <unistd.h>

/* No such file is anywhere near that large. */
#define FILE_LIMIT ((size_t)4 << 20)

static const char name_letters[] =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";

bool environment_is_valid(const char *assignment)
{
    size_t length = strspn(assignment, name_letters);

    if (!length || assignment[length] != '=' || (assignment[0] >= '0' && assignment[0] <= '9') ||
        !text_is_utf8(assignment, strlen(assignment)))
        return false;
    for (const char *at = assignment; *at; at++)
        if (((unsigned char)*at < ' ' && *at != '\t' && *at != '\n') || *at == 0x7f)
            return false;
    return true;
}

/* ---- the grammar ---- */

enum state {
    BEFORE_NAME,
    IN_NAME,
    BEFORE_VALUE,
    IN_VALUE,
    ESCAPED,
    SINGLE_QUOTED,
    DOUBLE_QUOTED,
    DOUBLE_QUOTED_ESCAPED,
    COMMENT,
    COMMENT_ESCAPED,
};

struct reader {
    enum state state;
    struct str name, value;
    size_t value_end; /* the value without the blanks that no quote or backslash keeps */
    struct strings *ret;
};

static bool is_newline(char c)
{
    return c == '\n' || c == '\r';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || is_newline(c);
}

static void add_value(struct reader *reader, char c, bool is_kept)
{
    str_add_char(&reader->value, c);
    if (is_kept)
        reader->value_end = reader->value.length;
}

/* The assignment is whole. */
static void finish(struct reader *reader)
{
    size_t length = reader->name.length;

    while (length && is_blank(reader->name.data[length - 1]))
        length--;
    CLEANUP(free_char) char *name = mem_strndup(length ? reader->name.data : "", length);
    CLEANUP(free_char)
    char *value = mem_strndup(reader->value_end ? reader->value.data : "", reader->value_end);
    CLEANUP(free_char) char *assignment = mem_printf("%s=%s", name, value);
    if (environment_is_valid(assignment))
        strings_add(reader->ret, assignment);
    reader->name.length = reader->value.length = reader->value_end = 0;
    reader->state = BEFORE_NAME;
}

static void read_name(struct reader *reader, char c)
{
    if (reader->state == BEFORE_NAME) {
        if (c == '#' || c == ';')
            reader->state = COMMENT;
        else if (!is_blank(c))
            reader->state = IN_NAME;
    } else if (c == '=') {
        reader->state = BEFORE_VALUE;
        return;
    } else if (is_newline(c)) {
        reader->state = BEFORE_NAME;
        reader->name.length = 0;
    }
    if (reader->state == IN_NAME)
        str_add_char(&reader->name, c);
}

static void read_value(struct reader *reader, char c)
{
    bool begins = reader->state == BEFORE_VALUE;

    if (is_newline(c)) {
        finish(reader);
    } else if (c == '\\') {
        reader->state = ESCAPED;
        reader->value_end = reader->value.length;
    } else if (begins && c == '\'') {
        reader->state = SINGLE_QUOTED;
    } else if (begins && c == '"') {
        reader->state = DOUBLE_QUOTED;
    } else if (!begins || !is_blank(c)) {
        reader->state = IN_VALUE;
        add_value(reader, c, !is_blank(c));
    }
}

static void read_quoted(struct reader *reader, char c)
{
    if (reader->state == ESCAPED) {
        reader->state = IN_VALUE;
        if (!is_newline(c))
            add_value(reader, c, true);
    } else if (reader->state == DOUBLE_QUOTED_ESCAPED) {
        reader->state = DOUBLE_QUOTED;
        if (!strchr("\"\\`$\n", c))
            add_value(reader, '\\', true);
        if (c != '\n')
            add_value(reader, c, true);
    } else if (c == (reader->state == SINGLE_QUOTED ? '\'' : '"')) {
        reader->state = BEFORE_VALUE;
    } else if (reader->state == DOUBLE_QUOTED && c == '\\') {
        reader->state = DOUBLE_QUOTED_ESCAPED;
    } else {
        add_value(reader, c, true);
    }
}

static void read_comment(struct reader *reader, char c)
{
    if (reader->state == COMMENT_ESCAPED)
        reader->state = COMMENT;
    else if (c == '\\')
        reader->state = COMMENT_ESCAPED;
    else if (is_newline(c))
        reader->state = BEFORE_NAME;
}

void environment_parse(const char *text, size_t length, struct strings *ret)
{
    struct reader reader = { .ret = ret };

    for (size_t i = 0; i < length && text[i]; i++)
        switch (reader.state) {
        case BEFORE_NAME:
        case IN_NAME:
            read_name(&reader, text[i]);
            break;
        case BEFORE_VALUE:
        case IN_VALUE:
            read_value(&reader, text[i]);
            break;
        case ESCAPED:
        case SINGLE_QUOTED:
        case DOUBLE_QUOTED:
        case DOUBLE_QUOTED_ESCAPED:
            read_quoted(&reader, text[i]);
            break;
        case COMMENT:
        case COMMENT_ESCAPED:
            read_comment(&reader, text[i]);
            break;
        }
    if (reader.state >= BEFORE_VALUE && reader.state <= DOUBLE_QUOTED_ESCAPED)
        finish(&reader);
    str_done(&reader.name);
    str_done(&reader.value);
}

/* ---- files ---- */

static int read_file(const char *path, struct strings *ret)
{
    CLEANUP(fd_close) int pinned = open(path, O_PATH | O_CLOEXEC);
    CLEANUP(fd_close) int fd = pinned < 0 ? -errno : fd_reopen_plain(pinned);
    CLEANUP(str_done) struct str text = { 0 };
    int result = fd < 0 ? fd : fd_read_all(fd, FILE_LIMIT, &text);

    if (result == 0 && text.length && memchr(text.data, 0, text.length))
        result = -EBADMSG;
    if (result == 0)
        environment_parse(text.data, text.length, ret);
    return result;
}

int environment_read(const char *pattern, struct strings *ret)
{
    glob_t found = { 0 };
    int result = glob(pattern, 0, NULL, &found) == 0 ? 0 : -ENOENT;

    for (size_t i = 0; result == 0 && i < found.gl_pathc; i++)
        result = read_file(found.gl_pathv[i], ret);
    globfree(&found);
    return result;
}
