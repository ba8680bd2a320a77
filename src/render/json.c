// SPDX-License-Identifier: LGPL-2.1-or-later
/* A suggestion as JSON: docs/SUGGESTION_FORMAT.md. Every string is printable ASCII (text_encode).
 */
#include "render/layout.h"
#include <cjson/cJSON.h>

static void json_add_encoded(cJSON *object, const char *name, const char *bytes)
{
    if (!bytes) {
        cJSON_AddNullToObject(object, name);
        return;
    }
    CLEANUP(free_char) char *encoded = text_encode_string(bytes);
    cJSON_AddStringToObject(object, name, encoded);
}

/* Adds encoded text; a stray byte must not make the JSON invalid. */
static void json_add_sentence(cJSON *object, const char *name, const char *text)
{
    struct str plain = { 0 };

    str_add(&plain, "");
    for (const char *at = text ? text : ""; *at; at++)
        str_add_char(&plain, *at >= 0x20 && *at <= 0x7e ? *at : '?');
    cJSON_AddStringToObject(object, name, plain.data);
    str_done(&plain);
}

/* The value as written in a unit file or after systemd-run -p; null when it cannot be expressed. */
static void json_add_quoted(cJSON *object, const char *name, const struct verdict *verdict,
                            const struct value *value, const struct target *target,
                            enum quote_form form)
{
    struct str quoted = { 0 };

    if (quote_value(&quoted, verdict->name, value, target, form) == 0)
        cJSON_AddStringToObject(object, name, quoted.data);
    else
        cJSON_AddNullToObject(object, name);
    str_done(&quoted);
}

static void json_add_witness(cJSON *object, const struct fact *witness)
{
    if (!witness) {
        cJSON_AddNullToObject(object, "witness");
        return;
    }
    CLEANUP(free_char) char *text = fact_describe(witness);
    json_add_sentence(object, "witness", text);
}

static void json_add_strings(cJSON *object, const char *name, const struct strings *strings)
{
    cJSON *array = cJSON_AddArrayToObject(object, name);

    for (size_t i = 0; i < strings->count; i++)
        cJSON_AddItemToArray(array, cJSON_CreateString(strings->items[i]));
}

static void json_add_excess(cJSON *object, const struct excess *excess)
{
    static const char *const units[EXCESS_UNIT_COUNT] = {
        [EXCESS_CALLS] = "calls",
        [EXCESS_FILES] = "files",
        [EXCESS_ADDRESSES] = "addresses",
        [EXCESS_PORTS] = "ports",
    };

    if (!excess->count) {
        cJSON_AddNullToObject(object, "excess");
        return;
    }
    CLEANUP(free_char) char *text = excess_describe(excess);
    cJSON *one = cJSON_AddObjectToObject(object, "excess");
    cJSON_AddNumberToObject(one, "count", (double)excess->count);
    cJSON_AddStringToObject(one, "unit", units[excess->unit]);
    cJSON_AddBoolToObject(one, "at_least", excess->at_least);
    json_add_sentence(one, "text", text);
    json_add_strings(one, "names", &excess->names);
}

static cJSON *json_value(const struct verdict *verdict, const struct value *value,
                         const struct target *target)
{
    cJSON *object = cJSON_CreateObject();

    json_add_encoded(object, "text", value->text);
    cJSON_AddBoolToObject(object, "path", value->is_path);
    cJSON_AddBoolToObject(object, "optional", value->optional);
    cJSON_AddBoolToObject(object, "in_root", value->in_root);
    json_add_encoded(object, "destination", value->destination);
    json_add_encoded(object, "options", value->options);
    json_add_quoted(object, "unit", verdict, value, target, QUOTE_UNIT);
    json_add_quoted(object, "run_argument", verdict, value, target, QUOTE_RUN_ARGUMENT);
    json_add_sentence(object, "why", value->why);
    json_add_witness(object, value->witness);
    json_add_strings(object, "covers", &value->covers);
    json_add_excess(object, &value->excess);
    return object;
}

static cJSON *json_verdict(const struct verdict *verdict, const struct target *target)
{
    cJSON *object = cJSON_CreateObject();

    json_add_encoded(object, "name", verdict->name);
    cJSON_AddBoolToObject(object, "emitted", verdict->emitted);
    cJSON_AddBoolToObject(object, "reset", verdict->reset);
    cJSON_AddBoolToObject(object, "inverted", verdict->inverted);
    cJSON *values = cJSON_AddArrayToObject(object, "values");
    for (size_t i = 0; verdict->emitted && i < verdict->count; i++)
        cJSON_AddItemToArray(values, json_value(verdict, &verdict->values[i], target));
    json_add_sentence(object, "why", verdict->why);
    json_add_witness(object, verdict->witness);
    json_add_excess(object, &verdict->excess);
    return object;
}

static const char *json_form(enum filesystem_form form)
{
    static const char *const names[] = {
        [FILESYSTEM_VIEW] = "view", [FILESYSTEM_STRICT] = "strict", [FILESYSTEM_ROOT] = "root"
    };

    return names[form];
}

static void json_add_runs(cJSON *object, const struct profile *profile)
{
    size_t count;
    const struct run *const *runs = profile_runs(profile, &count);
    cJSON *array = cJSON_AddArrayToObject(object, "runs");

    for (size_t i = 0; i < count; i++) {
        cJSON *run = cJSON_CreateObject();
        json_add_encoded(run, "id", runs[i]->id);
        cJSON *command = cJSON_AddArrayToObject(run, "command");
        for (size_t k = 0; k < runs[i]->command.count; k++) {
            CLEANUP(free_char) char *word = text_encode_string(runs[i]->command.items[k]);
            cJSON_AddItemToArray(command, cJSON_CreateString(word));
        }
        cJSON_AddItemToArray(array, run);
    }
}

static void json_add_notes(cJSON *object, const struct notes *notes)
{
    cJSON *array = cJSON_AddArrayToObject(object, "notes");

    for (size_t i = 0; i < notes->count; i++) {
        const char *topic = note_topic_name(notes->items[i].topic);
        cJSON *note = cJSON_CreateObject();
        cJSON_AddStringToObject(note, "severity", note_severity_name(notes->items[i].severity));
        json_add_encoded(note, "topic", topic);
        json_add_encoded(note, "about", notes->items[i].about);
        json_add_sentence(note, "text", notes->items[i].text);
        cJSON_AddItemToArray(array, note);
    }
}

char *render_json(const struct suggestion *suggestion, const struct profile *profile)
{
    cJSON *root = cJSON_CreateObject();
    struct str text = { 0 };

    cJSON_AddStringToObject(root, "format", "cinch-suggestion");
    cJSON_AddNumberToObject(root, "version", 2);
    cJSON_AddStringToObject(root, "cinch", PACKAGE_VERSION);
    cJSON *target = cJSON_AddObjectToObject(root, "target");
    cJSON_AddNumberToObject(target, "systemd", suggestion->target.version);
    cJSON_AddBoolToObject(target, "user_manager", suggestion->target.user_manager);
    cJSON_AddStringToObject(root, "filesystem", json_form(suggestion->filesystem));
    json_add_runs(root, profile);
    json_add_notes(root, &suggestion->notes);
    cJSON *verdicts = cJSON_AddArrayToObject(root, "verdicts");
    for (size_t i = 0; i < suggestion->count; i++)
        cJSON_AddItemToArray(verdicts, json_verdict(&suggestion->verdicts[i], &suggestion->target));
    char *printed = cJSON_Print(root);
    cJSON_Delete(root);
    str_add(&text, printed ? printed : "");
    str_add_char(&text, '\n');
    cJSON_free(printed);
    return str_steal(&text);
}
