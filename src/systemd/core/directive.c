// SPDX-License-Identifier: LGPL-2.1-or-later
/* Looking up a row of the directive table. */
#include "systemd/core/directive.h"
#include <string.h>

const struct directive *directive_find(const struct directive *table, const char *name)
{
    for (; table->name; table++)
        if (strcmp(table->name, name) == 0)
            return table;
    return NULL;
}
