/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside systemd/: the derive functions of this folder. */
#ifndef CINCH_SYSTEMD_ROWS_H
#define CINCH_SYSTEMD_ROWS_H

#include "systemd/core/derive.h"
#include "systemd/core/directive.h"

void derive_device_allow(const struct derive_context *context, const struct directive *directive,
                         struct verdict *ret);
void derive_device_policy(const struct derive_context *context, const struct directive *directive,
                          struct verdict *ret);
void derive_private_ipc(const struct derive_context *context, const struct directive *directive,
                        struct verdict *ret);
void derive_private_pids(const struct derive_context *context, const struct directive *directive,
                         struct verdict *ret);
void derive_private_users(const struct derive_context *context, const struct directive *directive,
                          struct verdict *ret);
void derive_memory(const struct derive_context *context, const struct directive *directive,
                   struct verdict *ret);
void derive_umask(const struct derive_context *context, const struct directive *directive,
                  struct verdict *ret);
void derive_remove_ipc(const struct derive_context *context, const struct directive *directive,
                       struct verdict *ret);
void derive_bounding_set(const struct derive_context *context, const struct directive *directive,
                         struct verdict *ret);
void derive_ambient(const struct derive_context *context, const struct directive *directive,
                    struct verdict *ret);
void derive_namespaces(const struct derive_context *context, const struct directive *directive,
                       struct verdict *ret);
void derive_protect_system(const struct derive_context *context, const struct directive *directive,
                           struct verdict *ret);
void derive_protect_home(const struct derive_context *context, const struct directive *directive,
                         struct verdict *ret);
void derive_private_bpf(const struct derive_context *context, const struct directive *directive,
                        struct verdict *ret);
void derive_protect_kernel(const struct derive_context *context, const struct directive *directive,
                           struct verdict *ret);
void derive_proc(const struct derive_context *context, const struct directive *directive,
                 struct verdict *ret);
void derive_filesystem_types(const struct derive_context *context,
                             const struct directive *directive, struct verdict *ret);
void derive_private_tmp(const struct derive_context *context, const struct directive *directive,
                        struct verdict *ret);
void derive_private_devices(const struct derive_context *context, const struct directive *directive,
                            struct verdict *ret);

#endif
