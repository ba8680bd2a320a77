// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cli/cli.h"
#include "cli/status.h"
#include "cli/summary.h"
#include "cli/train_arguments.h"
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

/* What the callbacks of a training get. */
struct voice {
    struct status status;
    bool quiet;
};

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
static int train_visibly(const struct train_arguments *arguments, struct profile *profile,
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
static char *save_whole(const struct profile *profile, const struct train_arguments *arguments,
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
static char *save(const struct profile *profile, const struct train_arguments *arguments,
                  bool failed)
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

static int cannot_run(const struct train_arguments *arguments, int code, const struct err *err)
{
    CLEANUP(free_char)
    char *why = mem_printf("cannot run %s: %s", arguments->options.argv[0], strerror(code));

    cli_say_error(err, why);
    return code == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE;
}

static int train_and_save(const struct train_arguments *arguments, struct err *err)
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
    summary_say_collapsed(profile);
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

static int train_checked(struct train_arguments *arguments, struct err *err)
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
    struct train_arguments arguments = { .options = { .version = PACKAGE_VERSION } };
    CLEANUP(err_done) struct err err = { 0 };
    int status = EXIT_CINCH;

    signals_survive();
    if (train_arguments_parse(&arguments, argc, argv, &err) < 0) {
        if (err.text)
            cli_say_error(&err, "");
        cli_usage(argv[0]);
    } else if (arguments.help) {
        status = cli_print(help_text(argv[0])) ? 0 : EXIT_CINCH;
    } else {
        status = train_checked(&arguments, &err);
    }
    train_arguments_done(&arguments);
    return status;
}
