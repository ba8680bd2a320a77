// SPDX-License-Identifier: LGPL-2.1-or-later
/* A command line with names relative to the working directory of training. systemd starts a service
 * in / or in its WorkingDirectory=. */
#include "systemd/advice/advice.h"
#include "systemd/core/derive.h"
#include <string.h>

/* The name that a word of a command may hold: all of it, or what an option is given ("--x=name");
 * NULL when it is no relative one. */
static const char *relative_name(const char *word)
{
    const char *value = word[0] == '-' ? strchr(word, '=') : NULL;
    const char *name = value ? value + 1 : word;

    return name[0] && name[0] != '/' && name[0] != '-' ? name : NULL;
}

static bool was_used(const struct profile *profile, const char *path)
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_PATH, &count);

    for (size_t i = 0; i < count; i++)
        if (facts[i]->outcome == 0 && path_is_within(facts[i]->path.requested, path))
            return true;
    return false;
}

/* The first word of the command that names something there; NULL: none does. */
static const char *word_used(const struct profile *profile, const struct run *run)
{
    for (size_t i = 0; i < run->command.count; i++) {
        const char *name = relative_name(run->command.items[i]);
        CLEANUP(free_char) char *joined = name ? path_join(run->cwd, name) : NULL;
        CLEANUP(free_char) char *path = joined ? path_normalise(joined) : NULL;
        /* "." and ".." are no names, and a program without a slash is looked for in PATH. */
        bool is_found = i == 0 && !strchr(name ? name : "", '/');
        if (path && !is_found && !path_is_within(run->cwd, path) && was_used(profile, path))
            return run->command.items[i];
    }
    return NULL;
}

/* Whether the unit starts it in that directory, or does not say this word. */
static bool unit_is_good(const struct unit *unit, const char *cwd, const char *word)
{
    CLEANUP(strings_done) struct strings commands = { 0 };
    const char *directory = unit_get(unit, "WorkingDirectory");
    bool said = false;

    if (directory && strcmp(directory + (directory[0] == '-'), cwd) == 0)
        return true;
    unit_list(unit, "ExecStart", &commands);
    for (size_t i = 0; i < commands.count; i++)
        said |= strstr(commands.items[i], word) != NULL;
    return !said;
}

void advice_directory_add(const struct derive_context *context)
{
    const struct unit *unit = context->options->unit;
    size_t count;
    const struct run *const *runs = profile_runs(context->profile, &count);

    for (size_t i = 0; i < count; i++) {
        bool elsewhere = runs[i]->cwd && runs[i]->cwd[0] == '/' && runs[i]->cwd[1];
        const char *word = elsewhere ? word_used(context->profile, runs[i]) : NULL;
        if (!word || (unit && unit_is_good(unit, runs[i]->cwd, word)))
            continue;
        CLEANUP(free_char) char *cwd = text_encode_string(runs[i]->cwd);
        CLEANUP(free_char) char *shown = text_encode_string(word);
        derive_note(context, SEVERITY_NOTE, TOPIC_DIRECTIVE, "WorkingDirectory",
                    mem_printf("training ran in %s, and \"%s\" on the command line is relative to "
                               "it: set WorkingDirectory=%s in the unit, or use an absolute path",
                               cwd, shown, cwd));
    }
}
