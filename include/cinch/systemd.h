/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* systemd: what the directives mean. Tables and pure derive functions over a profile, without I/O:
 * the same profile, unit and target give the same suggestion on any host. */
#ifndef CINCH_SYSTEMD_H
#define CINCH_SYSTEMD_H

#include <cinch/model.h>

/* ---- the target
 * -------------------------------------------------------------------------------------- */

#define TARGET_OLDEST 232

/* The service manager that will read the output. */
struct target {
    int version;       /* 252 */
    bool user_manager; /* systemd --user */
};

/* ---- an existing unit
 * ---------------------------------------------------------------------------------- */

/* One assignment of a unit file, specifiers and quotes as written. */
struct unit_setting {
    char *section; /* "Service" */
    char *key;
    char *value; /* continuation lines joined, surrounding blanks removed */
    size_t file; /* index of its file in `files` of the unit */
};

/* A unit: its file and then its drop-ins, in order. `{ 0 }` is an empty unit. */
struct unit {
    char *name; /* "nginx.service", "" when unknown */
    struct unit_setting *settings;
    size_t count;
    size_t capacity;
    struct strings files; /* what was parsed, in order */
    struct strings notes; /* notes about how the unit was found; encoded */
    size_t late; /* how many of the last settings come from drop-ins that sort after cinch's own */
    bool is_whole; /* it has everything that the service manager reads for it */
    bool is_user;  /* it belongs to a user's service manager */
};

/* Appends the assignments of one file; the input is untrusted. 0, or -EINVAL with `err` naming
 * `source` and the line. */
int unit_parse(struct unit *unit, const char *text, size_t length, const char *source,
               struct err *err) MUST_USE;
/* The name of the drop-in that cinch writes, and the comment it begins with. */
#define UNIT_OWN_DROPIN "zz-cinch.conf"
#define UNIT_OWN_MARK   "A sandbox made by cinch"
/* Whether cinch wrote a drop-in, by its name (without a directory) or by its first comment. */
bool unit_is_own_dropin(const char *name, const char *text, size_t length);
/* The same for a drop-in of that name (without a directory). Ignores cinch's own drop-in, and
 * counts one that sorts after it as late. Drop-ins come in systemd's order. */
int unit_parse_dropin(struct unit *unit, const char *name, const char *text, size_t length,
                      const char *source, struct err *err) MUST_USE;
/* Whether a text is the output of `systemctl cat UNIT`. */
bool unit_is_cat(const char *text, size_t length);
/* The same for such a text; it separates its files and names the unit. */
int unit_parse_cat(struct unit *unit, const char *text, size_t length, const char *source,
                   struct err *err) MUST_USE;

/* ---- names of units: unit_name.c, systemd.unit(5) ---- */

/* Whether `name` is the name of a service: "a.service", "a@.service", "a@b.service". */
bool unit_name_is_service(const char *name);
/* The full name of a service as systemctl(1) reads it, which adds a missing ".service". NULL when
 * it is another type or not a name; owned. */
char *unit_name_complete(const char *given);
/* "a@.service" of "a@b.service", NULL for a name without an instance; owned. */
char *unit_name_template(const char *name);
/* "b" of "a@b.service", "" of a template, NULL for a plain name; owned. */
char *unit_name_instance(const char *name);
/* "a@b.service" of "a@.service" and "b"; owned. */
char *unit_name_fill(const char *name, const char *instance);
/* The directories of a unit's drop-ins, without those of its type, the most specific first:
 * "a-b.service.d", "a-.service.d". */
void unit_name_dropins(const char *name, struct strings *ret);

/* ---- questions to a unit ---- */

/* The last assignment of a [Service] key, NULL when there is none (an empty one is ""). */
const char *unit_get(const struct unit *unit, const char *key);
/* Whether [Service] KEY= is on ("yes", "true", "1", "on", or for ProtectSystem= and the like any
 * value that is not off); false when absent. */
bool unit_is_on(const struct unit *unit, const char *key);
/* 1 or 0 for a value that systemd reads as a boolean, in any case; -EINVAL for any other value. */
int unit_boolean(const char *value);
/* The words of a [Service] list key since its last empty assignment: one item per word, quotes and
 * backslashes removed, prefixes ("-", "~") and specifiers as written. */
void unit_list(const struct unit *unit, const char *key, struct strings *ret);
/* The assignments of a [Service] key since the last empty one, as written. */
void unit_values(const struct unit *unit, const char *key, struct strings *ret);
/* The text with its specifiers replaced; owned. NULL when one is unknown: it is not part of the
 * unit's name, or the unit has no name or is a template. `at_start`: also those that are the same
 * for every system unit (%t, %S). */
char *unit_expand(const struct unit *unit, const char *text, bool at_start);
/* The words of a text without quotes and backslashes, split as systemd splits values. `c_escapes`:
 * the setting knows \n and the like. False when it is malformed; the words before that are
 * returned. */
bool unit_words(const char *text, bool c_escapes, struct strings *ret);
/* The programs of all Exec*= commands (absolute paths, without prefixes), sorted, unique. For a
 * command behind cinch-gate, the program after the gate. */
void unit_programs(const struct unit *unit, struct strings *ret);
/* The words of the `number`th command of ExecStart=, the program first, without prefixes and
 * cinch-gate; false when there are fewer commands. */
bool unit_start_command(const struct unit *unit, size_t number, struct strings *ret);
/* Whether a program only sends signals: kill and the like, in any directory. */
bool unit_program_signals(const char *program);
/* A plain command, which does the same on every host: "rm -f /run/served.pid". */
struct unit_plain {
    const char *name;
    const char *options;      /* letters; one followed by ":" takes the next word */
    unsigned operands;        /* how many words precede the paths */
    enum path_use use;        /* of each path */
    bool operand_is_owner;    /* the operand is USER:GROUP */
    char needed;              /* a required option; 0: none */
    const char *owners;       /* options with a user or group as value; NULL: none */
    bool is_signal;           /* its operands are signals and processes, not paths */
    const char *capabilities; /* what root may need for it, separated by blanks */
    const char *calls[24];    /* besides those of starting a program; NULL-terminated */
};
/* The row of a program, or NULL. */
const struct unit_plain *unit_plain_find(const char *program);
/* Whether every command of the unit with that program is plain. It then needs only the program, its
 * loader's files, what its row says, the paths it names (added to `ret_paths`) and the files to
 * look up names (added to `ret_files`). Both may be NULL. */
bool unit_runs_plainly(const struct unit *unit, const char *program, struct strings *ret_paths,
                       struct strings *ret_files);
/* The name of the `number`th such program, NULL after the last. Training records what they load, as
 * the setting "program PATH". */
const char *unit_plain_name(size_t number);
/* How many commands the unit has, except those that only signal. */
size_t unit_command_count(const struct unit *unit);
/* Whether a command of the unit starts through cinch-gate. */
#define UNIT_GATE "cinch-gate"
bool unit_has_gate(const struct unit *unit);
/* The current name of a key that systemd renamed ("ReadWriteDirectories" -> "ReadWritePaths"); the
 * functions above accept both. Borrowed from `key` or static. */
const char *unit_key_name(const char *key);
void unit_done(struct unit *unit);

/* ---- the suggestion
 * ---------------------------------------------------------------------------------------- */

enum filesystem_form {
    FILESYSTEM_VIEW,   /* TemporaryFileSystem=/ and binds */
    FILESYSTEM_STRICT, /* ProtectSystem=strict and ReadWritePaths= */
    FILESYSTEM_ROOT,   /* RootDirectory= and binds */
};

enum peer_policy { PEERS_AUTO, PEERS_OBSERVED, PEERS_LOCAL, PEERS_ANY };

/* How closely the output follows training. Each value sets every knob below; all of them allow
 * everything that was trained. */
enum fit {
    FIT_SNUG,  /* what was observed, and what the next release of a library would use instead */
    FIT_EXACT, /* what was observed, and what systemd itself needs */
    FIT_LOOSE, /* snug, and everything of no more power that any library might use; short lists */
};

/* Which unobserved calls are listed: see FILTER_* in systemd/core/fit.h. */
enum companions { COMPANIONS_BY_FIT, COMPANIONS_NONE, COMPANIONS_LIKELY, COMPANIONS_ALL };

/* Whether system calls may be listed as systemd's @groups. */
enum group_use { GROUPS_BY_FIT, GROUPS_NO, GROUPS_YES };

/* What an empty root contains of the shared directories of Python modules. */
enum module_use { MODULES_BY_FIT, MODULES_IMPORTED, MODULES_ALL };

/* Whether the target's systemd was built with BPF (+BPF_FRAMEWORK). */
enum bpf_use { BPF_AS_KNOWN, BPF_NO, BPF_YES };

/* The knobs that --fit sets, each also available separately. `{ 0 }`: as --fit sets them. */
struct knobs {
    enum companions companions;
    enum group_use groups;
    bool group_calls_given;
    unsigned group_calls; /* how many unobserved calls @groups may add */
    bool view_entries_given;
    unsigned view_entries; /* how many binds an empty root may have, as far as guarded directories
                              allow */
    enum module_use modules;
    bool peer_entries_given;
    unsigned peer_entries; /* how many networks IPAddressAllow= and ports SocketBindAllow= may have,
                              likewise */
    enum bpf_use bpf;      /* set by no fit */
};

struct suggest_options {
    struct target target;
    enum fit fit;
    struct knobs knobs;
    enum filesystem_form filesystem;
    bool complain;         /* SystemCallLog= instead of SystemCallFilter= */
    bool filesystem_given; /* the form was requested; else it may change to one that works for this
                              unit */
    enum peer_policy peers;
    const struct unit *unit; /* NULL: none; borrowed */
    bool nothing_else;       /* the service manager reads only `unit` and the output */
};

/* Whether all settings of the unit are known. */
bool suggest_unit_is_whole(const struct suggest_options *options);

/* Why no run of the profile is usable, owned; NULL when one is. */
char *runs_objection(const struct profile *profile);
/* The phases that its finished runs recorded, a bit per enum phase; 0: unknown. */
unsigned runs_phases(const struct profile *profile);
/* A lasting file that the profile's only start created; NULL: none, or there were several starts.
 */
const char *runs_first_state(const struct profile *profile);

/* What an excess counts. */
enum excess_unit { EXCESS_CALLS, EXCESS_FILES, EXCESS_ADDRESSES, EXCESS_PORTS, EXCESS_UNIT_COUNT };

/* The excess: what a value allows beyond training. `{ 0 }` is none. */
struct excess {
    enum excess_unit unit;
    uint64_t count;
    bool at_least;        /* counting stopped at a limit */
    char *within;         /* where, in words and encoded: "in /etc/nginx"; NULL: not needed */
    struct strings names; /* sorted, encoded; fewer than `count` where not all are known by name */
};

/* "12 calls", "at least 3 files in /etc/nginx", "11 addresses of 192.0.2.0/28"; "" for none. Owned.
 */
char *excess_describe(const struct excess *excess);

/* One value of a directive, unescaped; render/ writes it in the grammar of its directive. */
struct value {
    char *text; /* a word, or the bytes of a path */
    bool is_path;
    bool optional;              /* written with a leading "-" */
    bool in_root;               /* with a "+": below RootDirectory=, not on the host */
    char *destination;          /* of a bind, when it differs from `text`; else NULL */
    char *options;              /* what follows a path after ":", such as "ro"; else NULL */
    bool guess;                 /* not observed, but it follows from something that was */
    char *why;                  /* the reason, one line, encoded; never NULL */
    const struct fact *witness; /* NULL when a rule added it; borrowed from the profile */
    struct excess excess;       /* what this value alone allows beyond training */
    struct strings covers;      /* the wanted calls that a group covers, sorted */
};

/* The result for a directive. */
struct verdict {
    const char *name; /* the directive, static */
    bool emitted;
    bool reset;    /* an empty assignment comes first (list directives, in a drop-in) */
    bool inverted; /* "~" precedes the values of each line: it applies to all others */
    struct value *values;
    size_t count;
    size_t capacity;
    char *why; /* one sentence: the reason for the value, or why the directive is not set */
    const struct fact *witness; /* the fact behind the reason; NULL: none; borrowed */
    struct excess excess; /* of all values together: their sum, or set by the derive function where
                             they overlap */
};

/* ---- notes
 * ---------------------------------------------------------------------------------------- */

/* A warning: the output may not work, or may allow too much, until the administrator acts. */
enum note_severity { SEVERITY_NOTE, SEVERITY_WARNING };

/* The kind of thing that a note is about. */
enum note_topic { TOPIC_NONE, TOPIC_DIRECTIVE, TOPIC_PATH, TOPIC_RUN, TOPIC_CALL };

/* What the administrator must know or do. */
struct note {
    enum note_severity severity;
    enum note_topic topic;
    char *about; /* the directive, the bytes of the path, the run's id, the call; NULL: unnamed */
    char *text;  /* one line, encoded; complete without the other members */
};

struct notes {
    struct note *items;
    size_t count;
    size_t capacity;
};

/* Appends a note; `about` is copied, `text` is taken over. */
void notes_add(struct notes *notes, enum note_severity severity, enum note_topic topic,
               const char *about, char *text);
/* Whether one of them has that text. */
bool notes_have(const struct notes *notes, const char *text);
void notes_done(struct notes *notes);
/* "warning: TEXT", as a person reads it; owned. */
char *note_describe(const struct note *note);
/* "note", "warning". */
const char *note_severity_name(enum note_severity severity);
/* "directive", "path", "run", "call"; NULL for TOPIC_NONE. */
const char *note_topic_name(enum note_topic topic);

struct suggestion {
    struct verdict *verdicts; /* in the order of the directive table */
    size_t count;
    size_t capacity;
    struct notes notes;
    struct target target;
    enum filesystem_form filesystem; /* the form that was used */
    bool is_other;                   /* the unit starts a program that was not trained */
};

/* Derives everything. Facts are borrowed: the profile must outlive `ret`. */
void suggest(const struct profile *profile, const struct suggest_options *options,
             struct suggestion *ret);
void suggestion_done(struct suggestion *suggestion);
/* Whether that is a system call in the groups of the target's systemd; where they are unknown,
 * whether it can be one. */
bool call_is_known(const struct profile *profile, const struct target *target, const char *name);
/* The calls of an "@group" of the target's systemd, nested groups expanded; false when it has no
 * such group, or its groups are unknown. */
bool call_group(const struct profile *profile, const struct target *target, const char *group,
                struct strings *ret);
/* The verdict of a directive, or NULL. */
const struct verdict *suggestion_find(const struct suggestion *suggestion, const char *name);

/* Refuses what may hold on this host alone (addresses of its peers, its network interfaces and file
 * system types), and notes it. @groups are the caller's to turn off. */
void portable_apply(struct suggestion *suggestion);

/* How much a suggestion allows, and how much of that training did not show. */
struct tightness {
    bool all_calls, all_capabilities, all_paths; /* not restricted */
    size_t calls, capabilities;                  /* listed */
    size_t paths, writable_paths;                /* bound */
    size_t default_calls;  /* of systemd's @default that no line lists: always allowed */
    size_t group_calls;    /* that other groups bring along */
    size_t fallback_calls; /* that a library may make in place of those seen */
    uint64_t unused_files; /* in directories that are bound whole */
    bool unused_at_least;
};
void tightness_measure(const struct suggestion *suggestion, const struct profile *profile,
                       struct tightness *ret);

/* Describes a fact for a person, one line, encoded: "openat of /etc/passwd (read), 3 times by
 * /usr/sbin/nginx, phase start". */
char *fact_describe(const struct fact *fact);

#endif
