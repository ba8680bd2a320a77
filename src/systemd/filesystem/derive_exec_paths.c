// SPDX-License-Identifier: LGPL-2.1-or-later
/* NoExecPaths= and ExecPaths=. NoExecPaths= refuses execve(2) and executable file mappings
 * (systemd.exec(5)), so it applies to interpreters, libraries and plugins as well as programs. With
 * the whole file system visible, only what training executed may be executed; with an empty root,
 * nothing writable. */
#include "systemd/core/derive.h"
#include "systemd/core/directive.h"
#include "systemd/core/place_lookup.h"
#include "systemd/core/verdict.h"
#include "systemd/core/veto.h"
#include "systemd/filesystem/filesystem.h"
#include "systemd/filesystem/filesystem_rows.h"
#include <string.h>

/* Where the loader and the C library look for what no training shows: NSS, iconv, PAM. */
static const char *const library_places[] = { "/usr/lib", "/usr/lib32", "/usr/lib64",
                                              "/usr/libx32" };
/* Since 255 systemd-executor starts the service from inside its sandbox, and may still load
 * libraries there. */
#define VERSION_EXECUTOR 255
#define VERSION_MEASURED 262

/* /usr/lib/x86_64-linux-gnu of what lies below it, or NULL. */
static char *library_directory(const char *path)
{
    char *at = path_parent(path);

    while (at[1] && !strstr(path_name(at), "-linux-gnu")) {
        char *parent = path_parent(at);
        free(at);
        at = parent;
    }
    if (at[1] && path_is_within(at, "/usr"))
        return at;
    free(at);
    return NULL;
}

/* A program that only starts the service needs just its file, because its name is looked up at each
 * start. One that runs later may be replaced before, and its replacement is in the same directory.
 */
static bool is_looked_up_late(const struct fact *fact)
{
    return evidence_phases(&fact->evidence) & ~(1u << PHASE_START);
}

/* The path that is listed for a piece of code; owned. */
static char *code_place(const struct filesystem_plan *plan, const struct fact *fact)
{
    const char *path = fact->path.path;
    const struct bind *writable = binds_covering(&plan->binds, path);
    char *place = library_directory(path);

    if (place)
        return place;
    if (writable && writable->kind == BIND_WRITE && writable->subtree)
        return mem_strdup(writable->path);
    place = path_parent(path);
    if (path_is_collapsed(path))
        return place;
    if ((fact->path.use == PATH_EXECUTE && !is_looked_up_late(fact)) ||
        (policy_is_guarded(place) && !path_is_within(place, "/usr"))) {
        free(place);
        return mem_strdup(path);
    }
    return place;
}

static bool is_program(const struct filesystem_plan *plan, const char *path)
{
    const struct fact *fact;

    for (size_t at = 0; (fact = facts_at(plan, &plan->by_path, path, &at));)
        if (facts_is_code(fact) && fact->path.use == PATH_EXECUTE)
            return true;
    return false;
}

static struct bind *exec_add(struct binds *exec, const char *path, const struct fact *witness,
                             char *why)
{
    struct bind *bind = binds_add(exec, BIND_READ, path, witness, why);

    bind->required = path_is_within(path, "/usr");
    return bind;
}

/* The name of a place by which the code in it was found, when a symlink leads there: another
 * release may be there one day. What packages install below /usr stays where it is. NULL: none. */
static char *code_link(const struct filesystem_plan *plan, const struct fact *fact,
                       const char *place)
{
    const char *name = fact->path.requested;
    size_t below = place_depth(fact->path.path) - place_depth(place);

    if (!name || name[0] != '/' || place_region(place) != REGION_PLAIN ||
        path_is_within(place, "/usr") || place_region(name) != REGION_PLAIN ||
        place_depth(name) <= below)
        return NULL;
    char *head = place_head(name, place_depth(name) - below);
    CLEANUP(free_char) char *leads = place_resolve(plan->profile, head);
    if (strcmp(head, place) != 0 && strcmp(leads, place) == 0 && names_are_steady(plan, head))
        return head;
    free(head);
    return NULL;
}

static void exec_add_fact(const struct filesystem_plan *plan, const struct fact *fact,
                          struct binds *exec)
{
    bool mapped = fact->path.use == PATH_MAP_EXECUTE;
    CLEANUP(free_char) char *place = NULL;

    /* The execution of a program covers its mappings. */
    if (mapped && is_program(plan, fact->path.path))
        return;
    place = code_place(plan, fact);
    CLEANUP(free_char) char *seen = fact_describe(fact);
    bool whole = strcmp(place, fact->path.path) != 0;
    exec_add(exec, place, fact,
             mem_printf("%s%s", whole ? "a whole directory, so that newer versions run too; " : "",
                        seen))
        ->link = code_link(plan, fact, place);
}

/* What its loader takes. */
static void exec_add_files(const struct filesystem_plan *plan, const char *program,
                           struct binds *exec)
{
    CLEANUP(strings_done) struct strings files = { 0 };

    if (!plan_plain_program(plan, program, &files))
        return;
    for (size_t i = 0; i < files.count; i++) {
        CLEANUP(free_char) char *path = place_resolve(plan->profile, files.items[i]);
        CLEANUP(free_char) char *library = library_directory(path);
        struct bind *bind = binds_add(exec, BIND_READ, library ? library : path, NULL,
                                      mem_strdup("a command of the unit loads it"));
        bind->required = false;
    }
}

/* The unit's commands that training never ran. */
static void exec_add_unit(const struct filesystem_plan *plan, struct binds *exec)
{
    struct strings programs = { 0 };

    if (plan->options->unit)
        unit_programs(plan->options->unit, &programs);
    for (size_t i = 0; i < programs.count; i++) {
        CLEANUP(free_char) char *path = place_resolve(plan->profile, programs.items[i]);
        if (is_program(plan, path))
            continue;
        exec_add(exec, path, NULL, mem_strdup("the unit runs it"));
        exec_add_files(plan, programs.items[i], exec);
    }
    strings_done(&programs);
    if (plan->usr_whole.yes)
        exec_add(exec, "/usr", NULL, mem_strdup(plan->usr_whole.why));
}

static void exec_add_executor(const struct filesystem_plan *plan, struct binds *exec)
{
    bool known = plan->options->target.version < VERSION_EXECUTOR;

    for (size_t i = 0; i < exec->count; i++)
        for (size_t k = 0; k < ELEMENTS_OF(library_places); k++)
            known |= path_is_within(exec->items[i].path, library_places[k]) ||
                     strcmp(exec->items[i].path, "/usr") == 0;
    for (size_t k = 0; !known && k < ELEMENTS_OF(library_places); k++)
        binds_add(exec, BIND_READ, library_places[k], NULL,
                  mem_strdup("systemd's executor may load libraries inside the sandbox"));
}

/* Of two places one inside the other the outer one is enough. */
static bool exec_covers(const void *context, const struct bind *outer)
{
    const struct bind *inner = context;

    return strcmp(outer->path, inner->path) != 0 || outer < inner;
}

/* Everything that was executed or mapped so, by places. */
static void exec_collect(const struct filesystem_plan *plan, struct binds *exec)
{
    size_t count;
    const struct fact *const *facts = profile_facts(plan->profile, FACT_PATH, &count);

    for (size_t i = 0; i < count; i++)
        if (facts_is_code(facts[i]))
            exec_add_fact(plan, facts[i], exec);
    exec_add_unit(plan, exec);
    exec_add_executor(plan, exec);
    binds_sort(exec);
}

/* ---- the rows ---- */

static struct value *add_path(struct verdict *ret, const char *path, bool optional,
                              const struct fact *witness, char *why)
{
    struct value *value = verdict_add(ret, path, why, witness);

    value->is_path = true;
    value->optional = optional;
    return value;
}

/* The value of NoExecPaths= with the places that were looked at for it. */
struct denied {
    struct verdict *verdict;
    struct path_index paths;
};

static void denied_done(struct denied *denied)
{
    path_index_done(&denied->paths);
}

/* Whether code was run out of a directory. */
static bool code_below(const struct filesystem_plan *plan, const char *directory)
{
    CLEANUP(free_char) char *real = place_resolve(plan->profile, directory);

    return facts_are_code(plan, real, directory);
}

static void deny_writable(const struct filesystem_plan *plan, const char *path, bool optional,
                          struct denied *denied)
{
    struct verdict *ret = denied->verdict;

    if (path_index_has(&denied->paths, path))
        return;
    path_index_add(&denied->paths, path, 0, ret->count);
    if (!code_below(plan, path))
        add_path(ret, path, optional, NULL, mem_strdup("writable, and nothing in it was executed"))
            ->in_root = plan->root_directory;
}

/* A path listed for another setting is a mount that NoExecPaths= of a directory above does not
 * reach (systemd 252: exceptions of the one are exceptions of the other). An entry for a directory
 * silently replaces a tmpfs that another setting mounts there. */
static void deny_listed(const struct filesystem_plan *plan, struct denied *ret)
{
    static const char *const homes[] = { "/home", "/root", "/run/user" };

    deny_writable(plan, "/run", true, ret);
    for (size_t i = 0; i < ELEMENTS_OF(homes); i++)
        if (plan_is_used_below(plan, homes[i]) &&
            strcmp(plan_unit_get(plan, "ProtectHome"), "tmpfs") != 0)
            deny_writable(plan, homes[i], true, ret);
}

/* What can be written cannot be executed. */
static void deny_all_writable(const struct filesystem_plan *plan, struct denied *ret)
{
    static const char *const temporary[] = { "/tmp", "/var/tmp" };

    for (size_t i = 0; i < plan->binds.count; i++)
        if (plan->binds.items[i].kind == BIND_WRITE)
            deny_writable(plan, bind_name(&plan->binds.items[i]), !plan->binds.items[i].required,
                          ret);
    for (size_t i = 0; i < plan->automatic.count; i++)
        if (!strstr(plan->automatic.items[i], "/private/")) /* shown by its other name */
            deny_writable(plan, plan->automatic.items[i], true, ret);
    for (size_t i = 0; plan->private_tmp.yes && i < ELEMENTS_OF(temporary); i++)
        deny_writable(plan, temporary[i], true, ret);
    if (plan->private_devices.yes && plan_is_used_below(plan, "/dev/shm"))
        deny_writable(plan, "/dev/shm", true, ret);
}

/* Whether ExecPaths= is known to work. Its entries must be bound read-only (conflicts.c); that
 * NoExecPaths=/ does not reach binds was measured on 252, 257 and 262. With a ProtectSystem= other
 * than strict an entry may be a separate mount and is lost. */
static bool list_is_known(const struct filesystem_plan *plan)
{
    return plan->options->target.version <= VERSION_MEASURED && !plan->torn.yes &&
           !plan->root_used.yes;
}

/* Code that no list of places can let through. */
static const struct fact *nameless_code(const struct derive_context *context)
{
    return veto_applies(context->profile,
                        directive_find(context->directives, "NoExecPaths")->candidates[0].vetoes);
}

/* With the whole file system visible. */
static void deny_in_full_view(const struct filesystem_plan *plan, struct verdict *ret)
{
    CLEANUP(denied_done) struct denied denied = { .verdict = ret };
    bool known = list_is_known(plan);

    if (known) {
        path_index_add(&denied.paths, "/", 0, 0);
        plan_say(ret, "/", NULL, "only the paths of ExecPaths= may be executed");
        ret->values[0].is_path = true;
    }
    /* Every entry is a mount: not where files are moved across what would be one. */
    if (!plan->torn.yes) {
        deny_all_writable(plan, &denied);
        deny_listed(plan, &denied);
    }
    if (known)
        return;
    ret->reset = false; /* what the unit denies stays denied */
    if (ret->emitted)
        ret->why = mem_strdup("writable paths from which nothing was executed");
    else
        verdict_refuse(
            ret,
            mem_strdup(
                "each entry would be a mount, and the service moves files across it (EXDEV)"),
            plan->torn.witness);
}

void derive_no_exec_paths(const struct derive_context *context, const struct directive *directive,
                          struct verdict *ret)
{
    const struct filesystem_plan *plan = context->filesystem;
    const struct fact *nameless = nameless_code(context);

    if (plan_is_left_out(context, ret))
        return;
    if (nameless) {
        CLEANUP(free_char) char *seen = fact_describe(nameless);
        derive_path_reset(context, directive, ret);
        if (!ret->emitted)
            verdict_refuse(ret, mem_printf("the service ran code from an unknown file: %s", seen),
                           nameless);
        return;
    }
    if (!plan_is_built(plan)) {
        deny_in_full_view(plan, ret);
        return;
    }
    /* A value of / would silently cancel the empty root. */
    CLEANUP(denied_done) struct denied denied = { .verdict = ret };
    deny_all_writable(plan, &denied);
    kept_no_exec(plan, ret);
    if (ret->emitted)
        ret->why = mem_strdup("writable paths from which nothing was executed");
    else
        derive_path_reset(context, directive, ret);
}

void derive_exec_paths(const struct derive_context *context, const struct directive *directive,
                       struct verdict *ret)
{
    const struct filesystem_plan *plan = context->filesystem;
    struct binds exec = { 0 };

    if (plan_is_left_out(context, ret))
        return;
    if (plan_is_built(plan) || nameless_code(context)) {
        derive_path_reset(context, directive, ret);
        return;
    }
    if (!list_is_known(plan)) {
        verdict_refuse(
            ret,
            mem_strdup(
                "needs ProtectSystem=strict and a systemd on which it was tested (up to 262)"),
            NULL);
        return;
    }
    exec_collect(plan, &exec);
    for (size_t i = 0; i < exec.count; i++)
        if (!binds_above(&exec, exec.items[i].path, exec_covers, &exec.items[i]))
            add_path(ret, bind_name(&exec.items[i]), !exec.items[i].required, exec.items[i].witness,
                     mem_strdup(exec.items[i].why));
    ret->why = mem_strdup("the files of the programs that start the service; directories of "
                          "libraries and of programs that run later");
    binds_done(&exec);
}
