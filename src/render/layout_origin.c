// SPDX-License-Identifier: LGPL-2.1-or-later
/* The training that the output comes from, in words. */
#include "render/layout.h"
#include <string.h>

const struct run *layout_run(const struct profile *profile)
{
    size_t count;
    const struct run *const *runs = profile_runs(profile, &count);
    const struct run *first = NULL;

    for (size_t i = 0; i < count; i++)
        if (!first || runs[i]->started < first->started)
            first = runs[i];
    return first;
}

/* A command line may have megabytes; more than this is not shown. */
#define COMMAND_SHOWN 1000

/* The command as typed, each argument encoded, those with blanks in quotes. */
static char *origin_command(const struct run *run)
{
    struct str line = { 0 };

    str_add(&line, "");
    for (size_t i = 0; run && i < run->command.count; i++) {
        if (line.length > COMMAND_SHOWN) {
            str_addf(&line, " (%zu more arguments)", run->command.count - i);
            break;
        }
        const char *given = run->command.items[i];
        size_t length = strlen(given);
        CLEANUP(free_char)
        char *argument = text_encode(given, length < COMMAND_SHOWN ? length : COMMAND_SHOWN);
        bool quote = !argument[0] || strpbrk(argument, " \"'");
        str_addf(&line, quote ? "%s\"%s\"" : "%s%s", i ? " " : "", argument);
        str_add(&line, length > COMMAND_SHOWN ? "..." : "");
    }
    return str_steal(&line);
}

/* How many commands a header names. */
#define COMMANDS_NAMED 3

static int run_compare(const void *left, const void *right)
{
    const struct run *a = *(const struct run *const *)left, *b = *(const struct run *const *)right;
    int order = (a->started > b->started) - (a->started < b->started);

    return order ? order : strcmp(a->id, b->id);
}

/* Each command once, in the order of training. */
static void origin_commands(const struct profile *profile, struct strings *ret)
{
    size_t count;
    const struct run *const *all = profile_runs(profile, &count);
    const struct run **runs = mem_new(count, sizeof(*runs));

    for (size_t i = 0; i < count; i++)
        runs[i] = all[i];
    qsort(runs, count, sizeof(*runs), run_compare);
    for (size_t i = 0; i < count && ret->count <= COMMANDS_NAMED; i++) {
        CLEANUP(free_char) char *command = origin_command(runs[i]);
        if (!strings_has(ret, command))
            strings_add(ret, command);
    }
    free(runs);
}

char *layout_commands(const struct profile *profile)
{
    CLEANUP(strings_done) struct strings commands = { 0 };
    struct str named = { 0 };

    origin_commands(profile, &commands);
    str_add(&named, "");
    for (size_t i = 0; i < commands.count && i < COMMANDS_NAMED; i++)
        str_addf(&named, "%s%s", i ? "; " : "", commands.items[i]);
    if (commands.count > COMMANDS_NAMED)
        str_add(&named, "; and more");
    return str_steal(&named);
}

char *layout_origin(const struct profile *profile)
{
    CLEANUP(free_char) char *commands = layout_commands(profile);
    size_t count;

    profile_runs(profile, &count);
    return mem_printf("cinch %s from %zu training run%s of: %s", PACKAGE_VERSION, count,
                      count == 1 ? "" : "s", commands);
}
