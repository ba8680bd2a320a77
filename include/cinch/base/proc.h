/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* base: the one way to read /proc/PID (proc(5)), or with 0 for a pid /proc/self. What is read there
 * may be gone at any time. */
#ifndef CINCH_BASE_PROC_H
#define CINCH_BASE_PROC_H

#include <cinch/base.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

/* Room for every path that proc_path() makes of names up to 48 bytes. */
#define PROC_PATH_MAX 72

/* "/proc/PID/NAME" in `buffer`, which is returned; cut off when there is no room. */
const char *proc_path(char buffer[PROC_PATH_MAX], pid_t pid, const char *name);
/* "/proc/self/fd/FD": the file behind a descriptor by a name, whatever became of its own. */
const char *proc_self_fd(char buffer[PROC_PATH_MAX], int fd);
/* The file as a whole: 0 or -errno, -EFBIG beyond `limit` bytes. */
int proc_read(pid_t pid, const char *name, size_t limit, struct str *ret);
/* Where a link leads: 0 with an owned text, or -errno. */
int proc_link(pid_t pid, const char *name, char **ret_target);
/* stat(2) of what a link leads to. 0 or -errno. */
int proc_stat_of(pid_t pid, const char *name, struct stat *ret);
/* proc_read() of /proc/PID/status. */
int proc_read_status(pid_t pid, struct str *ret);
/* What follows "NAME:" and blanks in the text of a status file, to the end of that file; NULL: no
 * such line. */
const char *proc_status_value(const char *status, const char *name);
/* The number of a line of /proc/PID/status, -1 when that cannot be read. */
int64_t proc_status_number(pid_t pid, const char *name);
/* Field `number` (from 3 on, proc_pid_stat(5)) in the text of a stat file, whose second may hold
 * anything; NULL when there is none. */
const char *proc_stat_field(const char *stat, unsigned number);

#endif
