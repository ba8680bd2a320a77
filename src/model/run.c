// SPDX-License-Identifier: LGPL-2.1-or-later
/* A training run. */
#include "model/fact.h"
#include "model/key.h"
#include <string.h>

static const char *text_or_empty(const char *text)
{
    return text ? text : "";
}

void run_copy(struct run *to, const struct run *from)
{
    *to = *from;
    to->id = mem_strdup(from->id);
    to->cwd = mem_strdup(text_or_empty(from->cwd));
    to->user = mem_strdup(text_or_empty(from->user));
    to->workload = mem_strdup(text_or_empty(from->workload));
    to->ready = mem_strdup(text_or_empty(from->ready));
    to->cinch = mem_strdup(text_or_empty(from->cinch));
    strings_copy(&to->command, &from->command);
    strings_copy(&to->environment, &from->environment);
}

void run_key(struct str *key, const struct run *run)
{
    key_number(key, run->complete);
    key_number(key, run->duration_ms);
    key_strings(key, &run->command);
    key_text(key, text_or_empty(run->cwd));
    key_text(key, text_or_empty(run->user));
    key_number(key, run->uid);
    key_text(key, text_or_empty(run->workload));
    key_text(key, text_or_empty(run->ready));
    key_text(key, text_or_empty(run->cinch));
    key_number(key, run->started);
    key_number(key, run->ready_ms);
    key_number(key, run->exit_status);
    key_number(key, run->signal);
    key_number(key, run->workload_status);
    key_strings(key, &run->environment);
    key_number(key, run->capabilities);
    key_number(key, run->phases);
}

void run_done(struct run *run)
{
    free(run->id);
    free(run->cwd);
    free(run->user);
    free(run->workload);
    free(run->ready);
    free(run->cinch);
    strings_done(&run->command);
    strings_done(&run->environment);
}
