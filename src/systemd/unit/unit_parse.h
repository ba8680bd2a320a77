/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Between unit_parse.c and unit.c. */
#ifndef CINCH_SYSTEMD_UNIT_PARSE_H
#define CINCH_SYSTEMD_UNIT_PARSE_H

#include <cinch/systemd.h>

/* Removes all settings from index `count` on. */
void unit_truncate(struct unit *unit, size_t count);

#endif
