// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Arguments by which a call needs a privilege or not: ids, targets, signals, limits, devices,
 * options. Values are the same from run to run: who is meant is said by class, never by pid.
 */
#include "decode/roles/option_names.h"
#include "decode/roles/role_kinds.h"
#include "decode/roles/roles.h"
#include "decode/task/decoder.h"
#include "decode/task/record.h"
#include "decode/task/remote.h"
#include "decode/task/task.h"
#include <linux/audit.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

static void privilege_see(struct role_context *context, const char *topic, const char *value)
{
    record_argument(context->decoder, context->task, context->call, topic, value, context->outcome);
}

static void privilege_end_text(struct role_context *context, const char *topic)
{
    if (context->call->text)
        privilege_see(context, topic, context->call->text);
}

/* Begins that found something to tell: its text waits for how the call ends. */
static void privilege_keep(struct role_context *context, char *text)
{
    free(context->call->text);
    context->call->text = text;
    context->call->wants_end = true;
}

static bool is_narrow_arch(const struct role_context *context)
{
    return !(context->call->kind->key.arch & __AUDIT_ARCH_64BIT);
}

/* ---- who is meant ---- */

struct ids {
    uid_t uids[3];
    gid_t gids[3];
};

static bool ids_of(const struct role_context *context, pid_t pid, struct ids *ret)
{
    const struct trace_ops *ops = context->decoder->ops;

    return ops->credentials(ops->context, pid, ret->uids, ret->gids) == 0;
}

/* kill(2): the sender's real or effective id must be the target's real or saved one. */
static bool is_of_other_user(const struct role_context *context, pid_t pid)
{
    struct ids own, other;

    if (!ids_of(context, context->task->tid, &own) || !ids_of(context, pid, &other))
        return false;
    return own.uids[0] != other.uids[0] && own.uids[0] != other.uids[2] &&
           own.uids[1] != other.uids[0] && own.uids[1] != other.uids[2];
}

/* "self", "service" (another process of it), "other"; with " other-user" where ids differ. */
static char *target_text(const struct role_context *context, pid_t pid)
{
    const struct task *task = context->task;
    bool is_service = task_pid_is_own(context->decoder, pid);

    if (pid == task->tid || pid == task->process->tgid)
        return mem_strdup("self");
    return mem_printf("%s%s", is_service ? "service" : "other",
                      is_of_other_user(context, pid) ? " other-user" : "");
}

void privilege_begin_target(struct role_context *context)
{
    pid_t pid = (pid_t)context->value;

    if (pid > 0 && pid != context->task->tid && pid != context->task->process->tgid)
        context->call->target = target_text(context, pid);
}

void privilege_end_target(struct role_context *context)
{
    if (context->call->target)
        privilege_see(context, "target", context->call->target);
}

/* ---- signals ---- */

static char *signal_text(uint32_t signal)
{
    const char *name = option_name(OPTION_SIGNAL, signal);

    if (signal == 0)
        return mem_strdup("0");
    if (name)
        return mem_strdup(name);
    /* signal(7): the first real-time ones are the C library's own. */
    return signal >= 32 && signal <= 64 ? mem_strdup("SIGRT") : mem_printf("%u", signal);
}

static char *signal_target(const struct role_context *context)
{
    pid_t pid = (pid_t)context->call->args[0];

    if (context->argument->how & SIGNAL_HOW_PIDFD)
        return mem_strdup("pidfd");
    if (context->argument->how & SIGNAL_HOW_GROUP && pid <= 0)
        return mem_strdup(pid == -1 ? "all" : "group");
    return target_text(context, pid);
}

void privilege_begin_signal(struct role_context *context)
{
    CLEANUP(free_char) char *name = signal_text((uint32_t)context->value);
    CLEANUP(free_char) char *target = signal_target(context);

    privilege_keep(context, mem_printf("%s %s", name, target));
}

void privilege_end_signal(struct role_context *context)
{
    privilege_end_text(context, "signal");
}

/* ---- ids ---- */

static bool id_is_among(uint32_t id, const uint32_t *own)
{
    return id == UINT32_MAX || id == own[0] || id == own[1] || id == own[2];
}

/* "33,33,-" and whether each is an id the task already had: those cost no privilege. */
static char *ids_text(const struct role_context *context, const char *kind, const uint32_t *own)
{
    struct str text = { 0 };
    bool is_other = false;

    str_add(&text, kind);
    for (unsigned i = 0; i < context->argument->use; i++) {
        uint32_t id = (uint32_t)context_next(context, i);
        /* On 32-bit machines the older calls have ids of 16 bits. */
        if (context->argument->how & IDS_HOW_SHORT && is_narrow_arch(context))
            id = (uint16_t)id == UINT16_MAX ? UINT32_MAX : (uint16_t)id;
        CLEANUP(free_char) char *number = id == UINT32_MAX ? NULL : mem_printf("%u", id);
        str_add(&text, i ? "," : " ");
        str_add(&text, number ? number : "-");
        is_other |= own && !id_is_among(id, own);
    }
    if (own)
        str_add(&text, is_other ? " other" : " own");
    return str_steal(&text);
}

void privilege_begin_ids(struct role_context *context)
{
    struct ids own;
    bool known = ids_of(context, context->task->tid, &own);
    bool is_gid = context->argument->how & IDS_HOW_GID;

    privilege_keep(context, ids_text(context, is_gid ? "gid" : "uid",
                                     known ? (is_gid ? own.gids : own.uids) : NULL));
}

void privilege_end_credentials(struct role_context *context)
{
    record_change(context->decoder, context->task->tid);
    privilege_end_text(context, "credentials");
}

void privilege_end_groups(struct role_context *context)
{
    record_change(context->decoder, context->task->tid);
    privilege_see(context, "credentials", context->value ? "groups" : "groups none");
}

/* capset(2): the sets of 64 bits in two halves, but for the first version of the interface. */
void privilege_begin_capset(struct role_context *context)
{
    struct __user_cap_header_struct header;
    struct __user_cap_data_struct data[2] = { 0 };
    struct decoder *decoder = context->decoder;

    context->call->wants_end = true;
    if (!remote_read(decoder, context->task, context->value, &header, sizeof(header)))
        return;
    size_t size = header.version == _LINUX_CAPABILITY_VERSION_1 ? sizeof(data[0]) : sizeof(data);
    if (!remote_read(decoder, context->task, context_next(context, 1), data, size))
        return;
    privilege_keep(context,
                   mem_printf("capabilities effective=0x%08x%08x permitted=0x%08x%08x "
                              "inheritable=0x%08x%08x",
                              data[1].effective, data[0].effective, data[1].permitted,
                              data[0].permitted, data[1].inheritable, data[0].inheritable));
}

/* ---- owners of files ---- */

void privilege_end_owner(struct role_context *context)
{
    char ids[2][16];

    for (unsigned i = 0; i < 2; i++) {
        uint32_t id = (uint32_t)context_next(context, i);
        if (context->argument->how & IDS_HOW_SHORT && is_narrow_arch(context))
            id = (uint16_t)id == UINT16_MAX ? UINT32_MAX : (uint16_t)id;
        snprintf(ids[i], sizeof(ids[i]), "%u", id);
        if (id == UINT32_MAX)
            strcpy(ids[i], "-");
    }
    CLEANUP(free_char) char *text = mem_printf("%s:%s", ids[0], ids[1]);
    privilege_see(context, "ownership", text);
}

/* ---- limits ---- */

/* A limit as it stands in memory: words of the task's size for setrlimit(2), always 64 bits for
 * prlimit(2). */
static bool limit_read(struct role_context *context, uint64_t at, uint64_t ret[2])
{
    bool wide = context->argument->how & LIMIT_HOW_WIDE || context->call->kind->wide;
    uint32_t halves[2];

    if (wide)
        return remote_read(context->decoder, context->task, at, ret, 2 * sizeof(ret[0]));
    if (!remote_read(context->decoder, context->task, at, halves, sizeof(halves)))
        return false;
    for (int i = 0; i < 2; i++)
        ret[i] = halves[i] == UINT32_MAX ? UINT64_MAX : halves[i];
    return true;
}

/* getrlimit(2): only more than the hard limit needs a privilege. */
static const char *limit_change(struct role_context *context, uint32_t resource,
                                const uint64_t wanted[2])
{
    const struct trace_ops *ops = context->decoder->ops;
    uint64_t now[2];

    if (!ops->limit || ops->limit(ops->context, context->task->tid, (int)resource, now) < 0)
        return "";
    return wanted[1] > now[1] ? " raise-hard" : "";
}

void privilege_begin_limit(struct role_context *context)
{
    uint32_t resource = (uint32_t)context->value;
    const char *name = option_name(OPTION_LIMIT, resource);
    uint64_t wanted[2], at = context_next(context, 1);

    if (!at || !limit_read(context, at, wanted))
        return; /* it only asks */
    const char *change = limit_change(context, resource, wanted);
    privilege_keep(context,
                   name ? mem_printf("%s%s", name, change) : mem_printf("%u%s", resource, change));
}

void privilege_end_limit(struct role_context *context)
{
    privilege_end_text(context, "rlimit");
}

/* ---- options by name ---- */

void privilege_begin_socket_option(struct role_context *context)
{
    uint32_t level = (uint32_t)context->value, option = (uint32_t)context_next(context, 1);
    const char *name = option_socket_name(level, option);

    if (name)
        privilege_keep(context, mem_strdup(name));
}

void privilege_end_socket_option(struct role_context *context)
{
    privilege_end_text(context, "socket-option");
}

void privilege_begin_peer_option(struct role_context *context)
{
    uint32_t option = (uint32_t)context->value;

    if (context->call->args[1] == SOL_SOCKET && (option == SO_PEERCRED || option == SO_PEERGROUPS))
        privilege_keep(context,
                       mem_strdup(option == SO_PEERCRED ? "SO_PEERCRED" : "SO_PEERGROUPS"));
}

void privilege_end_ipc_key(struct role_context *context)
{
    privilege_see(context, "ipc-key", (uint32_t)context->value ? "key" : "IPC_PRIVATE");
}

/* ---- mounts ---- */

#define TYPE_LIMIT 256

void privilege_begin_mount_type(struct role_context *context)
{
    CLEANUP(free_char) char *type = NULL;

    context->call->wants_end = true;
    bool is_whole = context->value && remote_string(context->decoder, context->task, context->value,
                                                    TYPE_LIMIT, &type) == 0;
    CLEANUP(free_char) char *shown = is_whole && *type ? text_encode_string(type) : mem_strdup("-");
    bool has_flags = context->argument->how & MOUNT_HOW_FLAGS;
    CLEANUP(free_char)
    char *flags = has_flags ? option_flags(OPTION_MOUNT, context_next(context, 1)) : NULL;
    privilege_keep(context, mem_printf("%s%s%s", shown, flags && *flags ? " " : "",
                                       flags && *flags ? flags : ""));
}

void privilege_end_mount_type(struct role_context *context)
{
    privilege_end_text(context, "mount");
}

/* ---- ioctl ---- */

/* Requests that the kernel answers for every descriptor or terminal, asked often and by everyone:
 * they need no privilege and name no device. asm-generic/ioctls.h. */
const uint32_t privilege_ioctl_common[] = {
    0x5401, /* TCGETS */
    0x5413, /* TIOCGWINSZ */
    0x540f, /* TIOCGPGRP */
    0x541b, /* FIONREAD */
    0x5421, /* FIONBIO */
    0x5450, /* FIONCLEX */
    0x5451, /* FIOCLEX */
    0x5452, /* FIOASYNC */
    0,
};

static bool ioctl_is_common(uint32_t request)
{
    for (size_t i = 0; privilege_ioctl_common[i]; i++)
        if (privilege_ioctl_common[i] == request)
            return true;
    return false;
}

/* The device's path with every number as a star: one class for all terminals, disks, loops. */
static char *device_class(const char *path)
{
    CLEANUP(free_char) char *encoded = text_encode_string(path);
    struct str text = { 0 };

    for (const char *at = encoded; *at;) {
        size_t digits = strspn(at, "0123456789");
        size_t others = strcspn(at, "0123456789");
        if (digits)
            str_add(&text, "*");
        else
            str_add_bytes(&text, at, others);
        at += digits ? digits : others;
    }
    return str_steal(&text);
}

static char *ioctl_class(const struct role_context *context)
{
    const struct trace_ops *ops = context->decoder->ops;
    CLEANUP(free_char) char *link = NULL;

    if (ops->fd_link(ops->context, context->task->tid, (int)context->call->args[0], &link) < 0)
        return NULL;
    if (str_starts_with(link, "/dev/"))
        return device_class(link);
    if (str_starts_with(link, "socket:"))
        return mem_strdup("socket");
    return link[0] == '/' ? mem_strdup("file") : NULL;
}

void privilege_begin_ioctl(struct role_context *context)
{
    uint32_t request = (uint32_t)context->value;
    CLEANUP(free_char) char *class = ioctl_is_common(request) ? NULL : ioctl_class(context);

    if (class)
        privilege_keep(context, mem_printf("0x%04x %s", request, class));
}

void privilege_end_ioctl(struct role_context *context)
{
    privilege_end_text(context, "ioctl");
}
