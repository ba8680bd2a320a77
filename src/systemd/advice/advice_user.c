// SPDX-License-Identifier: LGPL-2.1-or-later
/* Less privilege, or a simpler start, than the unit asks for. */
#include "systemd/advice/advice.h"
#include "systemd/core/derive.h"
#include "systemd/core/identity.h"
#include "systemd/core/place_lookup.h"
#include <string.h>

/* systemd that knows DynamicUser= with StateDirectory=, and Type=exec. */
#define VERSION_DYNAMIC 235
#define VERSION_EXEC    240

static const char *unit_value(const struct derive_context *context, const char *key)
{
    const char *value = context->options->unit ? unit_get(context->options->unit, key) : NULL;

    return value ? value : "";
}

/* ---- one capability ---- */

void advice_capability_add(const struct derive_context *context,
                           const struct suggestion *suggestion)
{
    /* Capabilities that neither lead to root nor give access to other users' files. */
    static const char narrow[] = "CAP_BLOCK_SUSPEND CAP_IPC_LOCK CAP_NET_ADMIN CAP_NET_BROADCAST "
                                 "CAP_NET_RAW CAP_SYSLOG CAP_SYS_NICE CAP_SYS_RESOURCE "
                                 "CAP_SYS_TIME CAP_WAKE_ALARM";
    const struct verdict *bounding = suggestion_find(suggestion, "CapabilityBoundingSet");

    if (!bounding || !bounding->emitted || bounding->count != 1 ||
        !str_has_word(narrow, bounding->values[0].text))
        return;
    derive_note(context, SEVERITY_NOTE, TOPIC_DIRECTIVE, "User",
                mem_printf("the service runs as root, but %s is the only privilege it used: User= "
                           "with a dedicated user and AmbientCapabilities=%s is enough. Train "
                           "again as that user (--user) first",
                           bounding->values[0].text, bounding->values[0].text));
}

/* ---- a static user that need not be ---- */

/* Whether the user owns something that was used outside of what systemd would make for it. */
static bool owns_files(const struct profile *profile, unsigned uid)
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_PATH, &count);

    for (size_t i = 0; i < count; i++) {
        const char *path = facts[i]->path.path;
        const struct host_file *file = place_file(profile, path);
        CLEANUP(free_char) char *managed = advice_managed_place(profile, path);
        bool closed = file && file->uid != 0 && file->uid == uid && !(file->mode & 0004);
        if (closed && !managed && file->type == FILE_REGULAR)
            return true;
    }
    return false;
}

static bool is_nobodys(const struct derive_context *context)
{
    size_t count;
    const struct run *const *runs = profile_runs(context->profile, &count);

    for (size_t i = 0; i < count; i++)
        if (runs[i]->uid == 0 || owns_files(context->profile, runs[i]->uid))
            return false;
    return count > 0;
}

void advice_dynamic_add(const struct derive_context *context, const struct suggestion *suggestion)
{
    CLEANUP(strings_done) struct strings managed = { 0 }, other = { 0 };
    const char *user = unit_value(context, "User");
    const struct verdict *bounding = suggestion_find(suggestion, "CapabilityBoundingSet");
    bool free = bounding && bounding->emitted && bounding->count <= 1 &&
                (!bounding->count || !bounding->values[0].text[0]);

    if (identity_is_root_name(user) || !free || unit_is_on(context->options->unit, "DynamicUser") ||
        !is_nobodys(context) || context->options->target.version < VERSION_DYNAMIC)
        return;
    advice_find_written(context->profile, &managed, &other);
    if (other.count)
        return;
    CLEANUP(free_char) char *settings = advice_join(&managed);
    CLEANUP(free_char) char *shown = text_encode_string(user);
    derive_note(context, SEVERITY_NOTE, TOPIC_DIRECTIVE, "DynamicUser",
                mem_printf("the service used no file that only the user %s owns%s%s: "
                           "DynamicUser=yes is enough and keeps other services out of its files. "
                           "Add it to the unit and run cinch suggest again",
                           shown,
                           managed.count ? " except directories that systemd can create: " : "",
                           settings));
}

/* ---- Type=forking ---- */

void advice_type_add(const struct derive_context *context)
{
    if (strcmp(unit_value(context, "Type"), "forking") != 0 ||
        context->options->target.version < VERSION_EXEC)
        return;
    derive_note(
        context, SEVERITY_NOTE, TOPIC_DIRECTIVE, "Type",
        mem_strdup(
            "the unit sets Type=forking. If the program can stay in the foreground, use that with "
            "Type=exec: it then needs no PID file, and systemd knows the main process"));
}
