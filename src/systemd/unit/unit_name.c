// SPDX-License-Identifier: LGPL-2.1-or-later
/* Names of units and of the directories of their drop-ins (systemd.unit(5); the order in which
 * directories are looked through is that of unit_file_find_dirs() in systemd 252 to 257). */
#include <cinch/systemd.h>
#include <string.h>

#define SUFFIX ".service"
/* UNIT_NAME_MAX */
#define NAME_MOST 255

/* The length of a service's name without its suffix, 0 when it has another or none. */
static size_t stem_length(const char *name)
{
    size_t length = strlen(name), suffix = strlen(SUFFIX);

    return length > suffix && strcmp(name + length - suffix, SUFFIX) == 0 ? length - suffix : 0;
}

bool unit_name_is_service(const char *name)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                ":-_.\\@";

    return strlen(name) <= NAME_MOST && stem_length(name) > 0 && name[0] != '@' && name[0] != '.' &&
           strspn(name, plain) == strlen(name);
}

/* The types of systemd.unit(5). Any other end belongs to the name: "org.example" is a service. */
static bool has_other_type(const char *name)
{
    static const char *const others[] = { ".socket", ".target", ".timer", ".path",   ".mount",
                                          ".slice",  ".scope",  ".swap",  ".device", ".automount" };
    const char *dot = strrchr(name, '.');

    for (size_t i = 0; dot && i < ELEMENTS_OF(others); i++)
        if (strcmp(dot, others[i]) == 0)
            return true;
    return false;
}

char *unit_name_complete(const char *given)
{
    CLEANUP(free_char) char *with = mem_printf("%s" SUFFIX, given);

    if (unit_name_is_service(given))
        return mem_strdup(given);
    return !has_other_type(given) && unit_name_is_service(with) ? mem_strdup(with) : NULL;
}

char *unit_name_instance(const char *name)
{
    size_t length = stem_length(name);
    const char *at = memchr(name, '@', length);

    return at ? mem_strndup(at + 1, length - (size_t)(at + 1 - name)) : NULL;
}

char *unit_name_fill(const char *name, const char *instance)
{
    size_t prefix = strcspn(name, "@");

    return mem_printf("%.*s@%s%s", (int)prefix, name, instance, SUFFIX);
}

char *unit_name_template(const char *name)
{
    CLEANUP(free_char) char *instance = unit_name_instance(name);

    return instance && instance[0] ? unit_name_fill(name, "") : NULL;
}

/* "a-b-c" -> "a-b-" -> "a-": false at the end. A dash at the end is passed over once. */
static bool chop_prefix(char *prefix)
{
    for (int chops = 0;; chops++) {
        char *dash = strrchr(prefix, '-');
        if (!dash || dash == prefix)
            return false;
        if (dash[1] || chops) {
            dash[1] = '\0';
            return true;
        }
        *dash = '\0';
    }
}

static void add_directory(struct strings *ret, const char *prefix, const char *instance)
{
    CLEANUP(free_char)
    char *directory = instance ? mem_printf("%s@%s%s.d", prefix, instance, SUFFIX)
                               : mem_printf("%s%s.d", prefix, SUFFIX);

    if (!strings_has(ret, directory))
        strings_add(ret, directory);
}

/* A template's shorter prefixes have no instance any more. */
static void add_prefixes(struct strings *ret, char *prefix)
{
    while (chop_prefix(prefix))
        add_directory(ret, prefix, NULL);
}

void unit_name_dropins(const char *name, struct strings *ret)
{
    CLEANUP(free_char) char *instance = unit_name_instance(name);
    size_t stem = stem_length(name);
    CLEANUP(free_char) char *prefix = mem_strndup(name, instance ? strcspn(name, "@") : stem);

    if (!stem)
        return;
    if (!instance || !instance[0]) {
        add_directory(ret, prefix, instance);
        add_prefixes(ret, prefix);
        return;
    }
    do {
        CLEANUP(free_char) char *template = mem_strdup(prefix);
        add_directory(ret, prefix, instance);
        add_directory(ret, template, "");
        add_prefixes(ret, template);
    } while (chop_prefix(prefix));
}
