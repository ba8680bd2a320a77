// SPDX-License-Identifier: LGPL-2.1-or-later
#include "render/layout.h"
#include <string.h>

/* Whether a name needs no quoting in a path and a shell command. */
static bool dropin_name_is_plain(const char *name)
{
    return name && name[0] && name[0] != '-' &&
           strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:_.@-") ==
               strlen(name);
}

/* The unit to restart: an instance of a template (systemd.unit(5)). The caller frees it. */
static char *dropin_running_name(const char *name)
{
    const char *at = strstr(name, "@.");

    return at ? mem_printf("%.*s@INSTANCE%s", (int)(at - name), name, at + 1) : mem_strdup(name);
}

static void dropin_header(struct str *ret, const struct suggestion *suggestion,
                          const struct profile *profile, const struct unit *unit)
{
    CLEANUP(free_char) char *origin = layout_origin(profile);
    CLEANUP(free_char) char *made = mem_printf("A sandbox made by %s", origin);
    bool named = unit && dropin_name_is_plain(unit->name);
    const char *name = named ? unit->name : "NAME.service";
    CLEANUP(free_char) char *running = dropin_running_name(name);

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

char *render_dropin(const struct suggestion *suggestion, const struct profile *profile,
                    const struct unit *unit)
{
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
