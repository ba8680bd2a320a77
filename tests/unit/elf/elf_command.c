// SPDX-License-Identifier: LGPL-2.1-or-later
/* `cinch elf` alone, for tests that should not need the rest of cinch. */
#include "cli/cli.h"
#include <stdio.h>
#include <string.h>

const char *help_text(const char *command)
{
    return strcmp(command, "elf") == 0 ? "usage: cinch elf FILE... [--format text|json]\n" : NULL;
}

int main(int argc, char **argv)
{
    if (argc < 2 || strcmp(argv[1], "elf") != 0) {
        fputs("usage: elf_command elf FILE...\n", stderr);
        return 125;
    }
    return cmd_elf(argc - 1, argv + 1);
}
