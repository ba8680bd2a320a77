// SPDX-License-Identifier: LGPL-2.1-or-later
/* InaccessiblePaths=: what is hidden inside the whole file system, a directory that is bound whole,
 * or the host's /run. Only what the service never used, even in vain, because a hidden path answers
 * EACCES and not ENOENT. */
#include "systemd/core/place_lookup.h"
#include "systemd/filesystem/filesystem.h"
#include <string.h>

/* Directories of the administrator and of other users. */
static const char *const places[] = {
    "/boot", "/efi",     "/lost+found",  "/media",     "/mnt",      "/opt",
    "/srv",  "/usr/src", "/var/backups", "/var/crash", "/var/mail", "/var/spool",
};

bool plan_is_mounted_in(const struct filesystem_plan *plan, const char *path)
{
    static const char *const lists[] = { "BindPaths", "BindReadOnlyPaths", "TemporaryFileSystem",
                                         "ReadWritePaths" };
    bool mounted = false;

    for (size_t i = 0; plan->options->unit && i < ELEMENTS_OF(lists); i++) {
        CLEANUP(strings_done) struct strings words = { 0 };
        unit_list(plan->options->unit, lists[i], &words);
        for (size_t k = 0; k < words.count; k++)
            mounted |= strstr(words.items[k], path) != NULL;
    }
    return mounted || path_index_below(&plan->served, path, 1u << 0) > 0 ||
           path_index_below(&plan->binds.index, path, GRANTS_ALL) > 0;
}

static bool is_hidden(const void *context, const struct bind *above)
{
    (void)context;
    return above->kind == BIND_HIDE;
}

static bool hide(struct filesystem_plan *plan, const char *path, const char *why)
{
    if (binds_above(&plan->binds, path, is_hidden, NULL) || plan_is_touched(plan, path) ||
        plan_is_mounted_in(plan, path))
        return false;
    binds_add(&plan->binds, BIND_HIDE, path, NULL, mem_strdup(why));
    return true;
}

/* A mask belongs to the file that it covers and goes with it (Linux 3.18): permissions hide the
 * next file of the name, but not from root. */
static void hide_secret(struct filesystem_plan *plan, const char *path, const char *why)
{
    if (hide(plan, path, why) && plan_has_power_over_files(plan))
        plan_note(
            plan, SEVERITY_NOTE, TOPIC_DIRECTIVE, "InaccessiblePaths",
            mem_strdup(
                "InaccessiblePaths= hides secret files by path. A file renamed over one of them, "
                "as passwd(1) does with /etc/shadow, is visible to the service until it is "
                "restarted. Restart it then, or run it as a user other than root (User=)"));
}

void plan_hide_secrets(struct filesystem_plan *plan, const char *shown)
{
    CLEANUP(free_char) char *real = place_resolve(plan->profile, shown);
    CLEANUP(strings_done) struct strings secrets = { 0 };

    policy_secrets_below(real, &secrets);
    plan_secrets_within(plan, real, &secrets);
    strings_sort_unique(&secrets);
    for (size_t i = 0; i < secrets.count; i++) {
        /* By the name it has in the service's root. */
        const char *rest = secrets.items[i] + (real[1] ? strlen(real) : 0);
        CLEANUP(free_char) char *place = path_join(shown, rest + 1);
        if (!plan_is_touched(plan, secrets.items[i]))
            hide_secret(plan, place, "never used, but its directory is bound whole");
    }
}

/* What the unit hides of a directory that is bound whole stays hidden. */
static void hide_as_unit(struct filesystem_plan *plan)
{
    CLEANUP(strings_done) struct strings words = { 0 };

    if (plan->options->unit && plan_is_built(plan))
        unit_list(plan->options->unit, "InaccessiblePaths", &words);
    for (size_t i = 0; i < words.count; i++) {
        CLEANUP(free_char)
        char *path = path_normalise(words.items[i] + strspn(words.items[i], "-+"));
        const struct bind *bind =
            path[0] == '/' && !strchr(path, '%') ? binds_covering(&plan->binds, path) : NULL;
        if (!bind || !bind->subtree || strcmp(bind->path, path) == 0)
            continue;
        if (plan_is_touched(plan, path))
            plan_note_path(plan, path,
                           "is visible because the service used it in training, although the "
                           "unit's InaccessiblePaths= hides it");
        hide(plan, path, "the unit hides it, but its directory is bound whole");
    }
}

static void hide_doors(struct filesystem_plan *plan)
{
    for (size_t i = 0; policy_doors[i]; i++)
        hide(plan, policy_doors[i], "accepts commands, and was never used");
}

/* ---- the view itself ---- */

/* Where systemd 252 and 257 assemble an empty root without RootDirectory=. A bind of a directory
 * around it shows all mounts made so far again, writable (measured). */
static const char *const workshops[] = { "/run/systemd/mount-rootfs", "/run/systemd/unit-root" };

static bool is_bound_around(const struct filesystem_plan *plan, const char *place)
{
    static const char *const lists[] = { "BindPaths", "BindReadOnlyPaths" };
    bool around = false;

    for (size_t i = 0; i < plan->binds.count && !around; i++) {
        const struct bind *bind = &plan->binds.items[i];
        CLEANUP(free_char) char *real = place_resolve(plan->profile, bind->path);
        around = bind->subtree && (bind->kind == BIND_READ || bind->kind == BIND_WRITE) &&
                 path_is_within(place, real);
    }
    for (size_t i = 0; plan->options->unit && i < ELEMENTS_OF(lists); i++) {
        CLEANUP(strings_done) struct strings words = { 0 };
        unit_list(plan->options->unit, lists[i], &words);
        for (size_t k = 0; k < words.count; k++) {
            const char *word = words.items[k] + (words.items[k][0] == '-');
            CLEANUP(free_char) char *source = mem_strndup(word, strcspn(word, ":"));
            around |= source[0] == '/' && path_is_within(place, source);
        }
    }
    return around;
}

void plan_hide_workshops(struct filesystem_plan *plan)
{
    const char *why = "systemd assembles the empty root there, and a bind around it would show "
                      "that root again, writable";

    if (plan->form == FILESYSTEM_STRICT || plan->left_out.yes)
        return;
    for (size_t i = 0; plan->form == FILESYSTEM_VIEW && i < ELEMENTS_OF(workshops); i++)
        if (is_bound_around(plan, workshops[i]))
            hide(plan, workshops[i], why);
    if (plan->root_directory && is_bound_around(plan, plan->root_directory))
        hide(plan, plan->root_directory, why);
    binds_sort(&plan->binds);
}

bool plan_has_all_of_run(const struct filesystem_plan *plan, unsigned kinds)
{
    for (size_t i = 0; i < plan->binds.count; i++) {
        CLEANUP(free_char) char *real = place_resolve(plan->profile, plan->binds.items[i].path);
        if (kinds & 1u << plan->binds.items[i].kind && strcmp(real, "/run") == 0)
            return true;
    }
    return false;
}

/* Where ProtectHome= hides all, one more line says nothing. */
static bool is_home(const char *path)
{
    return path_is_within(path, "/root") || path_is_within(path, "/home");
}

void plan_hide(struct filesystem_plan *plan)
{
    if (plan->form != FILESYSTEM_STRICT) {
        if (plan_has_all_of_run(plan, 1u << BIND_READ | 1u << BIND_WRITE))
            hide_doors(plan);
        hide_as_unit(plan);
        return;
    }
    hide_doors(plan);
    for (size_t i = 0; i < ELEMENTS_OF(places); i++)
        hide(plan, places[i], "never used");
    CLEANUP(strings_done) struct strings secrets = { 0 };
    policy_secrets_below("/", &secrets);
    for (size_t i = 0; i < plan->secrets.count; i++)
        strings_add(&secrets, plan->secrets.items[i]);
    strings_sort_unique(&secrets);
    for (size_t i = 0; i < secrets.count; i++)
        if (!is_home(secrets.items[i]))
            hide_secret(plan, secrets.items[i], "secret, and never used");
}
