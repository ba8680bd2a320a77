// SPDX-License-Identifier: LGPL-2.1-or-later
/* The notes of a suggestion. */
#include <cinch/systemd.h>
#include <stdlib.h>
#include <string.h>

void notes_add(struct notes *notes, enum note_severity severity, enum note_topic topic,
               const char *about, char *text)
{
    mem_reserve(&notes->items, &notes->capacity, notes->count + 1, sizeof(struct note));
    notes->items[notes->count++] = (struct note){ .severity = severity,
                                                  .topic = topic,
                                                  .about = about ? mem_strdup(about) : NULL,
                                                  .text = text };
}

bool notes_have(const struct notes *notes, const char *text)
{
    for (size_t i = 0; i < notes->count; i++)
        if (strcmp(notes->items[i].text, text) == 0)
            return true;
    return false;
}

void notes_done(struct notes *notes)
{
    for (size_t i = 0; i < notes->count; i++) {
        free(notes->items[i].about);
        free(notes->items[i].text);
    }
    free(notes->items);
    *notes = (struct notes){ 0 };
}

const char *note_severity_name(enum note_severity severity)
{
    static const char *const names[] = { [SEVERITY_NOTE] = "note", [SEVERITY_WARNING] = "warning" };

    return names[severity];
}

char *note_describe(const struct note *note)
{
    return mem_printf("%s: %s", note_severity_name(note->severity), note->text);
}

const char *note_topic_name(enum note_topic topic)
{
    static const char *const names[] = { [TOPIC_DIRECTIVE] = "directive",
                                         [TOPIC_PATH] = "path",
                                         [TOPIC_RUN] = "run",
                                         [TOPIC_CALL] = "call" };

    return names[topic];
}
