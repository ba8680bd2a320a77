// SPDX-License-Identifier: LGPL-2.1-or-later
/* Any bytes as an EnvironmentFile=, and as a unit whose surroundings are taken: no crash, and what
 * comes of it is valid. */
#include "run/start.h"
#include <cinch/systemd.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_items(const struct strings *items)
{
    for (size_t i = 0; i < items->count; i++)
        if (!environment_is_valid(items->items[i]))
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(strings_done) struct strings items = { 0 };
    CLEANUP(unit_done) struct unit unit = { 0 };
    CLEANUP(err_done) struct err err = { 0 };
    CLEANUP(start_done) struct start start = { 0 };

    environment_parse((const char *)data, size, &items);
    check_items(&items);
    unit.name = mem_strdup("a@b.service");
    if (unit_parse(&unit, (const char *)data, size, "fuzz", &err) < 0)
        return 0;
    start.surroundings.directory = mem_strdup("/");
    (void)!start_take_unit(&unit, NULL, &start, &err);
    check_items(&start.surroundings.variables);
    if (start.surroundings.directory[0] != '/' || start.surroundings.umask > 0777)
        abort();
    return 0;
}
