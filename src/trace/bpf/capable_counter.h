/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Inside trace/: the capabilities that the kernel asked for while the traced tasks ran, and that
 * they had. A BPF program at the tracepoint capability:cap_capable (Linux 6.14 or near it) counts
 * them in the kernel: by program, capability and the system call that asked.
 */
#ifndef CINCH_TRACE_GRANTS_H
#define CINCH_TRACE_GRANTS_H

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
struct grants_maps {
    struct stat own;                  /* our pid namespace, when it is not the first; else zero */
    int tids;                         /* hash: task id -> group */
    int home;                         /* array of one: the user namespace that counts */
    int found;                        /* hash: group, capability and number -> count */
    int credentials, own_credentials; /* where struct task_struct keeps them */
};

/* grants_program.c: the program, and one that forgets tasks that end; each runs as long as the
 * descriptor returned is open. -errno. */
int grants_attach_ask(const struct grants_maps *maps);
int grants_attach_leave(const struct grants_maps *maps);
/* Whether it is known where the kernel keeps the number of a call on this architecture. */
bool grants_know_registers(void);

struct grants;

struct grant {
    const char *program;
    unsigned capability;
    unsigned number;
    bool is_borrowed; /* the kernel asked in the name of another */
    uint64_t count;   /* since it was last told */
};

/* NULL where the kernel does not let us, or knows no such tracepoint. It was then tried: what is
 * returned has counted right. */
struct grants *grants_new(void);
void grants_free(struct grants *grants);
/* Counts those of a task from now on, for a program. */
void grants_follow(struct grants *grants, pid_t tid, const char *program);
void grants_leave(struct grants *grants, pid_t tid);
/* What is new, one at a time; false after the last, when the next round begins. */
bool grants_next(struct grants *grants, struct grant *ret);
/* Whether every task that was to be followed, and all that was counted, found room. */
bool grants_are_whole(const struct grants *grants);

#endif
