// SPDX-License-Identifier: LGPL-2.1-or-later
/* Opening what the census looks at: below its root, and never through a symlink. */
#include "host/census.h"
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int census_pin(const char *root, const char *path)
{
    const int flags = O_PATH | O_CLOEXEC | O_NOFOLLOW;
    CLEANUP(fd_close) int top = *root ? open(root, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;

    if (*root && top >= 0)
        return fd_open_below(top, path, flags);
    int fd = *root ? -1 : open(path, flags);
    return fd < 0 ? -errno : fd;
}
