// SPDX-License-Identifier: LGPL-2.1-or-later
/* SystemCallFilter= of a unit as it is written: the first line says whether it lists what is
 * allowed or what is refused, and later ones add to that or take away (systemd.exec(5)). */
#include "evaluate/allows.h"
#include <string.h>

/* Whether a word of the list is the call: its own name, or a group that has it; ":ERRNO" after it
 * says how it is refused. */
static bool word_is(const struct allows *allows, const char *written, const char *call)
{
    CLEANUP(free_char) char *word = mem_strndup(written, strcspn(written, ":"));

    return word[0] == '@' ? allows_group(allows, word, call) : strcmp(word, call) == 0;
}

static bool line_has(const struct allows *allows, const char *line, const char *call)
{
    CLEANUP(strings_done) struct strings words = { 0 };
    bool has = false;

    if (!unit_words(line, false, &words))
        return false;
    for (size_t i = 0; i < words.count && !has; i++)
        has = word_is(allows, words.items[i], call);
    return has;
}

bool allows_unit_filter(const struct allows *allows, const char *call)
{
    CLEANUP(strings_done) struct strings lines = { 0 };
    bool listed = false, lists_refused = false;

    if (allows->unit)
        unit_values(allows->unit, "SystemCallFilter", &lines);
    for (size_t i = 0; i < lines.count; i++) {
        bool refuses = lines.items[i][0] == '~';
        if (i == 0)
            lists_refused = refuses;
        if (line_has(allows, lines.items[i] + refuses, call))
            listed = refuses == lists_refused;
    }
    if (!lines.count)
        return true;
    return lists_refused ? !listed : listed || allows_is_default(allows, call);
}
