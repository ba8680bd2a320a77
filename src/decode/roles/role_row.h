/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside decode/: what a row of the role table says of a call as a whole. */
#ifndef CINCH_DECODE_ROLE_ROW_H
#define CINCH_DECODE_ROLE_ROW_H

#include "decode/roles/roles.h"
#include "decode/task/decoder.h"

/* Whether the arguments of a row stand in memory on that architecture. */
bool role_row_has_memory_args(const struct role_row *row, uint32_t arch);
/* The role of the first argument: what the call is as a whole. */
enum role role_row_of(const struct call *call);

#endif
