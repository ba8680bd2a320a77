/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside decode/: names below /proc mean other things to the tracee than to the tracer. */
#ifndef CINCH_DECODE_PROCFS_H
#define CINCH_DECODE_PROCFS_H

#include "decode/paths/resolve.h"

/* What stands after "/proc/" (also below the task's root), NULL when `path` lies elsewhere. */
const char *procfs_rest(const char *root, const char *path);
/* Replaces a last component "self" or "thread-self" of /proc by the task's own numbers; whether it
 * did. */
bool procfs_expand_self(const struct resolve_view *view, struct str *path);
/* The process id a path lies below (strictly), 0 when none: there every link is a magic one. */
long procfs_pid(const struct resolve_view *view, const char *path);
/* The same path with numbers replaced: "self" for the service's, "<pid>" and "<tid>" for others. */
char *procfs_canonical(const struct resolve_view *view, const char *path);

#endif
