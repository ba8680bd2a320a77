// SPDX-License-Identifier: LGPL-2.1-or-later
/* Specifiers (systemd.unit(5)), those of a unit's name and those that are the same for all units.
 */
#include <cinch/systemd.h>
#include <string.h>

/* Of the name, and of an instance: not of a template. */
static char *of_name(const char *unit, char specifier)
{
    const char *dot = strrchr(unit, '.');
    size_t length = dot ? (size_t)(dot - unit) : strlen(unit);
    const char *at = memchr(unit, '@', length);
    bool is_template = at && at + 1 == unit + length;

    if (!unit[0] || (is_template && specifier != 'p'))
        return NULL;
    switch (specifier) {
    case 'n':
        return mem_strdup(unit);
    case 'N':
        return mem_strndup(unit, length);
    case 'p':
        return mem_strndup(unit, at ? (size_t)(at - unit) : length);
    case 'i':
        return at ? mem_strndup(at + 1, length - (size_t)(at + 1 - unit)) : mem_strdup("");
    default:
        return NULL;
    }
}

/* Their values for the system manager, where services run as root by default. */
static const char *of_system(char specifier)
{
    static const struct {
        char specifier;
        const char *value;
    } rows[] = {
        { 't', "/run" }, { 'S', "/var/lib" }, { 'C', "/var/cache" }, { 'L', "/var/log" },
        { 'E', "/etc" }, { 'T', "/tmp" },     { 'V', "/var/tmp" },   { 'h', "/root" },
        { 'u', "root" }, { 'U', "0" },        { 'g', "root" },       { 'G', "0" },
    };

    for (size_t i = 0; i < ELEMENTS_OF(rows); i++)
        if (rows[i].specifier == specifier)
            return rows[i].value;
    return NULL;
}

static char *specifier_value(const struct unit *unit, char specifier, bool at_start)
{
    char *value = of_name(unit->name ? unit->name : "", specifier);

    if (specifier == '%')
        return mem_strdup("%");
    return value || !at_start || unit->is_user ? value : mem_strdup(of_system(specifier));
}

char *unit_expand(const struct unit *unit, const char *text, bool at_start)
{
    CLEANUP(str_done) struct str expanded = { 0 };

    str_add(&expanded, "");
    for (const char *at = text; *at; at++) {
        CLEANUP(free_char) char *value = *at == '%' ? specifier_value(unit, at[1], at_start) : NULL;
        if (*at == '%' && !value)
            return NULL;
        if (value)
            str_add(&expanded, value);
        else
            str_add_char(&expanded, *at);
        at += value != NULL;
    }
    return str_steal(&expanded);
}
