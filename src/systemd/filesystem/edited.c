// SPDX-License-Identifier: LGPL-2.1-or-later
/* Files that the service reopens while it runs, because an editor, a package manager or passwd(1)
 * may rename a new file over the old one. A bind of the file alone keeps the old one, so its
 * directory is bound. For a file in /etc that is all of /etc. Secrets there are masked, but a mask
 * follows the file: once passwd(1) replaces /etc/shadow, the new one is visible (measured; Linux
 * detaches the mounts of a replaced name since 3.18). So a service that runs as root gets all of
 * /etc only when it reads /etc/shadow itself. */
#include "systemd/core/fit.h"
#include "systemd/core/place_lookup.h"
#include "systemd/filesystem/filesystem.h"
#include <string.h>

static bool is_one_of(const char *const *table, const char *path)
{
    for (; *table; table++)
        if (strcmp(*table, path) == 0)
            return true;
    return false;
}

/* Account files. Most services read them at a start or reload to find the user to change to, which
 * hardly changes. A service that checks users while it runs needs the current file. */
static bool is_account_file(const char *path)
{
    static const char *const files[] = { "/etc/group", "/etc/gshadow", "/etc/passwd", "/etc/shadow",
                                         NULL };

    return is_one_of(files, path);
}

/* Replaced with their packages only, or of no consequence to what is bound as single files. */
static bool is_static(const char *path)
{
    static const char *const files[] = {
        "/etc/bash.bashrc",   "/etc/debian_version",
        "/etc/environment",   "/etc/gai.conf",
        "/etc/host.conf",     "/etc/inputrc",
        "/etc/ld.so.cache",   "/etc/ld.so.conf",
        "/etc/ld.so.preload", "/etc/locale.alias",
        "/etc/localtime",     "/etc/login.defs",
        "/etc/machine-id",    "/etc/magic",
        "/etc/mailcap",       "/etc/mime.types",
        "/etc/networks",      "/etc/nsswitch.conf",
        "/etc/os-release",    "/etc/profile",
        "/etc/protocols",     "/etc/rpc",
        "/etc/services",      "/etc/shells",
        "/etc/timezone",      NULL,
    };

    return is_one_of(files, path);
}

unsigned edited_phases(const struct fact *fact)
{
    unsigned phases = 0;

    if (fact->path.use != PATH_READ || fact->outcome != 0)
        return 0;
    for (size_t i = 0; i < fact->evidence.count; i++) {
        const struct seen *seen = &fact->evidence.seen[i];
        bool again = seen->count > 1 || seen->phases & 1u << PHASE_START;
        phases |= seen->phases & 1u << PHASE_RELOAD;
        if (again && call_traits_have(seen->call, CALL_OPENS))
            phases |= seen->phases & 1u << PHASE_SERVE;
    }
    return phases;
}

bool edited_is(const struct used_name *used)
{
    enum region region = place_region(used->real);
    bool reload_only = !(used->reopened & 1u << PHASE_SERVE);

    return used->reopened && (region == REGION_PLAIN || region == REGION_RUN) &&
           !path_is_within(used->final, "/usr") && !is_static(used->real) &&
           !(reload_only && is_account_file(used->real));
}

static bool may_show_etc(const struct filesystem_plan *plan, const struct used_name *used)
{
    const struct used_name *shadow = names_find(&plan->names, "/etc/shadow");
    struct fit_settings fit;

    fit_settle(plan->options, &fit);
    if (!fit.whole_units && !is_account_file(used->real))
        return false;
    return (shadow && shadow->uses & USE(PATH_READ)) || !plan_has_power_over_files(plan);
}

char *edited_directory(const struct filesystem_plan *plan, const struct used_name *used)
{
    static const char *const shown[] = { "/etc/pam.d", "/etc/security", NULL };
    CLEANUP(free_char) char *parent = path_parent(used->real);
    bool etc = strcmp(parent, "/etc") == 0 && may_show_etc(plan, used);
    bool run = place_region(used->real) == REGION_RUN && !others_is_meeting_place(plan, parent);

    if (!edited_is(used) || run || (policy_is_guarded(parent) && !etc && !is_one_of(shown, parent)))
        return NULL;
    return names_above(plan->profile, used, place_depth(used->real) - 1);
}

void plan_note_stale(struct filesystem_plan *plan)
{
    CLEANUP(strings_done) struct strings replaced = { 0 }, edited = { 0 };

    for (size_t i = 0; i < plan->binds.count; i++) {
        const struct used_name *used = names_find(&plan->names, plan->binds.items[i].path);
        struct strings *files = used && edited_is(used) ? &edited : &replaced;
        if (!plan->binds.items[i].stale)
            continue;
        CLEANUP(free_char) char *path = text_encode_string(plan->binds.items[i].path);
        strings_add(files, path);
    }
    CLEANUP(free_char) char *some_replaced = strings_list(&replaced, NOTE_FILES);
    CLEANUP(free_char) char *some_edited = strings_list(&edited, NOTE_FILES);
    if (replaced.count)
        plan_note(plan, SEVERITY_NOTE, TOPIC_DIRECTIVE, "BindReadOnlyPaths",
                  mem_printf("these are bound as single files: %s. When one is replaced, the "
                             "service sees the old file until it is restarted",
                             some_replaced));
    if (edited.count)
        plan_note(plan, SEVERITY_WARNING, TOPIC_DIRECTIVE, "BindReadOnlyPaths",
                  mem_printf("these are bound as single files, but the service reopens them while "
                             "it runs: %s. When one is replaced (by an editor or usermod), the "
                             "service reads the old file until it is restarted, even after a "
                             "reload. Restart it then; or move its configuration to a separate "
                             "directory or run it as a user other than root, and train again",
                             some_edited));
}
