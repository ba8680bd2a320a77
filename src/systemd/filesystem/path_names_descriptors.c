// SPDX-License-Identifier: LGPL-2.1-or-later
/* Uses through a file descriptor, and the name that each belongs to. */
#include "systemd/filesystem/filesystem.h"
#include <string.h>

/* Uses that come from a call with a descriptor, which knows only where the name led. */
#define USES_OPEN       (USE(PATH_READ) | USE(PATH_EXECUTE) | USE(PATH_CREATE) | USE(PATH_CONNECT))
#define USES_DESCRIPTOR (USE(PATH_MAP_EXECUTE) | USE(PATH_LIST) | USE(PATH_WRITE))

static int names_compare_final(const void *left, const void *right)
{
    const struct used_name *a = *(const struct used_name *const *)left;
    const struct used_name *b = *(const struct used_name *const *)right;
    int order = strcmp(a->final, b->final);

    return order ? order : strcmp(a->name, b->name);
}

/* Adds uses through a descriptor to the names with which the file was opened. */
static void names_hand_over(struct used_name **same, size_t count)
{
    struct used_name *plain = NULL;
    unsigned opened = 0;

    for (size_t i = 0; i < count; i++) {
        if (strcmp(same[i]->name, same[i]->final) == 0)
            plain = same[i];
        else
            opened |= same[i]->uses & USES_OPEN;
    }
    if (!plain || !opened || plain->uses & USES_OPEN || !(plain->uses & USES_DESCRIPTOR))
        return;
    for (size_t i = 0; i < count; i++)
        if (same[i] != plain && same[i]->uses & USES_OPEN)
            same[i]->uses |= plain->uses & USES_DESCRIPTOR;
    if (!plain->named)
        plain->uses &= ~(unsigned)(USES_DESCRIPTOR | USES_STAT);
}

/* What the service made by one name and used by another must be found by the other: its directory
 * is one where names come and go, too. */
static void names_spread_made(struct used_name **same, size_t count)
{
    bool made = false;

    for (size_t i = 0; i < count; i++)
        made |= same[i]->created && !same[i]->existed;
    for (size_t i = 0; made && i < count; i++)
        if (same[i]->uses & ~USES_STAT && !same[i]->created) {
            same[i]->uses |= USE(PATH_CREATE);
            same[i]->created = true;
        }
}

void names_join_descriptors(struct used_names *names)
{
    struct used_name **sorted = mem_new(names->count, sizeof(struct used_name *));

    for (size_t i = 0; i < names->count; i++)
        sorted[i] = &names->items[i];
    if (names->count)
        qsort(sorted, names->count, sizeof(*sorted), names_compare_final);
    for (size_t from = 0, to; from < names->count; from = to) {
        for (to = from + 1;
             to < names->count && strcmp(sorted[to]->final, sorted[from]->final) == 0; to++)
            ;
        names_hand_over(sorted + from, to - from);
        names_spread_made(sorted + from, to - from);
    }
    free(sorted);
}
