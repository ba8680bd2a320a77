// SPDX-License-Identifier: LGPL-2.1-or-later
/* Names looked up in the view as the kernel would: component by component, links followed where
 * they stand (path_resolution(7)). What the census does not know of the host is taken to exist. */
#include "evaluate/allows.h"
#include <cinch/base/limits.h>
#include <errno.h>
#include <string.h>

const char *allows_host_link(const struct profile *profile, const char *path)
{
    size_t count;
    const struct host_file *const *files = profile_files_at(profile, path, &count);

    for (size_t i = 0; i < count; i++)
        if (files[i]->type == FILE_SYMLINK && files[i]->target[0])
            return files[i]->target;
    /* A link wherever systemd runs. */
    return !count && strcmp(path, "/dev/log") == 0 ? "/run/systemd/journal/dev-log" : NULL;
}

/* What is left to walk, and where the walk is. */
struct walk_state {
    char *left; /* normalised; `rest` points into it */
    const char *rest;
    char *at;
    size_t links;
};

static void walk_begin(struct walk_state *state, const char *name)
{
    CLEANUP(free_char) char *file = path_uncollapse(name); /* any name of a folded directory */

    *state = (struct walk_state){ .left = path_normalise(file), .at = mem_strdup("/") };
    state->rest = state->left + 1;
}

static void walk_end(struct walk_state *state)
{
    free(state->left);
    free(state->at);
}

/* The place of the next component, which `rest` is moved behind. */
static char *walk_next(struct walk_state *state)
{
    size_t length = strcspn(state->rest, "/");
    CLEANUP(free_char) char *component = mem_strndup(state->rest, length);

    state->rest += length + (state->rest[length] == '/');
    return strcmp(component, "..") == 0 ? path_parent(state->at) : path_join(state->at, component);
}

/* Goes on at the target of a link that stands in `at`. */
static void walk_follow(struct walk_state *state, const char *target)
{
    CLEANUP(free_char) char *start = path_join(state->at, target);
    CLEANUP(free_char) char *longer = *state->rest ? path_join(start, state->rest) : NULL;

    free(state->left);
    free(state->at);
    state->left = path_normalise(longer ? longer : start);
    state->rest = state->left + 1;
    state->at = mem_strdup("/");
    state->links++;
}

static void walk_step(struct walk_state *state, char *next)
{
    free(state->at);
    state->at = next;
}

char *allows_host_resolve(const struct profile *profile, const char *name)
{
    struct walk_state state;

    walk_begin(&state, name);
    while (*state.rest) {
        char *next = walk_next(&state);
        const char *target = state.links < LIMIT_SYMLINKS ? allows_host_link(profile, next) : NULL;
        if (target) {
            walk_follow(&state, target);
            free(next);
        } else {
            walk_step(&state, next);
        }
    }
    char *end = mem_strdup(state.at);
    walk_end(&state);
    return end;
}

/* ---- what systemd mounts itself ---- */

/* Links of /dev and /proc that are the same on every machine. */
static const char *walk_api_link(const struct allows_place *place, const char *view)
{
    static const struct {
        const char *path, *target;
    } links[] = {
        { "/dev/fd", "/proc/self/fd" },       { "/dev/stdin", "/proc/self/fd/0" },
        { "/dev/stdout", "/proc/self/fd/1" }, { "/dev/stderr", "/proc/self/fd/2" },
        { "/dev/core", "/proc/kcore" },       { "/dev/log", "/run/systemd/journal/dev-log" },
        { "/proc/mounts", "self/mounts" },    { "/proc/net", "self/net" },
    };

    if (place->mode != ALLOWS_PRIVATE_DEV && place->mode != ALLOWS_PROCFS)
        return NULL;
    for (size_t i = 0; i < ELEMENTS_OF(links); i++)
        if (strcmp(view, links[i].path) == 0)
            return links[i].target;
    return NULL;
}

static bool walk_is_process(const char *view)
{
    return path_is_within(view, "/proc/self") || path_is_within(view, "/proc/thread-self") ||
           path_is_within(view, "/proc/<pid>");
}

static bool walk_proc_has(const struct allows *allows, const char *view)
{
    const char *protect = allows_get(allows, "ProtectProc");

    if (path_is_within(view, "/proc/<pid>") &&
        (strcmp(protect, "invisible") == 0 || strcmp(protect, "ptraceable") == 0 ||
         strcmp(protect, "noaccess") == 0))
        return false;
    return strcmp(allows_get(allows, "ProcSubset"), "pid") != 0 || strcmp(view, "/proc") == 0 ||
           walk_is_process(view);
}

static bool walk_dev_has(const char *view)
{
    static const char *const nodes[] = { "/dev",      "/dev/null",   "/dev/zero",
                                         "/dev/full", "/dev/random", "/dev/urandom",
                                         "/dev/tty",  "/dev/ptmx",   "/dev/pts",
                                         "/dev/shm",  "/dev/mqueue", "/dev/hugepages",
                                         NULL };

    return allows_is_word(nodes, view);
}

/* RootDirectory= is given these at the start (base_filesystem_create() of systemd 252), before a
 * tmpfs is mounted over them. */
static bool walk_is_stub(const struct allows *allows, const struct allows_place *place,
                         const char *view)
{
    static const char *const stubs[] = { "/dev", "/etc", "/proc", "/root", "/run",
                                         "/sys", "/tmp", "/usr",  "/var",  NULL };

    return allows->empty_root && strcmp(place->directive, "TemporaryFileSystem") != 0 &&
           allows_is_word(stubs, view);
}

bool allows_was_made(const struct allows *allows, const char *view)
{
    CLEANUP(free_char) char *at = mem_strdup(view);

    while (at[1]) {
        char *parent = path_parent(at);
        CLEANUP(free_char) char *folded = mem_printf("%s/", parent[1] ? parent : "");
        CLEANUP(free_char) char *any = path_uncollapse(folded); /* it may be one of many there */
        bool made = strings_has(&allows->made, at) || strings_has(&allows->made, any);
        free(at);
        at = parent;
        if (made)
            return true;
    }
    return false;
}

static bool walk_exists(const struct allows *allows, const struct allows_place *place,
                        const char *view)
{
    if (place->host || place->mode == ALLOWS_SYSFS || allows_view_below(allows, view))
        return true;
    if (place->mode == ALLOWS_PROCFS)
        return walk_proc_has(allows, view);
    if (place->mode == ALLOWS_PRIVATE_DEV)
        return walk_dev_has(view);
    return walk_is_stub(allows, place, view) || allows_was_made(allows, view);
}

/* ---- the walk ---- */

static void walk_finish(struct allows_walk *ret, struct walk_state *state, enum allows_end end,
                        char *view, struct allows_place *place)
{
    ret->end = end;
    ret->last = !*state->rest;
    ret->view = *state->rest ? path_join(view, state->rest) : mem_strdup(view);
    ret->place = *place;
    *place = (struct allows_place){ 0 };
}

static const char *walk_link(const struct allows *allows, const struct walk_state *state,
                             const struct allows_place *place, const char *view, const char *stop)
{
    const char *target = walk_api_link(place, view);

    if (!target && place->host)
        target = allows_host_link(allows->profile, place->host);
    if (state->links >= LIMIT_SYMLINKS || walk_is_process(view) || allows_view_below(allows, view))
        return NULL;
    return !*state->rest && stop && place->host && strcmp(place->host, stop) == 0 ? NULL : target;
}

/* One component; false when the walk is over. */
static bool walk_component(const struct allows *allows, struct walk_state *state, const char *stop,
                           struct allows_walk *ret)
{
    CLEANUP(free_char) char *next = walk_next(state);
    CLEANUP(allows_place_done) struct allows_place above = allows_view_at(allows, state->at);
    CLEANUP(allows_place_done) struct allows_place place = allows_view_at(allows, next);
    const char *target = walk_link(allows, state, &place, next, stop);

    ret->parent_read_only = above.read_only;
    if (place.mode == ALLOWS_INACCESSIBLE) {
        walk_finish(ret, state, ALLOWS_HIDDEN, next, &place);
        return false;
    }
    if (target && (place.mode != ALLOWS_PROCFS || walk_proc_has(allows, next))) {
        walk_follow(state, target);
        return true;
    }
    if (!walk_exists(allows, &place, next)) {
        if (place.mode == ALLOWS_PROCFS)
            place.directive = walk_is_process(next) ? "ProtectProc" : "ProcSubset";
        walk_finish(ret, state, ALLOWS_ABSENT, next, &place);
        return false;
    }
    walk_step(state, mem_strdup(next));
    /* Links below /proc/self lead to what is open already: there is nothing to look up. */
    if (*state->rest && (place.host || !walk_is_process(next)))
        return true;
    walk_finish(ret, state, ALLOWS_FOUND, next, &place);
    return false;
}

void allows_walk(const struct allows *allows, const char *name, const char *stop,
                 struct allows_walk *ret)
{
    struct walk_state state;

    *ret = (struct allows_walk){ .end = ALLOWS_FOUND };
    walk_begin(&state, name);
    while (*state.rest && walk_component(allows, &state, stop, ret))
        ;
    if (!ret->view) {
        ret->view = mem_strdup(state.at);
        ret->place = allows_view_at(allows, state.at);
    }
    walk_end(&state);
}

void allows_walk_done(struct allows_walk *walk)
{
    free(walk->view);
    allows_place_done(&walk->place);
    *walk = (struct allows_walk){ 0 };
}

/* Whether a fact shows something made by the service in a place of the view that is its own; fills
 * the place. What was there before some run is nothing it can count on to make. */
static bool walk_makes(const struct allows *allows, const struct fact *fact,
                       struct allows_walk *walk)
{
    if ((fact->path.use != PATH_CREATE && fact->path.use != PATH_BIND) || fact->outcome != 0 ||
        evidence_foreign(&fact->evidence))
        return false;
    allows_walk(allows, fact->path.requested, fact->path.path, walk);
    return walk->end == ALLOWS_ABSENT && walk->last && !walk->parent_read_only && !walk->place.host;
}

/* Until nothing is added: what is made in a directory that was made comes after it. */
void allows_walk_made(struct allows *allows)
{
    size_t count, before;
    const struct fact *const *facts = profile_facts(allows->profile, FACT_PATH, &count);

    do {
        before = allows->made.count;
        for (size_t i = 0; i < count; i++) {
            CLEANUP(allows_walk_done) struct allows_walk walk = { 0 };
            if (walk_makes(allows, facts[i], &walk))
                strings_add(&allows->made, walk.view);
        }
    } while (allows->made.count > before);
}
