// SPDX-License-Identifier: LGPL-2.1-or-later
/* Building and finding verdicts. */
#include "systemd/core/verdict.h"
#include <stdlib.h>
#include <string.h>

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

const struct verdict *suggestion_find(const struct suggestion *suggestion, const char *name)
{
    for (size_t i = 0; i < suggestion->count; i++)
        if (strcmp(suggestion->verdicts[i].name, name) == 0)
            return &suggestion->verdicts[i];
    return NULL;
}
