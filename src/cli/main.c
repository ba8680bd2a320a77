// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cli/cli.h"
#include <stdio.h>
#include <string.h>

struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *help; /* its first line is the usage */
};

static const char overview[] =
    "usage: cinch COMMAND [OPTION...] ...\n"
    "\n"
    "Learns what a service needs and writes the systemd sandbox that allows just that.\n"
    "\n"
    "  train    run a service under its workload and record what it does\n"
    "  suggest  print systemd directives for what was recorded\n"
    "  explain  say why a directive is there, or why it is not\n"
    "  elf      say whether a program can be chrooted: static or dynamic, and what it needs\n"
    "  help     help on a command\n"
    "\n"
    "  cinch train --workload 'curl -fs localhost:8080' -- mydaemon --port 8080\n"
    "  cinch suggest mydaemon.cinch.json --unit /lib/systemd/system/mydaemon.service \\\n"
    "      -o /etc/systemd/system/mydaemon.service.d/zz-cinch.conf\n"
    "  cinch explain mydaemon.cinch.json PrivateNetwork\n"
    "\n"
    "cinch --version prints the version; -h after a command prints its help.\n";

static int cmd_help(int argc, char **argv);

static const struct command commands[] = {
    { "train", cmd_train,
      "usage: cinch train [OPTION...] [--unit UNIT] -- COMMAND [ARG...]\n"
      "       cinch train [OPTION...] --pid PID\n"
      "       cinch train [OPTION...] --gate SOCKET [--unit UNIT] [--let-go]\n"
      "\n"
      "Runs COMMAND under ptrace as systemd runs a service: in /, with systemd's environment, "
      "umask,\n"
      "limits and no input, in a session of its own. Follows all its processes, and writes what "
      "they\n"
      "did to a profile.\n"
      "\n"
      "  -o, --output PROFILE.json  where the profile goes (default: ./COMMAND-NAME.cinch.json)\n"
      "      --workload CMD         when the service is ready run CMD with /bin/sh ($MAINPID is "
      "the\n"
      "                             service), then stop the service with SIGTERM\n"
      "      --ready WHEN           ready when: tcp:PORT, unix:PATH, file:PATH, notify, SECONDS\n"
      "                             (default: READY=1 where it has a NOTIFY_SOCKET, else its "
      "first\n"
      "                             listen(), then idle)\n"
      "      --duration T           stop the service after T (90, 90s, 5min, 2h)\n"
      "      --user USER            run COMMAND as USER, with HOME and the like as a unit's User=\n"
      "                             sets them (needs root)\n"
      "      --unit UNIT            start COMMAND as this unit (a name or a file) starts its "
      "commands: its user,\n"
      "                             variables, directory, umask and limits. With --gate: let in "
      "all commands\n"
      "                             of this unit, and no others; else only what root runs, or "
      "--user\n"
      "      --setenv NAME=VALUE    give COMMAND this variable, too; may be repeated\n"
      "      --inherit-environment  start COMMAND with cinch's own environment, directory, umask, "
      "limits,\n"
      "                             signals and standard input, rather than with systemd's\n"
      "      --known PROFILE.json   what this profile has is taken over; where calls cannot be "
      "counted\n"
      "                             without a stop (in containers), those it has do not stop\n"
      "      --no-io-uring          let io_uring_setup() fail with ENOSYS: most programs fall back "
      "to\n"
      "                             plain system calls, which can be learned\n"
      "      --pid PID              follow a process that runs already, and all below it; what it "
      "did\n"
      "                             before is not known. It is let go at the end, not stopped\n"
      "      --gate SOCKET          follow the service that comes through cinch-gate(8), which "
      "stands\n"
      "                             in a unit's ExecStart= (needs root). At the end its unit is "
      "stopped\n"
      "      --let-go               with --gate: no filter, slower; the service runs on at the "
      "end,\n"
      "                             and how it stops is not learned\n"
      "  -q, --quiet                say nothing but errors and what could not be observed\n"
      "  -h, --help                 this text\n"
      "\n"
      "On a terminal the last row tells how it goes; elsewhere a line a minute does. The profile "
      "is\n"
      "saved every few seconds while it grows; a service whose cinch is killed ends with it.\n"
      "\n"
      "Exit status: COMMAND's own (128+n when a signal ended it); with --workload or --duration 0\n"
      "when all went well, 1 when the workload failed or the service ended early; 126 and 127 as "
      "a\n"
      "shell says them; 125 when cinch itself failed.\n" },
    { "suggest", cmd_suggest,
      "usage: cinch suggest PROFILE.json... [OPTION...]\n"
      "\n"
      "Merges the profiles and prints the directives they prove safe.\n"
      "\n"
      "  -o, --output FILE          write them to FILE, as a whole or not at all (a redirection\n"
      "                             leaves an empty drop-in when suggest fails)\n"
      "      --unit UNIT            the unit as systemd has it: a name, a file, or a file that "
      "holds\n"
      "                             what systemctl cat printed\n"
      "      --root DIRECTORY       look for the unit below it, as in an image\n"
      "      --systemd-version N    the systemd that will read it (default: where it was trained)\n"
      "      --manager WHICH        system (default) or user: systemd --user, which can do less\n"
      "      --format FORMAT        dropin (default), unit, run-args or json\n"
      "      --filesystem FORM      view (default): an empty root with what is needed bound in;\n"
      "                             strict: ProtectSystem=strict; root: RootDirectory=\n"
      "      --peers WHICH          observed, local or any (default: observed, but no list when "
      "the\n"
      "                             service has clients nobody can know)\n"
      "      --allow-failed         print directives even if no training of the profile succeeded\n"
      "      --complain             log system calls beyond those seen, rather than refuse them\n"
      "      --fit FIT              exact: what was seen; snug (default): and what the next\n"
      "                             release of a library would do instead; loose: and what any\n"
      "                             might. What was trained is allowed by each. In parts:\n"
      "      --companions WHICH     system calls beside those seen: none, likely or all\n"
      "      --groups no|yes        whether @groups of system calls may be used\n"
      "      --group-calls N        unseen calls that they may bring along (snug 6, loose 48)\n"
      "      --view-entries N       directories rather than files until N binds are enough\n"
      "      --modules WHICH        of the directories of all packages' Python modules the "
      "packages\n"
      "                             imported (default), or all (loose)\n"
      "      --peer-entries N       networks rather than addresses until N are enough (snug 24,\n"
      "                             loose 8); the same for ports\n"
      "      --bpf-framework no|yes whether the target's systemd has BPF (SocketBindDeny= and the\n"
      "                             like); default: as trained, else from 253 on\n"
      "  -h, --help                 this text\n" },
    { "explain", cmd_explain,
      "usage: cinch explain PROFILE.json... [QUERY] [OPTION...]\n"
      "\n"
      "Says for every directive why it is there, or what refused it. QUERY is a directive, a "
      "system\n"
      "call, a path, an address or an address family. Takes the options of suggest.\n"
      "\n"
      "  cinch explain mydaemon.cinch.json\n"
      "  cinch explain mydaemon.cinch.json PrivateNetwork\n"
      "  cinch explain mydaemon.cinch.json /etc/hosts\n" },
    { "elf", cmd_elf,
      "usage: cinch elf FILE... [--format text|json]\n"
      "\n"
      "Says whether each file is a static or a dynamic program, and what else it needs to start:\n"
      "its loader and libraries as ld.so(8) of glibc or musl would find them on this machine\n"
      "(DT_RPATH, DT_RUNPATH, $ORIGIN, ld.so.cache, default directories), the interpreters of a\n"
      "script and theirs; and loudly what is missing. A script takes its interpreter's verdict.\n"
      "Never runs the file. Does not see what a program opens while it runs: plugins (dlopen), "
      "name\n"
      "services, locales, configuration; 'cinch train' does. LD_LIBRARY_PATH and LD_PRELOAD are "
      "not\n"
      "looked at: a service has none.\n"
      "\n"
      "      --format text|json     text (default), or for each file an object with \"file\",\n"
      "                             \"verdict\" (static, dynamic, not-a-program, unreadable), "
      "\"error\",\n"
      "                             \"missing\" and \"members\": \"how\", \"name\", \"path\" "
      "(null: missing),\n"
      "                             \"via\" (what found it), \"needed_by\", \"note\"\n"
      "  -h, --help                 this text\n"
      "\n"
      "Exit status: 2 usage, 3 unreadable or not a program, 1 some are not static, 0 all static;\n"
      "the first that applies.\n" },
    { "help", cmd_help, "usage: cinch help [COMMAND]\n" },
};

static const struct command *command_find(const char *name)
{
    for (size_t i = 0; i < ELEMENTS_OF(commands); i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

const char *cli_help_text(const char *command)
{
    const struct command *found = command_find(command);

    return found ? found->help : NULL;
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
        return cli_print_help(overview) ? 0 : 1;
    const char *help = cli_help_text(argv[1]);
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
        fputs(overview, stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--version") == 0)
        return cli_print(PACKAGE_STRING "\n") ? 0 : 1;
    if (is_help(argv[1]))
        return cli_print_help(overview) ? 0 : 1;
    const struct command *command = command_find(argv[1]);
    if (!command)
        return unknown_command(argv[1]);
    if (argc > 2 && is_help(argv[2]))
        return cli_print_help(command->help) ? 0 : 1;
    return command->run(argc - 1, argv + 1);
}
