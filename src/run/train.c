// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * One training run as a small state machine over the tracer's events:
 *
 *     start --ready--> serve (workload runs) --workload or duration over--> stop --all ended-->
 * done
 *
 * Time passes only through events and ticks, so nothing here sleeps.
 */
#include "run/ready.h"
#include "run/signals.h"
#include "run/workload.h"
#include <cinch/decode.h>
#include <cinch/elf.h>
#include <cinch/host.h>
#include <cinch/run.h>
#include <cinch/trace.h>
#include <errno.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TICK_MS 50
/* From SIGTERM to SIGKILL. */
#define GRACE_MS 15000
/* A service that is not ready by then never will be: systemd's own DefaultTimeoutStartSec=. */
#define READY_TIMEOUT_MS 90000
/* What happens this long after a SIGHUP belongs to the reload. */
#define RELOAD_MS 5000

struct training {
    const struct train_options *options;
    struct train_result *result;
    struct profile *profile;
    struct tracer *tracer;
    struct decoder *decoder;
    struct ready ready;
    char run_id[33];
    pid_t service;  /* its first process */
    pid_t main;     /* the one that signals go to: the first, or what it left behind; 0: none */
    pid_t workload; /* 0: not running */
    bool started;   /* its program runs */
    bool ready_seen;
    int64_t last_event_ms; /* for "idle" */
    int64_t looked_ms;     /* when time was last looked at */
    int64_t asked_ms;      /* when SIGTERM was sent, -1 before */
    int64_t reload_ms;     /* when a SIGHUP was seen, -1: no reload under way */
};

static void say(const struct training *training, char *line)
{
    if (training->options->say)
        training->options->say(line);
    free(line);
}

/* ---- the run record ---- */

/* As a shell says it: the exit status, or 128 and the signal. */
static int shell_status(int status)
{
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static void make_run_id(char *id)
{
    unsigned char random[16];

    if (getrandom(random, sizeof(random), 0) != sizeof(random))
        memset(random, 0, sizeof(random));
    for (size_t i = 0; i < sizeof(random); i++)
        snprintf(id + 2 * i, 3, "%02x", random[i]);
}

static void record_environment(struct run *run)
{
    static const char *const variables[] = { "JOURNAL_STREAM", "LISTEN_FDS", "NOTIFY_SOCKET",
                                             "WATCHDOG_USEC" };

    for (size_t i = 0; i < ELEMENTS_OF(variables); i++)
        if (getenv(variables[i]))
            strings_add(&run->environment, variables[i]);
}

static uid_t service_uid(const char *name, char **ret_name)
{
    const struct passwd *user = name ? getpwnam(name) : getpwuid(geteuid());

    *ret_name = mem_strdup(user ? user->pw_name : "");
    return user ? user->pw_uid : geteuid();
}

static void record_run(struct training *training, time_t started, bool complete)
{
    const struct train_result *result = training->result;
    CLEANUP(free_char) char *cwd = getcwd(NULL, 0);
    CLEANUP(free_char)
    char *ready = training->ready_seen ? ready_describe(&training->ready) : mem_strdup("");
    CLEANUP(free_char) char *user = NULL;
    struct run run = {
        .id = training->run_id,
        .cwd = cwd,
        .uid = service_uid(training->options->user, &user),
        .workload = (char *)(uintptr_t)training->options->workload,
        .ready = ready,
        .cinch = (char *)(uintptr_t)training->options->version,
        .started = started,
        .ready_ms = result->ready_ms,
        .duration_ms = result->duration_ms,
        .exit_status = WIFEXITED(result->status) ? WEXITSTATUS(result->status) : -1,
        .signal = WIFSIGNALED(result->status) ? WTERMSIG(result->status) : 0,
        .workload_status = result->workload_status,
        .complete = complete,
    };

    run.user = user;
    for (char *const *argument = training->options->argv; *argument; argument++)
        strings_add(&run.command, *argument);
    record_environment(&run);
    profile_add_run(training->profile, &run);
    strings_done(&run.command);
    strings_done(&run.environment);
}

/* ---- what cinch does to the service ---- */

static void signal_service(const struct training *training, int signal)
{
    if (training->main)
        kill(training->main, signal);
}

static void ask_to_stop(struct training *training, int64_t now_ms)
{
    training->result->asked_to_stop = true;
    training->asked_ms = now_ms;
    decoder_set_phase(training->decoder, PHASE_STOP);
    signal_service(training, SIGTERM);
}

static void became_ready(struct training *training, int64_t now_ms, struct err *err)
{
    const char *workload = training->options->workload;
    CLEANUP(free_char) char *how = ready_describe(&training->ready);
    CLEANUP(free_char) char *shown = text_encode_string(how);

    training->ready_seen = true;
    training->result->ready_ms = now_ms;
    decoder_set_phase(training->decoder, PHASE_SERVE);
    say(training, mem_printf("ready after %.1f s (%s)%s", (double)now_ms / 1000, shown,
                             workload ? "; running the workload" : ""));
    if (!workload)
        return;
    pid_t pid = workload_start(workload, training->main, err);
    if (pid > 0)
        training->workload = pid;
    else
        ask_to_stop(training, now_ms);
}

static void on_workload_end(struct training *training, int status, int64_t now_ms)
{
    training->workload = 0;
    training->result->workload_status = shell_status(status);
    ask_to_stop(training, now_ms);
}

/* ---- what time brings ---- */

static void check_ready(struct training *training, int64_t now_ms, struct err *err)
{
    if (training->ready_seen || training->asked_ms >= 0)
        return;
    if (ready_now(&training->ready, training->main, decoder_listen_count(training->decoder), now_ms,
                  now_ms - training->last_event_ms)) {
        became_ready(training, now_ms, err);
    } else if (training->options->workload && now_ms > READY_TIMEOUT_MS) {
        training->result->never_ready = true;
        ask_to_stop(training, now_ms);
    }
}

static void check_time(struct training *training, int64_t now_ms)
{
    int64_t duration_ms = training->options->duration_ms;

    if (training->reload_ms >= 0 && now_ms - training->reload_ms > RELOAD_MS) {
        training->reload_ms = -1;
        if (training->asked_ms < 0)
            decoder_set_phase(training->decoder, PHASE_SERVE);
    }
    if (duration_ms && now_ms >= duration_ms && training->asked_ms < 0)
        ask_to_stop(training, now_ms);
    if (training->asked_ms >= 0 && now_ms - training->asked_ms > GRACE_MS) {
        training->result->killed = true;
        tracer_signal_all(training->tracer, SIGKILL);
    }
}

static void pass_signals_on(struct training *training)
{
    int signal;

    while ((signal = signals_next()) != 0)
        signal_service(training, signal);
}

/* ---- what the service does ---- */

/* A signal reached a process of the service, delivered or waited for. */
static void on_signal(struct training *training, pid_t tgid, int signal, int64_t at_ms)
{
    if (tgid != training->main)
        return;
    if (signal == SIGHUP && training->ready_seen && training->asked_ms < 0) {
        training->reload_ms = at_ms;
        decoder_set_phase(training->decoder, PHASE_RELOAD);
    } else if (signal == SIGTERM || signal == SIGINT || signal == SIGQUIT) {
        decoder_set_phase(training->decoder, PHASE_STOP);
    }
}

static void on_gone(struct training *training, const struct trace_event *event)
{
    if (event->tid == training->service)
        training->result->status = event->status;
    if (event->tid != training->main)
        return;
    /* A daemon's first process ends when the daemon is up (Type=forking): its eldest goes on. */
    training->main = tracer_eldest(training->tracer);
    /* The rest of what was asked to stop is asked too, as KillMode=control-group does. */
    if (training->asked_ms >= 0)
        tracer_signal_all(training->tracer, SIGTERM);
}

static void on_event(struct training *training, const struct trace_event *event, struct err *err)
{
    pid_t filtering, taken_by;
    int signal;

    if (event->kind == TRACE_CHILD && event->tid == training->workload)
        on_workload_end(training, event->status, event->at_ms);
    if (event->kind == TRACE_SIGNAL)
        on_signal(training, event->tgid, event->signal, event->at_ms);
    if (event->kind == TRACE_GONE)
        on_gone(training, event);
    ready_watch(&training->ready, tracer_ops(training->tracer), event);
    bool want_exit = decoder_event(training->decoder, event);
    if (event->kind == TRACE_EXEC && !training->started) {
        training->started = true;
        decoder_inherit(training->decoder, event->tid);
    }
    if ((signal = decoder_taken_signal(training->decoder, &taken_by)) != 0)
        on_signal(training, taken_by, signal, event->at_ms);
    while (decoder_own_filter(training->decoder, &filtering))
        tracer_stop_everywhere(training->tracer, filtering);
    if (event->kind != TRACE_TICK)
        training->last_event_ms = event->at_ms ? event->at_ms : 1;
    tracer_resume(training->tracer, event, want_exit);
    /* A busy service leaves no ticks: time is looked at between its events too. */
    if (event->kind == TRACE_TICK || event->at_ms - training->looked_ms >= TICK_MS) {
        training->looked_ms = event->at_ms;
        pass_signals_on(training);
        check_ready(training, event->at_ms, err);
        check_time(training, event->at_ms);
    }
}

static int follow(struct training *training, struct err *err)
{
    struct trace_event event;
    int result;

    while ((result = tracer_next(training->tracer, &event, err)) == 0 && event.kind != TRACE_DONE)
        on_event(training, &event, err);
    if (result == 0)
        decoder_event(training->decoder, &event); /* calls that never ended are written now */
    training->result->duration_ms = tracer_elapsed_ms(training->tracer);
    return result;
}

/* The service is gone; what its workload still does proves nothing. */
static void settle_workload(struct training *training)
{
    const struct train_options *options = training->options;

    if (training->workload) {
        workload_kill(training->workload);
        waitpid(training->workload, NULL, 0);
        training->workload = 0;
    }
    bool over = training->result->asked_to_stop;
    training->result->ended_early = (options->workload || options->duration_ms) && !over;
}

static int train_traced(struct training *training, struct err *err)
{
    const struct trace_spawn spawn = { .argv = training->options->argv,
                                       .user = training->options->user };
    time_t started = time(NULL);
    pid_t pid = tracer_spawn(training->tracer, &spawn, err);

    if (pid < 0) {
        training->result->exec_error = tracer_exec_error(training->tracer);
        return pid;
    }
    training->service = pid;
    training->main = pid;
    signals_catch(TICK_MS);
    int result = follow(training, err);
    signals_release();
    settle_workload(training);
    training->result->exec_error = tracer_exec_error(training->tracer);
    if (training->result->exec_error)
        return result;
    record_run(training, started, result == 0);
    host_census(training->profile);
    return result;
}

int train(const struct train_options *options, struct profile *profile, struct train_result *ret,
          struct err *err)
{
    struct training training = {
        .options = options, .result = ret, .profile = profile, .asked_ms = -1, .reload_ms = -1
    };

    *ret = (struct train_result){ .workload_status = -1, .ready_ms = -1 };
    make_run_id(training.run_id);
    training.tracer = tracer_new(err);
    if (!training.tracer)
        return -ENOSYS;
    training.decoder = decoder_new(profile, tracer_ops(training.tracer), training.run_id);
    decoder_inspect_with(training.decoder, elf_inspect, program_fact_done);
    int result = ready_init(&training.ready, &options->ready, err);
    if (training.ready.notify_path)
        decoder_alias(training.decoder, training.ready.notify_path, "/run/systemd/notify");
    if (result == 0)
        result = train_traced(&training, err);
    ready_done(&training.ready);
    decoder_free(training.decoder);
    tracer_free(training.tracer);
    return result;
}
