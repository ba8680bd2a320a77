// SPDX-License-Identifier: LGPL-2.1-or-later
/* Files that somebody else removes, replaces or makes anew while the service runs: a mount of one
 * is of what was there at the start. */
#include "evaluate/allows.h"
#include <string.h>

static const char *const opening[] = { "open", "openat", "openat2", NULL };

bool allows_is_personal(const char *path)
{
    return strncmp(path, "/home/", strlen("/home/")) == 0 && strchr(path + strlen("/home/"), '/');
}

static bool is_socket(const struct allows *allows, const char *path)
{
    size_t count;
    const struct host_file *const *files = profile_files_at(allows->profile, path, &count);

    return count && files[0]->type == FILE_SOCKET;
}

/* A socket in a small directory right in /run that somebody else made: the mount is of that one,
 * and after its maker starts again nobody listens there. */
static bool is_unheard(const struct allows *allows, const struct allows_walk *walk,
                       const struct fact *fact)
{
    static const char *const keepers[] = { "/run/systemd", "/run/dbus", "/run/udev", NULL };
    CLEANUP(free_char) char *directory = path_parent(fact->path.path);
    CLEANUP(free_char) char *above = path_parent(directory);
    size_t count;
    const struct host_file *const *files = profile_files_at(allows->profile, directory, &count);

    return walk->place.is_mount && walk->place.read_only && evidence_foreign(&fact->evidence) &&
           strcmp(above, "/run") == 0 && !allows_is_word(keepers, directory) && count &&
           files[0]->unused >= 0 && files[0]->unused < 10 && is_socket(allows, fact->path.path);
}

static bool was_read(const struct allows *allows, const char *path)
{
    size_t count;
    const struct fact *const *facts = profile_facts(allows->profile, FACT_PATH, &count);

    for (size_t i = 0; i < count; i++)
        if (facts[i]->path.use == PATH_READ && facts[i]->outcome == 0 &&
            strcmp(facts[i]->path.path, path) == 0 && strcmp(facts[i]->path.requested, path) == 0)
            return true;
    return false;
}

/* Who answers for users has to see an account that was locked meanwhile: a mount of the file is of
 * the one that was there at the start. */
static bool is_outdated(const struct allows *allows, const struct allows_walk *walk,
                        const struct fact *fact)
{
    static const char *const accounts[] = { "/etc/passwd", "/etc/shadow", "/etc/group", NULL };
    bool again = false;

    for (size_t i = 0; i < fact->evidence.count; i++) {
        const struct seen *seen = &fact->evidence.seen[i];
        again |= seen->count > 1 && seen->phases & 1u << PHASE_SERVE &&
                 allows_is_word(opening, seen->call);
    }
    return again && walk->place.is_mount && walk->place.read_only &&
           allows_is_word(accounts, fact->path.requested) && was_read(allows, "/etc/shadow");
}

bool allows_is_left_behind(const struct allows *allows, const struct allows_walk *walk,
                           const struct fact *fact)
{
    return fact->path.use == PATH_CONNECT ? is_unheard(allows, walk, fact)
                                          : is_outdated(allows, walk, fact);
}
