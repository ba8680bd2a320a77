// SPDX-License-Identifier: LGPL-2.1-or-later
/* Queries on a parsed unit. Values are kept as written and split into words here. */
#include "systemd/unit/unit_parse.h"
#include "systemd/unit/unit_words.h"
#include <errno.h>
#include <string.h>
#include <strings.h>

static void unit_setting_done(struct unit_setting *setting)
{
    free(setting->section);
    free(setting->key);
    free(setting->value);
}

void unit_truncate(struct unit *unit, size_t count)
{
    while (unit->count > count)
        unit_setting_done(&unit->settings[--unit->count]);
}

void unit_done(struct unit *unit)
{
    unit_truncate(unit, 0);
    free(unit->settings);
    free(unit->name);
    strings_done(&unit->files);
    strings_done(&unit->notes);
    *unit = (struct unit){ 0 };
}

const char *unit_key_name(const char *key)
{
    /* Old spellings that systemd still reads into the same setting (load-fragment-gperf). */
    static const struct {
        const char *old, *now;
    } renamed[] = {
        { "ReadWriteDirectories", "ReadWritePaths" },
        { "ReadOnlyDirectories", "ReadOnlyPaths" },
        { "InaccessibleDirectories", "InaccessiblePaths" },
    };

    for (size_t i = 0; i < ELEMENTS_OF(renamed); i++)
        if (strcmp(key, renamed[i].old) == 0)
            return renamed[i].now;
    return key;
}

bool unit_setting_is(const struct unit_setting *setting, const char *key)
{
    return strcmp(setting->section, "Service") == 0 &&
           strcmp(unit_key_name(setting->key), unit_key_name(key)) == 0;
}

const char *unit_get(const struct unit *unit, const char *key)
{
    for (size_t i = unit->count; i-- > 0;)
        if (unit_setting_is(&unit->settings[i], key))
            return unit->settings[i].value;
    return NULL;
}

/* The last assignment that says something: systemd 252 keeps the earlier value of a boolean when
 * the later one is empty ("Failed to parse boolean value", ignored). */
static const char *unit_get_said(const struct unit *unit, const char *key)
{
    for (size_t i = unit->count; i-- > 0;)
        if (unit_setting_is(&unit->settings[i], key) && unit->settings[i].value[0])
            return unit->settings[i].value;
    return NULL;
}

int unit_boolean(const char *value)
{
    static const char *const words[][2] = { { "0", "1" },        { "no", "yes" }, { "n", "y" },
                                            { "false", "true" }, { "f", "t" },    { "off", "on" } };

    for (size_t i = 0; i < ELEMENTS_OF(words); i++)
        for (int on = 0; on < 2; on++)
            if (strcasecmp(value, words[i][on]) == 0)
                return on;
    return -EINVAL;
}

bool unit_is_on(const struct unit *unit, const char *key)
{
    const char *value = unit_get_said(unit, key);

    return value && unit_boolean(value) != 0;
}

/* ---- words ----------------------------------------------------------------------------------- */

/* ---- lists ----------------------------------------------------------------------------------- */

/* The number of the first setting after the last empty assignment of `key`. */
size_t unit_list_start(const struct unit *unit, const char *key)
{
    for (size_t i = unit->count; i-- > 0;)
        if (unit_setting_is(&unit->settings[i], key) && !unit->settings[i].value[0])
            return i + 1;
    return 0;
}

void unit_list(const struct unit *unit, const char *key, struct strings *ret)
{
    struct str word = { 0 };

    for (size_t i = unit_list_start(unit, key); i < unit->count; i++) {
        const char *at = unit->settings[i].value;
        if (!unit_setting_is(&unit->settings[i], key))
            continue;
        while (unit_word(&at, false, &word) > 0)
            strings_add(ret, word.data);
    }
    str_done(&word);
}

void unit_values(const struct unit *unit, const char *key, struct strings *ret)
{
    for (size_t i = unit_list_start(unit, key); i < unit->count; i++)
        if (unit_setting_is(&unit->settings[i], key))
            strings_add(ret, unit->settings[i].value);
}
