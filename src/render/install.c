// SPDX-License-Identifier: LGPL-2.1-or-later
/* Where a drop-in goes, and what makes systemd read it. */
#include "render/layout.h"
#include <string.h>

/* Whether a name needs no quoting in a path and a shell command. */
static bool is_plain(const char *name)
{
    return name && name[0] && name[0] != '-' &&
           strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:_.@-") ==
               strlen(name);
}

/* The unit to restart: an instance of a template (systemd.unit(5)). The caller frees it. */
static char *running_name(const char *name)
{
    const char *at = strstr(name, "@.");

    return at ? mem_printf("%.*s@INSTANCE%s", (int)(at - name), name, at + 1) : mem_strdup(name);
}

char *install_name(const struct unit *unit)
{
    return running_name(unit && is_plain(unit->name) ? unit->name : "NAME.service");
}

char *install_text(const struct suggestion *suggestion, const struct unit *unit)
{
    CLEANUP(free_char) char *name = install_name(unit);
    bool user = suggestion->target.user_manager;

    return mem_printf("install: -o %s/%s.d/" LAYOUT_DROPIN_NAME ", daemon-reload, restart%s",
                      user ? "~/.config/systemd/user" : "/etc/systemd/system", name,
                      user ? " (systemctl --user)" : "");
}
