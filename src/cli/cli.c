// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cli/cli.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define LEAD "cinch: "
/* A terminal narrower than this is left to break lines itself. */
#define COLUMNS_LEAST 20

/* ---- lines for a terminal ---- */

/* Where the rest of a line goes: below the last column that begins in its first half. */
static size_t hanging_of(const char *line, size_t length, size_t columns)
{
    size_t hanging = strspn(line, " ");

    for (size_t i = 2; i < length && i <= columns / 2; i++)
        if (line[i] != ' ' && line[i - 1] == ' ' && line[i - 2] == ' ')
            hanging = i;
    return hanging;
}

/* How much of `text` goes on a line: to the last space that leaves it short enough, else to the
 * first, so that no word is broken. */
static size_t fitting(const char *text, size_t length, size_t columns, size_t indent)
{
    size_t end = 0;

    if (length <= columns)
        return length;
    for (size_t i = indent + 1; i < length; i++)
        if (text[i] == ' ' && text[i - 1] != ' ' && (i <= columns || !end))
            end = i;
    return end ? end : length;
}

static void wrap_line(struct str *out, const char *line, size_t length, size_t columns,
                      size_t hanging)
{
    size_t indent = strspn(line, " ");
    size_t end = fitting(line, length, columns, indent > hanging ? indent : hanging);

    str_addf(out, "%.*s\n", (int)end, line);
    for (size_t at = end; at < length; at += end) {
        at += strspn(line + at, " ");
        end = fitting(line + at, length - at, columns - hanging, 0);
        str_addf(out, "%*s%.*s\n", (int)hanging, "", (int)end, line + at);
    }
}

char *cli_wrap(const char *text, size_t columns, size_t hanging)
{
    struct str out = { 0 };

    for (const char *line = text; *line;) {
        size_t length = strcspn(line, "\n");
        size_t below = hanging ? hanging : hanging_of(line, length, columns);
        if (columns < COLUMNS_LEAST)
            str_addf(&out, "%.*s\n", (int)length, line);
        else
            wrap_line(&out, line, length, columns, below);
        line += length + (line[length] == '\n');
    }
    return str_steal(&out);
}

/* 0: it is no terminal, or does not say. */
static size_t columns_of(FILE *stream)
{
    struct winsize size = { 0 };

    if (!isatty(fileno(stream)) || ioctl(fileno(stream), TIOCGWINSZ, &size) < 0)
        return 0;
    return size.ws_col;
}

bool cli_print_help(const char *text)
{
    CLEANUP(free_char) char *wrapped = cli_wrap(text, columns_of(stdout), 0);

    return cli_print(wrapped);
}

/* ---- what is said ---- */

void cli_say(const char *text)
{
    struct str line = { 0 };

    str_add(&line, LEAD);
    for (const char *at = text; *at; at++) {
        if (*at >= 0x20 && *at <= 0x7e) {
            str_add_char(&line, *at);
        } else {
            CLEANUP(free_char) char *encoded = text_encode(at, 1);
            str_add(&line, encoded);
        }
    }
    CLEANUP(free_char) char *wrapped = cli_wrap(line.data, columns_of(stderr), strlen(LEAD));
    fputs(wrapped, stderr);
    str_done(&line);
}

void cli_say_error(const struct err *err, const char *fallback)
{
    cli_say(err->text ? err->text : fallback);
}

/* "--workload --": getopt(3) takes the "--" that ends the options for the argument. */
static bool is_separator(int argc, char *const *argv, int option)
{
    return option > 1 && option != '?' && option != ':' && optarg && optind > 2 && optind <= argc &&
           optarg == argv[optind - 1] && strcmp(optarg, "--") == 0;
}

int cli_option(int argc, char **argv, const char *shorts, const struct option *options)
{
    opterr = 0;
    int option = getopt_long(argc, argv, shorts, options, NULL);
    if (is_separator(argc, argv, option)) {
        CLEANUP(free_char) char *name = text_encode_string(argv[optind - 2]);
        CLEANUP(free_char) char *missing = mem_printf("the option %s needs an argument", name);
        cli_say(missing);
        return '?';
    }
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

void cli_warn_of_owner(const char *path)
{
    CLEANUP(free_char) char *owner = strcmp(path, "-") == 0 ? NULL : file_foreign_owner(path);
    CLEANUP(free_char)
    char *line = mem_printf("warning: %s, which lets that user change the content of %s",
                            owner ? owner : "", path_name(path));

    if (owner)
        cli_say(line);
}

int cli_usage(const char *command)
{
    const char *help = help_text(command);
    int length = help ? (int)strcspn(help, "\n") : 0;

    CLEANUP(free_char)
    char *text = mem_printf("%.*s\nTry 'cinch help %s'.\n", length, help ? help : "", command);
    CLEANUP(free_char) char *wrapped = cli_wrap(text, columns_of(stderr), 0);
    fputs(wrapped, stderr);
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
