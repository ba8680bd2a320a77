// SPDX-License-Identifier: LGPL-2.1-or-later
/* A service that starts user sessions: all programs of its users run in its sandbox. */
#include "systemd/advice/advice.h"
#include "systemd/core/derive.h"
#include <string.h>

/* pam_loginuid(8) writes it once for each session, and nothing else does. */
static const char mark[] = "/proc/self/loginuid";

static const struct fact *session_fact(const struct profile *profile)
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_PATH, &count);

    for (size_t i = 0; i < count; i++)
        if (path_use_is_write(facts[i]->path.use) && strcmp(facts[i]->path.path, mark) == 0)
            return facts[i];
    return NULL;
}

void advice_session_add(const struct derive_context *context, const struct suggestion *suggestion)
{
    const struct fact *fact = session_fact(context->profile);
    const struct verdict *privileges = suggestion_find(suggestion, "NoNewPrivileges");

    if (!fact)
        return;
    CLEANUP(free_char) char *seen = fact_describe(fact);
    derive_note(
        context, SEVERITY_NOTE, TOPIC_PATH, fact->path.path,
        mem_printf("the service starts user sessions: %s. Their programs run in this sandbox too, "
                   "with only the programs, files and home directories used in training%s. Train "
                   "what users do, or remove the directives that are too strict for them",
                   seen,
                   privileges && privileges->emitted
                       ? ", and NoNewPrivileges=yes disables sudo and su"
                       : ""));
}
