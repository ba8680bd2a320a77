// SPDX-License-Identifier: LGPL-2.1-or-later
/* The independent evaluator: does a unit with these directives allow this fact? */
#include "evaluate/allows.h"
#include <string.h>

struct allows *allows_new(const struct suggestion *suggestion, const struct unit *unit,
                          const struct profile *profile)
{
    struct allows *allows = mem_new(1, sizeof(*allows));

    *allows = (struct allows){ .suggestion = suggestion, .unit = unit, .profile = profile };
    allows_view_build(allows);
    allows_walk_made(allows);
    return allows;
}

void allows_free(struct allows *allows)
{
    if (!allows)
        return;
    for (size_t i = 0; i < allows->count; i++) {
        free(allows->mounts[i].path);
        free(allows->mounts[i].source);
    }
    free(allows->mounts);
    strings_done(&allows->made);
    free(allows);
}

/* A blind spot is nothing the service did; what a name server said is told, not done. */
static const char *allows_always(const struct allows *allows, const struct fact *fact)
{
    (void)allows;
    (void)fact;
    return NULL;
}

bool allows_fact(const struct allows *allows, const struct fact *fact, const char **ret_directive)
{
    static const char *(*const questions[FACT_KIND_COUNT])(const struct allows *,
                                                           const struct fact *) = {
        [FACT_SYSCALL] = allows_syscall,   [FACT_PATH] = allows_path,
        [FACT_MOVE] = allows_move,         [FACT_SOCKET] = allows_socket,
        [FACT_ADDRESS] = allows_address,   [FACT_NAME] = allows_always,
        [FACT_ARGUMENT] = allows_argument, [FACT_PROGRAM] = allows_program,
        [FACT_BLIND_SPOT] = allows_always, [FACT_CAPABILITY] = allows_capability,
    };
    const char *directive = allows_private(allows, fact);

    if (!directive)
        directive = questions[fact->kind](allows, fact);
    if (directive)
        *ret_directive = directive;
    return !directive;
}

bool allows_suggestion(const struct suggestion *suggestion, const struct unit *unit,
                       const struct profile *profile, const struct fact *fact,
                       const char **ret_directive)
{
    struct allows *allows = allows_new(suggestion, unit, profile);
    bool allowed = allows_fact(allows, fact, ret_directive);

    allows_free(allows);
    return allowed;
}

/* ---- the start ----
 * What fails before the service's own program runs: 226/NAMESPACE, 203/EXEC, 217/USER. */

/* A mount needs something to be mounted, or to be changed: in the view as it is before it. */
static bool start_mount(const struct allows *allows, size_t at)
{
    const struct allows_mount *mount = &allows->mounts[at];
    struct allows before = *allows;
    CLEANUP(allows_walk_done) struct allows_walk walk = { 0 };
    size_t count;

    /* "Failed to remount /run/systemd/incoming with MS_SLAVE" (measured on 252). */
    if (mount->moved && mount->mode == ALLOWS_BIND && strcmp(mount->path, "/run") == 0)
        return false;
    switch (mount->mode) {
    case ALLOWS_BIND: {
        const struct host_file *const *files =
            profile_files_at(allows->profile, mount->source, &count);
        /* What lies in somebody's home is his to remove. */
        if (!mount->optional && allows_is_personal(mount->source))
            return false;
        /* systemd's own places are there where it runs. */
        return mount->optional || !count || files[0]->type != FILE_MISSING ||
               path_is_within(mount->source, "/run/systemd");
    }
    case ALLOWS_INACCESSIBLE:
    case ALLOWS_READ_ONLY:
    case ALLOWS_READ_WRITE:
    case ALLOWS_NO_EXEC:
    case ALLOWS_EXEC:
        if (mount->optional)
            return true;
        before.count = at;
        allows_walk(&before, mount->path, NULL, &walk);
        return walk.end != ALLOWS_ABSENT;
    case ALLOWS_PRIVATE_TMP:
    case ALLOWS_PRIVATE_DEV:
    case ALLOWS_HOST_DEV:
    case ALLOWS_SYSFS:
    case ALLOWS_PROCFS:
    case ALLOWS_TMPFS:
    case ALLOWS_RUN:
    case ALLOWS_LEFT_ALONE:
        return true;
    }
    return true;
}

static bool start_reaches(const struct allows *allows, const char *name)
{
    CLEANUP(allows_walk_done) struct allows_walk walk = { 0 };

    allows_walk(allows, name, NULL, &walk);
    return walk.end == ALLOWS_FOUND && walk.place.host;
}

static bool is_missing(const struct allows *allows, const char *path)
{
    size_t count;
    const struct host_file *const *files = profile_files_at(allows->profile, path, &count);

    return count && files[0]->type == FILE_MISSING;
}

/* What the profile says that the loader takes for a command of the unit. */
static bool start_loads(const struct allows *allows, const char *program)
{
    CLEANUP(free_char) char *name = mem_printf("program %s", program);
    size_t count;
    const struct host_setting *const *settings = profile_settings(allows->profile, &count);

    for (size_t i = 0; i < count; i++) {
        if (strcmp(settings[i]->name, name) != 0)
            continue;
        CLEANUP(free_char) char *words = mem_strdup(settings[i]->value);
        char *state = NULL;
        for (char *word = strtok_r(words, " ", &state); word; word = strtok_r(NULL, " ", &state))
            if (word[0] == '/' && !is_missing(allows, word) && !start_reaches(allows, word))
                return false;
    }
    return true;
}

/* Every Exec*= program has to be in the view, those with "+" too (measured on 252 and 257). */
static bool start_programs(const struct allows *allows, const char **ret_directive)
{
    CLEANUP(strings_done) struct strings programs = { 0 };

    if (allows->unit)
        unit_programs(allows->unit, &programs);
    for (size_t i = 0; i < programs.count; i++) {
        if (start_reaches(allows, programs.items[i]) && start_loads(allows, programs.items[i]))
            continue;
        *ret_directive = "BindReadOnlyPaths";
        return false;
    }
    return true;
}

/* A directory that a dynamic user keeps is below private/, and an id-mapped mount in the service:
 * systemd cannot make the user namespace that takes in a new process namespace (measured on 257,
 * 262). And 257 loses the main process at times, so that it is killed where it was asked to stop;
 * none of those before 262 was seen not to.
 */
static bool start_pids(const struct allows *allows)
{
    static const char *const private[] = { "StateDirectory", "CacheDirectory", "LogsDirectory" };
    bool kept = false;

    for (size_t i = 0; i < ELEMENTS_OF(private); i++)
        kept |= *allows_get(allows, private[i]) != '\0';
    kept |= *allows_get(allows, "RuntimeDirectory") != '\0' &&
            allows_is_on(allows, "RuntimeDirectoryPreserve");
    if (!allows_is_on(allows, "PrivatePIDs"))
        return true;
    return allows->suggestion->target.version >= 262 &&
           !(kept && allows_is_on(allows, "DynamicUser"));
}

/* It is mounted over /sys/fs/bpf, which has to be there, and not from a new process namespace
 * (measured on 262.1). */
static bool start_bpf(const struct allows *allows)
{
    const char *place = profile_setting(allows->profile, "bpffs");

    return !allows_is_on(allows, "PrivateBPF") ||
           (place && strcmp(place, "yes") == 0 && !allows_is_on(allows, "PrivatePIDs"));
}

bool allows_start(const struct allows *allows, const char **ret_directive)
{
    static const char *const needing_proc[] = { "ProtectHostname", "PrivateUsers" };

    for (size_t i = 0; i < allows->count; i++) {
        if (start_mount(allows, i))
            continue;
        *ret_directive = allows->mounts[i].directive;
        return false;
    }
    for (size_t i = 0; i < ELEMENTS_OF(needing_proc); i++) {
        CLEANUP(allows_walk_done) struct allows_walk walk = { 0 };
        if (!allows_is_on(allows, needing_proc[i]))
            continue;
        allows_walk(allows, "/proc/self", NULL, &walk);
        if (walk.end == ALLOWS_FOUND)
            continue;
        *ret_directive = needing_proc[i];
        return false;
    }
    if (!allows_ambient(allows)) {
        *ret_directive = "CapabilityBoundingSet";
        return false;
    }
    if (!allows_filesystem_start(allows)) {
        *ret_directive = "RestrictFileSystems";
        return false;
    }
    if (!start_bpf(allows)) {
        *ret_directive = "PrivateBPF";
        return false;
    }
    if (!start_pids(allows)) {
        *ret_directive = "PrivatePIDs";
        return false;
    }
    return start_programs(allows, ret_directive);
}

bool allows_root_is_kept(const struct allows *allows)
{
    struct allows_items items = { 0 };

    allows_list(allows, "TemporaryFileSystem", &items);
    bool wanted = allows_items_have(&items, "/");
    allows_items_done(&items);
    return !wanted || (allows->count && allows->mounts[0].mode == ALLOWS_TMPFS &&
                       allows->mounts[0].path[1] == '\0');
}
