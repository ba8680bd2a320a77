// SPDX-License-Identifier: LGPL-2.1-or-later
/* Which phase the service is in, and the signals that say so. */
#include "run/training.h"
#include <signal.h>

/* What follows a SIGHUP belongs to the reload until nothing new was done for so long, or so. */
#define RELOAD_QUIET_MS 3000
#define RELOAD_LIMIT_MS 60000
/* So long ago that time is looked at after this event. */
#define LOOK_AT_ONCE_MS 1000

void training_enter(struct training *training, enum phase phase, int64_t now_ms)
{
    if (phase == PHASE_STOP && training->phase != PHASE_STOP)
        training->result->worked_ms = now_ms;
    training->phase = phase;
    training->phases |= 1u << phase;
    tracer_count_under_way(training->tracer);
    training_forget(training, now_ms);
    decoder_set_phase(training->decoder, phase);
}

void training_reload(struct training *training, int64_t at_ms)
{
    if (!training->ready_seen || training->asked_ms >= 0)
        return;
    training->reload_ms = at_ms;
    training_enter(training, PHASE_RELOAD, at_ms);
}

void training_signalled(struct training *training, pid_t tgid, int signal, int64_t at_ms)
{
    if (tgid != training->main)
        return;
    /* The last real-time signal, 64, has no bit. */
    if (signal == SIGHUP || (signal < 64 && training->reload_signals & UINT64_C(1) << signal)) {
        training_reload(training, at_ms);
    } else if (signal == SIGTERM || signal == SIGINT || signal == SIGQUIT) {
        training_enter(training, PHASE_STOP, at_ms);
    }
}

/* sd_notify(3). What is done right after READY=1 may belong to the reload still, so that its end is
 * told by quiet, as without. */
void training_told(struct training *training, unsigned told, int64_t at_ms)
{
    if (told & NOTIFY_STOPPING) {
        training_enter(training, PHASE_STOP, at_ms);
    } else if (told & NOTIFY_RELOADING) {
        training->is_reloading = training->ready_seen;
        training_reload(training, at_ms);
    } else if (told & NOTIFY_READY) {
        training->ready.notified = true;
        training->looked_ms = at_ms - LOOK_AT_ONCE_MS;
        if (training->is_reloading)
            training->reload_ms = at_ms;
        training->is_reloading = false;
    }
}

void training_check_reload(struct training *training, int64_t now_ms)
{
    int64_t begun_ms = training->reload_ms;
    int64_t learned_ms = training->watch.changed_ms;

    if (begun_ms < 0 || training->is_reloading)
        return;
    if (now_ms - (learned_ms > begun_ms ? learned_ms : begun_ms) <= RELOAD_QUIET_MS &&
        now_ms - begun_ms <= RELOAD_LIMIT_MS)
        return;
    training->reload_ms = -1;
    if (training->phase == PHASE_RELOAD)
        training_enter(training, PHASE_SERVE, now_ms);
}

/* One that is read from a descriptor is heard of when it is sent. */
void training_listen(struct training *training, int64_t now_ms)
{
    int signal;

    if (!decoder_reads_signals(training->decoder) || training->is_deaf)
        return;
    while (training->heard && (signal = tracer_next_signal(training->tracer)) != 0)
        training_signalled(training, training->heard, signal, now_ms);
    if (training->heard == training->main)
        return;
    training->heard = training->main;
    training->is_deaf = !tracer_watch_signals(training->tracer, training->main);
}
