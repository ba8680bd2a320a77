/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside cli/: the only room that parses options, prints and chooses exit codes. */
#ifndef CINCH_CLI_CLI_H
#define CINCH_CLI_CLI_H

#include <cinch/base.h>
#include <getopt.h>

enum {
    EXIT_USAGE = 2,
    EXIT_WORTHLESS = 3,        /* suggest: no training of the profile succeeded */
    EXIT_CINCH = 125,          /* cinch's own failure while it trains */
    EXIT_NOT_EXECUTABLE = 126, /* as a shell says it */
    EXIT_NOT_FOUND = 127,
};

/* Each subcommand: argv[0] is its name; returns the exit status. */
int cmd_train(int argc, char **argv);
int cmd_suggest(int argc, char **argv);
int cmd_explain(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_show(int argc, char **argv);
int cmd_elf(int argc, char **argv);

/* The lines of a text, each ended, that are longer than `columns` broken at spaces: the rest goes
 * below, `hanging` columns in (0: in line with the last column of words in the line, as help has
 * them). A longer word, a path maybe, stays whole. Less than 20 columns break nothing. The caller
 * frees it. */
char *cli_wrap(const char *text, size_t columns, size_t hanging);
/* Prints "cinch: TEXT" to standard error, wrapped where that is a terminal. Control and non-ASCII
 * bytes are shown encoded: nothing printed can drive a terminal. */
void cli_say(const char *text);
/* cli_say of an error, or of `fallback` when it has no text. */
void cli_say_error(const struct err *err, const char *fallback);
/* getopt_long(3) with errors in cinch's own words, encoded: an option may hold any bytes. `shorts`
 * has a
 * ':' after its mode. Returns -1 at the end and '?' for an error, which was said. */
int cli_option(int argc, char **argv, const char *shorts, const struct option *options);
/* Warns of a file that is read when somebody else than root and this user can change it. */
void cli_warn_of_owner(const char *path);
/* Prints the usage of a subcommand (help_text) to standard error and returns EXIT_USAGE. */
int cli_usage(const char *command);
/* The help of a subcommand, NULL when there is no such one. */
extern const char help_overview[];
const char *help_text(const char *command);
/* As cli_print, wrapped where standard output is a terminal. */
bool cli_print_help(const char *text);
/* Writes text to standard output; tells whether all of it got there (else says so on stderr). */
bool cli_print(const char *text);

#endif
