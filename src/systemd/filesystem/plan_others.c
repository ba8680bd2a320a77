// SPDX-License-Identifier: LGPL-2.1-or-later
/* Names that other programs create, replace and remove while the service runs. */
#include "systemd/core/place_lookup.h"
#include "systemd/filesystem/filesystem.h"
#include <string.h>

bool others_is_personal(const char *path)
{
    static const char *const places[] = { "/home", "/media", "/run/media", "/run/user" };

    for (size_t i = 0; i < ELEMENTS_OF(places); i++)
        if (path_is_within(path, places[i]) && strcmp(path, places[i]) != 0)
            return true;
    return false;
}

/* ---- sockets and FIFOs that others make ---- */

/* How many files beside a socket are shown for its sake. */
#define COMPANY_MAX 16

/* Sockets that PID 1 listens on, for a socket unit or itself. They stay the same until a reboot, so
 * a bind of one file stays valid. */
static bool is_lasting(const char *path)
{
    static const char *const sockets[] = {
        "/dev/log", /* systemd-journald-dev-log.socket, by its link */
        "/run/avahi-daemon/socket",
        "/run/cups/cups.sock",
        "/run/dbus/system_bus_socket",
        "/run/docker.sock",
        "/run/pcscd/pcscd.comm",
        "/run/rpcbind.sock",
        "/run/snapd-snap.socket",
        "/run/snapd.socket",
        "/run/systemd/io.system.ManagedOOM",
        "/run/systemd/journal/dev-log",
        "/run/systemd/journal/socket",
        "/run/systemd/journal/stdout",
        "/run/systemd/notify",
        "/run/systemd/private",
        "/run/systemd/userdb/io.systemd.DynamicUser",
        "/run/udev/control",
        "/run/uuidd/request",
    };

    for (size_t i = 0; i < ELEMENTS_OF(sockets); i++)
        if (strcmp(sockets[i], path) == 0)
            return true;
    return false;
}

bool others_make(const struct used_name *used)
{
    bool meeting = used->type == FILE_SOCKET || used->type == FILE_FIFO;

    return meeting && used->uses & ~USES_STAT && !used->created && !is_lasting(used->final) &&
           (used->region == REGION_RUN || used->region == REGION_PLAIN);
}

/* All that a user runs meets there: /run/user/1000 holds the sockets of his keys' agents. */
static bool is_everything_of_user(const char *directory)
{
    CLEANUP(free_char) char *parent = path_parent(directory);

    return strcmp(parent, "/run/user") == 0;
}

bool others_is_meeting_place(const struct filesystem_plan *plan, const char *directory)
{
    const struct host_file *file = place_file(plan->profile, directory);

    return file && file->type == FILE_DIRECTORY && file->unused >= 0 &&
           file->unused <= COMPANY_MAX && !policy_is_guarded(directory) &&
           !policy_is_door(directory) && !is_everything_of_user(directory);
}

void others_directories(struct filesystem_plan *plan, const struct used_name *used,
                        struct strings *ret)
{
    CLEANUP(free_char) char *place = path_parent(used->final);
    CLEANUP(free_char) char *beside = path_parent(used->real);

    if (!others_make(used) || !others_is_meeting_place(plan, place))
        return;
    if (strcmp(beside, place) == 0) {
        CLEANUP(free_char)
        char *named = names_above(plan->profile, used, place_depth(used->real) - 1);
        strings_add(ret, named);
    } else {
        /* The link has to stay one: bound, it would be the socket that is there now. */
        strings_add(ret, place);
        if (strcmp(beside, "/etc/alternatives") == 0 || others_is_meeting_place(plan, beside))
            strings_add(ret, beside);
    }
    plan_note_path(
        plan, place,
        "is visible as a whole so that the service finds a socket that another service recreates; "
        "it must exist before this service starts. If it is the other unit's RuntimeDirectory=, "
        "set RuntimeDirectoryPreserve=yes there. Otherwise each restart of the other service "
        "replaces the directory, and this service must be restarted too");
}

/* access(2) does not check the mount of a socket or FIFO (Linux: special_file() in do_faccessat()).
 */
static bool is_asking(const char *call)
{
    return call_traits_have(call, CALL_CHECKS_ACCESS) || call_traits_have(call, CALL_OPENS);
}

bool others_socket_is_changed(const struct filesystem_plan *plan, const struct used_name *used)
{
    const struct fact *fact;

    for (size_t at = 0; (fact = facts_at(plan, &plan->by_path, used->final, &at));) {
        if (fact->path.use != PATH_WRITE || fact->outcome != 0)
            continue;
        for (size_t k = 0; k < fact->evidence.count; k++)
            if (!is_asking(fact->evidence.seen[k].call))
                return true;
    }
    return false;
}

void plan_note_alone(struct filesystem_plan *plan)
{
    CLEANUP(strings_done) struct strings files = { 0 };

    for (size_t i = 0; i < plan->binds.count; i++) {
        const struct bind *bind = &plan->binds.items[i];
        const struct used_name *used = names_find(&plan->names, bind->path);
        if (bind->subtree || !used || !others_make(used))
            continue;
        CLEANUP(free_char) char *path = text_encode_string(bind->path);
        strings_add(&files, path);
    }
    CLEANUP(free_char) char *named = strings_list(&files, NOTE_FILES);
    if (files.count)
        plan_note(
            plan, SEVERITY_WARNING, TOPIC_DIRECTIVE, "BindReadOnlyPaths",
            mem_printf("these are bound as single files, but another service creates them: %s. "
                       "After that service restarts, this one cannot reach it until it is "
                       "restarted too. Move them to a separate directory below /run and train "
                       "again, or add PartOf= and After= with the other unit's name to this unit",
                       named));
}
