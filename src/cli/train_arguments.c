// SPDX-License-Identifier: LGPL-2.1-or-later
/* The command line of train. */
#include "cli/train_arguments.h"
#include "cli/cli.h"
#include <cinch/manager.h>
#include <cinch/store.h>
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

/* In a container process 1 may be the service itself. sd_booted(3). */
static bool is_service_manager(void)
{
    return access("/run/systemd/system", F_OK) == 0;
}

static int parse_pid(const char *text, pid_t *ret, struct err *err)
{
    char *end;
    long pid = strtol(text, &end, 10);
    CLEANUP(free_char) char *shown = text_encode_string(text);

    if (pid == 0 && strspn(text, "0") == strlen(text) && *text)
        return err_set(err, EINVAL,
                       "--pid %s: no process id: the unit has no main process; is it running?",
                       shown);
    if (pid == 1 && !*end && is_service_manager())
        return err_set(err, EINVAL,
                       "--pid %s: process 1 is the service manager; give a service's "
                       "process id, as systemctl show -P MainPID UNIT prints it",
                       shown);
    if (*text < '0' || *text > '9' || *end || pid < 1 || pid > INT_MAX)
        return err_set(err, EINVAL,
                       "--pid %s: give a process id, as systemctl show -P MainPID UNIT prints it",
                       shown);
    *ret = (pid_t)pid;
    return 0;
}

/* The name of a running service, as systemctl(1) takes it, or the path of its unit file. */
static int name_unit(struct train_arguments *arguments, struct err *err)
{
    CLEANUP(free_char) char *shown = text_encode_string(arguments->unit);
    CLEANUP(free_char) char *name = unit_name_complete(path_name(arguments->unit));
    CLEANUP(free_char) char *instance = name ? unit_name_instance(name) : NULL;

    if (!name)
        return err_set(err, EINVAL, "--unit %s: not the name of a service", shown);
    if (instance && !instance[0])
        return err_set(err, EINVAL,
                       "--unit %s is a template; give one of its instances, NAME@INSTANCE.service",
                       shown);
    arguments->unit_name = mem_strdup(name);
    arguments->options.unit = arguments->unit_name;
    return 0;
}

/* At a gate process 1 starts the service, and all that is asked is its name; a command is started
 * as the unit's lines say. */
static int take_unit(struct train_arguments *arguments, struct err *err)
{
    struct train_options *options = &arguments->options;
    const struct unit_query query = { .name = arguments->unit };

    if (!arguments->unit)
        return 0;
    if (options->gate)
        return name_unit(arguments, err);
    int result = manager_read_unit(&query, &arguments->settings, err);
    options->settings = result == 0 ? &arguments->settings : NULL;
    options->unit = arguments->unit;
    return result;
}

/* A name as systemd takes it (systemd.exec(5), Environment=). */
static int parse_variable(struct train_arguments *arguments, const char *text, struct err *err)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
    static const char more[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
    CLEANUP(free_char) char *shown = text_encode_string(text);

    if (!strchr(letters, text[0]) || !text[0] || text[strspn(text, more)] != '=')
        return err_set(err, EINVAL,
                       "--setenv %s: give NAME=VALUE, the name of letters, digits and _", shown);
    strings_add(&arguments->options.variables, text);
    return 0;
}

static int parse_option(struct train_arguments *arguments, int option, struct err *err)
{
    switch (option) {
    case 'o':
        free(arguments->output);
        arguments->output = mem_strdup(optarg);
        return 0;
    case 'w':
        arguments->options.workload = optarg;
        return 0;
    case 'r':
        arguments->options.has_ready = true;
        return ready_parse(optarg, &arguments->options.ready, err);
    case 'd':
        return duration_parse(optarg, &arguments->options.duration_ms, err);
    case 'u':
        arguments->options.user = optarg;
        return 0;
    case 'k':
        profile_free(arguments->known);
        arguments->known = store_load(optarg, err);
        arguments->options.known = arguments->known;
        return arguments->known ? 0 : -EINVAL;
    case 'i':
        arguments->options.no_io_uring = true;
        return 0;
    case 'p':
        return parse_pid(optarg, &arguments->options.pid, err);
    case 'g':
        arguments->options.gate = optarg;
        return 0;
    case 'U':
        arguments->unit = optarg;
        return 0;
    case 'e':
        arguments->options.inherit_environment = true;
        return 0;
    case 'E':
        return parse_variable(arguments, optarg, err);
    case 'l':
        arguments->options.let_go = true;
        return 0;
    case 'q':
        arguments->quiet = true;
        return 0;
    case 'h':
        arguments->help = true;
        return 0;
    default:
        return -EINVAL;
    }
}

/* One service: a command, a process that runs, or what comes to the gate. */
static int check_arguments(const struct train_arguments *arguments, struct err *err)
{
    const struct train_options *options = &arguments->options;
    bool joins = options->pid || options->gate;

    if (options->pid && options->gate)
        return err_set(err, EINVAL, "--pid and --gate: choose one of them");
    if (joins && options->argv[0])
        return err_set(err, EINVAL, "%s takes no command: cinch does not start the service",
                       options->pid ? "--pid" : "--gate");
    if (options->user && (options->pid || (options->gate && arguments->unit)))
        return err_set(err, EINVAL,
                       "--user is for a service that cinch starts, or for --gate without --unit");
    if ((options->inherit_environment || options->variables.count) && joins)
        return err_set(err, EINVAL, "%s is for a service that cinch starts",
                       options->inherit_environment ? "--inherit-environment" : "--setenv");
    if (options->let_go && !options->gate)
        return err_set(err, EINVAL, "--let-go is for --gate: %s",
                       options->pid ? "with --pid the service is always let go"
                                    : "a service that cinch starts ends with it");
    if (options->pid && options->has_ready)
        return err_set(err, EINVAL, "--ready does not go with --pid: the service runs already");
    if (arguments->unit && options->pid)
        return err_set(err, EINVAL, "--unit does not go with --pid: the service runs already");
    if (arguments->unit && options->inherit_environment)
        return err_set(err, EINVAL,
                       "--unit and --inherit-environment: choose one of them, the environment of "
                       "the unit or yours");
    if (!joins && !options->argv[0])
        return err_set(err, EINVAL, "no command to train; put it after --");
    return 0;
}

int train_arguments_parse(struct train_arguments *arguments, int argc, char **argv, struct err *err)
{
    static const struct option options[] = {
        { "output", required_argument, NULL, 'o' },
        { "workload", required_argument, NULL, 'w' },
        { "ready", required_argument, NULL, 'r' },
        { "duration", required_argument, NULL, 'd' },
        { "user", required_argument, NULL, 'u' },
        { "quiet", no_argument, NULL, 'q' },
        { "known", required_argument, NULL, 'k' },
        { "no-io-uring", no_argument, NULL, 'i' },
        { "pid", required_argument, NULL, 'p' },
        { "gate", required_argument, NULL, 'g' },
        { "unit", required_argument, NULL, 'U' },
        { "let-go", no_argument, NULL, 'l' },
        { "inherit-environment", no_argument, NULL, 'e' },
        { "setenv", required_argument, NULL, 'E' },
        { "help", no_argument, NULL, 'h' },
        { 0 },
    };
    int option;

    while ((option = cli_option(argc, argv, "+:o:qh", options)) != -1) {
        int result = parse_option(arguments, option, err);
        if (result < 0)
            return result;
    }
    arguments->options.argv = argv + optind;
    if (arguments->options.pid) /* it was ready before we came */
        arguments->options.ready = (struct ready_spec){ .kind = READY_DELAY };
    if (arguments->help)
        return 0;
    int result = check_arguments(arguments, err);
    return result < 0 ? result : take_unit(arguments, err);
}

void train_arguments_done(struct train_arguments *arguments)
{
    profile_free(arguments->known);
    strings_done(&arguments->options.variables);
    unit_done(&arguments->settings);
    free(arguments->unit_name);
    free(arguments->output);
    free(arguments->partial);
}
