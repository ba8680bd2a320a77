// SPDX-License-Identifier: LGPL-2.1-or-later
/* What an allow-list of system calls must allow: the observed calls, and by filter_table.c what
 * every service needs and what the next C library or kernel would use instead. */
#include "systemd/calls/call_filter.h"
#include "systemd/core/abi.h"
#include "systemd/core/derive.h"
#include "systemd/core/touched.h"
#include "systemd/core/veto.h"
#include <errno.h>
#include <string.h>

struct filter_name *filter_find(const struct filter *filter, const char *name)
{
    struct filter_name *found;

    HASH_FIND_STR(filter->names, name, found);
    return found;
}

/* The first reason stays. `why` is taken over. */
static void filter_put(struct filter *filter, const char *name, char *why,
                       const struct fact *witness)
{
    if (filter_find(filter, name)) {
        free(why);
        return;
    }
    struct filter_name *entry = mem_new(1, sizeof(*entry));
    *entry = (struct filter_name){ .name = name, .why = why, .witness = witness };
    HASH_ADD_KEYPTR(hh, filter->names, entry->name, strlen(entry->name), entry);
}

/* ---- seen
 * -----------------------------------------------------------------------------------------------
 */

/* The facts of one (architecture, name), a run of the sorted list that differs in outcome only. */
struct calls {
    const struct fact *const *facts;
    size_t count;
};

static char *calls_describe(const struct calls *calls)
{
    struct str out = { 0 };
    const char *separator = ", also failed with ";

    for (size_t i = 0; i < calls->count; i++) {
        if (i == 0) {
            CLEANUP(free_char) char *seen = fact_describe(calls->facts[0]);
            str_addf(&out, "observed: %s", seen);
        } else if (errno_name(calls->facts[i]->outcome)) {
            str_addf(&out, "%s%s", separator, errno_name(calls->facts[i]->outcome));
            separator = ", ";
        }
    }
    return str_steal(&out);
}

static void note_unnameable(const struct filter *filter, const struct fact *fact, const char *why)
{
    CLEANUP(free_char) char *seen = fact_describe(fact);

    derive_note(filter->context, SEVERITY_NOTE, TOPIC_CALL, fact->syscall.name,
                mem_printf("SystemCallFilter= refuses %s: %s", seen, why));
}

bool filter_is_limited(const struct filter *filter, const char *name)
{
    return limits_of(filter->context->options->unit, "SystemCallFilter", name, &filter->groups) !=
           LIMIT_NONE;
}

/* The errno with which the unit's own filter refuses a call. */
static int unit_errno(const struct filter *filter)
{
    const struct unit *unit = filter->context->options->unit;
    const char *name = unit ? unit_get(unit, "SystemCallErrorNumber") : NULL;
    int number = name && name[0] ? errno_find(name) : 0;

    return number > 0 ? number : EPERM;
}

/* Whether the unit forbids a call that training did not do: it failed as the unit makes it fail. */
static bool was_refused(const struct filter *filter, const struct calls *calls)
{
    if (!filter_is_limited(filter, calls->facts[0]->syscall.name))
        return false;
    for (size_t i = 0; i < calls->count; i++)
        if (calls->facts[i]->outcome != unit_errno(filter))
            return false;
    return true;
}

static void note_limited(const struct filter *filter, const struct fact *fact)
{
    if (limits_of(filter->context->options->unit, "SystemCallFilter", fact->syscall.name,
                  &filter->groups) == LIMIT_FORBIDDEN)
        limits_note(filter->context, "SystemCallFilter", fact->syscall.name, fact);
}

static void filter_put_calls(struct filter *filter, const struct calls *calls)
{
    const struct fact *fact = calls->facts[0];

    if (!fact->syscall.name || !groups_is_call_name(fact->syscall.name))
        note_unnameable(filter, fact, "it has no name to list");
    else if (!filter_is_resolvable(fact->syscall.name, filter->libseccomp))
        note_unnameable(filter, fact, "the target's libseccomp does not know its name");
    else if (!was_refused(filter, calls)) {
        note_limited(filter, fact);
        filter_put(filter, fact->syscall.name, calls_describe(calls), fact);
    }
}

static bool is_same_call(const struct fact *a, const struct fact *b)
{
    if (strcmp(a->syscall.arch, b->syscall.arch) != 0 || !a->syscall.name != !b->syscall.name)
        return false;
    return a->syscall.name ? strcmp(a->syscall.name, b->syscall.name) == 0
                           : a->syscall.number == b->syscall.number;
}

/* The calls of the native ABI (`native`) or of the foreign ones, which go through a copy of the
 * same list. */
static void filter_put_seen(struct filter *filter, bool native)
{
    const struct profile *profile = filter->context->profile;
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_SYSCALL, &count);

    const char *arch = "";
    bool is_native = false;

    for (size_t i = 0, next; i < count; i = next) {
        for (next = i + 1; next < count && is_same_call(facts[i], facts[next]);)
            next++;
        struct calls calls = { facts + i, next - i };
        if (strcmp(facts[i]->syscall.arch, arch) != 0) /* they are sorted by it */
            is_native = abi_is_native(profile, facts[i]->syscall.arch);
        arch = facts[i]->syscall.arch;
        if (is_native == native)
            filter_put_calls(filter, &calls);
    }
}

/* ---- companions and rules
 * ------------------------------------------------------------------------------ */

bool filter_is_grantable(const struct filter *filter, const char *name)
{
    bool elsewhere =
        filter_is_elsewhere(name) ||
        (str_starts_with(name, "riscv_") && !abi_is_native(filter->context->profile, "riscv64"));

    return filter_is_resolvable(name, filter->libseccomp) && !(filter->plain_64 && elsewhere);
}

/* Adds a call by rule, unless the target lacks it or systemd adds it anyway. Takes over `why`. */
static void filter_put_unseen(struct filter *filter, const char *name, char *why)
{
    if (filter_is_grantable(filter, name) && !filter_is_limited(filter, name) &&
        !(filter->standard && groups_has(filter->standard, name)))
        filter_put(filter, name, why, NULL);
    else
        free(why);
}

/* A name put here has no witness, so that one companion does not bring the next. */
static void filter_put_companions(struct filter *filter)
{
    for (size_t i = 0; i < filter_companion_count; i++) {
        const struct filter_companion *row = &filter_companions[i];
        const struct filter_name *seen = filter_find(filter, row->seen);
        if (!seen || !seen->witness || row->reach > filter->fit.reach)
            continue;
        for (size_t k = 0; row->companions[k]; k++)
            filter_put_unseen(filter, row->companions[k],
                              mem_printf("companion of %s: %s", row->seen, row->reason));
    }
}

/* The observed member of a family with the most power; NULL: none. */
static const struct filter_name *family_seen(const struct filter *filter,
                                             const struct filter_family *family)
{
    const struct filter_name *most = NULL;

    for (size_t i = 0; family->members[i]; i++) {
        const struct filter_name *found = filter_find(filter, family->members[i]);
        if (found && found->witness &&
            (!most || filter_risk(found->name) > filter_risk(most->name)))
            most = found;
    }
    return most;
}

/* 32-bit ABIs have several calls for everything, and libraries move between them. */
static bool wants_families(const struct filter *filter)
{
    return filter->fit.reach == FILTER_ALL ||
           (filter->fit.reach == FILTER_LIKELY && !filter->plain_64);
}

static void filter_put_families(struct filter *filter)
{
    for (size_t i = 0; i < filter_family_count && wants_families(filter); i++) {
        const struct filter_family *family = &filter_families[i];
        const struct filter_name *seen = family_seen(filter, family);
        for (size_t k = 0; seen && family->members[k]; k++)
            if (filter_risk(family->members[k]) <= filter_risk(seen->name))
                filter_put_unseen(filter, family->members[k],
                                  mem_printf("companion of %s (family %s): %s", seen->name,
                                             family->name, family->reason));
    }
}

static bool forks(const struct filter *filter)
{
    for (const struct filter_name *name = filter->names; name; name = name->hh.next)
        if (call_traits_have(name->name, CALL_MAKES_TASK))
            return true;
    return false;
}

/* listen(2) may be recorded only as a call, and a socket that was passed in only by its address. */
static bool listens(const struct filter *filter)
{
    size_t count;
    const struct fact *const *facts = profile_facts(filter->context->profile, FACT_ADDRESS, &count);

    for (size_t i = 0; i < count; i++)
        if (facts[i]->address.use == ADDRESS_LISTEN)
            return true;
    return filter_find(filter, "listen") != NULL;
}

static bool uses_unix(const struct derive_context *context)
{
    const struct profile *profile = context->profile;
    const struct veto created[] = { { VETO_SOCKET, "AF_UNIX", NULL }, { 0 } };

    return veto_applies(profile, created) || touched_journal(profile) || touched_nss(profile) ||
           touched_manager(context);
}

static bool ran_set_id(const struct profile *profile)
{
    const struct veto set_id[] = { { VETO_PROGRAM, "set-id", NULL },
                                   { VETO_PROGRAM, "file-caps", NULL },
                                   { 0 } };

    return veto_applies(profile, set_id);
}

static bool was_reloaded(const struct profile *profile)
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_SYSCALL, &count);

    for (size_t i = 0; i < count; i++)
        if (evidence_phases(&facts[i]->evidence) & 1u << PHASE_RELOAD)
            return true;
    return false;
}

/* ExecReload=/bin/kill -HUP $MAINPID, ExecReload=/usr/sbin/nginx -s reload,
 * ExecStop=-/sbin/stopper: known of a given unit, likely when training reloaded. */
static bool unseen_kill(const struct filter *filter)
{
    static const char *const keys[] = { "ExecReload", "ExecStop" };
    const struct unit *unit = filter->context->options->unit;

    if (!unit)
        return was_reloaded(filter->context->profile);
    for (size_t i = 0; i < ELEMENTS_OF(keys); i++) {
        const char *command = unit_get(unit, keys[i]);
        if (command && command[0])
            return true;
    }
    return false;
}

static bool rule_holds(const struct filter *filter, enum filter_when when)
{
    const struct profile *profile = filter->context->profile;
    int version = filter->context->options->target.version;

    switch (when) {
    case FILTER_ALWAYS:
        return true;
    case FILTER_FORKS:
        return forks(filter);
    case FILTER_LISTENS:
        return listens(filter);
    case FILTER_UNIX:
        return uses_unix(filter->context);
    case FILTER_RESOLVER:
        return touched_resolver(profile);
    case FILTER_NSS_NEW: /* where boot_id, which cannot be bound, is absent; 252's did not ask */
        return version > 252 && touched_nss(profile);
    case FILTER_RESOLVER_NEW:
        return version >= 258 && (touched_resolver(profile) || touched_nss(profile));
    case FILTER_SET_ID:
        return version >= 255 && ran_set_id(profile);
    case FILTER_OWN_FILTER:
        return derive_blind_spot(profile, "own-seccomp-filter");
    case FILTER_LEFT_BEHIND:
        return touched_left_behind(profile) != NULL;
    case FILTER_UNSEEN_PROGRAM:
        return filter->unseen.count > 0;
    case FILTER_UNSEEN_KILL:
        return unseen_kill(filter);
    }
    return false;
}

static void filter_put_rules(struct filter *filter)
{
    for (size_t i = 0; i < filter_rule_count; i++) {
        const struct filter_rule *rule = &filter_rules[i];
        if (rule->reach > filter->fit.reach || !rule_holds(filter, rule->when))
            continue;
        for (size_t k = 0; rule->names[k]; k++)
            filter_put_unseen(filter, rule->names[k], mem_strdup(rule->reason));
    }
}

/* The unit's commands that training did not run and that do the same on every machine. */
static void filter_put_plain(struct filter *filter)
{
    for (size_t i = 0; i < filter->unseen.count; i++) {
        const struct unit_plain *row =
            touched_plain_program(filter->context, filter->unseen.items[i]);
        for (size_t k = 0; row && row->calls[k]; k++)
            filter_put_unseen(filter, row->calls[k], mem_printf("the unit runs %s", row->name));
    }
}

void filter_want(struct filter *filter)
{
    filter_put_seen(filter, true);
    filter_put_seen(filter, false);
    filter_put_companions(filter);
    filter_put_families(filter);
    filter_put_rules(filter);
    filter_put_plain(filter);
}
