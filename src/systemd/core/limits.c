// SPDX-License-Identifier: LGPL-2.1-or-later
#include "systemd/core/limits.h"
#include "systemd/core/derive.h"
#include "systemd/core/directive.h"
#include "systemd/core/verdict.h"
#include <cinch/model/network.h>
#include <errno.h>
#include <string.h>

/* ---- lists of words -------------------------------------------------------------------------- */

/* One of the unit's words against the one that is asked about. */
static enum limit word_matches(const char *item, const char *word, const struct groups *groups)
{
    CLEANUP(free_char) char *name = mem_strndup(item, strcspn(item, ":"));

    if (name[0] == '@') {
        const struct group *group = groups ? groups_find(groups, name) : NULL;
        return !group ? LIMIT_UNKNOWN : groups_has(group, word) ? LIMIT_FORBIDDEN : LIMIT_NONE;
    }
    return strcmp(name, word) == 0 ? LIMIT_FORBIDDEN : LIMIT_NONE;
}

/* Whether one assignment names the word: LIMIT_FORBIDDEN stands for yes. */
static enum limit line_names(const char *text, const char *word, const struct groups *groups)
{
    enum limit result = LIMIT_NONE;

    for (text += strspn(text, " \t"); *text; text += strspn(text, " \t")) {
        size_t length = strcspn(text, " \t");
        CLEANUP(free_char) char *item = mem_strndup(text, length);
        enum limit one = word_matches(item, word, groups);
        if (one == LIMIT_FORBIDDEN)
            return one;
        result = one == LIMIT_UNKNOWN ? one : result;
        text += length;
    }
    return result;
}

/* The first assignment says which kind of list it is; each later one adds to it, or where it is of
 * the other kind takes from it (systemd.exec(5), config_parse_syscall_filter() of 252). */
struct list_state {
    bool begun, is_allowed_list;
    enum limit named; /* LIMIT_FORBIDDEN: the word is in the list */
};

static void list_take(struct list_state *state, const char *value, const char *word,
                      const struct groups *groups)
{
    bool inverted = value[0] == '~';
    enum limit named = line_names(value + inverted, word, groups);

    if (!value[0]) {
        *state = (struct list_state){ 0 };
        return;
    }
    if (!state->begun)
        *state = (struct list_state){ .begun = true, .is_allowed_list = !inverted };
    bool adds = state->is_allowed_list != inverted;
    if (named == LIMIT_FORBIDDEN)
        state->named = adds ? LIMIT_FORBIDDEN : LIMIT_NONE;
    else if (named == LIMIT_UNKNOWN && state->named == (adds ? LIMIT_NONE : LIMIT_FORBIDDEN))
        state->named = LIMIT_UNKNOWN;
}

/* A value that means a whole list: RestrictNamespaces= takes a boolean, and "none" is an empty
 * list. */
static bool is_whole_list(const char *key, const char *value, enum limit *ret)
{
    int boolean = strcmp(key, "RestrictNamespaces") == 0 ? unit_boolean(value) : -1;

    if (boolean < 0)
        return false;
    *ret = boolean ? LIMIT_FORBIDDEN : LIMIT_NONE;
    return true;
}

enum limit limits_of(const struct unit *unit, const char *key, const char *word,
                     const struct groups *groups)
{
    struct list_state state = { 0 };
    enum limit whole = LIMIT_NONE;

    for (size_t i = 0; unit && i < unit->count; i++) {
        const struct unit_setting *setting = &unit->settings[i];
        if (strcmp(setting->section, "Service") != 0 ||
            strcmp(unit_key_name(setting->key), key) != 0)
            continue;
        if (is_whole_list(key, setting->value, &whole)) {
            state = (struct list_state){ 0 };
            continue;
        }
        list_take(&state, setting->value, word, groups);
        whole = LIMIT_NONE;
    }
    if (!state.begun)
        return whole;
    if (state.named == LIMIT_UNKNOWN)
        return LIMIT_UNKNOWN;
    return (state.named == LIMIT_FORBIDDEN) == state.is_allowed_list ? LIMIT_NONE : LIMIT_FORBIDDEN;
}

/* ---- addresses ------------------------------------------------------------------------------- */

bool limits_have_addresses(const struct unit *unit)
{
    CLEANUP(strings_done) struct strings words = { 0 };

    if (unit)
        unit_list(unit, "IPAddressDeny", &words);
    return words.count > 0;
}

/* The networks that a word of such a list means; NULL after the last (systemd.resource-control(5)).
 */
static const char *address_prefix(const char *word, size_t at)
{
    static const struct {
        const char *word, *prefixes[2];
    } symbols[] = { { "any", { "0.0.0.0/0", "::/0" } },
                    { "localhost", { "127.0.0.0/8", "::1/128" } },
                    { "link-local", { "169.254.0.0/16", "fe80::/64" } },
                    { "multicast", { "224.0.0.0/4", "ff00::/8" } } };

    for (size_t i = 0; i < ELEMENTS_OF(symbols); i++)
        if (strcmp(symbols[i].word, word) == 0)
            return at < 2 ? symbols[i].prefixes[at] : NULL;
    return at == 0 ? word : NULL;
}

/* Whether a list holds all of a network, or with `any` some of it. */
static bool list_holds(const struct unit *unit, const char *key, const char *prefix, bool any)
{
    CLEANUP(strings_done) struct strings words = { 0 };
    struct network wanted, has;
    const char *one;

    unit_list(unit, key, &words);
    if (!network_parse(prefix, &wanted))
        return any;
    for (size_t i = 0; i < words.count; i++)
        for (size_t at = 0; (one = address_prefix(words.items[i], at)); at++)
            if (network_parse(one, &has) &&
                (network_holds(&has, &wanted) || (any && network_holds(&wanted, &has))))
                return true;
    return false;
}

bool limits_allow_network(const struct unit *unit, const char *network)
{
    const char *prefix;

    for (size_t at = 0; unit && (prefix = address_prefix(network, at)); at++)
        if (!list_holds(unit, "IPAddressAllow", prefix, false) &&
            list_holds(unit, "IPAddressDeny", prefix, true))
            return false;
    return true;
}

/* ---- all verdicts ---------------------------------------------------------------------------- */

void limits_note(const struct derive_context *context, const char *directive, const char *word,
                 const struct fact *fact)
{
    CLEANUP(free_char) char *seen = fact_describe(fact);

    derive_note(context, SEVERITY_NOTE, TOPIC_DIRECTIVE, directive,
                mem_printf("the unit's %s= forbids %s, but the service used it in training, so "
                           "this output allows it: %s",
                           directive, word, seen));
}

/* What failed as the unit makes it fail is no sign that the service needs it. */
static bool is_shown(const struct value *value, int refusal)
{
    return value->witness && !value->guess && value->witness->outcome != refusal;
}

/* The lists whose words are what they allow. SystemCallFilter= is made with its limits. */
static const struct {
    const char *name;
    int refusal; /* how the kernel refuses what is not in it */
} word_lists[] = { { "RestrictAddressFamilies", EAFNOSUPPORT },
                   { "RestrictNamespaces", EPERM },
                   { "RestrictFileSystems", EPERM },
                   { "SystemCallArchitectures", EPERM } };

static void limit_words(const struct derive_context *context, const char *name, int refusal,
                        struct verdict *verdict)
{
    bool removed = false;

    for (size_t i = 0; i < verdict->count;) {
        struct value *value = &verdict->values[i];
        enum limit limit = limits_of(context->options->unit, name, value->text, NULL);
        if (limit != LIMIT_NONE && strcmp(value->text, "yes") != 0 &&
            strcmp(value->text, "none") != 0 && !is_shown(value, refusal)) {
            verdict_remove(verdict, i);
            removed = true;
            continue;
        }
        if (limit == LIMIT_FORBIDDEN && is_shown(value, refusal))
            limits_note(context, name, value->text, value->witness);
        i++;
    }
    if (removed && !verdict->count)
        verdict_refuse(verdict,
                       mem_strdup("the unit's own list is kept: training used nothing beyond it"),
                       NULL);
}

/* Rows without candidates, their values from the strictest on (systemd.exec(5)). */
static const struct {
    const char *name, *values[5];
} orders[] = { { "ProtectProc", { "ptraceable", "invisible", "noaccess", "default" } },
               { "ProcSubset", { "pid", "all" } } };

/* The number of a value among a row's, the strictest first; -1 when it is none of them. */
static int rank_of(const struct directive *row, const char *value)
{
    for (size_t i = 0; i < ELEMENTS_OF(orders); i++)
        for (int k = 0; strcmp(orders[i].name, row->name) == 0 && orders[i].values[k]; k++)
            if (strcmp(orders[i].values[k], value) == 0)
                return k;
    for (int i = 0; row->candidates && row->candidates[i].value; i++)
        if (strcmp(row->candidates[i].value, value) == 0)
            return i;
    return -1;
}

/* Whether the unit itself allows what was written, with its own stricter value. */
static bool unit_has_room(const struct unit *unit, const struct fact *fact)
{
    CLEANUP(strings_done) struct strings words = { 0 };

    unit_list(unit, "ReadWritePaths", &words);
    unit_list(unit, "BindPaths", &words);
    for (size_t i = 0; fact->kind == FACT_PATH && i < words.count; i++) {
        const char *path = words.items[i] + strspn(words.items[i], "-+");
        if (path[0] == '/' && path_is_within(fact->path.path, path))
            return true;
    }
    return false;
}

static void limit_value(const struct derive_context *context, struct verdict *verdict)
{
    const struct unit *unit = context->options->unit;
    const struct directive *row = directive_find(context->directives, verdict->name);
    const char *own = unit ? unit_get(unit, verdict->name) : NULL;
    int theirs = own && unit_is_on(unit, verdict->name)
                     ? rank_of(row, unit_boolean(own) == 1 ? "yes" : own)
                     : -1;
    int ours = verdict->count == 1 ? rank_of(row, verdict->values[0].text) : -1;

    if (theirs < 0 || ours <= theirs)
        return;
    if (verdict->witness && verdict->witness->kind != FACT_BLIND_SPOT &&
        !unit_has_room(unit, verdict->witness)) {
        CLEANUP(free_char) char *seen = fact_describe(verdict->witness);
        derive_note(context, SEVERITY_NOTE, TOPIC_DIRECTIVE, verdict->name,
                    mem_printf("the unit's %s=%s blocks what the service did in training, so this "
                               "output weakens it to %s: %s",
                               verdict->name, own, verdict->values[0].text, seen));
        return;
    }
    verdict_refuse(verdict, mem_strdup("the unit's value is stricter and is kept"), NULL);
}

void limits_apply(const struct derive_context *context, struct suggestion *suggestion)
{
    if (!context->options->unit)
        return;
    for (size_t i = 0; i < suggestion->count; i++) {
        struct verdict *verdict = &suggestion->verdicts[i];
        for (size_t k = 0; k < ELEMENTS_OF(word_lists); k++)
            if (verdict->emitted && strcmp(verdict->name, word_lists[k].name) == 0)
                limit_words(context, word_lists[k].name, word_lists[k].refusal, verdict);
        if (verdict->emitted)
            limit_value(context, verdict);
    }
}
