/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside trace/: who a task is; to tasks alike the same names mean the same. */
#ifndef CINCH_TRACE_TASK_IDENTITY_H
#define CINCH_TRACE_TASK_IDENTITY_H

#include <cinch/base.h>
#include <sys/types.h>

/* Set in a task's key: the call it is in was told at its begin. */
#define KEY_BLIND (1u << 31)

/* What tells who a task is: appended to `text`. 0 or -errno. */
int task_identity_describe(pid_t tid, struct str *text);
/* Who a task of that identity is when it runs a program, as of counter_group(). 0: nobody, whose
 * calls are never known. */
unsigned task_identity_key(unsigned identity, unsigned group);
/* The key of a task whose call, at which it stands, was told: it is neither looked at nor counted
 * when it ends. */
unsigned task_identity_key_once_blind(unsigned key);
bool task_identity_key_is_blind(unsigned key);

#endif
