// SPDX-License-Identifier: LGPL-2.1-or-later
/* Resolves what two verdicts would break together, after all rows are derived. */
#include "systemd/core/cgroup_bpf.h"
#include "systemd/core/derive.h"
#include "systemd/core/directive.h"
#include "systemd/core/identity.h"
#include "systemd/core/verdict.h"
#include "systemd/directive_table.h"
#include "systemd/filesystem/filesystem.h"
#include "systemd/filesystem/filesystem_rows.h"
#include <string.h>

static struct verdict *emitted(struct suggestion *suggestion, const char *name)
{
    for (size_t i = 0; i < suggestion->count; i++)
        if (strcmp(suggestion->verdicts[i].name, name) == 0)
            return suggestion->verdicts[i].emitted ? &suggestion->verdicts[i] : NULL;
    return NULL;
}

/* Whether a setting is emitted with a value that does something. */
static bool emitted_on(struct suggestion *suggestion, const char *name)
{
    static const char *const off[] = { "no", "default", "all" };
    const struct verdict *verdict = emitted(suggestion, name);

    for (size_t i = 0; verdict && i < ELEMENTS_OF(off); i++)
        if (verdict->count && strcmp(verdict->values[0].text, off[i]) == 0)
            return false;
    return verdict;
}

static bool emitted_as(struct suggestion *suggestion, const char *name, const char *value)
{
    const struct verdict *verdict = emitted(suggestion, name);

    for (size_t i = 0; verdict && i < verdict->count; i++)
        if (strcmp(verdict->values[i].text, value) == 0)
            return true;
    return false;
}

/* What implies MountAPIVFS=yes. */
static const char *const bringing_proc[] = {
    "ProtectProc",          "ProcSubset", "ProtectKernelTunables",
    "ProtectControlGroups", "PrivateBPF", "PrivatePIDs"
};

/* Whether the service will live in a tree built of binds, and nothing brings /proc into it
 * (systemd.exec(5); the list was measured on 252 and 257). */
static bool root_without_proc(struct suggestion *suggestion)
{
    if (!emitted_as(suggestion, "TemporaryFileSystem", "/") &&
        !emitted(suggestion, "RootDirectory"))
        return false;
    for (size_t i = 0; i < ELEMENTS_OF(bringing_proc); i++)
        if (emitted_on(suggestion, bringing_proc[i]))
            return false;
    if (emitted_as(suggestion, "MountAPIVFS", "yes"))
        return false;
    return !emitted(suggestion, "RootDirectory") || emitted_as(suggestion, "MountAPIVFS", "no");
}

static void drop_hostname(const struct derive_context *context, struct suggestion *suggestion)
{
    struct verdict *hostname = emitted(suggestion, "ProtectHostname");

    (void)context;
    if (hostname && root_without_proc(suggestion))
        verdict_refuse(
            hostname,
            mem_strdup("systemd needs /proc to apply it (else 226/NAMESPACE), and the service's "
                       "root has none. SystemCallFilter= refuses the same calls"),
            NULL);
}

/* systemd.exec(5): a user namespace is set up through /proc (217/USER otherwise, and no message).
 */
static void drop_users(const struct derive_context *context, struct suggestion *suggestion)
{
    struct verdict *users = emitted(suggestion, "PrivateUsers");

    (void)context;
    if (users && root_without_proc(suggestion))
        verdict_refuse(
            users,
            mem_strdup(
                "systemd needs /proc to apply it (else 217/USER), and the service's root has none"),
            NULL);
}

/* State directories of a dynamic user belong to nobody on disk and are mounted with the owner
 * mapped. systemd creates the user namespace for that inside the one of PrivatePIDs=, where it
 * finds no /proc: 226/NAMESPACE (257.13 and 262.1, measured on file systems with mapped mounts;
 * systemd issue 41014). */
static void drop_pids(const struct derive_context *context, struct suggestion *suggestion)
{
    static const char *const keeping[] = { "StateDirectory", "CacheDirectory", "LogsDirectory",
                                           "RuntimeDirectory" };
    const struct unit *unit = context->options->unit;
    struct verdict *pids = emitted(suggestion, "PrivatePIDs");

    if (!pids || !unit || !unit_is_on(unit, "DynamicUser"))
        return;
    for (size_t i = 0; i < ELEMENTS_OF(keeping); i++) {
        const char *value = unit_get(unit, keeping[i]);
        bool removed = strcmp(keeping[i], "RuntimeDirectory") == 0 &&
                       !unit_is_on(unit, "RuntimeDirectoryPreserve");
        if (!value || !value[0] || removed)
            continue;
        verdict_refuse(pids,
                       mem_printf("in a PID namespace systemd cannot mount the unit's %s= with "
                                  "DynamicUser= (226/NAMESPACE; systemd issue 41014)",
                                  keeping[i]),
                       NULL);
        return;
    }
}

/* systemd mounts that file system through a process outside, which it loses sight of (262.1:
 * 226/NAMESPACE, "Broken pipe"). */
static void drop_bpf(const struct derive_context *context, struct suggestion *suggestion)
{
    struct verdict *bpf = emitted(suggestion, "PrivateBPF");
    const struct unit *unit = context->options->unit;

    if (bpf && (emitted_on(suggestion, "PrivatePIDs") || (unit && unit_is_on(unit, "PrivatePIDs"))))
        verdict_refuse(bpf,
                       mem_strdup("systemd cannot apply it together with PrivatePIDs= "
                                  "(226/NAMESPACE), which blocks more"),
                       NULL);
}

/* PrivateDevices= implies the policy; a list beside it would let in what it hides. */
static void drop_device_policy(const struct derive_context *context, struct suggestion *suggestion)
{
    struct verdict *policy = emitted(suggestion, "DevicePolicy");

    (void)context;
    if (policy && emitted_on(suggestion, "PrivateDevices"))
        verdict_refuse(policy, mem_strdup("PrivateDevices=yes implies DevicePolicy=closed"), NULL);
}

/* An error number without a filter does nothing but puzzle the reader. */
static void drop_error_number(const struct derive_context *context, struct suggestion *suggestion)
{
    struct verdict *number = emitted(suggestion, "SystemCallErrorNumber");

    (void)context;
    if (number && !emitted(suggestion, "SystemCallFilter"))
        verdict_refuse(number, mem_strdup("SystemCallFilter= is not set"), NULL);
}

static void drop_seccomp(const struct derive_context *context, struct suggestion *suggestion)
{
    const struct fact *program = identity_no_seccomp(context->profile, context->options);

    if (!program)
        return;
    for (size_t i = 0; i < suggestion->count; i++) {
        struct verdict *verdict = &suggestion->verdicts[i];
        const struct directive *directive = directive_find(context->directives, verdict->name);
        if (!verdict->emitted || !(directive->flags & DIRECTIVE_SECCOMP))
            continue;
        CLEANUP(free_char) char *seen = fact_describe(program);
        verdict_refuse(verdict,
                       mem_printf("before systemd 255 it forces no_new_privs on a service that "
                                  "does not run as root, which would break: %s",
                                  seen),
                       program);
    }
}

/* What a mount namespace would tear apart; the rows of paths are left out already. From 254 on a
 * network namespace brings one, from 257 on so does ProtectHostname= (NEWS, systemd.exec(5)). */
static void drop_mount_namespaces(const struct derive_context *context,
                                  struct suggestion *suggestion)
{
    static const char *const mounting[] = { "PrivateIPC",        "PrivateMounts",
                                            "PrivateNetwork",    "PrivatePIDs",
                                            "PrivateUsers",      "ProtectHostname",
                                            "ProtectKernelLogs", "ProtectKernelModules" };
    const struct fact *moved = filesystem_plan_no_mounts(context->filesystem);

    for (size_t i = 0; moved && i < ELEMENTS_OF(mounting); i++) {
        struct verdict *verdict = emitted(suggestion, mounting[i]);
        CLEANUP(free_char) char *seen = fact_describe(moved);
        if (verdict)
            verdict_refuse(
                verdict,
                mem_printf("creates a mount namespace, in which StateDirectory= and similar "
                           "directories are separate mounts. A move would fail with EXDEV: %s",
                           seen),
                moved);
    }
}

/* MountAPIVFS= makes /run a separate mount where it is none (namespace.c of 252). */
static void drop_run_mounts(const struct derive_context *context, struct suggestion *suggestion)
{
    const struct fact *moved = plan_crossing(context->filesystem, "/run");

    for (size_t i = 0; moved && i < ELEMENTS_OF(bringing_proc); i++) {
        struct verdict *verdict = emitted(suggestion, bringing_proc[i]);
        CLEANUP(free_char) char *seen = fact_describe(moved);
        if (verdict && emitted_on(suggestion, bringing_proc[i]))
            verdict_refuse(verdict,
                           mem_printf("makes /run a separate mount, but the service moves files "
                                      "across it, which would fail with EXDEV: %s",
                                      seen),
                           moved);
    }
}

/* Where no IP socket can be made, or only its own loopback is there, the rest would be words. */
static void drop_network_lists(const struct derive_context *context, struct suggestion *suggestion)
{
    static const char *const lists[] = { "SocketBindDeny", "SocketBindAllow",
                                         "RestrictNetworkInterfaces" };
    bool is_private = emitted_on(suggestion, "PrivateNetwork");
    bool no_ip = emitted(suggestion, "RestrictAddressFamilies") &&
                 !emitted_as(suggestion, "RestrictAddressFamilies", "AF_INET") &&
                 !emitted_as(suggestion, "RestrictAddressFamilies", "AF_INET6");

    (void)context;
    for (size_t i = 0; (is_private || no_ip) && i < ELEMENTS_OF(lists); i++) {
        struct verdict *verdict = emitted(suggestion, lists[i]);
        if (verdict)
            verdict_refuse(verdict,
                           mem_printf("not needed: %s= already blocks all of it",
                                      is_private ? "PrivateNetwork" : "RestrictAddressFamilies"),
                           NULL);
    }
}

/* Whether one of the paths of an emitted directive is the path or a directory above it. */
static bool emitted_covers(struct suggestion *suggestion, const char *name, const char *path)
{
    const struct verdict *verdict = emitted(suggestion, name);

    for (size_t i = 0; verdict && i < verdict->count; i++)
        if (path_is_within(path, verdict->values[i].text))
            return true;
    return false;
}

/* What ExecPaths= names is a mount that the read-only remount of ProtectSystem=strict leaves alone
 * (252, measured: all libraries were writable to root); ReadOnlyPaths= for the same place takes
 * ExecPaths= away (203/EXEC), and for one above it does not reach it. A read-only bind does both.
 */
static void keep_exec_paths(const struct derive_context *context, struct suggestion *suggestion)
{
    const struct verdict *exec = emitted(suggestion, "ExecPaths");
    struct verdict *binds = NULL;

    if (!exec || !emitted_as(suggestion, "ProtectSystem", "strict"))
        return;
    for (size_t i = 0; i < suggestion->count; i++)
        if (strcmp(suggestion->verdicts[i].name, "BindReadOnlyPaths") == 0)
            binds = &suggestion->verdicts[i];
    /* The unit's own stay: nothing else is bound here. */
    if (binds && !binds->emitted)
        binds->reset = false;
    for (size_t i = 0; binds && i < exec->count; i++) {
        const struct value *from = &exec->values[i];
        if (emitted_covers(suggestion, "ReadWritePaths", from->text) ||
            plan_is_written(context->filesystem, from->text) ||
            path_is_within(from->text, "/tmp") || path_is_within(from->text, "/var/tmp"))
            continue; /* writable, and meant to be */
        struct value *bind = verdict_add(binds, from->text, mem_strdup(from->why), from->witness);
        bind->is_path = true;
        bind->optional = from->optional;
        free(binds->why);
        binds->why =
            mem_strdup("paths of ExecPaths= that ProtectSystem=strict alone leaves writable");
    }
}

/* Whether code may be mapped from where the system's libraries are. */
static bool libraries_run(struct suggestion *suggestion)
{
    const struct verdict *exec = emitted(suggestion, "ExecPaths");

    if (!emitted_as(suggestion, "NoExecPaths", "/"))
        return true;
    for (size_t i = 0; exec && i < exec->count; i++) {
        const char *path = exec->values[i].text;
        if (path_is_within("/usr/lib", path) || strcmp(path, "/usr/lib64") == 0 ||
            (path_is_within(path, "/usr/lib") && strstr(path_name(path), "-linux-gnu")))
            return true;
    }
    return false;
}

/* Why systemd could not set RestrictFileSystems= up, which it does late: NULL when it can. */
static const char *filesystems_refusal(const struct derive_context *context,
                                       struct suggestion *suggestion)
{
    const struct unit *unit = context->options->unit;
    bool filtered = false;

    for (size_t i = 0; i < suggestion->count; i++)
        filtered |= suggestion->verdicts[i].emitted &&
                    directive_find(context->directives, suggestion->verdicts[i].name)->flags &
                        DIRECTIVE_SECCOMP;
    if (emitted(suggestion, "PrivateUsers") ? emitted_on(suggestion, "PrivateUsers")
                                            : unit && unit_is_on(unit, "PrivateUsers"))
        return "systemd cannot call bpf(2) in the user namespace of PrivateUsers=, which blocks "
               "more";
    if (!filtered && identity_is_unprivileged(context->profile, context->options))
        return "without a system call filter systemd drops the capability for bpf(2) before it "
               "applies this";
    return libraries_run(suggestion) ? NULL
                                     : "systemd loads libbpf inside the sandbox, and ExecPaths= "
                                       "does not list the system's libraries";
}

static void drop_filesystem_types(const struct derive_context *context,
                                  struct suggestion *suggestion)
{
    struct verdict *types = emitted(suggestion, "RestrictFileSystems");
    const char *refusal = types ? filesystems_refusal(context, suggestion) : NULL;

    if (refusal)
        verdict_refuse(types, mem_strdup(refusal), NULL);
    if (!types || refusal)
        return;
    cgroup_bpf_note(context, "RestrictFileSystems", "RestrictFileSystems= has");
    if (!profile_setting(context->profile, "lsm"))
        derive_note(context, SEVERITY_NOTE, TOPIC_DIRECTIVE, "RestrictFileSystems",
                    mem_strdup("RestrictFileSystems= has no effect where /sys/kernel/security/lsm "
                               "does not list bpf"));
    derive_note(
        context, SEVERITY_NOTE, TOPIC_DIRECTIVE, "RestrictFileSystems",
        mem_strdup("RestrictFileSystems= lists the file systems of the training host. If the "
                   "service or its data uses another type, such as nfs or overlay, add it"));
}

static void (*const rules[])(const struct derive_context *, struct suggestion *) = {
    drop_seccomp,      drop_mount_namespaces,
    drop_run_mounts,   drop_hostname,
    drop_users,        drop_pids,
    drop_bpf,          drop_device_policy,
    drop_error_number, drop_network_lists,
    keep_exec_paths,   drop_filesystem_types,
};

void conflicts_resolve(const struct derive_context *context, struct suggestion *suggestion)
{
    for (size_t i = 0; i < ELEMENTS_OF(rules); i++)
        rules[i](context, suggestion);
}
