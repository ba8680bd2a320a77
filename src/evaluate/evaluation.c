// SPDX-License-Identifier: LGPL-2.1-or-later
/* A written unit against all that training saw. */
#include "evaluate/allows.h"
#include <string.h>

/* Settings that may refuse something, which the evaluator does not know (systemd.exec(5),
 * systemd.resource-control(5)). */
static const char *const unknown[] = {
    "AppArmorProfile",
    "BPFProgram",
    "DelegateNamespaces",
    "ExtensionDirectories",
    "ExtensionImages",
    "IPCNamespacePath",
    "IPEgressFilterPath",
    "IPIngressFilterPath",
    "LimitAS",
    "LimitCORE",
    "LimitCPU",
    "LimitDATA",
    "LimitFSIZE",
    "LimitLOCKS",
    "LimitMEMLOCK",
    "LimitMSGQUEUE",
    "LimitNICE",
    "LimitNOFILE",
    "LimitNPROC",
    "LimitRSS",
    "LimitRTPRIO",
    "LimitRTTIME",
    "LimitSIGPENDING",
    "LimitSTACK",
    "MemoryHigh",
    "MemoryMax",
    "MountImages",
    "NetworkNamespacePath",
    "RestrictFileSystems",
    "RestrictNetworkInterfaces",
    "RootEphemeral",
    "RootImage",
    "SELinuxContext",
    "SecureBits",
    "SmackProcessLabel",
    "SocketBindDeny",
    "TasksMax",
    "UserNamespacePath",
    NULL,
};

/* The last assignment in force of a directive; NULL: none (it follows from another setting). */
static const struct unit_setting *setting_of(const struct unit *unit, const char *directive)
{
    const struct unit_setting *found = NULL;

    for (size_t i = 0; i < unit->count; i++)
        if (strcmp(unit->settings[i].section, "Service") == 0 &&
            strcmp(unit_key_name(unit->settings[i].key), directive) == 0 &&
            unit->settings[i].value[0])
            found = &unit->settings[i];
    return found;
}

/* Of these only one value each is understood. */
static bool is_understood(const struct unit_setting *setting, const char *key)
{
    return (strcmp(key, "SocketBindDeny") == 0 && strcmp(setting->value, "any") == 0) ||
           (strcmp(key, "RestrictNetworkInterfaces") == 0 && strcmp(setting->value, "lo") == 0);
}

static bool is_unknown(const struct unit_setting *setting)
{
    const char *key = unit_key_name(setting->key);

    return strcmp(setting->section, "Service") == 0 && setting->value[0] &&
           allows_is_word(unknown, key) && !is_understood(setting, key);
}

static void find_unknown(const struct unit *unit, struct strings *ret)
{
    for (size_t i = 0; i < unit->count; i++)
        if (is_unknown(&unit->settings[i]))
            strings_add(ret, unit_key_name(unit->settings[i].key));
    strings_sort_unique(ret);
}

static void add_refusal(struct evaluation *evaluation, const struct unit *unit,
                        const char *directive, const struct fact *fact)
{
    mem_reserve(&evaluation->refusals, &evaluation->capacity, evaluation->count + 1,
                sizeof(*evaluation->refusals));
    evaluation->refusals[evaluation->count++] = (struct unit_refusal){
        .directive = directive, .setting = setting_of(unit, directive), .fact = fact
    };
}

void evaluation_make(const struct unit *unit, const struct profile *profile,
                     const struct target *target, struct evaluation *ret)
{
    const struct suggestion nothing = { .target = *target, .filesystem = FILESYSTEM_STRICT };
    struct allows *allows = allows_new(&nothing, unit, profile);
    const char *directive = NULL;

    *ret = (struct evaluation){ 0 };
    allows->is_written = true;
    for (size_t kind = 0; kind < FACT_KIND_COUNT; kind++) {
        size_t count;
        const struct fact *const *facts = profile_facts(profile, (enum fact_kind)kind, &count);
        for (size_t i = 0; i < count; i++) {
            ret->unseen += kind == FACT_BLIND_SPOT;
            ret->judged += kind != FACT_BLIND_SPOT;
            if (kind != FACT_BLIND_SPOT && !allows_fact(allows, facts[i], &directive))
                add_refusal(ret, unit, directive, facts[i]);
        }
    }
    if (!allows_start(allows, &directive))
        add_refusal(ret, unit, directive, NULL);
    find_unknown(unit, &ret->unknown);
    allows_free(allows);
}

void evaluation_done(struct evaluation *evaluation)
{
    free(evaluation->refusals);
    strings_done(&evaluation->unknown);
    *evaluation = (struct evaluation){ 0 };
}
