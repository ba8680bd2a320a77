// SPDX-License-Identifier: LGPL-2.1-or-later
#include "render/short.h"
#include <string.h>

static void dropin_header(struct str *ret, const struct suggestion *suggestion,
                          const struct profile *profile, const struct unit *unit)
{
    CLEANUP(free_char) char *origin = layout_origin(profile);
    CLEANUP(free_char) char *made = mem_printf("A sandbox made by %s", origin);
    CLEANUP(free_char) char *running = install_name(unit);

    layout_comment(ret, made);
    bool user = suggestion->target.user_manager;
    const char *systemctl = user ? "systemctl --user" : "systemctl";
    str_addf(ret,
             "# For systemd %d. To install it, let cinch suggest write it with\n"
             "#   -o %s/%s.d/" LAYOUT_DROPIN_NAME "\n"
             "# and run: %s daemon-reload && %s restart %s\n",
             suggestion->target.version, user ? "~/.config/systemd/user" : "/etc/systemd/system",
             running, systemctl, systemctl, running);
}

/* The short and the bare form: the same directives, by section. */
static char *dropin_short(const struct suggestion *suggestion, const struct profile *profile,
                          const struct unit *unit, const char *again, bool comments)
{
    struct str text = { 0 }, body = { 0 };
    struct layout layout = { .out = &body,
                             .target = &suggestion->target,
                             .form = QUOTE_UNIT,
                             .comments = comments,
                             .resets = true };

    short_emitted(&layout, suggestion, unit);
    if (comments) {
        short_header(&text, suggestion, profile, unit, again);
        short_warnings(&text, suggestion);
        str_add_char(&text, '\n');
    }
    str_add(&text, "[Service]\n");
    str_add_bytes(&text, body.data, body.length);
    if (comments)
        short_not_set(&text, suggestion);
    layout_done(&layout);
    str_done(&body);
    return str_steal(&text);
}

char *render_dropin(const struct suggestion *suggestion, const struct profile *profile,
                    const struct unit *unit, const char *again, enum comment_form comments)
{
    if (comments != COMMENTS_FULL)
        return dropin_short(suggestion, profile, unit, again, comments == COMMENTS_SHORT);
    struct str text = { 0 }, body = { 0 };
    struct layout layout = { .out = &body,
                             .target = &suggestion->target,
                             .form = QUOTE_UNIT,
                             .comments = true,
                             .resets = true };

    dropin_header(&text, suggestion, profile, unit);
    layout_notes(&text, suggestion);
    layout_emitted(&layout, suggestion);
    if (layout.refused.count)
        str_addf(&text, "# warning: %zu value%s cannot be written for this systemd; see below\n",
                 layout.refused.count, layout.refused.count == 1 ? "" : "s");
    str_add(&text, "\n[Service]\n");
    str_add_bytes(&text, body.data, body.length);
    layout_left_out(&text, suggestion);
    layout_done(&layout);
    str_done(&body);
    return str_steal(&text);
}
