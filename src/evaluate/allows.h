/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Inside evaluate/: one question for each kind of fact. It answers from what systemd.exec(5) says
 * the settings mean, and knows nothing of how they were derived: only allows*.c may be called from
 * allows*.c, so that a mistake would have to be made twice to go unseen. What was measured rather
 * than read says so.
 */
#ifndef CINCH_EVALUATE_ALLOWS_H
#define CINCH_EVALUATE_ALLOWS_H

#include <cinch/evaluate.h>

/* What stands at a place of the view, in the order in which systemd 252 prefers one of several for
 * the same place (enum MountMode in its namespace.c). */
enum allows_mode {
    ALLOWS_INACCESSIBLE,
    ALLOWS_BIND,
    ALLOWS_PRIVATE_TMP,
    ALLOWS_PRIVATE_DEV,
    ALLOWS_HOST_DEV,
    ALLOWS_SYSFS,
    ALLOWS_PROCFS,
    ALLOWS_READ_ONLY,
    ALLOWS_READ_WRITE,
    ALLOWS_NO_EXEC,
    ALLOWS_EXEC,
    ALLOWS_TMPFS,
    ALLOWS_RUN,
    ALLOWS_LEFT_ALONE, /* READWRITE_IMPLICIT: only kept out of a recursive read-only remount */
};

struct allows_mount {
    char *path;   /* where in the view */
    char *source; /* of a bind: the host's path, links resolved; else NULL */
    enum allows_mode mode;
    bool read_only;
    bool no_exec;
    bool exec;                  /* ExecPaths= names it as well */
    unsigned owner[3];          /* of a tmpfs: mode, user, group of its own directory */
    bool optional;              /* may be missing at the start */
    bool moved;                 /* its own place was a link in the view */
    const char *directive;      /* whose it is; static */
    const char *exec_directive; /* who forbids execution; static */
    size_t order;
};

/* A suggestion on a unit, made ready for questions. */
struct allows {
    const struct suggestion *suggestion;
    const struct unit *unit; /* NULL: none */
    const struct profile *profile;
    struct allows_mount *mounts; /* outer before inner */
    size_t count;
    size_t capacity;
    bool empty_root;     /* RootDirectory= */
    bool is_written;     /* the unit is judged as it is: nothing is suggested */
    bool api_vfs;        /* /proc, /sys, /dev and /run are mounted anew */
    struct strings made; /* places of the view where the service made something itself, sorted */
};

/* A suggestion and its unit may be asked many times; both and the profile are borrowed. */
struct allows *allows_new(const struct suggestion *suggestion, const struct unit *unit,
                          const struct profile *profile);
void allows_free(struct allows *allows);
/* Whether the "@group" lets the call through on the target. */
bool allows_group(const struct allows *allows, const char *group, const char *call);
/* Whether systemd adds the call to every allow-list (@default). */
bool allows_is_default(const struct allows *allows, const char *call);
/* Whether SystemCallFilter= of the unit lets the call through. */
bool allows_unit_filter(const struct allows *allows, const char *call);
/* As allows_suggestion(). */
bool allows_fact(const struct allows *allows, const struct fact *fact, const char **ret_directive);
/* Whether the unit gets as far as its own program: nothing in it makes systemd fail before. */
bool allows_start(const struct allows *allows, const char **ret_directive);
/* Whether a TemporaryFileSystem=/ that is asked for is really there. */
bool allows_root_is_kept(const struct allows *allows);

/* ---- allows_settings.c: what the settings come to, the unit's included ---- */

/* The value of a setting with one value, "" when it has none. */
const char *allows_get(const struct allows *allows, const char *name);
/* Whether it is on: a boolean, or a value that is not off. */
bool allows_is_on(const struct allows *allows, const char *name);
/* One item of a list. */
struct allows_item {
    char *text;
    char *destination; /* of a bind, NULL when none was said */
    char *options;     /* after the last colon, NULL when none */
    bool optional;
    bool in_root; /* written with a "+" */
};
struct allows_items {
    struct allows_item *items;
    size_t count;
    size_t capacity;
    const char *directive;
};
void allows_list(const struct allows *allows, const char *name, struct allows_items *ret);
void allows_items_done(struct allows_items *items);
/* Whether one of the items is `text`. */
bool allows_items_have(const struct allows_items *items, const char *text);
/* Whether systemd starts the service without the privileges of root. */
bool allows_is_unprivileged(const struct allows *allows);
/* Whether `word` is in the NULL-terminated `words`. */
bool allows_is_word(const char *const *words, const char *word);
/* Whether every sighting of a fact was by one of these calls, and there is one. */
bool allows_is_by_call(const struct fact *fact, const char *const *calls);

/* ---- allows_capabilities.c ---- */

/* Whether the capabilities that the service starts with are in the bounding set. */
bool allows_ambient(const struct allows *allows);

/* ---- allows_filesystems.c ---- */

/* The directive that stops a file of its kind of file system from being opened, or NULL. */
const char *allows_filesystem(const struct allows *allows, const struct fact *fact);
/* Whether systemd can set that up. */
bool allows_filesystem_start(const struct allows *allows);

/* ---- allows_mounts.c: the mounts that the settings ask for ---- */

void allows_mounts_collect(struct allows *allows);

/* ---- allows_view.c: the view they make ---- */

void allows_view_build(struct allows *allows);

/* What is at a place of the view. */
struct allows_place {
    enum allows_mode mode; /* of the mount whose content it is; ALLOWS_BIND for the host's */
    char *host;            /* the host's path of it; NULL when it is not the host's */
    bool read_only;
    bool no_exec;
    bool is_flipped;   /* NoExecPaths= or ExecPaths= decided no_exec, which mounts below inherit */
    bool is_mount;     /* something is mounted exactly there */
    unsigned owner[3]; /* of a directory of tmpfs: mode, user, group */
    size_t mount;      /* which of the mounts it is in, from 1; 0: the root's own */
    const char *directive;
    const char *exec_directive; /* of no_exec */
};
struct allows_place allows_view_at(const struct allows *allows, const char *view);
void allows_place_done(struct allows_place *place);
/* Whether something is mounted at or below that place. */
bool allows_view_below(const struct allows *allows, const char *view);

/* ---- allows_walk.c: names looked up in the view ---- */

enum allows_end { ALLOWS_FOUND, ALLOWS_ABSENT, ALLOWS_HIDDEN };
struct allows_walk {
    enum allows_end end;
    char *view;                /* the place where the walk ended, links resolved */
    bool last;                 /* ABSENT: only the last component is */
    struct allows_place place; /* what is there, or where it is missing */
    bool parent_read_only;
};
/* `stop`: the host's path of a link that is meant itself, NULL when none is. */
void allows_walk(const struct allows *allows, const char *name, const char *stop,
                 struct allows_walk *ret);
void allows_walk_done(struct allows_walk *walk);
/* Where a name leads on the host by the links the census knows. */
char *allows_host_resolve(const struct profile *profile, const char *name);
/* The target of a link of the host; NULL when it is none. */
const char *allows_host_link(const struct profile *profile, const char *path);
/* Whether the service made that place of the view itself, or one above it. */
bool allows_was_made(const struct allows *allows, const char *view);
/* Fills the places that the service made something at. */
void allows_walk_made(struct allows *allows);

/* ---- allows_others.c: what others do to files meanwhile ---- */

/* Whether a path lies in the home of somebody, who may remove it at any time. */
bool allows_is_personal(const char *path);
/* Whether a socket that was connected to, or a file that was read, is the mount of one that its
 * maker will have replaced. */
bool allows_is_left_behind(const struct allows *allows, const struct allows_walk *walk,
                           const struct fact *fact);

/* ---- the questions by kind of fact: each names the directive that forbids it, or NULL ---- */

/* allows_private.c: of any kind, asked first. */
const char *allows_private(const struct allows *allows, const struct fact *fact);
const char *allows_path(const struct allows *allows, const struct fact *fact);
const char *allows_size(const struct allows *allows, const char *path);
const char *allows_move(const struct allows *allows, const struct fact *fact);
const char *allows_syscall(const struct allows *allows, const struct fact *fact);
const char *allows_argument(const struct allows *allows, const struct fact *fact);
const char *allows_program(const struct allows *allows, const struct fact *fact);
const char *allows_socket(const struct allows *allows, const struct fact *fact);
const char *allows_address(const struct allows *allows, const struct fact *fact);
const char *allows_capability(const struct allows *allows, const struct fact *fact);

#endif
