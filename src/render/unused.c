// SPDX-License-Identifier: LGPL-2.1-or-later
/* What happens to a thing that training never used, and that no line names. */
#include "render/query.h"
#include <cinch/model/network.h>
#include <string.h>

static const struct verdict *emitted(const struct suggestion *suggestion, const char *name)
{
    const struct verdict *verdict = suggestion_find(suggestion, name);

    return verdict && verdict->emitted ? verdict : NULL;
}

static const char *value_of(const struct suggestion *suggestion, const char *name)
{
    const struct verdict *verdict = emitted(suggestion, name);

    return verdict && verdict->count ? verdict->values[0].text : "";
}

/* A call that is not in the list. */
static char *call_answer(const struct suggestion *suggestion)
{
    const struct verdict *filter = emitted(suggestion, "SystemCallFilter");
    const char *error = value_of(suggestion, "SystemCallErrorNumber");

    if (!filter || filter->inverted)
        return NULL;
    if (!*error)
        return mem_strdup("SystemCallFilter= kills a process that calls it (SIGSYS)");
    return mem_printf("SystemCallFilter= refuses it with %s", error);
}

static char *path_answer(const struct suggestion *suggestion)
{
    struct str text = { 0 };

    if (suggestion->filesystem != FILESYSTEM_STRICT) {
        bool built =
            emitted(suggestion, "TemporaryFileSystem") || emitted(suggestion, "RootDirectory");
        return built ? mem_strdup(
                           "the service's root does not contain it, so using it fails with ENOENT")
                     : NULL;
    }
    if (strcmp(value_of(suggestion, "ProtectSystem"), "strict") == 0)
        str_add(&text, "writing there fails with EROFS (ProtectSystem=strict)");
    if (emitted(suggestion, "NoExecPaths"))
        str_addf(&text, "%sexecuting it fails with EACCES (NoExecPaths=)", text.length ? "; " : "");
    return text.length ? str_steal(&text) : NULL;
}

char *unused_answer(const struct suggestion *suggestion, const struct profile *profile,
                    const struct query *query)
{
    struct network network;
    const char *refused = NULL;

    if (query->path)
        return path_answer(suggestion);
    if (query->family >= 0 && emitted(suggestion, "RestrictAddressFamilies"))
        refused = "RestrictAddressFamilies= refuses such a socket with EAFNOSUPPORT";
    if (capability_find(query->text) >= 0 && emitted(suggestion, "CapabilityBoundingSet"))
        refused = "CapabilityBoundingSet= removes it; calls that need it fail with EPERM";
    if (network_parse(query->host, &network) && emitted(suggestion, "IPAddressDeny"))
        refused = "IPAddressDeny= drops its packets; sending to it fails with EPERM";
    if (refused)
        return mem_strdup(refused);
    return call_is_known(profile, &suggestion->target, query->text) ? call_answer(suggestion)
                                                                    : NULL;
}
