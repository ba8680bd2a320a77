// SPDX-License-Identifier: LGPL-2.1-or-later
/* Capabilities that the kernel checks per call: measured on Linux 6.18 with a program that tries
 * about 190 calls with and without them. */
#include "systemd/core/capability_table.h"
#include "systemd/core/veto.h"
#include <string.h>

#define VETOES(...) ((const struct veto[]){ __VA_ARGS__, { 0 } })

#define FILE_CALLS                                                                                 \
    "open openat openat2 creat read pread64 readv preadv preadv2 write pwrite64 writev pwritev "   \
    "pwritev2 stat stat64 lstat lstat64 fstat fstat64 newfstatat fstatat64 statx access "          \
    "faccessat faccessat2 getdents getdents64 close chdir readlink readlinkat"
#define WRITE_CALLS "write pwrite64 writev pwritev pwritev2 sendfile sendfile64 splice"

const struct capability_row capability_rows[] = {
    /* Every new mapping asks whether the last memory is for it, too (cap_vm_enough_memory() in
     * security/commoncap.c), and so may any page fault. What is left are calls that ask for it on
     * their own account. */
    { "CAP_SYS_ADMIN", "clone clone3", true, VETOES({ VETO_ARGUMENT_OTHER, "namespace", "user" }) },
    { "CAP_SYS_ADMIN", WRITE_CALLS, true,
      VETOES({ VETO_WRITE, "/proc", NULL }, { VETO_WRITE, "/sys", NULL }) },
    { "CAP_SYS_ADMIN",
      "add_key bpf fanotify_init fanotify_mark fcntl fcntl64 fgetxattr fremovexattr fsconfig "
      "fsetxattr fsmount fsopen fspick getxattr getxattrat ioctl ioprio_set keyctl lgetxattr "
      "listmount lookup_dcookie lremovexattr lsetxattr mount mount_setattr move_mount msgctl "
      "open open_by_handle_at open_tree open_tree_attr openat openat2 perf_event_open "
      "pidfd_getfd pivot_root prctl process_madvise quotactl quotactl_fd removexattr "
      "removexattrat seccomp semctl sendmmsg sendmsg setdomainname sethostname setns setxattr "
      "setxattrat shmctl statmount swapoff swapon syslog umount umount2 unshare",
      true, NULL },
    { "CAP_SYS_ADMIN", NULL, false, NULL },
    { "CAP_IPC_LOCK", "io_uring_setup", false, NULL },
    { "CAP_NET_ADMIN", "setsockopt", true,
      VETOES({ VETO_ARGUMENT_OTHER, "socket-option", "TCP_CONGESTION SO_BINDTODEVICE" }) },
    { "CAP_NET_ADMIN", "setsockopt", false, NULL },
    { "CAP_NET_ADMIN", "socket", true, VETOES({ VETO_SOCKET, "AF_KEY", NULL }) },
    { "CAP_NET_ADMIN", "socket", false, NULL },
    /* Reading /proc/sys/net asks who is the owner there (net_ctl_permissions()). */
    { "CAP_NET_ADMIN", FILE_CALLS, true, VETOES({ VETO_WRITE, "/proc/sys/net", NULL }) },
    { "CAP_NET_ADMIN", FILE_CALLS, false, NULL },
    /* A network interface that is not there is looked for as a module's name, too. */
    { "CAP_SYS_MODULE", "ioctl", false, NULL },
    /* Only a mode with the set-group-id bit can lose it. */
    { "CAP_FSETID", "chmod fchmod fchmodat fchmodat2", true,
      VETOES({ VETO_ARGUMENT, "setid-mode", NULL }) },
    { "CAP_FSETID",
      "chmod fchmod fchmodat fchmodat2 chown chown32 fchown fchown32 fchownat lchown lchown32",
      false, NULL },
    /* At an exec the kernel asks whether the tracer has it. */
    { "CAP_SYS_PTRACE", "execve execveat", false, NULL },
    /* /proc/PID/stat of others hides addresses from who has it not. */
    { "CAP_SYS_PTRACE", "read pread64 readv", false, NULL },
    { "CAP_SYSLOG", FILE_CALLS, true,
      VETOES({ VETO_TOUCH, "/dev/kmsg", NULL }, { VETO_TOUCH, "/proc/kmsg", NULL },
             { VETO_TOUCH, "/proc/kallsyms", NULL }) },
    { "CAP_SYSLOG", FILE_CALLS, false, NULL },
    { "CAP_SETPCAP", "capset", false, NULL },
};
const size_t capability_row_count = ELEMENTS_OF(capability_rows);

static bool row_matches(const struct profile *profile, const struct capability_row *row,
                        const struct capability_fact *capability)
{
    return strcmp(row->name, capability->name) == 0 &&
           (!row->calls || (*capability->call && str_has_word(row->calls, capability->call))) &&
           (!row->if_seen || veto_applies(profile, row->if_seen));
}

/* setuid(2) asks before it looks whether the id is one that the caller has anyway. */
static bool is_own_id(const struct profile *profile, const struct capability_fact *capability)
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_ARGUMENT, &count);
    bool own = false;

    if (strcmp(capability->name, "CAP_SETUID") != 0 && strcmp(capability->name, "CAP_SETGID") != 0)
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct argument_fact *argument = &facts[i]->argument;
        size_t length = strlen(argument->value);
        if (strcmp(argument->topic, "credentials") != 0 ||
            strcmp(argument->call, capability->call) != 0)
            continue;
        own = length > 4 && strcmp(argument->value + length - 4, " own") == 0;
        if (!own)
            return false;
    }
    return own;
}

static bool kernel_word_counts(const struct profile *profile,
                               const struct capability_fact *capability)
{
    if (is_own_id(profile, capability))
        return false;
    for (size_t i = 0; i < capability_row_count; i++)
        if (row_matches(profile, &capability_rows[i], capability))
            return capability_rows[i].needed;
    return true;
}

const struct run *capability_unwatched(const struct profile *profile, enum capability_watch watch)
{
    size_t count;
    const struct run *const *runs = profile_runs(profile, &count);

    for (size_t i = 0; i < count; i++)
        if (runs[i]->capabilities < watch)
            return runs[i];
    return NULL;
}

const struct fact *capability_needed(const struct profile *profile, const char *name)
{
    const struct fact *found[CAPABILITY_BASES] = { NULL };
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_CAPABILITY, &count);
    bool guesses_count = capability_unwatched(profile, CAPABILITIES_BY_GRANT);

    for (size_t i = 0; i < count; i++) {
        const struct capability_fact *capability = &facts[i]->capability;
        if (facts[i]->outcome != 0 || (name && strcmp(capability->name, name) != 0) ||
            found[capability->basis])
            continue;
        if (capability->basis == CAPABILITY_KERNEL && !kernel_word_counts(profile, capability))
            continue;
        found[capability->basis] = facts[i];
    }
    if (found[CAPABILITY_RULE])
        return found[CAPABILITY_RULE];
    if (found[CAPABILITY_KERNEL])
        return found[CAPABILITY_KERNEL];
    return guesses_count ? found[CAPABILITY_GUESS] : NULL;
}

/* Linux 5.8 and 5.9; systemd takes its list from the kernel headers it is built with. */
int capability_since(const char *name)
{
    return str_has_word("CAP_PERFMON CAP_BPF CAP_CHECKPOINT_RESTORE", name) ? 248 : 0;
}
