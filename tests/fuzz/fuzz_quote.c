// SPDX-License-Identifier: LGPL-2.1-or-later
/* Any bytes as a path, a word, an argument: one assignment comes out, or none; never two. */
#include <cinch/render.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What the assignment is to the parser of unit files: exactly itself, the next line untouched. */
static void check_line(const char *directive, const struct str *quoted, const char *meant)
{
    CLEANUP(err_done) struct err err = { 0 };
    struct str text = { 0 };
    struct unit unit = { 0 };
    struct strings words = { 0 };

    if (text_has_hidden(quoted->data))
        abort();
    str_addf(&text, "[Service]\n%s=%s\nUser=after\n", directive, quoted->data);
    if (unit_parse(&unit, text.data, text.length, "fuzz", &err) < 0 || unit.count != 2 ||
        strcmp(unit.settings[0].key, directive) != 0 ||
        strcmp(unit.settings[1].value, "after") != 0)
        abort();
    unit_list(&unit, directive, &words);
    if (meant && (words.count != 1 || strcmp(words.items[0], meant) != 0))
        abort();
    strings_done(&words);
    unit_done(&unit);
    str_done(&text);
}

/* The path as a unit file has to say it: every "%" twice. */
static char *specified(const char *path)
{
    struct str text = { 0 };

    for (; *path; path++) {
        str_add(&text, *path == '%' ? "%" : "");
        str_add_char(&text, *path);
    }
    return str_steal(&text);
}

static void check_value(const char *directive, char *text, bool is_path, int version, bool whole)
{
    struct target target = { .version = version };
    struct value value = { .text = text, .is_path = is_path };
    CLEANUP(str_done) struct str quoted = { 0 };
    CLEANUP(free_char) char *meant = specified(text);

    if (quote_value(&quoted, directive, &value, &target, QUOTE_UNIT) == 0)
        check_line(directive, &quoted, whole ? meant : NULL);
    else if (quoted.length)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(free_char) char *text = mem_strndup((const char *)data, size);
    CLEANUP(str_done) struct str argument = { 0 };

    check_value("BindPaths", text, true, 252, true);
    check_value("BindPaths", text, true, 257, true);
    check_value("ReadWritePaths", text, true, 257, true);
    check_value("TemporaryFileSystem", text, true, 252, true);
    check_value("RootDirectory", text, true, 252, false);
    check_value("SystemCallFilter", text, false, 252, true);
    if (quote_argument(&argument, text) == 0)
        check_line("ExecStart", &argument, NULL);
    return 0;
}
