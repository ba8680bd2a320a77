/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside manager/: which files a unit's name leads to. */
#ifndef CINCH_MANAGER_UNIT_FIND_H
#define CINCH_MANAGER_UNIT_FIND_H

#include "manager/unit_paths.h"

/* A name in one of the directories, the first that has it. */
struct unit_entry {
    char *name;
    char *path;
    char *link;  /* where it leads as written, NULL for a file */
    size_t rank; /* its directory's, in the order in which systemd searches them */
};

/* All that one manager has. */
struct unit_index {
    int root_fd; /* borrowed */
    struct strings directories;
    struct unit_entry *entries; /* sorted by name */
    size_t count;
    size_t capacity;
};

/* A unit's file. `{ 0 }` is empty. */
struct unit_place {
    char *id;             /* the unit's own name; an instance has its instance */
    char *path;           /* of the file */
    struct strings names; /* its other names, sorted */
};

int unit_index_read(struct unit_index *index, int root_fd, const struct unit_owner *owner,
                    struct err *err) MUST_USE;
void unit_index_done(struct unit_index *index);
/* 0, -ENOENT, or -ERFKILL when it is masked, *ret then being where. */
int unit_index_find(const struct unit_index *index, const char *name, struct unit_place *ret);
void unit_place_done(struct unit_place *place);

/* The paths of its drop-ins, in the order in which they are applied. 0 or -errno with `err`. */
int unit_index_dropins(const struct unit_index *index, const struct unit_place *place,
                       struct strings *ret, struct err *err) MUST_USE;

#endif
