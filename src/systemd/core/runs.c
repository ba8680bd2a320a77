// SPDX-License-Identifier: LGPL-2.1-or-later
/* Notes about the runs of a profile. */
#include "systemd/core/derive.h"
#include <signal.h>
#include <string.h>

static bool is_given(const char *text)
{
    return text && *text;
}

/* ---- runs that show no service at its work ---- */

static bool is_crash(int number)
{
    return number == SIGSEGV || number == SIGABRT || number == SIGBUS || number == SIGILL ||
           number == SIGFPE || number == SIGSYS || number == SIGTRAP;
}

/* NULL when nothing is wrong with it. A checkpoint may be all there can be. */
static char *fault_of(const struct run *run)
{
    bool has_workload = is_given(run->workload);

    if (!run->complete)
        return NULL;
    if (run->ready_ms < 0 && is_given(run->ready))
        return mem_strdup("the service did not become ready");
    if (has_workload && run->workload_status < 0)
        return mem_strdup("the workload did not finish");
    if (has_workload && run->workload_status > 0)
        return mem_printf("the workload failed with exit status %d", run->workload_status);
    if (is_crash(run->signal))
        return mem_printf("signal %d killed the service", run->signal);
    if (run->exit_status == 126 || run->exit_status == 127)
        return mem_printf("exit status %d means that a command could not be executed",
                          run->exit_status);
    return NULL;
}

char *runs_objection(const struct profile *profile)
{
    size_t count, calls;
    const struct run *const *runs = profile_runs(profile, &count);
    char *objection = NULL;

    (void)profile_facts(profile, FACT_SYSCALL, &calls);
    if (!count || !calls)
        return mem_strdup("no system call was recorded");
    for (size_t i = 0; i < count; i++) {
        char *fault = fault_of(runs[i]);
        if (!fault) {
            free(objection);
            return NULL;
        }
        if (objection)
            free(fault);
        else
            objection = fault;
    }
    return objection;
}

/* Notes about what went wrong in a run. */
static void note_run(const struct derive_context *context, const struct run *run)
{
    CLEANUP(free_char) char *id = text_encode_string(run->id);

    if (run->workload_status > 0)
        derive_note(context, SEVERITY_WARNING, TOPIC_RUN, run->id,
                    mem_printf("the workload of run %s failed (exit status %d), so the profile may "
                               "lack what the service needs; train again",
                               id, run->workload_status));
    if (run->complete && run->workload_status < 0 && is_given(run->workload))
        derive_note(context, SEVERITY_WARNING, TOPIC_RUN, run->id,
                    mem_printf("the workload of run %s did not finish, so the profile may lack "
                               "what the service needs; train again",
                               id));
    if (run->workload_status < 0 && run->exit_status > 0)
        derive_note(context, SEVERITY_NOTE, TOPIC_RUN, run->id,
                    mem_printf("the service ended run %s with exit status %d; if that is not its "
                               "normal exit status, train again",
                               id, run->exit_status));
    if (!run->complete)
        derive_note(context, SEVERITY_NOTE, TOPIC_RUN, run->id,
                    mem_printf("run %s did not finish: its profile is a checkpoint and lacks "
                               "everything later, including the stop",
                               id));
}

/* ---- phases that were never seen ---- */

unsigned runs_phases(const struct profile *profile)
{
    size_t count;
    const struct run *const *runs = profile_runs(profile, &count);
    unsigned phases = 0;

    for (size_t i = 0; i < count; i++)
        if (runs[i]->complete)
            phases |= runs[i]->phases;
    return phases;
}

/* How many of the runs began with the service's start. */
static size_t count_starts(const struct profile *profile)
{
    size_t count, starts = 0;
    const struct run *const *runs = profile_runs(profile, &count);

    for (size_t i = 0; i < count; i++)
        starts += (runs[i]->phases & 1u << PHASE_START) != 0;
    return starts;
}

/* What a reboot empties, and where names come and go. */
static bool is_kept(const char *path)
{
    static const char *const fleeting[] = { "/run", "/var/run", "/var/lock", "/tmp",    "/var/tmp",
                                            "/dev", "/proc",    "/sys",      "/var/log" };

    for (size_t i = 0; i < ELEMENTS_OF(fleeting); i++)
        if (path_may_be_within(path, fleeting[i]))
            return false;
    return true;
}

static bool is_deleted(const struct fact *const *facts, size_t count, const char *path)
{
    for (size_t i = 0; i < count; i++)
        if (facts[i]->path.use == PATH_DELETE && facts[i]->outcome == 0 &&
            strcmp(facts[i]->path.path, path) == 0)
            return true;
    return false;
}

const char *runs_first_state(const struct profile *profile)
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_PATH, &count);

    if (count_starts(profile) != 1)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        const struct path_fact *path = &facts[i]->path;
        if (path->use == PATH_CREATE && facts[i]->outcome == 0 && is_kept(path->path) &&
            evidence_phases(&facts[i]->evidence) & 1u << PHASE_START &&
            !is_deleted(facts, count, path->path))
            return path->path;
    }
    return NULL;
}

static void note_phases(const struct derive_context *context)
{
    unsigned phases = runs_phases(context->profile);
    const struct unit *unit = context->options->unit;
    CLEANUP(strings_done) struct strings reloads = { 0 };

    if (!phases) /* an older profile does not say */
        return;
    if (!(phases & 1u << PHASE_STOP))
        derive_note(context, SEVERITY_WARNING, TOPIC_NONE, NULL,
                    mem_strdup("training did not record how the service stops (it was released or "
                               "killed). What it does only then is refused, and its next start may "
                               "fail; train a run that ends with SIGTERM"));
    if (unit)
        unit_list(unit, "ExecReload", &reloads);
    if (reloads.count && !(phases & 1u << PHASE_RELOAD))
        derive_note(
            context, SEVERITY_NOTE, TOPIC_DIRECTIVE, "ExecReload",
            mem_strdup(
                "the unit has ExecReload=, but no reload was trained, so what the service does "
                "only then is refused; reload it in the workload (kill -HUP $MAINPID)"));
    const char *state = runs_first_state(context->profile);
    CLEANUP(free_char) char *shown = state ? text_encode_string(state) : NULL;
    if (shown)
        derive_note(
            context, SEVERITY_NOTE, TOPIC_PATH, state,
            mem_printf("only one start was trained, and it created %s. The next start finds that "
                       "and may behave differently; train a second start and give both profiles",
                       shown));
}

void runs_note(const struct derive_context *context)
{
    size_t count;
    const struct run *const *runs = profile_runs(context->profile, &count);

    for (size_t i = 0; i < count; i++)
        note_run(context, runs[i]);
    note_phases(context);
}
