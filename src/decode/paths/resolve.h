/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Inside decode/: walks a name component by component as the kernel would for a task, through
 * trace_ops, keeping every symbolic link on the way (path_resolution(7)).
 */
#ifndef CINCH_DECODE_RESOLVE_H
#define CINCH_DECODE_RESOLVE_H

#include <cinch/base.h>
#include <cinch/trace.h>

/* Whose eyes the name is seen with; all borrowed. */
struct resolve_view {
    const struct trace_ops *ops;
    pid_t tid;
    pid_t tgid;
    const char *root; /* the task's root in the tracer's view */
    const char *base; /* where relative names start; NULL: such a name leads nowhere */
    /* Whether a process or thread id belongs to the service. */
    bool (*is_own)(const void *context, long pid);
    const void *context;
};

#define RESOLVE_NOFOLLOW 1u /* the last component is not followed */
#define RESOLVE_IN_BASE  2u /* the base is the root (openat2(2), RESOLVE_IN_ROOT) */

/* Longest name and component the kernel takes, NUL included / excluded; most links it follows. */
#define RESOLVE_NAME_LIMIT      4096
#define RESOLVE_COMPONENT_LIMIT 255
#define RESOLVE_LINK_LIMIT      40

struct resolved {
    char *path;           /* as struct path_fact.path */
    char *requested;      /* as struct path_fact.requested */
    struct strings links; /* those followed, in order */
    int error;            /* why the walk ended early: ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG; or 0 */
    bool missing;         /* the last component is not there, everything before it is */
    bool is_opaque;       /* led through a descriptor that has no name (a pipe, a memfd, a deleted
                             file) or into another process; `path` stops at the name below /proc */
};

/* Never fails: what cannot be walked is appended as written. Release with resolve_free. */
struct resolved *resolve_name(const struct resolve_view *view, const char *name, unsigned flags);
/* A path as a descriptor's link tells it; NULL when it names no file (pipe:[1], memfd, ...).
 * `*ret_deleted` says whether the kernel marked it as deleted. */
struct resolved *resolve_link_text(const struct resolve_view *view, const char *text,
                                   bool *ret_deleted);
void resolve_free(struct resolved *resolved);
static inline void resolved_freep(struct resolved **resolved)
{
    resolve_free(*resolved);
}

#endif
