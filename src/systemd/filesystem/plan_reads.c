// SPDX-License-Identifier: LGPL-2.1-or-later
/* Read-only binds: the cheapest cover of the used names by files and directories. Then every name
 * is walked as the kernel would, symlink by symlink; what a walk misses is added, and the cover is
 * computed again. */
#include "systemd/core/fit.h"
#include "systemd/core/place_lookup.h"
#include "systemd/filesystem/filesystem.h"
#include <cinch/minimize.h>
#include <string.h>

/* A directory the census could not count is as expensive as a directory can be. */
#define EXPOSURE_UNKNOWN (UINT64_MAX / 4)

/* A name that has to be there with its content. */
static bool is_shown(const struct filesystem_plan *plan, const struct used_name *used)
{
    if ((used->region != REGION_PLAIN && used->region != REGION_RUN) ||
        !(used->uses & ~USE(PATH_LINK)) || used->type == FILE_MISSING ||
        policy_is_unbindable(used->name))
        return false;
    if (used->type == FILE_DIRECTORY && !(used->uses & USE(PATH_LIST)) &&
        !asked_is_whole(plan, used))
        return false;
    return !used->created || used->existed || used->region != REGION_RUN;
}

/* ... and nothing planned before shows it already. */
static bool is_needed(const struct filesystem_plan *plan, const struct used_name *used)
{
    return is_shown(plan, used) && !binds_covering(&plan->binds, used->name);
}

/* ---- which directories must be bound as a whole ---- */

static void whole_add(struct strings *whole, const struct filesystem_plan *plan, char *path)
{
    const struct bind *bind = binds_covering(&plan->binds, path);

    if (strcmp(path, "/") != 0 && (!bind || !bind->subtree))
        strings_add(whole, path);
    free(path);
}

/* The directory of a name that will be another the next time, where it may be shown whole. */
static char *fleeting_directory(const struct filesystem_plan *plan, const struct used_name *used)
{
    size_t depth = policy_fleeting_depth(used->real);
    char *directory = depth ? names_above(plan->profile, used, depth) : NULL;
    CLEANUP(free_char) char *real = directory ? place_resolve(plan->profile, directory) : NULL;

    if (!directory || !policy_is_guarded(real))
        return directory;
    free(directory);
    return NULL;
}

static void whole_of_name(struct filesystem_plan *plan, const struct used_name *used,
                          struct strings *whole)
{
    size_t unit = plan_unit_depth(plan, used);
    CLEANUP(free_char) char *fleeting = fleeting_directory(plan, used);
    char *edited = edited_directory(plan, used);
    char *linked = links_directory(plan, used);

    if (linked)
        whole_add(whole, plan, linked);
    if (edited)
        whole_add(whole, plan, edited);
    CLEANUP(strings_done) struct strings others = { 0 };
    others_directories(plan, used, &others);
    for (size_t i = 0; i < others.count; i++)
        whole_add(whole, plan, mem_strdup(others.items[i]));
    if (used->folded) {
        whole_add(whole, plan, path_parent(used->name));
        return;
    }
    if (used->uses & USE(PATH_LIST)) {
        if (strcmp(used->real, "/") == 0)
            plan_note(plan, SEVERITY_NOTE, TOPIC_PATH, "/",
                      mem_strdup("the service lists /; in the sandbox it sees only the top "
                                 "directories of the bound paths"));
        else
            whole_add(whole, plan, mem_strdup(used->name));
    } else if (asked_is_whole(plan, used)) {
        whole_add(whole, plan, mem_strdup(used->name));
    }
    if (used->type == FILE_DIRECTORY || used->type == FILE_SOCKET)
        return;
    if (unit)
        whole_add(whole, plan, names_above(plan->profile, used, unit));
    else if (fleeting)
        whole_add(whole, plan, mem_strdup(fleeting));
}

/* A directory on the service's command line belongs together, such as a document root. */
static void whole_of_word(const struct filesystem_plan *plan, const char *word,
                          struct strings *whole)
{
    const char *equals = strchr(word, '=');
    const char *start = word[0] == '/' ? word : equals && equals[1] == '/' ? equals + 1 : NULL;
    const struct host_file *file;

    if (!start)
        return;
    CLEANUP(free_char) char *path = path_normalise(start);
    file = place_file(plan->profile, path);
    if (file && file->type == FILE_DIRECTORY && !policy_is_guarded(path) &&
        place_region(path) == REGION_PLAIN && !plan_is_automatic(plan, path))
        whole_add(whole, plan, mem_strdup(path));
}

static void whole_of_commands(const struct filesystem_plan *plan, struct strings *whole)
{
    size_t count;
    const struct run *const *runs = profile_runs(plan->profile, &count);

    for (size_t i = 0; i < count; i++)
        for (size_t word = 1; word < runs[i]->command.count; word++)
            whole_of_word(plan, runs[i]->command.items[word], whole);
}

static void find_whole(struct filesystem_plan *plan, struct strings *whole)
{
    for (size_t i = 0; i < plan->names.count; i++)
        if (is_needed(plan, &plan->names.items[i]))
            whole_of_name(plan, &plan->names.items[i], whole);
    whole_of_commands(plan, whole);
    strings_sort_unique(whole);
}

/* ---- the tree ---- */

struct tree {
    struct strings paths; /* sorted: parents come before their children */
    struct cover_node *nodes;
    unsigned char *chosen;
};

static void tree_add(struct tree *tree, const char *path)
{
    char *at = mem_strdup(path);

    for (;;) {
        strings_add(&tree->paths, at);
        if (strcmp(at, "/") == 0)
            break;
        char *parent = path_parent(at);
        free(at);
        at = parent;
    }
    free(at);
}

/* Counts come from hostile profiles, too. */
static uint64_t weigh(uint64_t files, const char *path)
{
    uint64_t weight = policy_weight(path);

    return files > EXPOSURE_UNKNOWN / weight ? EXPOSURE_UNKNOWN : files * weight;
}

static struct cover_node tree_node(const struct filesystem_plan *plan, const struct tree *tree,
                                   const struct strings *whole, size_t at)
{
    const char *path = tree->paths.items[at];
    CLEANUP(free_char) char *parent = path_parent(path);
    CLEANUP(free_char) char *real = place_resolve(plan->profile, path);
    const struct host_file *file = place_file(plan->profile, real);
    const struct used_name *used = names_find(&plan->names, path);
    bool directory = file && file->type == FILE_DIRECTORY;

    return (struct cover_node){
        .parent = at ? strings_sorted_at(&tree->paths, parent) : 0,
        .wanted = used && used->type != FILE_DIRECTORY && is_needed(plan, used),
        .whole = strings_sorted_has(whole, path),
        .guarded = !directory || policy_is_guarded(path) || policy_is_guarded(real) ||
                   plan_holds_secret(plan, real),
        .exposure = !directory         ? 0
                    : file->unused < 0 ? EXPOSURE_UNKNOWN
                                       : weigh((uint64_t)file->unused, real),
    };
}

static void tree_build(struct tree *tree, const struct filesystem_plan *plan,
                       const struct strings *whole)
{
    for (size_t i = 0; i < plan->names.count; i++)
        if (is_needed(plan, &plan->names.items[i]))
            tree_add(tree, plan->names.items[i].name);
    for (size_t i = 0; i < whole->count; i++)
        tree_add(tree, whole->items[i]);
    strings_sort_unique(&tree->paths);
    tree->nodes = mem_new(tree->paths.count, sizeof(*tree->nodes));
    tree->chosen = mem_new(tree->paths.count, 1);
    for (size_t i = 0; i < tree->paths.count; i++)
        tree->nodes[i] = tree_node(plan, tree, whole, i);
}

static void tree_done(struct tree *tree)
{
    strings_done(&tree->paths);
    free(tree->nodes);
    free(tree->chosen);
}

/* ---- from the cover to grants ---- */

struct tally {
    size_t names;
    const struct fact *witness;
    bool required;
    bool folded;
};

/* Counts the names that an entry covers. */
static struct tally tally_below(const struct filesystem_plan *plan, const char *path)
{
    struct tally tally = { 0 };
    unsigned first = 0; /* uses of the name that is shown: more than stat, if there is one */

    const struct used_name *used;

    for (size_t at = 0; (used = names_within(&plan->names, path, &at));) {
        if (!(used->uses & ~USE(PATH_LINK)))
            continue;
        tally.names++;
        tally.folded |= used->folded;
        tally.required |= used->required || used->uses & USES_CODE;
        if (!tally.witness || !(first & ~USES_STAT)) {
            tally.witness = used->witness;
            first = used->uses;
        }
    }
    return tally;
}

static char *subtree_why(const struct tally *tally)
{
    struct str why = { 0 };
    CLEANUP(free_char) char *first = tally->witness ? fact_describe(tally->witness) : NULL;

    if (tally->folded)
        str_add(&why, "uses more names in it than cinch records individually");
    else
        str_addf(&why, "uses %zu name%s in it", tally->names, tally->names == 1 ? "" : "s");
    if (first)
        str_addf(&why, "; %s", first);
    return str_steal(&why);
}

/* Whether the directory itself was asked about and nothing more: it may come and go. */
static bool is_only_asked(const struct filesystem_plan *plan, const char *path)
{
    const struct used_name *used = names_find(&plan->names, path), *other;

    for (size_t at = 0; (other = names_within(&plan->names, path, &at));)
        if (other != used && other->uses)
            return false;
    return used && used->asked && !(used->uses & ~(USES_STAT | USE(PATH_READ)));
}

static void grant_subtree(struct filesystem_plan *plan, const char *path,
                          const struct strings *whole)
{
    CLEANUP(free_char) char *real = place_resolve(plan->profile, path);
    struct tally tally = tally_below(plan, path);
    struct bind *bind =
        binds_add(&plan->binds, BIND_READ, path, tally.witness, subtree_why(&tally));

    bind->subtree = true;
    bind->required =
        !others_is_personal(real) &&
        (tally.required || (strings_sorted_has(whole, path) && !path_is_within(real, "/usr") &&
                            place_region(real) == REGION_PLAIN && !is_only_asked(plan, path)));
    plan_hide_secrets(plan, path);
}

static void grant_file(struct filesystem_plan *plan, const char *path)
{
    const struct used_name *used = names_find(&plan->names, path);
    CLEANUP(free_char) char *seen = used->witness ? fact_describe(used->witness) : NULL;
    struct bind *bind =
        binds_add(&plan->binds, BIND_READ, path, used->witness,
                  mem_strdup(seen ? seen : "systemd or the unit's own commands need it"));

    bind->required = (used->required || used->uses & USES_CODE) && !others_is_personal(used->final);
    bind->stale = policy_is_replaced(path) || edited_is(used);
}

static void grant_chosen(struct filesystem_plan *plan, const struct tree *tree,
                         const struct strings *whole)
{
    for (size_t i = 0; i < tree->paths.count; i++) {
        if (tree->chosen[i] == 1)
            grant_file(plan, tree->paths.items[i]);
        else if (tree->chosen[i] == 2)
            grant_subtree(plan, tree->paths.items[i], whole);
    }
}

/* ---- what the view lacks ---- */

/* What a walk misses; of a directory that was listed, or asked about, that it is the real one. */
static char *gap_of(const struct filesystem_plan *plan, const struct used_name *used)
{
    char *gap = walk_gap(plan, used->name);

    if (gap || (!(used->uses & USE(PATH_LIST)) && !asked_is_whole(plan, used)))
        return gap;
    char *place = walk_place(plan, used->name);
    if (!binds_covering(&plan->binds, place) && !walk_moved(plan, place))
        return place;
    free(place);
    return NULL;
}

/* Adds the first thing a walk misses; true when something was added. */
static bool close_gap(struct filesystem_plan *plan, struct used_names *missed,
                      const struct used_name *used)
{
    CLEANUP(free_char) char *gap = gap_of(plan, used);
    enum region region = gap ? place_region(gap) : REGION_IGNORED;

    if (!gap || (region != REGION_PLAIN && region != REGION_RUN) || strcmp(gap, used->name) == 0 ||
        strstr(gap, "/.."))
        return false;
    const struct used_name *known = names_find(&plan->names, gap);
    if (known && (known->uses & used->uses) == used->uses && known->asked >= used->asked &&
        known->sized >= used->sized)
        return false;
    struct used_name *added = names_add(missed, plan->profile, gap, used->uses, used->witness);
    added->reopened = used->reopened;
    added->asked = used->asked;
    added->sized = used->sized;
    added->folded = used->folded;
    return true;
}

bool plan_reads(struct filesystem_plan *plan)
{
    struct strings whole = { 0 };
    struct tree tree = { 0 };
    struct used_names missed = { 0 };
    struct fit_settings fit;

    find_whole(plan, &whole);
    tree_build(&tree, plan, &whole);
    fit_settle(plan->options, &fit);
    cover_tree_within(tree.nodes, tree.paths.count, fit.path_entry_cost * POLICY_WEIGHT,
                      fit.view_entries, tree.chosen);
    grant_chosen(plan, &tree, &whole);
    walk_find_written(plan);
    for (size_t i = 0; i < plan->names.count; i++)
        if (is_shown(plan, &plan->names.items[i]))
            close_gap(plan, &missed, &plan->names.items[i]);
    tree_done(&tree);
    strings_done(&whole);
    for (size_t i = 0; i < missed.count; i++) {
        mem_reserve(&plan->names.items, &plan->names.capacity, plan->names.count + 1,
                    sizeof(*plan->names.items));
        missed.items[i].order = plan->names.count;
        plan->names.items[plan->names.count++] = missed.items[i];
    }
    bool complete = !missed.count;
    free(missed.items);
    names_close(&plan->names);
    return complete;
}
