/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside systemd/: advice beyond a drop-in. */
#ifndef CINCH_SYSTEMD_ADVICE_H
#define CINCH_SYSTEMD_ADVICE_H

#include "systemd/core/derive.h"

/* Adds the advice as notes; all verdicts must be final. */
void advice_add(const struct derive_context *context, const struct suggestion *suggestion);
/* advice_socket.c: a socket unit for a service that needs privileges only to bind a low port. */
void advice_socket_add(const struct derive_context *context, const struct suggestion *suggestion);
/* advice_directory.c: names on the command line that are relative to the working directory. */
void advice_directory_add(const struct derive_context *context);
/* advice_session.c: a service that starts user sessions. */
void advice_session_add(const struct derive_context *context, const struct suggestion *suggestion);
/* advice_user.c: a user with one capability instead of root, a dynamic user instead of a static
 * one, Type=exec instead of Type=forking. */
void advice_capability_add(const struct derive_context *context,
                           const struct suggestion *suggestion);
void advice_dynamic_add(const struct derive_context *context, const struct suggestion *suggestion);
void advice_type_add(const struct derive_context *context);

/* advice.c: the setting that gives a directory to the service's user, such as "StateDirectory=web";
 * NULL when the path is in none. Owned by the caller. */
char *advice_managed_place(const struct profile *profile, const char *path);
/* What was written: as a setting where one covers it, else as a directory. */
void advice_find_written(const struct profile *profile, struct strings *ret_managed,
                         struct strings *ret_other);
/* Sorts the names and joins the first of them with commas; owned by the caller. */
char *advice_join(struct strings *names);

#endif
