// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * RestrictAddressFamilies=: the families of every socket(2) call, failed ones too. socketpair(2),
 * accepted and inherited sockets are not restricted (systemd.exec(5)) and not counted.
 */
#include "systemd/core/abi.h"
#include "systemd/core/derive.h"
#include "systemd/core/directive.h"
#include "systemd/core/touched.h"
#include "systemd/core/verdict.h"
#include "systemd/network/network_rows.h"
#include <errno.h>
#include <sys/socket.h>

#define FAMILY_LIMIT 64 /* AF_MAX is 46 in Linux 6.18 */

struct family_needs {
    char *why[FAMILY_LIMIT]; /* NULL: not needed */
    const struct fact *witness[FAMILY_LIMIT];
    bool guess[FAMILY_LIMIT];
    const struct fact *nameless; /* a family that the list cannot name */
};

/* A family that was not observed; FIT_EXACT omits it. */
static void guess(const struct derive_context *context, struct family_needs *needs, int family,
                  char *why, const struct fact *witness)
{
    if (context->options->fit == FIT_EXACT || needs->why[family]) {
        free(why);
        return;
    }
    needs->why[family] = mem_printf("likely, but not used in training: %s", why);
    needs->witness[family] = witness;
    needs->guess[family] = true;
    free(why);
}

static void need(struct family_needs *needs, int family, char *why, const struct fact *witness)
{
    if (needs->why[family]) {
        free(why);
        return;
    }
    needs->why[family] = why;
    needs->witness[family] = witness;
}

static void needs_done(struct family_needs *needs)
{
    for (size_t i = 0; i < FAMILY_LIMIT; i++)
        free(needs->why[i]);
}

static void need_created(const struct profile *profile, struct family_needs *needs)
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_SOCKET, &count);

    for (size_t i = 0; i < count; i++) {
        int family = facts[i]->socket.family;
        if (facts[i]->socket.origin != SOCKET_CREATED)
            continue;
        if (family_name(family) && family < FAMILY_LIMIT)
            need(needs, family, fact_describe(facts[i]), facts[i]);
        else if (facts[i]->outcome != EAFNOSUPPORT) /* the directive would answer the same */
            needs->nameless = facts[i];
    }
}

/* Families a name lookup may come to use when the host's configuration changes. */
static void need_resolver(const struct derive_context *context, struct family_needs *needs)
{
    static const int families[] = { AF_UNIX, AF_INET, AF_INET6, AF_NETLINK };
    const struct fact *fact = touched_resolver(context->profile);

    for (size_t i = 0; fact && i < ELEMENTS_OF(families); i++) {
        CLEANUP(free_char) char *seen = fact_describe(fact);
        guess(context, needs, families[i], mem_printf("the service looks up host names: %s", seen),
              fact);
    }
}

static void need_unix(const struct derive_context *context, struct family_needs *needs)
{
    const struct fact *nss = touched_nss(context->profile);
    const struct fact *journal = touched_journal(context->profile);
    const char *manager = touched_manager_by_unit(context);
    const char *variable = touched_environment(context->profile);

    if (nss) {
        CLEANUP(free_char) char *seen = fact_describe(nss);
        guess(context, needs, AF_UNIX, mem_printf("name services use it: %s", seen), nss);
    }
    if (journal) {
        CLEANUP(free_char) char *seen = fact_describe(journal);
        guess(context, needs, AF_UNIX, mem_printf("logging uses it: %s", seen), journal);
    }
    if (manager)
        need(needs, AF_UNIX, mem_strdup(manager), NULL);
    if (variable)
        guess(context, needs, AF_UNIX, mem_strdup(variable), NULL);
}

static void note_foreign_abi(const struct derive_context *context)
{
    if (abi_foreign(context->profile))
        derive_note(context, SEVERITY_NOTE, TOPIC_DIRECTIVE, "RestrictAddressFamilies",
                    mem_strdup("RestrictAddressFamilies= does not apply to 32-bit x86 calls "
                               "(socketcall), which this service may make"));
}

static void emit_none(const struct derive_context *context, struct verdict *ret)
{
    if (context->options->target.version < 249) {
        verdict_refuse(ret,
                       mem_printf("the service creates no socket, but \"none\" needs systemd 249 "
                                  "and the target is %d",
                                  context->options->target.version),
                       NULL);
        return;
    }
    ret->why = mem_strdup("the service creates no socket; any family fails with EAFNOSUPPORT");
    verdict_add(ret, "none", mem_strdup(ret->why), NULL);
}

void derive_families(const struct derive_context *context, const struct directive *directive,
                     struct verdict *ret)
{
    CLEANUP(needs_done) struct family_needs needs = { 0 };

    need_created(context->profile, &needs);
    need_resolver(context, &needs);
    need_unix(context, &needs);
    if (needs.nameless) {
        CLEANUP(free_char) char *seen = fact_describe(needs.nameless);
        verdict_refuse(
            ret,
            mem_printf(
                "the service uses an address family that systemd cannot name: %s; it blocks %s",
                seen, directive->forbids),
            needs.nameless);
        return;
    }
    for (int family = 0; family < FAMILY_LIMIT; family++) {
        if (!needs.why[family])
            continue;
        struct value *value =
            verdict_add(ret, family_name(family), needs.why[family], needs.witness[family]);
        value->guess = needs.guess[family];
        needs.why[family] = NULL;
    }
    if (ret->count == 0) {
        emit_none(context, ret);
        return;
    }
    ret->why = mem_strdup(
        "the service uses only these address families; any other fails with EAFNOSUPPORT");
    note_foreign_abi(context);
}
