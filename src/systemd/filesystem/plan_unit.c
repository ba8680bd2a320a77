// SPDX-License-Identifier: LGPL-2.1-or-later
/* What systemd and the unit's commands need of the file system. */
#include "systemd/core/limits.h"
#include "systemd/core/place_lookup.h"
#include "systemd/filesystem/filesystem.h"
#include <string.h>

/* ---- sockets of systemd ---- */

static bool run_had(const struct filesystem_plan *plan, const char *variable)
{
    size_t count;
    const struct run *const *runs = profile_runs(plan->profile, &count);

    for (size_t i = 0; i < count; i++)
        if (strings_has(&runs[i]->environment, variable))
            return true;
    return false;
}

static bool notified_training(const struct filesystem_plan *plan)
{
    size_t count;
    const struct fact *const *facts = profile_facts(plan->profile, FACT_PATH, &count);

    for (size_t i = 0; i < count; i++)
        if (facts[i]->path.use == PATH_CONNECT &&
            str_starts_with(facts[i]->path.path, TRAINING_SOCKETS))
            return true;
    return false;
}

static bool needs_notify(const struct filesystem_plan *plan)
{
    const char *watchdog = plan_unit_get(plan, "WatchdogSec");
    const char *access = plan_unit_get(plan, "NotifyAccess");

    return str_starts_with(plan_unit_get(plan, "Type"), "notify") ||
           (watchdog[0] && strcmp(watchdog, "0") != 0) ||
           (access[0] && strcmp(access, "none") != 0) || run_had(plan, "NOTIFY_SOCKET") ||
           notified_training(plan);
}

static void need(struct filesystem_plan *plan, const char *path, unsigned uses)
{
    names_add(&plan->names, plan->profile, path, uses, NULL);
}

/* systemd's own sockets exist on the target, whatever the training host had. */
static struct used_name *need_socket(struct filesystem_plan *plan, const char *path)
{
    struct used_name *used = names_add(&plan->names, plan->profile, path, USE(PATH_CONNECT), NULL);

    used->type = FILE_SOCKET;
    return used;
}

/* That the service will log to the journal is a guess: not with FIT_EXACT, nor where the unit
 * forbids such a socket. */
static bool may_log(const struct filesystem_plan *plan)
{
    return plan->options->fit != FIT_EXACT &&
           limits_of(plan->options->unit, "RestrictAddressFamilies", "AF_UNIX", NULL) == LIMIT_NONE;
}

static void add_sockets(struct filesystem_plan *plan)
{
    const struct used_name *log;

    /* With RootDirectory= systemd binds the notification socket itself (252 and 257). */
    if (needs_notify(plan) && plan->form != FILESYSTEM_ROOT)
        need_socket(plan, "/run/systemd/notify")->required = true;
    if (run_had(plan, "JOURNAL_STREAM") && may_log(plan)) {
        need_socket(plan, "/run/systemd/journal/socket");
        need_socket(plan, "/dev/log");
    }
    names_close(&plan->names);
    /* A private /dev has /dev/log as a link to this. */
    log = names_find(&plan->names, "/dev/log");
    if (log && log->uses)
        need_socket(plan, "/run/systemd/journal/dev-log");
}

/* ---- the unit's commands ---- */

static bool was_trained(const struct filesystem_plan *plan, const char *program)
{
    CLEANUP(free_char) char *path = place_resolve(plan->profile, program);

    for (size_t i = 0; i < plan->names.count; i++) {
        const struct used_name *used = &plan->names.items[i];
        if (used->uses & USE(PATH_EXECUTE) &&
            (strcmp(used->name, program) == 0 || strcmp(used->final, path) == 0))
            return true;
    }
    return false;
}

/* What the loader takes for a plain program that training never ran, by the names that it takes it
 * by; false when that is not known. */
static bool find_files(const struct filesystem_plan *plan, const char *program,
                       struct strings *ret_files)
{
    CLEANUP(free_char) char *name = mem_printf("program %s", program);
    size_t count;
    const struct host_setting *const *settings = profile_settings(plan->profile, &count);

    for (size_t i = 0; i < count; i++) {
        if (strcmp(settings[i]->name, name) != 0)
            continue;
        for (const char *at = settings[i]->value; *at; at += *at == ' ') {
            CLEANUP(free_char) char *path = mem_strndup(at, strcspn(at, " "));
            if (path[0] == '/' && !strstr(path, "/..")) /* no directive can say that */
                strings_add(ret_files, path);
            at += strlen(path);
        }
    }
    strings_sort_unique(ret_files);
    return ret_files->count > 0;
}

bool plan_plain_program(const struct filesystem_plan *plan, const char *program,
                        struct strings *ret_files)
{
    return unit_runs_plainly(plan->options->unit, program, NULL, NULL) &&
           find_files(plan, program, ret_files);
}

/* Its files need not be the same everywhere: none of them is required. */
static bool add_plain(struct filesystem_plan *plan, const char *program)
{
    CLEANUP(strings_done) struct strings files = { 0 };

    if (!plan_plain_program(plan, program, &files))
        return false;
    CLEANUP(strings_done) struct strings paths = { 0 };
    unit_runs_plainly(plan->options->unit, program, &paths, &files);
    for (size_t i = 0; i < files.count; i++)
        need(plan, files.items[i], USE(PATH_READ));
    for (size_t i = 0; i < paths.count; i++)
        need(plan, paths.items[i], USE(unit_plain_find(program)->use));
    return true;
}

/* Programs that training never ran: nothing is known of what they load, so they get /usr, and the
 * directories that are links into it. */
static void add_whole_usr(struct filesystem_plan *plan, const char *program)
{
    CLEANUP(free_char) char *encoded = text_encode_string(program);

    plan_decide(
        &plan->usr_whole, true, NULL,
        mem_printf(
            "the unit runs %s, which training did not run, so the files it needs are unknown",
            encoded));
    plan_note_path(plan, program,
                   "is run by the unit but not in training, so all of /usr is visible; train it "
                   "too, or remove it from the unit");
}

static void add_programs(struct filesystem_plan *plan)
{
    struct strings programs = { 0 };

    if (plan->options->unit)
        unit_programs(plan->options->unit, &programs);
    for (size_t i = 0; i < programs.count; i++)
        if (!was_trained(plan, programs.items[i]) && !add_plain(plan, programs.items[i]))
            add_whole_usr(plan, programs.items[i]);
    for (size_t i = 0; i < programs.count; i++)
        need(plan, programs.items[i], USE(PATH_EXECUTE));
    strings_done(&programs);
}

static void add_working_directory(struct filesystem_plan *plan)
{
    const char *directory = plan_unit_get(plan, "WorkingDirectory");

    if (directory[0] != '/' || strchr(directory, '%'))
        return;
    names_add(&plan->names, plan->profile, directory, USE(PATH_STAT), NULL)->type = FILE_DIRECTORY;
}

void plan_unit_needs(struct filesystem_plan *plan)
{
    plan_unit_directories(plan);
    add_programs(plan);
    add_working_directory(plan);
    add_sockets(plan);
    names_close(&plan->names);
}
