// SPDX-License-Identifier: LGPL-2.1-or-later
/* A whole unit: the given one with the directives added, or one that runs the trained command. */
#include "render/layout.h"
#include <string.h>

/* ---- a given unit ---------------------------------------------------------------------------- */

/* Whether the suggestion sets this directive, so that the unit's own setting is removed. */
static bool unit_form_replaces(const struct suggestion *suggestion,
                               const struct unit_setting *setting)
{
    if (strcmp(setting->section, "Service") != 0)
        return false;
    for (size_t i = 0; i < suggestion->count; i++)
        if (suggestion->verdicts[i].emitted &&
            strcmp(suggestion->verdicts[i].name, unit_key_name(setting->key)) == 0)
            return true;
    return false;
}

static void unit_form_setting(struct str *ret, const struct unit_setting *setting)
{
    size_t length = strlen(setting->value), backslashes = 0;

    while (backslashes < length && setting->value[length - 1 - backslashes] == '\\')
        backslashes++;
    /* A backslash before a blank must not become a continuation. */
    str_addf(ret, "%s=%s%s\n", setting->key, setting->value, backslashes % 2 ? " " : "");
}

/* Whether an earlier setting is in the same section. */
static bool unit_form_section_seen(const struct unit *unit, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (strcmp(unit->settings[i].section, unit->settings[at].section) == 0)
            return true;
    return false;
}

static void unit_form_section(struct str *ret, const struct suggestion *suggestion,
                              const struct unit *unit, const char *section)
{
    str_addf(ret, "\n[%s]\n", section);
    for (size_t i = 0; i < unit->count; i++)
        if (strcmp(unit->settings[i].section, section) == 0 &&
            !unit_form_replaces(suggestion, &unit->settings[i]))
            unit_form_setting(ret, &unit->settings[i]);
}

static void unit_form_given(struct str *ret, const struct suggestion *suggestion,
                            const struct unit *unit, const struct str *body)
{
    bool has_service = false;

    for (size_t i = 0; i < unit->count; i++) {
        const char *section = unit->settings[i].section;
        if (unit_form_section_seen(unit, i))
            continue;
        unit_form_section(ret, suggestion, unit, section);
        if (strcmp(section, "Service") != 0)
            continue;
        str_add_char(ret, '\n');
        str_add_bytes(ret, body->data, body->length);
        has_service = true;
    }
    if (has_service)
        return;
    str_add(ret, "\n[Service]\n");
    str_add_bytes(ret, body->data, body->length);
}

/* ---- a unit for the trained command ---------------------------------------------------------- */

/* The absolute name under which the command was first executed, or NULL. */
static const char *unit_form_executed(const struct profile *profile, const char *command)
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_PATH, &count);
    const struct fact *best = NULL;

    for (size_t i = 0; i < count; i++) {
        const struct seen *seen = evidence_first(&facts[i]->evidence);
        if (facts[i]->path.use != PATH_EXECUTE || facts[i]->outcome != 0 || !seen ||
            strcmp(path_name(facts[i]->path.requested), path_name(command)) != 0)
            continue;
        if (!best || seen->first_ms < evidence_first(&best->evidence)->first_ms)
            best = facts[i];
    }
    return best ? best->path.requested : NULL;
}

static char *unit_form_program(const struct profile *profile, const struct run *run)
{
    const char *command = run->command.items[0];

    if (command[0] == '/')
        return mem_strdup(command);
    const char *executed = unit_form_executed(profile, command);
    if (executed)
        return mem_strdup(executed);
    if (!strchr(command, '/') || !run->cwd)
        return mem_strdup(command);
    CLEANUP(free_char) char *joined = path_join(run->cwd, command);
    return path_normalise(joined);
}

/* systemd reads no line of 1 MiB (LONG_LINE_MAX): it refuses the file. */
#define EXEC_LINE_MOST ((size_t)1000000)

/* ExecStart=; false when the command cannot be written. */
static bool unit_form_command(struct str *ret, const struct profile *profile, const struct run *run)
{
    struct str line = { 0 };
    bool can = run->command.count > 0;

    if (can) {
        CLEANUP(free_char) char *program = unit_form_program(profile, run);
        can = quote_program(&line, program) == 0;
    }
    for (size_t i = 1; can && i < run->command.count; i++) {
        str_add_char(&line, ' ');
        can = quote_argument(&line, run->command.items[i]) == 0;
    }
    can = can && line.length < EXEC_LINE_MOST;
    if (can)
        str_addf(ret, "ExecStart=%s\n", line.data);
    str_done(&line);
    return can;
}

/* One setting whose value comes from the run, or a comment that it cannot be written. */
static void unit_form_value(struct str *ret, const struct suggestion *suggestion, const char *name,
                            const char *text, bool is_path)
{
    CLEANUP(free_char) char *copy = mem_strdup(text);
    const struct value value = { .text = copy, .is_path = is_path };
    struct str quoted = { 0 };

    if (quote_value(&quoted, name, &value, &suggestion->target, QUOTE_UNIT) == 0) {
        str_addf(ret, "%s=%s\n", name, quoted.data);
    } else {
        CLEANUP(free_char) char *encoded = text_encode_string(text);
        CLEANUP(free_char)
        char *line = mem_printf("cannot be written for systemd %d: %s= \"%s\"",
                                suggestion->target.version, name, encoded);
        layout_comment(ret, line);
    }
    str_done(&quoted);
}

static void unit_form_service(struct str *ret, const struct suggestion *suggestion,
                              const struct profile *profile, const struct run *run)
{
    CLEANUP(free_char) char *uid = mem_printf("%u", run->uid);

    if (strings_has(&run->environment, "NOTIFY_SOCKET"))
        str_add(ret, "# NOTIFY_SOCKET was set in training\nType=notify\n");
    if (!unit_form_command(ret, profile, run))
        str_add(ret, "# ExecStart= is missing: the trained command is too long or has bytes a unit "
                     "file cannot hold; put it into a script\n");
    if (run->uid)
        unit_form_value(ret, suggestion, "User", run->user && run->user[0] ? run->user : uid,
                        false);
    if (run->cwd && run->cwd[0] && strcmp(run->cwd, "/") != 0)
        unit_form_value(ret, suggestion, "WorkingDirectory", run->cwd, true);
}

static void unit_form_made(struct str *ret, const struct suggestion *suggestion,
                           const struct profile *profile, const struct str *body)
{
    const struct run *run = layout_run(profile);

    str_add(ret, "\n[Unit]\nDescription=Service trained and sandboxed by cinch\n\n[Service]\n");
    if (run)
        unit_form_service(ret, suggestion, profile, run);
    str_add_char(ret, '\n');
    str_add_bytes(ret, body->data, body->length);
    str_add(ret, "\n[Install]\nWantedBy=multi-user.target\n");
}

char *render_unit(const struct suggestion *suggestion, const struct profile *profile,
                  const struct unit *unit)
{
    struct str text = { 0 }, body = { 0 };
    struct layout layout = {
        .out = &body, .target = &suggestion->target, .form = QUOTE_UNIT, .comments = true
    };
    CLEANUP(free_char) char *origin = layout_origin(profile);
    CLEANUP(free_char)
    char *made =
        mem_printf("A unit for systemd %d, made by %s", suggestion->target.version, origin);

    layout_emitted(&layout, suggestion);
    layout_comment(&text, made);
    layout_notes(&text, suggestion);
    if (unit && unit->count)
        unit_form_given(&text, suggestion, unit, &body);
    else
        unit_form_made(&text, suggestion, profile, &body);
    layout_left_out(&text, suggestion);
    layout_done(&layout);
    str_done(&body);
    return str_steal(&text);
}
