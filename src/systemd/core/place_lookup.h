/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside systemd/: where a path leads and which region it is in. */
#ifndef CINCH_SYSTEMD_PLACE_LOOKUP_H
#define CINCH_SYSTEMD_PLACE_LOOKUP_H

#include <cinch/systemd.h>

enum region {
    REGION_PLAIN,
    REGION_PROC_SELF, /* /proc/self, /proc/<pid>: cannot be bound, needs a procfs mount */
    REGION_PROC,      /* the rest of /proc */
    REGION_SYS,
    REGION_DEV,
    REGION_RUN,
    REGION_TMP,
    REGION_AUTOMATIC, /* systemd provides it: StateDirectory= and the like */
    REGION_IGNORED,   /* not in a file system: a memfd, the tracer's own socket */
};

/* The census record of a path, the first one; NULL: unknown. */
const struct host_file *place_file(const struct profile *profile, const char *path);
/* The target of a path after the symlinks that the census knows; owned. */
char *place_resolve(const struct profile *profile, const char *name);
/* The same; adds the directories of these symlinks to `links` unless it is NULL. */
char *place_resolve_by(const struct profile *profile, const char *name, struct strings *links);
/* How many components a path has. */
size_t place_depth(const char *path);
/* The first `depth` components of a path; owned. */
char *place_head(const char *path, size_t depth);
enum region place_region(const char *real);

/* The directory of the socket that `--ready notify` gives the service in training. */
#define TRAINING_SOCKETS "/tmp/cinch-notify-"

#endif
