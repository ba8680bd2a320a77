/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Inside run/: the profile as it is so far, saved while the training goes on.
 *
 * A forked child does the work on its own copy of the profile, at the lowest priority: the tracer
 * does not wait for the census, for JSON or for a disk, and what they cost is bounded by the next
 * one's delay.
 */
#ifndef CINCH_RUN_CHECKPOINT_H
#define CINCH_RUN_CHECKPOINT_H

#include <cinch/model.h>
#include <sched.h>

struct checkpoint {
    const char *path;  /* borrowed; NULL: none are made */
    cpu_set_t cpus;    /* where cinch itself may run, before it follows its tracees */
    pid_t child;       /* 0: none is being made */
    int report_fd;     /* its error's text arrives here */
    int64_t begun_ms;  /* when the last one was begun */
    int64_t next_ms;   /* not before */
    uint64_t changes;  /* how much had changed when the last one was begun */
    uint64_t saved;    /* that of the last one that succeeded */
    unsigned failures; /* in a row */
    bool complained;
};

/* Finishes the child's copy of the profile: the record of the run, the census. */
typedef void checkpoint_prepare(void *context);

void checkpoint_init(struct checkpoint *checkpoint, const char *path);
/* Whether it is time for one: something was learned since the last (`changes` is another number),
 * and that is long enough ago. */
bool checkpoint_is_due(const struct checkpoint *checkpoint, uint64_t changes, int64_t now_ms);
/* Begins one; checkpoint_end tells how it went. Returns what to tell a person (the caller's) when
 * not even that worked, or NULL: a failure is told once. */
char *checkpoint_begin(struct checkpoint *checkpoint, const struct profile *profile,
                       uint64_t changes, int64_t now_ms, checkpoint_prepare *prepare,
                       void *context);
/* The child ended with that wait status. Returns as checkpoint_begin. */
char *checkpoint_end(struct checkpoint *checkpoint, int status, int64_t now_ms);
/* Ends the one being made when it takes too long. */
void checkpoint_check(const struct checkpoint *checkpoint, int64_t now_ms);
/* Waits for the one being made, not for long, so that it cannot replace what is saved after it. */
void checkpoint_done(struct checkpoint *checkpoint);

#endif
