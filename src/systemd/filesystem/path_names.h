/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside systemd/: the names by which a service used files, from the path facts of its profile. */
#ifndef CINCH_SYSTEMD_FILESYSTEM_NAMES_H
#define CINCH_SYSTEMD_FILESYSTEM_NAMES_H

#include "systemd/core/derive.h"
#include "systemd/core/place_lookup.h"

struct filesystem_plan;

#define USE(use) (1u << (use))
/* What changes a file system as a read-only mount sees it. */
#define USES_WRITE (USE(PATH_WRITE) | USE(PATH_CREATE) | USE(PATH_DELETE) | USE(PATH_BIND))
#define USES_CODE  (USE(PATH_EXECUTE) | USE(PATH_MAP_EXECUTE))
#define USES_STAT  (USE(PATH_STAT) | USE(PATH_LINK))

/* A name the service used, with all that was done by it. */
struct used_name {
    char *name;          /* as requested, absolute */
    char *real;          /* links of its directory resolved, its own not */
    char *final;         /* where it led */
    enum file_type type; /* of `final`; FILE_REGULAR when the census does not know it */
    unsigned uses;       /* USE() bits of what succeeded */
    unsigned failed;     /* USE() bits of write intents that failed where a read-only mount fails
                            otherwise */
    bool existed;        /* it was there before the run created it */
    bool created;        /* the run created it */
    unsigned reopened;   /* phases in which it was opened again */
    bool named;          /* by a call that takes a name, for certain */
    bool required;       /* without it the service cannot be what it was: no "-" */
    bool looked_at;      /* a link, and asked for what it is itself: lstat(2), readlink(2) */
    bool asked;          /* for what it is itself: stat(2), or a descriptor of it */
    bool sized;          /* for how large its file system is: statfs(2) */
    bool folded;         /* stands for many names of its directory, which is granted whole */
    enum region region;
    size_t order;               /* of arrival: equals sort the same way everywhere */
    const struct fact *witness; /* the most telling use */
};

struct used_names {
    struct used_name *items; /* sorted by name once closed */
    size_t count;
    size_t capacity;
    struct path_index by_real, by_final; /* of a closed list, by name_kind */
};

/* Of names in by_real and by_final: done nothing with, used (or in vain), met among many that were
 * there before. */
enum name_kind { NAME_IDLE, NAME_USED, NAME_MET };

/* Reads the profile's path facts into names. */
void names_collect(struct used_names *names, const struct filesystem_plan *plan);
/* Adds uses of a name that no fact showed; the list must be closed again. */
struct used_name *names_add(struct used_names *names, const struct profile *profile,
                            const char *name, unsigned uses, const struct fact *witness);
/* Sorts and joins. */
void names_close(struct used_names *names);
/* Joins the names of one file: what was done by descriptor, made or found is so by all of them. */
void names_join_descriptors(struct used_names *names);
/* The record of a name in a closed list, or NULL. */
const struct used_name *names_find(const struct used_names *names, const char *name);
/* The names at and below a directory in a closed list, one after the other: `*at` starts as 0. NULL
 * after the last. */
const struct used_name *names_within(const struct used_names *names, const char *directory,
                                     size_t *at);
/* The head of the name that is the directory `depth` components deep of its real path. */
char *names_above(const struct profile *profile, const struct used_name *used, size_t depth);
/* Whether nobody but root can change where the symlinks on the way of a name lead, nor can the
 * service. */
bool names_are_steady(const struct filesystem_plan *plan, const char *name);
/* The names of a closed list at a path of one of its indexes, as names_within(). */
const struct used_name *names_at(const struct used_names *names, const struct path_index *index,
                                 const char *path, size_t *at);
/* After names were added, removed or put in order. */
void names_index(struct used_names *names);
void names_done(struct used_names *names);

#endif
