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
};

/* Parses "tcp:PORT", "unix:PATH", "file:PATH", "notify" or seconds ("1.5"). 0 or -EINVAL with
 * `err`. */
int ready_parse(const char *text, struct ready_spec *ret, struct err *err) MUST_USE;

/* Parses a duration: "90", "1.5", "10s", "500ms", "5min", "2h", as systemd.time(7) writes them.
 * Milliseconds; 0 or -EINVAL with `err`. */
int duration_parse(const char *text, int64_t *ret_ms, struct err *err) MUST_USE;

/* ---- train
 * ------------------------------------------------------------------------------------------ */

struct train_options {
    char *const *argv;    /* the command; NULL-terminated */
    const char *workload; /* for /bin/sh -c; NULL: none */
    const char *user;     /* NULL: unchanged */
    struct ready_spec ready;
    int64_t duration_ms; /* 0: until it ends */
    const char *version; /* of cinch, for the run record */
    /* Tells a person about progress, one encoded line without a newline; may be NULL. */
    void (*say)(const char *line);
};

/* How the training ended. */
struct train_result {
    int exec_error;     /* errno of a failed first exec: no profile then */
    int status;         /* the service's wait status, as waitpid(2) gives it */
    bool asked_to_stop; /* cinch sent SIGTERM: the workload or the duration was over */
    bool killed;        /* it did not stop in the grace time and got SIGKILL */
    bool ended_early;   /* it ended although its workload or duration was not over */
    bool never_ready;
    int workload_status; /* as a shell says it; -1: there was no workload or it did not run */
    int64_t ready_ms;    /* -1: never */
    int64_t duration_ms;
};

/* Trains into `profile` (empty, owned by the caller). 0 when the service was run, whatever came of
 * it (see *ret); -errno with `err` when it could not be. What was learned before an error is in
 * `profile`. */
int train(const struct train_options *options, struct profile *profile, struct train_result *ret,
          struct err *err) MUST_USE;

#endif
