// SPDX-License-Identifier: LGPL-2.1-or-later
/* Counting what lies in a directory, in little memory however much it is: fts(3) would hold every
 * name of a directory at once. */
#include "host/census.h"
#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Directories open at once; what lies deeper is not counted, and so nothing is said. */
#define DEPTH_MAX 64

struct count {
    dev_t device; /* mount points of others are no part of it */
    int64_t entries;
    bool is_partial;
};

/* Whether an entry is a directory to go on in. An unreadable one counts as empty, as it does for
 * the service. */
static int open_below(const struct count *count, int above, const struct dirent *entry)
{
    struct stat st;

    if (entry->d_type != DT_DIR && entry->d_type != DT_UNKNOWN)
        return -1;
    int fd = openat(above, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd >= 0 && (fstat(fd, &st) < 0 || st.st_dev != count->device))
        fd_close(&fd);
    return fd < 0 ? -1 : fd;
}

/* Takes `fd` over. */
static void count_in(struct count *count, int fd, size_t depth)
{
    DIR *directory = depth < DEPTH_MAX ? fdopendir(fd) : NULL;
    const struct dirent *entry;

    if (!directory) {
        count->is_partial = true;
        fd_close(&fd);
        return;
    }
    while (!count->is_partial && (entry = readdir(directory))) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (++count->entries > HOST_CENSUS_LIMIT)
            count->is_partial = true;
        int below = count->is_partial ? -1 : open_below(count, fd, entry);
        if (below >= 0)
            count_in(count, below, depth + 1);
    }
    closedir(directory);
}

int64_t census_count(int directory)
{
    struct count count = { 0 };
    struct stat st;
    int fd = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0 || fstat(fd, &st) < 0) {
        fd_close(&fd);
        return -1;
    }
    count.device = st.st_dev;
    count_in(&count, fd, 0);
    return count.is_partial ? -1 : count.entries;
}
