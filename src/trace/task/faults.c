// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Memory that a service fills itself, when it is touched (userfaultfd(2)): whoever touches it waits
 * for a thread of the service, a tracer as well. But that thread may stop at a call of its own and
 * wait for the tracer, for ever.
 */
#include "trace/task/faults.h"
#include <cinch/base.h>
#include <cinch/base/proc.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* proc_pid_pagemap(5) */
#define PAGE_PRESENT ((uint64_t)1 << 63)
#define PAGE_SWAPPED ((uint64_t)1 << 62)
#define SMAPS_LIMIT  ((size_t)64 << 20)

static bool is_there(pid_t tid, uint64_t address)
{
    uint64_t entry = 0, page = (uint64_t)sysconf(_SC_PAGESIZE);
    char path[PROC_PATH_MAX];

    CLEANUP(fd_close) int fd = open(proc_path(path, tid, "pagemap"), O_RDONLY | O_CLOEXEC);
    off_t at = (off_t)(address / page * sizeof(entry));
    return fd >= 0 && pread(fd, &entry, sizeof(entry), at) == sizeof(entry) &&
           entry & (PAGE_PRESENT | PAGE_SWAPPED);
}

/* proc_pid_smaps(5): "um" and "ui" among the VmFlags are userfaultfd(2)'s. */
static bool is_filled(const char *flags)
{
    size_t length = strcspn(flags, "\n");

    return memmem(flags, length, " um", 3) || memmem(flags, length, " ui", 3);
}

/* A region begins with its addresses and ends with its flags. */
static bool is_in_filled_region(const char *smaps, uint64_t address)
{
    static const char name[] = "VmFlags:";
    unsigned long long first, end;
    bool is_within = false;

    for (const char *line = smaps; line;
         line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL) {
        if (sscanf(line, "%llx-%llx ", &first, &end) == 2)
            is_within = address >= first && address < end;
        else if (is_within && str_starts_with(line, name))
            return is_filled(line + strlen(name));
    }
    return false;
}

bool faults_wait(void *context, pid_t tid, uint64_t address)
{
    CLEANUP(str_done) struct str smaps = { 0 };

    (void)context;
    if (is_there(tid, address))
        return false;
    return proc_read(tid, "smaps", SMAPS_LIMIT, &smaps) < 0 ||
           is_in_filled_region(smaps.data, address);
}
