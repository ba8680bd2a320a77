// SPDX-License-Identifier: LGPL-2.1-or-later
/* Directories that the service examined: stat(2) returns owner, mode and times, statfs(2) the size
 * of the file system. A bind gives the same answers as in training. Where a bind would show a
 * shared or closed directory, an empty directory with the same owner and mode replaces it. */
#include "systemd/core/place_lookup.h"
#include "systemd/filesystem/filesystem.h"
#include <string.h>

#define MODE_DEFAULT 0755

static bool is_own(const struct filesystem_plan *plan, const struct host_file *file)
{
    size_t count;
    const struct run *const *runs = profile_runs(plan->profile, &count);
    bool own = count > 0 && file->uid != 0;

    for (size_t i = 0; i < count; i++)
        own &= runs[i]->uid == file->uid;
    return own;
}

/* Whether other users reach the directory: none above it is closed to them, or it belongs to the
 * service. */
static bool is_reached(const struct filesystem_plan *plan, const char *path)
{
    bool reached = true;

    for (size_t depth = place_depth(path); reached && depth-- > 1;) {
        CLEANUP(free_char) char *above = place_head(path, depth);
        const struct host_file *file = place_file(plan->profile, above);
        reached = !file || file->type != FILE_DIRECTORY || file->mode & 0001 || is_own(plan, file);
    }
    return reached;
}

/* Whether other users may list the directory, or it belongs to the service. */
static bool is_open_to(const struct filesystem_plan *plan, const struct host_file *file)
{
    return is_own(plan, file) || (file->mode & 0005) == 0005;
}

/* Whether a bind of the directory shows what the service may not see anyway, or nothing that is
 * secret. Permissions hold in a bind, but not for root. */
static bool may_show(const struct filesystem_plan *plan, const struct used_name *used,
                     const struct host_file *file)
{
    if (used->sized && !plan_has_power_over_files(plan))
        return true;
    return is_open_to(plan, file) && !plan_holds_secret(plan, used->final);
}

static bool is_of_files(const char *path)
{
    enum region region = place_region(path);

    return region == REGION_PLAIN || region == REGION_TMP;
}

/* A socket in /run controls the program that listens on it; files of packages below /usr do not
 * change while a service runs. */
bool asked_is_whole(const struct filesystem_plan *plan, const struct used_name *used)
{
    const struct host_file *file = place_file(plan->profile, used->final);

    return used->asked && used->type == FILE_DIRECTORY && file && file->type == FILE_DIRECTORY &&
           is_of_files(used->final) && !policy_is_guarded(used->name) &&
           !policy_is_guarded(used->final) && may_show(plan, used, file) &&
           (used->sized || is_reached(plan, used->final)) &&
           (used->sized || !path_is_within(used->final, "/usr"));
}

bool asked_is_ordinary(const struct filesystem_plan *plan, const struct used_name *used)
{
    const struct host_file *file = place_file(plan->profile, used->final);

    return !file || file->type != FILE_DIRECTORY ||
           (file->mode == MODE_DEFAULT && !file->uid && !file->gid);
}

char *asked_options(const struct filesystem_plan *plan, const struct used_name *used,
                    const char *options)
{
    const struct host_file *file = place_file(plan->profile, used->final);

    if (asked_is_ordinary(plan, used))
        return mem_strdup(options);
    return mem_printf("%s,mode=%04o,uid=%u,gid=%u", options, file->mode, file->uid, file->gid);
}

static void mark_sized(struct used_names *names, const char *path)
{
    const struct path_place *entry = path_index_find(&names->by_final, path);

    for (size_t i = 0; entry && i < entry->count; i++)
        names->items[entry->items[i]].sized = true;
}

void asked_mark_sizes(struct used_names *names, const struct profile *profile)
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_ARGUMENT, &count);
    bool all = false;

    for (size_t i = 0; i < count; i++) {
        if (facts[i]->outcome || strcmp(facts[i]->argument.topic, "statfs") != 0)
            continue;
        if (fact_is_wildcard(facts[i]))
            all = true;
        else
            mark_sized(names, facts[i]->argument.value);
    }
    for (size_t i = 0; all && i < names->count; i++)
        names->items[i].sized = true;
}

static bool is_home(const char *path)
{
    return path_is_within(path, "/root") || path_is_within(path, "/home");
}

/* A directory that is not shown because of what is in it, and not because many share it. */
static bool is_closed(const struct filesystem_plan *plan, const struct used_name *used)
{
    const struct host_file *file = place_file(plan->profile, used->final);

    return file && file->type == FILE_DIRECTORY && !policy_is_guarded(used->name) &&
           !policy_is_guarded(used->final) && !may_show(plan, used, file);
}

/* Desktop libraries check the file system type of home directories. One look at a closed directory
 * is no reason to give up the empty root, which hides far more. */
static void asked_size(struct filesystem_plan *plan, const struct used_name *used)
{
    CLEANUP(free_char) char *place = walk_place(plan, used->name);
    CLEANUP(free_char) char *name = text_encode_string(used->name);

    if (!is_of_files(used->final) || binds_covering(&plan->binds, place))
        return;
    if (is_home(used->final))
        plan_note(plan, SEVERITY_NOTE, TOPIC_PATH, used->name,
                  mem_printf("the service checks the file system size of %s, which is an empty "
                             "directory on another file system in the sandbox. Add "
                             "BindReadOnlyPaths= for it if the size matters",
                             name));
    else if (is_closed(plan, used))
        plan_note(plan, SEVERITY_WARNING, TOPIC_PATH, used->name,
                  mem_printf("%s is an empty directory in the sandbox, because the real one is "
                             "closed to other users or holds secret files. The service checks its "
                             "file system size (statfs), which is 0 bytes there; add "
                             "BindReadOnlyPaths=%s if the service may read all of it",
                             name, name));
    else
        plan_decide(&plan->root_used, true, used->witness,
                    mem_printf("the service checks the file system size of %s (statfs)", name));
}

void plan_sizes(struct filesystem_plan *plan)
{
    for (size_t i = 0; i < plan->names.count; i++) {
        const struct used_name *used = &plan->names.items[i];
        if (used->sized && used->uses && used->type == FILE_DIRECTORY &&
            (used->region == REGION_PLAIN || used->region == REGION_RUN))
            asked_size(plan, used);
    }
}
