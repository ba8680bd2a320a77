// SPDX-License-Identifier: LGPL-2.1-or-later
/* StateDirectory= and the like, of the unit and as the service creates them. In a sandbox a service
 * cannot create a directory below /var/lib or /run, and a missing one cannot be bound. So systemd
 * creates it, with the owner and mode it had. */
#include "systemd/core/derive.h"
#include "systemd/core/directive.h"
#include "systemd/core/identity.h"
#include "systemd/core/place_lookup.h"
#include "systemd/core/verdict.h"
#include "systemd/filesystem/filesystem.h"
#include "systemd/filesystem/filesystem_rows.h"
#include <ctype.h>
#include <string.h>

struct directory_kind {
    const char *key, *mode_key, *base;
};

static const struct directory_kind kinds[] = {
    { "StateDirectory", "StateDirectoryMode", "/var/lib" },
    { "CacheDirectory", "CacheDirectoryMode", "/var/cache" },
    { "LogsDirectory", "LogsDirectoryMode", "/var/log" },
    { "RuntimeDirectory", "RuntimeDirectoryMode", "/run" },
    { "ConfigurationDirectory", "ConfigurationDirectoryMode", "/etc" },
};

/* systemd that knows all of them and their modes. */
#define VERSION_DIRECTORIES 235
/* The mode that systemd gives a directory by default. */
#define MODE_DEFAULT 0755

/* ---- the unit's own ---- */

/* One item of a *Directory= list: "NAME[:LINK][:ro]". An unknown directory is skipped, so what the
 * service used is bound like any other path. */
static void add_automatic(struct filesystem_plan *plan, const char *base, const char *item)
{
    CLEANUP(free_char) char *name = mem_strndup(item, strcspn(item, ":"));
    CLEANUP(free_char) char *text = unit_expand(plan->options->unit, name, false);
    CLEANUP(free_char) char *plain = text ? path_normalise(text) : mem_strdup("/");

    if (strcmp(plain, "/") == 0 || text[0] == '/') /* systemd ignores it */
        return;
    CLEANUP(free_char) char *path = mem_printf("%s%s", base, plain);
    CLEANUP(free_char) char *private = mem_printf("%s/private%s", base, plain);
    plan_add_automatic(plan, path);
    plan_add_automatic(plan, private);
}

void plan_unit_directories(struct filesystem_plan *plan)
{
    for (size_t i = 0; plan->options->unit && i < ELEMENTS_OF(kinds); i++) {
        struct strings items = { 0 };
        unit_list(plan->options->unit, kinds[i].key, &items);
        for (size_t item = 0; item < items.count; item++)
            add_automatic(plan, kinds[i].base, items.items[item]);
        strings_done(&items);
    }
}

/* ---- what the service made ---- */

/* Whether all of it ran as root, as which systemd would own the directory. */
static bool is_root(const struct filesystem_plan *plan)
{
    static const char *const keys[] = { "User", "Group" };
    size_t count;
    const struct run *const *runs = profile_runs(plan->profile, &count);
    bool root = count > 0 && !identity_is_dynamic(plan->profile, plan->options);

    for (size_t i = 0; i < count; i++)
        root &= runs[i]->uid == 0;
    for (size_t i = 0; i < ELEMENTS_OF(keys); i++) {
        root &= identity_is_root_name(plan_unit_get(plan, keys[i]));
    }
    return root;
}

/* A name that needs no quotes, is no specifier and not the place of dynamic users. */
static bool is_plain(const char *name)
{
    for (const char *at = name; *at; at++)
        if (!isalnum((unsigned char)*at) && !strchr("_.@-", *at))
            return false;
    return name[0] && name[0] != '.' && name[0] != '-' && strcmp(name, "private") != 0;
}

/* systemd gives every directory of a kind the same mode, those of the unit as well. */
static bool mode_fits(const struct filesystem_plan *plan, size_t kind, unsigned mode)
{
    const char *given = plan_unit_get(plan, kinds[kind].mode_key);
    bool unit_has = plan_unit_get(plan, kinds[kind].key)[0];

    for (size_t i = 0; i < plan->directories.count; i++)
        if (plan->directories.items[i].kind == kind)
            return plan->directories.items[i].mode == mode;
    if (given[0])
        return strtoul(given, NULL, 8) == mode;
    return !unit_has || mode == MODE_DEFAULT;
}

/* Whether the fact is, or may be, about the path: a collapsed directory may contain it. */
static bool fact_may_mean(const struct profile *profile, const struct fact *fact, const char *path)
{
    if (!path_is_collapsed(fact->path.path))
        return strcmp(fact->path.path, path) == 0;
    CLEANUP(free_char) char *folded = path_parent(fact->path.path);
    if (!path_is_within(path, folded) || path_is_collapsed(fact->path.requested))
        return path_is_within(path, folded);
    CLEANUP(free_char) char *led = place_resolve(profile, fact->path.requested);
    return strcmp(led, path) == 0;
}

static bool facts_make_only(const struct filesystem_plan *plan, const char *at, const char *path)
{
    const struct fact *fact;
    bool only = true;

    for (size_t i = 0; only && (fact = facts_at(plan, &plan->by_path, at, &i));) {
        if (!fact_may_mean(plan->profile, fact, path))
            continue;
        only = fact->path.use != PATH_DELETE && fact->path.use != PATH_BIND;
        for (size_t k = 0; k < fact->evidence.count && fact->path.use == PATH_CREATE; k++)
            only &= str_starts_with(fact->evidence.seen[k].call, "mkdir");
    }
    return only;
}

/* What else was done to the directory: one that is mounted can be neither replaced nor removed, and
 * making it again is refused as it was. */
static bool is_made_only(const struct filesystem_plan *plan, const char *path)
{
    CLEANUP(free_char) char *at = mem_strdup(path);
    bool only = facts_make_only(plan, at, path);

    while (only && strcmp(at, "/") != 0) { /* among the names of a folded directory */
        CLEANUP(free_char) char *folded = mem_printf("%s/", at);
        char *parent = path_parent(at);
        only = facts_make_only(plan, folded, path);
        free(at);
        at = parent;
    }
    return only && facts_make_only(plan, "//", path);
}

static bool is_roots(const struct host_file *file)
{
    return file->type == FILE_DIRECTORY && file->uid == 0 && file->gid == 0 &&
           !(file->mode & 07000) && (file->mode & 0700) == 0700;
}

/* The directory is root's by every profile's word, of one mode: before each command of a unit
 * without User= systemd gives it, and all in it, back to root (measured on 252), whichever command
 * gave it away. */
static const struct host_file *roots_directory(const struct filesystem_plan *plan, const char *path)
{
    const struct host_file *found = NULL;
    size_t count;
    const struct host_file *const *files = profile_files_at(plan->profile, path, &count);

    for (size_t i = 0; i < count; i++) {
        if (files[i]->type == FILE_MISSING)
            continue;
        if (!is_roots(files[i]) || (found && found->mode != files[i]->mode))
            return NULL;
        found = files[i];
    }
    return found && is_made_only(plan, path) ? found : NULL;
}

static void consider(struct filesystem_plan *plan, const char *path, bool kept,
                     const struct fact *witness)
{
    CLEANUP(free_char) char *base = path_parent(path);
    const struct host_file *file = roots_directory(plan, path);
    const char *name = path_name(path);

    for (size_t kind = 0; file && kind < ELEMENTS_OF(kinds); kind++) {
        if (strcmp(kinds[kind].base, base) != 0 || !is_plain(name) ||
            plan_is_automatic(plan, path) || plan_crossing(plan, path) ||
            !mode_fits(plan, kind, file->mode))
            continue;
        struct directories *list = &plan->directories;
        mem_reserve(&list->items, &list->capacity, list->count + 1, sizeof(*list->items));
        list->items[list->count++] = (struct made_directory){ .kind = kind,
                                                              .name = mem_strdup(name),
                                                              .mode = file->mode,
                                                              .kept = kept,
                                                              .witness = witness };
        plan_add_automatic(plan, path);
    }
}

/* The directory in /run that a name is in, NULL when it is in none; owned. */
static char *run_directory(const char *real)
{
    static const char base[] = "/run/";
    size_t length = str_starts_with(real, base) ? strcspn(real + strlen(base), "/") : 0;

    return length && real[strlen(base) + length] == '/' ? mem_strndup(real, strlen(base) + length)
                                                        : NULL;
}

/* One of /run that was there already, in which names were made: after a boot it is not. Made by
 * systemd it is there then as well, and what is there already stays as it is. */
static void consider_kept(struct filesystem_plan *plan, const struct used_name *used)
{
    CLEANUP(free_char) char *path = run_directory(used->real);
    const struct used_name *itself = path ? names_find(&plan->names, path) : NULL;

    if (!path || !((used->uses & USES_WRITE) | used->failed) || (itself && itself->created) ||
        policy_is_guarded(path) || plan_is_automatic(plan, path))
        return;
    consider(plan, path, true, used->witness);
    path_index_add(&plan->kept, path, 0, 0);
    plan_note_path(plan, path,
                   "existed before training. After a boot it is missing unless something creates "
                   "it (tmpfiles.d(5)), and training did not show what the service does then. Also "
                   "train a start without it and give both profiles");
}

void plan_made_directories(struct filesystem_plan *plan)
{
    if (plan->options->target.version < VERSION_DIRECTORIES || plan->options->target.user_manager ||
        !is_root(plan))
        return;
    for (size_t i = 0; i < plan->names.count; i++)
        if (plan->names.items[i].created)
            consider(plan, plan->names.items[i].real, false, plan->names.items[i].witness);
    /* A unit that is not known may have it made already. */
    for (size_t i = 0; plan->options->unit && i < plan->names.count; i++)
        consider_kept(plan, &plan->names.items[i]);
}

void directories_done(struct directories *directories)
{
    for (size_t i = 0; i < directories->count; i++)
        free(directories->items[i].name);
    free(directories->items);
    *directories = (struct directories){ 0 };
}

/* ---- the rows ---- */

static void refuse_directories(struct verdict *ret)
{
    verdict_refuse(
        ret,
        mem_strdup("the service, as root, created no directory there that systemd could create"),
        NULL);
}

void derive_directories(const struct derive_context *context, const struct directive *directive,
                        struct verdict *ret)
{
    const struct directories *list = &context->filesystem->directories;

    if (plan_is_left_out(context, ret))
        return;
    for (size_t i = 0; i < list->count; i++) {
        const struct made_directory *made = &list->items[i];
        if (strcmp(kinds[made->kind].key, directive->name) != 0)
            continue;
        CLEANUP(free_char)
        char *seen = made->witness ? fact_describe(made->witness)
                                   : mem_strdup("a command of the unit does it");
        verdict_add(
            ret, made->name,
            mem_printf("%s: %s",
                       made->kept
                           ? "the service creates entries in it, and it is missing after a boot"
                           : "the service creates it itself",
                       seen),
            made->witness);
        ret->witness = made->witness;
    }
    if (ret->emitted)
        ret->why = mem_strdup(
            "systemd creates this directory, because the service cannot create it in the sandbox");
    else
        refuse_directories(ret);
}

void derive_directory_mode(const struct derive_context *context, const struct directive *directive,
                           struct verdict *ret)
{
    const struct directories *list = &context->filesystem->directories;

    if (plan_is_left_out(context, ret))
        return;
    for (size_t i = 0; i < list->count && !ret->emitted; i++) {
        if (strcmp(kinds[list->items[i].kind].mode_key, directive->name) != 0)
            continue;
        CLEANUP(free_char) char *mode = mem_printf("%04o", list->items[i].mode);
        plan_say(ret, mode, list->items[i].witness, "the mode the service gave the directory");
    }
    if (!ret->emitted)
        refuse_directories(ret);
}

/* What the service left there, it found there again. */
void derive_directory_preserve(const struct derive_context *context,
                               const struct directive *directive, struct verdict *ret)
{
    const struct directories *list = &context->filesystem->directories;

    (void)directive;
    if (plan_is_left_out(context, ret))
        return;
    for (size_t i = 0; i < list->count && !ret->emitted; i++)
        if (strcmp(kinds[list->items[i].kind].key, "RuntimeDirectory") == 0 &&
            !plan_unit_get(context->filesystem, "RuntimeDirectory")[0])
            plan_say(ret, "yes", list->items[i].witness,
                     "the service does not remove the directory when it stops");
    if (!ret->emitted)
        refuse_directories(ret);
}
