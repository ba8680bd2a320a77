// SPDX-License-Identifier: LGPL-2.1-or-later
/* A service that lets users in, or works for them: all that they run is below it, in its sandbox.
 */
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
    derive_note(context, SEVERITY_NOTE, TOPIC_PATH, fact->path.path,
                mem_printf("the service starts sessions of users: %s. All that they run there is "
                           "in this sandbox too, with the programs, files and homes that training "
                           "saw and no others%s. Train what they do, or leave out what is too "
                           "tight for them",
                           seen,
                           privileges && privileges->emitted
                               ? ", and with NoNewPrivileges=yes sudo and su do not work"
                               : ""));
}
