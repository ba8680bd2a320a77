// SPDX-License-Identifier: LGPL-2.1-or-later
#include "run/join.h"
#include "run/gate.h"
#include "run/signals.h"
#include "run/subject.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>

/* A task that sleeps in the kernel comes to its first stop late: the others' past is not kept
 * waiting for it. */
#define SETTLE_MS 1000
/* Tasks that cannot be let go by then, for they sleep in the kernel, it lets go when cinch ends. */
#define LET_GO_MS 3000

static void say(const struct train_options *options, char *line)
{
    if (options->say && line)
        options->say(options->context, line, false);
    free(line);
}

bool join_is_wanted(const struct train_options *options)
{
    return options->pid || options->gate;
}

static pid_t join_running(struct join *join, const struct train_options *options,
                          struct tracer *tracer, struct err *err)
{
    bool whole = true;
    int result = tracer_attach(tracer, options->pid, &whole, err);

    if (result < 0)
        return result;
    subject_read(options->pid, &join->subject);
    join->is_known = true;
    join->is_whole = whole;
    say(options, mem_printf("process %d is traced (%zu tasks): it runs on when cinch ends",
                            (int)options->pid, tracer_task_count(tracer)));
    return options->pid;
}

bool join_is_farewell(int signal)
{
    return signal == SIGINT || signal == SIGTERM || signal == SIGQUIT || signal == SIGHUP;
}

static bool is_interrupted(void)
{
    bool ended = false;
    struct caught_signal caught;

    while (signals_next(&caught))
        ended |= join_is_farewell(caught.number);
    return ended;
}

/* Lets in the first that is the right one; the others execute untraced, or fail, as their gate was
 * told. */
static pid_t wait_at(struct gate *gate, const struct train_options *options, struct err *err)
{
    for (;;) {
        CLEANUP(err_done) struct err refused = { 0 };
        struct pollfd knocks = { .fd = gate->listen_fd, .events = POLLIN };
        if (is_interrupted())
            return err_set(err, EINTR, "no service came to the gate %s", options->gate);
        if (poll(&knocks, 1, -1) < 0)
            continue; /* the tick */
        pid_t pid = gate_admit(gate, options->unit, &refused);
        if (pid > 0)
            return pid;
        if (pid < 0)
            say(options, mem_strdup(refused.text));
    }
}

static pid_t join_at_gate(const struct train_options *options, struct tracer *tracer,
                          struct err *err)
{
    struct gate gate;
    int result = gate_open(&gate, options->gate, err);

    if (result == 0)
        say(options, mem_printf("waiting for a service at %s; start it now", options->gate));
    pid_t pid = result < 0 ? result : wait_at(&gate, options, err);
    if (pid > 0)
        result = tracer_take(tracer, pid, gate.peer_pidfd, err);
    if (pid > 0 && result == 0)
        result = gate_go(&gate, err);
    gate_done(&gate);
    if (pid > 0 && result == 0)
        say(options,
            mem_printf("the service, process %d, is traced: it runs on when cinch ends", (int)pid));
    return result < 0 ? result : pid;
}

pid_t join_start(struct join *join, const struct train_options *options, struct tracer *tracer,
                 struct err *err)
{
    pid_t pid = options->pid ? join_running(join, options, tracer, err)
                             : join_at_gate(options, tracer, err);

    join->seized_ms = tracer_elapsed_ms(tracer);
    join->is_seeded = !options->pid;
    join->service = pid;
    return pid;
}

static void seed_task(void *context, pid_t tid, pid_t tgid)
{
    decoder_seed(context, tid, tgid);
}

static void seed(struct join *join, struct tracer *tracer, struct decoder *decoder)
{
    const struct strings *command = &join->subject.command;

    tracer_each_task(tracer, seed_task, decoder);
    decoder_blind_spot(decoder, "attached-late", command->count ? command->items[0] : "");
    if (!join->is_whole)
        decoder_blind_spot(decoder, "lost-task", "a task of the tree could not be traced");
    join->is_seeded = true;
}

void join_look(struct join *join, struct tracer *tracer, struct decoder *decoder, bool has_started)
{
    if (!join->is_known && has_started) {
        subject_read(join->service, &join->subject);
        join->is_known = true;
    }
    if (!join->is_seeded &&
        (tracer_is_settled(tracer) || tracer_elapsed_ms(tracer) - join->seized_ms > SETTLE_MS))
        seed(join, tracer, decoder);
}

bool join_is_overdue(const struct tracer *tracer, bool is_joined, int64_t asked_ms)
{
    return is_joined && asked_ms >= 0 && tracer_elapsed_ms(tracer) - asked_ms > LET_GO_MS;
}

void join_done(struct join *join)
{
    subject_done(&join->subject);
}
