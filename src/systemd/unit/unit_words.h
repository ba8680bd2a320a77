/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside systemd/: the settings of a key, and the words of a value. */
#ifndef CINCH_SYSTEMD_UNIT_WORDS_H
#define CINCH_SYSTEMD_UNIT_WORDS_H

#include <cinch/systemd.h>

/* Whether the character separates words. */
bool unit_is_separator(char c);
/* Reads the next word at *at without quotes and escapes: 1, 0 at the end, -1 when it is malformed
 * (systemd ignores the rest of such a line). */
int unit_word(const char **at, bool c_escapes, struct str *ret);
/* Whether the setting is in [Service] and has that key. */
bool unit_setting_is(const struct unit_setting *setting, const char *key);
/* The index of the first setting after the last empty assignment of `key`. */
size_t unit_list_start(const struct unit *unit, const char *key);

#endif
