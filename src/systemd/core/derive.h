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

enum veto_kind {
    VETO_END = 0,
    VETO_SYSCALL,        /* a call of this name, whatever its outcome; `value`: on this arch only */
    VETO_SYSCALL_KNOWN,  /* the same, but not where the kernel said ENOSYS */
    VETO_ARGUMENT,       /* an argument fact of this topic; `value` NULL: any */
    VETO_ARGUMENT_DONE,  /* the same, but not where the call failed */
    VETO_ARGUMENT_OTHER, /* one whose value is not among the words of `value` */
    VETO_PROGRAM,        /* a program that is "set-id", "file-caps", "exec-stack", "text-rel" */
    VETO_SOCKET,         /* socket(2) of this family */
    VETO_SOCKET_OTHER,   /* socket(2) of a family not among the words of `text` */
    VETO_ABSTRACT_SOCKET, /* an AF_UNIX address in the abstract namespace */
    VETO_READ,            /* any use of a path at or below `text` that found something there */
    VETO_TOUCH,           /* any use of it at all, failed ones too */
    VETO_WRITE,           /* any write intent at or below it, failed ones too; not at or below the
                           * words of `value` */
    VETO_MAP,             /* a file at or below it executed or mapped executable */
    VETO_MOUNT,           /* something was mounted or unmounted at or below it */
    VETO_CAPABILITY,      /* one that the service needs; "": any */
    VETO_COUNT,
};

/* Something a directive's value forbids: the value may be emitted only if no fact matches. */
struct denial {
    enum veto_kind kind;
    const char *text;
    const char *value;
};

/* A value of a directive, strictest first in its row. */
struct candidate {
    const char *value;
    int since;                    /* systemd version that knows this value */
    const struct denial *denials; /* ends with VETO_END */
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

extern const struct directive directive_table[];
extern const size_t directive_count;

/* The shared rule: the first candidate the target knows and no fact refuses. */
void derive_candidate(const struct derive_context *context, const struct directive *directive,
                      struct verdict *ret);

/* Appends a value to a verdict and marks it emitted; `why` is taken over. */
struct value *verdict_add(struct verdict *verdict, const char *text, char *why,
                          const struct fact *witness);
/* Takes a value off again. */
void verdict_remove(struct verdict *verdict, size_t at);
/* Leaves the directive out; `why` is taken over. */
void verdict_refuse(struct verdict *verdict, char *why, const struct fact *witness);
void verdict_done(struct verdict *verdict);

/* bpf.c: NULL when the target's systemd has BPF, or is meant to have; else why not, owned. */
char *bpf_missing(const struct derive_context *context);
/* Notes what directives depend on, where the profile does not know that it is there; `subject`:
 * "SocketBindDeny= does". */
void bpf_note(const struct derive_context *context, const char *subject);

/* bill.c: puts a name on a bill that is not on it yet. */
void excess_add(struct excess *excess, const char *name);
/* Sums up the bills of an emitted verdict's values, unless its derive function did it. */
void excess_sum_up(struct verdict *verdict);
void excess_done(struct excess *excess);

/* The first fact that matches one of the denials (ended by VETO_END), NULL when none does. */
const struct fact *veto_applies(const struct profile *profile, const struct denial *denials);
/* blind_spots.c: the first blind spot of that topic, NULL when there is none. "attached-late" is
 * none where another run saw the service from its start. */
const struct fact *derive_blind_spot(const struct profile *profile, const char *topic);
/* The same, without what the unit makes up for: a mount of its own. */
const struct fact *derive_blind_spot_left(const struct profile *profile,
                                          const struct suggest_options *options, const char *topic);
/* own_mounts.c: the place where the unit had a mount of its own (owned), NULL for another blind
 * spot. */
char *own_mount_place(const struct fact *spot);
/* Whether the unit has that mount still, and what it means is known. */
bool own_mount_is_settled(const struct suggest_options *options, const struct fact *spot);
/* What to do about it, "" for another blind spot. */
const char *own_mount_remedy(const struct fact *spot);
/* The first syscall fact of that name, whatever its architecture and outcome, or NULL. */
const struct fact *derive_syscall(const struct profile *profile, const char *name);
/* Whether `word` is one of the blank-separated `words`. */
bool derive_has_word(const char *words, const char *word);
/* Runs a row: version, manager and blind spots first, then its derive function. */
void derive_directive(const struct derive_context *context, const struct directive *directive,
                      struct verdict *ret);
/* Adds a note for the administrator unless it is there already; `text` is taken over. */
void derive_note(const struct derive_context *context, char *text);
/* runs.c: what there is to say of the runs. */
void runs_note(const struct derive_context *context);
/* The row of a directive, or NULL. */
const struct directive *directive_find(const char *name);

/* touched.c: what the service had to do with, told from a use of one of its paths; NULL when not.
 */
const struct fact *touched_resolver(const struct profile *profile); /* looked up host names */
const struct fact *touched_nss(const struct profile *profile); /* looked up users and the like */
const struct fact *touched_journal(const struct profile *profile); /* syslog or the journal */
/* It made a socket, a FIFO or a link that was still there at the end, and never removed it: the
 * next start meets it. */
const struct fact *touched_left_behind(const struct profile *profile);
/* Whether the unit or the run says that the service talks to systemd over AF_UNIX; names how. */
const char *touched_manager(const struct derive_context *context);
/* The same of either alone: the unit's is certain, a variable of the run shows that it may. */
const char *touched_manager_by_unit(const struct derive_context *context);
const char *touched_environment(const struct profile *profile);
/* The programs of the unit that no run executed. */
void touched_unseen_programs(const struct derive_context *context, struct strings *ret);
/* The row of such a program that the unit runs with plain words alone and of which the profile
 * knows what it loads; NULL of any other. */
const struct unit_plain *touched_plain_program(const struct derive_context *context,
                                               const char *program);

/* abi.c: whether a libseccomp architecture name is the machine's own; systemd's name of it or NULL.
 */
bool abi_is_native(const struct profile *profile, const char *arch);
const char *abi_systemd_name(const char *arch);
/* Whether the machine's own ABI is one of the 64-bit ones that lack the old 32-bit names. */
bool abi_is_plain_64(const struct profile *profile);
/* The first fact of a call or program of another ABI than the machine's own, or NULL. */
const struct fact *abi_foreign(const struct profile *profile);

/* The derive functions of single directives. */
void derive_architectures(const struct derive_context *context, const struct directive *directive,
                          struct verdict *ret);
void derive_error_number(const struct derive_context *context, const struct directive *directive,
                         struct verdict *ret);
void derive_families(const struct derive_context *context, const struct directive *directive,
                     struct verdict *ret);
void derive_filter(const struct derive_context *context, const struct directive *directive,
                   struct verdict *ret);
void derive_log(const struct derive_context *context, const struct directive *directive,
                struct verdict *ret);
void derive_ip_allow(const struct derive_context *context, const struct directive *directive,
                     struct verdict *ret);
void derive_ip_deny(const struct derive_context *context, const struct directive *directive,
                    struct verdict *ret);
void derive_device_allow(const struct derive_context *context, const struct directive *directive,
                         struct verdict *ret);
void derive_device_policy(const struct derive_context *context, const struct directive *directive,
                          struct verdict *ret);
void derive_private_ipc(const struct derive_context *context, const struct directive *directive,
                        struct verdict *ret);
void derive_private_pids(const struct derive_context *context, const struct directive *directive,
                         struct verdict *ret);
void derive_private_users(const struct derive_context *context, const struct directive *directive,
                          struct verdict *ret);
void derive_memory(const struct derive_context *context, const struct directive *directive,
                   struct verdict *ret);
void derive_umask(const struct derive_context *context, const struct directive *directive,
                  struct verdict *ret);
void derive_remove_ipc(const struct derive_context *context, const struct directive *directive,
                       struct verdict *ret);
void derive_bounding_set(const struct derive_context *context, const struct directive *directive,
                         struct verdict *ret);
void derive_ambient(const struct derive_context *context, const struct directive *directive,
                    struct verdict *ret);
void derive_bind_allow(const struct derive_context *context, const struct directive *directive,
                       struct verdict *ret);
void derive_bind_deny(const struct derive_context *context, const struct directive *directive,
                      struct verdict *ret);
void derive_interfaces(const struct derive_context *context, const struct directive *directive,
                       struct verdict *ret);
void derive_namespaces(const struct derive_context *context, const struct directive *directive,
                       struct verdict *ret);

/* conflicts.c: what two verdicts together would break is settled here and nowhere else. */
void conflicts_resolve(const struct derive_context *context, struct suggestion *suggestion);
/* The set-id program for whose sake no seccomp filter may be installed, or NULL. */
const struct fact *conflicts_no_seccomp(const struct profile *profile,
                                        const struct suggest_options *options);

/* Whether systemd starts the service without CAP_SYS_ADMIN: a unit without User= runs as root; with
 * no unit at all the runs say who it was. */
bool conflicts_is_unprivileged(const struct profile *profile,
                               const struct suggest_options *options);

/* identity.c: whether the service runs under a dynamic user: by the unit, or where that is not
 * wholly known by the user of a run. */
bool identity_is_dynamic(const struct profile *profile, const struct suggest_options *options);

/* unit_command.c: notes where the unit starts its program otherwise than training did; false when
 * it starts another program. */
bool unit_command_check(const struct derive_context *context);

/* unit_notes.c: what must be known of the unit, or of there being none. */
void unit_notes_add(const struct derive_context *context);

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
void derive_directories(const struct derive_context *context, const struct directive *directive,
                        struct verdict *ret);
void derive_directory_mode(const struct derive_context *context, const struct directive *directive,
                           struct verdict *ret);
void derive_directory_preserve(const struct derive_context *context,
                               const struct directive *directive, struct verdict *ret);
void derive_no_exec_paths(const struct derive_context *context, const struct directive *directive,
                          struct verdict *ret);
void derive_exec_paths(const struct derive_context *context, const struct directive *directive,
                       struct verdict *ret);
void derive_read_write_paths(const struct derive_context *context,
                             const struct directive *directive, struct verdict *ret);
void derive_read_only_paths(const struct derive_context *context, const struct directive *directive,
                            struct verdict *ret);
void derive_protect_system(const struct derive_context *context, const struct directive *directive,
                           struct verdict *ret);
void derive_protect_home(const struct derive_context *context, const struct directive *directive,
                         struct verdict *ret);
void derive_private_bpf(const struct derive_context *context, const struct directive *directive,
                        struct verdict *ret);
void derive_protect_kernel(const struct derive_context *context, const struct directive *directive,
                           struct verdict *ret);
void derive_proc(const struct derive_context *context, const struct directive *directive,
                 struct verdict *ret);
void derive_filesystem_types(const struct derive_context *context,
                             const struct directive *directive, struct verdict *ret);
void derive_private_tmp(const struct derive_context *context, const struct directive *directive,
                        struct verdict *ret);
void derive_private_devices(const struct derive_context *context, const struct directive *directive,
                            struct verdict *ret);
struct filesystem_plan *filesystem_plan_new(const struct profile *profile,
                                            const struct suggest_options *options,
                                            struct strings *notes);
void filesystem_plan_free(struct filesystem_plan *plan);
/* The move that a mount namespace of any kind would stop, or NULL. */
const struct fact *filesystem_plan_no_mounts(const struct filesystem_plan *plan);
/* The form the plan settled on. */
enum filesystem_form filesystem_plan_form(const struct filesystem_plan *plan);

#endif
