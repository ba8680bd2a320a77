// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * When a call takes a capability: capabilities(7), checked against the kernel's own word on Linux
 * 6.18 (capability:cap_capable). A rule says what would have failed without it; what may have gone
 * on without is a guess, and counts only where the kernel cannot be asked.
 */
#include "decode/roles/capability.h"
#include "decode/task/decoder.h"
#include "decode/task/remote.h"
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/netlink.h>
#include <linux/prctl.h>
#include <linux/sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/timex.h>
#include <time.h>

#define Q const struct capability_question *question

/* ---- what the begin of the call found already ---- */

static bool text_ends(const char *text, const char *end)
{
    size_t length = text ? strlen(text) : 0, wanted = strlen(end);

    return length >= wanted && strcmp(text + length - wanted, end) == 0;
}

static bool other_users_target(Q)
{
    return text_ends(question->call->target, "other-user");
}

static bool other_users_signal(Q)
{
    return text_ends(question->call->text, "other-user");
}

static bool other_id(Q)
{
    return text_ends(question->call->text, " other");
}

static bool hard_limit(Q)
{
    return text_ends(question->call->text, " raise-hard");
}

static bool alarm_clock(Q)
{
    return question->call->args[0] == CLOCK_REALTIME_ALARM ||
           question->call->args[0] == CLOCK_BOOTTIME_ALARM;
}

/* Those that belong to CAP_NET_ADMIN, some to CAP_NET_RAW as well; TCP_CONGESTION mostly to none.
 */
static bool socket_option(Q)
{
    const char *name = question->call->text;

    return name && strcmp(name, "TCP_CONGESTION") != 0 && strcmp(name, "SO_BINDTODEVICE") != 0;
}

/* ---- arguments ---- */

static bool raw_socket(Q)
{
    const uint64_t *args = question->call->args;

    return args[0] == AF_PACKET ||
           ((args[0] == AF_INET || args[0] == AF_INET6) && (args[1] & 0xf) == SOCK_RAW);
}

static bool audit_socket(Q)
{
    return question->call->args[0] == AF_NETLINK && question->call->args[2] == NETLINK_AUDIT;
}

static bool is_device(uint64_t mode, uint64_t device)
{
    return S_ISBLK((mode_t)mode) || (S_ISCHR((mode_t)mode) && device); /* 0:0 is a whiteout */
}

static bool device_node(Q)
{
    return is_device(question->call->args[1], question->call->args[2]);
}

static bool device_node_at(Q)
{
    return is_device(question->call->args[2], question->call->args[3]);
}

/* user_namespaces(7): in a user namespace of its own a task has them all. */
static bool is_privileged_namespace(uint64_t flags)
{
    return !(flags & CLONE_NEWUSER) &&
           flags & (CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWPID | CLONE_NEWNET |
                    CLONE_NEWCGROUP | CLONE_NEWTIME);
}

static bool cloned_namespace(Q)
{
    return is_privileged_namespace(question->call->flags);
}

static bool unshared_namespace(Q)
{
    return is_privileged_namespace((uint32_t)question->call->args[0]);
}

static bool capability_prctl(Q)
{
    uint64_t option = question->call->args[0];

    return option == PR_CAPBSET_DROP || option == PR_SET_SECUREBITS;
}

static bool memory_prctl(Q)
{
    return question->call->args[0] == PR_SET_MM;
}

/* It must be permitted to become ambient, which the kernel does not ask as a capability check. */
static uint64_t ambient_capability(Q)
{
    const uint64_t *args = question->call->args;

    return args[0] == PR_CAP_AMBIENT && args[1] == PR_CAP_AMBIENT_RAISE && args[2] < 63
               ? (uint64_t)1 << args[2]
               : 0;
}

/* capset(2) fails when it names what is not permitted. A set that is most of what there was came
 * from capget(2), and would have been smaller. */
static uint64_t kept_capabilities(Q)
{
    uint64_t had = question->privileges->permitted, kept;
    const char *text = question->call->text, *at = text ? strstr(text, " permitted=") : NULL;

    if (!at)
        return 0;
    kept = strtoull(at + strlen(" permitted="), NULL, 16) & had;
    return 2 * __builtin_popcountll(kept) > __builtin_popcountll(had) ? 0 : kept;
}

static bool timex_sets(const struct capability_question *question, uint64_t address)
{
    uint32_t modes = 0;

    return remote_read(question->decoder, question->task, address, &modes, sizeof(modes)) && modes;
}

static bool adjusted_time(Q)
{
    return timex_sets(question, question->call->args[0]);
}

static bool adjusted_clock(Q)
{
    return timex_sets(question, question->call->args[1]);
}

/* ---- ports ---- */

#define PORT_FILE "/proc/sys/net/ipv4/ip_unprivileged_port_start"

static int first_free_port(const struct capability_question *question)
{
    const struct trace_ops *ops = question->decoder->ops;
    char text[16] = "";
    struct stat st;
    ssize_t got =
        ops->read_file(ops->context, question->task->tid, PORT_FILE, text, sizeof(text) - 1, &st);

    return got > 0 ? (int)strtol(text, NULL, 10) : 1024; /* ip(7) */
}

static bool low_port(Q)
{
    const struct address *address = &question->call->address;

    return address->host && (address->family == AF_INET || address->family == AF_INET6) &&
           address->port > 0 && address->port < first_free_port(question);
}

/* ---- files ---- */

static bool file_status(const struct capability_question *question, struct stat *ret)
{
    const struct trace_ops *ops = question->decoder->ops;
    const struct call *call = question->call;

    for (unsigned i = 0; ops->status && i < ARGUMENT_COUNT; i++)
        if (call->paths[i])
            return ops->status(ops->context, question->task->tid, call->paths[i]->path, ret) == 0;
    return false;
}

static bool is_member(const struct trace_privileges *privileges, gid_t gid)
{
    for (size_t i = 0; i < privileges->group_count; i++)
        if (privileges->groups[i] == gid)
            return true;
    return gid == privileges->fsgid;
}

/* chown_ok() and chgrp_ok() of the kernel's fs/attr.c. `at`: where the ids stand. */
static bool is_chown(const struct capability_question *question, unsigned at)
{
    const struct trace_privileges *privileges = question->privileges;
    uint32_t uid = (uint32_t)question->call->args[at], gid = (uint32_t)question->call->args[at + 1];
    struct stat st;

    if (!file_status(question, &st))
        return false;
    bool is_owner = st.st_uid == privileges->fsuid;
    if (uid != UINT32_MAX && !(is_owner && uid == st.st_uid))
        return true;
    return gid != UINT32_MAX &&
           !(is_owner && (gid == st.st_gid || is_member(privileges, (gid_t)gid)));
}

static bool chown_file(Q)
{
    return is_chown(question, 1);
}

static bool chown_file_at(Q)
{
    return is_chown(question, 2);
}

static bool other_users_file(Q)
{
    struct stat st;

    return file_status(question, &st) && st.st_uid != question->privileges->fsuid;
}

/* A time that is given, not "now". */
static bool other_users_time(Q)
{
    return question->call->args[2] && other_users_file(question);
}

/* The directory and what is in it belong to others, and it is sticky (inode(7)). */
static bool sticky_entry(Q)
{
    const struct trace_ops *ops = question->decoder->ops;
    const struct call *call = question->call;
    struct stat st;
    unsigned at = 0;

    while (at < ARGUMENT_COUNT && !call->paths[at])
        at++;
    if (at == ARGUMENT_COUNT || !other_users_file(question))
        return false;
    CLEANUP(free_char) char *parent = path_parent(call->paths[at]->path);
    return ops->status(ops->context, question->task->tid, parent, &st) == 0 &&
           st.st_mode & S_ISVTX && st.st_uid != question->privileges->fsuid;
}

static bool attribute_is(const struct capability_question *question, const char *start, bool whole)
{
    CLEANUP(free_char) char *name = NULL;

    if (remote_string(question->decoder, question->task, question->call->args[1], 256, &name) < 0)
        return false;
    return whole ? strcmp(name, start) == 0 : str_starts_with(name, start);
}

static bool capability_attribute(Q)
{
    return attribute_is(question, "security.capability", true);
}

static bool privileged_attribute(Q)
{
    return attribute_is(question, "trusted.", false) ||
           (attribute_is(question, "security.", false) && !capability_attribute(question));
}

/* clang-format off */
#define RULE(call, capability, holds)  { call, capability, CAPABILITY_RULE, holds, NULL }
#define GUESS(call, capability, holds) { call, capability, CAPABILITY_GUESS, holds, NULL }
#define NAMED(call, which)             { call, 0, CAPABILITY_RULE, NULL, which }

const struct capability_rule capability_rules[] = {
    RULE("acct", CAP_SYS_PACCT, NULL),
    RULE("adjtimex", CAP_SYS_TIME, adjusted_time),
    RULE("bind", CAP_NET_BIND_SERVICE, low_port),
    GUESS("bpf", CAP_BPF, NULL),
    GUESS("bpf", CAP_PERFMON, NULL),
    NAMED("capset", kept_capabilities),
    RULE("chmod", CAP_FOWNER, other_users_file),
    RULE("chown", CAP_CHOWN, chown_file),
    RULE("chown32", CAP_CHOWN, chown_file),
    RULE("chroot", CAP_SYS_CHROOT, NULL),
    RULE("clock_adjtime", CAP_SYS_TIME, adjusted_clock),
    RULE("clock_adjtime64", CAP_SYS_TIME, adjusted_clock),
    RULE("clock_settime", CAP_SYS_TIME, NULL),
    RULE("clock_settime64", CAP_SYS_TIME, NULL),
    RULE("clone", CAP_SYS_ADMIN, cloned_namespace),
    RULE("clone3", CAP_SYS_ADMIN, cloned_namespace),
    RULE("delete_module", CAP_SYS_MODULE, NULL),
    RULE("fchmod", CAP_FOWNER, other_users_file),
    RULE("fchmodat", CAP_FOWNER, other_users_file),
    RULE("fchmodat2", CAP_FOWNER, other_users_file),
    RULE("fchown", CAP_CHOWN, chown_file),
    RULE("fchown32", CAP_CHOWN, chown_file),
    RULE("fchownat", CAP_CHOWN, chown_file_at),
    RULE("finit_module", CAP_SYS_MODULE, NULL),
    RULE("fsetxattr", CAP_SETFCAP, capability_attribute),
    RULE("fsetxattr", CAP_SYS_ADMIN, privileged_attribute),
    GUESS("fsmount", CAP_SYS_ADMIN, NULL),
    GUESS("fsopen", CAP_SYS_ADMIN, NULL),
    GUESS("fspick", CAP_SYS_ADMIN, NULL),
    RULE("init_module", CAP_SYS_MODULE, NULL),
    RULE("ioperm", CAP_SYS_RAWIO, NULL),
    RULE("iopl", CAP_SYS_RAWIO, NULL),
    GUESS("ioprio_set", CAP_SYS_NICE, NULL),
    RULE("kcmp", CAP_SYS_PTRACE, other_users_target),
    RULE("kexec_file_load", CAP_SYS_BOOT, NULL),
    RULE("kexec_load", CAP_SYS_BOOT, NULL),
    RULE("kill", CAP_KILL, other_users_signal),
    RULE("lchown", CAP_CHOWN, chown_file),
    RULE("lchown32", CAP_CHOWN, chown_file),
    GUESS("link", CAP_FOWNER, other_users_file),
    GUESS("linkat", CAP_FOWNER, other_users_file),
    RULE("lsetxattr", CAP_SETFCAP, capability_attribute),
    RULE("lsetxattr", CAP_SYS_ADMIN, privileged_attribute),
    RULE("migrate_pages", CAP_SYS_PTRACE, other_users_target),
    RULE("mknod", CAP_MKNOD, device_node),
    RULE("mknodat", CAP_MKNOD, device_node_at),
    GUESS("mlock", CAP_IPC_LOCK, NULL),
    GUESS("mlock2", CAP_IPC_LOCK, NULL),
    GUESS("mlockall", CAP_IPC_LOCK, NULL),
    RULE("mount", CAP_SYS_ADMIN, NULL),
    RULE("mount_setattr", CAP_SYS_ADMIN, NULL),
    RULE("move_mount", CAP_SYS_ADMIN, NULL),
    RULE("move_pages", CAP_SYS_PTRACE, other_users_target),
    RULE("open_by_handle_at", CAP_DAC_READ_SEARCH, NULL),
    GUESS("open_tree", CAP_SYS_ADMIN, NULL),
    GUESS("perf_event_open", CAP_PERFMON, NULL),
    GUESS("pidfd_getfd", CAP_SYS_PTRACE, NULL),
    RULE("pivot_root", CAP_SYS_ADMIN, NULL),
    RULE("prctl", CAP_SETPCAP, capability_prctl),
    RULE("prctl", CAP_SYS_RESOURCE, memory_prctl),
    NAMED("prctl", ambient_capability),
    RULE("prlimit64", CAP_SYS_RESOURCE, hard_limit),
    RULE("prlimit64", CAP_SYS_RESOURCE, other_users_target),
    RULE("process_vm_readv", CAP_SYS_PTRACE, other_users_target),
    RULE("process_vm_writev", CAP_SYS_PTRACE, other_users_target),
    RULE("ptrace", CAP_SYS_PTRACE, other_users_target),
    GUESS("quotactl", CAP_SYS_ADMIN, NULL),
    RULE("reboot", CAP_SYS_BOOT, NULL),
    GUESS("rename", CAP_FOWNER, sticky_entry),
    GUESS("renameat", CAP_FOWNER, sticky_entry),
    GUESS("renameat2", CAP_FOWNER, sticky_entry),
    RULE("rmdir", CAP_FOWNER, sticky_entry),
    RULE("rt_sigqueueinfo", CAP_KILL, other_users_signal),
    RULE("rt_tgsigqueueinfo", CAP_KILL, other_users_signal),
    RULE("sched_setaffinity", CAP_SYS_NICE, other_users_target),
    GUESS("sched_setattr", CAP_SYS_NICE, NULL),
    GUESS("sched_setparam", CAP_SYS_NICE, NULL),
    GUESS("sched_setscheduler", CAP_SYS_NICE, NULL),
    RULE("setdomainname", CAP_SYS_ADMIN, NULL),
    RULE("setfsgid", CAP_SETGID, other_id),
    RULE("setfsgid32", CAP_SETGID, other_id),
    RULE("setfsuid", CAP_SETUID, other_id),
    RULE("setfsuid32", CAP_SETUID, other_id),
    RULE("setgid", CAP_SETGID, other_id),
    RULE("setgid32", CAP_SETGID, other_id),
    RULE("setgroups", CAP_SETGID, NULL),
    RULE("setgroups32", CAP_SETGID, NULL),
    RULE("sethostname", CAP_SYS_ADMIN, NULL),
    RULE("setns", CAP_SYS_ADMIN, NULL),
    GUESS("setpriority", CAP_SYS_NICE, NULL),
    RULE("setregid", CAP_SETGID, other_id),
    RULE("setregid32", CAP_SETGID, other_id),
    RULE("setresgid", CAP_SETGID, other_id),
    RULE("setresgid32", CAP_SETGID, other_id),
    RULE("setresuid", CAP_SETUID, other_id),
    RULE("setresuid32", CAP_SETUID, other_id),
    RULE("setreuid", CAP_SETUID, other_id),
    RULE("setreuid32", CAP_SETUID, other_id),
    RULE("setrlimit", CAP_SYS_RESOURCE, hard_limit),
    GUESS("setsockopt", CAP_NET_ADMIN, socket_option),
    GUESS("setsockopt", CAP_NET_RAW, socket_option),
    RULE("settimeofday", CAP_SYS_TIME, NULL),
    RULE("setuid", CAP_SETUID, other_id),
    RULE("setuid32", CAP_SETUID, other_id),
    RULE("setxattr", CAP_SETFCAP, capability_attribute),
    RULE("setxattr", CAP_SYS_ADMIN, privileged_attribute),
    GUESS("socket", CAP_AUDIT_WRITE, audit_socket),
    RULE("socket", CAP_NET_RAW, raw_socket),
    RULE("stime", CAP_SYS_TIME, NULL),
    RULE("swapoff", CAP_SYS_ADMIN, NULL),
    RULE("swapon", CAP_SYS_ADMIN, NULL),
    GUESS("syslog", CAP_SYSLOG, NULL),
    RULE("tgkill", CAP_KILL, other_users_signal),
    RULE("timer_create", CAP_WAKE_ALARM, alarm_clock),
    RULE("timerfd_create", CAP_WAKE_ALARM, alarm_clock),
    RULE("tkill", CAP_KILL, other_users_signal),
    RULE("umount", CAP_SYS_ADMIN, NULL),
    RULE("umount2", CAP_SYS_ADMIN, NULL),
    RULE("unlink", CAP_FOWNER, sticky_entry),
    RULE("unlinkat", CAP_FOWNER, sticky_entry),
    RULE("unshare", CAP_SYS_ADMIN, unshared_namespace),
    GUESS("userfaultfd", CAP_SYS_PTRACE, NULL),
    RULE("utimensat", CAP_FOWNER, other_users_time),
    RULE("utimensat_time64", CAP_FOWNER, other_users_time),
    RULE("vhangup", CAP_SYS_TTY_CONFIG, NULL),
};
/* clang-format on */
const size_t capability_rule_count = ELEMENTS_OF(capability_rules);
