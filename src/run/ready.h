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
    int64_t listening_ms; /* when the first listen(2) succeeded, -1 before */
    const char *root;     /* where the service's paths begin; NULL: where ours do; borrowed */
};

/* Makes the notify socket when the spec needs one. 0 or -errno with `err`. */
int ready_init(struct ready *ready, const struct ready_spec *spec, struct err *err);
/* The same for a service that cinch does not start: nothing is made. */
void ready_observe(struct ready *ready, const struct ready_spec *spec);
void ready_done(struct ready *ready);

/* Looks at a call of a service that inherited its NOTIFY_SOCKET: was READY=1 sent? */
void ready_watch(struct ready *ready, const struct trace_ops *ops, const struct trace_event *event);

/* Whether the service is ready now. `pid` is a task of it, `listens` how many listen(2) calls have
 * succeeded, `idle_ms` for how long nothing has happened. */
bool ready_now(struct ready *ready, pid_t pid, unsigned listens, int64_t now_ms, int64_t idle_ms);
/* What made it ready, for the run record: "listen", "tcp:80", ...; owned by the caller. */
char *ready_describe(const struct ready *ready);

#endif
