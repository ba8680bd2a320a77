/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside systemd/: what the administrator could do beyond a drop-in. */
#ifndef CINCH_SYSTEMD_ADVICE_H
#define CINCH_SYSTEMD_ADVICE_H

#include "systemd/core/derive.h"

/* Adds notes once all verdicts are settled. */
void advice_add(const struct derive_context *context, const struct suggestion *suggestion);
/* advice_socket.c: a socket unit for a service that needs no more privilege than a low port's. */
void advice_socket_add(const struct derive_context *context, const struct suggestion *suggestion);
/* advice_directory.c: names on the command line that begin where training ran. */
void advice_directory_add(const struct derive_context *context);
/* advice_session.c: users whose sessions it starts. */
void advice_session_add(const struct derive_context *context, const struct suggestion *suggestion);
/* advice_user.c: a user and one capability in the place of root, a dynamic user in the place of a
 * static one, a start without a second process. */
void advice_capability_add(const struct derive_context *context,
                           const struct suggestion *suggestion);
void advice_dynamic_add(const struct derive_context *context, const struct suggestion *suggestion);
void advice_type_add(const struct derive_context *context);

/* advice.c: the place of a used path that a setting gives to the user, as "StateDirectory=web";
 * NULL when there is none. The caller frees it. */
char *advice_managed_place(const struct profile *profile, const char *path);
/* What was written: by setting where there is one, else by directory. */
void advice_find_written(const struct profile *profile, struct strings *ret_managed,
                         struct strings *ret_other);
/* Sorts the names and joins the first of them by commas. The caller frees it. */
char *advice_join(struct strings *names);

#endif
