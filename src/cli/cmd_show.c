// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cli/suggest_arguments.h"
#include <cinch/render/show.h>
#include <cinch/store.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* A terminal gets its own width, and colour unless it or the user refuses (no-color.org). */
static void settle_terminal(struct show_options *options)
{
    struct winsize size = { 0 };
    const char *terminal = getenv("TERM"), *refused = getenv("NO_COLOR");

    if (!isatty(STDOUT_FILENO))
        return;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
        options->columns = size.ws_col;
    options->colour = terminal && strcmp(terminal, "dumb") != 0 && !(refused && *refused);
}

/* 0, -1 for a usage error (already said), 1 when help was asked for. */
static int parse(int argc, char **argv, struct show_options *options, bool *ret_json)
{
    static const struct option known[] = {
        { "all", no_argument, NULL, 'a' },
        { "json", no_argument, NULL, 'j' },
        { "help", no_argument, NULL, 'h' },
        { 0 },
    };
    int option;

    while ((option = cli_option(argc, argv, ":ha", known)) != -1) {
        if (option == 'h')
            return 1;
        if (option != 'a' && option != 'j')
            return -1;
        options->all |= option == 'a';
        *ret_json |= option == 'j';
    }
    if (optind < argc)
        return 0;
    cli_say("no profile given; cinch train makes one");
    return -1;
}

int cmd_show(int argc, char **argv)
{
    struct show_options options = { 0 };
    CLEANUP(err_done) struct err err = { 0 };
    bool json = false;
    int result = parse(argc, argv, &options, &json);

    if (result < 0)
        return cli_usage(argv[0]);
    if (result > 0)
        return cli_print_help(help_text(argv[0])) ? 0 : 1;
    CLEANUP(profile_freep)
    struct profile *profile =
        suggest_arguments_profile(argv + optind, (size_t)(argc - optind), &err);
    if (!profile) {
        cli_say_error(&err, "the profile cannot be used");
        return 1;
    }
    settle_terminal(&options);
    CLEANUP(free_char)
    char *text = json ? store_to_json(profile) : render_show(profile, &options);
    return cli_print(text) ? 0 : 1;
}
