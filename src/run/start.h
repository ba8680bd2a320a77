/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside run/: how a service that cinch starts begins, and what it finds around it. */
#ifndef CINCH_RUN_START_H
#define CINCH_RUN_START_H

#include <cinch/run.h>
#include <cinch/trace.h>

/* `{ 0 }` is an empty one. */
struct start {
    struct trace_surroundings surroundings;
    char *user;               /* whose the service is; NULL: unchanged */
    char *group;              /* in the place of that user's own; NULL: that */
    struct strings unapplied; /* what the unit says and was not done: "NAME=", encoded */
    struct strings missing; /* directories that are not there, and process 1 would make; encoded */
};

/* Fills what systemd gives a service, that of its unit too, or, with inherit_environment, what
 * cinch has. Asks process 1 where it is systemd. 0, or -errno with `err` where systemd would not
 * start the unit. Release with start_done even then. */
int start_read(const struct train_options *options, struct start *ret, struct err *err) MUST_USE;
void start_done(struct start *start);
/* What process 1 gives every service, of its answer (pid1.h, a manager's); NULL: it was not asked.
 */
void start_take_manager(const char *answer, struct trace_surroundings *ret);
/* Whether the service has a variable of that name; our own environment counts where it is given on.
 */
bool start_has_variable(const struct trace_surroundings *surroundings, const char *name);
/* Warnings of how this start differs from the unit's: a line each, encoded. */
void start_warn(const struct train_options *options, const struct start *start,
                struct strings *ret);

/* start_unit.c */
/* What the unit says of it. `environment` is process 1's own, NUL after each variable; NULL: not
 * known. As start_read(). */
int start_take_unit(const struct unit *unit, const struct str *environment, struct start *ret,
                    struct err *err) MUST_USE;
/* Whether the unit's service is given a NOTIFY_SOCKET. */
bool start_notifies(const struct unit *unit);

/* start_limits.c */
/* Limits of process 1's answer, and of the unit; those that make no sense are left out, as systemd
 * does. */
void start_take_limits(const char *answer, struct trace_surroundings *ret);
void start_take_unit_limits(const struct unit *unit, struct trace_surroundings *ret);
void start_limit(struct trace_surroundings *ret, int resource, rlim_t soft, rlim_t hard);

/* environment_file.c */
/* Whether it is NAME=VALUE as systemd takes it; it ignores all others. */
bool environment_is_valid(const char *assignment);
/* The assignments of a text in the grammar of EnvironmentFile= (systemd.exec(5)), the valid ones,
 * as systemd 252 reads it. */
void environment_parse(const char *text, size_t length, struct strings *ret);
/* The same of all files that match a pattern, glob(7). 0 or -errno: -ENOENT when none does. */
int environment_read(const char *pattern, struct strings *ret) MUST_USE;

#endif
