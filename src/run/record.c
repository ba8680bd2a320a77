// SPDX-License-Identifier: LGPL-2.1-or-later
/* The run record: what was run, where, as whom, and how it ended. */
#include "run/training.h"
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <unistd.h>

void training_make_id(char *id)
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

void training_record(struct training *training, int64_t duration_ms, bool complete)
{
    const struct train_result *result = training->result;
    bool exited = training->ended && WIFEXITED(result->status);
    bool killed = training->ended && WIFSIGNALED(result->status);
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
        .started = training->started_at,
        .ready_ms = result->ready_ms,
        .duration_ms = duration_ms,
        .exit_status = exited ? WEXITSTATUS(result->status) : -1,
        .signal = killed ? WTERMSIG(result->status) : 0,
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
