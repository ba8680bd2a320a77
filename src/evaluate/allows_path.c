// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Uses of paths. What succeeded must lead to the same object with the rights the use takes; what
 * failed must fail alike: absence stays absence, a refused call may be refused otherwise or find
 * nothing, and a write intent must not meet EROFS where it met something else.
 */
#include "evaluate/allows.h"
#include <errno.h>
#include <string.h>

/* Calls that take a descriptor: the object was opened by whatever name. */
static const char *const by_descriptor[] = {
    "mmap",       "mmap2",        "mprotect",  "pkey_mprotect", "getdents",
    "getdents64", "fstat",        "fchmod",    "fchown",        "fchown32",
    "ftruncate",  "ftruncate64",  "fallocate", "fsetxattr",     "fgetxattr",
    "flistxattr", "fremovexattr", "fchdir",    "newfstatat",    "statx",
    "fstatfs",    NULL,
};
/* Calls that replace or make a name and are refused where something is mounted. */
static const char *const naming[] = { "rename",  "renameat",  "renameat2", "link",    "linkat",
                                      "symlink", "symlinkat", "mknod",     "mknodat", NULL };
/* Calls that open a node, or ask whether it could be written, which no mount refuses (fs/open.c).
 */
static const char *const asking[] = { "access", "faccessat", "faccessat2", "open",
                                      "openat", "openat2",   "creat",      NULL };

/* ---- what a walk found ---- */

static enum file_type path_type(const struct allows *allows, const char *path)
{
    size_t count;
    const struct host_file *const *files = profile_files_at(allows->profile, path, &count);

    return count ? files[0]->type : FILE_REGULAR;
}

/* Whether a link was read that is no link any more. Those of /usr are interpreters' own, which find
 * their libraries without; one to a directory leads on by both names. */
static bool path_is_read_link(const struct allows *allows, const struct fact *fact,
                              const char *resolved)
{
    static const char *const reading[] = { "readlink", "readlinkat", NULL };

    return fact->path.use == PATH_STAT && fact->outcome == 0 && allows_is_by_call(fact, reading) &&
           !path_is_within(fact->path.path, "/usr") &&
           path_type(allows, fact->path.path) == FILE_SYMLINK &&
           path_type(allows, resolved) != FILE_DIRECTORY;
}

/* Whether the end of a walk is the object the fact speaks of. */
static bool path_is_same(const struct allows *allows, const struct allows_walk *walk,
                         const struct fact *fact)
{
    const char *meant = fact->path.path;

    if (!walk->place.host || strcmp(walk->place.host, meant) == 0 ||
        path_is_within(walk->place.host, "/proc"))
        return true;
    if (path_is_collapsed(meant)) {
        CLEANUP(free_char) char *directory = path_parent(meant);
        return path_is_within(walk->place.host, directory);
    }
    /* A bound link is what it leads to; the mount is no link any more. */
    CLEANUP(free_char) char *resolved = allows_host_resolve(allows->profile, meant);
    return strcmp(walk->place.host, resolved) == 0 && !path_is_read_link(allows, fact, resolved);
}

/* Of what the fact speaks of. Where one of many names in a directory was meant, the name that was
 * asked for may still tell which. */
static enum file_type path_type_of(const struct allows *allows, const struct fact *fact)
{
    if (!path_is_collapsed(fact->path.path) || path_is_collapsed(fact->path.requested))
        return path_type(allows, fact->path.path);
    CLEANUP(free_char) char *led = allows_host_resolve(allows->profile, fact->path.requested);
    return path_type(allows, led);
}

/* Nodes whose content a read-only mount does not protect: opening them for writing works. */
static bool path_is_node(const struct allows *allows, const struct allows_walk *walk,
                         const struct fact *fact)
{
    enum file_type type = path_type_of(allows, fact);
    bool device = walk->place.mode == ALLOWS_PRIVATE_DEV && !walk->place.host;

    return (device || type == FILE_CHAR_DEVICE || type == FILE_BLOCK_DEVICE || type == FILE_FIFO ||
            type == FILE_SOCKET) &&
           allows_is_by_call(fact, asking);
}

/* A directory that the view has empty lists and holds other things than the host's. */
static bool path_is_bare(const struct allows_walk *walk)
{
    return !walk->place.host && walk->place.mode != ALLOWS_PROCFS &&
           walk->place.mode != ALLOWS_SYSFS;
}

/* A program of Python lists where packages put modules to find what it imports, and asks for that
 * by name afterwards: a listing without the others' is as good to it. */
static bool path_is_import(const struct fact *fact)
{
    const char *name = strrchr(fact->path.path, '/');
    bool usr = strncmp(fact->path.path, "/usr/", strlen("/usr/")) == 0;

    for (size_t i = 0; i < fact->evidence.count; i++) {
        const char *program = fact->evidence.seen[i].program;
        program = program ? strrchr(program, '/') : NULL;
        if (!program || strncmp(program, "/python3", strlen("/python3")) != 0)
            return false;
    }
    return usr && fact->evidence.count && strstr(fact->path.path, "/python3") &&
           (strcmp(name, "/dist-packages") == 0 || strcmp(name, "/site-packages") == 0);
}

/* A directory that is not the machine's still has the owner and the mode that stat(2) told. Who
 * only went there or walked over it took no notice. */
static bool path_keeps_owner(const struct allows *allows, const struct allows_walk *walk,
                             const struct fact *fact)
{
    static const char *const walking[] = { "chdir", "fchdir", NULL };
    size_t count;
    const struct host_file *const *files =
        profile_files_at(allows->profile, fact->path.path, &count);
    const unsigned *owner = walk->place.owner;

    if (walk->place.host || walk->place.mode != ALLOWS_TMPFS || !count ||
        files[0]->type != FILE_DIRECTORY || strcmp(walk->view, "/") == 0 ||
        allows_was_made(allows, walk->view) || allows_is_by_call(fact, walking))
        return true;
    return owner[0] == files[0]->mode && owner[1] == files[0]->uid && owner[2] == files[0]->gid;
}

static bool size_is_real(const struct allows *allows, const char *name)
{
    CLEANUP(allows_walk_done) struct allows_walk walk = { 0 };

    allows_walk(allows, name, NULL, &walk);
    return walk.place.host || walk.place.mode != ALLOWS_TMPFS;
}

/* Only what is on a file system of the machine's tells its size, by every name it was asked by.
 * Homes are asked for their file system's kind, and what systemd mounts itself has a size of its
 * own anyway. */
const char *allows_size(const struct allows *allows, const char *path)
{
    static const char *const others[] = { "/run", "/dev", "/proc", "/sys", "/root", "/home" };
    size_t count;
    const struct fact *const *facts = profile_facts(allows->profile, FACT_PATH, &count);

    for (size_t i = 0; i < ELEMENTS_OF(others); i++)
        if (path_is_within(path, others[i]))
            return NULL;
    for (size_t i = 0; i < count && (allows->count || allows->empty_root); i++)
        if (facts[i]->path.use == PATH_STAT && facts[i]->outcome == 0 &&
            strcmp(facts[i]->path.path, path) == 0 &&
            !size_is_real(allows, facts[i]->path.requested))
            return "TemporaryFileSystem";
    return NULL;
}

/* ---- rights by use ---- */

static bool use_of_content(const struct allows *allows, const struct allows_walk *walk,
                           const struct fact *fact)
{
    if (walk->place.mode == ALLOWS_PRIVATE_DEV)
        return fact->path.use != PATH_LIST || walk->place.host;
    /* A directory can be opened wherever it exists; only its listing tells. */
    if (fact->path.use == PATH_READ && path_type_of(allows, fact) == FILE_DIRECTORY)
        return true;
    if (path_is_bare(walk) && !allows_was_made(allows, walk->view))
        return fact->path.use == PATH_LIST &&
               (walk->place.mode == ALLOWS_PRIVATE_TMP || path_is_import(fact));
    if (fact->path.use == PATH_LIST && strcmp(walk->view, "/proc") == 0)
        return !*allows_get(allows, "ProtectProc") ||
               strcmp(allows_get(allows, "ProtectProc"), "default") == 0;
    return true;
}

/* A name that comes or goes: its directory is written. */
static bool use_of_name(const struct allows *allows, const struct allows_walk *walk,
                        const struct fact *fact)
{
    if (walk->end == ALLOWS_FOUND && walk->place.is_mount)
        return fact->path.use == PATH_CREATE && !walk->place.read_only &&
               !allows_is_by_call(fact, naming) && !allows_is_personal(fact->path.path);
    if (walk->parent_read_only || (walk->end == ALLOWS_ABSENT && !walk->last))
        return false;
    if (fact->path.use == PATH_DELETE && path_is_bare(walk))
        return allows_was_made(allows, walk->view);
    return true;
}

static bool use_is_allowed(const struct allows *allows, const struct allows_walk *walk,
                           const struct fact *fact)
{
    bool found = walk->end == ALLOWS_FOUND;

    switch (fact->path.use) {
    case PATH_STAT:
        return found && path_keeps_owner(allows, walk, fact);
    case PATH_LINK:
        return found;
    case PATH_READ:
    case PATH_LIST:
        return found && use_of_content(allows, walk, fact) &&
               !allows_is_left_behind(allows, walk, fact);
    case PATH_CONNECT:
        return found && use_of_content(allows, walk, fact) &&
               !allows_is_left_behind(allows, walk, fact);
    case PATH_EXECUTE:
    case PATH_MAP_EXECUTE:
        return found && !walk->place.no_exec && use_of_content(allows, walk, fact);
    case PATH_WRITE:
        return found && use_of_content(allows, walk, fact) &&
               (!walk->place.read_only || path_is_node(allows, walk, fact));
    case PATH_CREATE:
    case PATH_DELETE:
    case PATH_BIND:
        return walk->end != ALLOWS_HIDDEN && use_of_name(allows, walk, fact);
    case PATH_MOUNT:
    case PATH_USE_COUNT:
        return !allows->count; /* a mount namespace of its own: nobody else would see it */
    }
    return true;
}

static const char *path_success(const struct allows *allows, const struct fact *fact,
                                const char *name)
{
    CLEANUP(allows_walk_done) struct allows_walk walk = { 0 };

    allows_walk(allows, name, fact->path.path, &walk);
    if (use_is_allowed(allows, &walk, fact) && path_is_same(allows, &walk, fact))
        return NULL;
    if (walk.place.no_exec &&
        (fact->path.use == PATH_EXECUTE || fact->path.use == PATH_MAP_EXECUTE))
        return walk.place.exec_directive;
    return walk.place.directive ? walk.place.directive : "TemporaryFileSystem";
}

/* The object was opened by another name: one of those that lead to it has to do. */
static bool path_was_opened(const struct allows *allows, const struct fact *fact)
{
    size_t count;
    const struct fact *const *facts = profile_facts(allows->profile, FACT_PATH, &count);

    for (size_t i = 0; i < count; i++)
        if (facts[i]->outcome == 0 && facts[i]->path.use != PATH_LINK &&
            strcmp(facts[i]->path.path, fact->path.path) == 0 &&
            !allows_is_by_call(facts[i], by_descriptor) &&
            !path_success(allows, fact, facts[i]->path.requested))
            return true;
    return false;
}

/* ---- failures ---- */

/* Errors that say that the object is there. */
static bool outcome_shows_existence(int outcome)
{
    static const int shows[] = { EEXIST, EISDIR,  ENOTEMPTY, ENODATA,      ENXIO,  EBUSY,
                                 EINVAL, ETXTBSY, ENOEXEC,   ECONNREFUSED, EAGAIN, EINPROGRESS,
                                 ELOOP,  ENOTTY,  EXDEV,     EPROTOTYPE };

    for (size_t i = 0; i < ELEMENTS_OF(shows); i++)
        if (outcome == shows[i])
            return true;
    return false;
}

/* unlink(2), rmdir(2) and rename(2) ask for write access to the mount before they look the last
 * component up; what makes a name looks first, so that EEXIST stays (Linux 6.18). */
static bool failed_name(const struct allows_walk *walk, const struct fact *fact)
{
    bool here = walk->end == ALLOWS_FOUND || walk->last;
    bool refused = fact->outcome == EACCES || fact->outcome == EPERM || fact->outcome == EROFS;

    if (walk->end == ALLOWS_HIDDEN)
        return refused;
    if (fact->outcome == EEXIST && fact->path.use != PATH_DELETE)
        return walk->end == ALLOWS_FOUND || (here && !walk->parent_read_only);
    if (outcome_shows_existence(fact->outcome) && walk->end == ALLOWS_ABSENT)
        return false;
    return !here || refused || fact->outcome == EXDEV || !walk->parent_read_only;
}

static bool failed_other(const struct allows_walk *walk, const struct fact *fact)
{
    bool refused = fact->outcome == EACCES || fact->outcome == EPERM || fact->outcome == EROFS;

    if (outcome_shows_existence(fact->outcome))
        return walk->end == ALLOWS_FOUND;
    return walk->end != ALLOWS_HIDDEN || refused;
}

static const char *path_failure(const struct allows *allows, const struct fact *fact)
{
    CLEANUP(allows_walk_done) struct allows_walk walk = { 0 };
    bool name = fact->path.use == PATH_CREATE || fact->path.use == PATH_DELETE ||
                fact->path.use == PATH_BIND;

    allows_walk(allows, fact->path.requested, fact->path.path, &walk);
    if (name ? failed_name(&walk, fact) : failed_other(&walk, fact))
        return NULL;
    return walk.place.directive ? walk.place.directive : "TemporaryFileSystem";
}

/* Whether the links of a folded directory are there. */
static const char *path_links(const struct allows *allows, const struct fact *fact)
{
    CLEANUP(allows_walk_done) struct allows_walk walk = { 0 };

    allows_walk(allows, fact->path.requested, NULL, &walk);
    if (walk.end == ALLOWS_FOUND)
        return NULL;
    return walk.place.directive ? walk.place.directive : "TemporaryFileSystem";
}

/* One of the names of a folded directory may be what is hidden: nobody knows. */
static const char *path_hidden(const struct allows *allows, const char *path)
{
    CLEANUP(free_char) char *directory = path_parent(path);

    for (size_t i = 0; path_is_collapsed(path) && i < allows->count; i++)
        if (allows->mounts[i].mode == ALLOWS_INACCESSIBLE &&
            path_is_within(allows->mounts[i].path, directory))
            return allows->mounts[i].directive;
    return NULL;
}

/* Places whose content is another with a network of one's own. */
static bool path_is_network(const char *path)
{
    static const char *const places[] = {
        "/proc/net",       "/proc/self/net", "/proc/thread-self/net",
        "/proc/<pid>/net", "/proc/sys/net",  "/sys/class/net"
    };

    for (size_t i = 0; i < ELEMENTS_OF(places); i++)
        if (path_is_within(path, places[i]))
            return true;
    return false;
}

const char *allows_path(const struct allows *allows, const struct fact *fact)
{
    bool success = fact_may_have_succeeded(fact);
    const char *directive;

    if (success && allows_is_on(allows, "PrivateNetwork") &&
        (path_is_network(fact->path.path) || path_is_network(fact->path.requested)))
        return "PrivateNetwork";
    directive = allows_filesystem(allows, fact);
    if (directive)
        return directive;
    /* A link followed is part of the walk of the name it was in, and of nothing else. */
    if ((!allows->count && !allows->empty_root) || fact->path.use == PATH_LINK)
        return NULL;
    directive = path_hidden(allows, fact->path.path);
    if (directive)
        return directive;
    if (!success)
        return path_failure(allows, fact);
    /* A folded directory of links: each leads somewhere, and only the ends are known. */
    if (path_is_collapsed(fact->path.requested) &&
        strcmp(fact->path.requested, fact->path.path) != 0) {
        directive = path_links(allows, fact);
        return directive ? directive : path_success(allows, fact, fact->path.path);
    }
    directive = path_success(allows, fact, fact->path.requested);
    if (directive && strcmp(fact->path.path, fact->path.requested) == 0 &&
        allows_is_by_call(fact, by_descriptor) && path_was_opened(allows, fact))
        return NULL;
    return directive;
}
