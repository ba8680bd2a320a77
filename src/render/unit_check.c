// SPDX-License-Identifier: LGPL-2.1-or-later
/* What a unit would refuse of what training saw: for a person, and as JSON. */
#include "render/layout.h"
#include <cinch/evaluate.h>
#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

/* Things named under one directive; the others are counted. */
#define SHOWN 10

/* How the refused call fails; what is not here fails with EPERM. */
static const struct {
    const char *directive, *error;
} errors[] = {
    { "InaccessiblePaths", "EACCES" },
    { "IPAddressDeny", "EPERM, or a timeout" },
    { "NoExecPaths", "EACCES" },
    { "PrivateDevices", "ENOENT" },
    { "PrivateNetwork", "ENETUNREACH" },
    { "PrivateTmp", "ENOENT" },
    { "PrivateUsers", "EPERM" },
    { "ProcSubset", "ENOENT" },
    { "ProtectHome", "EACCES" },
    { "ProtectProc", "ENOENT" },
    { "ProtectSystem", "EROFS" },
    { "ReadOnlyPaths", "EROFS" },
    { "RestrictAddressFamilies", "EAFNOSUPPORT" },
    { "RootDirectory", "ENOENT" },
    { "TemporaryFileSystem", "ENOENT" },
};

/* systemd.exec(5), SystemCallErrorNumber=: without one the process is killed by SIGSYS. */
static char *error_of(const struct unit *unit, const char *directive)
{
    const char *number = unit_get(unit, "SystemCallErrorNumber");

    if (strcmp(directive, "SystemCallFilter") == 0) {
        CLEANUP(free_char) char *shown = text_encode_string(number ? number : "");
        return number && *number && strcmp(number, "kill") != 0
                   ? mem_printf("the call fails with %s", shown)
                   : mem_strdup("the process is killed with SIGSYS");
    }
    for (size_t i = 0; i < ELEMENTS_OF(errors); i++)
        if (strcmp(errors[i].directive, directive) == 0)
            return mem_printf("the call fails with %s", errors[i].error);
    return mem_strdup("the call fails with EPERM");
}

/* "/lib/systemd/system/x.service: ProtectHome=yes", or only the directive where another setting
 * implies it. */
static char *line_of(const struct unit *unit, const struct unit_refusal *refusal)
{
    const struct unit_setting *setting = refusal->setting;

    if (!setting)
        return mem_printf("%s= (another setting of the unit implies it)", refusal->directive);
    CLEANUP(free_char) char *value = text_encode_string(setting->value);
    bool known = setting->file < unit->files.count;
    CLEANUP(free_char)
    char *file = text_encode_string(known ? unit->files.items[setting->file] : "");
    return mem_printf("%s=%.80s%s%s%s", refusal->directive, value, strlen(value) > 80 ? "..." : "",
                      known ? ", in " : "", file);
}

static bool is_first(const struct evaluation *evaluation, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (strcmp(evaluation->refusals[i].directive, evaluation->refusals[at].directive) == 0)
            return false;
    return true;
}

/* All that the directive of refusal `first` refuses. */
static void add_directive(struct str *ret, const struct evaluation *evaluation, size_t first,
                          const struct unit *unit)
{
    const struct unit_refusal *head = &evaluation->refusals[first];
    CLEANUP(free_char) char *line = line_of(unit, head);
    CLEANUP(free_char) char *error = error_of(unit, head->directive);
    CLEANUP(free_char)
    char *title = mem_printf("refused by %s (%s):", line,
                             head->fact ? error : "systemd cannot start the service with it");
    size_t count = 0;

    layout_wrap(ret, "", "  ", title);
    for (size_t i = first; i < evaluation->count; i++) {
        const struct unit_refusal *refusal = &evaluation->refusals[i];
        if (strcmp(refusal->directive, head->directive) != 0 || !refusal->fact || ++count > SHOWN)
            continue;
        CLEANUP(free_char) char *fact = fact_describe(refusal->fact);
        layout_wrap(ret, "  ", "    ", fact);
    }
    if (count > SHOWN)
        str_addf(ret, "  and %zu more\n", count - SHOWN);
}

static void add_not_judged(struct str *ret, const struct evaluation *evaluation)
{
    CLEANUP(str_done) struct str line = { 0 };

    for (size_t i = 0; i < evaluation->unknown.count; i++)
        str_addf(&line, "%s%s=", i ? ", " : "not judged: ", evaluation->unknown.items[i]);
    if (line.length)
        layout_wrap(ret, "", "  ", line.data);
    if (evaluation->unseen)
        str_addf(ret, "not judged: %zu %s that training could not observe (cinch show lists %s)\n",
                 evaluation->unseen, evaluation->unseen == 1 ? "thing" : "things",
                 evaluation->unseen == 1 ? "it" : "them");
}

char *render_check(const struct evaluation *evaluation, const struct unit *unit)
{
    CLEANUP(free_char) char *name = text_encode_string(unit->name ? unit->name : "the unit");
    struct str text = { 0 };

    if (!evaluation->count)
        str_addf(&text, "%s allows all %zu things that training saw\n", name, evaluation->judged);
    else
        str_addf(&text, "%s refuses %zu of %zu things that training saw\n", name, evaluation->count,
                 evaluation->judged);
    for (size_t i = 0; i < evaluation->count; i++)
        if (is_first(evaluation, i))
            add_directive(&text, evaluation, i, unit);
    add_not_judged(&text, evaluation);
    return str_steal(&text);
}

/* ---- JSON ---- */

static void add_encoded(cJSON *object, const char *name, const char *bytes)
{
    CLEANUP(free_char) char *encoded = bytes ? text_encode_string(bytes) : NULL;

    if (encoded)
        cJSON_AddStringToObject(object, name, encoded);
    else
        cJSON_AddNullToObject(object, name);
}

static void add_refusal(cJSON *array, const struct unit_refusal *refusal, const struct unit *unit)
{
    cJSON *object = cJSON_CreateObject();
    const struct unit_setting *setting = refusal->setting;
    CLEANUP(free_char) char *fact = refusal->fact ? fact_describe(refusal->fact) : NULL;
    CLEANUP(free_char) char *error = error_of(unit, refusal->directive);

    cJSON_AddStringToObject(object, "directive", refusal->directive);
    add_encoded(object, "value", setting ? setting->value : NULL);
    add_encoded(object, "file",
                setting && setting->file < unit->files.count ? unit->files.items[setting->file]
                                                             : NULL);
    add_encoded(object, "fact", fact);
    add_encoded(object, "effect",
                refusal->fact ? error : "systemd cannot start the service with it");
    cJSON_AddItemToArray(array, object);
}

char *render_check_json(const struct evaluation *evaluation, const struct unit *unit)
{
    cJSON *root = cJSON_CreateObject();

    cJSON_AddStringToObject(root, "format", "cinch-check");
    cJSON_AddNumberToObject(root, "version", 1);
    add_encoded(root, "unit", unit->name);
    cJSON_AddNumberToObject(root, "judged", (double)evaluation->judged);
    cJSON_AddNumberToObject(root, "unobserved", (double)evaluation->unseen);
    cJSON *unknown = cJSON_AddArrayToObject(root, "not_judged");
    for (size_t i = 0; i < evaluation->unknown.count; i++)
        cJSON_AddItemToArray(unknown, cJSON_CreateString(evaluation->unknown.items[i]));
    cJSON *refused = cJSON_AddArrayToObject(root, "refused");
    for (size_t i = 0; i < evaluation->count; i++)
        add_refusal(refused, &evaluation->refusals[i], unit);
    CLEANUP(free_char) char *printed = cJSON_Print(root);
    char *text = mem_printf("%s\n", printed);
    cJSON_Delete(root);
    return text;
}
