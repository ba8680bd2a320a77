/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside systemd/: directives that do nothing where systemd was built without BPF_FRAMEWORK. */
#ifndef CINCH_SYSTEMD_CGROUP_BPF_H
#define CINCH_SYSTEMD_CGROUP_BPF_H

#include "systemd/core/derive.h"
#include <cinch/systemd.h>

struct derive_context;

/* NULL when the target's systemd has BPF, or is meant to have; else why not, owned. */
char *cgroup_bpf_missing(const struct derive_context *context);
/* Notes what directives depend on, where the profile does not know that it is there; `subject`:
 * "SocketBindDeny= does". */
void cgroup_bpf_note(const struct derive_context *context, const char *directive,
                     const char *subject);

#endif
