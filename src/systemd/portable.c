// SPDX-License-Identifier: LGPL-2.1-or-later
/* suggest --portable: what holds on any machine with the same package. */
#include "systemd/core/verdict.h"
#include <string.h>

/* Directives whose values may name what only this host has, and the values that do not. */
static const struct {
    const char *directive;
    const char *beside; /* goes with it; NULL: none */
    const char *anywhere;
    const char *what;
} rows[] = {
    { "IPAddressAllow", "IPAddressDeny", "any link-local localhost multicast",
      "addresses of this host's peers" },
    { "RestrictNetworkInterfaces", NULL, "lo", "network interfaces of this host" },
    { "RestrictFileSystems", NULL, "", "file system types of this host" },
};

static bool is_of_host(const struct verdict *verdict, const char *anywhere)
{
    for (size_t i = 0; i < verdict->count; i++)
        if (verdict->values[i].text[0] && !str_has_word(anywhere, verdict->values[i].text))
            return true;
    return false;
}

static struct verdict *find(struct suggestion *suggestion, const char *name)
{
    for (size_t i = 0; name && i < suggestion->count; i++)
        if (strcmp(suggestion->verdicts[i].name, name) == 0 && suggestion->verdicts[i].emitted)
            return &suggestion->verdicts[i];
    return NULL;
}

void portable_apply(struct suggestion *suggestion)
{
    for (size_t i = 0; i < ELEMENTS_OF(rows); i++) {
        struct verdict *verdict = find(suggestion, rows[i].directive);
        struct verdict *beside = find(suggestion, rows[i].beside);
        if (!verdict || !is_of_host(verdict, rows[i].anywhere))
            continue;
        notes_add(&suggestion->notes, SEVERITY_NOTE, TOPIC_DIRECTIVE, rows[i].directive,
                  mem_printf("--portable leaves out %s=: its values are %s", rows[i].directive,
                             rows[i].what));
        verdict_refuse(verdict, mem_printf("--portable: its values are %s", rows[i].what), NULL);
        if (beside)
            verdict_refuse(beside, mem_printf("--portable: %s= is not set", rows[i].directive),
                           NULL);
    }
}
