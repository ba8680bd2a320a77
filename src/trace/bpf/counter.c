// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Two programs, loaded with bpf(2) alone: one at raw_tracepoint sys_enter counts, one at
 * sched_process_exit forgets a task the moment it ends, so that its id, given to another, counts
 * nothing. A task's id enters the map while the task is stopped. Where names are known (recall.h)
 * the program at the end of calls that knows them counts as well, in place of these: each program
 * costs every call of the machine.
 *
 * The tracepoint comes after a seccomp stop (kernel/entry/common.c, syscall_trace_enter): every
 * stop that is not killed is counted once. Calls of a foreign ABI share the tracepoint; the filter
 * stops at all of them, so they are taken out with the other stops.
 */
#include "trace/bpf/counter.h"
#include "trace/bpf/bpf.h"
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SLOT_COUNT ((size_t)COUNTER_GROUPS * COUNTER_NUMBERS)
#define TASK_LIMIT 65536u
/* Calls made to try the counter. */
#define TRIAL_COUNT 3u

struct counter {
    int tids;   /* hash: task id -> struct counter_task */
    int slots;  /* array: group * COUNTER_NUMBERS + number -> count */
    int others; /* array: number -> COUNTER_OTHER_SIZE bytes */
    int enter, leave;
    const uint64_t *counts; /* the array, mapped */
    uint64_t *settled;      /* of each slot, what is not news */
    uint64_t *under_way;    /* of each slot, what will be counted, until the next round */
    char *programs[COUNTER_GROUPS];
    unsigned group_count;
};

/* clang-format off */
#define KEY      (-4) /* of any map, on the stack */
#define PUT_KEY(src)           STORE(BPF_W, 10, KEY, src)
#define POINT_TO_KEY(map)      LOAD_MAP(1, map), POINT_TO_STACK(2, KEY)

enum { OUT }; /* labels */

static int attach_enter(const struct counter *counter)
{
    const struct bpf_insn code[] = {
        LOAD(BPF_DW, 6, 1, 8), /* r6 = number */
        JUMP_IF(BPF_JGE, 6, COUNTER_NUMBERS, OUT),
        CALL(BPF_FUNC_get_current_pid_tgid),
        PUT_KEY(0), /* its low half: the task's id */
        POINT_TO_KEY(counter->tids),
        CALL(BPF_FUNC_map_lookup_elem),
        JUMP_IF_ZERO(0, OUT),
        LOAD(BPF_W, 7, 0, offsetof(struct counter_task, group)),
        PUT_KEY(6),
        POINT_TO_KEY(counter->others),
        CALL(BPF_FUNC_map_lookup_elem),
        JUMP_IF_ZERO(0, OUT),
        LOAD(BPF_W, 1, 0, 0),
        JUMP_IF(BPF_JNE, 1, 0, OUT), /* told by another program */
        MULTIPLY(7, COUNTER_NUMBERS),
        ADD_REGISTER(7, 6),
        COPY(1, 7),
        COUNT_AT(counter->slots, KEY, OUT),
        LABEL(OUT),
        SET(0, 0),
        END,
    };

    struct bpf_code program = { 0 };
    bpf_add(&program, code, ELEMENTS_OF(code));
    return bpf_attach("sys_enter", &program);
}

static int attach_leave(const struct counter *counter)
{
    const struct bpf_insn code[] = {
        CALL(BPF_FUNC_get_current_pid_tgid),
        PUT_KEY(0),
        POINT_TO_KEY(counter->tids),
        CALL(BPF_FUNC_map_delete_elem),
        SET(0, 0),
        END,
    };

    struct bpf_code program = { 0 };
    bpf_add(&program, code, ELEMENTS_OF(code));
    return bpf_attach("sched_process_exit", &program);
}
/* clang-format on */

void counter_settle(struct counter *counter)
{
    for (size_t i = 0; i < COUNTER_NUMBERS; i++)
        counter->settled[i] = __atomic_load_n(&counter->counts[i], __ATOMIC_RELAXED);
}

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

    if (counter_follow(counter, tid, &(struct counter_task){ 0 }) < 0)
        return false;
    trial_call();
    counter_leave(counter, tid);
    uint64_t followed = __atomic_load_n(count, __ATOMIC_RELAXED);
    trial_call();
    bool right = followed == TRIAL_COUNT && __atomic_load_n(count, __ATOMIC_RELAXED) == followed;
    counter_settle(counter);
    return right;
}

bool counter_hand_over(struct counter *counter, bool on)
{
    fd_close(&counter->enter);
    fd_close(&counter->leave);
    if (on)
        return true;
    counter->leave = attach_leave(counter);
    counter->enter = attach_enter(counter);
    return counter->leave >= 0 && counter->enter >= 0;
}

static bool counter_open(struct counter *counter)
{
    counter->tids = bpf_map_create(BPF_MAP_TYPE_HASH, sizeof(uint32_t), sizeof(struct counter_task),
                                   TASK_LIMIT, BPF_F_NO_PREALLOC);
    counter->slots = bpf_map_create(BPF_MAP_TYPE_ARRAY, sizeof(uint32_t), sizeof(uint64_t),
                                    (uint32_t)SLOT_COUNT, BPF_F_MMAPABLE);
    counter->others = bpf_map_create(BPF_MAP_TYPE_ARRAY, sizeof(uint32_t), COUNTER_OTHER_SIZE,
                                     COUNTER_NUMBERS, 0);
    if (counter->tids < 0 || counter->slots < 0 || counter->others < 0)
        return false;
    void *mapped =
        mmap(NULL, SLOT_COUNT * sizeof(uint64_t), PROT_READ, MAP_SHARED, counter->slots, 0);
    if (mapped == MAP_FAILED)
        return false;
    counter->counts = mapped;
    return counter_hand_over(counter, false) && counter_is_right(counter);
}

struct counter *counter_new(void)
{
    struct counter *counter = mem_new(1, sizeof(*counter));

    counter->tids = counter->slots = counter->others = counter->enter = counter->leave = -1;
    counter->settled = mem_new(SLOT_COUNT, sizeof(*counter->settled));
    counter->under_way = mem_new(SLOT_COUNT, sizeof(*counter->under_way));
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
    fd_close(&counter->others);
    for (unsigned i = 0; i < counter->group_count; i++)
        free(counter->programs[i]);
    free(counter->settled);
    free(counter->under_way);
    free(counter);
}

unsigned counter_group(struct counter *counter, const char *program)
{
    for (unsigned i = 1; i < counter->group_count; i++)
        if (strcmp(counter->programs[i], program) == 0)
            return i;
    if (!*program || counter->group_count == COUNTER_GROUPS)
        return 0;
    counter->programs[counter->group_count] = mem_strdup(program);
    return counter->group_count++;
}

int counter_follow(struct counter *counter, pid_t tid, const struct counter_task *task)
{
    uint32_t key = (uint32_t)tid;

    return bpf_map_put(counter->tids, &key, task);
}

int counter_exit_rule(const struct counter *counter, pid_t tid, struct counter_task *ret)
{
    uint32_t key = (uint32_t)tid;

    return bpf_map_get(counter->tids, &key, ret);
}

void counter_leave(struct counter *counter, pid_t tid)
{
    uint32_t key = (uint32_t)tid;

    bpf_map_remove(counter->tids, &key); /* ENOENT: it ended meanwhile */
}

int counter_leave_to(struct counter *counter, uint32_t number, const void *how)
{
    static const char ours[COUNTER_OTHER_SIZE];

    return bpf_map_put(counter->others, &number, how ? how : ours);
}

int counter_map(const struct counter *counter, enum counter_map map)
{
    const int maps[] = { [COUNTER_TASKS] = counter->tids,
                         [COUNTER_SLOTS] = counter->slots,
                         [COUNTER_OTHERS] = counter->others };

    return maps[map];
}

void counter_stopped(struct counter *counter, unsigned group, uint64_t number)
{
    if (number < COUNTER_NUMBERS)
        counter->settled[(size_t)group * COUNTER_NUMBERS + number]++;
}

void counter_under_way(struct counter *counter, unsigned group, uint32_t number)
{
    if (number < COUNTER_NUMBERS)
        counter->under_way[(size_t)group * COUNTER_NUMBERS + number]++;
}

uint64_t counter_unreported(const struct counter *counter, uint32_t number)
{
    return __atomic_load_n(&counter->counts[number], __ATOMIC_RELAXED) - counter->settled[number];
}

/* A task that is stopped right now was taken out before it is counted, and what is under way was
 * told before: a slot may be behind. */
bool counter_take(struct counter *counter, size_t *cursor, const char **ret_program,
                  uint32_t *ret_number, uint64_t *ret_count)
{
    size_t end = (size_t)counter->group_count * COUNTER_NUMBERS;

    for (; *cursor < end; ++*cursor) {
        size_t at = *cursor;
        uint64_t now =
            __atomic_load_n(&counter->counts[at], __ATOMIC_RELAXED) + counter->under_way[at];
        counter->under_way[at] = 0;
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
