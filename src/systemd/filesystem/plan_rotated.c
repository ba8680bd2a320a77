// SPDX-License-Identifier: LGPL-2.1-or-later
/* Files that another program moves away and the service creates or opens again, mostly logs. A file
 * that is bound alone stays the same file wherever it is moved. */
#include "systemd/filesystem/filesystem.h"
#include <string.h>

/* Where logrotate(8) and its like put away single files. */
static bool is_rotated(const char *directory)
{
    return strcmp(directory, "/var/log") == 0;
}

/* Whether the file was there before that run made anything at its place. */
static bool run_met(const struct filesystem_plan *plan, const char *path, const char *run)
{
    const struct fact *fact;

    for (size_t at = 0; (fact = facts_at(plan, &plan->by_path, path, &at));)
        for (size_t k = 0; k < fact->evidence.count && fact->outcome == 0; k++)
            if (fact->evidence.seen[k].foreign && strcmp(fact->evidence.seen[k].run, run) == 0)
                return true;
    return false;
}

/* One run created a file again that it never removed, so another program removed it. */
static bool was_made_again(const struct filesystem_plan *plan, const struct fact *fact)
{
    if (fact->path.use != PATH_CREATE)
        return false;
    for (size_t i = 0; i < fact->evidence.count; i++)
        if (fact->evidence.seen[i].count > 1 ||
            run_met(plan, fact->path.path, fact->evidence.seen[i].run))
            return true;
    return false;
}

/* A log that is opened again at a reload may be another one: that is what the reload is for. */
static bool was_opened_again(const struct fact *fact)
{
    bool opened = false;

    for (size_t i = 0; i < fact->evidence.count; i++)
        opened |= call_traits_have(fact->evidence.seen[i].call, CALL_OPENS);
    return opened && fact->path.use == PATH_WRITE &&
           evidence_phases(&fact->evidence) & 1u << PHASE_RELOAD;
}

bool plan_is_replaced(const struct filesystem_plan *plan, const struct used_name *used)
{
    CLEANUP(free_char) char *directory = path_parent(used->real);
    bool rotated = is_rotated(directory);
    const struct fact *fact;

    if (used->type != FILE_REGULAR || used->uses & USE(PATH_DELETE) ||
        !(used->uses & USE(PATH_CREATE) || rotated))
        return false;
    for (size_t at = 0; (fact = facts_at(plan, &plan->by_path, used->final, &at));)
        if (fact->outcome == 0 &&
            (was_made_again(plan, fact) || (rotated && was_opened_again(fact))))
            return true;
    return false;
}

void plan_note_rotated(struct filesystem_plan *plan)
{
    CLEANUP(strings_done) struct strings files = { 0 };

    for (size_t i = 0; i < plan->binds.count; i++) {
        const struct bind *bind = &plan->binds.items[i];
        CLEANUP(free_char) char *directory = path_parent(bind->path);
        if (bind->kind != BIND_WRITE || bind->subtree || !is_rotated(directory))
            continue;
        CLEANUP(free_char) char *path = text_encode_string(bind->path);
        strings_add(&files, path);
    }
    CLEANUP(free_char) char *named = strings_list(&files, NOTE_FILES);
    if (files.count)
        plan_note(
            plan, SEVERITY_NOTE, TOPIC_DIRECTIVE, "BindPaths",
            mem_printf("these are writable as single files: %s. After a log rotation the service "
                       "keeps writing to the renamed file, and a missing file keeps it from "
                       "starting. Restart it after a rotation, let it log to a separate directory, "
                       "or train a rotation with the reload (SIGHUP) that follows it",
                       named));
}
