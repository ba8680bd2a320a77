// SPDX-License-Identifier: LGPL-2.1-or-later
/* What a query is about, and what is refused of it. */
#include "render/refusal.h"
#include <cinch/model/network.h>
#include <cinch/systemd/group_table.h>

/* The target's groups may not be known, or not hold the newest calls. */
static bool refusal_is_call(const struct refusal *refusal, const char *name)
{
    if (call_is_known(refusal->profile, &refusal->suggestion->target, name))
        return true;
    for (size_t i = 0; *name && i < group_row_count; i++)
        if (name[0] != '@' && str_has_word(group_rows[i].members, name))
            return true;
    return false;
}

bool refusal_find(struct refusal *refusal, const struct query *query)
{
    struct network network;

    if (query->path)
        refusal_path(refusal, query->path_raw ? query->path_raw : query->path);
    else if (query->family >= 0)
        refusal_family(refusal, query->family);
    else if (capability_find(query->text) >= 0)
        refusal_capability(refusal, query->text);
    else if (network_parse(query->host, &network))
        refusal_address(refusal, query->host, query->port);
    else if (refusal_is_call(refusal, query->text))
        refusal_call(refusal, query->text);
    else
        return query->text[0] == '@' && refusal_group(refusal, query->text);
    return true;
}
