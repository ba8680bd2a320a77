/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside systemd/: what the administrator could do beyond a drop-in. */
#ifndef CINCH_SYSTEMD_ADVICE_H
#define CINCH_SYSTEMD_ADVICE_H

#include "systemd/derive.h"

/* Adds notes once all verdicts are settled. */
void advice_add(const struct derive_context *context, const struct suggestion *suggestion);
/* advice_socket.c: a socket unit for a service that needs no more privilege than a low port's. */
void advice_socket_add(const struct derive_context *context, const struct suggestion *suggestion);
/* advice_directory.c: names on the command line that begin where training ran. */
void advice_directory_add(const struct derive_context *context);
/* advice_session.c: users whose sessions it starts. */
void advice_session_add(const struct derive_context *context, const struct suggestion *suggestion);

#endif
