// SPDX-License-Identifier: LGPL-2.1-or-later
/* What systemd does with BPF programs only where it was built with them (+BPF_FRAMEWORK; Debian's
 * 252 was not). Elsewhere the directives are read and silently do nothing. */
#include "systemd/core/derive.h"
#include <stdlib.h>
#include <string.h>

/* Which builds are taken to have BPF where nothing is known of the target's. */
#define BPF_USUAL_SINCE 253

char *bpf_missing(const struct derive_context *context)
{
    const struct suggest_options *options = context->options;
    CLEANUP(free_char)
    char *name = mem_printf("systemd %d BPF_FRAMEWORK", options->target.version);
    const char *known = profile_setting(context->profile, name);

    if (options->knobs.bpf != BPF_AS_KNOWN)
        return options->knobs.bpf == BPF_YES ? NULL : mem_strdup("--bpf-framework no");
    if (known)
        return strcmp(known, "yes") == 0
                   ? NULL
                   : mem_printf("systemd %d here was built without it (-BPF_FRAMEWORK) and would "
                                "ignore it; --bpf-framework yes writes it all the same",
                                options->target.version);
    if (options->target.version >= BPF_USUAL_SINCE)
        return NULL;
    return mem_printf("it does nothing where systemd was built without BPF_FRAMEWORK, as %d often "
                      "was; --bpf-framework yes writes it all the same",
                      options->target.version);
}

void bpf_note(const struct derive_context *context, const char *subject)
{
    CLEANUP(free_char)
    char *name = mem_printf("systemd %d BPF_FRAMEWORK", context->options->target.version);
    const char *known = profile_setting(context->profile, name);

    if (!known || strcmp(known, "yes") != 0)
        derive_note(context, mem_printf("%s nothing where systemctl --version says -BPF_FRAMEWORK",
                                        subject));
}

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

/* Why systemd would fail to start the service with a BPF file system of its own; NULL when it would
 * not (262.1: measured without /sys/fs/bpf; before Linux 6.11: issue 38225 of systemd). */
static const char *bpffs_refusal(const struct derive_context *context)
{
    const char *place = profile_setting(context->profile, "bpffs");
    const char *kernel = profile_setting(context->profile, "kernel");

    if (!place)
        return "systemd fails to start the service (226/NAMESPACE) where there is no /sys/fs/bpf, "
               "as in containers, and whether there is was not recorded";
    if (strcmp(place, "yes") != 0)
        return "systemd fails to start the service (226/NAMESPACE) where there is no /sys/fs/bpf";
    if (!kernel || !kernel_is(kernel, 6, 11))
        return "before Linux 6.11 systemd may fail to start the service with it (226/NAMESPACE)";
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
