// SPDX-License-Identifier: LGPL-2.1-or-later
/* What a setting comes to: a drop-in's line wins over the unit's, and adds to it where it is a
 * list (systemd.unit(5)). */
#include "evaluate/allows.h"
#include <string.h>
#include <strings.h>

static const struct verdict *settings_emitted(const struct allows *allows, const char *name)
{
    const struct verdict *verdict = suggestion_find(allows->suggestion, name);

    return verdict && verdict->emitted ? verdict : NULL;
}

/* A setting that the target does not know is ignored with a warning (systemd.exec(5) says since
 * when; a few only, those that came after 232 and matter here). */
static bool settings_know(const struct allows *allows, const char *name)
{
    static const struct {
        const char *name;
        int since;
    } newer[] = { { "TemporaryFileSystem", 238 },
                  { "ProtectHostname", 242 },
                  { "RestrictSUIDSGID", 242 },
                  { "ProtectKernelLogs", 244 },
                  { "ProtectClock", 245 },
                  { "ProtectProc", 247 },
                  { "ProcSubset", 247 },
                  { "NoExecPaths", 248 },
                  { "ExecPaths", 248 },
                  { "RestrictNamespaces", 233 },
                  { "BindPaths", 233 },
                  { "BindReadOnlyPaths", 233 },
                  { "MountAPIVFS", 233 },
                  { "IPAddressDeny", 235 },
                  { "IPAddressAllow", 235 },
                  { "LockPersonality", 235 },
                  { "KeyringMode", 235 },
                  { "PrivateMounts", 239 },
                  { "PrivateIPC", 248 },
                  { "PrivatePIDs", 257 },
                  { "PrivateBPF", 258 },
                  { "SystemCallLog", 247 },
                  { "SocketBindDeny", 249 },
                  { "SocketBindAllow", 249 },
                  { "RestrictNetworkInterfaces", 250 },
                  { "RestrictFileSystems", 250 } };

    for (size_t i = 0; i < ELEMENTS_OF(newer); i++)
        if (strcmp(newer[i].name, name) == 0)
            return allows->suggestion->target.version >= newer[i].since;
    return true;
}

/* So is a value that it does not know. */
static bool settings_know_value(const struct allows *allows, const char *name, const char *value)
{
    static const struct {
        const char *name, *value;
        int since;
    } newer[] = { { "PrivateTmp", "disconnected", 257 },
                  { "PrivateUsers", "self", 257 },
                  { "PrivateUsers", "identity", 257 },
                  { "PrivateUsers", "full", 258 },
                  { "ProtectControlGroups", "strict", 257 },
                  { "ProtectControlGroups", "private", 257 },
                  { "ProtectHome", "tmpfs", 238 } };

    for (size_t i = 0; i < ELEMENTS_OF(newer); i++)
        if (strcmp(newer[i].name, name) == 0 && strcmp(newer[i].value, value) == 0)
            return allows->suggestion->target.version >= newer[i].since;
    return true;
}

const char *allows_get(const struct allows *allows, const char *name)
{
    const struct verdict *verdict = settings_emitted(allows, name);
    const char *value = NULL;

    if (verdict && settings_know(allows, name) &&
        (!verdict->count || settings_know_value(allows, name, verdict->values[0].text)))
        return verdict->count ? verdict->values[0].text : "";
    if (allows->unit && settings_know(allows, name))
        value = unit_get(allows->unit, name);
    return value ? value : "";
}

bool allows_is_on(const struct allows *allows, const char *name)
{
    static const char *const off[] = { "", "0", "no", "n", "false", "f", "off" };
    const char *value = allows_get(allows, name);

    for (size_t i = 0; i < ELEMENTS_OF(off); i++)
        if (strcasecmp(value, off[i]) == 0)
            return false;
    return true;
}

static struct allows_item *items_add(struct allows_items *items)
{
    mem_reserve(&items->items, &items->capacity, items->count + 1, sizeof(*items->items));
    items->items[items->count] = (struct allows_item){ 0 };
    return &items->items[items->count++];
}

/* Replaces what systemd.unit(5) says a specifier is, as far as the unit's name tells; false when it
 * does not. */
static bool word_expand(const char *unit, const char *word, struct str *ret)
{
    CLEANUP(free_char) char *whole = mem_strdup(unit ? unit : "");
    char *dot = strrchr(whole, '.');

    str_add(ret, "");
    if (dot)
        *dot = '\0';
    const char *instance = strchr(whole, '@');
    bool template = instance && !instance[1];
    for (; *word; word++) {
        size_t prefix = strcspn(whole, "@");
        if (*word != '%') {
            str_add_char(ret, *word);
            continue;
        }
        word++;
        if (*word == '%')
            str_add_char(ret, '%');
        else if (!*whole || (template && *word != 'p'))
            return false;
        else if (*word == 'p')
            str_add_bytes(ret, whole, prefix);
        else if (*word == 'N')
            str_add(ret, whole);
        else if (*word == 'n')
            str_add(ret, unit);
        else if (*word == 'i')
            str_add(ret, instance ? instance + 1 : "");
        else
            return false;
    }
    return true;
}

/* A word of the unit: "[-]TEXT[:DESTINATION][:OPTIONS]". One whose specifiers are not known here is
 * left out. */
static void items_add_word(const char *unit, struct allows_items *items, const char *written)
{
    CLEANUP(str_done) struct str expanded = { 0 };

    if (!word_expand(unit, written, &expanded))
        return;
    const char *word = expanded.data;
    bool optional = word[0] == '-';
    const char *text = word + optional + (word[optional] == '+');
    const char *colon = text[0] == '/' ? strchr(text, ':') : NULL;
    struct allows_item *item = items_add(items);

    item->optional = optional;
    item->in_root = word[optional] == '+';
    item->text = colon ? mem_strndup(text, (size_t)(colon - text)) : mem_strdup(text);
    if (!colon)
        return;
    const char *next = colon[1] == '/' ? strchr(colon + 1, ':') : NULL;
    if (colon[1] == '/')
        item->destination =
            next ? mem_strndup(colon + 1, (size_t)(next - colon - 1)) : mem_strdup(colon + 1);
    else
        next = colon;
    item->options = next ? mem_strdup(next + 1) : NULL;
}

/* Whether an empty assignment drops what came before `position` lines of the suggestion. Both kinds
 * of binds are one list to systemd: resetting either empties both. */
static bool settings_reset(const struct allows *allows, const char *name, size_t after)
{
    static const char *const binds[] = { "BindPaths", "BindReadOnlyPaths", NULL };
    const struct suggestion *suggestion = allows->suggestion;

    for (size_t i = after; i < suggestion->count; i++) {
        const struct verdict *verdict = &suggestion->verdicts[i];
        bool same = strcmp(verdict->name, name) == 0 ||
                    (allows_is_word(binds, name) && allows_is_word(binds, verdict->name));
        if (same && verdict->emitted && verdict->reset)
            return true;
    }
    return false;
}

void allows_list(const struct allows *allows, const char *name, struct allows_items *ret)
{
    const struct verdict *verdict = settings_emitted(allows, name);
    CLEANUP(strings_done) struct strings words = { 0 };

    if (!settings_know(allows, name))
        return;
    if (verdict &&
        settings_reset(allows, name, (size_t)(verdict - allows->suggestion->verdicts) + 1))
        verdict = NULL;
    if (allows->unit && !settings_reset(allows, name, 0))
        unit_list(allows->unit, name, &words);
    for (size_t i = 0; i < words.count; i++)
        items_add_word(allows->unit->name, ret, words.items[i]);
    for (size_t i = 0; verdict && i < verdict->count; i++) {
        const struct value *value = &verdict->values[i];
        *items_add(ret) = (struct allows_item){ .text = mem_strdup(value->text),
                                                .destination = mem_strdup(value->destination),
                                                .options = mem_strdup(value->options),
                                                .optional = value->optional,
                                                .in_root = value->in_root };
    }
}

void allows_items_done(struct allows_items *items)
{
    for (size_t i = 0; i < items->count; i++) {
        free(items->items[i].text);
        free(items->items[i].destination);
        free(items->items[i].options);
    }
    free(items->items);
    *items = (struct allows_items){ 0 };
}

bool allows_items_have(const struct allows_items *items, const char *text)
{
    for (size_t i = 0; i < items->count; i++)
        if (strcmp(items->items[i].text, text) == 0)
            return true;
    return false;
}

bool allows_is_unprivileged(const struct allows *allows)
{
    const char *user = allows_get(allows, "User");
    size_t count;
    const struct run *const *runs = profile_runs(allows->profile, &count);

    if (allows->suggestion->target.user_manager || allows_is_on(allows, "DynamicUser"))
        return true;
    if (*user)
        return strcmp(user, "root") != 0 && strcmp(user, "0") != 0;
    for (size_t i = 0; !allows->unit && i < count; i++)
        if (runs[i]->uid != 0)
            return true;
    return false;
}

bool allows_is_word(const char *const *words, const char *word)
{
    for (; *words; words++)
        if (strcmp(*words, word) == 0)
            return true;
    return false;
}

bool allows_is_by_call(const struct fact *fact, const char *const *calls)
{
    for (size_t i = 0; i < fact->evidence.count; i++)
        if (!allows_is_word(calls, fact->evidence.seen[i].call))
            return false;
    return fact->evidence.count > 0;
}
