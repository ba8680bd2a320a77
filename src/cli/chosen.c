// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cli/chosen.h"
#include <errno.h>
#include <string.h>

/* A directive that stays, one that it needs, and what happens without that. */
static const struct chosen_need {
    const char *stays;
    const char *needs;
    const char *otherwise;
} chosen_needs[] = {
    { "TemporaryFileSystem", "BindReadOnlyPaths",
      "the root is empty and the service cannot start" },
    { "TemporaryFileSystem", "BindPaths", "the root is empty and the service cannot write" },
    { "BindReadOnlyPaths", "TemporaryFileSystem", "it hides nothing" },
    { "BindPaths", "TemporaryFileSystem", "it hides nothing" },
    { "RootDirectory", "BindReadOnlyPaths", "the root is empty and the service cannot start" },
    { "RootDirectory", "BindPaths", "the root is empty and the service cannot write" },
    { "ProtectSystem", "ReadWritePaths", "the service cannot write there" },
    { "NoExecPaths", "ExecPaths", "the service may not be able to execute its programs" },
    { "IPAddressDeny", "IPAddressAllow", "the service has no network" },
    { "IPAddressAllow", "IPAddressDeny", "it refuses nothing" },
    { "SocketBindDeny", "SocketBindAllow", "the service cannot bind its ports" },
    { "SocketBindAllow", "SocketBindDeny", "it refuses nothing" },
    { "DevicePolicy", "DeviceAllow", "the service cannot open its devices" },
    { "SystemCallFilter", "SystemCallErrorNumber", "a refused call kills the service" },
    { "StateDirectoryMode", "StateDirectory", "it does nothing" },
    { "CacheDirectoryMode", "CacheDirectory", "it does nothing" },
    { "LogsDirectoryMode", "LogsDirectory", "it does nothing" },
    { "RuntimeDirectoryMode", "RuntimeDirectory", "it does nothing" },
    { "RuntimeDirectoryPreserve", "RuntimeDirectory", "it does nothing" },
    { "ConfigurationDirectoryMode", "ConfigurationDirectory", "it does nothing" },
};

/* Whether a list names a directive, with or without "=". */
static bool is_named(const struct strings *names, const char *directive)
{
    size_t length = strlen(directive);

    for (size_t i = 0; i < names->count; i++)
        if (strncmp(names->items[i], directive, length) == 0 &&
            (names->items[i][length] == '\0' || strcmp(names->items[i] + length, "=") == 0))
            return true;
    return false;
}

/* A directive that a person may have meant: the same but for case, or one that holds the word. */
static const char *near_name(const struct suggestion *suggestion, const char *name)
{
    for (size_t i = 0; i < suggestion->count; i++)
        if (strcasecmp(suggestion->verdicts[i].name, name) == 0)
            return suggestion->verdicts[i].name;
    for (size_t i = 0; strlen(name) > 3 && i < suggestion->count; i++)
        if (strcasestr(suggestion->verdicts[i].name, name))
            return suggestion->verdicts[i].name;
    return NULL;
}

static int check_names(const struct suggestion *suggestion, const char *option,
                       const struct strings *names, struct err *err)
{
    for (size_t i = 0; i < names->count; i++) {
        const char *name = names->items[i];
        size_t length = strlen(name);
        bool assigned = length && name[length - 1] == '=';
        CLEANUP(free_char) char *plain = mem_printf("%.*s", (int)(length - assigned), name);
        CLEANUP(free_char) char *shown = text_encode_string(name);
        if (suggestion_find(suggestion, plain))
            continue;
        const char *near = near_name(suggestion, plain);
        return err_set(err, EINVAL, "%s %s: cinch writes no such directive%s%s%s", option, shown,
                       near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
    }
    return 0;
}

static void take_out(struct verdict *verdict, const char *why)
{
    verdict->emitted = false;
    verdict->witness = NULL;
    free(verdict->why);
    verdict->why = mem_strdup(why);
}

int chosen_apply(struct suggestion *suggestion, const struct strings *without,
                 const struct strings *only, struct strings *ret_said, struct err *err)
{
    bool gone[ELEMENTS_OF(chosen_needs)] = { false };
    int result = check_names(suggestion, "--without", without, err);

    if (result == 0)
        result = check_names(suggestion, "--only", only, err);
    if (result < 0)
        return result;
    for (size_t i = 0; i < suggestion->count; i++) {
        struct verdict *verdict = &suggestion->verdicts[i];
        bool is_out = is_named(without, verdict->name);
        if (!verdict->emitted || (!is_out && (!only->count || is_named(only, verdict->name))))
            continue;
        for (size_t j = 0; j < ELEMENTS_OF(chosen_needs); j++)
            gone[j] |= verdict->count && strcmp(chosen_needs[j].needs, verdict->name) == 0;
        take_out(verdict, is_out ? "--without names it" : "--only does not name it");
    }
    for (size_t j = 0; j < ELEMENTS_OF(chosen_needs); j++) {
        const struct verdict *stays = suggestion_find(suggestion, chosen_needs[j].stays);
        if (!gone[j] || !stays || !stays->emitted || !stays->count)
            continue;
        CLEANUP(free_char)
        char *line = mem_printf("%s= is written without %s=: %s", chosen_needs[j].stays,
                                chosen_needs[j].needs, chosen_needs[j].otherwise);
        strings_add(ret_said, line);
    }
    return 0;
}
