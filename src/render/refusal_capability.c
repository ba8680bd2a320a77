// SPDX-License-Identifier: LGPL-2.1-or-later
/* Capabilities: which line removes one, and which error a call gets that lacks it. */
#include "render/refusal.h"
#include <string.h>

/* What is not EPERM (capabilities(7) and the pages of the calls). */
static const struct {
    const char *name, *error;
} errors[] = {
    { "CAP_DAC_OVERRIDE", "EACCES" },
    { "CAP_DAC_READ_SEARCH", "EACCES" },
    { "CAP_IPC_OWNER", "EACCES" },
    { "CAP_LEASE", "EACCES" },
    { "CAP_NET_BIND_SERVICE", "EACCES" },
    { "CAP_PERFMON", "EACCES" },
    { "CAP_IPC_LOCK", "ENOMEM, or EPERM where RLIMIT_MEMLOCK is 0" },
    { "CAP_SYS_NICE", "EPERM or EACCES" },
};

/* Without these a call goes on, and leaves out what they are for. */
static const char silent[] = "CAP_FSETID CAP_BLOCK_SUSPEND CAP_NET_BROADCAST";

/* Directives that take some away, whatever CapabilityBoundingSet= says (systemd.exec(5)). */
static const struct {
    const char *directive, *names;
} takers[] = {
    { "ProtectClock", "CAP_SYS_TIME CAP_WAKE_ALARM" },
    { "ProtectKernelModules", "CAP_SYS_MODULE" },
    { "ProtectKernelLogs", "CAP_SYSLOG" },
    { "PrivateDevices", "CAP_MKNOD CAP_SYS_RAWIO" },
};

static const char *taker_of(const struct refusal *refusal, const char *name)
{
    const struct verdict *set = refusal_line(refusal, "CapabilityBoundingSet");

    if (set && refusal_has(refusal, "CapabilityBoundingSet", name) == set->inverted)
        return "CapabilityBoundingSet";
    for (size_t i = 0; i < ELEMENTS_OF(takers); i++)
        if (str_has_word(takers[i].names, name) && refusal_is_on(refusal, takers[i].directive))
            return takers[i].directive;
    return NULL;
}

void refusal_capability(struct refusal *refusal, const char *name)
{
    const char *taker = taker_of(refusal, name), *error = "EPERM";

    for (size_t i = 0; i < ELEMENTS_OF(errors); i++)
        if (strcmp(errors[i].name, name) == 0)
            error = errors[i].error;
    if (!taker && !refusal_line(refusal, "CapabilityBoundingSet"))
        refusal_say_unset(refusal, "CapabilityBoundingSet");
    else if (taker && str_has_word(silent, name))
        refusal_say(refusal, "removed by %s=: calls succeed without its effect", taker);
    else if (taker)
        refusal_add(refusal, "a call that needs it", taker, error);
    if (!taker && refusal_is_on(refusal, "PrivateUsers"))
        refusal_add(refusal, "uses outside the service's own user namespace", "PrivateUsers",
                    error);
}
