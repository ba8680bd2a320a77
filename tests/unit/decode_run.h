/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Drives a decoder over a fake tracee, call by call, and asks the profile what it learned. */
#ifndef CINCH_TESTS_DECODE_RUN_H
#define CINCH_TESTS_DECODE_RUN_H

#include "fake_tracee.h"
#include <cinch/decode.h>
#include <linux/audit.h>

#define RUN_TID 1000

struct decode_run {
    struct fake_tracee fake;
    struct profile *profile;
    struct decoder *decoder;
    uint32_t arch;
    pid_t tid;
    int64_t now_ms;
};

/* A service that has just executed /usr/bin/daemon. */
void drive_init(struct decode_run *run);
/* The same before its exec. */
void drive_init_unstarted(struct decode_run *run);
void drive_done(struct decode_run *run);

/* The begin of a call by name; whether its end is wanted. */
bool drive_enter(struct decode_run *run, const char *name, const uint64_t args[6]);
void drive_exit(struct decode_run *run, int64_t rval);
/* Begin and end (the end only when it is wanted). rval as in the kernel: -errno for errors. */
void drive_call(struct decode_run *run, const char *name, const uint64_t args[6], int64_t rval);
void drive_event(struct decode_run *run, enum trace_kind kind, pid_t tid, pid_t other);

#define ARGS(...)         ((const uint64_t[6]){ __VA_ARGS__ })
#define STRING(run, text) fake_string(&(run)->fake, text)
#define CWD               ((uint64_t)(int64_t)TRACE_CWD)

/* How often a fact was seen; 0: never. requested NULL: like path. */
uint64_t seen_path(const struct decode_run *run, enum path_use use, const char *path,
                   const char *requested, int outcome);
/* How often something was renamed or linked from one directory into another. */
uint64_t seen_move(const struct decode_run *run, const char *from, const char *to);
bool path_was_foreign(const struct decode_run *run, enum path_use use, const char *path);
uint64_t seen_syscall(const struct decode_run *run, const char *name, int outcome);
uint64_t seen_socket(const struct decode_run *run, int family, int type, enum socket_origin origin,
                     int outcome);
uint64_t seen_address(const struct decode_run *run, enum address_use use, int type,
                      const char *host, int port, int outcome);
uint64_t seen_argument(const struct decode_run *run, const char *topic, const char *value,
                       int outcome);
uint64_t seen_capability(const struct decode_run *run, const char *name, const char *call,
                         enum capability_basis basis);
uint64_t seen_blind_spot(const struct decode_run *run, const char *topic, const char *detail);
/* The program fact of a path, NULL when there is none. */
const struct program_fact *seen_program(const struct decode_run *run, const char *path);
size_t seen_count(const struct decode_run *run, enum fact_kind kind);

#endif
