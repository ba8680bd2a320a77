/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside systemd/: a row of the directive table. */
#ifndef CINCH_SYSTEMD_DIRECTIVE_H
#define CINCH_SYSTEMD_DIRECTIVE_H

#include "systemd/core/derive.h"
#include "systemd/core/veto.h"

struct derive_context;

/* A value of a directive; a row lists the strictest first. */
struct candidate {
    const char *value;
    int since;                 /* the first systemd version with this value */
    const struct veto *vetoes; /* ends with VETO_END */
};

enum directive_flags {
    DIRECTIVE_LIST = 1 << 0,        /* assignments add up, so a drop-in resets it first */
    DIRECTIVE_ANY_ROOT = 1 << 3,    /* it blocks the same things inside the unit's RootDirectory= */
    DIRECTIVE_SYSTEM_ONLY = 1 << 1, /* ignored or refused by the user manager */
    DIRECTIVE_SECCOMP = 1 << 2,     /* installs a seccomp filter; before systemd 255 that forces
                                       NoNewPrivileges= on a service with User= */
};

/* The value of a directive about /proc, for derive_proc. */
struct proc_rule {
    const char *value, *off;
    const char *why;
    const char *root_value, *root_why; /* for a service that starts as root; NULL: the same */
    size_t refusing;                   /* offset of the decision in the plan that refuses it */
};

struct directive {
    const char *name;
    int since;
    unsigned flags;
    void (*derive)(const struct derive_context *context, const struct directive *directive,
                   struct verdict *ret);
    const struct candidate *candidates; /* for derive_candidate; ends with a NULL value */
    const struct proc_rule *proc;       /* for derive_proc */
    const char *blind_spots[12];        /* topics that rule it out; NULL-terminated */
    const char *widened_by[4];          /* topics for which its derive function allows more */
    const char *forbids; /* a phrase: what it blocks; for reasons and DIRECTIVES.md */
    const char *rule;  /* how a special derive function decides, in sentences; NULL: the candidates
                          are the rule */
    const char *never; /* values that are never set, and why; NULL: none */
};

/* Blind spots that may hide any fact; every row lists them first. */
#define BLIND_ALWAYS "lost-task", "untraced-clone", "attached-late", "own-ptrace", "no-privileges"
/* Blind spots that hide a service's peers. The sockets it creates are known from the arguments of
 * socket(2), which is all that RestrictAddressFamilies= filters. */
#define BLIND_PEERS "io_uring", "unreadable-memory", "unreadable-socket"
/* Blind spots that hide uses of paths. */
#define BLIND_PATHS "io_uring", "uncertain-path", "foreign-mount-namespace", "unreadable-memory"

/* The row of that name, or NULL; the table ends with a row without a name. */
const struct directive *directive_find(const struct directive *table, const char *name);

#endif
