/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside run/: what a service that cinch starts finds around it. */
#ifndef CINCH_RUN_START_H
#define CINCH_RUN_START_H

#include <cinch/run.h>
#include <cinch/trace.h>

/* Fills what systemd gives a service, or, with inherit_environment, what cinch has. Asks process 1
 * where it is systemd. Release with start_done. */
void start_read(const struct train_options *options, struct trace_surroundings *ret);
void start_done(struct trace_surroundings *surroundings);
/* What process 1 gives every service, of its answer (pid1.h, a manager's); NULL: it was not asked.
 */
void start_take_manager(const char *answer, struct trace_surroundings *ret);
/* Whether the service has a variable of that name; our own environment counts where it is given on.
 */
bool start_has_variable(const struct trace_surroundings *surroundings, const char *name);
/* A warning of an argument that names a file only from cinch's own working directory, the caller's;
 * NULL: none does. */
char *start_warning(const struct train_options *options,
                    const struct trace_surroundings *surroundings);

#endif
