/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside host/: the parts of the census. */
#ifndef CINCH_HOST_CENSUS_H
#define CINCH_HOST_CENSUS_H

#include <cinch/host.h>

/* Adds the settings. */
void census_settings(struct profile *profile);

/* What the object lies on, by systemd's name ("ext4"), else the number as "0x2fc12fc1"; "" when it
 * cannot be told. The caller frees it. */
char *census_filesystem(int fd);
/* The same of statfs(2)'s f_type. */
char *census_filesystem_name(uint64_t type);

/* Adds "group @aio" and the like, what this machine's systemd says its groups of calls hold. */
void census_groups(struct profile *profile);
/* Its parts: what `program` prints within that time, 0 or -errno; and what is made of it. */
int census_groups_run(const char *program, int time_ms, struct str *ret);
void census_groups_parse(struct profile *profile, const char *text);

/* Names below an open directory, recursively, on its own file system; -1 past HOST_CENSUS_LIMIT or
 * when they cannot be counted. */
int64_t census_count(int directory);

/* The object itself, a link too, as it lies below `root`: a descriptor of O_PATH, or -errno. */
int census_pin(const char *root, const char *path);

/* Adds "package PATH": the package of each program that ran, where dpkg knows it. */
void census_packages(struct profile *profile, const char *root);

struct path_set;
/* Adds "mount PATH": the type of the file system that is mounted there, where PATH was used or lies
 * above what was. API file systems and the root are left out. */
void census_mount_points(struct profile *profile, const struct path_set *named);
/* Adds what is not for everybody in those of the `named` that are directories of a thing of their
 * own, but for what was used: files, and private keys as settings "private-key". */
void census_secrets(struct profile *profile, const char *root, const struct path_set *named,
                    const struct path_set *used);

/* A set of paths; `{ 0 }` is empty. */
struct path_set {
    struct path_entry *entries; /* uthash head */
};

/* Adds a path; tells whether it was new. */
bool path_set_add(struct path_set *set, const char *path);
bool path_set_has(const struct path_set *set, const char *path);
/* All members sorted bytewise, borrowed until the set changes; the array is the caller's. */
const char **path_set_sorted(const struct path_set *set, size_t *ret_count);
void path_set_done(struct path_set *set);

#endif
