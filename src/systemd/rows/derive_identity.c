// SPDX-License-Identifier: LGPL-2.1-or-later
/* PrivateUsers=, PrivatePIDs=: the other users and processes that the service met. */
#include "systemd/core/capability_table.h"
#include "systemd/core/derive.h"
#include "systemd/core/directive.h"
#include "systemd/core/identity.h"
#include "systemd/core/touched.h"
#include "systemd/core/verdict.h"
#include "systemd/core/veto.h"
#include "systemd/filesystem/filesystem.h"
#include "systemd/rows/rows.h"
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

/* ---- users ---- */

static bool was_trained_as_root(const struct profile *profile)
{
    size_t count;

    (void)profile_runs(profile, &count);
    return !count || identity_has_root_run(profile);
}

/* Whether an untrained command of the unit may use a privilege as root: on another user's files, or
 * an unknown one. */
static bool unseen_program_is_privileged(const struct derive_context *context)
{
    CLEANUP(strings_done) struct strings unseen = { 0 };

    touched_unseen_programs(context, &unseen);
    for (size_t i = 0; i < unseen.count; i++) {
        const struct unit_plain *row = touched_plain_program(context, unseen.items[i]);
        if (row ? row->capabilities[0] != '\0' : !unit_program_signals(unseen.items[i]))
            return true;
    }
    return false;
}

/* A user namespace's root has no privilege over what is the host's: only a service that uses none
 * loses nothing. */
static const char *user_privileges(const struct derive_context *context)
{
    const struct unit *unit = context->options->unit;
    const char *ambient = unit ? unit_get(unit, "AmbientCapabilities") : NULL;
    bool trained = was_trained_as_root(context->profile);
    bool runs = !identity_is_unprivileged(context->profile, context->options);

    if (context->options->target.user_manager)
        return "a user manager maps only its own user, so root's files would appear owned by "
               "nobody";
    if (trained != runs)
        return trained
                   ? "training ran as root, and root's files differ from those of the unit's user"
                   : "the unit runs as root, but training did not";
    if (runs && capability_unwatched(context->profile, CAPABILITIES_BY_TASK))
        return "the service runs as root and training did not record its capability use; train "
               "again";
    if (runs && unseen_program_is_privileged(context))
        return "the unit runs an untrained command as root, possibly on another user's files; root "
               "in a user namespace has no privilege over those";
    if (ambient && *ambient)
        return "the unit's AmbientCapabilities= would no longer apply to host objects";
    return NULL;
}

static bool uid_is_own(const struct profile *profile, unsigned uid)
{
    size_t count;
    const struct run *const *runs = profile_runs(profile, &count);

    for (size_t i = 0; i < count; i++)
        if (runs[i]->uid == uid)
            return true;
    return uid == 0;
}

/* A used file with an owner that would appear as nobody. */
static const struct fact *foreign_owner(const struct profile *profile, unsigned least)
{
    size_t count, files_count;
    const struct fact *const *facts = profile_facts(profile, FACT_PATH, &count);

    for (size_t i = 0; i < count; i++) {
        const struct host_file *const *files =
            profile_files_at(profile, facts[i]->path.path, &files_count);
        if (facts[i]->outcome != 0 || facts[i]->path.use == PATH_LINK)
            continue;
        /* Their owner is unknown, unless the service created them. */
        if (path_is_collapsed(facts[i]->path.path) && evidence_foreign(&facts[i]->evidence))
            return facts[i];
        for (size_t k = 0; k < files_count; k++)
            if (files[k]->type != FILE_MISSING && files[k]->uid >= least &&
                !uid_is_own(profile, files[k]->uid))
                return facts[i];
    }
    return NULL;
}

/* ip(7): binding to such a port takes CAP_NET_BIND_SERVICE in the namespace the network belongs to,
 * which is the host's. */
static const struct fact *low_port(const struct profile *profile)
{
    const char *setting = profile_setting(profile, "sysctl net.ipv4.ip_unprivileged_port_start");
    long first = setting ? strtol(setting, NULL, 10) : IPPORT_RESERVED;
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_ADDRESS, &count);

    for (size_t i = 0; i < count; i++)
        if (facts[i]->address.use == ADDRESS_BIND && facts[i]->outcome == 0 &&
            (facts[i]->address.family == AF_INET || facts[i]->address.family == AF_INET6) &&
            facts[i]->address.port > 0 && facts[i]->address.port < first)
            return facts[i];
    return NULL;
}

/* Whether a call was on another user's object or on a process outside the service. Tracing or
 * inspecting a process of another user namespace needs a privilege (ptrace(2), access mode
 * checking). */
static bool argument_is_foreign(const struct argument_fact *argument)
{
    const char *value = argument->value;

    if (strcmp(argument->topic, "signal") == 0)
        return str_has_word(value, "other-user");
    if (strcmp(argument->topic, "target") == 0)
        return str_has_word(value, "other") || str_has_word(value, "other-user");
    return strcmp(argument->topic, "credentials") == 0 &&
           (str_has_word(value, "other") || str_starts_with(value, "groups"));
}

static const struct fact *other_user(const struct profile *profile)
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_ARGUMENT, &count);

    for (size_t i = 0; i < count; i++)
        if (facts[i]->outcome == 0 && argument_is_foreign(&facts[i]->argument))
            return facts[i];
    return NULL;
}

/* What fails in any user namespace. */
static const struct fact *user_refused(const struct derive_context *context,
                                       const struct directive *directive)
{
    const struct fact *fact = veto_applies(context->profile, directive->candidates[0].vetoes);

    if (!fact)
        fact = other_user(context->profile);
    return fact ? fact : low_port(context->profile);
}

/* What the service notices when few users are mapped: the owner of a file, the peer of a socket. */
static const struct fact *user_seen(const struct profile *profile, unsigned least)
{
    static const struct veto peers[] = { { VETO_ARGUMENT, "socket-option", "SO_PEERCRED" },
                                         { VETO_ARGUMENT, "socket-option", "SO_PEERGROUPS" },
                                         { VETO_ARGUMENT, "socket-option", "SO_PASSCRED" },
                                         { 0 } };
    const struct fact *fact = foreign_owner(profile, least);

    return fact || least ? fact : veto_applies(profile, peers);
}

/* "yes" maps root and the service's own user, "identity" the users below 65536, "full" all. */
void derive_private_users(const struct derive_context *context, const struct directive *directive,
                          struct verdict *ret)
{
    static const unsigned least_unmapped[] = { 1, 65536, UINT32_MAX };
    const char *privileged = user_privileges(context);
    const struct fact *refused = user_refused(context, directive);
    const struct fact *seen = NULL;

    if (privileged) {
        verdict_refuse(ret, mem_strdup(privileged), NULL);
        return;
    }
    for (size_t i = 0; !refused && directive->candidates[i].value; i++) {
        const struct candidate *candidate = &directive->candidates[i];
        const struct fact *fact = user_seen(context->profile, i ? least_unmapped[i] : 0);
        if (fact && !seen)
            seen = fact;
        if (fact || candidate->since > context->options->target.version)
            continue;
        CLEANUP(free_char) char *other = seen ? fact_describe(seen) : NULL;
        ret->why =
            other ? mem_printf("the service used no privilege, but it met other users than its own "
                               "and root: %s",
                               other)
                  : mem_strdup(
                        "the service used no privilege and met no users except its own and root");
        ret->witness = seen;
        verdict_add(ret, candidate->value, mem_strdup(ret->why), seen);
        return;
    }
    refused = refused ? refused : seen;
    CLEANUP(free_char) char *text = fact_describe(refused);
    verdict_refuse(
        ret, mem_printf("the service needs what it blocks (%s): %s", directive->forbids, text),
        refused);
}

/* ---- processes ---- */

/* 257.13 sometimes does not recognise the main process as its child and kills it right after it
 * asked it to stop; $WATCHDOG_PID and $LISTEN_PID are wrong (issue 38137). 262.1 does neither
 * (measured). Of the versions between, which no Debian has, the first bug is said to be fixed since
 * 258 (change 36446), the other later (39575); that was not measured. */
#define VERSION_PIDS_WORK 262

/* What in the unit conflicts with the service being process 1 of a PID namespace. */
static const char *unit_needs_pids(const struct derive_context *context)
{
    const struct unit *unit = context->options->unit;
    const char *type = unit ? unit_get(unit, "Type") : NULL;

    if (!unit)
        return "no unit is given, and one with Type=forking or PIDFile= would fail";
    if (type && strcmp(type, "forking") == 0)
        return "the unit sets Type=forking, which systemd does not allow with PrivatePIDs=";
    if (unit_get(unit, "PIDFile") && *unit_get(unit, "PIDFile"))
        return "the unit sets PIDFile=, and the file would contain 1";
    if (unit_get(unit, "PAMName") && *unit_get(unit, "PAMName"))
        return "the unit sets PAMName=, and its session would end at once (systemd issue 40928)";
    for (size_t i = 0; i < unit->count; i++)
        if (strstr(unit->settings[i].value, "MAINPID"))
            return "the unit uses $MAINPID, which is not valid in another command's namespace";
    return NULL;
}

/* A process 1 is not ended by a signal it has no handler for (pid_namespaces(7)). */
static bool ends_by_itself(const struct profile *profile)
{
    size_t count, ended = 0;
    const struct run *const *runs = profile_runs(profile, &count);

    for (size_t i = 0; i < count; i++) {
        if (!runs[i]->complete)
            continue;
        if (runs[i]->signal != 0 || runs[i]->exit_status < 0)
            return false;
        ended++;
    }
    return ended;
}

/* Another process was meant, or all that may be; a file that holds the service's id. */
static const struct fact *other_process(const struct profile *profile)
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_ARGUMENT, &count);

    for (size_t i = 0; i < count; i++) {
        const struct argument_fact *argument = &facts[i]->argument;
        bool target =
            strcmp(argument->topic, "signal") == 0 || strcmp(argument->topic, "target") == 0;
        if (target &&
            (str_has_word(argument->value, "other") || str_has_word(argument->value, "all")))
            return facts[i];
    }
    facts = profile_facts(profile, FACT_PATH, &count);
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(facts[i]->path.path);
        bool named = length > 4 && strcmp(facts[i]->path.path + length - 4, ".pid") == 0;
        bool folded =
            path_is_collapsed(facts[i]->path.path) && path_is_within(facts[i]->path.path, "/run");
        if (path_use_is_write(facts[i]->path.use) && (named || folded))
            return facts[i];
    }
    return NULL;
}

void derive_private_pids(const struct derive_context *context, const struct directive *directive,
                         struct verdict *ret)
{
    const struct filesystem_plan *plan = context->filesystem;
    int version = context->options->target.version;
    const char *unit = unit_needs_pids(context);
    const struct fact *fact = other_process(context->profile);

    if (plan_is_left_out(context, ret))
        return;
    if (!fact && plan->other_processes.yes)
        fact = plan->other_processes.witness;
    if (fact) {
        CLEANUP(free_char) char *seen = fact_describe(fact);
        verdict_refuse(
            ret, mem_printf("the service needs what it blocks (%s): %s", directive->forbids, seen),
            fact);
    } else if (unit) {
        verdict_refuse(ret, mem_strdup(unit), NULL);
    } else if (!ends_by_itself(context->profile)) {
        verdict_refuse(ret,
                       mem_strdup("no run shows that the service exits on SIGTERM: an unhandled "
                                  "signal does not end process 1 of a PID namespace"),
                       NULL);
    } else if (plan_is_built(plan) && !plan->proc.yes) {
        verdict_refuse(ret, mem_strdup("the empty root has no /proc, and this would mount one"),
                       NULL);
    } else if (version >= directive->since && version < VERSION_PIDS_WORK) {
        verdict_refuse(
            ret,
            mem_strdup("systemd 257 may kill such a service as it stops it, and passes it a wrong "
                       "$WATCHDOG_PID; 262 works, versions between are untested"),
            NULL);
    } else {
        derive_candidate(context, directive, ret);
    }
}
