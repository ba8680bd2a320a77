// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cli/cli.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

void cli_say(const char *text)
{
    struct str line = { 0 };

    for (const char *at = text; *at; at++) {
        if (*at >= 0x20 && *at <= 0x7e) {
            str_add_char(&line, *at);
        } else {
            CLEANUP(free_char) char *encoded = text_encode(at, 1);
            str_add(&line, encoded);
        }
    }
    fprintf(stderr, "cinch: %s\n", line.data ? line.data : "");
    str_done(&line);
}

void cli_say_error(const struct err *err, const char *fallback)
{
    cli_say(err->text ? err->text : fallback);
}

int cli_option(int argc, char **argv, const char *shorts, const struct option *options)
{
    opterr = 0;
    int option = getopt_long(argc, argv, shorts, options, NULL);
    if (option != '?' && option != ':')
        return option;
    /* optopt tells a letter; a long option's is 0, or for one with a wrong "=..." its own value. */
    const char *word = optind > 0 ? argv[optind - 1] : "";
    bool is_letter = optopt && !str_starts_with(word, "--");
    const char letter[] = { '-', (char)optopt, '\0' };
    CLEANUP(free_char) char *shown = text_encode_string(is_letter ? letter : word);
    CLEANUP(free_char)
    char *line = option == ':' ? mem_printf("the option %s needs an argument", shown)
                               : mem_printf("there is no option %s here", shown);
    cli_say(line);
    return '?';
}

int cli_usage(const char *command)
{
    const char *help = cli_help_text(command);
    int length = help ? (int)strcspn(help, "\n") : 0;

    fprintf(stderr, "%.*s\nTry 'cinch help %s'.\n", length, help ? help : "", command);
    return EXIT_USAGE;
}

bool cli_print(const char *text)
{
    if (fputs(text, stdout) >= 0 && fflush(stdout) == 0)
        return true;
    CLEANUP(free_char)
    char *why = mem_printf("cannot write to standard output: %s", strerror(errno));
    cli_say(why);
    return false;
}
