/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside run/: of which unit a process is, by its control group (cgroups(7)). */
#ifndef CINCH_RUN_CONTROL_GROUP_H
#define CINCH_RUN_CONTROL_GROUP_H

#include <cinch/base.h>
#include <sys/types.h>

/* The unit's control group, as far as that is a component of the process's: a path as the kernel
 * writes it; NULL when the process is of another unit. Owned. */
char *control_group_of(pid_t pid, const char *unit);
/* The same of the texts of /proc/PID/cgroup, the process's and process 1's. Pure. */
char *control_group_find(const char *groups, const char *manager, const char *unit);
/* Which directory the group is, 0 when there is none: it is made anew each time its unit starts. */
ino_t control_group_id(const char *group);
/* Whether no process is left in it, as far as that can be told (cgroup.events). */
bool control_group_is_empty(const char *group);

#endif
