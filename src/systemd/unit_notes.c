// SPDX-License-Identifier: LGPL-2.1-or-later
/* Notes about the unit. */
#include "systemd/core/derive.h"
#include "systemd/core/directive.h"
#include "systemd/directive_table.h"
#include <string.h>

/* Directives of the service that one late drop-in sets and that decide what these lines do. */
static char *late_names(const struct derive_context *context, const struct unit *unit, size_t file)
{
    struct str names = { 0 };

    for (size_t i = unit->count - unit->late; i < unit->count; i++) {
        const struct unit_setting *setting = &unit->settings[i];
        const char *key = unit_key_name(setting->key);
        bool known =
            directive_find(context->directives, key) || str_has_word("DynamicUser RootImage", key);
        if (setting->file != file || strcmp(setting->section, "Service") != 0 || !known)
            continue;
        CLEANUP(free_char) char *word = mem_printf("%s%s=", names.length ? ", " : "", key);
        if (!names.data || !strstr(names.data, word))
            str_add(&names, word);
    }
    return names.data;
}

static void note_late(const struct derive_context *context, const struct unit *unit)
{
    for (size_t file = 0; file < unit->files.count; file++) {
        CLEANUP(free_char) char *names = unit->late ? late_names(context, unit, file) : NULL;
        CLEANUP(free_char) char *shown = text_encode_string(unit->files.items[file]);
        if (names)
            derive_note(context, SEVERITY_WARNING, TOPIC_PATH, unit->files.items[file],
                        mem_printf("%s sorts after %s, so its %s override this output; rename it "
                                   "so that it sorts before",
                                   shown, UNIT_OWN_DROPIN, names));
    }
}

void unit_notes_add(const struct derive_context *context)
{
    const struct unit *unit = context->options->unit;

    if (!unit) {
        derive_note(
            context, SEVERITY_NOTE, TOPIC_NONE, NULL,
            mem_strdup("no unit is given (--unit UNIT), so its other commands, such as "
                       "ExecStartPre= or ExecReload=, and its own settings are not considered"));
        return;
    }
    for (size_t i = 0; i < unit->notes.count; i++)
        derive_note(context, SEVERITY_NOTE, TOPIC_NONE, NULL, mem_strdup(unit->notes.items[i]));
    note_late(context, unit);
    CLEANUP(free_char) char *instance = unit->name ? unit_name_instance(unit->name) : NULL;
    if (instance && !instance[0])
        derive_note(context, SEVERITY_NOTE, TOPIC_NONE, NULL,
                    mem_strdup("the unit is a template, and the ports and paths in this output are "
                               "those of the trained instance. Install it for that instance only; "
                               "--unit NAME@INSTANCE names it"));
    if (unit_has_gate(unit))
        derive_note(context, SEVERITY_NOTE, TOPIC_NONE, NULL,
                    mem_strdup("the unit still starts through " UNIT_GATE ", which is for training "
                               "only; remove it from the unit (systemctl edit) before you install "
                               "this output"));
}
