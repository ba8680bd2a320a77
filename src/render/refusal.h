/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Inside render/: what the suggested lines refuse of a thing, used or not, by which directive and
 * with which error. Each function appends sentences, encoded: "refused by SystemCallFilter=, with
 * EPERM", or what it is that lets the thing through.
 */
#ifndef CINCH_RENDER_REFUSAL_H
#define CINCH_RENDER_REFUSAL_H

#include "render/query.h"

struct refusal {
    const struct suggestion *suggestion;
    const struct profile *profile;
    struct strings lines;
};

/* The sentences about what is asked for; false when it is no thing that is known. */
bool refusal_find(struct refusal *refusal, const struct query *query);
void refusal_done(struct refusal *refusal);

/* ---- for the files of the several things ---- */

/* "WHAT: refused by DIRECTIVE=, with ERROR"; WHAT "" for all of it. */
void refusal_add(struct refusal *refusal, const char *what, const char *directive,
                 const char *error);
/* Any other sentence. */
void refusal_say(struct refusal *refusal, const char *format, ...) PRINTF_LIKE(2, 3);
/* Says that `directive` is not set, and why. */
void refusal_say_unset(struct refusal *refusal, const char *directive);
/* The verdict of a directive that gets a line, NULL: it gets none. */
const struct verdict *refusal_line(const struct refusal *refusal, const char *directive);
/* The first value of its line, "" without one. */
const char *refusal_value(const struct refusal *refusal, const char *directive);
/* Whether it gets a line that does not say "no". */
bool refusal_is_on(const struct refusal *refusal, const char *directive);
/* Whether one of the values is `text`. */
bool refusal_has(const struct refusal *refusal, const char *directive, const char *text);

/* Whether SystemCallFilter= lets the call through. */
bool refusal_call_passes(const struct refusal *refusal, const char *name);
void refusal_call(struct refusal *refusal, const char *name);
/* False when there is no such "@group". */
bool refusal_group(struct refusal *refusal, const char *group);
void refusal_capability(struct refusal *refusal, const char *name);
void refusal_family(struct refusal *refusal, int family);
/* `port` -1: any. */
void refusal_address(struct refusal *refusal, const char *host, int port);
void refusal_path(struct refusal *refusal, const char *path);

/* Names that look like a word that is not known, the nearest first, encoded. */
void near_names(const struct suggestion *suggestion, const struct profile *profile,
                const char *word, struct strings *ret);

#endif
