/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside systemd/: the plan of the file system that a service sees. It is computed once, in this
 * order: names (what was used, path_names.c), regions (/proc, /sys, /dev, /run, /tmp:
 * plan_regions.c), binds (writes.c, plan_reads.c). policy.c holds the tables; derive_filesystem*.c
 * turn the plan into verdicts. */
#ifndef CINCH_SYSTEMD_FILESYSTEM_H
#define CINCH_SYSTEMD_FILESYSTEM_H

#include "systemd/core/derive.h"
#include "systemd/filesystem/path_names.h"

enum bind_kind {
    BIND_READ,    /* BindReadOnlyPaths= */
    BIND_WRITE,   /* BindPaths=, or ReadWritePaths= */
    BIND_EMPTY,   /* an empty read-only directory: it exists, nothing is in it */
    BIND_SCRATCH, /* an empty writable directory */
    BIND_HIDE,    /* InaccessiblePaths= */
};

struct bind {
    enum bind_kind kind;
    char *path;
    char *link;    /* its name through a symlink that may change; NULL: none */
    bool subtree;  /* a directory with everything in it */
    bool required; /* the start fails when it is missing */
    bool stale;    /* a single file that is known to be replaced */
    char *options; /* of a TemporaryFileSystem= */
    char *why;     /* encoded */
    const struct fact *witness;
};

struct binds {
    struct bind *items;
    size_t count;
    size_t capacity;
    struct path_index index; /* the items by path and bind_kind */
};

/* A directory that the service created or fills, where systemd can create it. */
struct made_directory {
    size_t kind; /* row of plan_directories.c */
    char *name;
    unsigned mode;
    bool kept; /* it existed before */
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
    struct decision left_out;       /* why no form is safe, so that nothing is emitted */
    struct decision no_mounts;      /* any mount namespace would break the service */
    struct strings automatic;       /* what systemd binds for the unit's *Directory= settings */
    struct strings own_mounts;      /* the unit's own mounts that were used */
    struct path_index served;       /* both of them */
    struct path_index kept;         /* directories of /run that existed before training */
    struct directories directories; /* those added to the unit's */
    struct used_names names;
    struct path_index secret_at; /* `secrets` */
    struct strings secrets;      /* files beside the used ones that are not meant for the service */
    struct binds binds;
    struct path_index other_names; /* what writes.c found about directories in /run */
    struct path_index written;     /* what is writable, by its real path */
    struct path_index moved;       /* the binds that walk_moved() knows, by their target */
    struct decision proc;          /* a procfs is needed */
    struct decision other_processes;
    struct decision whole_proc; /* the service needs more of /proc than processes */
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
    struct decision root_used; /* uses of / itself or of a symlink that no empty root can provide */
    struct decision torn; /* the service moves files between paths that no single mount contains */
    char *root_directory; /* FILESYSTEM_ROOT */
    bool root_tmpfs;      /* TemporaryFileSystem=/:ro */
};

/* ---- facts by their paths: plan_index.c ---- */

/* Whether a fact shows that a file was executed or mapped executable. */
enum fact_index_kind { FACT_OTHER, FACT_CODE };

bool facts_is_code(const struct fact *fact);
void plan_index_facts(struct filesystem_plan *plan);
/* The path facts at a path in one of the plan's indexes; iterates as names_within(). */
const struct fact *facts_at(const struct filesystem_plan *plan, const struct path_index *index,
                            const char *path, size_t *at);
/* Whether a fact is about something at or below a path, by its name or its target; failed ones
 * count. */
bool facts_touch(const struct filesystem_plan *plan, const char *path);
/* Whether code was executed or mapped at or below the path, or through a name at or below
 * `requested`. */
bool facts_are_code(const struct filesystem_plan *plan, const char *path, const char *requested);

/* Sets a decision once; takes over `why`. */
void plan_decide(struct decision *decision, bool yes, const struct fact *witness, char *why);

/* plan_links.c: the directory to bind whole because a symlink of this name in it must stay a
 * symlink; NULL: none. */
char *links_directory(struct filesystem_plan *plan, const struct used_name *used);

/* ---- directories that were asked about: asked.c ---- */

/* Whether it is bound whole, so that owner, mode, times and size are those of training. */
bool asked_is_whole(const struct filesystem_plan *plan, const struct used_name *used);
/* Whether root owns it and everybody may read it, like the directories systemd creates in an empty
 * root. */
bool asked_is_ordinary(const struct filesystem_plan *plan, const struct used_name *used);
/* Options of a TemporaryFileSystem= with its owner and mode; owned. */
char *asked_options(const struct filesystem_plan *plan, const struct used_name *used,
                    const char *options);
/* Marks the names with which statfs(2) was called. */
void asked_mark_sizes(struct used_names *names, const struct profile *profile);
/* Handles those that no bind covers; after the binds are known. */
void plan_sizes(struct filesystem_plan *plan);

/* plan_aliases.c: binds the other names of what is bound; after all binds and hidden paths are
 * known. */
void plan_aliases(struct filesystem_plan *plan);
/* plan_links.c: finds symlinks that were read and would be files in an empty root; they rule it out
 * unless a form was requested. */
void plan_links(struct filesystem_plan *plan);

/* ---- policy ---- */

/* A directory that may not be bound whole because of a few files in it. */
bool policy_is_guarded(const char *path);
/* Adds the known secrets below `path`, which a bind of the whole directory must hide. */
void policy_secrets_below(const char *path, struct strings *ret);
/* How many leading components of `real` form the directory that is bound whole because its files
 * belong together; 0: only the file itself. */
size_t policy_unit_depth(const char *real, bool written, bool code);
/* policy_fleeting.c: how many leading components precede the first name that changes (random, a
 * process ID, a date, a UUID, a hash); 0: none does. */
size_t policy_fleeting_depth(const char *real);
/* plan_others.c: whether a user creates and removes files there at will: a home directory, a
 * removable medium. A bind of one is optional. */
bool others_is_personal(const char *path);
/* Whether another service creates that socket or FIFO, again at each start, so that a bind of the
 * file keeps the old one. */
bool others_make(const struct used_name *used);
/* The directories that lead to it, where they may be bound whole. */
void others_directories(struct filesystem_plan *plan, const struct used_name *used,
                        struct strings *ret);
/* Whether its mode or owner was changed, which needs a writable mount. */
bool others_socket_is_changed(const struct filesystem_plan *plan, const struct used_name *used);
/* Adds a note that names those bound as single files. */
void plan_note_alone(struct filesystem_plan *plan);
/* Whether a directory contains little else, and no control socket of root. */
bool others_is_meeting_place(const struct filesystem_plan *plan, const char *directory);
/* edited.c: the phases in which the fact reopened a file. */
unsigned edited_phases(const struct fact *fact);
/* Whether the file may have been replaced in between. */
bool edited_is(const struct used_name *used);
/* The directory to bind so that a replacement is visible; NULL: none, or it may not be bound. */
char *edited_directory(const struct filesystem_plan *plan, const struct used_name *used);
/* Adds a note that names the single files that may be replaced. */
void plan_note_stale(struct filesystem_plan *plan);
/* Whether file permissions may not bind the service: it runs as root at some time or had such a
 * capability. */
bool plan_has_power_over_files(const struct filesystem_plan *plan);
/* modules.c: how many leading components form a shared directory of Python modules; 0: it is in
 * none. */
size_t policy_modules_depth(const char *real);
/* Whether the fact is the interpreter's search for a module; only what it imports counts. */
bool modules_is_search(const struct filesystem_plan *plan, const struct fact *fact);
void modules_note(struct filesystem_plan *plan);
/* The cost of allowing an unused file there; POLICY_WEIGHT is that of an ordinary one. */
#define POLICY_WEIGHT 2u
unsigned policy_weight(const char *path);
/* A file that is known to be replaced by rename while services run. */
bool policy_is_replaced(const char *path);
/* A device node or directory that PrivateDevices= provides. */
bool policy_is_standard_device(const char *path);
/* The mounts of a private /dev that stay writable (systemd 252); NULL-terminated. */
extern const char *const policy_writable_devices[];
/* A file of /proc that cannot be bound: in a container (systemd-nspawn 252) a removed file is
 * mounted over it, which the kernel refuses to bind again. libsystemd handles its absence. */
bool policy_is_unbindable(const char *path);

/* ---- mounts of the unit's own: own_mounts.c ---- */

/* Those that were used, which blind spots record, and that the unit still has. */
void own_mounts_find(const struct suggest_options *options, const struct profile *profile,
                     struct strings *ret);
/* A use of a symlink that crosses the edge of one of them, or NULL. */
const struct fact *own_mounts_crossed(const struct profile *profile, const struct strings *places);
/* Adds those that are the unit's own TemporaryFileSystem=. */
void own_mounts_keep_tmpfs(const struct derive_context *context, struct verdict *ret);

/* ---- walking the view: walk.c ---- */

/* The path in the service's root where a name ends. */
char *walk_place(const struct filesystem_plan *plan, const char *name);
/* The name at which a walk through the service's root finds nothing; NULL: the walk arrives. */
char *walk_gap(const struct filesystem_plan *plan, const char *name);
/* The writable mount that ends up at or above `place` because its name leads there through a
 * symlink of a bound directory, or NULL. Another mount there would make it read-only, because
 * systemd joins the entries of one path. */
const struct bind *walk_moved(const struct filesystem_plan *plan, const char *place);
/* Finds them and `written`; call it after the binds changed and before walk_moved(), walk_gap() and
 * names_are_steady(). */
void walk_find_written(struct filesystem_plan *plan);
/* Whether the plan lets the service write at or below a name. */
bool plan_is_written(const struct filesystem_plan *plan, const char *name);

/* ---- building ---- */

struct bind *binds_add(struct binds *binds, enum bind_kind kind, const char *path,
                       const struct fact *witness, char *why);
/* The deepest bind that contains `name`, or NULL. */
const struct bind *binds_covering(const struct binds *binds, const char *name);
/* Whether a mount is at or below `name`, so that it exists as a directory. */
bool binds_below(const struct binds *binds, const char *name);
/* The path as the directive names it; systemd follows symlinks at each start. */
const char *bind_name(const struct bind *bind);
/* A bit per bind_kind. */
#define GRANTS_BINDS   (1u << BIND_READ | 1u << BIND_WRITE)
#define GRANTS_MOUNTED (GRANTS_BINDS | 1u << BIND_EMPTY | 1u << BIND_SCRATCH)
#define GRANTS_ALL     (GRANTS_MOUNTED | 1u << BIND_HIDE)
/* The first bind at that path of one of the kinds, or NULL. */
struct bind *binds_find(const struct binds *binds, const char *path, unsigned kinds);
/* Whether `matches` is true for a bind at or above `path`. */
typedef bool grant_match(const void *context, const struct bind *other);
bool binds_above(const struct binds *binds, const char *path, grant_match *matches,
                 const void *context);
/* Removes the binds with a flag set. */
void binds_drop(struct binds *binds, const bool *dropped);
/* Call it after paths, kinds or the order of items changed. */
void binds_index(struct binds *binds);
void bind_done(struct bind *bind);
void binds_sort(struct binds *binds);
void binds_done(struct binds *binds);

void plan_regions(struct filesystem_plan *plan);
void plan_writes(struct filesystem_plan *plan);
/* Call it after plan_moves() added what moves need. */
void plan_writes_finish(struct filesystem_plan *plan);
/* Covers all reads; false when names were added and everything must be planned again. */
bool plan_reads(struct filesystem_plan *plan);
/* What remains when all binds are known: directories that only have to exist, removals of missing
 * files, and what systemd mounts by itself. */
void plan_leftovers(struct filesystem_plan *plan);
/* PID 1 follows symlinks as root at each start. A name through a symlink is kept only where only
 * root, and not the service, can change it. */
void plan_drop_links(struct filesystem_plan *plan);
/* Removes binds that others already cover. */
void plan_drop_doubles(struct filesystem_plan *plan);
/* A directory in which the service tried to remove a missing file. */
void plan_failed_write(struct filesystem_plan *plan, const struct used_name *used);
/* Makes a path writable; false when it was already. */
bool writes_add(struct filesystem_plan *plan, const char *name, bool subtree,
                const struct fact *witness);
/* Keeps the name through which a writable path was used, when it goes through a symlink. */
void writes_name_link(struct bind *bind, const char *name, const char *place);
/* Whether a path is inside another, by name and by real path; a symlink in the outer one may lead
 * elsewhere. */
bool writes_is_within(const struct filesystem_plan *plan, const char *inner, const char *outer);
/* Adds what systemd and the unit's own commands need. */
void plan_unit_needs(struct filesystem_plan *plan);
/* The files that an untrained command of the unit needs, if its needs are known
 * (unit_runs_plainly()) and the profile has them. */
bool plan_plain_program(const struct filesystem_plan *plan, const char *program,
                        struct strings *ret_files);
/* derive_filesystem*.c: true when no form is safe; the verdict then says why. */
bool plan_is_left_out(const struct derive_context *context, struct verdict *ret);
/* Whether the service has an empty root with binds. */
bool plan_is_built(const struct filesystem_plan *plan);
/* Sets one value with its reason. */
void plan_say(struct verdict *ret, const char *value, const struct fact *witness, const char *why);

/* Whether one of policy_writable_devices exists and nothing in it was used. */
bool plan_is_idle_device(const struct filesystem_plan *plan, const char *directory);
/* Whether anything at or below a directory was used. */
bool plan_is_used_below(const struct filesystem_plan *plan, const char *directory);
/* Whether files of the same directory, or of one above that the service creates, are used by a name
 * outside `place`. Two empty directories would not show each other's files. */
bool plan_has_other_name(struct filesystem_plan *plan, const struct used_name *used,
                         const char *place);
/* The unit's setting, "" without a unit. */
const char *plan_unit_get(const struct filesystem_plan *plan, const char *key);
/* plan_directories.c: StateDirectory= and the like, of the unit and as the service created them. */
void plan_unit_directories(struct filesystem_plan *plan);
void plan_made_directories(struct filesystem_plan *plan);
void directories_done(struct directories *directories);
/* plan_secrets.c: files beside the service's that are not meant for it, from the census. */
void plan_find_secrets(struct filesystem_plan *plan);
/* Adds those in a directory, by its real path. */
void plan_secrets_within(const struct filesystem_plan *plan, const char *directory,
                         struct strings *ret);
/* Whether a directory contains one, by its real path. */
bool plan_holds_secret(const struct filesystem_plan *plan, const char *directory);
/* The depth of the directory that is bound whole because its files belong together: the highest one
 * without a secret. With FIT_EXACT there is none. */
size_t plan_unit_depth(const struct filesystem_plan *plan, const struct used_name *used);
/* plan_hide.c: InaccessiblePaths=. Hides the secrets in a directory that is bound whole as `shown`.
 */
void plan_hide_secrets(struct filesystem_plan *plan, const char *shown);
/* Whether the service used anything at, below or above it so that it would notice a hidden path. */
bool plan_is_touched(const struct filesystem_plan *plan, const char *path);
void plan_hide(struct filesystem_plan *plan);
/* Whether a directory is, or is in, one with control sockets of privileged programs. */
bool policy_is_door(const char *directory);
/* These directories; ends with NULL. */
extern const char *const policy_doors[];
/* Hides the directory in which systemd assembles the empty root; after root_directory is known. */
void plan_hide_workshops(struct filesystem_plan *plan);
/* Whether a mount is at or below it: an inaccessible path has nothing below, and the unit's own
 * mounts must stay. */
bool plan_is_mounted_in(const struct filesystem_plan *plan, const char *path);
/* Whether the whole of /run is bound, as one of these kinds. */
bool plan_has_all_of_run(const struct filesystem_plan *plan, unsigned kinds);
/* kept.c: with an empty root, adds what the unit's own lists forbid inside the binds. */
void kept_read_only(const struct derive_context *context, struct verdict *ret);
void kept_no_exec(const struct filesystem_plan *plan, struct verdict *ret);
/* plan_upgrade.c: notes what an upgrade may break, and of which packages. */
void plan_note_upgrade(struct filesystem_plan *plan);
/* Notes which binds are on file systems that may not be mounted. */
void plan_note_mounted(struct filesystem_plan *plan);
/* plan_rotated.c: whether another program replaced the file and the service opened the new one. */
bool plan_is_replaced(const struct filesystem_plan *plan, const struct used_name *used);
void plan_note_rotated(struct filesystem_plan *plan);
/* plan_run_notes.c: notes about a directory that is writable as a whole, and about one that must
 * exist. */
void plan_note_shared(struct filesystem_plan *plan, const char *place);
void plan_note_absent(struct filesystem_plan *plan, const char *place);
/* plan_moves.c: renames and links from one directory into another. */
void plan_moved_regions(struct filesystem_plan *plan);
void plan_moved_directories(struct filesystem_plan *plan);
void plan_moves(struct filesystem_plan *plan);
/* Call it before plan_crossing(). */
void plan_index_moves(struct filesystem_plan *plan);
/* A move into or out of a directory, or NULL. */
const struct fact *plan_crossing(const struct filesystem_plan *plan, const char *directory);
/* Whether systemd mounts the directory that contains `path`, for the unit's StateDirectory= or the
 * like or for one of its own mounts. */
bool plan_is_automatic(const struct filesystem_plan *plan, const char *path);
/* Adds a directory that systemd provides. */
void plan_add_automatic(struct filesystem_plan *plan, const char *path);
bool plan_unit_is_on(const struct filesystem_plan *plan, const char *key);
/* How many files a note names; it counts the others. */
#define NOTE_FILES 12
/* Adds a note unless one with the same text exists; takes over `text`. */
void plan_note(struct filesystem_plan *plan, enum note_severity severity, enum note_topic topic,
               const char *about, char *text);
/* Adds the note "PATH TEXT" about that path, which it encodes. */
void plan_note_path(struct filesystem_plan *plan, const char *path, const char *text);

#endif
