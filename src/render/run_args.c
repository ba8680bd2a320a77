// SPDX-License-Identifier: LGPL-2.1-or-later
#include "render/layout.h"

char *render_run_args(const struct suggestion *suggestion, const struct profile *profile)
{
    struct str text = { 0 }, body = { 0 };
    struct layout layout = { .out = &body,
                             .target = &suggestion->target,
                             .form = QUOTE_RUN_ARGUMENT,
                             .comments = false,
                             .resets = false };
    CLEANUP(free_char) char *origin = layout_origin(profile);
    CLEANUP(free_char)
    char *made =
        mem_printf("For systemd-run of systemd %d, made by %s", suggestion->target.version, origin);

    layout_emitted(&layout, suggestion);
    layout_comment(&text, made);
    str_add(&text, "# In bash: eval \"args=( $(cinch suggest --format run-args PROFILE) )\"\n"
                   "#          systemd-run ");
    str_add(&text, suggestion->target.user_manager ? "--user " : "");
    str_add(&text, "\"${args[@]}\" COMMAND\n");
    layout_notes(&text, suggestion);
    layout_refused(&text, &layout);
    str_add_bytes(&text, body.data, body.length);
    layout_done(&layout);
    str_done(&body);
    return str_steal(&text);
}
