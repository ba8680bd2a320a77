// SPDX-License-Identifier: LGPL-2.1-or-later
/* What cinch does to the service by signals: those that are passed on, and the end. */
#include "run/signals.h"
#include "run/training.h"
#include <signal.h>
#include <unistd.h>

#define GRACE_MS 15000 /* from SIGTERM to SIGKILL */
#define HURRY_MS 2000  /* the same from a second SIGTERM to cinch */
/* Who lives so long after SIGKILL sleeps in the kernel for good, and is not waited for. */
#define KILLED_MS 5000

/* A process group; whether one of it is traced. */
struct group {
    pid_t id;
    bool is_there;
};

static void signal_service(const struct training *training, int signal)
{
    if (training->main)
        kill(training->main, signal);
}

static void look_at_group(void *context, pid_t tid, pid_t tgid)
{
    struct group *group = context;

    (void)tgid;
    group->is_there |= getpgid(tid) == group->id;
}

/* As the terminal does: all of the service's process group, which is not ours. Its number is
 * others' once all who were of it have ended. */
static void signal_group(const struct training *training, int signal)
{
    struct group group = { .id = training->service };

    if (group.id)
        tracer_each_task(training->tracer, look_at_group, &group);
    if (group.is_there)
        kill(-group.id, signal);
    else
        signal_service(training, signal);
}

void training_ask_to_stop(struct training *training, int64_t now_ms)
{
    training->result->asked_to_stop = true;
    training->asked_ms = now_ms;
    if (join_can_stop(&training->join, training->options)) {
        training->stops_unit = true;
        training_enter(training, PHASE_STOP, now_ms);
        pid1_do(&training->join.pid1, "stop");
        return;
    }
    join_close(&training->join);
    if (training_lets_go(training)) {
        training->result->let_go = true;
        training_look_at_tasks(training);
        tracer_let_go(training->tracer);
        return;
    }
    training_enter(training, PHASE_STOP, now_ms);
    signal_service(training, SIGTERM);
}

/* SIGTSTP: the terminal is put in order before cinch stops, as any program that draws does. What is
 * typed does not reach the service, and from a terminal nobody would continue it: it is stopped. */
static void suspend(const struct training *training, bool with_service)
{
    if (training->options->show)
        training->options->show(training->options->context, NULL);
    if (with_service)
        signal_group(training, SIGSTOP);
    signals_suspend();
    if (with_service)
        signal_group(training, SIGCONT);
}

/* A service that cinch did not start is not cinch's to signal: it is let go, or stopped once. */
static void hand_on(struct training *training, const struct caught_signal *caught, int64_t now_ms)
{
    if (training->is_joined) {
        if (join_is_farewell(caught->number) && training->asked_ms < 0)
            training_ask_to_stop(training, now_ms);
    } else if (caught->from_terminal) {
        signal_group(training, caught->number);
    } else {
        signal_service(training, caught->number);
    }
}

/* Who tells it a second time to end does not want to wait. */
static void pass_on(struct training *training, const struct caught_signal *caught)
{
    int64_t now_ms = tracer_elapsed_ms(training->tracer);

    hand_on(training, caught, now_ms);
    if (!join_is_farewell(caught->number) || caught->number == SIGHUP)
        return;
    if (training->result->told_to_end && training->hurried_ms < 0)
        training->hurried_ms = now_ms;
    training->result->told_to_end = true;
}

void training_look_at_signals(struct training *training)
{
    struct caught_signal caught;

    while (signals_next(&caught)) {
        if (caught.number == SIGTSTP)
            suspend(training, caught.from_terminal && !training->is_joined);
        else if (caught.number == SIGWINCH && caught.from_terminal)
            training->watch.shown_ms = -training->watch.interval_ms; /* resized: draw at once */
        else
            pass_on(training, &caught);
    }
}

void training_check_grace(struct training *training, int64_t now_ms)
{
    bool hurried = training->hurried_ms >= 0 && now_ms - training->hurried_ms > HURRY_MS;
    int64_t grace_ms = training->stops_unit ? UNIT_STOP_MS : GRACE_MS;
    bool asked = training->asked_ms >= 0 && now_ms - training->asked_ms > grace_ms;

    if ((!hurried && !asked) || training->result->let_go)
        return;
    if (!training->result->killed)
        training->killed_ms = now_ms;
    training->result->killed = true;
    training->result->grace_ms = grace_ms;
    training->result->hurried = hurried;
    tracer_signal_all(training->tracer, SIGKILL);
}

/* Not for ever: what was learned is to be saved. */
bool training_is_given_up(const struct training *training)
{
    const struct train_result *result = training->result;

    if (!result->killed || result->let_go)
        return false;
    return tracer_elapsed_ms(training->tracer) - training->killed_ms > KILLED_MS;
}

/* What does not even end when it is killed is left where it is. */
void training_give_up(struct training *training, struct trace_event *event)
{
    training->result->left_behind = true;
    decoder_blind_spot(training->decoder, "lost-task", "it did not end when it was killed");
    *event = (struct trace_event){ .kind = TRACE_DONE, .at_ms = event->at_ms };
}
