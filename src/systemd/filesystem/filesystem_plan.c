// SPDX-License-Identifier: LGPL-2.1-or-later
/* Computes the plan: the form, then names, regions, writes, reads and leftovers. */
#include "systemd/core/derive.h"
#include "systemd/core/directive.h"
#include "systemd/core/identity.h"
#include "systemd/core/own_mount.h"
#include "systemd/filesystem/filesystem.h"
#include "systemd/filesystem/filesystem_rows.h"
#include <ctype.h>
#include <string.h>

/* Every round adds at least one name; real trees settle in three. */
#define ROUNDS_MAX 50
/* systemd that knows TemporaryFileSystem=. */
#define VERSION_TMPFS 238
/* systemd that stages os-release in a root directory; 252 does not. */
#define VERSION_STAGE 253
#define ROOTS         "/var/lib/cinch/root"

/* ---- the form ---- */

static void leave_out_mounts(struct filesystem_plan *plan)
{
    size_t count;
    const struct fact *const *facts = profile_facts(plan->profile, FACT_PATH, &count);

    for (size_t i = 0; i < count; i++) {
        if (facts[i]->path.use != PATH_MOUNT || facts[i]->outcome != 0)
            continue;
        CLEANUP(free_char) char *seen = fact_describe(facts[i]);
        plan_decide(&plan->left_out, true, facts[i],
                    mem_printf("the service mounts file systems itself: %s", seen));
    }
}

/* What makes the recorded paths no whole and certain list. */
static void leave_out_unseen(struct filesystem_plan *plan)
{
    static const char *const topics[] = { BLIND_ALWAYS, BLIND_PATHS };

    for (size_t i = 0; i < ELEMENTS_OF(topics); i++) {
        const struct fact *fact = derive_blind_spot_left(plan->profile, plan->options, topics[i]);
        if (!fact)
            continue;
        CLEANUP(free_char) char *seen = fact_describe(fact);
        plan_decide(
            &plan->left_out, true, fact,
            mem_printf("training did not record every path: %s%s", seen, own_mount_remedy(fact)));
    }
}

/* Names below the unit's own mounts are theirs. */
static void take_own_mounts(struct filesystem_plan *plan)
{
    own_mounts_find(plan->options, plan->profile, &plan->own_mounts);
    for (size_t i = 0; i < plan->own_mounts.count; i++)
        path_index_add(&plan->served, plan->own_mounts.items[i], 1, i);
    const struct fact *fact = own_mounts_crossed(plan->profile, &plan->own_mounts);

    if (!fact)
        return;
    CLEANUP(free_char) char *seen = fact_describe(fact);
    plan_decide(&plan->left_out, true, fact,
                mem_printf("a symlink crosses one of the unit's own mounts: %s", seen));
}

/* What many names in a directory were used for is known of the directory only. */
static void note_folded(struct filesystem_plan *plan)
{
    CLEANUP(strings_done) struct strings folded = { 0 };

    profile_collapsed(plan->profile, &folded);
    for (size_t i = 0; i < folded.count; i++)
        plan_note_path(plan, folded.items[i],
                       "has more names than cinch records individually: what was done with one of "
                       "them is allowed for the whole directory");
}

/* Entries of an empty root cannot change. */
static void leave_out_root_names(struct filesystem_plan *plan)
{
    size_t count;
    const struct fact *const *facts = profile_facts(plan->profile, FACT_PATH, &count);

    for (size_t i = 0; i < count; i++)
        if (strcmp(facts[i]->path.requested, "//") == 0 && fact_may_have_succeeded(facts[i]))
            plan_decide(
                &plan->left_out, true, facts[i],
                mem_strdup("the service used more names in / than cinch records individually"));
}

static void leave_out_rooted(struct filesystem_plan *plan)
{
    static const char *const keys[] = { "RootDirectory", "RootImage" };

    for (size_t i = 0; i < ELEMENTS_OF(keys); i++)
        if (plan_unit_get(plan, keys[i])[0] && strcmp(plan_unit_get(plan, keys[i]), "/") != 0)
            plan_decide(&plan->left_out, true, NULL,
                        mem_printf("the unit sets %s=, but training used paths outside that root",
                                   keys[i]));
}

static void choose_form(struct filesystem_plan *plan)
{
    plan->form = plan->options->filesystem;
    if (plan->form == FILESYSTEM_VIEW && identity_is_dynamic(plan->profile, plan->options)) {
        plan->form = FILESYSTEM_ROOT;
        plan_note(plan, SEVERITY_NOTE, TOPIC_DIRECTIVE, "TemporaryFileSystem",
                  mem_printf("%s would silently cancel TemporaryFileSystem=/; this output uses "
                             "RootDirectory= instead",
                             plan_unit_is_on(plan, "DynamicUser")
                                 ? "the unit's DynamicUser=yes"
                                 : "the service ran as a dynamic user in training, and "
                                   "DynamicUser=yes"));
    }
    if (plan->form != FILESYSTEM_STRICT && plan->options->target.version < VERSION_TMPFS) {
        plan->form = FILESYSTEM_STRICT;
        plan_note(plan, SEVERITY_NOTE, TOPIC_DIRECTIVE, "TemporaryFileSystem",
                  mem_strdup("TemporaryFileSystem= needs systemd 238; this output uses "
                             "ProtectSystem=strict instead"));
    }
    if (plan->options->target.user_manager)
        plan_decide(&plan->left_out, true, NULL,
                    mem_strdup("a user manager (systemd --user) cannot mount for its services"));
    note_folded(plan);
    leave_out_mounts(plan);
    leave_out_unseen(plan);
    take_own_mounts(plan);
    leave_out_root_names(plan);
    leave_out_rooted(plan);
}

/* A directory for this service alone: another service's mount points would show in it. */
static char *root_name(const struct filesystem_plan *plan)
{
    const char *source = plan->options->unit ? plan->options->unit->name : NULL;
    size_t count;
    const struct run *const *runs = profile_runs(plan->profile, &count);

    if ((!source || !source[0]) && count && runs[0]->command.count)
        source = path_name(runs[0]->command.items[0]);
    if (!source || !source[0])
        source = "service";
    const char *suffix = strstr(source, ".service");
    char *name = mem_strndup(source, suffix ? (size_t)(suffix - source) : strlen(source));
    for (char *at = name; *at; at++)
        if (!isalnum((unsigned char)*at) && !strchr("-_@", *at) && (*at != '.' || at == name))
            *at = '_';
    return name;
}

static void choose_root(struct filesystem_plan *plan)
{
    if (plan->form != FILESYSTEM_ROOT || plan->left_out.yes)
        return;
    CLEANUP(free_char) char *name = root_name(plan);
    plan->root_directory = mem_printf("%s/%s", ROOTS, name);
    /* DynamicUser= implies ProtectSystem=strict, which cancels a tmpfs on /. */
    plan->root_tmpfs = plan->options->unit && !identity_is_dynamic(plan->profile, plan->options);
    plan_note(plan, SEVERITY_WARNING, TOPIC_DIRECTIVE, "RootDirectory",
              mem_printf("the directory of RootDirectory= must exist before the start; run: "
                         "install -d -m 0755 %s",
                         plan->root_directory));
    if (!plan->root_tmpfs)
        plan_note(
            plan, SEVERITY_NOTE, TOPIC_DIRECTIVE, "RootDirectory",
            mem_printf("systemd leaves empty mount points in %s; use it for this service only",
                       plan->root_directory));
}

/* ---- rounds ---- */

static void decision_clear(struct decision *decision)
{
    free(decision->why);
    *decision = (struct decision){ 0 };
}

static void round_clear(struct filesystem_plan *plan)
{
    struct decision *const decided[] = {
        &plan->proc,
        &plan->other_processes,
        &plan->whole_proc,
        &plan->sys,
        &plan->tmp,
        &plan->tmp_shared,
        &plan->devices,
        &plan->foreign_device,
        &plan->private_tmp,
        &plan->tunables_written,
        &plan->cgroups_written,
        &plan->private_devices,
        &plan->root_used,
        &plan->torn,
    };

    for (size_t i = 0; i < ELEMENTS_OF(decided); i++)
        decision_clear(decided[i]);
    binds_done(&plan->binds);
    path_index_done(&plan->moved);
    path_index_done(&plan->written);
    path_index_done(&plan->other_names);
}

/* Whether nothing is there on any machine of the trainings. */
static bool is_absent(const struct profile *profile, const char *path)
{
    size_t count, missing = 0;
    const struct host_file *const *files = profile_files_at(profile, path, &count);

    for (size_t i = 0; i < count; i++)
        missing += files[i]->type == FILE_MISSING;
    return count && missing == count;
}

/* All of /usr, and the names of / that are links into it. */
static void grant_usr(struct filesystem_plan *plan)
{
    static const char *const names[] = { "/bin", "/lib", "/lib32", "/lib64", "/sbin", "/usr" };

    for (size_t i = 0; i < ELEMENTS_OF(names); i++) {
        if (is_absent(plan->profile, names[i]))
            continue;
        struct bind *bind =
            binds_add(&plan->binds, BIND_READ, names[i], NULL, mem_strdup(plan->usr_whole.why));
        bind->subtree = true;
        bind->required = strcmp(names[i], "/usr") == 0;
    }
}

static bool plan_round(struct filesystem_plan *plan)
{
    bool complete = true;

    round_clear(plan);
    plan_regions(plan);
    plan_writes(plan);
    plan_moves(plan);
    plan_writes_finish(plan);
    if (plan->form != FILESYSTEM_STRICT) {
        if (plan->usr_whole.yes)
            grant_usr(plan);
        complete = plan_reads(plan);
    }
    return complete;
}

/* Systemd after 252 mounts the host's os-release below the /run of a root directory, and fails
 * where that is the host's own and read-only, or /run/host is, as in containers (257:
 * 226/NAMESPACE). */
static void leave_root(struct filesystem_plan *plan)
{
    if (plan->form != FILESYSTEM_ROOT || plan->options->target.version < VERSION_STAGE ||
        !plan_has_all_of_run(plan, 1u << BIND_READ | 1u << BIND_WRITE))
        return;
    plan_note(plan, SEVERITY_NOTE, TOPIC_DIRECTIVE, "RootDirectory",
              mem_strdup("the service needs the whole /run, which systemd cannot bind with "
                         "RootDirectory=; this output uses ProtectSystem=strict instead"));
    plan->form = FILESYSTEM_STRICT;
    plan_round(plan);
}

/* What no empty root can provide. A requested form is kept when only / itself differs, but never
 * when it would break the service. */
static void leave_view(struct filesystem_plan *plan)
{
    const struct decision *torn = &plan->torn, *used = &plan->root_used;

    if (!torn->yes && used->yes && plan->options->filesystem_given) {
        plan_note(plan, SEVERITY_WARNING, TOPIC_DIRECTIVE, "TemporaryFileSystem",
                  mem_printf("%s; the requested root contains only bound paths, so this may fail",
                             used->why));
        return;
    }
    if (!torn->yes && !used->yes)
        return;
    plan_note(
        plan, SEVERITY_NOTE, TOPIC_DIRECTIVE, "TemporaryFileSystem",
        torn->yes
            ? mem_printf("%s; this output uses ProtectSystem= instead of an empty root", torn->why)
            : mem_printf(
                  "an empty root does not work: %s; this output uses ProtectSystem=strict instead",
                  used->why));
    plan->form = FILESYSTEM_STRICT;
    plan_round(plan);
}

static void plan_build(struct filesystem_plan *plan)
{
    for (size_t round = 0; round < ROUNDS_MAX && !plan_round(plan); round++)
        ;
    if (plan->form != FILESYSTEM_STRICT) {
        plan_sizes(plan);
        plan_links(plan);
        leave_view(plan);
    }
    leave_root(plan);
    if (plan->form != FILESYSTEM_STRICT)
        plan_leftovers(plan);
    plan_drop_links(plan);
    plan_hide(plan);
    if (plan->form != FILESYSTEM_STRICT)
        plan_aliases(plan);
    modules_note(plan);
    if (plan->form != FILESYSTEM_STRICT) {
        plan_note_upgrade(plan);
        plan_note_mounted(plan);
    }
    plan_note_rotated(plan);
    binds_sort(&plan->binds);
    walk_find_written(plan);
}

struct filesystem_plan *filesystem_plan_new(const struct profile *profile,
                                            const struct suggest_options *options,
                                            struct notes *notes)
{
    struct filesystem_plan *plan = mem_new(1, sizeof(*plan));

    plan->profile = profile;
    plan->options = options;
    plan_index_facts(plan);
    plan_index_moves(plan);
    choose_form(plan);
    if (!plan->left_out.yes) {
        names_collect(&plan->names, plan);
        plan_unit_needs(plan);
        plan_made_directories(plan);
        plan_find_secrets(plan);
        plan_moved_directories(plan);
    }
    if (!plan->left_out.yes)
        plan_build(plan);
    choose_root(plan);
    plan_hide_workshops(plan);
    for (size_t i = 0; i < plan->notes.count; i++)
        notes_add(notes, plan->notes.items[i].severity, plan->notes.items[i].topic,
                  plan->notes.items[i].about, mem_strdup(plan->notes.items[i].text));
    return plan;
}

void filesystem_plan_free(struct filesystem_plan *plan)
{
    if (!plan)
        return;
    round_clear(plan);
    decision_clear(&plan->left_out);
    decision_clear(&plan->usr_whole);
    decision_clear(&plan->no_mounts);
    names_done(&plan->names);
    strings_done(&plan->automatic);
    strings_done(&plan->own_mounts);
    path_index_done(&plan->served);
    path_index_done(&plan->noted);
    path_index_done(&plan->kept);
    path_index_done(&plan->by_path);
    path_index_done(&plan->by_requested);
    path_index_done(&plan->programs);
    path_index_done(&plan->crossed);
    strings_done(&plan->secrets);
    path_index_done(&plan->secret_at);
    directories_done(&plan->directories);
    notes_done(&plan->notes);
    free(plan->root_directory);
    free(plan);
}

const struct fact *filesystem_plan_no_mounts(const struct filesystem_plan *plan)
{
    return plan->no_mounts.witness;
}

enum filesystem_form filesystem_plan_form(const struct filesystem_plan *plan)
{
    return plan->form;
}
