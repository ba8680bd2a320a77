/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Opening files of a tree that may not be ours, and reading bounded parts of them. */
#ifndef CINCH_ELF_FILE_H
#define CINCH_ELF_FILE_H

#include <cinch/base.h>
#include <sys/stat.h>

/* The tree names are resolved in. `{ .fd = -1 }` is the machine's own. */
struct elf_tree {
    int fd;    /* its root directory (O_PATH), -1 for none */
    char *cwd; /* what relative names start from, absolute inside the tree, owned */
};

/* Opens the tree `root` ("" or "/" for the machine's own). 0 or -errno. */
int elf_tree_init(struct elf_tree *tree, const char *root) MUST_USE;
void elf_tree_done(struct elf_tree *tree);
/* `path` made absolute inside the tree and normalised. */
char *elf_tree_absolute(const struct elf_tree *tree, const char *path);

/*
 * Opens the regular file `path` for reading, links resolved inside the tree. Nothing else than a
 * regular file is ever opened: looking at a tape or a watchdog device by opening it has effects.
 * Returns the fd, or -errno (-EISDIR a directory, -ELF_NOT_REGULAR any other kind).
 */
int elf_file_open(const struct elf_tree *tree, const char *path, struct stat *ret_stat) MUST_USE;

/* The code of a FIFO, socket or device (no open(2) of these files gives this one). */
#define ELF_NOT_REGULAR ENOTBLK

/* What to tell a person of a code of elf_file_open. */
const char *elf_file_problem(int code);

/* The path of an open file with every link resolved, inside the tree; NULL when unknown. */
char *elf_file_real_path(const struct elf_tree *tree, int fd);

/* Reads `length` bytes at `offset`; returns how many there were (short at the end), or -errno. */
ssize_t elf_file_read(int fd, uint64_t offset, void *buffer, size_t length);
/* Reads the first `limit` bytes of the file, or all of it when it is shorter. 0 or -errno. */
int elf_file_read_start(int fd, size_t limit, struct str *ret) MUST_USE;

#endif
