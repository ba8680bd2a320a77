/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Inside trace/: the capabilities that the kernel asked for while the traced tasks ran, and that
 * they had. A BPF program at the tracepoint capability:cap_capable (Linux 6.14 or near it) counts
 * them in the kernel: by program, capability and the system call that asked.
 */
#ifndef CINCH_TRACE_CAPABLE_COUNTER_H
#define CINCH_TRACE_CAPABLE_COUNTER_H

#include <cinch/base.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

/* Instead of a system call's number. */
#define GRANT_OUTSIDE 0xffffu /* asked in no call: a page fault, a timer */
#define GRANT_FOREIGN 0xfffeu /* in a call of another ABI */
/* In the map's key: with other credentials than the task's own. */
#define GRANT_BORROWED (1 << 23)

/* What the program works with. */
struct capable_counter_maps {
    struct stat own;                  /* our pid namespace, when it is not the first; else zero */
    int tids;                         /* hash: task id -> group */
    int mount_ns;                     /* array of one: the user namespace that counts */
    int found;                        /* hash: group, capability and number -> count */
    int credentials, own_credentials; /* where struct task_struct keeps them */
};

/* capable_counter_program.c: the program, and one that forgets tasks that end; each runs as long as
 * the descriptor returned is open. -errno. */
int capable_counter_attach_ask(const struct capable_counter_maps *maps);
int capable_counter_attach_leave(const struct capable_counter_maps *maps);
/* Whether it is known where the kernel keeps the number of a call on this architecture. */
bool capable_counter_know_registers(void);

struct capable_counter;

struct grant {
    const char *program;
    unsigned capability;
    unsigned number;
    bool is_borrowed; /* the kernel asked in the name of another */
    uint64_t count;   /* since it was last told */
};

/* NULL where the kernel does not let us, or knows no such tracepoint. It was then tried: what is
 * returned has counted right. */
struct capable_counter *capable_counter_new(void);
void capable_counter_free(struct capable_counter *capable_counter);
/* Counts those of a task from now on, for a program. */
void capable_counter_follow(struct capable_counter *capable_counter, pid_t tid,
                            const char *program);
void capable_counter_leave(struct capable_counter *capable_counter, pid_t tid);
/* What is new, one at a time; false after the last, when the next round begins. */
bool capable_counter_next(struct capable_counter *capable_counter, struct grant *ret);
/* Whether every task that was to be followed, and all that was counted, found room. */
bool capable_counter_are_whole(const struct capable_counter *capable_counter);

#endif
