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
    DIRECTIVE_SECCOMP = 1 << 2,     /* installs a seccomp filter: before systemd 255 that forces
                                     * NoNewPrivileges= on a service with User= */
};

struct directive {
    const char *name;
    int since;
    unsigned flags;
    void (*derive)(const struct derive_context *context, const struct directive *directive,
                   struct verdict *ret);
    const struct candidate *candidates; /* for derive_candidate; ends with a NULL value */
    const char *blind_spots[10];        /* topics that forbid it; NULL-terminated */
    const char *widened_by[4];          /* topics its derive function answers with a wider value */
    const char *forbids;                /* one clause: what it stops; for the explanation */
};

/* Blind spots that hide anything at all: every row names them first. */
#define BLIND_ALWAYS "lost-task", "untraced-clone"
/* Blind spots that hide uses of paths. */
#define BLIND_PATHS "io_uring", "uncertain-path", "foreign-mount-namespace", "unreadable-memory"

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
void verdict_done(struct verdict *verdict);

/* The first fact that matches one of the denials (ended by DENY_END), NULL when none does. */
const struct fact *derive_denied(const struct profile *profile, const struct denial *denials);
/* The first blind spot of that topic, NULL when there is none. */
const struct fact *derive_blind_spot(const struct profile *profile, const char *topic);
/* The first syscall fact of that name, whatever its architecture and outcome, or NULL. */
const struct fact *derive_syscall(const struct profile *profile, const char *name);
/* Runs a row: version, manager and blind spots first, then its derive function. */
void derive_directive(const struct derive_context *context, const struct directive *directive,
                      struct verdict *ret);
/* Adds a note for the administrator unless it is there already; `text` is taken over. */
void derive_note(const struct derive_context *context, char *text);
/* The row of a directive, or NULL. */
const struct directive *directive_find(const char *name);

/* conflicts.c: what two verdicts together would break is settled here and nowhere else. */
void conflicts_resolve(const struct derive_context *context, struct suggestion *suggestion);

/* derive_filesystem*.c */
void derive_temporary_file_system(const struct derive_context *context,
                                  const struct directive *directive, struct verdict *ret);
void derive_bind_read_only_paths(const struct derive_context *context,
                                 const struct directive *directive, struct verdict *ret);
void derive_bind_paths(const struct derive_context *context, const struct directive *directive,
                       struct verdict *ret);
void derive_root_directory(const struct derive_context *context, const struct directive *directive,
                           struct verdict *ret);
void derive_mount_api_vfs(const struct derive_context *context, const struct directive *directive,
                          struct verdict *ret);
void derive_inaccessible_paths(const struct derive_context *context,
                               const struct directive *directive, struct verdict *ret);
void derive_path_reset(const struct derive_context *context, const struct directive *directive,
                       struct verdict *ret);
void derive_read_write_paths(const struct derive_context *context,
                             const struct directive *directive, struct verdict *ret);
void derive_read_only_paths(const struct derive_context *context, const struct directive *directive,
                            struct verdict *ret);
void derive_protect_system(const struct derive_context *context, const struct directive *directive,
                           struct verdict *ret);
void derive_protect_home(const struct derive_context *context, const struct directive *directive,
                         struct verdict *ret);
void derive_protect_kernel(const struct derive_context *context, const struct directive *directive,
                           struct verdict *ret);
void derive_protect_proc(const struct derive_context *context, const struct directive *directive,
                         struct verdict *ret);
void derive_proc_subset(const struct derive_context *context, const struct directive *directive,
                        struct verdict *ret);
void derive_private_tmp(const struct derive_context *context, const struct directive *directive,
                        struct verdict *ret);
void derive_private_devices(const struct derive_context *context, const struct directive *directive,
                            struct verdict *ret);
struct filesystem_plan *filesystem_plan_new(const struct profile *profile,
                                            const struct suggest_options *options,
                                            struct strings *notes);
void filesystem_plan_free(struct filesystem_plan *plan);
/* The form the plan settled on. */
enum filesystem_form filesystem_plan_form(const struct filesystem_plan *plan);

#endif
