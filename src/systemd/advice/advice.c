// SPDX-License-Identifier: LGPL-2.1-or-later
/* Advice beyond a drop-in. It changes file owners or the service's configuration, so no directive
 * may do it unasked; it is given as notes only. */
#include "systemd/advice/advice.h"
#include "systemd/core/derive.h"
#include "systemd/core/identity.h"
#include "systemd/core/place_lookup.h"
#include "systemd/core/veto.h"
#include <string.h>

/* systemd that knows LoadCredential=. */
#define VERSION_CREDENTIALS 247
#define VERSION_DYNAMIC     235

static bool runs_as_root(const struct derive_context *context)
{
    const struct unit *unit = context->options->unit;
    size_t count;
    const struct run *const *runs = profile_runs(context->profile, &count);
    bool root = count > 0 && !context->options->target.user_manager &&
                (!unit || identity_unit_is_root(unit));

    for (size_t i = 0; i < count; i++)
        root &= runs[i]->uid == 0;
    return root;
}

/* ---- LoadCredential= ---- */

/* Account files, which belong to no single service. */
static bool is_account_file(const char *path)
{
    static const char *const files[] = { "/etc/shadow", "/etc/gshadow", "/etc/shadow-",
                                         "/etc/gshadow-" };

    for (size_t i = 0; i < ELEMENTS_OF(files); i++)
        if (strcmp(files[i], path) == 0)
            return true;
    return false;
}

static bool is_roots_alone(const struct profile *profile, const char *path)
{
    const struct host_file *file = place_file(profile, path);

    return file && file->type == FILE_REGULAR && file->uid == 0 && !(file->mode & 0077) &&
           place_region(path) == REGION_PLAIN && !is_account_file(path);
}

static bool was_written(const struct profile *profile, const char *path)
{
    const struct veto written[] = { { VETO_WRITE, path, NULL }, { 0 } };

    return veto_applies(profile, written);
}

/* Whether it is in a directory the service may write: its own data, which it creates and changes.
 */
static bool is_own_data(const struct suggestion *suggestion, const char *path)
{
    static const char *const lists[] = { "BindPaths", "ReadWritePaths" };

    for (size_t i = 0; i < ELEMENTS_OF(lists); i++) {
        const struct verdict *verdict = suggestion_find(suggestion, lists[i]);
        for (size_t k = 0; verdict && verdict->emitted && k < verdict->count; k++)
            if (path_is_within(path, verdict->values[k].text))
                return true;
    }
    return false;
}

/* Files that root alone may read; `ret_start`: of these what only the start read. */
static void find_secrets(const struct profile *profile, const struct suggestion *suggestion,
                         struct strings *ret_all, struct strings *ret_start)
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_PATH, &count);

    for (size_t i = 0; i < count; i++) {
        const struct fact *fact = facts[i];
        const char *path = fact->path.path;
        if (fact->path.use != PATH_READ || !fact_may_have_succeeded(fact) ||
            !is_roots_alone(profile, path) || was_written(profile, path) ||
            is_own_data(suggestion, path))
            continue;
        CLEANUP(free_char) char *encoded = text_encode_string(path);
        strings_add(ret_all, encoded);
        if (!(evidence_phases(&fact->evidence) & ~(1u << PHASE_START)))
            strings_add(ret_start, encoded);
    }
}

static void advise_credentials(const struct derive_context *context, struct strings *secrets)
{
    if (!secrets->count || context->options->target.version < VERSION_CREDENTIALS)
        return;
    CLEANUP(free_char) char *names = advice_join(secrets);
    derive_note(context, SEVERITY_NOTE, TOPIC_DIRECTIVE, "LoadCredential",
                mem_printf("only root may read %s, and the service reads it only at its start. "
                           "LoadCredential=NAME:PATH passes it to a service that runs as any user; "
                           "its configuration must then name ${CREDENTIALS_DIRECTORY}/NAME",
                           names));
}

/* ---- User=, DynamicUser= ---- */

/* A service that reads user passwords runs as root or in a group that a dedicated user is not in.
 */
static bool reads_accounts(const struct profile *profile)
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_PATH, &count);

    for (size_t i = 0; i < count; i++)
        if (facts[i]->path.use == PATH_READ && fact_may_have_succeeded(facts[i]) &&
            is_account_file(facts[i]->path.path))
            return true;
    return false;
}

/* Nothing at all that root's capabilities were asked for, and it is certain. */
static bool used_no_privilege(const struct suggestion *suggestion)
{
    const struct verdict *bounding = suggestion_find(suggestion, "CapabilityBoundingSet");

    /* One empty value is the empty list. */
    return bounding && bounding->emitted && bounding->count <= 1 &&
           (!bounding->count || !bounding->values[0].text[0]);
}

/* The service used root only to change to another user. */
static bool used_identity_alone(const struct suggestion *suggestion)
{
    static const char *const changing[] = { "CAP_SETGID", "CAP_SETPCAP", "CAP_SETUID" };
    const struct verdict *bounding = suggestion_find(suggestion, "CapabilityBoundingSet");
    bool user = false, alone = bounding && bounding->emitted;

    for (size_t i = 0; alone && i < bounding->count; i++) {
        bool known = false;
        for (size_t k = 0; k < ELEMENTS_OF(changing); k++)
            known |= strcmp(bounding->values[i].text, changing[k]) == 0;
        user |= strcmp(bounding->values[i].text, "CAP_SETUID") == 0;
        alone = known;
    }
    return alone && user;
}

static void advise_identity(const struct derive_context *context, struct strings *secrets)
{
    CLEANUP(free_char) char *files = advice_join(secrets);
    struct str note = { 0 };

    str_add(&note, "the service runs as root only to change to another user. If it can start as "
                   "that user (User=, Group=), it needs no capability");
    if (secrets->count)
        str_addf(&note, "; only root may read %s", files);
    str_add(&note, ". Train again as that user (--user) first");
    derive_note(context, SEVERITY_NOTE, TOPIC_DIRECTIVE, "User", str_steal(&note));
}

static void advise_user(const struct derive_context *context, struct strings *secrets)
{
    struct strings managed = { 0 }, other = { 0 };

    advice_find_written(context->profile, &managed, &other);
    CLEANUP(free_char) char *settings = advice_join(&managed);
    CLEANUP(free_char) char *places = advice_join(&other);
    CLEANUP(free_char) char *files = advice_join(secrets);
    bool dynamic = !other.count && context->options->target.version >= VERSION_DYNAMIC;
    struct str note = { 0 };

    str_addf(&note, "the service runs as root but used none of root's privileges: %s is enough",
             dynamic ? "DynamicUser=yes" : "User= with a dedicated user");
    if (managed.count)
        str_addf(&note, ", with %s", settings);
    if (other.count)
        str_addf(&note, "%s %s must belong to that user", managed.count ? ";" : ", but", places);
    if (secrets->count)
        str_addf(&note, "; only root may read %s", files);
    str_add(&note, ". Train again as an unprivileged user (--user) first, because root is never "
                   "refused a file");
    derive_note(context, SEVERITY_NOTE, TOPIC_DIRECTIVE, dynamic ? "DynamicUser" : "User",
                str_steal(&note));
    strings_done(&managed);
    strings_done(&other);
}

void advice_add(const struct derive_context *context, const struct suggestion *suggestion)
{
    struct strings secrets = { 0 }, at_start = { 0 };

    advice_socket_add(context, suggestion);
    advice_directory_add(context);
    advice_session_add(context, suggestion);
    advice_type_add(context);
    advice_dynamic_add(context, suggestion);
    if (!runs_as_root(context) || reads_accounts(context->profile))
        return;
    find_secrets(context->profile, suggestion, &secrets, &at_start);
    advise_credentials(context, &at_start);
    if (used_no_privilege(suggestion))
        advise_user(context, &secrets);
    else if (used_identity_alone(suggestion))
        advise_identity(context, &secrets);
    else
        advice_capability_add(context, suggestion);
    strings_done(&secrets);
    strings_done(&at_start);
}
