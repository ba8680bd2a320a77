// SPDX-License-Identifier: LGPL-2.1-or-later
/* System calls: the filter, and the directives that refuse some or all uses of a call that the
 * filter lets through. All of them are seccomp filters; of two that refuse a call the one that is
 * installed last, SystemCallFilter=, says with which error (seccomp(2)). */
#include "render/refusal.h"
#include <string.h>

/* ---- SystemCallFilter= ----------------------------------------------------------------------- */

static bool value_brings(const struct value *value, const char *name)
{
    return strcmp(value->text, name) == 0 || strings_has(&value->covers, name) ||
           strings_has(&value->excess.names, name);
}

bool refusal_call_passes(const struct refusal *refusal, const char *name)
{
    const struct verdict *filter = refusal_line(refusal, "SystemCallFilter");

    if (!filter)
        return true;
    for (size_t i = 0; i < filter->count; i++)
        if (value_brings(&filter->values[i], name))
            return !filter->inverted;
    return filter->inverted || strings_has(&filter->excess.names, name);
}

/* What a call that is not listed ends in. */
static void filter_refuses(struct refusal *refusal, const char *name)
{
    const struct target *target = &refusal->suggestion->target;
    const struct excess *excess = &refusal_line(refusal, "SystemCallFilter")->excess;
    /* Of calls that it does not know itself systemd says so from 257 on (measured). */
    bool unknown = target->version >= 257 && !call_is_known(refusal->profile, target, name);
    const char *error = unknown ? "ENOSYS" : refusal_value(refusal, "SystemCallErrorNumber");
    const char *unless =
        excess->names.count < excess->count ? ", unless it is in @default of this systemd" : "";

    if (*error)
        refusal_say(refusal, "refused by SystemCallFilter=, with %s%s", error, unless);
    else
        refusal_say(refusal, "refused by SystemCallFilter=: SIGSYS ends the process%s", unless);
}

/* A call that no training used and no value names. */
static void filter_grants(struct refusal *refusal, const char *name)
{
    const struct verdict *filter = refusal_line(refusal, "SystemCallFilter");
    const char *group = NULL;

    for (size_t i = 0; filter && i < filter->count; i++) {
        const struct value *value = &filter->values[i];
        if (strcmp(value->text, name) == 0 || strings_has(&value->covers, name))
            return;
        if (strings_has(&value->excess.names, name))
            group = value->text;
    }
    if (group)
        refusal_say(refusal, "allowed by SystemCallFilter=%s, which has it", group);
    else if (filter && strings_has(&filter->excess.names, name))
        refusal_say(refusal, "allowed by SystemCallFilter=: systemd adds @default to every list");
}

/* ---- other directives ------------------------------------------------------------------------ */

static const struct row {
    const char *calls; /* a blank between two */
    const char *directive, *error;
    const char *what; /* "": every use */
    int since;        /* of the systemd that refuses it; 0: each */
} rows[] = {
    { "clone3", "RestrictNamespaces", "ENOSYS", "", 0 },
    { "clone unshare setns", "RestrictNamespaces", "EPERM",
      "namespace types that it does not allow", 0 },
    { "openat2", "RestrictSUIDSGID", "ENOSYS", "", 0 },
    { "chmod fchmod fchmodat fchmodat2 mkdir mkdirat mknod mknodat creat open openat",
      "RestrictSUIDSGID", "EPERM", "set-user-ID and set-group-ID modes", 0 },
    { "personality", "LockPersonality", "EPERM", "every value but the present one", 0 },
    { "sched_setscheduler", "RestrictRealtime", "EPERM",
      "real-time policies and SCHED_RESET_ON_FORK", 0 },
    { "sched_setattr", "RestrictRealtime", "EPERM", "", 262 },
    { "socket", "RestrictAddressFamilies", "EAFNOSUPPORT", "address families that are not listed",
      0 },
    { "bind", "SocketBindDeny", "EPERM", "ports that SocketBindAllow= does not list", 0 },
    { "execve execveat", "NoExecPaths", "EACCES",
      "files below its paths that ExecPaths= does not list", 0 },
    { "adjtimex clock_adjtime clock_adjtime64 clock_settime clock_settime64 settimeofday",
      "ProtectClock", "EPERM", "", 0 },
    { "init_module finit_module delete_module", "ProtectKernelModules", "EPERM", "", 0 },
    { "syslog", "ProtectKernelLogs", "EPERM", "", 0 },
    { "sethostname setdomainname", "ProtectHostname", "EPERM", "", 0 },
    { "ioperm iopl pciconfig_iobase pciconfig_read pciconfig_write s390_pci_mmio_read "
      "s390_pci_mmio_write",
      "PrivateDevices", "EPERM", "", 0 },
    { "mknod mknodat", "PrivateDevices", "EPERM", "device nodes", 0 },
};

/* By a filter, before 254; by prctl(PR_SET_MDWE) from then on, where the kernel has it (6.3). */
static void refuse_memory(struct refusal *refusal, const char *name)
{
    bool is_filter = refusal->suggestion->target.version < 254;

    if (!refusal_is_on(refusal, "MemoryDenyWriteExecute"))
        return;
    if (str_has_word("mmap mmap2 mprotect pkey_mprotect", name))
        refusal_add(refusal, "memory that is writable and executable, or becomes executable",
                    "MemoryDenyWriteExecute",
                    is_filter ? "EPERM" : "EACCES (EPERM before Linux 6.3)");
    if (is_filter && strcmp(name, "shmat") == 0)
        refusal_add(refusal, "SHM_EXEC", "MemoryDenyWriteExecute", "EPERM");
}

static void refuse_uses(struct refusal *refusal, const char *name)
{
    for (size_t i = 0; i < ELEMENTS_OF(rows); i++)
        if (str_has_word(rows[i].calls, name) && refusal_is_on(refusal, rows[i].directive) &&
            refusal->suggestion->target.version >= rows[i].since)
            refusal_add(refusal, rows[i].what, rows[i].directive, rows[i].error);
    refuse_memory(refusal, name);
}

void refusal_call(struct refusal *refusal, const char *name)
{
    bool is_logged = refusal_line(refusal, "SystemCallLog") != NULL;

    if (!refusal_call_passes(refusal, name)) {
        filter_refuses(refusal, name);
        return;
    }
    filter_grants(refusal, name);
    refuse_uses(refusal, name);
    if (refusal->lines.count || refusal_line(refusal, "SystemCallFilter"))
        return;
    if (is_logged)
        refusal_say(refusal, "not refused: SystemCallLog= logs it where the list does not have it");
    else
        refusal_say_unset(refusal, "SystemCallFilter");
}

/* ---- groups ---------------------------------------------------------------------------------- */

static void say_calls(struct refusal *refusal, const char *what, const struct strings *calls)
{
    CLEANUP(free_char) char *names = strings_list(calls, calls->count);

    if (calls->count)
        refusal_say(refusal, "%s: %zu %s: %s", what, calls->count,
                    calls->count == 1 ? "call" : "calls", names);
}

bool refusal_group(struct refusal *refusal, const char *group)
{
    CLEANUP(strings_done) struct strings calls = { 0 }, passing = { 0 }, refused = { 0 };

    if (!call_group(refusal->profile, &refusal->suggestion->target, group, &calls))
        return false;
    for (size_t i = 0; i < calls.count; i++)
        strings_add(refusal_call_passes(refusal, calls.items[i]) ? &passing : &refused,
                    calls.items[i]);
    say_calls(refusal, "allowed", &passing);
    say_calls(refusal, "refused by SystemCallFilter=", &refused);
    return true;
}
