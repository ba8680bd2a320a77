// SPDX-License-Identifier: LGPL-2.1-or-later
/* What systemd itself and the commands of the unit need of the file system. */
#include "systemd/filesystem.h"
#include <string.h>

const char *plan_unit_get(const struct filesystem_plan *plan, const char *key)
{
    const char *value = plan->options->unit ? unit_get(plan->options->unit, key) : NULL;

    return value ? value : "";
}

bool plan_unit_is_on(const struct filesystem_plan *plan, const char *key)
{
    return plan->options->unit && unit_is_on(plan->options->unit, key);
}

/* ---- StateDirectory= and the like ---- */

/* The unit's name without its suffix, as %N. */
static char *unit_stem(const struct filesystem_plan *plan)
{
    const char *name =
        plan->options->unit && plan->options->unit->name ? plan->options->unit->name : "";
    const char *dot = strrchr(name, '.');

    return mem_strndup(name, dot ? (size_t)(dot - name) : strlen(name));
}

/* One item of a *Directory= list: "NAME[:LINK][:ro]", with %N, %n and %p of plain units known. */
static void add_automatic(struct filesystem_plan *plan, const char *base, const char *item)
{
    CLEANUP(free_char) char *name = mem_strndup(item, strcspn(item, ":"));
    CLEANUP(free_char) char *stem = unit_stem(plan);
    struct str expanded = { 0 };

    for (const char *at = name; *at; at++) {
        if (*at != '%')
            str_add_char(&expanded, *at);
        else if (stem[0] && (at[1] == 'N' || (at[1] == 'p' && !strchr(stem, '@'))) && at++)
            str_add(&expanded, stem);
        else
            break;
    }
    CLEANUP(free_char) char *text = str_steal(&expanded);
    if (!text[0] || (strchr(name, '%') && !stem[0]))
        return;
    CLEANUP(free_char) char *path = path_join(base, text);
    CLEANUP(free_char) char *private = mem_printf("%s/private/%s", base, text);
    strings_add(&plan->automatic, path);
    strings_add(&plan->automatic, private);
}

static void find_automatic(struct filesystem_plan *plan)
{
    static const struct {
        const char *key, *base;
    } kinds[] = {
        { "StateDirectory", "/var/lib" },     { "CacheDirectory", "/var/cache" },
        { "LogsDirectory", "/var/log" },      { "RuntimeDirectory", "/run" },
        { "ConfigurationDirectory", "/etc" },
    };

    for (size_t i = 0; plan->options->unit && i < ELEMENTS_OF(kinds); i++) {
        struct strings items = { 0 };
        unit_list(plan->options->unit, kinds[i].key, &items);
        for (size_t item = 0; item < items.count; item++)
            add_automatic(plan, kinds[i].base, items.items[item]);
        strings_done(&items);
    }
}

bool plan_is_automatic(const struct filesystem_plan *plan, const char *path)
{
    for (size_t i = 0; i < plan->automatic.count; i++)
        if (path_is_within(path, plan->automatic.items[i]))
            return true;
    return false;
}

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

/* systemd's own sockets are there on the target, whatever the machine of the training had. */
static struct used_name *need_socket(struct filesystem_plan *plan, const char *path)
{
    struct used_name *used = names_add(&plan->names, plan->profile, path, USE(PATH_CONNECT), NULL);

    used->type = FILE_SOCKET;
    return used;
}

static void add_sockets(struct filesystem_plan *plan)
{
    const struct used_name *log;

    /* With RootDirectory= systemd binds the notification socket itself (252 and 257). */
    if (needs_notify(plan) && plan->form != FILESYSTEM_ROOT)
        need_socket(plan, "/run/systemd/notify")->required = true;
    if (run_had(plan, "JOURNAL_STREAM")) {
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
    CLEANUP(free_char) char *path = names_resolve(plan->profile, program);

    for (size_t i = 0; i < plan->names.count; i++) {
        const struct used_name *used = &plan->names.items[i];
        if (used->uses & USE(PATH_EXECUTE) &&
            (strcmp(used->name, program) == 0 || strcmp(used->final, path) == 0))
            return true;
    }
    return false;
}

/* Programs that training never ran: nothing is known of what they load, so they get /usr, and the
 * directories that are links into it. */
static void add_whole_usr(struct filesystem_plan *plan, const char *program)
{
    CLEANUP(free_char) char *encoded = text_encode_string(program);

    decision_set(&plan->usr_whole, true, NULL,
                 mem_printf("the unit runs %s, which training never did: what it loads is unknown",
                            encoded));
    plan_note_path(plan, program,
                   "is run by the unit but was never run in training: because of it all of /usr "
                   "is visible; train it too, or take it out of the unit");
}

static void add_programs(struct filesystem_plan *plan)
{
    struct strings programs = { 0 };

    if (plan->options->unit)
        unit_programs(plan->options->unit, &programs);
    for (size_t i = 0; i < programs.count; i++)
        if (!was_trained(plan, programs.items[i]))
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
    find_automatic(plan);
    add_programs(plan);
    add_working_directory(plan);
    add_sockets(plan);
    names_close(&plan->names);
}
