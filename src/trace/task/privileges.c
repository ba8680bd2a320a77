// SPDX-License-Identifier: LGPL-2.1-or-later
/* What a task may do, and whether it did: /proc/TID/status and stat (proc(5)). */
#include "trace/task/tracer_state.h"
#include <cinch/base/proc.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

/* include/linux/sched.h of the kernel, unchanged since 2.6; field 9 of stat shows it. */
#define PF_SUPERPRIV 0x100ul

/* "\nGroups:" and blank-separated ids. */
static void read_groups(const char *text, struct trace_privileges *ret)
{
    char *end;

    for (; ret->group_count < TRACE_GROUPS; text = end) {
        text += strspn(text, " \t");
        unsigned long id = strtoul(text, &end, 10);
        if (end == text)
            return;
        ret->groups[ret->group_count++] = (gid_t)id;
    }
}

int privileges_read(void *context, pid_t tid, struct trace_privileges *ret)
{
    struct trace_privileges found = { 0 };
    struct str status = { 0 };

    (void)context;
    int result = proc_read_status(tid, &status);
    if (result < 0)
        return result;
    const char *uids = proc_status_value(status.data, "Uid"),
               *gids = proc_status_value(status.data, "Gid");
    const char *groups = proc_status_value(status.data, "Groups");
    const char *permitted = proc_status_value(status.data, "CapPrm");
    const char *effective = proc_status_value(status.data, "CapEff");
    bool whole = uids && gids && groups && permitted && effective &&
                 sscanf(uids, "%*u %*u %*u %u", &found.fsuid) == 1 &&
                 sscanf(gids, "%*u %*u %*u %u", &found.fsgid) == 1;
    struct stat st;
    if (proc_stat_of(tid, "ns/user", &st) == 0)
        found.user_namespace = st.st_ino;
    if (whole) {
        read_groups(groups, &found);
        found.permitted = strtoull(permitted, NULL, 16);
        found.effective = strtoull(effective, NULL, 16);
        *ret = found;
    }
    str_done(&status);
    return whole ? 0 : -EIO;
}

int privileges_used(void *context, pid_t tid)
{
    struct str stat = { 0 };
    unsigned long flags = 0;

    (void)context;
    int result = proc_read(tid, "stat", 4096, &stat);
    if (result < 0)
        return result;
    const char *field = proc_stat_field(stat.data, 9);
    bool known = field && sscanf(field, "%lu", &flags) == 1;
    str_done(&stat);
    return known ? (flags & PF_SUPERPRIV) != 0 : -EIO;
}

/* Where a path of the task's view is in ours. */
static char *place_of(struct tracer *tracer, pid_t tid, const char *path)
{
    const struct mount_ns *mount_ns = mount_ns_of(tracer, tid);

    return mem_printf("%s%s", mount_ns ? mount_ns->root : "", path);
}

int privileges_status(void *context, pid_t tid, const char *path, struct stat *ret)
{
    CLEANUP(free_char) char *place = place_of(context, tid, path);

    return lstat(place, ret) < 0 ? -errno : 0;
}

/* execve(2) fails with EPERM where the effective bit is set and the bounding set lacks one of the
 * permitted ones (fs/exec.c, bprm_caps_from_vfs_caps() in security/commoncap.c). */
int privileges_of_file(void *context, pid_t tid, const char *path, uint64_t *ret)
{
    struct vfs_ns_cap_data data = { 0 };
    CLEANUP(free_char) char *place = place_of(context, tid, path);
    ssize_t length = getxattr(place, "security.capability", &data, sizeof(data));

    if (length < 0 && errno != ENODATA && errno != ENOTSUP)
        return -errno;
    *ret = 0;
    if (!(le32toh(data.magic_etc) & VFS_CAP_FLAGS_EFFECTIVE))
        return 0;
    if (length >= (ssize_t)XATTR_CAPS_SZ_1)
        *ret = le32toh(data.data[0].permitted);
    if (length >= (ssize_t)XATTR_CAPS_SZ_2)
        *ret |= (uint64_t)le32toh(data.data[1].permitted) << 32;
    return 0;
}

/* ---- what the kernel granted ---- */

bool tracer_watch_capabilities(struct tracer *tracer)
{
    if (!tracer->capable_counter)
        tracer->capable_counter = capable_counter_new();
    return tracer->capable_counter;
}

void privileges_count(struct tracer *tracer, struct tracee *task)
{
    if (!tracer->capable_counter || task->granted || task->launching)
        return;
    capable_counter_follow(tracer->capable_counter, task->tid, tracee_program(task));
    task->granted = true;
}

void privileges_forget(struct tracer *tracer, struct tracee *task, pid_t former)
{
    task->granted = false;
    if (tracer->capable_counter && former != task->tid)
        capable_counter_leave(tracer->capable_counter, former);
}

bool tracer_next_capability_use(struct tracer *tracer, struct trace_capability_use *ret)
{
    struct grant grant;

    if (!tracer->capable_counter || !capable_counter_next(tracer->capable_counter, &grant))
        return false;
    *ret = (struct trace_capability_use){
        .capability = (int)grant.capability,
        .arch = seccomp_arch_native(),
        .number = grant.number < GRANT_FOREIGN ? (int64_t)grant.number : -1,
        .is_borrowed = grant.is_borrowed,
        .is_outside = grant.number == GRANT_OUTSIDE,
        .count = grant.count,
        .program = grant.program,
        .at_ms = tracer_elapsed_ms(tracer),
    };
    return true;
}

bool tracer_capabilities_are_whole(const struct tracer *tracer)
{
    return !tracer->capable_counter || capable_counter_are_whole(tracer->capable_counter);
}
