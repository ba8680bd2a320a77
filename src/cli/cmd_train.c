// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cli/cli.h"
#include "cli/status.h"
#include "cli/summary.h"
#include "cli/train_output.h"
#include <cinch/run.h>
#include <cinch/store.h>
#include <cinch/systemd.h>
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct arguments {
    struct train_options options;
    char *unit;            /* the whole name of options.unit; owned */
    char *output;          /* owned */
    char *partial;         /* where it is until the training has succeeded; owned */
    struct profile *known; /* owned, NULL: none */
    bool quiet;
    bool help;
};

/* What the callbacks of a training get. */
struct voice {
    struct status status;
    bool quiet;
};

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
static int parse_unit(struct arguments *arguments, const char *text, struct err *err)
{
    CLEANUP(free_char) char *shown = text_encode_string(text);
    CLEANUP(free_char) char *name = unit_name_complete(path_name(text));
    CLEANUP(free_char) char *instance = name ? unit_name_instance(name) : NULL;

    if (!name)
        return err_set(err, EINVAL, "--unit %s: not the name of a service", shown);
    if (instance && !instance[0])
        return err_set(err, EINVAL,
                       "--unit %s is a template; give one of its instances, NAME@INSTANCE.service",
                       shown);
    free(arguments->unit);
    arguments->options.unit = arguments->unit = mem_strdup(name);
    return 0;
}

/* A name as systemd takes it (systemd.exec(5), Environment=). */
static int parse_variable(struct arguments *arguments, const char *text, struct err *err)
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

static int parse_option(struct arguments *arguments, int option, struct err *err)
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
        return parse_unit(arguments, optarg, err);
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
static int check_arguments(const struct arguments *arguments, struct err *err)
{
    const struct train_options *options = &arguments->options;
    bool joins = options->pid || options->gate;

    if (options->pid && options->gate)
        return err_set(err, EINVAL, "--pid and --gate: choose one of them");
    if (joins && options->argv[0])
        return err_set(err, EINVAL, "%s takes no command: cinch does not start the service",
                       options->pid ? "--pid" : "--gate");
    if (options->user && (options->pid || options->unit))
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
    if (options->unit && !options->gate)
        return err_set(err, EINVAL, "--unit is for --gate: it says whose gate is let in");
    if (!joins && !options->argv[0])
        return err_set(err, EINVAL, "no command to train; put it after --");
    return 0;
}

static int parse_arguments(struct arguments *arguments, int argc, char **argv, struct err *err)
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
    return arguments->help ? 0 : check_arguments(arguments, err);
}

/* Dies the way the service died, without a second core dump; returns only if that failed. */
static void die_by(int signal_number)
{
    const struct rlimit none = { 0 };
    sigset_t only;

    setrlimit(RLIMIT_CORE, &none);
    signal(signal_number, SIG_DFL);
    sigemptyset(&only);
    sigaddset(&only, signal_number);
    sigprocmask(SIG_UNBLOCK, &only, NULL);
    raise(signal_number);
}

static int exit_status(const struct train_result *result, bool failed)
{
    if (failed)
        return 1;
    if (result->asked_to_stop || result->joined)
        return 0;
    if (!WIFSIGNALED(result->status))
        return WEXITSTATUS(result->status);
    die_by(WTERMSIG(result->status));
    return 128 + WTERMSIG(result->status);
}

/* ---- while it goes on ---- */

static void voice_say(void *context, const char *line, bool is_problem)
{
    const struct voice *voice = context;

    if (is_problem || !voice->quiet)
        cli_say(line);
}

static void voice_show(void *context, const struct progress *progress)
{
    struct voice *voice = context;

    if (!progress) {
        status_erase(&voice->status);
    } else if (status_is_live(&voice->status)) {
        status_draw(&voice->status, progress);
    } else {
        CLEANUP(free_char) char *text = status_text(progress, SIZE_MAX);
        cli_say(text + strlen("cinch "));
    }
}

/* train() with a line that tells how it goes: 4 times a second on a terminal, else every minute. */
static int train_visibly(const struct arguments *arguments, struct profile *profile,
                         struct train_result *ret, struct err *err)
{
    struct train_options options = arguments->options;
    struct voice voice = { .quiet = arguments->quiet, .status = { .fd = -1, .guard_fd = -1 } };

    options.checkpoint = arguments->partial;
    options.context = &voice;
    options.say = voice_say;
    if (!arguments->quiet) {
        status_init(&voice.status);
        options.show = voice_show;
        options.progress_ms = status_is_live(&voice.status) ? 250 : 60000;
    }
    int result = train(&options, profile, ret, err);
    status_done(&voice.status);
    return result;
}

/* With what was taken for known: the calls that were not looked for stand there alone. */
static char *save_whole(const struct profile *profile, const struct arguments *arguments,
                        const char *place)
{
    CLEANUP(profile_freep) struct profile *whole = NULL;

    if (!arguments->known)
        return train_output_save(profile, place);
    whole = profile_new();
    profile_merge(whole, profile);
    profile_merge(whole, arguments->known);
    return train_output_save(whole, place);
}

/* A training that failed does not replace the profile of one that did not. */
static char *save(const struct profile *profile, const struct arguments *arguments, bool failed)
{
    bool is_apart = strcmp(arguments->partial, arguments->output) != 0;
    const char *place = failed ? arguments->partial : arguments->output;
    char *saved = save_whole(profile, arguments, place);

    if (is_apart && saved && !failed)
        unlink(arguments->partial);
    if (!is_apart || !saved || !failed)
        return saved;
    CLEANUP(free_char)
    char *line =
        mem_printf("%s is left as it was: this training is in %s", arguments->output, saved);
    cli_say(line);
    return saved;
}

/* Whether the profile may be of something else than of the service at its work. */
static bool has_failed(const struct train_result *result, bool is_told)
{
    return is_told || (!result->asked_to_stop && !result->told_to_end && result->status != 0);
}

static int cannot_run(const struct arguments *arguments, int code, const struct err *err)
{
    CLEANUP(free_char)
    char *why = mem_printf("cannot run %s: %s", arguments->options.argv[0], strerror(code));

    cli_say_error(err, why);
    return code == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE;
}

static int train_and_save(const struct arguments *arguments, struct err *err)
{
    CLEANUP(profile_freep) struct profile *profile = profile_new();
    struct train_result result;
    int trained = train_visibly(arguments, profile, &result, err);

    if (result.exec_error)
        return cannot_run(arguments, result.exec_error, err);
    if (trained < 0)
        cli_say_error(err, "the training failed");
    if (trained < 0 && profile_fact_count(profile) == 0)
        return EXIT_CINCH;
    CLEANUP(free_char) char *failure = summary_failure(&result, &arguments->options);
    bool failed = failure != NULL;
    CLEANUP(free_char)
    char *saved = save(profile, arguments, trained < 0 || has_failed(&result, failed));
    if (!arguments->quiet)
        summary_say(profile, &arguments->options, &result);
    summary_say_blind_spots(profile);
    summary_say_folded(profile);
    if (failed)
        cli_say(failure);
    else
        summary_say_end(&result);
    if (saved && !failed && !arguments->quiet)
        summary_say_next(saved, &arguments->options);
    if (trained < 0 || !saved ||
        (strcmp(saved, arguments->output) != 0 && strcmp(saved, arguments->partial) != 0))
        return EXIT_CINCH;
    return exit_status(&result, failed);
}

static int train_checked(struct arguments *arguments, struct err *err)
{
    if (!arguments->output)
        arguments->output = train_output_default(&arguments->options);
    if (train_output_check(arguments->output, err) < 0) {
        cli_say_error(err, "");
        return EXIT_CINCH;
    }
    train_output_warn(arguments->output);
    arguments->partial = train_output_partial(arguments->output);
    return train_and_save(arguments, err);
}

int cmd_train(int argc, char **argv)
{
    struct arguments arguments = { .options = { .version = PACKAGE_VERSION } };
    CLEANUP(err_done) struct err err = { 0 };
    int status = EXIT_CINCH;

    signals_survive();
    if (parse_arguments(&arguments, argc, argv, &err) < 0) {
        if (err.text)
            cli_say_error(&err, "");
        cli_usage(argv[0]);
    } else if (arguments.help) {
        status = cli_print(cli_help_text(argv[0])) ? 0 : EXIT_CINCH;
    } else {
        status = train_checked(&arguments, &err);
    }
    profile_free(arguments.known);
    strings_done(&arguments.options.variables);
    free(arguments.unit);
    free(arguments.output);
    free(arguments.partial);
    return status;
}
