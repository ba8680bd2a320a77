// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cli/cli.h"
#include <stdio.h>
#include <string.h>

struct command {
    const char *name;
    int (*run)(int argc, char **argv);
};

static int cmd_help(int argc, char **argv);

static const struct command commands[] = {
    { "train", cmd_train }, { "suggest", cmd_suggest }, { "explain", cmd_explain },
    { "show", cmd_show },   { "check", cmd_check },     { "elf", cmd_elf },
    { "help", cmd_help },
};

static const struct command *command_find(const char *name)
{
    for (size_t i = 0; i < ELEMENTS_OF(commands); i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

static int unknown_command(const char *name)
{
    CLEANUP(free_char) char *line = mem_printf("there is no command %s; try cinch help", name);

    cli_say(line);
    return EXIT_USAGE;
}

static int cmd_help(int argc, char **argv)
{
    if (argc < 2)
        return cli_print_help(help_overview) ? 0 : 1;
    const char *help = help_text(argv[1]);
    if (!help)
        return unknown_command(argv[1]);
    return cli_print_help(help) ? 0 : 1;
}

static bool is_help(const char *word)
{
    return strcmp(word, "-h") == 0 || strcmp(word, "--help") == 0;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fputs(help_overview, stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--version") == 0)
        return cli_print(PACKAGE_STRING "\n") ? 0 : 1;
    if (is_help(argv[1]))
        return cli_print_help(help_overview) ? 0 : 1;
    const struct command *command = command_find(argv[1]);
    if (!command)
        return unknown_command(argv[1]);
    if (argc > 2 && is_help(argv[2]))
        return cli_print_help(help_text(command->name)) ? 0 : 1;
    return command->run(argc - 1, argv + 1);
}
