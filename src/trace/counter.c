// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Two programs, loaded with bpf(2) alone: one at raw_tracepoint sys_enter counts, one at
 * sched_process_exit forgets a task the moment it ends, so that its id, given to another, counts
 * nothing. A task's id enters the map while the task is stopped.
 *
 * The tracepoint comes after a seccomp stop (kernel/entry/common.c, syscall_trace_enter): every
 * stop that is not killed is counted once. Calls of a foreign ABI share the tracepoint; the filter
 * stops at all of them, so they are taken out with the other stops.
 */
#include "trace/counter.h"
#include <errno.h>
#include <linux/bpf.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Programs told apart. */
#define GROUP_COUNT 64u
#define SLOT_COUNT  ((size_t)GROUP_COUNT * COUNTER_NUMBERS)
#define TASK_LIMIT  65536u
/* Calls made to try the counter. */
#define TRIAL_COUNT 3u

struct counter {
    int tids;  /* hash: task id -> group */
    int slots; /* array: group * COUNTER_NUMBERS + number -> count */
    int enter, leave;
    const uint64_t *counts; /* the array, mapped */
    uint64_t *settled;      /* of each slot, what is not news */
    char *programs[GROUP_COUNT];
    unsigned group_count;
};

static int bpf_call(int command, union bpf_attr *attr)
{
    int result = (int)syscall(SYS_bpf, command, attr, sizeof(*attr));

    return result < 0 ? -errno : result;
}

static int map_create(uint32_t type, uint32_t value_size, uint32_t entries, uint32_t flags)
{
    union bpf_attr attr = { .map_type = type,
                            .key_size = sizeof(uint32_t),
                            .value_size = value_size,
                            .max_entries = entries,
                            .map_flags = flags };

    return bpf_call(BPF_MAP_CREATE, &attr);
}

static int program_attach(const char *tracepoint, const struct bpf_insn *code, size_t count)
{
    union bpf_attr load = { .prog_type = BPF_PROG_TYPE_RAW_TRACEPOINT,
                            .insn_cnt = (uint32_t)count,
                            .insns = (uint64_t)(uintptr_t)code,
                            .license = (uint64_t)(uintptr_t) "LGPL-2.1-or-later" };
    CLEANUP(fd_close) int program = bpf_call(BPF_PROG_LOAD, &load);

    if (program < 0)
        return program;
    union bpf_attr attach = { .raw_tracepoint.name = (uint64_t)(uintptr_t)tracepoint,
                              .raw_tracepoint.prog_fd = (uint32_t)program };
    return bpf_call(BPF_RAW_TRACEPOINT_OPEN, &attach);
}

/* clang-format off */
/* The instruction set is Documentation/bpf/standardization/instruction-set.rst of the kernel. */
#define OP(op, to, from, distance, value) \
    { .code = (op), .dst_reg = (to), .src_reg = (from), .off = (distance), .imm = (value) }
#define COPY(dst, src)         OP(BPF_ALU64 | BPF_MOV | BPF_X, dst, src, 0, 0)
#define SET(dst, imm)          OP(BPF_ALU64 | BPF_MOV | BPF_K, dst, 0, 0, imm)
#define ADD(dst, imm)          OP(BPF_ALU64 | BPF_ADD | BPF_K, dst, 0, 0, imm)
#define LOAD_MAP(dst, fd)      OP(BPF_LD | BPF_IMM | BPF_DW, dst, BPF_PSEUDO_MAP_FD, 0, fd), { 0 }
#define CALL(helper)           OP(BPF_JMP | BPF_CALL, 0, 0, 0, helper)
#define SKIP_ZERO(reg, count)  OP(BPF_JMP | BPF_JEQ | BPF_K, reg, 0, count, 0)
#define END                    OP(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)
#define KEY                    (-4) /* of both maps, on the stack */
#define PUT_KEY(src)           OP(BPF_STX | BPF_W | BPF_MEM, 10, src, KEY, 0)
#define POINT_TO_KEY(map)      LOAD_MAP(1, map), COPY(2, 10), ADD(2, KEY)

static int attach_enter(int tids, int slots)
{
    const struct bpf_insn code[] = {
        OP(BPF_LDX | BPF_DW | BPF_MEM, 6, 1, 8, 0), /* r6 = number */
        OP(BPF_JMP | BPF_JGE | BPF_K, 6, 0, 20, COUNTER_NUMBERS),
        CALL(BPF_FUNC_get_current_pid_tgid),
        PUT_KEY(0), /* its low half: the task's id */
        POINT_TO_KEY(tids),
        CALL(BPF_FUNC_map_lookup_elem),
        SKIP_ZERO(0, 12),
        OP(BPF_LDX | BPF_W | BPF_MEM, 1, 0, 0, 0), /* the group */
        OP(BPF_ALU64 | BPF_MUL | BPF_K, 1, 0, 0, COUNTER_NUMBERS),
        OP(BPF_ALU64 | BPF_ADD | BPF_X, 1, 6, 0, 0),
        PUT_KEY(1),
        POINT_TO_KEY(slots),
        CALL(BPF_FUNC_map_lookup_elem),
        SKIP_ZERO(0, 2),
        SET(1, 1),
        OP(BPF_STX | BPF_DW | BPF_XADD, 0, 1, 0, 0),
        SET(0, 0),
        END,
    };

    return program_attach("sys_enter", code, ELEMENTS_OF(code));
}

static int attach_leave(int tids)
{
    const struct bpf_insn code[] = {
        CALL(BPF_FUNC_get_current_pid_tgid),
        PUT_KEY(0),
        POINT_TO_KEY(tids),
        CALL(BPF_FUNC_map_delete_elem),
        SET(0, 0),
        END,
    };

    return program_attach("sched_process_exit", code, ELEMENTS_OF(code));
}
/* clang-format on */

static void trial_call(void)
{
    for (unsigned i = 0; i < TRIAL_COUNT; i++)
        syscall(SYS_getppid);
}

/* Counts ourselves: whatever is in the way (a pid namespace, whose ids the program does not see; a
 * tracepoint that tells something else) shows here. */
static bool counter_is_right(struct counter *counter)
{
    const uint64_t *count = &counter->counts[SYS_getppid];
    pid_t tid = (pid_t)syscall(SYS_gettid);
    unsigned group;

    if (counter_follow(counter, tid, NULL, &group) < 0)
        return false;
    trial_call();
    counter_leave(counter, tid);
    uint64_t followed = __atomic_load_n(count, __ATOMIC_RELAXED);
    trial_call();
    bool right = followed == TRIAL_COUNT && __atomic_load_n(count, __ATOMIC_RELAXED) == followed;
    for (size_t i = 0; i < COUNTER_NUMBERS; i++)
        counter->settled[i] = __atomic_load_n(&counter->counts[i], __ATOMIC_RELAXED);
    return right;
}

static bool counter_open(struct counter *counter)
{
    counter->tids = map_create(BPF_MAP_TYPE_HASH, sizeof(uint32_t), TASK_LIMIT, BPF_F_NO_PREALLOC);
    if (counter->tids < 0)
        return false;
    counter->slots =
        map_create(BPF_MAP_TYPE_ARRAY, sizeof(uint64_t), (uint32_t)SLOT_COUNT, BPF_F_MMAPABLE);
    if (counter->slots < 0)
        return false;
    void *mapped =
        mmap(NULL, SLOT_COUNT * sizeof(uint64_t), PROT_READ, MAP_SHARED, counter->slots, 0);
    if (mapped == MAP_FAILED)
        return false;
    counter->counts = mapped;
    counter->leave = attach_leave(counter->tids);
    counter->enter = attach_enter(counter->tids, counter->slots);
    return counter->leave >= 0 && counter->enter >= 0 && counter_is_right(counter);
}

struct counter *counter_new(void)
{
    struct counter *counter = mem_new(1, sizeof(*counter));

    counter->tids = counter->slots = counter->enter = counter->leave = -1;
    counter->settled = mem_new(SLOT_COUNT, sizeof(*counter->settled));
    counter->programs[0] = mem_strdup("");
    counter->group_count = 1;
    if (counter_open(counter))
        return counter;
    counter_free(counter);
    return NULL;
}

void counter_free(struct counter *counter)
{
    if (!counter)
        return;
    fd_close(&counter->enter);
    fd_close(&counter->leave);
    fd_close(&counter->tids);
    if (counter->counts)
        munmap((void *)(uintptr_t)counter->counts, SLOT_COUNT * sizeof(uint64_t));
    fd_close(&counter->slots);
    for (unsigned i = 0; i < counter->group_count; i++)
        free(counter->programs[i]);
    free(counter->settled);
    free(counter);
}

/* Group 0 is for programs without a name and for those that found no room. */
static unsigned group_of(struct counter *counter, const char *program)
{
    for (unsigned i = 1; program && i < counter->group_count; i++)
        if (strcmp(counter->programs[i], program) == 0)
            return i;
    if (!program || !*program || counter->group_count == GROUP_COUNT)
        return 0;
    counter->programs[counter->group_count] = mem_strdup(program);
    return counter->group_count++;
}

int counter_follow(struct counter *counter, pid_t tid, const char *program, unsigned *ret_group)
{
    uint32_t key = (uint32_t)tid, group = group_of(counter, program);
    union bpf_attr attr = { .map_fd = (uint32_t)counter->tids,
                            .key = (uint64_t)(uintptr_t)&key,
                            .value = (uint64_t)(uintptr_t)&group,
                            .flags = BPF_ANY };
    int result = bpf_call(BPF_MAP_UPDATE_ELEM, &attr);

    if (result == 0)
        *ret_group = group;
    return result;
}

void counter_leave(struct counter *counter, pid_t tid)
{
    uint32_t key = (uint32_t)tid;
    union bpf_attr attr = { .map_fd = (uint32_t)counter->tids, .key = (uint64_t)(uintptr_t)&key };

    bpf_call(BPF_MAP_DELETE_ELEM, &attr); /* ENOENT: it ended meanwhile */
}

void counter_stopped(struct counter *counter, unsigned group, uint64_t number)
{
    if (number < COUNTER_NUMBERS)
        counter->settled[(size_t)group * COUNTER_NUMBERS + number]++;
}

/* A task that is stopped right now was taken out before it is counted: a slot may be behind. */
bool counter_take(struct counter *counter, size_t *cursor, const char **ret_program,
                  uint32_t *ret_number, uint64_t *ret_count)
{
    size_t end = (size_t)counter->group_count * COUNTER_NUMBERS;

    for (; *cursor < end; ++*cursor) {
        size_t at = *cursor;
        uint64_t now = __atomic_load_n(&counter->counts[at], __ATOMIC_RELAXED);
        if ((int64_t)(now - counter->settled[at]) <= 0)
            continue;
        *ret_program = counter->programs[at / COUNTER_NUMBERS];
        *ret_number = (uint32_t)(at % COUNTER_NUMBERS);
        *ret_count = now - counter->settled[at];
        counter->settled[at] = now;
        return true;
    }
    return false;
}
