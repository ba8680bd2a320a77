// SPDX-License-Identifier: LGPL-2.1-or-later
/* Names that others make, replace and remove while the service runs. */
#include "systemd/filesystem.h"
#include <string.h>

bool policy_is_personal(const char *path)
{
    static const char *const places[] = { "/home", "/media", "/run/media", "/run/user" };

    for (size_t i = 0; i < ELEMENTS_OF(places); i++)
        if (path_is_within(path, places[i]) && strcmp(path, places[i]) != 0)
            return true;
    return false;
}
