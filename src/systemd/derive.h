/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside systemd/: a row of the directive table, what its derive function sees and how it answers.
 */
#ifndef CINCH_SYSTEMD_DERIVE_H
#define CINCH_SYSTEMD_DERIVE_H

#include <cinch/systemd.h>

struct filesystem_plan; /* derive_filesystem.c: computed once, read by every path directive */

struct derive_context {
    const struct profile *profile;
    const struct suggest_options *options;
    const struct filesystem_plan *filesystem;
    struct strings *notes; /* for the administrator; encoded, one line each */
};

enum denial_kind {
    DENY_END = 0,
    DENY_SYSCALL,  /* a call of this name, whatever its outcome */
    DENY_ARGUMENT, /* an argument fact of this topic; `value` NULL: any */
    DENY_READ,     /* any successful use of a path at or below `text` */
    DENY_TOUCH,    /* any use of it at all, failed ones too */
    DENY_WRITE,    /* any write intent at or below it, failed ones too */
};

/* Something a directive's value forbids: the value may be emitted only if no fact matches. */
struct denial {
    enum denial_kind kind;
    const char *text;
    const char *value;
};

/* A value of a directive, strictest first in its row. */
struct candidate {
    const char *value;
    int since;                    /* systemd version that knows this value */
    const struct denial *denials; /* ends with DENY_END */
};

enum directive_flags {
    DIRECTIVE_LIST = 1 << 0,        /* assignments add up: a drop-in resets first */
    DIRECTIVE_SYSTEM_ONLY = 1 << 1, /* ignored or refused by the user manager */
};

struct directive {
    const char *name;
    int since;
    unsigned flags;
    void (*derive)(const struct derive_context *context, const struct directive *directive,
                   struct verdict *ret);
    const struct candidate *candidates; /* for derive_candidate; ends with a NULL value */
    const char *blind_spots[6];         /* topics that forbid or widen it; NULL-terminated */
    const char *forbids;                /* one clause: what it stops; for the explanation */
};

extern const struct directive directive_table[];
extern const size_t directive_count;

/* The shared rule: the first candidate the target knows and no fact refuses. */
void derive_candidate(const struct derive_context *context, const struct directive *directive,
                      struct verdict *ret);

/* Appends a value to a verdict and marks it emitted; `why` is taken over. */
struct value *verdict_add(struct verdict *verdict, const char *text, char *why,
                          const struct fact *witness);
/* Leaves the directive out; `why` is taken over. */
void verdict_refuse(struct verdict *verdict, char *why, const struct fact *witness);

/* derive_filesystem*.c */
struct filesystem_plan *filesystem_plan_new(const struct profile *profile,
                                            const struct suggest_options *options,
                                            struct strings *notes);
void filesystem_plan_free(struct filesystem_plan *plan);
/* The form the plan settled on. */
enum filesystem_form filesystem_plan_form(const struct filesystem_plan *plan);

#endif
