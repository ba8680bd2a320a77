/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside systemd/: a row of the directive table. */
#ifndef CINCH_SYSTEMD_DIRECTIVE_H
#define CINCH_SYSTEMD_DIRECTIVE_H

#include "systemd/core/derive.h"
#include "systemd/core/veto.h"

struct derive_context;

/* A value of a directive, strictest first in its row. */
struct candidate {
    const char *value;
    int since;                 /* systemd version that knows this value */
    const struct veto *vetoes; /* ends with VETO_END */
};

enum directive_flags {
    DIRECTIVE_LIST = 1 << 0,        /* assignments add up: a drop-in resets first */
    DIRECTIVE_ANY_ROOT = 1 << 3,    /* what it stops is the same in a root of the unit's own */
    DIRECTIVE_SYSTEM_ONLY = 1 << 1, /* ignored or refused by the user manager */
    DIRECTIVE_SECCOMP = 1 << 2,     /* installs a seccomp filter: before systemd 255 that forces
                                     * NoNewPrivileges= on a service with User= */
};

/* A value that is about /proc: for derive_proc. */
struct proc_rule {
    const char *value, *off;
    const char *why;
    const char *root_value, *root_why; /* of a service that starts as root; NULL: the same */
    size_t refusing;                   /* offset of the decision of the plan that refuses it */
};

struct directive {
    const char *name;
    int since;
    unsigned flags;
    void (*derive)(const struct derive_context *context, const struct directive *directive,
                   struct verdict *ret);
    const struct candidate *candidates; /* for derive_candidate; ends with a NULL value */
    const struct proc_rule *proc;       /* for derive_proc */
    const char *blind_spots[12];        /* topics that forbid it; NULL-terminated */
    const char *widened_by[4];          /* topics its derive function answers with a wider value */
    const char *forbids;                /* one clause: what it stops; for the explanation */
    const char
        *rule; /* of a derive function of its own: a sentence; NULL: the candidates say all */
    const char *never; /* values that are never derived, and why; NULL: none */
};

/* Blind spots that hide anything at all: every row names them first. */
#define BLIND_ALWAYS "lost-task", "untraced-clone", "attached-late", "own-ptrace", "no-privileges"
/* Blind spots that hide who a service talks to. (Sockets it makes itself are told by the arguments
 * of socket(2), which is all that RestrictAddressFamilies= refuses.) */
#define BLIND_PEERS "io_uring", "unreadable-memory", "unreadable-socket"
/* Blind spots that hide uses of paths. */
#define BLIND_PATHS "io_uring", "uncertain-path", "foreign-mount-namespace", "unreadable-memory"

/* The row of that name in a table that ends with a row without one, or NULL. */
const struct directive *directive_find(const struct directive *table, const char *name);

#endif
