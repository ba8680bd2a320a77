// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * One training run as a small state machine over the tracer's events:
 *
 *     start --ready--> serve (workload runs) --workload or duration over--> stop --all ended-->
 * done
 *
 * Time passes only through events and ticks, so nothing here sleeps.
 */
#include "run/signals.h"
#include "run/training.h"
#include "run/workload.h"
#include <cinch/elf.h>
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TICK_MS 50
/* What a service that nobody stopped does at its very end. */
#define ENDING_MS 500
/* A service that is not ready by then never will be: systemd's own DefaultTimeoutStartSec=. */
#define READY_TIMEOUT_MS 90000

static void say(const struct training *training, char *line)
{
    if (training->options->say)
        training->options->say(training->options->context, line, false);
    free(line);
}

/* Likewise of something that went wrong; NULL: nothing did. */
static void say_problem(const struct training *training, char *line)
{
    if (training->options->say && line)
        training->options->say(training->options->context, line, true);
    free(line);
}

/* As a shell says it: the exit status, or 128 and the signal. */
static int shell_status(int status)
{
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static void became_ready(struct training *training, int64_t now_ms, struct err *err)
{
    const char *workload = training->options->workload;
    CLEANUP(free_char) char *how = ready_describe(&training->ready);
    CLEANUP(free_char) char *shown = text_encode_string(how);

    training->ready_seen = true;
    training->result->ready_ms = now_ms;
    training_enter(training, PHASE_SERVE, now_ms);
    if (!training->options->pid) /* it was before we came */
        say(training, mem_printf("ready after %.1f s (%s)%s", (double)now_ms / 1000, shown,
                                 workload ? "; running the workload" : ""));
    else if (workload)
        say(training, mem_strdup("running the workload"));
    if (!workload)
        return;
    tracer_settle(training->tracer);
    pid_t pid = workload_start(workload, training->main, err);
    if (pid > 0)
        training->workload = pid;
    else
        training_ask_to_stop(training, now_ms);
}

static void on_workload_end(struct training *training, int status, int64_t now_ms)
{
    training->workload = 0;
    training->result->workload_status = shell_status(status);
    training_ask_to_stop(training, now_ms);
}

/* ---- what time brings ---- */

static bool is_of_service(const void *tracer, pid_t pid)
{
    return tracer_knows_process(tracer, pid);
}

static void check_ready(struct training *training, int64_t now_ms, struct err *err)
{
    ready_hear(&training->ready, is_of_service, training->tracer);
    if (training->ready_seen || training->asked_ms >= 0 ||
        (training->is_joined && !training->join.is_seeded))
        return;
    if (ready_now(&training->ready, training->main, decoder_listen_count(training->decoder), now_ms,
                  now_ms - training->last_event_ms) &&
        join_has_started(&training->join)) {
        became_ready(training, now_ms, err);
    } else if (training->options->workload && now_ms > READY_TIMEOUT_MS &&
               !join_is_starting(&training->join)) {
        training_ask_to_stop(training, now_ms);
    }
}

static void check_time(struct training *training, int64_t now_ms)
{
    int64_t duration_ms = training->options->duration_ms;

    training_check_reload(training, now_ms);
    if (duration_ms && now_ms >= duration_ms && training->asked_ms < 0)
        training_ask_to_stop(training, now_ms);
    training_check_grace(training, now_ms);
}

/* What is in the profile when the training is cut off here. In a checkpoint's own process. */
static void prepare_checkpoint(void *context)
{
    struct training *training = context;

    decoder_cut_off(training->decoder);
    training_record(training, tracer_elapsed_ms(training->tracer), false);
    training_take_census(training);
}

/* Grows with all that a checkpoint would have more than the last one. */
static uint64_t change_count(const struct training *training)
{
    return profile_change_count(training->profile) + decoder_call_kinds(training->decoder);
}

/* Saves and shows what was learned so far. */
static void keep_up(struct training *training, int64_t now_ms)
{
    struct progress progress;

    progress_look(&training->watch, training->profile, now_ms);
    checkpoint_check(&training->checkpoint, now_ms);
    const uint64_t changes = change_count(training);
    if (training->started && checkpoint_is_due(&training->checkpoint, changes, now_ms))
        say_problem(training, checkpoint_begin(&training->checkpoint, training->profile, changes,
                                               now_ms, prepare_checkpoint, training));
    if (!training->options->show || !progress_is_due(&training->watch, now_ms))
        return;
    progress_take(&training->watch, training->profile, training->tracer, training->stops,
                  &progress);
    progress.phase = training->phase;
    training->options->show(training->options->context, &progress);
}

/* ---- what the service does ---- */

static void on_gone(struct training *training, const struct trace_event *event)
{
    if (event->tid == training->service) {
        training->ended = true;
        training->result->status = event->status;
    }
    if (event->tid != training->main)
        return;
    /* A daemon's first process ends when the daemon is up (Type=forking): its eldest goes on. */
    training->main = tracer_eldest(training->tracer);
    /* The rest of what was asked to stop is asked too, as KillMode=control-group does. */
    if (training->asked_ms >= 0 && !training->result->let_go && !training->stops_unit)
        tracer_signal_all(training->tracer, SIGTERM);
}

static void on_child(struct training *training, const struct trace_event *event)
{
    if (event->tid == training->workload)
        on_workload_end(training, event->status, event->at_ms);
    else if (event->tid == training->checkpoint.child)
        say_problem(training, checkpoint_end(&training->checkpoint, event->status, event->at_ms));
}

static void on_event(struct training *training, const struct trace_event *event, struct err *err)
{
    pid_t filtering, taken_by;
    bool watch;
    int signal;

    training->stops += event->kind != TRACE_TICK;
    if (event->kind == TRACE_CHILD)
        on_child(training, event);
    if (event->kind == TRACE_SIGNAL)
        training_signalled(training, event->tgid, event->signal, event->at_ms);
    if (event->kind == TRACE_GONE)
        on_gone(training, event);
    training_listen(training, event->at_ms);
    bool want_exit = decoder_event(training->decoder, event);
    training_told(training, decoder_notified(training->decoder), event->at_ms);
    bool was_started = training->started;
    training_arrived(training, event);
    if (!was_started && training->started && !training->is_joined)
        say(training, mem_printf("the service is traced: should cinch be killed, it ends too"));
    if ((signal = decoder_taken_signal(training->decoder, &taken_by)) != 0)
        training_signalled(training, taken_by, signal, event->at_ms);
    while (decoder_own_filter(training->decoder, &filtering))
        tracer_stop_everywhere(training->tracer, filtering, filtering != event->tid);
    while (decoder_watch(training->decoder, &filtering, &watch))
        tracer_watch(training->tracer, filtering, watch);
    training_remember(training, event);
    if (event->kind != TRACE_TICK && event->kind != TRACE_CHILD)
        training->last_event_ms = event->at_ms ? event->at_ms : 1;
    tracer_resume(training->tracer, event, want_exit);
    /* A busy service leaves no ticks: time is looked at between its events too. */
    if (event->kind == TRACE_TICK || event->at_ms - training->looked_ms >= TICK_MS) {
        training->looked_ms = event->at_ms;
        training_collect_counts(training);
        training_look_at_signals(training);
        if (training->is_joined)
            training_look_at_gate(training);
        check_ready(training, event->at_ms, err);
        check_time(training, event->at_ms);
        keep_up(training, event->at_ms);
    }
}

static int follow(struct training *training, struct err *err)
{
    struct trace_event event;
    int result;

    while ((result = tracer_next(training->tracer, &event, err)) == 0 &&
           !training_is_given_up(training) &&
           (event.kind != TRACE_DONE || training_goes_on(training)) &&
           !(training->result->let_go &&
             join_is_overdue(&training->join, training->tracer, training->asked_ms)))
        if (event.kind != TRACE_DONE)
            on_event(training, &event, err);
    if (result == 0 && event.kind != TRACE_DONE && !training->result->let_go)
        training_give_up(training, &event);
    if (result == 0)
        decoder_event(training->decoder, &event); /* calls that never ended are written now */
    training->result->duration_ms = tracer_elapsed_ms(training->tracer);
    training_forget_all(training, training->result->duration_ms);
    return result;
}

static void warn_of_start(const struct training *training)
{
    CLEANUP(strings_done) struct strings lines = { 0 };

    start_warn(training->options, &training->start, &lines);
    for (size_t i = 0; i < lines.count; i++)
        say_problem(training, mem_strdup(lines.items[i]));
}

/* Starts the service, or joins one. Its pid; -errno with `err`. */
static pid_t begin(struct training *training, struct err *err)
{
    const struct train_options *options = training->options;
    const struct trace_spawn spawn = { .argv = options->argv,
                                       .user = training->start.user,
                                       .group = training->start.group,
                                       .surroundings = &training->start.surroundings,
                                       .no_io_uring = options->no_io_uring };

    training_watch_capabilities(training);
    if (!training->is_joined) {
        warn_of_start(training);
        training_stop_only_where_needed(training);
        pid_t pid = tracer_spawn(training->tracer, &spawn, err);
        signals_catch(TICK_MS);
        return pid;
    }
    signals_catch(TICK_MS);
    training->started = options->pid != 0;
    if (options->gate && !options->let_go)
        training_stop_only_where_needed(training);
    pid_t pid = join_start(&training->join, options, training->tracer, err);
    training->reload_signals = pid1_reload_signals(&training->join.pid1);
    return pid;
}

/* What the unit does once nobody traces it. */
static void look_after_unit(struct training *training)
{
    struct join *join = &training->join;

    if (!join->pid1.unit || training->result->let_go)
        return;
    join_close(join);
    /* It runs always, and it was us who stopped it. */
    bool again = training->stops_unit && pid1_property_is(&join->pid1, "Restart", "always");
    if (again)
        pid1_do_now(&join->pid1, "start");
    training->result->runs_on = again || (!training->stops_unit && join_runs_on(join));
}

static int train_traced(struct training *training, struct err *err)
{
    pid_t pid = begin(training, err);

    if (pid < 0) {
        signals_release();
        training->result->exec_error = tracer_exec_error(training->tracer);
        return pid;
    }
    training->started_at = time(NULL);
    training_record_denials(training);
    training->service = pid;
    training->main = pid;
    int result = follow(training, err);
    signals_release();
    training_settle_workload(training);
    checkpoint_done(&training->checkpoint);
    training->result->exec_error = tracer_exec_error(training->tracer);
    if (training->result->exec_error)
        return result;
    if (result == 0)
        result = tracer_launch_error(training->tracer, err);
    if (result < 0 && !training->started)
        return result;
    if (!training->started && training->is_joined)
        return err_set(err, ENOEXEC, "the gate could not execute its command; see the unit's log");
    training->result->never_ready =
        !training->ready_seen && (training->options->workload || training->options->has_ready);
    if (training->phase != PHASE_STOP) /* it ended by itself: how it did so is no work either */
        training->result->worked_ms = training->result->duration_ms - ENDING_MS;
    training_record(training, training->result->duration_ms, result == 0);
    training_take_census(training);
    look_after_unit(training);
    return result;
}

/* How it is known to be ready, and what is around it. */
static int prepare(struct training *training, struct err *err)
{
    const struct train_options *options = training->options;
    struct ready_spec ready = options->ready;

    if (training->is_joined) {
        ready_observe(&training->ready, &ready);
        return 0;
    }
    ready.notifies = options->settings && start_notifies(options->settings);
    int result = ready_init(&training->ready, &ready, err);
    return result < 0 ? result : start_read(options, &training->start, err);
}

int train(const struct train_options *options, struct profile *profile, struct train_result *ret,
          struct err *err)
{
    struct training training = { .options = options,
                                 .result = ret,
                                 .profile = profile,
                                 .asked_ms = -1,
                                 .phases = options->pid ? 0 : 1u << PHASE_START,
                                 .reload_ms = -1,
                                 .hurried_ms = -1,
                                 .join = { .gate = GATE_NONE, .pid1 = PID1_NONE },
                                 .watch = { .interval_ms = options->progress_ms } };

    *ret = (struct train_result){ .workload_status = -1, .ready_ms = -1 };
    training_make_id(training.run_id);
    checkpoint_init(&training.checkpoint, options->checkpoint);
    training.tracer = tracer_new(err);
    if (!training.tracer)
        return -ENOSYS;
    training.decoder = decoder_new(profile, tracer_ops(training.tracer), training.run_id);
    if (geteuid() != 0)
        decoder_without_privileges(training.decoder);
    decoder_inspect_with(training.decoder, elf_inspect, program_fact_done);
    training.is_joined = ret->joined = join_is_wanted(options);
    int result = prepare(&training, err);
    if (options->pid)
        training_enter(&training, PHASE_SERVE, 0);
    if (training.ready.notify_path)
        decoder_alias(training.decoder, training.ready.notify_path, "/run/systemd/notify");
    decoder_notify_socket(training.decoder, training.ready.notify_path);
    if (result == 0)
        result = train_traced(&training, err);
    ready_done(&training.ready);
    join_done(&training.join);
    start_done(&training.start);
    decoder_free(training.decoder);
    tracer_free(training.tracer);
    return result;
}
