// SPDX-License-Identifier: LGPL-2.1-or-later
/* Who a task is: whom the same names mean the same to, and who is let through alike. */
#include "trace/bpf/task_identity.h"
#include "trace/bpf/counter.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *const status_fields[] = { "\nUid:", "\nGid:", "\nGroups:", "\nCapEff:" };

static int append_status(pid_t tid, struct str *text)
{
    CLEANUP(str_done) struct str status = { 0 };
    char path[48];

    snprintf(path, sizeof(path), "/proc/%d/status", (int)tid);
    int result = fd_read_file(AT_FDCWD, path, 1 << 16, &status);
    for (size_t i = 0; result == 0 && i < ELEMENTS_OF(status_fields); i++) {
        const char *field = strstr(status.data, status_fields[i]);
        if (!field)
            return -EIO;
        str_add_bytes(text, field, 1 + strcspn(field + 1, "\n"));
    }
    return result;
}

static int append_link(pid_t tid, const char *name, struct str *text)
{
    char path[48], target[PATH_MAX];

    snprintf(path, sizeof(path), "/proc/%d/%s", (int)tid, name);
    ssize_t length = readlink(path, target, sizeof(target));
    if (length < 0)
        return -errno;
    str_add_char(text, '\n');
    str_add_bytes(text, target, (size_t)length);
    return 0;
}

int task_identity_describe(pid_t tid, struct str *text)
{
    int result = append_status(tid, text);

    if (result == 0)
        result = append_link(tid, "root", text);
    return result == 0 ? append_link(tid, "ns/mnt", text) : result;
}

unsigned task_identity_key(unsigned identity, unsigned group)
{
    return identity && group ? identity * COUNTER_GROUPS + group : 0;
}

unsigned task_identity_key_once_blind(unsigned key)
{
    return key | KEY_BLIND;
}

bool task_identity_key_is_blind(unsigned key)
{
    return key & KEY_BLIND;
}
