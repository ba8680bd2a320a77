// SPDX-License-Identifier: LGPL-2.1-or-later
#include "render/refusal.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- the lines of the suggestion ------------------------------------------------------------- */

const struct verdict *refusal_line(const struct refusal *refusal, const char *directive)
{
    const struct verdict *verdict = suggestion_find(refusal->suggestion, directive);

    return verdict && verdict->emitted ? verdict : NULL;
}

const char *refusal_value(const struct refusal *refusal, const char *directive)
{
    const struct verdict *verdict = refusal_line(refusal, directive);

    return verdict && verdict->count ? verdict->values[0].text : "";
}

bool refusal_is_on(const struct refusal *refusal, const char *directive)
{
    const char *value = refusal_value(refusal, directive);

    return *value && strcmp(value, "no") != 0;
}

bool refusal_has(const struct refusal *refusal, const char *directive, const char *text)
{
    const struct verdict *verdict = refusal_line(refusal, directive);

    for (size_t i = 0; verdict && i < verdict->count; i++)
        if (strcmp(verdict->values[i].text, text) == 0)
            return true;
    return false;
}

/* ---- sentences ------------------------------------------------------------------------------- */

void refusal_add(struct refusal *refusal, const char *what, const char *directive,
                 const char *error)
{
    refusal_say(refusal, "%s%srefused by %s=, with %s", what, *what ? ": " : "", directive, error);
}

void refusal_say(struct refusal *refusal, const char *format, ...)
{
    va_list args;
    char *line = NULL;

    va_start(args, format);
    int length = vasprintf(&line, format, args);
    va_end(args);
    if (length < 0)
        abort();
    strings_add(&refusal->lines, line);
    free(line);
}

void refusal_say_unset(struct refusal *refusal, const char *directive)
{
    const struct verdict *verdict = suggestion_find(refusal->suggestion, directive);

    refusal_say(refusal, "not refused: %s= is not set%s%s%s", directive,
                verdict && verdict->why ? " (" : "", verdict && verdict->why ? verdict->why : "",
                verdict && verdict->why ? ")" : "");
}

void refusal_done(struct refusal *refusal)
{
    strings_done(&refusal->lines);
    *refusal = (struct refusal){ 0 };
}
