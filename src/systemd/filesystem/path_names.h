/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside systemd/: the names with which a service used files, from the path facts of its profile.
 */
#ifndef CINCH_SYSTEMD_FILESYSTEM_NAMES_H
#define CINCH_SYSTEMD_FILESYSTEM_NAMES_H

#include "systemd/core/derive.h"
#include "systemd/core/place_lookup.h"

struct filesystem_plan;

#define USE(use) (1u << (use))
/* The uses that a read-only mount refuses. */
#define USES_WRITE (USE(PATH_WRITE) | USE(PATH_CREATE) | USE(PATH_DELETE) | USE(PATH_BIND))
#define USES_CODE  (USE(PATH_EXECUTE) | USE(PATH_MAP_EXECUTE))
#define USES_STAT  (USE(PATH_STAT) | USE(PATH_LINK))

/* A name the service used, with all its uses. */
struct used_name {
    char *name;          /* as requested, absolute */
    char *real;          /* symlinks of its directory resolved, the last component not */
    char *final;         /* its target */
    enum file_type type; /* of `final`; FILE_REGULAR when the census does not have it */
    unsigned uses;       /* USE() bits of successful uses */
    unsigned failed; /* USE() bits of failed writes with an error other than a read-only mount's */
    bool existed;    /* it existed before the run created it */
    bool created;    /* the run created it */
    unsigned reopened; /* phases in which it was reopened */
    bool named;        /* certainly used by a call that takes a name */
    bool required;     /* the service needs it, so it has no "-" */
    bool looked_at;    /* a symlink that was examined itself: lstat(2), readlink(2) */
    bool asked;        /* it was examined itself: stat(2), or through a descriptor */
    bool sized;        /* its file system size was checked: statfs(2) */
    bool folded;       /* a wildcard for many names of its directory, which is bound whole */
    enum region region;
    size_t order;               /* order of addition, so that sorting is stable */
    const struct fact *witness; /* the most telling use */
};

struct used_names {
    struct used_name *items; /* sorted by name once closed */
    size_t count;
    size_t capacity;
    struct path_index by_real, by_final; /* of a closed list, by name_kind */
};

/* Kinds of names in by_real and by_final: not used; used, even in vain; among many names that
 * existed before. */
enum name_kind { NAME_IDLE, NAME_USED, NAME_MET };

/* Reads the profile's path facts into names. */
void names_collect(struct used_names *names, const struct filesystem_plan *plan);
/* Adds uses of a name without a fact; the list must be closed again. */
struct used_name *names_add(struct used_names *names, const struct profile *profile,
                            const char *name, unsigned uses, const struct fact *witness);
/* Sorts and joins. */
void names_close(struct used_names *names);
/* Joins the names of one file: uses through a descriptor count for all its names. */
void names_join_descriptors(struct used_names *names);
/* The record of a name in a closed list, or NULL. */
const struct used_name *names_find(const struct used_names *names, const char *name);
/* Iterates over the names at and below a directory in a closed list; `*at` starts at 0. NULL after
 * the last. */
const struct used_name *names_within(const struct used_names *names, const char *directory,
                                     size_t *at);
/* The part of the name that is the directory `depth` components deep in its real path. */
char *names_above(const struct profile *profile, const struct used_name *used, size_t depth);
/* Whether only root, and not the service, can change the symlinks on the way of a name. */
bool names_are_steady(const struct filesystem_plan *plan, const char *name);
/* The names of a closed list at a path in one of its indexes; iterates as names_within(). */
const struct used_name *names_at(const struct used_names *names, const struct path_index *index,
                                 const char *path, size_t *at);
/* Call it after names were added, removed or sorted. */
void names_index(struct used_names *names);
void names_done(struct used_names *names);

#endif
