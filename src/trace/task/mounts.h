/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside trace/: two views of the file system held against each other, by their lists of mounts
 * (proc_pid_mountinfo(5)). Pure. */
#ifndef CINCH_TRACE_MOUNTS_H
#define CINCH_TRACE_MOUNTS_H

#include <cinch/base.h>

struct mount {
    long id, parent;
    char *device; /* "major:minor" */
    char *root;   /* what of the file system is mounted */
    char *point;
    char *type;
    size_t line;
};

/* `{ 0 }` is empty. Sorted: where something is mounted is found without going through all. */
struct mounts {
    struct mount *items;
    const struct mount *root; /* what all else stands on, NULL when there is none */
    size_t count;
    size_t capacity;
};

/* Reads a mountinfo file's text; lines that are none are left out. */
void mounts_parse(struct mounts *mounts, const char *text);
/* The mount that a path (absolute, without links) lies on: the topmost one. NULL: none. */
const struct mount *mounts_at(const struct mounts *mounts, const char *path);
void mounts_done(struct mounts *mounts);

/* Where a service's view is not the machine's; `{ 0 }` is nowhere. */
struct moved {
    struct moved_point {
        char *path;
        bool is_moved;
    } * points;
    size_t count;
    size_t capacity;
    bool any;
};

/*
 * Compares the two views at each place where something is mounted in one of them. Not counted as
 * moved is what a service manager gives every service in its own copy and keeps on giving it:
 * private temporary directories and devices, places made inaccessible (systemd.exec(5)).
 */
void mounts_moved_compare(struct moved *moved, const struct mounts *service,
                          const struct mounts *machine);
/* The mount point that makes `path` another thing for the service; NULL when none does. */
const char *mounts_moved_find(const struct moved *moved, const char *path);
void mounts_moved_done(struct moved *moved);

#endif
