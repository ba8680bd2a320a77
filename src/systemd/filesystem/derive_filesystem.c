// SPDX-License-Identifier: LGPL-2.1-or-later
/* The rows that build the service's root: the empty root and its binds. */
#include "systemd/core/derive.h"
#include "systemd/core/directive.h"
#include "systemd/core/own_mount.h"
#include "systemd/core/place_lookup.h"
#include "systemd/core/verdict.h"
#include "systemd/filesystem/filesystem.h"
#include "systemd/filesystem/filesystem_rows.h"
#include <string.h>

/* ---- shared by all rows of the file system ---- */

/* A list of the unit that would undo or break the plan is emptied: what is not known of the unit
 * may have one. */
static void reset_list(const struct derive_context *context, const char *name, const char *why,
                       struct verdict *ret)
{
    struct strings items = { 0 };
    bool whole = suggest_unit_is_whole(context->options);

    if (context->options->unit)
        unit_list(context->options->unit, name, &items);
    if (items.count || !whole) {
        ret->emitted = ret->reset = true;
        free(ret->why);
        ret->why = mem_printf(
            "%s: %s",
            items.count ? "empties the unit's own list" : "empty in case the unit sets it", why);
    } else {
        verdict_refuse(ret, mem_strdup(why), NULL);
    }
    strings_done(&items);
}

/* What is in a directory and was never used. One that was not counted has something, or it would
 * have been. The links into a whole /usr show nothing more than it. */
static void add_excess(const struct filesystem_plan *plan, const struct bind *bind,
                       struct excess *excess)
{
    CLEANUP(free_char) char *real = place_resolve(plan->profile, bind->path);
    CLEANUP(free_char) char *place = text_encode_string(bind->path);
    const struct host_file *file = place_file(plan->profile, real);
    bool counted = file && file->unused >= 0;
    bool linked = plan->usr_whole.yes && strcmp(bind->path, "/usr") != 0 &&
                  (!file || path_is_within(real, "/usr"));

    if (!bind->subtree || linked || (file && file->type != FILE_DIRECTORY) ||
        (counted && file->unused == 0))
        return;
    *excess = (struct excess){ .unit = EXCESS_FILES,
                               .count = counted ? (uint64_t)file->unused : 1,
                               .at_least = !counted,
                               .within = mem_printf("in %s", place) };
}

static void add_grants(const struct filesystem_plan *plan, enum bind_kind kind, struct verdict *ret)
{
    for (size_t i = 0; i < plan->binds.count; i++) {
        const struct bind *bind = &plan->binds.items[i];
        if (bind->kind != kind)
            continue;
        struct value *value =
            verdict_add(ret, bind_name(bind), mem_strdup(bind->why), bind->witness);
        value->is_path = true;
        value->optional =
            (kind == BIND_READ || kind == BIND_WRITE || kind == BIND_HIDE) && !bind->required;
        value->in_root = kind == BIND_HIDE && plan->root_directory;
        value->options = bind->options ? mem_strdup(bind->options) : NULL;
        if (kind == BIND_READ || kind == BIND_WRITE)
            add_excess(plan, bind, &value->excess);
    }
}

/* ---- TemporaryFileSystem= ---- */

void derive_temporary_file_system(const struct derive_context *context,
                                  const struct directive *directive, struct verdict *ret)
{
    const struct filesystem_plan *plan = context->filesystem;
    bool empty_root = plan->form == FILESYSTEM_VIEW || plan->root_tmpfs;

    (void)directive;
    if (plan_is_left_out(context, ret))
        return;
    if (!plan_is_built(plan)) {
        verdict_refuse(
            ret,
            mem_strdup(
                "not needed: this output uses ProtectSystem=strict instead of an empty root"),
            NULL);
        return;
    }
    if (empty_root) {
        struct value *root =
            verdict_add(ret, "/", mem_strdup("only the paths bound below exist"), NULL);
        root->is_path = true;
        root->options = mem_strdup("ro");
    }
    add_grants(plan, BIND_EMPTY, ret);
    add_grants(plan, BIND_SCRATCH, ret);
    own_mounts_keep_tmpfs(context, ret);
    if (ret->emitted)
        ret->why = mem_strdup(empty_root ? "an empty read-only root"
                                         : "directories that only have to exist");
    else
        verdict_refuse(ret, mem_strdup("not needed: RootDirectory= is the empty root"), NULL);
}

/* ---- binds ---- */

/* Whether something was written below what the plan has writable, the path itself being at or below
 * that. */
static bool is_written_within(const struct filesystem_plan *plan, const char *path)
{
    const struct bind *bind = binds_covering(&plan->binds, path);

    if (!bind || bind->kind != BIND_WRITE)
        return false;
    for (size_t i = 0; i < plan->names.count; i++)
        if (((plan->names.items[i].uses & USES_WRITE) | plan->names.items[i].failed) &&
            path_is_within(plan->names.items[i].name, path))
            return true;
    return false;
}

/* Whether a bind of a unit that sets an empty root itself only shows the host's path there; its
 * used files are bound anyway. */
static bool is_of_own_view(const struct unit *unit, const char *word)
{
    return own_mount_has_root(unit) && !strchr(word, ':') && !strchr(word, '%');
}

/* One word of the unit's own list: "[-]SOURCE[:DESTINATION[:OPTIONS]]". */
static void keep_bind(const struct derive_context *context, const char *word, struct verdict *ret)
{
    bool optional = word[0] == '-';
    const char *source = word + optional;
    const char *colon = strchr(source, ':');
    CLEANUP(free_char)
    char *path = mem_strndup(source, colon ? (size_t)(colon - source) : strlen(source));

    if (strchr(word, '%') || path[0] != '/') {
        CLEANUP(free_char) char *encoded = text_encode_string(word);
        derive_note(context, SEVERITY_NOTE, TOPIC_DIRECTIVE, ret->name,
                    mem_printf("the unit's %s=%s could not be kept; add it again by hand",
                               ret->name, encoded));
        return;
    }
    if (!colon && strcmp(ret->name, "BindReadOnlyPaths") == 0 &&
        is_written_within(context->filesystem, path)) {
        CLEANUP(free_char) char *encoded = text_encode_string(word);
        derive_note(
            context, SEVERITY_NOTE, TOPIC_DIRECTIVE, ret->name,
            mem_printf(
                "the unit's BindReadOnlyPaths=%s is not kept, because the service wrote there",
                encoded));
        return;
    }
    struct value *value = verdict_add(ret, path, mem_strdup("kept from the unit"), NULL);
    value->is_path = true;
    value->optional = optional;
    if (colon && colon[1] == '/') {
        const char *next = strchr(colon + 1, ':');
        value->destination =
            mem_strndup(colon + 1, next ? (size_t)(next - colon - 1) : strlen(colon + 1));
        value->options = next && next[1] ? mem_strdup(next + 1) : NULL;
    }
}

static void derive_binds(const struct derive_context *context, enum bind_kind kind,
                         const char *nothing, struct verdict *ret)
{
    const struct filesystem_plan *plan = context->filesystem;
    struct strings own = { 0 };

    if (plan_is_left_out(context, ret))
        return;
    if (!plan_is_built(plan)) {
        verdict_refuse(ret, mem_strdup("not needed: with ProtectSystem=strict nothing is bound"),
                       NULL);
        return;
    }
    add_grants(plan, kind, ret);
    if (context->options->unit)
        unit_list(context->options->unit, ret->name, &own);
    for (size_t i = 0; i < own.count; i++)
        if (!is_of_own_view(context->options->unit, own.items[i]))
            keep_bind(context, own.items[i], ret);
    strings_done(&own);
    if (ret->emitted)
        ret->why = mem_strdup("files the service used; a whole directory where its entries change "
                              "or belong together");
    else
        verdict_refuse(ret, mem_strdup(nothing), NULL);
}

void derive_bind_read_only_paths(const struct derive_context *context,
                                 const struct directive *directive, struct verdict *ret)
{
    (void)directive;
    derive_binds(context, BIND_READ, "the service used no file", ret);
}

/* systemd keeps BindPaths= and BindReadOnlyPaths= in one list (252: config_parse_bind_paths()): an
 * empty assignment of either empties both, so only the first of the two may have one. */
static bool binds_are_reset(const struct derive_context *context)
{
    struct verdict first = { .name = "BindReadOnlyPaths" };

    derive_binds(context, BIND_READ, "", &first);
    bool emitted = first.emitted;
    verdict_done(&first);
    return emitted;
}

void derive_bind_paths(const struct derive_context *context, const struct directive *directive,
                       struct verdict *ret)
{
    (void)directive;
    derive_binds(context, BIND_WRITE,
                 "the service wrote nothing outside the directories systemd provides", ret);
    if (ret->emitted && binds_are_reset(context))
        ret->reset = false;
}

/* ---- RootDirectory=, MountAPIVFS= ---- */

void derive_root_directory(const struct derive_context *context, const struct directive *directive,
                           struct verdict *ret)
{
    const struct filesystem_plan *plan = context->filesystem;

    (void)directive;
    if (plan_is_left_out(context, ret))
        return;
    if (!plan->root_directory) {
        verdict_refuse(ret, mem_strdup("not needed: this output uses no root directory"), NULL);
        return;
    }
    plan_say(ret, plan->root_directory, NULL,
             "a separate root, into which only the paths the service used are bound");
    ret->values[0].is_path = true;
}

void derive_mount_api_vfs(const struct derive_context *context, const struct directive *directive,
                          struct verdict *ret)
{
    const struct filesystem_plan *plan = context->filesystem;

    (void)directive;
    if (plan_is_left_out(context, ret))
        return;
    if (!plan_is_built(plan))
        verdict_refuse(ret, mem_strdup("not needed: the host's /proc, /sys and /dev are visible"),
                       NULL);
    else if (plan->proc.yes)
        plan_say(ret, "yes", plan->proc.witness, plan->proc.why);
    else if (plan->form == FILESYSTEM_ROOT || plan_unit_is_on(plan, "MountAPIVFS"))
        plan_say(ret, "no", NULL, "the service needs neither /proc nor /sys");
    else
        verdict_refuse(ret, mem_strdup("not needed: the service uses no /proc"), NULL);
}

/* ---- the unit's own path lists ---- */

void derive_inaccessible_paths(const struct derive_context *context,
                               const struct directive *directive, struct verdict *ret)
{
    (void)directive;
    if (plan_is_left_out(context, ret))
        return;
    add_grants(context->filesystem, BIND_HIDE, ret);
    if (!plan_is_built(context->filesystem))
        ret->reset = false; /* what the unit hides stays hidden */
    if (ret->emitted)
        ret->why = mem_strdup("paths visible through a bound directory that were never used");
    else if (!plan_is_built(context->filesystem))
        verdict_refuse(ret, mem_strdup("the service used every path that could be hidden"), NULL);
    else
        reset_list(context, ret->name,
                   "only bound paths exist, and hiding a missing path fails (226/NAMESPACE)", ret);
}

void derive_path_reset(const struct derive_context *context, const struct directive *directive,
                       struct verdict *ret)
{
    if (plan_is_left_out(context, ret))
        return;
    if (plan_is_built(context->filesystem))
        reset_list(context, directive->name,
                   "only bound paths exist; a value of / would silently cancel the empty root",
                   ret);
    else
        verdict_refuse(ret, mem_strdup("not needed with ProtectSystem=strict"), NULL);
}

void derive_read_write_paths(const struct derive_context *context,
                             const struct directive *directive, struct verdict *ret)
{
    const struct filesystem_plan *plan = context->filesystem;

    (void)directive;
    if (plan_is_left_out(context, ret))
        return;
    if (plan_is_built(plan)) {
        reset_list(context, ret->name, "BindPaths= lists what is writable", ret);
        return;
    }
    if (plan->torn.yes) { /* an entry would be a mount, and what is writable is so without */
        reset_list(context, ret->name, plan->torn.why, ret);
        return;
    }
    add_grants(plan, BIND_WRITE, ret);
    if (ret->emitted)
        ret->why =
            mem_strdup("directories in which the service created, changed or removed entries");
    else
        reset_list(context, ret->name,
                   "the service wrote nothing outside the directories systemd provides", ret);
}

/* What stays writable below ProtectSystem=strict: /run, once another setting mounts /proc (systemd
 * 252 to 262), and the mounts a private /dev brings. Of a path in both lists the read-only one wins
 * (252). */
static void add_read_only(const struct filesystem_plan *plan, const char *place, bool optional,
                          struct verdict *ret)
{
    for (size_t i = 0; i < plan->binds.count; i++)
        if (strcmp(plan->binds.items[i].path, place) == 0 ||
            (plan->torn.yes && plan->binds.items[i].kind == BIND_WRITE &&
             path_is_within(plan->binds.items[i].path, place)))
            return;
    struct value *value = verdict_add(
        ret, place, mem_strdup("never written, but writable with ProtectSystem=strict alone"),
        NULL);
    value->is_path = true;
    value->optional = optional;
}

void derive_read_only_paths(const struct derive_context *context, const struct directive *directive,
                            struct verdict *ret)
{
    if (plan_is_left_out(context, ret))
        return;
    if (plan_is_built(context->filesystem)) {
        kept_read_only(context, ret);
        if (ret->emitted)
            ret->why = mem_strdup("paths the unit makes read-only that are bound writable");
        else
            derive_path_reset(context, directive, ret);
        return;
    }
    add_read_only(context->filesystem, "/run", false, ret);
    for (size_t i = 0; policy_writable_devices[i]; i++)
        if (plan_is_idle_device(context->filesystem, policy_writable_devices[i]))
            add_read_only(context->filesystem, policy_writable_devices[i], true, ret);
    kept_read_only(context, ret);
    if (ret->emitted)
        ret->why = mem_strdup(
            "paths that were never written, but stay writable with ProtectSystem=strict alone");
    else
        verdict_refuse(
            ret,
            mem_strdup(
                "the service writes to every path that ProtectSystem=strict leaves writable"),
            NULL);
}
