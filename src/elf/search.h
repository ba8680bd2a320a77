/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finding one library as a dynamic loader does, for one process image. */
#ifndef CINCH_ELF_SEARCH_H
#define CINCH_ELF_SEARCH_H

#include "elf/loader.h"
#include <sys/stat.h>

#define ELF_NO_OBJECT SIZE_MAX

/* A file in the process: the program is object 0, its loader object 1. */
struct elf_object {
    char *path;           /* as it was found; NULL when missing */
    char *origin;         /* what $ORIGIN is for it */
    struct strings names; /* it was asked for by these */
    struct elf_image image;
    dev_t device;
    ino_t inode;
    size_t loaded_by; /* the object that asked first, ELF_NO_OBJECT for none */
};

struct elf_process {
    const struct elf_tree *tree;
    struct elf_loader loader;
    struct elf_object *objects; /* in load order */
    size_t count;
    size_t capacity;
    size_t *steps_left; /* budget of the whole closure */
};

/* Releases everything; `{ 0 }` is valid. */
void elf_process_done(struct elf_process *process);
/* Adds an object with its first name and returns its index. Takes `path` and `*image` over;
 * `stat` and `image` may be NULL. */
size_t elf_process_add(struct elf_process *process, const char *name, char *path,
                       const struct stat *stat, struct elf_image *image, size_t loaded_by);
/* The object that already serves a name, or that is the same file; ELF_NO_OBJECT for none. */
size_t elf_process_find_name(const struct elf_process *process, const char *name);
size_t elf_process_find_file(const struct elf_process *process, const struct stat *stat);

/* Where a library was found. */
struct elf_found {
    char *path; /* NULL: nowhere */
    const char *via;
    struct stat stat;
    struct elf_image image;
    struct str note; /* what was passed over on the way, encoded */
};

/* Looks for `name` on behalf of the object `requester`. */
void elf_search(struct elf_process *process, size_t requester, const char *name,
                struct elf_found *ret);
/* Releases what was not taken over. */
void elf_found_done(struct elf_found *found);

#endif
