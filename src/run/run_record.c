// SPDX-License-Identifier: LGPL-2.1-or-later
/* The run record: what was run, where, as whom, and how it ended. */
#include "run/subject.h"
#include "run/training.h"
#include "run/workload.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/wait.h>

void training_make_id(char *id)
{
    unsigned char random[16];

    if (getrandom(random, sizeof(random), 0) != sizeof(random))
        memset(random, 0, sizeof(random));
    for (size_t i = 0; i < sizeof(random); i++)
        snprintf(id + 2 * i, 3, "%02x", random[i]);
}

/* A stop is seen when all of it was: a service that was let go or killed did not show it. One that
 * ended well by itself did. */
static unsigned phases_seen(const struct training *training)
{
    const struct train_result *result = training->result;
    const unsigned stop = 1u << PHASE_STOP;

    if (result->let_go || result->killed || !training->ended)
        return training->phases & ~stop;
    return training->phases | (result->status == 0 ? stop : 0);
}

void training_record(struct training *training, int64_t duration_ms, bool complete)
{
    const struct train_result *result = training->result;
    bool exited = training->ended && WIFEXITED(result->status);
    bool killed = training->ended && WIFSIGNALED(result->status);
    CLEANUP(subject_done) struct run own = { 0 };
    CLEANUP(free_char)
    char *ready = training->ready_seen || training->options->has_ready
                      ? ready_describe(&training->ready)
                      : mem_strdup("");
    if (!training->is_joined)
        subject_own(training->options, &training->start, &own);
    const struct run *subject = training->is_joined ? &training->join.subject : &own;
    const struct run run = {
        .id = training->run_id,
        .command = subject->command,
        .environment = subject->environment,
        .cwd = subject->cwd,
        .user = subject->user,
        .uid = subject->uid,
        .workload = (char *)(uintptr_t)training->options->workload,
        .ready = ready,
        .cinch = (char *)(uintptr_t)training->options->version,
        .started = training->started_at,
        .ready_ms = result->ready_ms,
        .duration_ms = duration_ms,
        .exit_status = exited ? WEXITSTATUS(result->status) : -1,
        .signal = killed ? WTERMSIG(result->status) : 0,
        .workload_status = result->workload_status,
        .complete = complete,
        .capabilities = training->capabilities,
        .phases = phases_seen(training),
    };

    profile_add_run(training->profile, &run);
    /* The calls that were not looked for stand there alone. */
    if (!complete && training->options->known)
        profile_merge(training->profile, training->options->known);
}

void training_record_denials(const struct training *training)
{
    const struct sighting sighting = {
        .run = training->run_id, .count = 1, .program = "", .call = ""
    };
    const struct fact fact = {
        .kind = FACT_ARGUMENT,
        .outcome = ENOSYS,
        .argument = { .call = (char[]){ "io_uring_setup" },
                      .topic = (char[]){ "denied" },
                      .value = (char[]){ "ENOSYS" } },
    };

    if (training->options->no_io_uring)
        profile_record(training->profile, &fact, &sighting);
}

void training_settle_workload(struct training *training)
{
    const struct train_options *options = training->options;

    if (training->workload) {
        workload_kill(training->workload);
        process_end(training->workload, 0, NULL);
        training->workload = 0;
    }
    bool over = training->result->asked_to_stop;
    training->result->ended_early = (options->workload || options->duration_ms) && !over;
}
