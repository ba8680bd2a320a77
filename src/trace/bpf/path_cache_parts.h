/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside recall: what its parts share, in memory that the kernel's side reads too. */
#ifndef CINCH_TRACE_PATH_CACHE_PARTS_H
#define CINCH_TRACE_PATH_CACHE_PARTS_H

#include "trace/bpf/bpf.h"
#include "trace/bpf/path_cache.h"
#include <stddef.h>
#include <sys/user.h>

/* Where a call's number and arguments lie in struct pt_regs, which is laid out as struct
 * user_regs_struct is, and what tells a task that runs another ABI's code (arch/x86/include/asm/
 * segment.h). On other machines nothing is recalled. */
struct register_places {
    uint32_t number, arguments[6];
    uint32_t code_segment, foreign_code_segment;
};
extern const struct register_places path_cache_registers;
extern const bool path_cache_registers_known;

/* Longer names are never known. */
#define NAME_ROOM 232

/* Values of look.path that are no offsets. */
enum { EXIT_RULE_NOT = 0, EXIT_RULE_ALWAYS = 1, EXIT_RULE_IF_FAILED = 2, EXIT_RULE_CLONE = 3 };

/* How to look at a call when it has ended: offsets into its registers. */
struct exit_rule {
    uint32_t path;         /* or LOOK_* */
    uint32_t arguments[2]; /* 0: none. EXIT_RULE_CLONE: struct clone_args' place, and `high` */
    uint32_t empty; /* these bits of the second one let an empty name be no name. EXIT_RULE_CLONE:
                     * the low half of the flags that say something */
};
_Static_assert(sizeof(struct exit_rule) == COUNTER_OTHER_SIZE, "what the counter keeps for us");

/* What is the same about two calls that say the same. */
struct known_call {
    uint32_t generation;
    uint32_t view;
    uint32_t number;
    int32_t outcome; /* 0 or -errno */
    uint32_t arguments[2];
    char name[NAME_ROOM];
};

/* The maps of the program that looks at the ends of calls. */
struct path_cache_maps {
    int tasks, slots, exit_rules; /* the counter's */
    int known;                    /* hash: struct known_call -> count */
    int state;                    /* array: enum path_cache_state -> 64 bits */
};

enum path_cache_state {
    STATE_GENERATION,
    STATE_ASKED, /* how many calls a task was stopped for */
    STATE_COUNT,
};

/* Copies a register of the call, whose pt_regs are at r9; the offset is in r3. */
#define READ_REGISTER(to, size)                                                                    \
    ADD_REGISTER(3, 9), POINT_TO_STACK(1, to), SET(2, size), CALL(BPF_FUNC_probe_read_kernel)

/* Run the programs, at the end of every call and at that of a task, for as long as the descriptor
 * returned is open; -errno. The second counts the call that has no end, and then forgets the task.
 */
int path_cache_attach(const struct path_cache_maps *maps);
int path_cache_attach_leave(const struct path_cache_maps *maps);

#endif
