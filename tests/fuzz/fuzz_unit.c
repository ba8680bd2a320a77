// SPDX-License-Identifier: LGPL-2.1-or-later
/* Any bytes as a unit file: no crash, and every question has an answer. */
#include <cinch/systemd.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(err_done) struct err err = { 0 };
    struct unit unit = { 0 };
    struct strings words = { 0 };

    int result = unit_parse(&unit, (const char *)data, size, "fuzz\n.service", &err);
    if (result < 0 && (!err.text || unit.count || strchr(err.text, '\n')))
        abort();
    for (size_t i = 0; i < unit.count; i++) {
        const struct unit_setting *setting = &unit.settings[i];
        if (strpbrk(setting->value, "\n\r") || strpbrk(setting->key, "\n\r="))
            abort();
        unit_list(&unit, setting->key, &words);
        unit_get(&unit, setting->key);
        unit_is_on(&unit, setting->key);
    }
    strings_done(&words);
    unit_programs(&unit, &words);
    for (size_t i = 0; i < words.count; i++)
        if (words.items[i][0] != '/')
            abort();
    strings_done(&words);
    unit_done(&unit);
    return 0;
}
