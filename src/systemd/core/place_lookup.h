/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside systemd/: what a path is: where it leads, and what kind of place it is in. */
#ifndef CINCH_SYSTEMD_PLACE_LOOKUP_H
#define CINCH_SYSTEMD_PLACE_LOOKUP_H

#include <cinch/systemd.h>

enum region {
    REGION_PLAIN,
    REGION_PROC_SELF, /* /proc/self, /proc/<pid>: cannot be bound, needs a procfs of its own */
    REGION_PROC,      /* the rest of /proc */
    REGION_SYS,
    REGION_DEV,
    REGION_RUN,
    REGION_TMP,
    REGION_AUTOMATIC, /* the unit's StateDirectory= and the like: systemd provides it */
    REGION_IGNORED,   /* no file of a file system: a memfd, the tracer's own socket */
};

/* The census' record of a path, the first of them; NULL when unknown. */
const struct host_file *place_file(const struct profile *profile, const char *path);
/* Where a name leads by the symlinks the census knows; owned. */
char *place_resolve(const struct profile *profile, const char *name);
/* The same; the directories that hold these links are added to `links`, unless it is NULL. */
char *place_resolve_by(const struct profile *profile, const char *name, struct strings *links);
/* How many components a path has. */
size_t place_depth(const char *path);
/* The first `depth` components of a path; owned. */
char *place_head(const char *path, size_t depth);
enum region place_region(const char *real);

/* Training with `--ready notify` gives the service a socket of its own there. */
#define TRAINING_SOCKETS "/tmp/cinch-notify-"

#endif
