// SPDX-License-Identifier: LGPL-2.1-or-later
/* CapabilityBoundingSet= and AmbientCapabilities=: an allow-list of the capabilities the service
 * used, by rules and by the kernel's checks. Where they are unknown, nothing is set; cinch never
 * writes a deny-list of a few. */
#include "systemd/core/capability_table.h"
#include "systemd/core/derive.h"
#include "systemd/core/directive.h"
#include "systemd/core/identity.h"
#include "systemd/core/touched.h"
#include "systemd/core/verdict.h"
#include "systemd/rows/rows.h"
#include <limits.h>
#include <linux/capability.h>
#include <string.h>
#include <strings.h>

/* What a program that training did not run may need is not known, but of those that only send
 * signals. */
static bool sends_signals(const char *program)
{
    return str_has_word("kill pkill killall start-stop-daemon", path_name(program));
}

/* systemd.service(5): "!" keeps a command from running as the unit's user. */
static bool unit_has_root_command(const struct unit *unit)
{
    for (size_t i = 0; i < unit->count; i++) {
        const struct unit_setting *setting = &unit->settings[i];
        if (!str_starts_with(setting->key, "Exec"))
            continue;
        size_t prefixes = strspn(setting->value, "-@:+!|");
        if (memchr(setting->value, '!', prefixes))
            return true;
    }
    return false;
}

static bool unit_is_root(const struct unit *unit)
{
    return identity_unit_is_root(unit) || unit_has_root_command(unit);
}

/* Root that may not override permissions is another one than the user that training ran as. */
static bool refuse_identity(const struct derive_context *context, struct verdict *ret)
{
    const struct unit *unit = context->options->unit;
    size_t count;
    const struct run *const *runs = profile_runs(context->profile, &count);

    for (size_t i = 0; unit && unit_is_root(unit) && i < count; i++) {
        if (runs[i]->uid == 0)
            continue;
        verdict_refuse(
            ret,
            identity_unit_is_root(unit)
                ? mem_printf("the unit runs as root, but training ran as user %u, which needs "
                             "other permissions; train as root",
                             runs[i]->uid)
                : mem_printf("the unit runs a command as root (prefix \"!\"), but training ran as "
                             "user %u, so the capabilities of that command are unknown",
                             runs[i]->uid),
            NULL);
        return true;
    }
    return false;
}

static bool refuse_unwatched(const struct derive_context *context, struct verdict *ret)
{
    const struct run *run = capability_unwatched(context->profile, CAPABILITIES_BY_TASK);

    if (!run)
        return false;
    CLEANUP(free_char) char *id = text_encode_string(run->id);
    verdict_refuse(ret, mem_printf("run %s did not record capability use; train again", id), NULL);
    return true;
}

/* The kernel flags a task only at the first capability it uses; once that one is known, others
 * remain unknown. */
static bool refuse_untold(const struct derive_context *context, struct verdict *ret)
{
    const struct fact *fact = capability_needed(context->profile, NULL);

    if (!fact || !capability_unwatched(context->profile, CAPABILITIES_BY_GRANT))
        return false;
    CLEANUP(free_char) char *seen = fact_describe(fact);
    verdict_refuse(
        ret,
        mem_printf("the training kernel did not report which capabilities it granted (this needs "
                   "root and about Linux 6.14). Others besides this one may be in use: %s",
                   seen),
        fact);
    return true;
}

/* As the unit's user they have no capability to lose. */
static bool refuse_unseen_programs(const struct derive_context *context, struct verdict *ret)
{
    CLEANUP(strings_done) struct strings unseen = { 0 };

    if (!context->options->unit || !unit_is_root(context->options->unit))
        return false;
    touched_unseen_programs(context, &unseen);
    for (size_t i = 0; i < unseen.count; i++) {
        if (sends_signals(unseen.items[i]) || touched_plain_program(context, unseen.items[i]))
            continue;
        CLEANUP(free_char) char *program = text_encode_string(unseen.items[i]);
        verdict_refuse(ret,
                       mem_printf("the unit runs %s as root, which training did not run; the "
                                  "capabilities it needs are unknown",
                                  program),
                       NULL);
        return true;
    }
    return false;
}

static bool refuse_names(const struct derive_context *context, struct verdict *ret)
{
    for (int number = 0; capability_name(number); number++) {
        const char *name = capability_name(number);
        const struct fact *fact = capability_needed(context->profile, name);
        if (!fact || capability_since(name) <= context->options->target.version)
            continue;
        verdict_refuse(
            ret, mem_printf("the service uses %s, which the target's systemd cannot name", name),
            fact);
        return true;
    }
    return false;
}

/* A signal to a service that became another user. */
static const char *unseen_kill_reason(const struct derive_context *context)
{
    CLEANUP(strings_done) struct strings unseen = { 0 };

    if (!context->options->unit || !capability_needed(context->profile, "CAP_SETUID"))
        return NULL;
    touched_unseen_programs(context, &unseen);
    for (size_t i = 0; i < unseen.count; i++)
        if (sends_signals(unseen.items[i]))
            return "an untrained command of the unit signals the service's processes, which run as "
                   "another user";
    return NULL;
}

/* The plain command of the unit's, run as root, that may need the capability: on files of another
 * user. NULL: none. */
static const char *plain_needs(const struct derive_context *context, const struct strings *unseen,
                               const char *capability)
{
    if (!context->options->unit || !unit_is_root(context->options->unit))
        return NULL;
    for (size_t i = 0; i < unseen->count; i++) {
        const struct unit_plain *row = touched_plain_program(context, unseen->items[i]);
        if (row && str_has_word(row->capabilities, capability))
            return row->name;
    }
    return NULL;
}

static void add_capabilities(const struct derive_context *context, struct verdict *ret)
{
    CLEANUP(strings_done) struct strings unseen = { 0 };
    const char *kill = unseen_kill_reason(context);

    touched_unseen_programs(context, &unseen);

    for (int number = 0; capability_name(number); number++) {
        const char *name = capability_name(number), *plain;
        const struct fact *fact = capability_needed(context->profile, name);
        if (fact)
            verdict_add(ret, name, fact_describe(fact), fact);
        else if (kill && number == CAP_KILL)
            verdict_add(ret, name, mem_strdup(kill), NULL);
        else if ((plain = plain_needs(context, &unseen, name)) != NULL)
            verdict_add(
                ret, name,
                mem_printf("the unit runs %s as root, possibly on another user's files", plain),
                NULL);
    }
}

/* The name of what a word of the unit means: systemd reads them in any case, and by number
 * (capability_from_name()). NULL: none that is known here. */
static const char *word_capability(const char *word)
{
    char *end;
    long number = strtol(word, &end, 10);

    if (*word && !*end)
        return number >= 0 && number <= INT_MAX ? capability_name((int)number) : NULL;
    for (number = 0; capability_name((int)number); number++)
        if (strcasecmp(capability_name((int)number), word) == 0)
            return capability_name((int)number);
    return NULL;
}

/* What a list of the unit has: names, or "~" and what is taken away from all (systemd.exec(5)).
 * False when a word of it is not known by name. */
static bool unit_capabilities(const struct unit *unit, const char *key, struct strings *ret)
{
    CLEANUP(strings_done) struct strings words = { 0 }, named = { 0 };
    bool known = true, inverted = false;

    if (unit)
        unit_list(unit, key, &words);
    for (size_t i = 0; i < words.count; i++) {
        bool tilde = words.items[i][0] == '~';
        const char *name = word_capability(words.items[i] + tilde);
        inverted |= tilde;
        known &= name != NULL;
        if (name)
            strings_add(&named, name);
    }
    for (int number = 0; capability_name(number); number++)
        if (strings_has(&named, capability_name(number)) != inverted)
            strings_add(ret, capability_name(number));
    return known || inverted;
}

/* The unit's list is the administrator's: it is narrowed, never widened. */
static bool refuse_widening(const struct derive_context *context, struct verdict *ret)
{
    const struct unit *unit = context->options->unit;
    CLEANUP(strings_done) struct strings allowed = { 0 };

    if (!unit || !unit_get(unit, "CapabilityBoundingSet"))
        return false;
    (void)unit_capabilities(unit, "CapabilityBoundingSet", &allowed);
    for (size_t i = 0; i < ret->count; i++) {
        const struct fact *witness = ret->values[i].witness;
        const char *name = capability_name(capability_find(ret->values[i].text));
        if (strings_has(&allowed, name))
            continue;
        verdict_refuse(
            ret, mem_printf("the unit's own list is kept: it lacks %s, which training used", name),
            witness);
        return true;
    }
    return false;
}

/* What is lent to the unit's user has to be in the set, or nothing starts (218/CAPABILITIES). */
static bool refuse_unnamed(const struct derive_context *context, struct verdict *ret)
{
    CLEANUP(strings_done) struct strings given = { 0 };

    if (unit_capabilities(context->options->unit, "AmbientCapabilities", &given))
        return false;
    verdict_refuse(ret,
                   mem_strdup("the unit's AmbientCapabilities= has an unknown name, which would "
                              "have to be in this list"),
                   NULL);
    return true;
}

static void explain(const struct derive_context *context, const struct directive *directive,
                    struct verdict *ret)
{
    bool granted = !capability_unwatched(context->profile, CAPABILITIES_BY_GRANT);
    const char *word =
        granted ? "checked by the kernel for each use" : "checked by the kernel for each task";

    ret->why = ret->count ? mem_printf("the service used only these capabilities, %s; blocks %s",
                                       word, directive->forbids)
                          : mem_printf("the service used no capability, %s; blocks %s", word,
                                       directive->forbids);
    if (ret->count)
        return;
    ret->reset = false; /* the empty list is the value */
    verdict_add(ret, "", mem_strdup(ret->why), NULL);
}

void derive_bounding_set(const struct derive_context *context, const struct directive *directive,
                         struct verdict *ret)
{
    if (refuse_unwatched(context, ret) || refuse_identity(context, ret) ||
        refuse_untold(context, ret) || refuse_unseen_programs(context, ret) ||
        refuse_names(context, ret) || refuse_unnamed(context, ret))
        return;
    add_capabilities(context, ret);
    if (!refuse_widening(context, ret))
        explain(context, directive, ret);
}

/* Only what the unit gives can be narrowed; to give more is the administrator's to decide. */
void derive_ambient(const struct derive_context *context, const struct directive *directive,
                    struct verdict *ret)
{
    CLEANUP(strings_done) struct strings given = { 0 };
    CLEANUP(verdict_done) struct verdict bounding = { 0 };
    bool known = unit_capabilities(context->options->unit, "AmbientCapabilities", &given);
    size_t kept = 0;

    derive_directive(context, directive_find(context->directives, "CapabilityBoundingSet"),
                     &bounding);
    for (size_t i = 0; i < given.count; i++)
        kept += capability_needed(context->profile, given.items[i]) != NULL;
    if (!known || kept == given.count || !bounding.emitted) {
        verdict_refuse(
            ret,
            mem_strdup(
                !known || (given.count && kept < given.count)
                    ? "it is unknown which of the unit's ambient capabilities the service needs"
                : given.count ? "the service uses all ambient capabilities of the unit"
                              : "the unit grants no ambient capability"),
            NULL);
        return;
    }
    ret->why = mem_printf("the unit grants more ambient capabilities than were used; blocks %s",
                          directive->forbids);
    for (size_t i = 0; i < given.count; i++) {
        const struct fact *fact = capability_needed(context->profile, given.items[i]);
        if (fact)
            verdict_add(ret, given.items[i], fact_describe(fact), fact);
    }
    if (ret->count)
        return;
    ret->reset = false;
    verdict_add(ret, "", mem_strdup(ret->why), NULL);
}
