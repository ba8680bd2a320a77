// SPDX-License-Identifier: LGPL-2.1-or-later
/* Directives that systemd implements with BPF. Without +BPF_FRAMEWORK (Debian's 252) it reads them
 * and silently ignores them. */
#include "systemd/core/cgroup_bpf.h"
#include "systemd/core/derive.h"
#include <string.h>

/* Builds from this version on are taken to have BPF where nothing is known of the target's. */
#define BPF_USUAL_SINCE 253

char *cgroup_bpf_missing(const struct derive_context *context)
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
                   : mem_printf("systemd %d on this host was built without BPF (-BPF_FRAMEWORK) "
                                "and ignores it; --bpf-framework yes sets it anyway",
                                options->target.version);
    if (options->target.version >= BPF_USUAL_SINCE)
        return NULL;
    return mem_printf("has no effect where systemd was built without BPF_FRAMEWORK, as %d often "
                      "was; --bpf-framework yes sets it anyway",
                      options->target.version);
}

void cgroup_bpf_note(const struct derive_context *context, const char *directive,
                     const char *subject)
{
    CLEANUP(free_char)
    char *name = mem_printf("systemd %d BPF_FRAMEWORK", context->options->target.version);
    const char *known = profile_setting(context->profile, name);

    if (!known || strcmp(known, "yes") != 0)
        derive_note(
            context, SEVERITY_NOTE, TOPIC_DIRECTIVE, directive,
            mem_printf("%s no effect where systemctl --version shows -BPF_FRAMEWORK", subject));
}
