/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside run/: whether a service is ready, told from outside without touching it. */
#ifndef CINCH_RUN_READY_H
#define CINCH_RUN_READY_H

#include <cinch/run.h>
#include <cinch/trace.h>

struct ready {
    struct ready_spec spec;
    int notify_fd;        /* the socket made for READY_NOTIFY, -1 when inherited or not wanted */
    char *notify_dir;     /* its directory, NULL when there is none */
    char *notify_path;    /* NOTIFY_SOCKET as the service has it, NULL when it has none */
    bool notified;        /* READY=1 was seen */
    int64_t begun_ms;     /* when the service came */
    int64_t listening_ms; /* when the first listen(2) succeeded, since then; -1 before */
    const char *root;     /* where the service's paths begin; NULL: where ours do; borrowed */
};

/* Makes the notify socket when the spec needs one. 0 or -errno with `err`. */
int ready_init(struct ready *ready, const struct ready_spec *spec, struct err *err);
/* The same for a service that cinch does not start: nothing is made. */
void ready_observe(struct ready *ready, const struct ready_spec *spec);
void ready_done(struct ready *ready);

/* The service that is observed has come. `root`: where its paths begin; `notify_path`: its
 * NOTIFY_SOCKET, NULL when it has none, is taken over. */
void ready_meet(struct ready *ready, const char *root, char *notify_path, int64_t now_ms);
/* Whether a process is one of the service's. */
typedef bool ready_owner(const void *context, pid_t pid);
/* Takes what was sent to the notify socket that was made, and heeds what the service sent. Again
 * and again, as long as it runs. */
void ready_hear(struct ready *ready, ready_owner *is_owner, const void *context);

/* Whether the service is ready now. `pid` is a task of it, `listens` how many listen(2) calls have
 * succeeded, `idle_ms` for how long nothing has happened. Whoever sees READY=1 sets `notified`. */
bool ready_now(struct ready *ready, pid_t pid, unsigned listens, int64_t now_ms, int64_t idle_ms);
/* What made it ready, for the run record: "listen", "tcp:80", ...; owned by the caller. */
char *ready_describe(const struct ready *ready);

#endif
