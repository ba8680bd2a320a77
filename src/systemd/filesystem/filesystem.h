/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Inside systemd/: the plan of what a service may see of the file system. Computed once, in this
 * order: names (what was used, path_names.c), regions (/proc, /sys, /dev, /run, /tmp:
 * plan_regions.c), binds (what is bound: writes.c, plan_reads.c);
 * policy.c holds the tables. derive_filesystem*.c turn the plan into verdicts.
 */
#ifndef CINCH_SYSTEMD_FILESYSTEM_H
#define CINCH_SYSTEMD_FILESYSTEM_H

#include "systemd/core/derive.h"
#include "systemd/filesystem/path_names.h"

enum bind_kind {
    BIND_READ,    /* BindReadOnlyPaths= */
    BIND_WRITE,   /* BindPaths=, or ReadWritePaths= */
    BIND_EMPTY,   /* an empty read-only directory: it exists, nothing is in it */
    BIND_SCRATCH, /* an empty writable directory of the service's own */
    BIND_HIDE,    /* InaccessiblePaths= */
};

struct bind {
    enum bind_kind kind;
    char *path;
    char *link;    /* its name by a symlink that may lead elsewhere one day; NULL: none */
    bool subtree;  /* a directory with all that is in it */
    bool required; /* its absence must be an error */
    bool stale;    /* a single file that is known to be replaced */
    char *options; /* of a TemporaryFileSystem= */
    char *why;     /* encoded */
    const struct fact *witness;
};

struct binds {
    struct bind *items;
    size_t count;
    size_t capacity;
    struct path_index index; /* where the items lie, by bind_kind */
};

/* A directory the service made itself, or fills, in a place where systemd can make it. */
struct made_directory {
    size_t kind; /* row of plan_directories.c */
    char *name;
    unsigned mode;
    bool kept; /* it was there already */
    const struct fact *witness;
};

struct directories {
    struct made_directory *items;
    size_t count;
    size_t capacity;
};

/* A yes or no with its reason. `why` is owned. */
struct decision {
    bool yes;
    char *why;
    const struct fact *witness;
};

struct filesystem_plan {
    const struct profile *profile;
    const struct suggest_options *options;
    struct notes notes;
    struct path_index noted;                 /* the texts of the notes */
    struct path_index by_path, by_requested; /* the profile's path facts, by fact_index_kind */
    struct path_index programs;              /* its program facts */
    struct path_index crossed;               /* directories that a move led into or out of */
    enum filesystem_form form;
    struct decision left_out;       /* no form can be proved: nothing is emitted, and why */
    struct decision no_mounts;      /* any mount namespace at all would break the service */
    struct strings automatic;       /* what systemd binds for the unit's *Directory= settings */
    struct strings own_mounts;      /* places that were used and are the unit's own mounts */
    struct path_index served;       /* both of them */
    struct path_index kept;         /* directories of /run that were there before the training */
    struct directories directories; /* those that are added to the unit's */
    struct used_names names;
    struct path_index secret_at; /* `secrets` */
    struct strings secrets;      /* what lies beside used files and is not meant for the service */
    struct binds binds;
    struct path_index other_names; /* what writes.c found of directories in /run */
    struct path_index written;     /* what is writable, by where it really is */
    struct path_index moved;       /* the grants that walk_moved() knows, by where they end up */
    struct decision proc;          /* a procfs is needed */
    struct decision other_processes;
    struct decision whole_proc; /* something of /proc beside processes is needed */
    struct decision sys;
    struct decision tmp;
    struct decision tmp_shared;
    struct decision devices;          /* standard nodes */
    struct decision foreign_device;   /* others */
    struct decision tunables_written; /* below /proc/sys, /sys */
    struct decision cgroups_written;
    struct decision private_tmp;
    struct decision private_devices;
    struct decision usr_whole;
    struct decision root_used; /* of / itself, or a link: no empty root can show them */
    struct decision torn;      /* files are moved between places that no one mount can hold */
    char *root_directory;      /* FILESYSTEM_ROOT */
    bool root_tmpfs;           /* TemporaryFileSystem=/:ro */
};

/* ---- facts by their paths: plan_index.c ---- */

/* Of facts: whether a file was executed, or mapped so. */
enum fact_index_kind { FACT_OTHER, FACT_CODE };

bool facts_is_code(const struct fact *fact);
void plan_index_facts(struct filesystem_plan *plan);
/* The path facts at a path of one of the plan's indexes, as names_within(). */
const struct fact *facts_at(const struct filesystem_plan *plan, const struct path_index *index,
                            const char *path, size_t *at);
/* Whether a fact is about something at or below a path, by that name or by where it led; failed
 * ones too. */
bool facts_touch(const struct filesystem_plan *plan, const char *path);
/* Whether code was executed, or mapped so, at or below the path, or by a name at or below the
 * other.
 */
bool facts_are_code(const struct filesystem_plan *plan, const char *path, const char *requested);

/* Sets a decision once; `why` is taken over. */
void plan_decide(struct decision *decision, bool yes, const struct fact *witness, char *why);

/* plan_links.c: the directory, to be shown whole, of a link on the way of this name that must
 * stay a link; NULL when there is none. */
char *links_directory(struct filesystem_plan *plan, const struct used_name *used);

/* ---- directories that were asked about: asked.c ---- */

/* Whether it is shown whole, so that owner, mode, times and size are those of training. */
bool asked_is_whole(const struct filesystem_plan *plan, const struct used_name *used);
/* Whether it is root's and open to all, as the directories are that systemd makes in a view. */
bool asked_is_ordinary(const struct filesystem_plan *plan, const struct used_name *used);
/* Options of a TemporaryFileSystem= that has its owner and mode; owned. */
char *asked_options(const struct filesystem_plan *plan, const struct used_name *used,
                    const char *options);
/* Marks the names whose file system's size was asked for. */
void asked_mark_sizes(struct used_names *names, const struct profile *profile);
/* What of that no bind answers; after the binds are known. */
void plan_sizes(struct filesystem_plan *plan);

/* plan_aliases.c: binds what is bound by its other names, too; after all binds, and what they
 * hide, are known. */
void plan_aliases(struct filesystem_plan *plan);
/* plan_links.c: finds links that were read and would be files in the view: where no form was
 * asked for there is no view then. */
void plan_links(struct filesystem_plan *plan);

/* ---- policy ---- */

/* A directory that may not be bound as a whole for the sake of some files in it. */
bool policy_is_guarded(const char *path);
/* Guarded for its secrets; fills those below `path` that a whole bind of it must hide. */
void policy_secrets_below(const char *path, struct strings *ret);
/* How many leading components of `real` make the directory that is granted as one because files in
 * it that were never asked for belong to the same thing; 0: only the file itself. */
size_t policy_unit_depth(const char *real, bool written, bool code);
/* policy_fleeting.c: how many leading components stand above the first name that will be
 * another the next time (a random one, a process id, a date, a UUID, a hash); 0: there is none. */
size_t policy_fleeting_depth(const char *real);
/* plan_others.c: whether somebody else makes and removes what lies there as he likes: a home,
 * a medium. What is bound of it may be gone at the next start, and is not missed then. */
bool others_is_personal(const char *path);
/* Whether somebody else makes that socket or FIFO, and anew when he starts again: a bind of it
 * alone is of the one that was there. */
bool others_make(const struct used_name *used);
/* The directories by which it is reached, where they may be shown whole. */
void others_directories(struct filesystem_plan *plan, const struct used_name *used,
                        struct strings *ret);
/* Whether its mode or owner was changed, which takes a writable mount. */
bool others_socket_is_changed(const struct filesystem_plan *plan, const struct used_name *used);
/* Names those that had to be bound alone. */
void plan_note_alone(struct filesystem_plan *plan);
/* Whether a directory holds little else, and nobody gives orders to root there. */
bool others_is_meeting_place(const struct filesystem_plan *plan, const char *directory);
/* edited.c: the phases in which the fact opened a file again. */
unsigned edited_phases(const struct fact *fact);
/* Whether it may have been replaced by then. */
bool edited_is(const struct used_name *used);
/* The directory by which a replacement is seen; NULL when there is none, or it may not be shown. */
char *edited_directory(const struct filesystem_plan *plan, const struct used_name *used);
/* Names the files that are bound alone and may be replaced. */
void plan_note_stale(struct filesystem_plan *plan);
/* Whether permissions of files may not keep the service out: it is root's at some time, or had such
 * a capability. */
bool plan_has_power_over_files(const struct filesystem_plan *plan);
/* modules.c: how many leading components are a directory into which all packages put
 * their Python modules; 0: it is in none. */
size_t policy_modules_depth(const char *real);
/* Whether the fact is the interpreter's look whether a module is there: what it imports is enough.
 */
bool modules_is_search(const struct filesystem_plan *plan, const struct fact *fact);
void modules_note(struct filesystem_plan *plan);
/* What granting a file there that was never seen weighs; POLICY_WEIGHT is an ordinary one. */
#define POLICY_WEIGHT 2u
unsigned policy_weight(const char *path);
/* A file known to be replaced by rename while services run. */
bool policy_is_replaced(const char *path);
/* A device node or directory that PrivateDevices= provides. */
bool policy_is_standard_device(const char *path);
/* The mounts of a private /dev that stay writable (systemd 252); NULL-terminated. */
extern const char *const policy_writable_devices[];
/* A file of /proc that cannot be bound alone: in a container (systemd-nspawn 252) a removed file is
 * mounted over it, which the kernel refuses to bind again. libsystemd copes with its absence. */
bool policy_is_unbindable(const char *path);

/* ---- mounts of the unit's own: own_mounts.c ---- */

/* Those that were used, so that their places stand in blind spots, and that the unit still has. */
void own_mounts_find(const struct suggest_options *options, const struct profile *profile,
                     struct strings *ret);
/* A use of a link into one of them or out of it, or NULL. */
const struct fact *own_mounts_crossed(const struct profile *profile, const struct strings *places);
/* Adds the unit's own TemporaryFileSystem= that they are. */
void own_mounts_keep_tmpfs(const struct derive_context *context, struct verdict *ret);

/* ---- walking the view: walk.c ---- */

/* The place of the view where a name ends. */
char *walk_place(const struct filesystem_plan *plan, const char *name);
/* The name at which a walk through the view ends in nothing, or NULL when it arrives. */
char *walk_gap(const struct filesystem_plan *plan, const char *name);
/* The writable mount that ends up at or above `place` because its own name leads there by a link of
 * a bound directory, or NULL. Anything else mounted there would make it read-only: systemd joins
 * what is for one place. */
const struct bind *walk_moved(const struct filesystem_plan *plan, const char *place);
/* Finds them, and `written`: before walk_moved(), walk_gap() and names_are_steady() are asked of
 * grants that changed. */
void walk_find_written(struct filesystem_plan *plan);
/* Whether the service may write at or below a name, by what is planned. */
bool plan_is_written(const struct filesystem_plan *plan, const char *name);

/* ---- building ---- */

struct bind *binds_add(struct binds *binds, enum bind_kind kind, const char *path,
                       const struct fact *witness, char *why);
/* The deepest bind that shows `name`, or NULL. */
const struct bind *binds_covering(const struct binds *binds, const char *name);
/* Whether something is mounted at or below `name`, so that it exists as a directory. */
bool binds_below(const struct binds *binds, const char *name);
/* What the directive says: systemd follows symlinks at each start. */
const char *bind_name(const struct bind *bind);
/* A bit per bind_kind. */
#define GRANTS_BINDS   (1u << BIND_READ | 1u << BIND_WRITE)
#define GRANTS_MOUNTED (GRANTS_BINDS | 1u << BIND_EMPTY | 1u << BIND_SCRATCH)
#define GRANTS_ALL     (GRANTS_MOUNTED | 1u << BIND_HIDE)
/* The first at that path of one of the kinds, or NULL. */
struct bind *binds_find(const struct binds *binds, const char *path, unsigned kinds);
/* Whether one of the grants at `path` or above it, `matches` says so. */
typedef bool grant_match(const void *context, const struct bind *other);
bool binds_above(const struct binds *binds, const char *path, grant_match *matches,
                 const void *context);
/* Drops those whose flag is set. */
void binds_drop(struct binds *binds, const bool *dropped);
/* After paths, kinds or the order of items were changed. */
void binds_index(struct binds *binds);
void bind_done(struct bind *bind);
void binds_sort(struct binds *binds);
void binds_done(struct binds *binds);

void plan_regions(struct filesystem_plan *plan);
void plan_writes(struct filesystem_plan *plan);
/* Once plan_moves() has added what moves need. */
void plan_writes_finish(struct filesystem_plan *plan);
/* Covers all reads; false when names had to be added and everything must be planned again. */
bool plan_reads(struct filesystem_plan *plan);
/* What is left when all binds are known: directories that only have to exist, removals of what is
 * not there, and the doors systemd opens by itself. */
void plan_leftovers(struct filesystem_plan *plan);
/* PID 1 follows a symlink as root at each start: a name by one is only kept where nobody but root
 * can make it lead elsewhere, the service least of all. */
void plan_drop_links(struct filesystem_plan *plan);
/* Drops binds that others make needless. */
void plan_drop_doubles(struct filesystem_plan *plan);
/* A directory in which something absent was to be removed. */
void plan_failed_write(struct filesystem_plan *plan, const struct used_name *used);
/* Makes a place writable, once; false when it was already. */
bool writes_add(struct filesystem_plan *plan, const char *name, bool subtree,
                const struct fact *witness);
/* Keeps the name by which a writable place was used, when that leads there by a symlink. */
void writes_name_link(struct bind *bind, const char *name, const char *place);
/* Whether a place is in another, by its name and really: a link in the outer one may lead the name
 * of the inner one elsewhere. */
bool writes_is_within(const struct filesystem_plan *plan, const char *inner, const char *outer);
/* Adds what systemd and the unit's own commands need. */
void plan_unit_needs(struct filesystem_plan *plan);
/* The files that a command of the unit takes that training never ran, where it is one whose needs
 * are known without (unit_runs_plainly()) and the profile has them. */
bool plan_plain_program(const struct filesystem_plan *plan, const char *program,
                        struct strings *ret_files);
/* derive_filesystem*.c: true when no form could be proved; the verdict says why then. */
bool plan_is_left_out(const struct derive_context *context, struct verdict *ret);
/* Whether the service's root is built of binds. */
bool plan_is_built(const struct filesystem_plan *plan);
/* One value with its reason. */
void plan_say(struct verdict *ret, const char *value, const struct fact *witness, const char *why);

/* Whether one of policy_writable_devices is there and nothing in it was used. */
bool plan_is_idle_device(const struct filesystem_plan *plan, const char *directory);
/* Whether anything at or below a directory was used. */
bool plan_is_used_below(const struct filesystem_plan *plan, const char *directory);
/* Whether what lies in the same directory, or a directory above it that the service makes, is used
 * by a name that is not within `place`: two empty directories would not show each other's files. */
bool plan_has_other_name(struct filesystem_plan *plan, const struct used_name *used,
                         const char *place);
/* The unit's setting, "" without a unit. */
const char *plan_unit_get(const struct filesystem_plan *plan, const char *key);
/* plan_directories.c: StateDirectory= and the like, the unit's and what the service made. */
void plan_unit_directories(struct filesystem_plan *plan);
void plan_made_directories(struct filesystem_plan *plan);
void directories_done(struct directories *directories);
/* plan_secrets.c: what the census found beside the service's files and nobody meant for it.
 */
void plan_find_secrets(struct filesystem_plan *plan);
/* Adds what of it is in a directory, by its real name. */
void plan_secrets_within(const struct filesystem_plan *plan, const char *directory,
                         struct strings *ret);
/* Whether some of it is in a directory, by its real name. */
bool plan_holds_secret(const struct filesystem_plan *plan, const char *directory);
/* How deep the directory lies that is shown whole because what is beside the name belongs to the
 * same thing: the highest without a secret in it. Exactly what was used is shown without such. */
size_t plan_unit_depth(const struct filesystem_plan *plan, const struct used_name *used);
/* plan_hide.c: InaccessiblePaths=. The secrets in a directory that is shown whole by the name
 * `shown`. */
void plan_hide_secrets(struct filesystem_plan *plan, const char *shown);
/* Whether anything at, below or above it was used so that hiding it would show. */
bool plan_is_touched(const struct filesystem_plan *plan, const char *path);
void plan_hide(struct filesystem_plan *plan);
/* Whether a directory is one of those where privileged programs take orders, or is in one. */
bool policy_is_door(const char *directory);
/* These directories; ends with NULL. */
extern const char *const policy_doors[];
/* Where the view would show in itself; after the root's directory is known. */
void plan_hide_workshops(struct filesystem_plan *plan);
/* Whether something is mounted at or below it: nothing is below what is inaccessible, and the
 * unit's own mounts have to stay. */
bool plan_is_mounted_in(const struct filesystem_plan *plan, const char *path);
/* Whether all of /run is bound, in one of these ways. */
bool plan_has_all_of_run(const struct filesystem_plan *plan, unsigned kinds);
/* kept.c: adds what the unit's own lists forbid of what is bound, in a view of binds. */
void kept_read_only(const struct derive_context *context, struct verdict *ret);
void kept_no_exec(const struct filesystem_plan *plan, struct verdict *ret);
/* plan_upgrade.c: what an upgrade comes to, and of which packages. */
void plan_note_upgrade(struct filesystem_plan *plan);
/* Says which binds are of file systems that may not be mounted one day. */
void plan_note_mounted(struct filesystem_plan *plan);
/* plan_rotated.c: whether others replaced the file, and the service took the new one. */
bool plan_is_replaced(const struct filesystem_plan *plan, const struct used_name *used);
void plan_note_rotated(struct filesystem_plan *plan);
/* plan_run_notes.c: what the administrator can do about a place that is writable as a whole,
 * and about one that is bound and has to be there. */
void plan_note_shared(struct filesystem_plan *plan, const char *place);
void plan_note_absent(struct filesystem_plan *plan, const char *place);
/* plan_moves.c: renames and links from one directory into another. */
void plan_moved_regions(struct filesystem_plan *plan);
void plan_moved_directories(struct filesystem_plan *plan);
void plan_moves(struct filesystem_plan *plan);
/* Before plan_crossing() is asked. */
void plan_index_moves(struct filesystem_plan *plan);
/* What was moved into or out of a directory, or NULL. */
const struct fact *plan_crossing(const struct filesystem_plan *plan, const char *directory);
/* Whether systemd itself mounts what `path` is in, for a StateDirectory= or the like of the unit or
 * for a mount of its own. */
bool plan_is_automatic(const struct filesystem_plan *plan, const char *path);
/* Adds a directory that systemd provides. */
void plan_add_automatic(struct filesystem_plan *plan, const char *path);
bool plan_unit_is_on(const struct filesystem_plan *plan, const char *key);
/* Files that a note names; of more it says how many. */
#define NOTE_FILES 12
/* Adds a note once; it is taken over. */
void plan_note(struct filesystem_plan *plan, enum note_severity severity, enum note_topic topic,
               const char *about, char *text);
/* A note "PATH TEXT" with the path encoded. */
void plan_note_path(struct filesystem_plan *plan, const char *path, const char *text);

#endif
