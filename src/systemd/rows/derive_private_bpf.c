// SPDX-License-Identifier: LGPL-2.1-or-later
/* PrivateBPF=. */
#include "systemd/core/derive.h"
#include "systemd/core/directive.h"
#include "systemd/core/verdict.h"
#include "systemd/rows/rows.h"
#include <stdlib.h>
#include <string.h>

/* Whether `release`, as uname(2) has it, is at least that. */
static bool kernel_is(const char *release, unsigned major, unsigned minor)
{
    unsigned long first, second = 0;
    char *end;

    first = strtoul(release, &end, 10);
    if (*end == '.')
        second = strtoul(end + 1, NULL, 10);
    return first > major || (first == major && second >= minor);
}

/* Why systemd would fail to start the service with a private BPF file system; NULL when it would
 * not (262.1: measured without /sys/fs/bpf; before Linux 6.11: systemd issue 38225). */
static const char *bpffs_refusal(const struct derive_context *context)
{
    const char *place = profile_setting(context->profile, "bpffs");
    const char *kernel = profile_setting(context->profile, "kernel");

    if (!place)
        return "without /sys/fs/bpf, as in containers, systemd fails to start the service "
               "(226/NAMESPACE); training did not record whether it exists";
    if (strcmp(place, "yes") != 0)
        return "without /sys/fs/bpf systemd fails to start the service (226/NAMESPACE)";
    if (!kernel || !kernel_is(kernel, 6, 11))
        return "before Linux 6.11 systemd may fail to start the service (226/NAMESPACE)";
    return NULL;
}

void derive_private_bpf(const struct derive_context *context, const struct directive *directive,
                        struct verdict *ret)
{
    const char *refusal = bpffs_refusal(context);

    derive_protect_kernel(context, directive, ret);
    if (refusal && ret->emitted && ret->count && strcmp(ret->values[0].text, "yes") == 0)
        verdict_refuse(ret, mem_strdup(refusal), NULL);
}
