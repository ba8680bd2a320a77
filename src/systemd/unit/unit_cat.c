// SPDX-License-Identifier: LGPL-2.1-or-later
/* A unit of several files: drop-ins, and the output of `systemctl cat`. There a comment with its
 * name precedes each file, and an empty line all but the first. */
#include "systemd/unit/unit_parse.h"
#include <string.h>

#define DROPIN_SUFFIX ".conf"

bool unit_is_own_dropin(const char *name, const char *text, size_t length)
{
    static const char mark[] = "# " UNIT_OWN_MARK;

    return strcmp(name, UNIT_OWN_DROPIN) == 0 ||
           (length >= strlen(mark) && memcmp(text, mark, strlen(mark)) == 0);
}

int unit_parse_dropin(struct unit *unit, const char *name, const char *text, size_t length,
                      const char *source, struct err *err)
{
    size_t before = unit->count;

    if (unit_is_own_dropin(name, text, length))
        return 0;
    int result = unit_parse(unit, text, length, source, err);
    if (unit->late || strcmp(name, UNIT_OWN_DROPIN) > 0)
        unit->late += unit->count - before;
    return result;
}

/* ---- systemctl cat --------------------------------------------------------------------------- */

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);

    return length > tail && strcmp(text + length - tail, end) == 0;
}

/* The path that the line at `at` names, NULL when it begins no file: a service's "# /DIR/a.service"
 * (`is_first`) or a drop-in's "# /DIR/a.service.d/b.conf". *ret_next is where the next line starts.
 */
static char *heading(const char *at, const char *end, bool is_first, const char **ret_next)
{
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    size_t length = (size_t)((stop ? stop : end) - at);

    *ret_next = stop ? stop + 1 : end;
    if (length < 4 || memcmp(at, "# /", 3) != 0 || memchr(at, '\0', length))
        return NULL;
    char *path = mem_strndup(at + 2, length - 2);
    CLEANUP(free_char) char *parent = path_parent(path);
    if (is_first ? unit_name_is_service(path_name(path))
                 : ends_with(path, DROPIN_SUFFIX) && ends_with(parent, ".service.d"))
        return path;
    free(path);
    return NULL;
}

/* "# Warning: ..." comes first where systemd has not reloaded the files. */
static const char *skip_warnings(const char *text, const char *end)
{
    static const char warning[] = "# Warning: ";

    while ((size_t)(end - text) > strlen(warning) && memcmp(text, warning, strlen(warning)) == 0) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        text = stop ? stop + 1 : end;
    }
    return text;
}

bool unit_is_cat(const char *text, size_t length)
{
    const char *next, *end = text + length;
    const char *start = length ? skip_warnings(text, end) : text;
    CLEANUP(free_char) char *path = length ? heading(start, end, true, &next) : NULL;

    return path;
}

/* Where the file that starts at `at` ends: before the next heading; *ret_path is what that names,
 * NULL at the end of all, and *ret_next follows it. */
static const char *file_end(const char *at, const char *end, char **ret_path, const char **ret_next)
{
    const char *next;

    *ret_path = NULL;
    *ret_next = end;
    for (const char *line = at; line < end; line = next) {
        char *path = line == at || line[0] != '\n' ? NULL : heading(line + 1, end, false, ret_next);
        const char *stop = memchr(line, '\n', (size_t)(end - line));
        next = stop ? stop + 1 : end;
        if (path) {
            *ret_path = path;
            return line;
        }
    }
    *ret_next = end;
    return end;
}

int unit_parse_cat(struct unit *unit, const char *text, size_t length, const char *source,
                   struct err *err)
{
    const char *end = text + length, *at;
    char *path = length ? heading(skip_warnings(text, end), end, true, &at) : NULL;
    int result = 0;

    if (!path)
        return unit_parse(unit, text, length, source, err);
    free(unit->name);
    unit->name = mem_strdup(path_name(path));
    for (bool is_fragment = true; path && result == 0; is_fragment = false) {
        const char *next;
        char *other;
        const char *stop = file_end(at, end, &other, &next);
        result = is_fragment
                     ? unit_parse(unit, at, (size_t)(stop - at), path, err)
                     : unit_parse_dropin(unit, path_name(path), at, (size_t)(stop - at), path, err);
        free(path);
        path = other;
        at = next;
    }
    free(path);
    unit->is_whole = result == 0;
    return result;
}
