// SPDX-License-Identifier: LGPL-2.1-or-later
/* Who a task is: whom the same names mean the same to, and who is let through alike. */
#include "trace/bpf/task_identity.h"
#include "trace/bpf/counter.h"
#include <cinch/base/proc.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *const status_fields[] = { "Uid", "Gid", "Groups", "CapEff" };

static int append_status(pid_t tid, struct str *text)
{
    CLEANUP(str_done) struct str status = { 0 };
    int result = proc_read_status(tid, &status);

    for (size_t i = 0; result == 0 && i < ELEMENTS_OF(status_fields); i++) {
        const char *value = proc_status_value(status.data, status_fields[i]);
        if (!value)
            return -EIO;
        str_add_char(text, '\n');
        str_add_bytes(text, value, strcspn(value, "\n"));
    }
    return result;
}

static int append_link(pid_t tid, const char *name, struct str *text)
{
    CLEANUP(free_char) char *target = NULL;
    int result = proc_link(tid, name, &target);

    if (result == 0) {
        str_add_char(text, '\n');
        str_add(text, target);
    }
    return result;
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
