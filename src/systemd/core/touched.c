// SPDX-License-Identifier: LGPL-2.1-or-later
/* Facilities that a service used: name lookups, the journal, the service manager. */
#include "systemd/core/touched.h"
#include "systemd/core/derive.h"
#include "systemd/core/veto.h"
#include <string.h>

static const struct veto resolver_paths[] = {
    { VETO_TOUCH, "/etc/resolv.conf", NULL },     { VETO_TOUCH, "/etc/hosts", NULL },
    { VETO_TOUCH, "/etc/gai.conf", NULL },        { VETO_TOUCH, "/etc/host.conf", NULL },
    { VETO_TOUCH, "/run/systemd/resolve", NULL }, { 0 },
};

static const struct veto nss_paths[] = {
    { VETO_TOUCH, "/etc/nsswitch.conf", NULL },
    { VETO_TOUCH, "/run/nscd/socket", NULL },
    { VETO_TOUCH, "/var/run/nscd/socket", NULL },
    { VETO_TOUCH, "/run/systemd/userdb", NULL },
    { 0 },
};

static const struct veto journal_paths[] = {
    { VETO_TOUCH, "/dev/log", NULL },
    { VETO_TOUCH, "/run/systemd/journal", NULL },
    { 0 },
};

const struct fact *touched_resolver(const struct profile *profile)
{
    return veto_applies(profile, resolver_paths);
}

const struct fact *touched_nss(const struct profile *profile)
{
    return veto_applies(profile, nss_paths);
}

const struct fact *touched_journal(const struct profile *profile)
{
    return veto_applies(profile, journal_paths);
}

static bool is_removed(const struct profile *profile, const char *path)
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_PATH, &count);

    for (size_t i = 0; i < count; i++)
        if (facts[i]->path.use == PATH_DELETE && strcmp(facts[i]->path.path, path) == 0)
            return true;
    return false;
}

static bool is_left(const struct profile *profile, const char *path)
{
    size_t count;
    const struct host_file *const *files = profile_files_at(profile, path, &count);

    for (size_t i = 0; i < count; i++)
        if (files[i]->type == FILE_SOCKET || files[i]->type == FILE_FIFO ||
            files[i]->type == FILE_SYMLINK)
            return true;
    return false;
}

const struct fact *touched_left_behind(const struct profile *profile)
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_PATH, &count);

    for (size_t i = 0; i < count; i++)
        if ((facts[i]->path.use == PATH_BIND || facts[i]->path.use == PATH_CREATE) &&
            facts[i]->outcome == 0 && is_left(profile, facts[i]->path.path) &&
            !is_removed(profile, facts[i]->path.path))
            return facts[i];
    return NULL;
}

const char *touched_environment(const struct profile *profile)
{
    static const struct {
        const char *variable, *says;
    } variables[] = {
        { "NOTIFY_SOCKET", "NOTIFY_SOCKET was set, so the service may notify systemd" },
        { "WATCHDOG_USEC", "WATCHDOG_USEC was set, so the service may notify systemd's watchdog" },
        { "JOURNAL_STREAM", "JOURNAL_STREAM was set, so the service may log to the journal" },
    };
    size_t count;
    const struct run *const *runs = profile_runs(profile, &count);

    for (size_t i = 0; i < ELEMENTS_OF(variables); i++)
        for (size_t run = 0; run < count; run++)
            if (strings_has(&runs[run]->environment, variables[i].variable))
                return variables[i].says;
    return NULL;
}

const char *touched_manager_by_unit(const struct derive_context *context)
{
    const struct unit *unit = context->options->unit;
    const char *type = unit ? unit_get(unit, "Type") : NULL;

    if (type && str_starts_with(type, "notify"))
        return "the unit sets Type=notify, so the service notifies systemd";
    if (unit && unit_get(unit, "WatchdogSec") && *unit_get(unit, "WatchdogSec"))
        return "the unit sets WatchdogSec=, so the service notifies systemd's watchdog";
    return NULL;
}

const char *touched_manager(const struct derive_context *context)
{
    const char *said = touched_manager_by_unit(context);

    return said ? said : touched_environment(context->profile);
}

static bool program_was_executed(const struct profile *profile, const char *program)
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_PATH, &count);

    for (size_t i = 0; i < count; i++)
        if (facts[i]->path.use == PATH_EXECUTE && facts[i]->outcome == 0 &&
            (strcmp(facts[i]->path.requested, program) == 0 ||
             strcmp(facts[i]->path.path, program) == 0))
            return true;
    facts = profile_facts(profile, FACT_PROGRAM, &count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(facts[i]->program.path, program) == 0)
            return true;
    return false;
}

void touched_unseen_programs(const struct derive_context *context, struct strings *ret)
{
    CLEANUP(strings_done) struct strings programs = { 0 };

    if (!context->options->unit)
        return;
    unit_programs(context->options->unit, &programs);
    for (size_t i = 0; i < programs.count; i++)
        if (!program_was_executed(context->profile, programs.items[i]))
            strings_add(ret, programs.items[i]);
}

/* kill(1) takes so little that nothing need be known of it. */
const struct unit_plain *touched_plain_program(const struct derive_context *context,
                                               const char *program)
{
    const struct unit_plain *row = unit_plain_find(program);
    CLEANUP(free_char) char *name = mem_printf("program %s", program);
    size_t count;
    const struct host_setting *const *settings = profile_settings(context->profile, &count);
    bool known = row && row->is_signal;

    for (size_t i = 0; i < count && !known; i++)
        known = strcmp(settings[i]->name, name) == 0;
    return row && known && unit_runs_plainly(context->options->unit, program, NULL, NULL) ? row
                                                                                          : NULL;
}
