// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * denials CONTAINER: prints the system calls the kernel's seccomp refused, one a line:
 *
 *     CALL COMM EXE ACTION WHERE        memfd_create probe /rig/probe errno here
 *
 * Source: the kernel's audit multicast group (netlink(7), NETLINK_AUDIT group 1, CAP_AUDIT_READ),
 * which is complete where the kernel log is rate-limited. Must run in the machine's own network
 * namespace. WHERE: "here" is a process in the cgroup /CONTAINER; "gone" one that ended before that
 * could be asked; those of elsewhere are not printed.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/netlink.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { RECORD_BYTES = 16384, QUEUE_BYTES = 8 << 20 };

static int audit_open(void)
{
    struct sockaddr_nl group = { .nl_family = AF_NETLINK, .nl_groups = AUDIT_NLGRP_READLOG };
    int size = QUEUE_BYTES;
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT);

    if (fd < 0)
        return -errno;
    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0 ||
        bind(fd, (struct sockaddr *)&group, sizeof(group)) < 0) {
        int error = errno;
        close(fd);
        return -error;
    }
    return fd;
}

/* Copies the value of `key` (such as " pid=") into `ret_value`, without quotes; "?" when absent. */
static void record_field(const char *record, const char *key, char ret_value[static 256])
{
    const char *found = strstr(record, key);
    size_t length = 0;

    snprintf(ret_value, 256, "?");
    if (!found)
        return;
    found += strlen(key);
    if (*found == '"') {
        found++;
        length = strcspn(found, "\"");
    } else {
        length = strcspn(found, " ");
    }
    snprintf(ret_value, 256, "%.*s", (int)(length > 255 ? 255 : length), found);
}

/* "here", "gone", or NULL for a process of elsewhere. */
static const char *process_where(const char *pid, const char *container)
{
    char path[64];
    char content[4096] = "";

    snprintf(path, sizeof(path), "/proc/%.20s/cgroup", pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return "gone";
    ssize_t got = read(fd, content, sizeof(content) - 1);
    close(fd);
    if (got <= 0)
        return "gone";
    content[got] = '\0';
    return strstr(content, container) ? "here" : NULL;
}

static const char *action_name(unsigned long code)
{
    switch (code & SECCOMP_RET_ACTION_FULL) {
    case SECCOMP_RET_KILL_PROCESS:
    case SECCOMP_RET_KILL_THREAD:
        return "kill";
    case SECCOMP_RET_ERRNO:
        return "errno";
    case SECCOMP_RET_LOG:
        return "log";
    default:
        return "other";
    }
}

static void record_print(const char *record, const char *container)
{
    char pid[256], comm[256], exe[256], arch[256], number[256], code[256];

    record_field(record, " pid=", pid);
    const char *where = process_where(pid, container);
    if (!where)
        return;
    record_field(record, " comm=", comm);
    record_field(record, " exe=", exe);
    record_field(record, " arch=", arch);
    record_field(record, " syscall=", number);
    record_field(record, " code=", code);

    char *name = seccomp_syscall_resolve_num_arch((uint32_t)strtoul(arch, NULL, 16),
                                                  (int)strtol(number, NULL, 10));
    printf("%s %s %s %s %s\n", name ? name : number, comm, exe,
           action_name(strtoul(code, NULL, 16)), where);
    fflush(stdout);
    free(name);
}

int main(int argc, char **argv)
{
    static char buffer[RECORD_BYTES];

    if (argc != 2) {
        fprintf(stderr, "usage: denials CONTAINER\n");
        return 2;
    }
    int fd = audit_open();
    if (fd < 0) {
        printf("unavailable: cannot listen to the audit log: %s\n", strerror(-fd));
        return 1;
    }
    for (;;) {
        ssize_t got = recv(fd, buffer, sizeof(buffer) - 1, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            /* ENOBUFS: records were lost, so "nothing was refused" can no longer be said. */
            printf("lost: %s\n", strerror(errno));
            fflush(stdout);
            if (errno == ENOBUFS)
                continue;
            return 1;
        }
        buffer[got] = '\0';
        struct nlmsghdr header;
        if ((size_t)got <= sizeof(header))
            continue;
        memcpy(&header, buffer, sizeof(header));
        if (header.nlmsg_type == AUDIT_SECCOMP)
            record_print(buffer + sizeof(header), argv[1]);
    }
}
