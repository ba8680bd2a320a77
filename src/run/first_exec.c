// SPDX-License-Identifier: LGPL-2.1-or-later
/* A service that its manager starts, command by command (ExecStartPre=, ExecStart=, ExecReload=,
 * ...): who of them is the service, and when the last has come. */
#include "run/subject.h"
#include "run/training.h"

bool training_lets_go(const struct training *training)
{
    return training->is_joined && !tracer_must_stay(training->tracer);
}

/* Whether a command comes after the service and not before it. systemd tells those the main process
 * ($MAINPID, systemd.exec(5)) where it knows it; and what a command before the service leaves
 * running it kills (systemd.service(5), ExecStartPre=), so whoever lives on is the service: a
 * daemon whose first process has ended (Type=forking). */
static bool comes_after(const struct training *training, pid_t pid)
{
    CLEANUP(free_char) char *told = subject_variable(pid, "MAINPID");

    return told || (training->main && training->main != pid);
}

void training_arrived(struct training *training, const struct trace_event *event)
{
    struct join *join = &training->join;
    bool arrived = training->is_joined ? join_arrived(join, event)
                                       : event->kind == TRACE_EXEC && !training->started;

    if (!arrived)
        return;
    bool is_first = !training->started;
    training->started = true;
    decoder_inherit(training->decoder, event->tid);
    /* Of those that start the unit the last that comes is the service: when it comes, the others
     * have ended. What comes later serves it (ExecReload=), or cleans up after it. */
    if (!training->is_joined || (!is_first && (!training->ended || training->phase != PHASE_START ||
                                               comes_after(training, event->tid))))
        return;
    training->service = training->main = event->tid;
    training->ended = false;
    join_meet(join, event->tid);
    char *notify_path = subject_variable(event->tid, "NOTIFY_SOCKET");
    decoder_notify_socket(training->decoder, notify_path);
    ready_meet(&training->ready, tracer_mount_ns_root(training->tracer), notify_path, event->at_ms);
}

/* PID 1 says why the unit's next command is run: to reload it, or to stop it. */
static void heed_unit(struct training *training)
{
    const struct pid1 *pid1 = &training->join.pid1;
    int64_t now_ms = tracer_elapsed_ms(training->tracer);

    if (pid1->answers == training->heeded)
        return;
    training->heeded = pid1->answers;
    if (pid1_property_is(pid1, "ActiveState", "reloading"))
        training_reload(training, now_ms);
    else if (pid1_property_is(pid1, "ActiveState", "deactivating") && training->phase != PHASE_STOP)
        training_enter(training, PHASE_STOP, now_ms);
}

void training_look_at_gate(struct training *training)
{
    join_look(&training->join, training->options, training->tracer, training->decoder);
    heed_unit(training);
}

bool training_goes_on(struct training *training)
{
    int64_t duration_ms = training->options->duration_ms, until_ms = -1;

    if (!training->is_joined || (training->asked_ms >= 0 && !training->stops_unit))
        return false;
    if (training->asked_ms >= 0)
        until_ms = training->asked_ms + UNIT_STOP_MS;
    else if (duration_ms)
        until_ms = duration_ms;
    bool goes_on = join_await(&training->join, training->options, training->tracer,
                              training->decoder, until_ms);
    heed_unit(training);
    if (!goes_on && duration_ms && tracer_elapsed_ms(training->tracer) >= duration_ms)
        training->result->asked_to_stop = true;
    return goes_on;
}
