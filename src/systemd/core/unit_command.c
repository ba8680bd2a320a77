// SPDX-License-Identifier: LGPL-2.1-or-later
/* Whether the unit starts what was trained: program, arguments and user. */
#include "systemd/core/derive.h"
#include "systemd/core/place_lookup.h"
#include <string.h>

/* More arguments than a note shows. */
#define SHOWN_MOST 300

/* "/usr/bin/x" and "/bin/x" are one file wherever /usr is merged, as on every supported Debian. */
static const char *without_usr(const char *path)
{
    return str_starts_with(path, "/usr/") ? path + 4 : path;
}

static bool is_same_program(const char *unit, const char *trained)
{
    if (!strchr(unit, '/') || !strchr(trained, '/'))
        return strcmp(path_name(unit), path_name(trained)) == 0;
    return strcmp(without_usr(unit), without_usr(trained)) == 0;
}

/* What systemd fills in at the start is not known here. */
static bool is_variable(const char *word)
{
    return strchr(word, '$') || strchr(word, '%');
}

/* By any of the names it was executed by, or as what it is. */
static bool was_executed(const struct profile *profile, const char *program)
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_PATH, &count);
    CLEANUP(free_char)
    char *resolved = program[0] == '/' ? place_resolve(profile, program) : mem_strdup(program);

    for (size_t i = 0; i < count; i++)
        if (facts[i]->path.use == PATH_EXECUTE && facts[i]->outcome == 0 &&
            (is_same_program(program, facts[i]->path.requested) ||
             is_same_program(program, facts[i]->path.path) ||
             is_same_program(resolved, facts[i]->path.path)))
            return true;
    facts = profile_facts(profile, FACT_PROGRAM, &count);
    for (size_t i = 0; i < count; i++)
        if (is_same_program(program, facts[i]->program.path))
            return true;
    return false;
}

/* ---- arguments ---- */

/* Whether a command may be what a run was started as. */
static bool is_same_command(const struct strings *command, const struct run *run)
{
    if (!command->count || !run->command.count ||
        !is_same_program(command->items[0], run->command.items[0]))
        return false;
    for (size_t i = 1; i < command->count; i++) {
        if (command->items[i][0] == '$')
            return true; /* any number of words */
        if (i >= run->command.count || (!is_variable(command->items[i]) &&
                                        strcmp(command->items[i], run->command.items[i]) != 0))
            return false;
    }
    return command->count == run->command.count;
}

static bool is_of_program(const struct strings *command, const struct run *run)
{
    return command->count && run->command.count &&
           is_same_program(command->items[0], run->command.items[0]);
}

static char *command_shown(const struct strings *command)
{
    struct str text = { 0 };

    for (size_t i = 0; i < command->count && text.length < SHOWN_MOST; i++) {
        size_t length = strnlen(command->items[i], SHOWN_MOST);
        CLEANUP(free_char) char *word = text_encode(command->items[i], length);
        str_addf(&text, "%s%s", i ? " " : "", word);
    }
    return str_steal(&text);
}

static void note_arguments(const struct derive_context *context, const struct strings *command)
{
    const struct run *other = NULL;
    size_t count;
    const struct run *const *runs = profile_runs(context->profile, &count);

    for (size_t i = 0; i < count; i++) {
        if (is_same_command(command, runs[i]))
            return;
        if (!other && is_of_program(command, runs[i]))
            other = runs[i];
    }
    if (!other)
        return;
    CLEANUP(free_char) char *unit = command_shown(command);
    CLEANUP(free_char) char *trained = command_shown(&other->command);
    derive_note(
        context, SEVERITY_WARNING, TOPIC_DIRECTIVE, "ExecStart",
        mem_printf(
            "the unit starts its program with arguments that were not trained, so addresses, ports "
            "and files may differ; train the unit's command. The unit: %s; trained: %s",
            unit, trained));
}

/* ---- user ---- */

static bool is_user(const struct run *run, const char *user)
{
    CLEANUP(free_char) char *number = mem_printf("%u", run->uid);

    return strcmp(user, number) == 0 || (run->user && strcmp(user, run->user) == 0) ||
           (run->uid == 0 && strcmp(user, "root") == 0);
}

static void note_user(const struct derive_context *context, const struct strings *command)
{
    const struct unit *unit = context->options->unit;
    const char *user = unit_get(unit, "User");
    const struct run *other = NULL;
    size_t count;
    const struct run *const *runs = profile_runs(context->profile, &count);

    user = user && user[0] ? user : "root";
    if (unit_is_on(unit, "DynamicUser") || unit->is_user || context->options->target.user_manager ||
        is_variable(user))
        return;
    for (size_t i = 0; i < count; i++) {
        if (is_of_program(command, runs[i]) && is_user(runs[i], user))
            return;
        if (!other && is_of_program(command, runs[i]))
            other = runs[i];
    }
    if (!other)
        return;
    CLEANUP(free_char) char *shown = text_encode_string(user);
    CLEANUP(free_char)
    char *trained = text_encode_string(other->user && other->user[0] ? other->user : "?");
    derive_note(context, SEVERITY_WARNING, TOPIC_DIRECTIVE, "User",
                mem_printf("the unit runs its program as %s, but training ran it as %s (uid %u), "
                           "so files and privileges differ; train as the unit's user",
                           shown, trained, other->uid));
}

/* ---- the whole ---- */

bool unit_command_check(const struct derive_context *context)
{
    const struct unit *unit = context->options->unit;
    CLEANUP(strings_done) struct strings first = { 0 };
    bool known = false, executed = false;

    for (size_t number = 0; unit; number++) {
        CLEANUP(strings_done) struct strings command = { 0 };
        if (!unit_start_command(unit, number, &command))
            break;
        if (!command.count || is_variable(command.items[0]))
            return true;
        known = true;
        executed |= was_executed(context->profile, command.items[0]);
        note_arguments(context, &command);
        note_user(context, &command);
        if (!first.count)
            strings_add(&first, command.items[0]);
    }
    if (!known || executed)
        return true;
    CLEANUP(free_char) char *shown = text_encode_string(first.items[0]);
    derive_note(context, SEVERITY_WARNING, TOPIC_DIRECTIVE, "ExecStart",
                mem_printf("the unit starts %s, which training did not run: this profile describes "
                           "another program",
                           shown));
    return false;
}
