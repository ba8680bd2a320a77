// SPDX-License-Identifier: LGPL-2.1-or-later
/* Any bytes as a unit file, as what `systemctl cat` printed and as a name: no crash, and every
 * question has an answer. */
#include "systemd/core/limits.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The names of its drop-in directories stand below a directory of units, and end as they must. */
static void check_name(const uint8_t *data, size_t size)
{
    CLEANUP(free_char) char *name = mem_strndup((const char *)data, size < 300 ? size : 300);
    CLEANUP(free_char) char *template = unit_name_template(name);
    CLEANUP(free_char) char *instance = unit_name_instance(name);
    CLEANUP(strings_done) struct strings directories = { 0 };
    bool is_service = unit_name_is_service(name);

    unit_name_dropins(name, &directories);
    if (is_service && (!directories.count || strchr(name, '/')))
        abort();
    for (size_t i = 0; i < directories.count; i++) {
        size_t length = strlen(directories.items[i]);
        if (length < 10 || strcmp(directories.items[i] + length - 10, ".service.d") != 0 ||
            (is_service && strchr(directories.items[i], '/')))
            abort();
    }
}

static void check_cat(const uint8_t *data, size_t size)
{
    CLEANUP(err_done) struct err err = { 0 };
    CLEANUP(unit_done) struct unit unit = { 0 };
    int result = unit_parse_cat(&unit, (const char *)data, size, "fuzz", &err);

    if (unit.late > unit.count || (result < 0 && !err.text))
        abort();
    if (unit_is_cat((const char *)data, size) && !unit_name_is_service(unit.name))
        abort();
    for (size_t i = 0; i < unit.count; i++)
        if (unit.settings[i].file >= unit.files.count)
            abort();
}

/* What plain commands take are paths that lead where they say. */
static void check_plain(const struct unit *unit, const char *program)
{
    CLEANUP(strings_done) struct strings paths = { 0 }, files = { 0 };

    if (!unit_runs_plainly(unit, program, &paths, &files))
        return;
    for (size_t i = 0; i < paths.count; i++)
        if (paths.items[i][0] != '/' || strpbrk(paths.items[i], "$%") ||
            strstr(paths.items[i], "/../"))
            abort();
}

static void check_commands(const struct unit *unit)
{
    CLEANUP(strings_done) struct strings programs = { 0 };

    unit_programs(unit, &programs);
    for (size_t i = 0; i < programs.count; i++)
        check_plain(unit, programs.items[i]);
    for (size_t number = 0;; number++) {
        CLEANUP(strings_done) struct strings command = { 0 };
        if (!unit_start_command(unit, number, &command))
            break;
        if (!command.count)
            abort();
    }
    (void)unit_command_count(unit);
    (void)unit_has_gate(unit);
}

static void check_limits(const struct unit *unit)
{
    static const char *const keys[] = { "SystemCallFilter", "RestrictNamespaces",
                                        "RestrictAddressFamilies", "CapabilityBoundingSet" };

    for (size_t i = 0; i < ELEMENTS_OF(keys); i++)
        (void)limits_of(unit, keys[i], "mount", NULL);
    (void)limits_have_addresses(unit);
    (void)limits_allow_network(unit, "10.0.0.0/8");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(err_done) struct err err = { 0 };
    struct unit unit = { 0 };
    struct strings words = { 0 };

    check_name(data, size);
    check_cat(data, size);
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
    check_commands(&unit);
    check_limits(&unit);
    unit_programs(&unit, &words);
    for (size_t i = 0; i < words.count; i++)
        if (words.items[i][0] != '/')
            abort();
    strings_done(&words);
    unit_done(&unit);
    return 0;
}
