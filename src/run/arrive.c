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
    ready_meet(&training->ready, tracer_home_root(training->tracer), notify_path, event->at_ms);
}

bool training_goes_on(struct training *training)
{
    const struct train_options *options = training->options;

    if (!training->is_joined || training->asked_ms >= 0)
        return false;
    if (join_await(&training->join, options, training->tracer, training->decoder))
        return true;
    if (options->duration_ms && tracer_elapsed_ms(training->tracer) >= options->duration_ms)
        training->result->asked_to_stop = true;
    return false;
}
