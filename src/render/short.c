// SPDX-License-Identifier: LGPL-2.1-or-later
#include "render/short.h"
#include <string.h>

#define SHORT_WIDTH 124

/* ---- groups of paths ------------------------------------------------------------------------- */

enum path_group {
    GROUP_PROGRAMS,
    GROUP_CONFIGURATION,
    GROUP_KERNEL,
    GROUP_RUNTIME,
    GROUP_FILES,
    GROUP_COUNT,
};

static const struct path_group_row {
    const char *prefixes[3];
    const char *text;
} path_groups[] = {
    [GROUP_CONFIGURATION] = { { "/etc" }, "configuration" },
    [GROUP_KERNEL] = { { "/proc", "/sys", "/dev" }, "kernel and device files" },
    [GROUP_RUNTIME] = { { "/run", "/var/run" }, "runtime files and sockets" },
    [GROUP_FILES] = { { "/" }, "other files" },
};

/* A library by its file name, as the linker names them. */
static bool is_library(const char *path)
{
    const char *name = path_name(path);
    const char *at = strstr(name, ".so");

    return at && (at[3] == '\0' || at[3] == '.');
}

static bool is_program(const struct value *value)
{
    const struct fact *witness = value->witness;

    return witness && witness->kind == FACT_PATH && witness->path.use == PATH_EXECUTE;
}

static enum path_group group_of(const struct value *value)
{
    if (is_program(value) || is_library(value->text))
        return GROUP_PROGRAMS;
    for (size_t i = GROUP_CONFIGURATION; i < GROUP_FILES; i++)
        for (size_t j = 0; j < ELEMENTS_OF(path_groups[i].prefixes); j++)
            if (path_groups[i].prefixes[j] &&
                path_is_within(value->text, path_groups[i].prefixes[j]))
                return (enum path_group)i;
    return GROUP_FILES;
}

static char *group_text(const struct verdict *verdict, enum path_group group)
{
    size_t programs = 0, libraries = 0;

    if (group != GROUP_PROGRAMS)
        return mem_strdup(path_groups[group].text);
    for (size_t i = 0; i < verdict->count; i++) {
        if (group_of(&verdict->values[i]) != group)
            continue;
        if (is_library(verdict->values[i].text))
            libraries++;
        else
            programs++;
    }
    return mem_printf("%zu program%s and %zu librar%s", programs, programs == 1 ? "" : "s",
                      libraries, libraries == 1 ? "y" : "ies");
}

/* ---- lines ----------------------------------------------------------------------------------- */

struct short_line {
    struct layout *layout;
    const struct verdict *verdict;
    const struct short_row *row;
    struct str text;
};

static void line_flush(struct short_line *line)
{
    CLEANUP(free_char)
    char *words = line->text.length
                      ? mem_printf("%s%s", line->verdict->inverted ? "~" : "", line->text.data)
                      : NULL;

    if (words)
        layout_assign(line->layout, line->verdict->name, words);
    line->text.length = 0;
}

static void line_add(struct short_line *line, const struct value *value)
{
    const char *name = line->verdict->name;
    /* systemd before 241 does not add RestrictNamespaces= lines up. */
    bool one_line = strcmp(name, "RestrictNamespaces") == 0;
    CLEANUP(free_char) char *quoted = layout_quoted(line->layout, name, value);

    if (!quoted)
        return;
    if (line->text.length && !one_line &&
        (!line->row->shares_line ||
         strlen(name) + 2 + line->text.length + strlen(quoted) > SHORT_WIDTH))
        line_flush(line);
    if (line->text.length)
        str_add_char(&line->text, ' ');
    str_add(&line->text, quoted);
}

static void short_paths(struct short_line *line)
{
    const struct verdict *verdict = line->verdict;

    for (size_t group = 0; group < GROUP_COUNT; group++) {
        bool first = true;
        for (size_t i = 0; i < verdict->count; i++) {
            if (group_of(&verdict->values[i]) != group)
                continue;
            CLEANUP(free_char)
            char *text = first ? group_text(verdict, (enum path_group)group) : NULL;
            if (text && line->layout->comments)
                layout_comment(line->layout->out, text);
            first = false;
            line_add(line, &verdict->values[i]);
        }
        line_flush(line);
    }
}

/* Whether the unit has, or may have, values that these would be added to. */
static bool needs_reset(const struct verdict *verdict, const struct unit *unit)
{
    return verdict->reset && (!unit || !unit->is_whole || unit_get(unit, verdict->name));
}

static void short_directive(struct layout *layout, const struct verdict *verdict,
                            const struct short_row *row, const struct unit *unit)
{
    struct short_line line = { .layout = layout, .verdict = verdict, .row = row };

    if (layout_is_scalar(verdict) && !verdict->values[0].text[0]) {
        layout_assign(layout, verdict->name, "");
        return;
    }
    if (layout->resets && needs_reset(verdict, unit))
        layout_assign(layout, verdict->name, "");
    if (strcmp(verdict->name, "BindReadOnlyPaths") == 0)
        short_paths(&line);
    for (size_t i = 0; strcmp(verdict->name, "BindReadOnlyPaths") != 0 && i < verdict->count; i++)
        line_add(&line, &verdict->values[i]);
    line_flush(&line);
    str_done(&line.text);
}

void short_emitted(struct layout *layout, const struct suggestion *suggestion,
                   const struct unit *unit)
{
    struct str *out = layout->out;
    size_t start = out->length;

    for (int section = 0; section < SHORT_SECTION_COUNT; section++) {
        bool first = true;
        for (const struct short_row *row = short_table; row->name; row++) {
            const struct verdict *verdict = suggestion_find(suggestion, row->name);
            bool has_line = verdict && verdict->emitted &&
                            (verdict->count || (layout->resets && needs_reset(verdict, unit)));
            if ((int)row->section != section || !has_line)
                continue;
            if (first && layout->comments) {
                str_add(out, out->length > start ? "\n" : "");
                layout_comment(out, short_sections[section]);
            }
            first = false;
            short_directive(layout, verdict, row, unit);
        }
    }
}

/* ---- warnings, not set --------------------------------------------------------------- */

void short_warnings(struct str *ret, const struct suggestion *suggestion)
{
    for (size_t i = 0; i < suggestion->notes.count; i++) {
        const struct note *note = &suggestion->notes.items[i];
        if (note->severity != SEVERITY_WARNING && note->topic != TOPIC_RUN)
            continue;
        CLEANUP(free_char) char *line = note_describe(note);
        layout_comment(ret, line);
    }
}

void short_not_set(struct str *ret, const struct suggestion *suggestion)
{
    bool first = true;

    for (const struct short_row *row = short_table; row->name; row++) {
        const struct verdict *verdict = suggestion_find(suggestion, row->name);
        if (!verdict || verdict->emitted || !verdict->witness)
            continue;
        bool blind = verdict->witness->kind == FACT_BLIND_SPOT;
        str_add(ret, first ? "\n# not set\n" : "");
        str_addf(ret, "# %s=: %s\n", row->name,
                 blind ? "training could not see all that it concerns" : row->refused);
        first = false;
    }
}
