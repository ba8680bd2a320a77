// SPDX-License-Identifier: LGPL-2.1-or-later
/* Protect*= and Private*= of paths. With an empty root most paths do not exist, and some directives
 * would mount what they protect. */
#include "systemd/core/derive.h"
#include "systemd/core/directive.h"
#include "systemd/core/identity.h"
#include "systemd/core/verdict.h"
#include "systemd/core/veto.h"
#include "systemd/filesystem/filesystem.h"
#include "systemd/rows/rows.h"
#include <string.h>

/* Left out; or switched off where the unit has it on. */
static void absent(const struct filesystem_plan *plan, const char *off, const char *why,
                   struct verdict *ret)
{
    if (plan_unit_is_on(plan, ret->name))
        plan_say(ret, off, NULL, why);
    else
        verdict_refuse(ret, mem_strdup(why), NULL);
}

/* The same of what would cancel the empty root: where the unit is not wholly known it may have it.
 */
static void cancelled(const struct filesystem_plan *plan, const char *off, const char *why,
                      struct verdict *ret)
{
    if (suggest_unit_is_whole(plan->options))
        absent(plan, off, why, ret);
    else
        plan_say(ret, off, NULL, why);
}

static void refuse_by(const struct decision *decision, struct verdict *ret)
{
    verdict_refuse(ret, mem_strdup(decision->why ? decision->why : "not needed"),
                   decision->witness);
}

void derive_protect_system(const struct derive_context *context, const struct directive *directive,
                           struct verdict *ret)
{
    const struct filesystem_plan *plan = context->filesystem;

    if (plan_is_left_out(context, ret))
        return;
    if (plan->form == FILESYSTEM_VIEW || plan->root_tmpfs)
        cancelled(plan, "no",
                  "not needed: the root is empty and read-only. \"strict\" would silently cancel "
                  "that, and \"full\" and \"yes\" fail without /usr (226/NAMESPACE)",
                  ret);
    else if (plan->form == FILESYSTEM_ROOT)
        plan_say(ret, "strict", NULL, "keeps the directories of the service's root read-only");
    else if (plan->root_used.yes || plan->torn.yes)
        derive_candidate(context, directive, ret);
    else
        plan_say(ret, "strict", NULL,
                 "ReadWritePaths= or systemd provides everything the service wrote");
}

static const char *const homes[] = { "/home", "/root", "/run/user" };

/* Whether a path is outside home directories, or below an entry of ReadWritePaths= inside one,
 * which lifts a read-only directory above it (systemd.exec(5)). */
static bool home_is_covered(const struct filesystem_plan *plan, const char *path)
{
    const struct bind *bind = binds_covering(&plan->binds, path);

    for (size_t i = 0; i < ELEMENTS_OF(homes); i++)
        if (path_is_within(path, homes[i]))
            return bind && bind->kind == BIND_WRITE && path_is_within(bind->path, homes[i]) &&
                   strcmp(bind->path, homes[i]) != 0;
    return true;
}

/* Whether all that was written in homes would stay writable in read-only ones. */
static bool homes_are_covered(const struct filesystem_plan *plan)
{
    bool covered = !plan->torn.yes;

    for (size_t i = 0; covered && i < plan->names.count; i++) {
        const struct used_name *used = &plan->names.items[i];
        if ((used->uses & USES_WRITE) | used->failed)
            covered = home_is_covered(plan, used->real) && home_is_covered(plan, used->final);
    }
    return covered;
}

/* ProtectSystem=strict leaves all homes as they are. */
static void protect_home_in_full_view(const struct derive_context *context,
                                      const struct directive *directive, struct verdict *ret)
{
    const struct candidate *last = &directive->candidates[0];

    while (last[1].value)
        last++;
    const struct fact *written = veto_applies(context->profile, last->vetoes);
    if (written && homes_are_covered(context->filesystem))
        plan_say(ret, last->value, written,
                 "ReadWritePaths= lists what the service wrote in home directories; the rest "
                 "becomes read-only");
    else
        derive_candidate(context, directive, ret);
}

void derive_protect_home(const struct derive_context *context, const struct directive *directive,
                         struct verdict *ret)
{
    const struct filesystem_plan *plan = context->filesystem;
    bool bound = false;

    if (plan_is_left_out(context, ret))
        return;
    if (!plan_is_built(plan)) {
        protect_home_in_full_view(context, directive, ret);
        return;
    }
    for (size_t i = 0; i < ELEMENTS_OF(homes); i++)
        bound |= plan_is_mounted_in(plan, homes[i]);
    if (bound)
        cancelled(plan, "no", "not needed: only the bound parts of home directories exist", ret);
    else if (veto_applies(context->profile, directive->candidates[0].vetoes))
        verdict_refuse(ret, mem_strdup("not needed: the empty root has no home directory"), NULL);
    else
        plan_say(ret, directive->candidates[0].value, NULL,
                 "no home directory was used; this keeps one from being bound in");
}

/* ProtectKernelTunables=, ProtectControlGroups=: they mount what they protect. */
void derive_protect_kernel(const struct derive_context *context, const struct directive *directive,
                           struct verdict *ret)
{
    const struct filesystem_plan *plan = context->filesystem;

    if (plan_is_left_out(context, ret))
        return;
    if (plan_is_built(plan) && !plan->proc.yes)
        absent(
            plan, "no",
            "not needed: the empty root has neither /sys nor /proc/sys, and this would mount them",
            ret);
    else
        derive_candidate(context, directive, ret);
}

void derive_proc(const struct derive_context *context, const struct directive *directive,
                 struct verdict *ret)
{
    const struct filesystem_plan *plan = context->filesystem;
    const struct proc_rule *rule = directive->proc;
    const struct decision *refusing =
        (const struct decision *)(const void *)((const char *)plan + rule->refusing);

    if (plan_is_left_out(context, ret))
        return;
    if (plan_is_built(plan) && !plan->proc.yes)
        absent(plan, rule->off, "not needed: the empty root has no /proc, and this would mount one",
               ret);
    else if (refusing->yes)
        refuse_by(refusing, ret);
    else if (rule->root_value && !identity_is_unprivileged(context->profile, context->options))
        plan_say(ret, rule->root_value, NULL, rule->root_why);
    else
        plan_say(ret, rule->value, NULL, rule->why);
}

/* Whether the service keeps files there: they would take memory, and a unit that joins this one's
 * namespace would not meet them. */
static bool tmp_is_kept(const struct filesystem_plan *plan)
{
    const struct unit *unit = plan->options->unit;

    for (size_t i = 0; unit && i < unit->count; i++)
        if (strcmp(unit->settings[i].key, "JoinsNamespaceOf") == 0)
            return true;
    for (size_t i = 0; i < plan->names.count; i++) {
        const struct used_name *used = &plan->names.items[i];
        if (used->uses & USES_WRITE &&
            (path_is_within(used->real, "/tmp") || path_is_within(used->real, "/var/tmp")))
            return true;
    }
    return false;
}

void derive_private_tmp(const struct derive_context *context, const struct directive *directive,
                        struct verdict *ret)
{
    const struct decision *tmp = &context->filesystem->private_tmp;
    const struct candidate *candidate = directive->candidates;

    if (plan_is_left_out(context, ret))
        return;
    if (tmp_is_kept(context->filesystem) || candidate->since > context->options->target.version)
        candidate++;
    if (tmp->yes)
        plan_say(ret, candidate->value, tmp->witness, tmp->why);
    else
        refuse_by(tmp, ret);
}

void derive_private_devices(const struct derive_context *context, const struct directive *directive,
                            struct verdict *ret)
{
    const struct filesystem_plan *plan = context->filesystem;
    const struct decision *devices = &plan->private_devices;
    const struct fact *denied = veto_applies(context->profile, directive->candidates[0].vetoes);

    if (plan_is_left_out(context, ret))
        return;
    if (denied) {
        CLEANUP(free_char) char *seen = fact_describe(denied);
        verdict_refuse(
            ret, mem_printf("the service needs what it blocks (%s): %s", directive->forbids, seen),
            denied);
    } else if (devices->yes) {
        plan_say(ret, "yes", devices->witness, devices->why);
    } else {
        refuse_by(devices, ret);
    }
}
