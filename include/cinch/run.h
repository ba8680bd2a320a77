/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * run: the long procedures. `train` starts a service under the tracer, waits until it is ready,
 * runs its workload, stops it, and leaves the profile.
 */
#ifndef CINCH_RUN_H
#define CINCH_RUN_H

#include <cinch/model.h>

/* ---- readiness
 * ------------------------------------------------------------------------------------ */

enum ready_kind {
    READY_LISTEN, /* the first listen(2) has succeeded and nothing happened for a moment */
    READY_TCP,    /* a TCP port listens */
    READY_UNIX,   /* an AF_UNIX socket at a path listens */
    READY_FILE,   /* a path exists */
    READY_NOTIFY, /* READY=1 was sent, sd_notify(3) */
    READY_DELAY,  /* some time has passed */
};

struct ready_spec {
    enum ready_kind kind;
    unsigned port;
    const char *path; /* borrowed from the text */
    int64_t delay_ms;
    bool notifies; /* the service may tell when it is: it gets a NOTIFY_SOCKET */
};

/* Parses "tcp:PORT", "unix:PATH", "file:PATH", "notify" or seconds ("1.5"). 0 or -EINVAL with
 * `err`. */
int ready_parse(const char *text, struct ready_spec *ret, struct err *err) MUST_USE;

/* Parses a duration: "90", "1.5", "10s", "500ms", "5min", "2h", as systemd.time(7) writes them.
 * Milliseconds; 0 or -EINVAL with `err`. */
int duration_parse(const char *text, int64_t *ret_ms, struct err *err) MUST_USE;

/* ---- train
 * ------------------------------------------------------------------------------------------ */

/* What a profile holds, as a person counts: names, not facts. */
struct tally {
    size_t syscalls, paths, sockets, addresses, programs;
    size_t peers; /* hosts that were talked to, either way */
};

void tally_count(const struct profile *profile, struct tally *ret);

/* How a training is going. */
struct progress {
    int64_t elapsed_ms;
    enum phase phase;
    size_t processes;
    struct tally tally;
    int64_t quiet_ms;     /* since the last new fact */
    uint64_t stops_per_s; /* how often the service was stopped to look at it, lately */
};

/* When facts were first seen, over the time in which the service was at work: what only stopping
 * taught is left out, as is the time it took. */
#define DISCOVERY_SLICES 40
struct discovery {
    size_t slices[DISCOVERY_SLICES]; /* new facts in each */
    int64_t worked_ms;
    int64_t quiet_ms; /* how long before its end the last new fact came */
};

/* `worked_ms`: how long the service was at work, of its one run. */
void discovery_of(const struct profile *profile, int64_t worked_ms, struct discovery *ret);

struct unit; /* systemd.h */

struct train_options {
    char *const *argv; /* the command; NULL-terminated, empty with pid or gate */
    pid_t pid;         /* join this running process instead; 0: none */
    const char *gate;  /* wait for the service at this socket instead; NULL: none */
    /* Whose control group the service at the gate must be in, or as which the command is started
     * (as somebody gave it); NULL: any, none. */
    const char *unit;
    const struct unit *settings; /* of the unit as which the command is started; NULL: none */
    const char *workload;        /* for /bin/sh -c; NULL: none */
    const char *user;            /* NULL: unchanged */
    struct ready_spec ready;
    bool has_ready; /* somebody said when it is ready */
    /* Calls that it has need not be looked for where that costs a stop each; NULL: none. What was
     * learned is worth nothing without it: the caller merges the two. */
    const struct profile *known;
    bool inherit_environment; /* the command has cinch's own environment, directory, umask, limits
                               * and input; else those that systemd gives a service */
    struct strings variables; /* NAME=VALUE that it has in any case; of one name the last holds */
    bool no_io_uring;         /* the service finds a kernel without io_uring */
    bool let_go;         /* with gate: no filter that would end the service with the training */
    int64_t duration_ms; /* 0: until it ends */
    const char *version; /* of cinch, for the run record */
    /* Where the profile is saved every few seconds while it grows; NULL: nowhere. */
    const char *checkpoint;
    /* Tells a person what happened, one encoded line without a newline; may be NULL. `is_problem`
     * when something went wrong. */
    void (*say)(void *context, const char *line, bool is_problem);
    /* Shows how it is going, about every `progress_ms`; NULL instead of progress: cinch is about to
     * be stopped (SIGTSTP), the terminal is to be left as it was. May be NULL. */
    void (*show)(void *context, const struct progress *progress);
    int64_t progress_ms;
    void *context; /* of both */
};

/* Writing to a pipe without a reader, or beyond a limit of file size, fails from here on instead of
 * ending cinch; the programs that it starts have these signals as it found them. */
void signals_survive(void);

/* How the training ended. */
struct train_result {
    int exec_error;     /* errno of a failed first exec: no profile then */
    int status;         /* the service's wait status, as waitpid(2) gives it */
    bool asked_to_stop; /* cinch sent SIGTERM: the workload or the duration was over */
    bool joined;        /* cinch did not start the service: its end is not ours to pass on */
    bool let_go;        /* and it was let go instead of asked to stop: it runs on */
    bool runs_on;       /* its unit's Restart= starts it again, untraced */
    bool killed;        /* it did not stop in the grace time and got SIGKILL */
    int64_t grace_ms;   /* that time */
    bool told_to_end;   /* a SIGTERM, or the like, reached cinch */
    bool hurried;       /* a second SIGTERM to cinch cut the grace time short */
    bool left_behind;   /* and SIGKILL did not end all of it */
    bool ended_early;   /* it ended although its workload or duration was not over */
    bool never_ready;
    int workload_status; /* as a shell says it; -1: there was no workload or it did not run */
    int64_t ready_ms;    /* -1: never */
    int64_t worked_ms;   /* until it was told to stop, or came to its end; maybe negative */
    int64_t duration_ms;
};

/* Trains into `profile` (empty, owned by the caller). 0 when the service was run, whatever came of
 * it (see *ret); -errno with `err` when it could not be. What was learned before an error is in
 * `profile`. */
int train(const struct train_options *options, struct profile *profile, struct train_result *ret,
          struct err *err) MUST_USE;

#endif
