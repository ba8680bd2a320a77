// SPDX-License-Identifier: LGPL-2.1-or-later
/* Symlinks that must stay symlinks. A bind over one is its target under the symlink's name. A
 * program that then asks for its own path (/proc/self/exe, $ORIGIN of ld.so(8), readlink(2)) finds
 * another directory and misses the files beside it: /usr/bin/java does not find
 * /usr/lib/jvm/NAME/lib. */
#include "systemd/core/place_lookup.h"
#include "systemd/filesystem/filesystem.h"
#include <string.h>

static bool is_elf(const struct filesystem_plan *plan, const char *path)
{
    const struct path_place *entry = path_index_find(&plan->programs, path);
    size_t count;
    const struct fact *const *facts = profile_facts(plan->profile, FACT_PROGRAM, &count);

    return entry && entry->count && strcmp(facts[entry->items[0]]->program.format, "elf") == 0;
}

static bool is_beside(const struct used_name *other, const char *directory)
{
    return other->uses && strcmp(other->name, directory) != 0;
}

/* Whether another file in the real directory of the file was used, and that directory belongs to
 * one program; /usr/bin and the like belong to all. */
static bool has_company(const struct filesystem_plan *plan, const char *file, const char *directory)
{
    CLEANUP(free_char) char *above = path_parent(directory);
    const char *place = policy_is_guarded(above) ? directory : above;

    if (policy_is_guarded(directory))
        return false;
    const struct used_name *other;
    for (size_t at = 0; (other = names_within(&plan->names, place, &at));)
        if (strcmp(other->final, file) != 0 && is_beside(other, place))
            return true;
    return false;
}

/* Directories with the programs of all packages, symlinks to them, and no secrets. */
static bool holds_programs(const char *directory)
{
    static const char *const places[] = { "/bin", "/sbin", "/usr", "/opt", "/etc/alternatives" };

    for (size_t i = 0; i < ELEMENTS_OF(places); i++)
        if (path_is_within(directory, places[i]))
            return true;
    return false;
}

/* A shared directory is not bound for one symlink, nor for a symlink to an unused file. This one
 * contains only symlinks. */
static bool may_show(const char *name, const char *real, bool wanted)
{
    return strcmp(real, "/etc/alternatives") == 0 ||
           (wanted && !policy_is_guarded(name) && !policy_is_guarded(real));
}

static bool is_link(const struct profile *profile, const char *name)
{
    CLEANUP(free_char) char *parent = path_parent(name);
    CLEANUP(free_char) char *directory = place_resolve(profile, parent);
    CLEANUP(free_char) char *real = path_join(directory, path_name(name));
    const struct host_file *file = place_file(profile, real);

    return file && file->type == FILE_SYMLINK;
}

/* The first symlink on the way, a prefix of the name; NULL: none. Symlinks in / itself (/bin, /lib)
 * cannot be kept. */
static char *first_link(const struct profile *profile, const char *name)
{
    const char *second = strchr(name + 1, '/');

    for (const char *end = second; end; end = *end ? strchr(end + 1, '/') : NULL) {
        const char *next = strchr(end + 1, '/');
        char *prefix = mem_strndup(name, next ? (size_t)(next - name) : strlen(name));
        if (is_link(profile, prefix))
            return prefix;
        free(prefix);
    }
    return NULL;
}

static bool is_read_as_link(const struct fact *fact)
{
    bool read = fact->kind == FACT_PATH && fact->path.use == PATH_STAT && fact->outcome == 0;

    for (size_t i = 0; i < fact->evidence.count; i++)
        if (read && str_starts_with(fact->evidence.seen[i].call, "readlink"))
            return true;
    return false;
}

/* Whether the link was asked for where it leads, and that is a file. */
static bool was_read(const struct filesystem_plan *plan, const char *name, const char *target)
{
    const struct host_file *file = place_file(plan->profile, target);
    const struct fact *fact;

    if (path_is_within(name, "/usr") || (file && file->type == FILE_DIRECTORY))
        return false;
    for (size_t at = 0; (fact = facts_at(plan, &plan->by_requested, name, &at));)
        if (is_read_as_link(fact))
            return true;
    return false;
}

/* A path of /usr is the same symlink under its name in / (/bin/sh). An interpreter reads its own
 * symlink to find its library, and copes without an answer; symlinks of procfs exist in every root.
 */
static bool has_to_stay(const struct filesystem_plan *plan, const char *name)
{
    CLEANUP(free_char) char *parent = path_parent(name);
    CLEANUP(free_char) char *directory = place_resolve(plan->profile, parent);
    CLEANUP(free_char) char *target = place_resolve(plan->profile, name);
    const struct host_file *file = place_file(plan->profile, target);

    return !path_is_within(directory, "/usr") && !path_is_within(directory, "/proc") &&
           !(file && file->type == FILE_DIRECTORY) && is_link(plan->profile, name) &&
           binds_find(&plan->binds, name, GRANTS_BINDS);
}

static char *link_why(const struct filesystem_plan *plan, const char *name)
{
    CLEANUP(free_char) char *target = place_resolve(plan->profile, name);
    CLEANUP(free_char) char *shown = text_encode_string(name);
    CLEANUP(free_char) char *led = text_encode_string(target);

    return mem_printf(
        "the service reads the symlink %s (to %s) with readlink, which fails with EINVAL because a "
        "bind mount replaces the symlink by its target%s",
        shown, led,
        strcmp(name, "/etc/localtime") == 0
            ? " (to keep the empty root, set Environment=TZ= in the unit and train again)"
            : "");
}

/* No directive creates a symlink, and a bind follows it (systemd 252 and 257). With a symlink to a
 * directory both names exist, and realpath(3) copes. */
void plan_links(struct filesystem_plan *plan)
{
    size_t count;
    const struct fact *const *facts = profile_facts(plan->profile, FACT_PATH, &count);

    for (size_t i = 0; i < count; i++)
        if (is_read_as_link(facts[i]) && has_to_stay(plan, facts[i]->path.requested))
            plan_decide(&plan->root_used, true, facts[i], link_why(plan, facts[i]->path.requested));
}

char *links_directory(struct filesystem_plan *plan, const struct used_name *used)
{
    if (used->folded || (strcmp(used->name, used->final) == 0 && !used->looked_at))
        return NULL;
    CLEANUP(free_char) char *link = first_link(plan->profile, used->name);
    if (!link)
        return NULL;

    CLEANUP(free_char) char *file = place_resolve(plan->profile, used->name);
    CLEANUP(free_char) char *parent = path_parent(link);
    CLEANUP(free_char) char *from = place_resolve(plan->profile, parent);
    CLEANUP(free_char) char *to = path_parent(file);
    const struct used_name *itself = names_find(&plan->names, link);
    bool looked_at = itself && itself->looked_at;
    bool elsewhere = strcmp(from, to) != 0 && has_company(plan, file, to);
    bool program = elsewhere && used->uses & USE(PATH_EXECUTE) && holds_programs(parent) &&
                   (looked_at || is_elf(plan, file));
    bool wanted = elsewhere || used->uses & ~USES_STAT || (looked_at && was_read(plan, link, file));

    if (!program && !(looked_at && may_show(parent, from, wanted)))
        return NULL;
    if (program && policy_is_guarded(from) && path_is_within(from, "/usr"))
        plan_note_path(plan, parent,
                       "is visible as a whole, because a program started through a symlink in it "
                       "looks for files beside the target. To avoid that, use the program's real "
                       "path in ExecStart= and train again");
    return mem_strdup(parent);
}
