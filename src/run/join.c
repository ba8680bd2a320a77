// SPDX-License-Identifier: LGPL-2.1-or-later
#include "run/join.h"
#include "run/signals.h"
#include "run/subject.h"
#include <cinch/systemd.h>
#include <errno.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* A task that sleeps in the kernel comes to its first stop late: the others' past is not kept
 * waiting for it. */
#define SETTLE_MS 1000
/* When none could be let go for so long: those that are left sleep in the kernel, which lets them
 * go when cinch ends. On a busy machine each is waited for: so ended, a call may fail with EINTR.
 */
#define LET_GO_MS      3000
#define LET_GO_MOST_MS 60000
/* While nothing is traced: how often to look whether the unit has ended. */
#define AWAIT_MS 50
/* How often PID 1 is asked while its word is waited for. */
#define ASK_MS 200
/* So long a unit may take to be there: one that systemd-run makes, or whose file is just being
 * installed. */
#define UNIT_SECONDS 10
/* The same while a start is waited for. */
#define ASK_START_MS 500
/* A unit's next command follows at once. Its control group may stay although it has ended: the
 * service manager could not remove it while an end was not yet told. */
#define EMPTY_MS 2000

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

    if (options->no_io_uring && tracer_deny_io_uring(tracer) < 0)
        return err_set(err, ENOTSUP, "--no-io-uring goes with --pid on x86-64 only");
    int result = tracer_attach(tracer, options->pid, &whole, err);
    if (result < 0)
        return result;
    subject_read(options->pid, &join->subject);
    join->is_whole = whole;
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

/* Has the gate that was admitted seized and sent on its way. A gate that fails here runs its
 * command untraced, or fails, as it was told. */
static int let_in(struct join *join, const struct train_options *options, struct tracer *tracer,
                  pid_t pid, struct err *err)
{
    struct trace_program programs[2];
    const struct trace_take take = { .pid = pid,
                                     .pidfd = join->gate.peer_pidfd,
                                     .may_filter = !options->let_go,
                                     .no_io_uring = options->no_io_uring };
    int result = tracer_take(tracer, &take, err);

    if (result == 0) {
        result = gate_go(&join->gate, programs, tracer_programs(tracer, pid, programs), err);
        tracer_taken(tracer, pid, result == 0);
    }
    gate_dismiss(&join->gate);
    if (result == 0)
        join->arriving = pid;
    return result;
}

/* Whether PID 1 has said what it does with the unit since the process was admitted: start, reload
 * or stop it. The process waits for that, so that all it does is in the right phase. */
static bool is_due(struct join *join)
{
    (void)pid1_answered(&join->pid1);
    if (!join->pid1.unit || join->pid1.answers >= join->held)
        return true;
    pid1_ask_after(&join->pid1, 0);
    return false;
}

/* Lets in the next one that is right, and says who was not. Its pid; 0: nobody; -errno with `err`:
 * the socket failed. */
static pid_t admit(struct join *join, const struct train_options *options, struct tracer *tracer,
                   struct err *err)
{
    CLEANUP(err_done) struct err failed = { 0 };

    tracer_let_go_late(tracer);
    if (!join->gate.peer) {
        char *refused;
        pid_t pid = gate_admit(&join->gate, join->pid1.unit, &refused, err);
        say(options, refused);
        if (pid <= 0)
            return pid;
        join->held = join->pid1.answers + (join->pid1.fd >= 0 ? 2 : 1);
    }
    pid_t pid = join->gate.peer;
    if (!is_due(join))
        return 0;
    if (let_in(join, options, tracer, pid, &failed) == 0)
        return pid;
    say(options, mem_strdup(failed.text));
    return 0;
}

/* Why no start will come to the gate, the caller's; NULL as long as one may. */
static char *missed(struct join *join, const char *before, int64_t *since_ms)
{
    bool is_new = pid1_answered(&join->pid1);

    pid1_ask_after(&join->pid1, ASK_START_MS);
    if (!is_new || join->gate.peer || join->gate.count)
        return NULL;
    return pid1_failed_start(&join->pid1, before, since_ms);
}

/* Nobody ends the waiting but who started it, and the unit when it fails without the gate: whoever
 * comes and is not right is turned away. */
static pid_t wait_at(struct join *join, const struct train_options *options, struct tracer *tracer,
                     const char *before, struct err *err)
{
    int64_t since_ms = -1;

    for (;;) {
        struct pollfd knocks = { .fd = join->gate.poll_fd, .events = POLLIN };
        if (is_interrupted())
            return err_set(err, EINTR, "no service came to the gate %s", options->gate);
        (void)poll(&knocks, 1, AWAIT_MS); /* the tick interrupts it, too */
        pid_t pid = admit(join, options, tracer, err);
        if (pid != 0)
            return pid;
        CLEANUP(free_char) char *why = missed(join, before, &since_ms);
        if (why)
            return err_set(err, ENOEXEC, "%s", why);
    }
}

static void say_taken(const struct join *join, const struct train_options *options,
                      const struct tracer *tracer, pid_t pid)
{
    bool stays = tracer_must_stay(tracer);
    const char *end =
        join_can_stop(join, options)
            ? "at the end its unit is stopped, to learn how it stops (--let-go lets it run on)"
        : stays ? "it ends when cinch ends; its unit's Restart= decides whether it starts again "
                  "(--let-go traces it without a filter, more slowly, and lets it run on)"
                : "it runs on when cinch ends";

    say(options, mem_printf("the service, process %d, is traced: %s", (int)pid, end));
}

/* A unit that is made later, by systemd-run or a generator. A gate that comes meanwhile waits. */
static int await_unit(struct join *join, const struct train_options *options, struct err *err)
{
    int64_t until_ms = pid1_clock_ms() + INT64_C(1000) * UNIT_SECONDS;

    if (!pid1_is_unknown(&join->pid1))
        return 0;
    say(options, mem_printf("%s is not known to systemd yet; waiting %d s for it", options->unit,
                            UNIT_SECONDS));
    while (pid1_is_unknown(&join->pid1) && pid1_clock_ms() < until_ms) {
        if (is_interrupted())
            return err_set(err, EINTR, "no service came to the gate %s", options->gate);
        (void)poll(NULL, 0, ASK_MS); /* the tick interrupts it, too */
        pid1_ask_now(&join->pid1);
    }
    return 0;
}

/* What PID 1 has to say of the unit before it is started; the first it said, the caller's. */
static int ask_about_unit(struct join *join, const struct train_options *options, char **ret_before,
                          struct err *err)
{
    join->pid1.unit = options->unit;
    pid1_ask_now(&join->pid1);
    *ret_before = mem_strdup(join->pid1.state ? join->pid1.state : "");
    int result = await_unit(join, options, err);
    if (result < 0)
        return result;
    CLEANUP(free_char) char *missing = pid1_no_such_unit(&join->pid1);
    /* The control group has the unit's own name, whichever of its aliases was given. */
    join->unit = pid1_property(&join->pid1, "Id");
    if (join->unit && unit_name_is_service(join->unit) && !missing)
        join->pid1.unit = join->unit;
    return missing ? err_set(err, ENOENT, "%s", missing) : 0;
}

static int find_user(const char *name, uid_t *ret, struct err *err)
{
    const struct passwd *user = getpwnam(name);

    if (!user)
        return err_set(err, EINVAL, "--user %s: no such user", name);
    *ret = user->pw_uid;
    return 0;
}

static pid_t join_at_gate(struct join *join, const struct train_options *options,
                          struct tracer *tracer, struct err *err)
{
    CLEANUP(free_char) char *before = NULL;
    int result = gate_open(&join->gate, options->gate, err);

    if (result < 0)
        return result;
    if (options->user && (result = find_user(options->user, &join->gate.user, err)) < 0)
        return result;
    if ((result = ask_about_unit(join, options, &before, err)) < 0)
        return result;
    say(options, mem_printf("waiting for a service at %s; start it now", options->gate));
    pid_t pid = wait_at(join, options, tracer, before, err);
    /* Without a unit's name nobody can tell who else is of it. */
    if (pid < 0 || !options->unit)
        gate_close(&join->gate);
    if (pid > 0)
        say_taken(join, options, tracer, pid);
    return pid;
}

pid_t join_start(struct join *join, const struct train_options *options, struct tracer *tracer,
                 struct err *err)
{
    pid_t pid = options->pid ? join_running(join, options, tracer, err)
                             : join_at_gate(join, options, tracer, err);

    join->seized_ms = tracer_elapsed_ms(tracer);
    join->is_seeded = !options->pid;
    return pid;
}

/* Another of the unit's commands. Its gate keeps nobody waiting but itself. */
static pid_t admit_another(struct join *join, const struct train_options *options,
                           struct tracer *tracer, struct decoder *decoder)
{
    CLEANUP(err_done) struct err failed = { 0 };
    pid_t pid = admit(join, options, tracer, &failed);

    if (pid > 0)
        decoder_expect(decoder, pid);
    if (pid < 0)
        say(options, mem_strdup(failed.text));
    return pid > 0 ? pid : 0;
}

bool join_await(struct join *join, const struct train_options *options, struct tracer *tracer,
                struct decoder *decoder, int64_t until_ms)
{
    struct pollfd knocks = { .fd = join->gate.poll_fd, .events = POLLIN };
    int64_t empty_since_ms = tracer_elapsed_ms(tracer);
    unsigned first = join->pid1.answers + (join->pid1.fd >= 0 ? 2 : 1);

    while (join->gate.listen_fd >= 0 && !is_interrupted()) {
        int64_t now_ms = tracer_elapsed_ms(tracer);
        if (!gate_unit_is_empty(&join->gate) || join->gate.peer)
            empty_since_ms = now_ms;
        if (now_ms - empty_since_ms > EMPTY_MS || (until_ms >= 0 && now_ms >= until_ms))
            break;
        (void)poll(&knocks, 1, AWAIT_MS);
        if (admit_another(join, options, tracer, decoder) > 0)
            return true;
        (void)pid1_answered(&join->pid1);
        pid1_ask_after(&join->pid1, ASK_MS);
        bool is_over = join->pid1.answers >= first && pid1_has_stopped(&join->pid1);
        if (!join->gate.peer && (is_over || gate_unit_is_over(&join->gate)))
            break;
    }
    return false;
}

bool join_has_started(struct join *join)
{
    (void)pid1_answered(&join->pid1);
    if (pid1_has_started(&join->pid1))
        return true;
    pid1_ask_after(&join->pid1, ASK_MS);
    return false;
}

bool join_is_starting(const struct join *join)
{
    return pid1_knows(&join->pid1) && pid1_property_is(&join->pid1, "ActiveState", "activating");
}

bool join_can_stop(const struct join *join, const struct train_options *options)
{
    return pid1_knows(&join->pid1) && !options->let_go;
}

bool join_runs_on(struct join *join)
{
    if (join->pid1.fd >= 0) /* asked before it ended, maybe */
        pid1_ask_now(&join->pid1);
    pid1_ask_now(&join->pid1);
    return pid1_restarts(&join->pid1);
}

bool join_arrived(struct join *join, const struct trace_event *event)
{
    if (event->kind != TRACE_EXEC || !join->arriving || event->tid != join->arriving)
        return false;
    join->arriving = 0;
    return true;
}

void join_meet(struct join *join, pid_t pid)
{
    subject_done(&join->subject);
    join->subject = (struct run){ 0 };
    subject_read(pid, &join->subject);
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

void join_look(struct join *join, const struct train_options *options, struct tracer *tracer,
               struct decoder *decoder)
{
    if (join->gate.listen_fd >= 0)
        admit_another(join, options, tracer, decoder);
    bool is_late = tracer_elapsed_ms(tracer) - join->seized_ms > SETTLE_MS;
    if (join->is_seeded || (!tracer_is_settled(tracer) && !is_late))
        return;
    if (!is_late) {
        join->is_whole &= tracer_attach_missed(tracer, options->pid);
        if (!tracer_is_settled(tracer))
            return;
    }
    seed(join, tracer, decoder);
    size_t tasks = tracer_task_count(tracer);
    say(options, mem_printf("process %d is traced (%zu %s): it runs on when cinch ends",
                            (int)options->pid, tasks, tasks == 1 ? "task" : "tasks"));
}

bool join_is_overdue(struct join *join, const struct tracer *tracer, int64_t asked_ms)
{
    size_t left = tracer_task_count(tracer);
    int64_t now_ms = tracer_elapsed_ms(tracer);

    if (left != join->left)
        join->left_ms = now_ms;
    join->left = left;
    return now_ms - join->left_ms > LET_GO_MS || now_ms - asked_ms > LET_GO_MOST_MS;
}

void join_close(struct join *join)
{
    gate_close(&join->gate);
}

void join_done(struct join *join)
{
    gate_done(&join->gate);
    pid1_done(&join->pid1);
    free(join->unit);
    subject_done(&join->subject);
}
