/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside systemd/: the derive functions of this folder. */
#ifndef CINCH_SYSTEMD_NETWORK_ROWS_H
#define CINCH_SYSTEMD_NETWORK_ROWS_H

#include "systemd/core/derive.h"
#include "systemd/core/directive.h"

void derive_families(const struct derive_context *context, const struct directive *directive,
                     struct verdict *ret);
void derive_ip_allow(const struct derive_context *context, const struct directive *directive,
                     struct verdict *ret);
void derive_ip_deny(const struct derive_context *context, const struct directive *directive,
                    struct verdict *ret);
void derive_bind_allow(const struct derive_context *context, const struct directive *directive,
                       struct verdict *ret);
void derive_bind_deny(const struct derive_context *context, const struct directive *directive,
                      struct verdict *ret);
void derive_interfaces(const struct derive_context *context, const struct directive *directive,
                       struct verdict *ret);

#endif
