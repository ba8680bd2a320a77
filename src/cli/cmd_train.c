// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cli/cli.h"
#include <cinch/render.h>
#include <cinch/run.h>
#include <cinch/store.h>
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

struct arguments {
    struct train_options options;
    char *output; /* owned */
    bool help;
};

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
        return ready_parse(optarg, &arguments->options.ready, err);
    case 'd':
        return duration_parse(optarg, &arguments->options.duration_ms, err);
    case 'u':
        arguments->options.user = optarg;
        return 0;
    case 'h':
        arguments->help = true;
        return 0;
    default:
        return -EINVAL;
    }
}

static int parse_arguments(struct arguments *arguments, int argc, char **argv, struct err *err)
{
    static const struct option options[] = {
        { "output", required_argument, NULL, 'o' },
        { "workload", required_argument, NULL, 'w' },
        { "ready", required_argument, NULL, 'r' },
        { "duration", required_argument, NULL, 'd' },
        { "user", required_argument, NULL, 'u' },
        { "help", no_argument, NULL, 'h' },
        { 0 },
    };
    int option;

    while ((option = getopt_long(argc, argv, "+o:h", options, NULL)) != -1) {
        int result = parse_option(arguments, option, err);
        if (result < 0)
            return result;
    }
    arguments->options.argv = argv + optind;
    if (!arguments->help && optind == argc)
        return err_set(err, EINVAL, "no command to train; put it after --");
    return 0;
}

/* Learning for an hour and then not being able to write would be a poor show. */
static int check_output(const char *output, struct err *err)
{
    CLEANUP(free_char)
    char *directory = strchr(output, '/') ? path_parent(output) : mem_strdup(".");
    CLEANUP(free_char) char *shown = text_encode_string(directory);

    if (access(directory, W_OK | X_OK) == 0)
        return 0;
    return err_set(err, errno, "cannot write into %s: %s; choose another place with -o", shown,
                   strerror(errno));
}

/* Keeps what was learned even when its place is full or gone. Returns where it is, NULL if nowhere.
 */
static char *save(const struct profile *profile, const char *output)
{
    static const char *const elsewhere[] = { "/var/tmp", "/tmp", "/dev/shm" };
    CLEANUP(err_done) struct err err = { 0 };

    if (store_save(profile, output, &err) == 0)
        return mem_strdup(output);
    cli_say_error(&err, "cannot save the profile");
    for (size_t i = 0; i < ELEMENTS_OF(elsewhere); i++) {
        CLEANUP(free_char) char *path = path_join(elsewhere[i], path_name(output));
        if (store_save(profile, path, NULL) == 0) {
            CLEANUP(free_char)
            char *line =
                mem_printf("the profile was saved to %s instead: move it once there is room", path);
            cli_say(line);
            return mem_strdup(path);
        }
    }
    return NULL;
}

static size_t count_of(const struct profile *profile, enum fact_kind kind)
{
    size_t count;

    profile_facts(profile, kind, &count);
    return count;
}

/* Facts differ by outcome and use; a person counts names. */
static size_t count_paths(const struct profile *profile)
{
    size_t count, distinct = 0;
    const struct fact *const *facts = profile_facts(profile, FACT_PATH, &count);

    for (size_t i = 0; i < count; i++)
        distinct += i == 0 || strcmp(facts[i]->path.path, facts[i - 1]->path.path) != 0;
    return distinct;
}

static size_t count_syscalls(const struct profile *profile)
{
    size_t count, distinct = 0;
    const struct fact *const *facts = profile_facts(profile, FACT_SYSCALL, &count);

    for (size_t i = 0; i < count; i++) {
        const struct syscall_fact *now = &facts[i]->syscall;
        const struct syscall_fact *before = i ? &facts[i - 1]->syscall : NULL;
        bool same = before && strcmp(now->arch, before->arch) == 0 &&
                    (now->name && before->name
                         ? strcmp(now->name, before->name) == 0
                         : !now->name && !before->name && now->number == before->number);
        distinct += !same;
    }
    return distinct;
}

static void say_blind_spots(const struct profile *profile)
{
    size_t count;
    const struct fact *const *spots = profile_facts(profile, FACT_BLIND_SPOT, &count);

    for (size_t i = 0; i < count; i++) {
        CLEANUP(free_char)
        char *line =
            mem_printf("not observed: %s (%s); directives it touches are left out or widened",
                       spots[i]->blind_spot.topic, spots[i]->blind_spot.detail);
        cli_say(line);
    }
}

static void say_summary(const struct profile *profile, const struct train_result *result)
{
    CLEANUP(free_char)
    char *line = mem_printf(
        "learned in %.1f s: %zu system calls, %zu paths, %zu sockets, %zu addresses, %zu programs",
        (double)result->duration_ms / 1000, count_syscalls(profile), count_paths(profile),
        count_of(profile, FACT_SOCKET), count_of(profile, FACT_ADDRESS),
        count_of(profile, FACT_PROGRAM));

    cli_say(line);
    say_blind_spots(profile);
}

/* The next command to type; quoted when the path needs it. */
static void say_next(const char *saved)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._+-";
    struct str line = { 0 };

    str_add(&line, "next: cinch suggest ");
    if (saved[strspn(saved, plain)])
        quote_shell(&line, saved);
    else
        str_add(&line, saved);
    cli_say(line.data);
    str_done(&line);
}

/* What makes a training worthless, said; false when nothing did. */
static bool say_failure(const struct train_result *result)
{
    CLEANUP(free_char) char *line = NULL;

    if (result->never_ready)
        line = mem_strdup("the service was not ready in 90 s: the workload did not run; say when "
                          "it is ready with --ready");
    else if (result->ended_early)
        line = mem_printf("the service ended before its time (%s %d): this profile proves nothing",
                          WIFSIGNALED(result->status) ? "signal" : "exit status",
                          WIFSIGNALED(result->status) ? WTERMSIG(result->status)
                                                      : WEXITSTATUS(result->status));
    else if (result->workload_status > 0)
        line = mem_printf("the workload failed (exit status %d): this profile proves nothing",
                          result->workload_status);
    else if (result->killed)
        line = mem_strdup("the service did not stop within 15 s of SIGTERM and was killed: how it "
                          "stops was not learned");
    if (line)
        cli_say(line);
    return line;
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
    if (result->asked_to_stop)
        return 0;
    if (!WIFSIGNALED(result->status))
        return WEXITSTATUS(result->status);
    die_by(WTERMSIG(result->status));
    return 128 + WTERMSIG(result->status);
}

static int train_and_save(const struct arguments *arguments, struct err *err)
{
    CLEANUP(profile_freep) struct profile *profile = profile_new();
    struct train_result result;
    int trained = train(&arguments->options, profile, &result, err);

    if (result.exec_error) {
        CLEANUP(free_char)
        char *why = mem_printf("cannot run %s: %s", arguments->options.argv[0],
                               strerror(result.exec_error));
        cli_say_error(err, why);
        return result.exec_error == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE;
    }
    if (trained < 0)
        cli_say_error(err, "the training failed");
    if (trained < 0 && profile_fact_count(profile) == 0)
        return EXIT_CINCH;
    CLEANUP(free_char) char *saved = save(profile, arguments->output);
    say_summary(profile, &result);
    bool failed = say_failure(&result);
    if (saved && !failed) {
        say_next(saved);
    }
    if (trained < 0 || !saved || strcmp(saved, arguments->output) != 0)
        return EXIT_CINCH;
    return exit_status(&result, failed);
}

int cmd_train(int argc, char **argv)
{
    struct arguments arguments = { .options = { .version = PACKAGE_VERSION, .say = cli_say } };
    CLEANUP(err_done) struct err err = { 0 };
    int status = EXIT_CINCH;

    if (parse_arguments(&arguments, argc, argv, &err) < 0) {
        if (err.text)
            cli_say_error(&err, "");
        cli_usage(argv[0]);
    } else if (arguments.help) {
        status = cli_print(cli_help_text(argv[0])) ? 0 : EXIT_CINCH;
    } else {
        if (!arguments.output)
            arguments.output = mem_printf("%s.cinch.json", path_name(arguments.options.argv[0]));
        if (check_output(arguments.output, &err) < 0)
            cli_say_error(&err, "");
        else
            status = train_and_save(&arguments, &err);
    }
    free(arguments.output);
    return status;
}
