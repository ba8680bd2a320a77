// SPDX-License-Identifier: LGPL-2.1-or-later
/* What every row shares: matching denials, blind spots, versions, and building a verdict. */
#include "systemd/core/derive.h"
#include "systemd/core/capability_table.h"
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

struct value *verdict_add(struct verdict *verdict, const char *text, char *why,
                          const struct fact *witness)
{
    mem_reserve(&verdict->values, &verdict->capacity, verdict->count + 1, sizeof(struct value));
    struct value *value = &verdict->values[verdict->count++];
    *value = (struct value){ .text = mem_strdup(text), .why = why, .witness = witness };
    verdict->emitted = true;
    return value;
}

static void value_done(struct value *value)
{
    free(value->text);
    free(value->destination);
    free(value->options);
    free(value->why);
    excess_done(&value->excess);
    strings_done(&value->covers);
}

static void values_done(struct verdict *verdict)
{
    for (size_t i = 0; i < verdict->count; i++)
        value_done(&verdict->values[i]);
    excess_done(&verdict->excess);
    free(verdict->values);
    verdict->values = NULL;
    verdict->count = verdict->capacity = 0;
}

void verdict_remove(struct verdict *verdict, size_t at)
{
    struct value last = verdict->values[at];

    memmove(&verdict->values[at], &verdict->values[at + 1],
            (verdict->count - at - 1) * sizeof(last));
    verdict->values[verdict->count - 1] = last;
    value_done(&verdict->values[--verdict->count]);
}

void verdict_refuse(struct verdict *verdict, char *why, const struct fact *witness)
{
    values_done(verdict);
    free(verdict->why);
    verdict->emitted = false;
    verdict->why = why;
    verdict->witness = witness;
}

void verdict_done(struct verdict *verdict)
{
    values_done(verdict);
    free(verdict->why);
    verdict->why = NULL;
}

void derive_note(const struct derive_context *context, char *text)
{
    if (!strings_has(context->notes, text))
        strings_add(context->notes, text);
    free(text);
}

/* ---- matching
 * ------------------------------------------------------------------------------------------ */

bool derive_has_word(const char *words, const char *word)
{
    size_t length = strlen(word);

    if (!length)
        return false;
    for (const char *at = words; (at = strstr(at, word)); at += length)
        if ((at == words || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
            return true;
    return false;
}

static bool path_matches(const struct fact *fact, const struct denial *denial)
{
    return path_may_be_within(fact->path.path, denial->text) ||
           path_may_be_within(fact->path.requested, denial->text);
}

/* What failed because nothing was there, or because it was not to be seen, may find nothing. */
static bool read_matches(const struct fact *fact, const struct denial *denial)
{
    switch (fact->outcome) {
    case ENOENT:
    case ENOTDIR:
    case EACCES:
    case EPERM:
        return false;
    default:
        return path_matches(fact, denial);
    }
}

/* Whether a path lies at or below one of the blank-separated places. */
static bool path_is_among(const char *path, const char *places)
{
    for (const char *at = places + strspn(places, " "); *at; at += strspn(at, " ")) {
        size_t length = strcspn(at, " ");
        CLEANUP(free_char) char *place = mem_strndup(at, length);
        if (path_is_within(path, place))
            return true;
        at += length;
    }
    return false;
}

static bool write_matches(const struct fact *fact, const struct denial *denial)
{
    return path_use_is_write(fact->path.use) && path_matches(fact, denial) &&
           !(denial->value && path_is_among(fact->path.path, denial->value));
}

static bool map_matches(const struct fact *fact, const struct denial *denial)
{
    return (fact->path.use == PATH_EXECUTE || fact->path.use == PATH_MAP_EXECUTE) &&
           path_matches(fact, denial);
}

/* A call whose end was not seen may have done what it was for. */
static bool is_done(const struct fact *fact)
{
    return fact->outcome == 0 || fact->outcome == OUTCOME_UNKNOWN;
}

static bool mount_matches(const struct fact *fact, const struct denial *denial)
{
    return fact->path.use == PATH_MOUNT && is_done(fact) && path_matches(fact, denial);
}

static bool syscall_matches(const struct fact *fact, const struct denial *denial)
{
    return fact->syscall.name && strcmp(fact->syscall.name, denial->text) == 0 &&
           (!denial->value || strcmp(fact->syscall.arch, denial->value) == 0);
}

static bool syscall_known_matches(const struct fact *fact, const struct denial *denial)
{
    return fact->outcome != ENOSYS && syscall_matches(fact, denial);
}

static bool argument_matches(const struct fact *fact, const struct denial *denial)
{
    return strcmp(fact->argument.topic, denial->text) == 0 &&
           (!denial->value || strcmp(fact->argument.value, denial->value) == 0);
}

static bool argument_done_matches(const struct fact *fact, const struct denial *denial)
{
    return is_done(fact) && argument_matches(fact, denial);
}

static bool argument_other_matches(const struct fact *fact, const struct denial *denial)
{
    return strcmp(fact->argument.topic, denial->text) == 0 &&
           !derive_has_word(denial->value, fact->argument.value);
}

/* A set-group-id bit without group execution means mandatory locking, not set-id (inode(7)). */
static bool program_matches(const struct fact *fact, const struct denial *denial)
{
    const struct program_fact *program = &fact->program;
    const struct {
        const char *property;
        bool holds;
    } properties[] = {
        { "set-id", program->mode & 04000 || (program->mode & 02010) == 02010 },
        { "file-caps", program->file_caps },
        { "exec-stack", program->exec_stack },
        { "text-rel", program->text_rel },
    };

    for (size_t i = 0; i < ELEMENTS_OF(properties); i++)
        if (strcmp(properties[i].property, denial->text) == 0)
            return properties[i].holds;
    return false;
}

static bool socket_matches(const struct fact *fact, const struct denial *denial)
{
    return fact->socket.origin == SOCKET_CREATED &&
           fact->socket.family == family_find(denial->text);
}

static bool socket_other_matches(const struct fact *fact, const struct denial *denial)
{
    const char *name = family_name(fact->socket.family);

    return fact->socket.origin == SOCKET_CREATED && (!name || !derive_has_word(denial->text, name));
}

static bool abstract_matches(const struct fact *fact, const struct denial *denial)
{
    (void)denial;
    return fact->address.family == AF_UNIX && fact->address.host[0] == '@';
}

static const struct {
    enum fact_kind fact;
    bool (*matches)(const struct fact *fact, const struct denial *denial);
} matchers[VETO_COUNT] = {
    [VETO_SYSCALL] = { FACT_SYSCALL, syscall_matches },
    [VETO_SYSCALL_KNOWN] = { FACT_SYSCALL, syscall_known_matches },
    [VETO_ARGUMENT] = { FACT_ARGUMENT, argument_matches },
    [VETO_ARGUMENT_DONE] = { FACT_ARGUMENT, argument_done_matches },
    [VETO_ARGUMENT_OTHER] = { FACT_ARGUMENT, argument_other_matches },
    [VETO_PROGRAM] = { FACT_PROGRAM, program_matches },
    [VETO_SOCKET] = { FACT_SOCKET, socket_matches },
    [VETO_SOCKET_OTHER] = { FACT_SOCKET, socket_other_matches },
    [VETO_ABSTRACT_SOCKET] = { FACT_ADDRESS, abstract_matches },
    [VETO_READ] = { FACT_PATH, read_matches },
    [VETO_TOUCH] = { FACT_PATH, path_matches },
    [VETO_WRITE] = { FACT_PATH, write_matches },
    [VETO_MAP] = { FACT_PATH, map_matches },
    [VETO_MOUNT] = { FACT_PATH, mount_matches },
};

static const struct fact *veto_match(const struct profile *profile, const struct denial *denial)
{
    size_t count;

    if (denial->kind == VETO_CAPABILITY)
        return capability_needed(profile, *denial->text ? denial->text : NULL);
    const struct fact *const *facts = profile_facts(profile, matchers[denial->kind].fact, &count);

    for (size_t i = 0; i < count; i++)
        if (matchers[denial->kind].matches(facts[i], denial))
            return facts[i];
    return NULL;
}

const struct fact *veto_applies(const struct profile *profile, const struct denial *denials)
{
    for (; denials && denials->kind != VETO_END; denials++) {
        const struct fact *fact = veto_match(profile, denials);
        if (fact)
            return fact;
    }
    return NULL;
}

const struct fact *derive_syscall(const struct profile *profile, const char *name)
{
    const struct denial denial = { .kind = VETO_SYSCALL, .text = name };

    return veto_match(profile, &denial);
}

/* ---- the shared rule
 * ----------------------------------------------------------------------------------- */

/* Why a candidate was passed over. */
static char *candidate_refusal(const struct candidate *candidate, const struct fact *denied,
                               const struct target *target)
{
    if (denied) {
        CLEANUP(free_char) char *seen = fact_describe(denied);
        return mem_printf("\"%s\" would break what was seen: %s", candidate->value, seen);
    }
    return mem_printf("\"%s\" came with systemd %d, the target is %d", candidate->value,
                      candidate->since, target->version);
}

static void candidate_accept(const struct directive *directive, const struct candidate *candidate,
                             const char *refusal, const struct fact *refused_by,
                             struct verdict *ret)
{
    ret->why = refusal
                   ? mem_printf("it stops what was never seen: %s; %s", directive->forbids, refusal)
                   : mem_printf("it stops what was never seen: %s", directive->forbids);
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
        const struct fact *denied = veto_applies(context->profile, candidate->denials);
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
    verdict_refuse(
        ret, mem_printf("%s; it stops %s", refusal ? refusal : "no value fits", directive->forbids),
        refused_by);
}

/* ---- a row
 * ---------------------------------------------------------------------------------------------- */

static bool refused_by_target(const struct target *target, const struct directive *directive,
                              struct verdict *ret)
{
    if (directive->since > target->version) {
        verdict_refuse(ret,
                       mem_printf("it came with systemd %d, the target is %d", directive->since,
                                  target->version),
                       NULL);
        return true;
    }
    if (target->user_manager && directive->flags & DIRECTIVE_SYSTEM_ONLY) {
        verdict_refuse(ret,
                       mem_strdup("a user manager cannot apply it to its services without a "
                                  "user namespace of their own"),
                       NULL);
        return true;
    }
    return false;
}

/* In a root of the unit's own, paths are told as the service has them: what a row asks of calls and
 * of device nodes by name is seen whole. */
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
                           mem_strdup("the unit has a root of its own (RootDirectory=), and what "
                                      "lies where in it is not known here"),
                           fact);
            return true;
        }
        CLEANUP(free_char) char *seen = fact_describe(fact);
        /* The same words for every directive: neighbours then share a line. */
        verdict_refuse(
            ret, mem_printf("not everything could be seen: %s%s", seen, own_mount_remedy(fact)),
            fact);
        return true;
    }
    return false;
}

/* A profile without a single call saw nothing: what it did not see means nothing. */
static bool refused_by_emptiness(const struct profile *profile, struct verdict *ret)
{
    size_t count;

    profile_facts(profile, FACT_SYSCALL, &count);
    if (count == 0)
        verdict_refuse(ret, mem_strdup("the profile holds no system call: no run was observed"),
                       NULL);
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
