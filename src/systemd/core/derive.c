// SPDX-License-Identifier: LGPL-2.1-or-later
/* What all rows share: vetoes, blind spots and versions. */
#include "systemd/core/derive.h"
#include "systemd/core/capability_table.h"
#include "systemd/core/directive.h"
#include "systemd/core/own_mount.h"
#include "systemd/core/verdict.h"
#include "systemd/core/veto.h"
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

/* ---- matching
 * ------------------------------------------------------------------------------------------ */

/* ---- the shared rule
 * ----------------------------------------------------------------------------------- */

/* Why a candidate was passed over. */
static char *candidate_refusal(const struct candidate *candidate, const struct fact *denied,
                               const struct target *target)
{
    if (denied) {
        CLEANUP(free_char) char *seen = fact_describe(denied);
        return mem_printf("\"%s\" would break what the service does: %s", candidate->value, seen);
    }
    return mem_printf("\"%s\" needs systemd %d; the target is %d", candidate->value,
                      candidate->since, target->version);
}

static void candidate_accept(const struct directive *directive, const struct candidate *candidate,
                             const char *refusal, const struct fact *refused_by,
                             struct verdict *ret)
{
    ret->why =
        refusal ? mem_printf("blocks %s (never used in training); %s", directive->forbids, refusal)
                : mem_printf("blocks %s (never used in training)", directive->forbids);
    ret->witness = refused_by;
    verdict_add(ret, candidate->value, mem_strdup(ret->why), NULL);
}

void derive_candidate(const struct derive_context *context, const struct directive *directive,
                      struct verdict *ret)
{
    const struct target *target = &context->options->target;
    const struct fact *refused_by = NULL;
    CLEANUP(free_char) char *refusal = NULL;

    for (const struct candidate *candidate = directive->candidates; candidate->value; candidate++) {
        const struct fact *denied = veto_applies(context->profile, candidate->vetoes);
        if (!denied && candidate->since <= target->version) {
            candidate_accept(directive, candidate, refusal, refused_by, ret);
            return;
        }
        if (denied || !refusal) {
            free(refusal);
            refusal = candidate_refusal(candidate, denied, target);
            refused_by = denied;
        }
    }
    verdict_refuse(ret,
                   mem_printf("%s; it blocks %s", refusal ? refusal : "no value is possible",
                              directive->forbids),
                   refused_by);
}

/* ---- a row
 * ---------------------------------------------------------------------------------------------- */

static bool refused_by_target(const struct target *target, const struct directive *directive,
                              struct verdict *ret)
{
    if (directive->since > target->version) {
        verdict_refuse(
            ret,
            mem_printf("needs systemd %d; the target is %d", directive->since, target->version),
            NULL);
        return true;
    }
    if (target->user_manager && directive->flags & DIRECTIVE_SYSTEM_ONLY) {
        verdict_refuse(
            ret,
            mem_strdup(
                "a user manager (systemd --user) can apply this only inside a user namespace"),
            NULL);
        return true;
    }
    return false;
}

/* In the unit's own root, paths are recorded as the service sees them. Vetoes on calls and on
 * device nodes by name still see everything. */
static bool is_of_unit_root(const struct derive_context *context, const struct fact *spot)
{
    const struct unit *unit = context->options->unit;
    const char *root = unit ? unit_get(unit, "RootDirectory") : NULL;
    CLEANUP(free_char) char *place = own_mount_place(spot);

    return root && root[0] == '/' && root[1] && place && strcmp(place, "/") == 0;
}

static bool refused_by_blind_spot(const struct derive_context *context,
                                  const struct directive *directive, struct verdict *ret)
{
    for (size_t i = 0; directive->blind_spots[i]; i++) {
        const struct fact *fact =
            derive_blind_spot_left(context->profile, context->options, directive->blind_spots[i]);
        bool rooted = fact && is_of_unit_root(context, fact);
        if (!fact || (rooted && directive->flags & DIRECTIVE_ANY_ROOT))
            continue;
        if (rooted) {
            verdict_refuse(ret,
                           mem_strdup("the unit sets RootDirectory=, and the profile does not show "
                                      "what that root contains"),
                           fact);
            return true;
        }
        CLEANUP(free_char) char *seen = fact_describe(fact);
        /* The same words for every directive: neighbours then share a line. */
        verdict_refuse(
            ret,
            mem_printf("training did not record everything: %s%s", seen, own_mount_remedy(fact)),
            fact);
        return true;
    }
    return false;
}

/* A profile without a system call recorded nothing, so it proves nothing. */
static bool refused_by_emptiness(const struct profile *profile, struct verdict *ret)
{
    size_t count;

    profile_facts(profile, FACT_SYSCALL, &count);
    if (count == 0)
        verdict_refuse(
            ret, mem_strdup("the profile contains no system call, so no run was recorded"), NULL);
    return count == 0;
}

void derive_directive(const struct derive_context *context, const struct directive *directive,
                      struct verdict *ret)
{
    *ret = (struct verdict){ .name = directive->name,
                             .reset = (directive->flags & DIRECTIVE_LIST) != 0 };
    if (refused_by_target(&context->options->target, directive, ret) ||
        refused_by_emptiness(context->profile, ret) ||
        refused_by_blind_spot(context, directive, ret))
        return;
    directive->derive(context, directive, ret);
}

void derive_note(const struct derive_context *context, enum note_severity severity,
                 enum note_topic topic, const char *about, char *text)
{
    if (notes_have(context->notes, text))
        free(text);
    else
        notes_add(context->notes, severity, topic, about, text);
}
