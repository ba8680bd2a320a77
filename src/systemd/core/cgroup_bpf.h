/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside systemd/: directives without effect where systemd was built without BPF_FRAMEWORK. */
#ifndef CINCH_SYSTEMD_CGROUP_BPF_H
#define CINCH_SYSTEMD_CGROUP_BPF_H

#include "systemd/core/derive.h"
#include <cinch/systemd.h>

struct derive_context;

/* NULL when the target's systemd has BPF or is taken to have it; else the reason, owned. */
char *cgroup_bpf_missing(const struct derive_context *context);
/* Notes that directives depend on BPF where the profile does not show that systemd has it;
 * `subject`: "SocketBindDeny= has". */
void cgroup_bpf_note(const struct derive_context *context, const char *directive,
                     const char *subject);

#endif
