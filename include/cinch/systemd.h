/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * systemd: what the directives mean. Tables and derive functions over a profile; no I/O, no ptrace:
 * the same profile, unit and target give the same suggestion on any machine.
 */
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
    size_t file; /* which of the unit's files it comes from */
};

/* A unit's text: its file and then its drop-ins, in order. `{ 0 }` is an empty unit. */
struct unit {
    char *name; /* "nginx.service", "" when unknown */
    struct unit_setting *settings;
    size_t count;
    size_t capacity;
    struct strings files; /* what was parsed, in order */
    struct strings notes; /* what the administrator must know of how it was found; encoded */
    size_t late;   /* how many of the last settings are from drop-ins that sort after cinch's own */
    bool is_whole; /* nothing that the service manager reads for it is missing */
    bool is_user;  /* it belongs to a user's service manager */
};

/* Appends the assignments of one file. Hostile input: 0, or -EINVAL with `err` naming `source`
 * and the line. */
int unit_parse(struct unit *unit, const char *text, size_t length, const char *source,
               struct err *err) MUST_USE;
/* The drop-in that cinch tells people to make, and the comment it begins with. */
#define UNIT_OWN_DROPIN "zz-cinch.conf"
#define UNIT_OWN_MARK   "A sandbox made by cinch"
/* Whether a drop-in is one that cinch wrote, whose lines are about to be replaced: by its name
 * (without a directory) or by its first comment. */
bool unit_is_own_dropin(const char *name, const char *text, size_t length);
/* The same of a drop-in of that name (without a directory): nothing is appended for cinch's own,
 * and one that systemd reads after it counts as late. Drop-ins come in systemd's order. */
int unit_parse_dropin(struct unit *unit, const char *name, const char *text, size_t length,
                      const char *source, struct err *err) MUST_USE;
/* Whether a text is what `systemctl cat UNIT` prints. */
bool unit_is_cat(const char *text, size_t length);
/* The same of such a text: its files are told apart, and it gives the unit its name. */
int unit_parse_cat(struct unit *unit, const char *text, size_t length, const char *source,
                   struct err *err) MUST_USE;

/* ---- names of units: unit_name.c, systemd.unit(5) ---- */

/* Whether it is the name of a service: "a.service", "a@.service", "a@b.service". */
bool unit_name_is_service(const char *name);
/* The name of a service as systemctl(1) takes it: one without a type is a service's. NULL when it
 * is of another type, or no name; owned. */
char *unit_name_complete(const char *given);
/* "a@.service" of "a@b.service", NULL for a name without an instance; owned. */
char *unit_name_template(const char *name);
/* "b" of "a@b.service", "" of a template, NULL for a plain name; owned. */
char *unit_name_instance(const char *name);
/* "a@b.service" of "a@.service" and "b"; owned. */
char *unit_name_fill(const char *name, const char *instance);
/* The directories in which drop-ins of a name are, without those of its type, the most special one
 * first: "a-b.service.d", "a-.service.d". */
void unit_name_dropins(const char *name, struct strings *ret);

/* ---- questions to a unit ---- */

/* The last assignment of a [Service] key, NULL when there is none (an empty one is ""). */
const char *unit_get(const struct unit *unit, const char *key);
/* Whether [Service] KEY= is on ("yes", "true", "1", "on", or for ProtectSystem= and the like any
 * value that is not off); false when absent. */
bool unit_is_on(const struct unit *unit, const char *key);
/* 1 or 0 for what systemd takes for a boolean, of any case; -EINVAL for any other value. */
int unit_boolean(const char *value);
/* The words of a [Service] list key since its last empty assignment: one item per word, quotes and
 * backslashes removed, prefixes ("-", "~") and specifiers as written. */
void unit_list(const struct unit *unit, const char *key, struct strings *ret);
/* The assignments of a [Service] key since the last empty one, as written. */
void unit_values(const struct unit *unit, const char *key, struct strings *ret);
/* The text with its specifiers replaced; NULL when one of them is not known: it is no part of the
 * unit's name, or the unit has none, or is a template. `at_start`: those too that the system's
 * manager makes the same of for every unit (%t, %S). Owned. */
char *unit_expand(const struct unit *unit, const char *text, bool at_start);
/* The words of a text, quotes and backslashes removed, as systemd takes values apart: `c_escapes`
 * where a setting knows \n and the like. False when it is broken: the words before that stand. */
bool unit_words(const char *text, bool c_escapes, struct strings *ret);
/* The programs of every Exec*= command (absolute paths, prefixes removed), sorted, unique. Of one
 * that stands behind a gate, its own: the gate is of the training. */
void unit_programs(const struct unit *unit, struct strings *ret);
/* The words of the `number`th command of ExecStart=, the program first, without its prefixes and
 * the gate before it; false when there are fewer. */
bool unit_start_command(const struct unit *unit, size_t number, struct strings *ret);
/* Whether a program does nothing but send a signal: kill and its like, wherever they lie. */
bool unit_program_signals(const char *program);
/* What a plain command does: one that does the same on every machine, "rm -f /run/served.pid". */
struct unit_plain {
    const char *name;
    const char *options;      /* letters; one with ":" behind it takes the next word */
    unsigned operands;        /* so many words before the paths */
    enum path_use use;        /* of each path */
    bool operand_is_owner;    /* they are one: USER:GROUP */
    char needed;              /* an option without which it is not plain; 0: none is */
    const char *owners;       /* options whose values are a user or a group; NULL: none */
    bool is_signal;           /* it has no paths, but signals and processes */
    const char *capabilities; /* what root may need for it, a blank between two */
    const char *calls[24];    /* beyond the start of a program; NULL-terminated */
};
/* The row of a program's name, NULL when it is none of these. */
const struct unit_plain *unit_plain_find(const char *program);
/* Whether every command of the unit with that program is plain: it needs nothing but the program,
 * what its loader takes, what its row says, the paths that it names, which are added to
 * `ret_paths`, and the files in which it looks up names, which are added to `ret_files`, when those
 * are not NULL. */
bool unit_runs_plainly(const struct unit *unit, const char *program, struct strings *ret_paths,
                       struct strings *ret_files);
/* The name of the `number`th of such programs, NULL after the last: a training records what they
 * take, as the setting "program PATH". */
const char *unit_plain_name(size_t number);
/* How many commands all that is, but those that only signal. */
size_t unit_command_count(const struct unit *unit);
/* Whether one of them stands behind a gate. */
#define UNIT_GATE "cinch-gate"
bool unit_has_gate(const struct unit *unit);
/* The present name of a key that systemd renamed ("ReadWriteDirectories" -> "ReadWritePaths"); the
 * functions above know a setting by either. Borrowed from `key` or static. */
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

/* How closely the output follows what was seen. Each stands for a setting of every knob below;
 * whichever it is, all that was trained is allowed. */
enum fit {
    FIT_SNUG,  /* what was seen, and what the next release of a library would do instead */
    FIT_EXACT, /* what was seen, and what systemd itself makes necessary */
    FIT_LOOSE, /* snug, and all that is of no more power and any library might do; short lists */
};

/* Which calls are listed that were not seen: see FILTER_* in systemd/calls/filter_table.h. */
enum companions { COMPANIONS_BY_FIT, COMPANIONS_NONE, COMPANIONS_LIKELY, COMPANIONS_ALL };

/* Whether system calls may be granted by systemd's @groups. */
enum group_use { GROUPS_BY_FIT, GROUPS_NO, GROUPS_YES };

/* What of the directories into which all packages put their Python modules is in a view. */
enum module_use { MODULES_BY_FIT, MODULES_IMPORTED, MODULES_ALL };

/* Whether the target's systemd was built with BPF (+BPF_FRAMEWORK): as the profile knows it. */
enum bpf_use { BPF_AS_KNOWN, BPF_NO, BPF_YES };

/* The knobs that --fit sets, each also by itself. `{ 0 }`: as the fit has it. */
struct knobs {
    enum companions companions;
    enum group_use groups;
    bool group_calls_given;
    unsigned group_calls; /* calls that @groups may bring along unseen, at most */
    bool view_entries_given;
    unsigned view_entries; /* binds of the view, at most, where what is guarded allows it */
    enum module_use modules;
    bool peer_entries_given;
    unsigned peer_entries; /* networks of IPAddressAllow=, ports of SocketBindAllow=, likewise */
    enum bpf_use bpf;      /* set by no fit */
};

struct suggest_options {
    struct target target;
    enum fit fit;
    struct knobs knobs;
    enum filesystem_form filesystem;
    bool complain;         /* SystemCallLog= in the place of SystemCallFilter= */
    bool filesystem_given; /* else the form may be changed to one that confines this unit */
    enum peer_policy peers;
    const struct unit *unit; /* NULL: none; borrowed */
    bool nothing_else;       /* the output with `unit` is all that the service manager will read */
};

/* Whether no setting of the unit can be unknown. */
bool suggest_unit_is_whole(const struct suggest_options *options);

/* Why no run of the profile shows a service at its work (the caller's), NULL when one may. */
char *runs_objection(const struct profile *profile);
/* The phases that its finished runs saw, a bit per enum phase; 0: not known. */
unsigned runs_phases(const struct profile *profile);
/* Something lasting that the only start of the profile made, NULL: nothing, or there were others.
 */
const char *runs_first_state(const struct profile *profile);

/* What a bill counts. */
enum bill_unit { EXCESS_CALLS, EXCESS_FILES, EXCESS_ADDRESSES, EXCESS_PORTS, EXCESS_UNIT_COUNT };

/* The bill: what a grant lets through that was never seen. `{ 0 }` grants no more than that. */
struct excess {
    enum bill_unit unit;
    uint64_t count;
    bool at_least;        /* counting stopped at a limit */
    char *within;         /* where, in words and encoded: "in /etc/nginx"; NULL: says itself */
    struct strings names; /* sorted, encoded; fewer than `count` where not all are known by name */
};

/* "12 calls", "at least 3 files in /etc/nginx", "11 addresses of 192.0.2.0/28"; "" when there is
 * nothing on it. */
char *excess_describe(const struct excess *excess);

/* One value of a directive, unescaped: render/ writes it by the grammar of its directive. */
struct value {
    char *text; /* a word, or the bytes of a path */
    bool is_path;
    bool optional;     /* written with a leading "-" */
    bool in_root;      /* with a "+": below RootDirectory=, not on the host */
    char *destination; /* of a bind when it differs from `text`; NULL otherwise */
    char *options;     /* what follows a path after ":", as "ro"; NULL otherwise */
    bool guess;        /* not seen: it follows from something else that was */
    char *why;         /* its witness in words, one line, already text_encode()d; never NULL */
    const struct fact *witness; /* NULL when it is there by rule; borrowed from the profile */
    struct excess excess;       /* what this value alone grants beyond what was seen */
    struct strings covers;      /* what a group stands for: the calls that were wanted, sorted */
};

/* What a directive came to. */
struct verdict {
    const char *name; /* the directive, static */
    bool emitted;
    bool reset;    /* an empty assignment comes first (list directives, in a drop-in) */
    bool inverted; /* "~" comes before the values of each line: it is about all others */
    struct value *values;
    size_t count;
    size_t capacity;
    char *why; /* one sentence: why this value; or, when left out, what refused it */
    const struct fact *witness; /* the fact that refused or proved it; NULL when none; borrowed */
    struct excess excess; /* of all values together: the sum of theirs unless they overlap, when the
                           * derive function made it */
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
    bool is_other;                   /* the unit starts another program than was trained */
};

/* Derives everything. Facts are borrowed: the profile must outlive `ret`. */
void suggest(const struct profile *profile, const struct suggest_options *options,
             struct suggestion *ret);
void suggestion_done(struct suggestion *suggestion);
/* Whether that is the name of a system call, by the groups of the target's systemd; where they are
 * not known any name that could be one. */
bool call_is_known(const struct profile *profile, const struct target *target, const char *name);
/* The verdict of a directive, or NULL. */
const struct verdict *suggestion_find(const struct suggestion *suggestion, const char *name);

/* Describes a fact for a person, one line, encoded: "openat of /etc/passwd (read), 3 times by
 * /usr/sbin/nginx, phase start". */
char *fact_describe(const struct fact *fact);

#endif
