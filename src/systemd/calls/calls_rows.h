/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside systemd/: the derive functions of this folder. */
#ifndef CINCH_SYSTEMD_CALLS_ROWS_H
#define CINCH_SYSTEMD_CALLS_ROWS_H

#include "systemd/core/derive.h"
#include "systemd/core/directive.h"

void derive_error_number(const struct derive_context *context, const struct directive *directive,
                         struct verdict *ret);
void derive_filter(const struct derive_context *context, const struct directive *directive,
                   struct verdict *ret);
void derive_log(const struct derive_context *context, const struct directive *directive,
                struct verdict *ret);

#endif
