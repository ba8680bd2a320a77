// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cli/chosen.h"
#include "cli/output.h"
#include "cli/suggest_arguments.h"
#include <cinch/render.h>
#include <string.h>

/* Bytes that mean themselves to every shell. */
#define PLAIN "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:@%+=,-"

/* The command line as a shell takes it. getopt_long(3) moves its words, so this comes first. */
static char *command_line(int argc, char **argv)
{
    struct str line = { 0 };

    str_add(&line, "cinch");
    for (int i = 0; i < argc; i++) {
        bool plain = argv[i][0] && strspn(argv[i], PLAIN) == strlen(argv[i]);
        str_add_char(&line, ' ');
        if (plain)
            str_add(&line, argv[i]);
        else
            quote_shell(&line, argv[i]);
    }
    return str_steal(&line);
}

static char *suggest_text(const struct suggest_arguments *arguments,
                          const struct suggestion *suggestion, const char *again)
{
    const struct profile *profile = arguments->profile;
    const struct unit *unit = arguments->options.unit;

    switch (arguments->format) {
    case FORMAT_DROPIN:
        return render_dropin(suggestion, profile, unit, again, arguments->comments);
    case FORMAT_UNIT:
        return render_unit(suggestion, profile, unit);
    case FORMAT_RUN_ARGS:
        return render_run_args(suggestion, profile);
    case FORMAT_JSON:
        return render_json(suggestion, profile);
    }
    return NULL;
}

/* The output may go to a file that nobody reads: what makes it worthless is said here too. */
static void say_warnings(const struct suggestion *suggestion)
{
    for (size_t i = 0; i < suggestion->notes.count; i++) {
        CLEANUP(free_char) char *line = note_describe(&suggestion->notes.items[i]);
        if (suggestion->notes.items[i].severity == SEVERITY_WARNING)
            cli_say(line);
    }
}

/* Where the directives go; the exit status. */
static int put(const struct suggest_arguments *arguments, const char *text)
{
    CLEANUP(err_done) struct err err = { 0 };

    if (!arguments->output)
        return cli_print(text) ? 0 : 1;
    if (output_write(arguments->output, text, &err) == 0)
        return 0;
    cli_say_error(&err, "the output cannot be written");
    return 1;
}

static int load(struct suggest_arguments *arguments, struct err *err)
{
    int result = 0;

    if (arguments->output && strcmp(arguments->output, "-") == 0)
        arguments->output = NULL;
    if (arguments->output)
        result = output_check(arguments->output, arguments->operands, arguments->count, err);
    return result < 0 ? result : suggest_arguments_load(arguments, arguments->count, err);
}

/* Directives of such a profile would stop the service: none are printed. */
static bool is_worthless(const struct suggest_arguments *arguments)
{
    CLEANUP(free_char) char *objection = runs_objection(arguments->profile);

    if (!objection || arguments->allow_failed)
        return false;
    CLEANUP(free_char)
    char *line = mem_printf("no directives: no training of this profile succeeded (%s); train "
                            "again, or give --allow-failed",
                            objection);
    cli_say(line);
    return true;
}

/* --without and --only. */
static int choose(const struct suggest_arguments *arguments, struct suggestion *suggestion,
                  struct err *err)
{
    CLEANUP(strings_done) struct strings said = { 0 };
    int result = chosen_apply(suggestion, &arguments->without, &arguments->only, &said, err);

    for (size_t i = 0; i < said.count; i++)
        cli_say(said.items[i]);
    return result;
}

int cmd_suggest(int argc, char **argv)
{
    CLEANUP(suggest_arguments_done) struct suggest_arguments arguments = { 0 };
    CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
    CLEANUP(err_done) struct err err = { 0 };
    CLEANUP(free_char) char *again = command_line(argc, argv);

    if (suggest_arguments_parse(&arguments, argc, argv, &err) < 0) {
        if (err.text)
            cli_say(err.text);
        return cli_usage(argv[0]);
    }
    if (arguments.help)
        return cli_print(help_text(argv[0])) ? 0 : 1;
    if (load(&arguments, &err) < 0) {
        cli_say_error(&err, "the profile cannot be used");
        return 1;
    }
    if (is_worthless(&arguments))
        return EXIT_WORTHLESS;
    suggest(arguments.profile, &arguments.options, &suggestion);
    if (arguments.portable)
        portable_apply(&suggestion);
    if (choose(&arguments, &suggestion, &err) < 0) {
        cli_say_error(&err, "the directives cannot be chosen");
        return 1;
    }
    CLEANUP(free_char) char *text = suggest_text(&arguments, &suggestion, again);
    say_warnings(&suggestion);
    if (suggestion.is_other && arguments.output) {
        cli_say("nothing was written: these lines are for another program than the unit starts");
        return 1;
    }
    int status = put(&arguments, text);
    return suggestion.is_other ? 1 : status;
}
