// SPDX-License-Identifier: LGPL-2.1-or-later
/* Secrets beside the service's files that are not meant for it: another service's key or password.
 * A directory with such a file is not bound whole for the sake of another file; where it must be,
 * the secret is hidden. */
#include "systemd/core/fit.h"
#include "systemd/core/place_lookup.h"
#include "systemd/filesystem/filesystem.h"
#include <cinch/model/places.h>
#include <string.h>

/* Every user may read these. */
static bool is_public(const char *path)
{
    static const char *const files[] = { "/etc/passwd" };

    for (size_t i = 0; i < ELEMENTS_OF(files); i++)
        if (strcmp(path, files[i]) == 0)
            return true;
    return path_is_within(path, "/etc/pam.d") || path_is_within(path, "/usr") ||
           path_is_within(path, "/proc") || path_is_within(path, "/sys") ||
           path_is_within(path, "/dev");
}

static void find_private_keys(const struct profile *profile, struct path_index *ret)
{
    size_t count;
    const struct host_setting *const *settings = profile_settings(profile, &count);

    for (size_t i = 0; i < count; i++)
        if (strcmp(settings[i]->name, "private-key") == 0)
            path_index_add(ret, settings[i]->value, 0, i);
}

/* Whether `number` is one of the words of digits in the text. */
static bool has_number(const char *text, unsigned number)
{
    for (const char *at = text; *at;) {
        size_t length = strspn(at, "0123456789");
        if (length && length < 11 && strtoul(at, NULL, 10) == number)
            return true;
        at += length ? length : 1;
    }
    return false;
}

/* Whether the service ran with that id at some time; root's does not count, it owns everybody's
 * secrets. */
static bool is_own_id(const struct profile *profile, unsigned id, const char *kind)
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_ARGUMENT, &count);

    for (size_t i = 0; id && i < count; i++) {
        const struct argument_fact *argument = &facts[i]->argument;
        if (strcmp(argument->topic, "credentials") == 0 && facts[i]->outcome == 0 &&
            (str_starts_with(argument->value, kind) ||
             (kind[0] == 'g' && str_starts_with(argument->value, "groups"))) &&
            has_number(argument->value, id))
            return true;
    }
    const struct run *const *runs = profile_runs(profile, &count);
    for (size_t i = 0; id && i < count; i++)
        if (runs[i]->uid == id && kind[0] == 'u')
            return true;
    return false;
}

static bool is_secret(const struct profile *profile, const struct path_index *keys,
                      const struct host_file *file)
{
    bool closed = file->mode && !(file->mode & 0007);
    bool named = file->type == FILE_REGULAR && place_is_secret_name(path_name(file->path));

    if ((file->type != FILE_REGULAR && file->type != FILE_DIRECTORY) || is_public(file->path) ||
        (!closed && !named && !path_index_has(keys, file->path)))
        return false;
    return !is_own_id(profile, file->uid, "uid ") &&
           !(closed && file->mode & 0070 && is_own_id(profile, file->gid, "gid "));
}

void plan_find_secrets(struct filesystem_plan *plan)
{
    size_t count;
    const struct host_file *const *files = profile_files(plan->profile, &count);
    CLEANUP(path_index_done) struct path_index keys = { 0 };

    find_private_keys(plan->profile, &keys);

    for (size_t i = 0; i < count; i++)
        if (is_secret(plan->profile, &keys, files[i]) && !plan_is_touched(plan, files[i]->path))
            strings_add(&plan->secrets, files[i]->path);
    strings_sort_unique(&plan->secrets);
    for (size_t i = 0; i < plan->secrets.count; i++)
        path_index_add(&plan->secret_at, plan->secrets.items[i], 0, i);
}

bool plan_holds_secret(const struct filesystem_plan *plan, const char *directory)
{
    return path_index_below(&plan->secret_at, directory, 1u << 0) > 0;
}

void plan_secrets_within(const struct filesystem_plan *plan, const char *directory,
                         struct strings *ret)
{
    const struct strings *secrets = &plan->secrets;
    for (size_t low = strings_sorted_at(secrets, directory);
         low < secrets->count && str_starts_with(secrets->items[low], directory); low++)
        if (path_is_within(secrets->items[low], directory) &&
            strcmp(secrets->items[low], directory) != 0)
            strings_add(ret, secrets->items[low]);
}

size_t plan_unit_depth(const struct filesystem_plan *plan, const struct used_name *used)
{
    size_t unit = policy_unit_depth(used->real, false, used->uses & USES_CODE);
    struct fit_settings fit;

    fit_settle(plan->options, &fit);
    /* A package of modules loads its parts when it needs them. */
    if (!fit.whole_units && !policy_modules_depth(used->real))
        return 0;
    for (; unit && unit < place_depth(used->real); unit++) {
        CLEANUP(free_char) char *directory = place_head(used->real, unit);
        if (!plan_holds_secret(plan, directory))
            return unit;
    }
    return 0;
}
