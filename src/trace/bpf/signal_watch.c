// SPDX-License-Identifier: LGPL-2.1-or-later
#include "trace/bpf/signal_watch.h"
#include "trace/bpf/bpf.h"
#include "trace/bpf/btf.h"
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* What the program and we share. */
struct watched {
    uint64_t counts[SIGNAL_WATCH_KINDS];
    uint32_t pid; /* 0: nobody */
    uint32_t unused;
};

struct signal_watch {
    int map, program;
    volatile struct watched *watched; /* the map's only entry */
};

/* clang-format off */
#define KEY  (-4) /* of the map, on the stack */
#define PID  (-8) /* whom the signal is for */
/* include/trace/events/signal.h of the kernel: signal, info, task, whether for its process, what
 * came of it. */
#define ARGUMENT_SIGNAL 0
#define ARGUMENT_TASK   16

#define COUNT_OF(kind) (int)offsetof(struct watched, counts[kind])

enum { OUT, FOR_WHOM, SAME };

static int attach(const struct signal_watch *signal_watch, int tgid_offset)
{
    const struct bpf_insn code[] = {
        LOAD(BPF_DW, 2, 1, ARGUMENT_SIGNAL),
        SET(8, COUNT_OF(SIGNAL_WATCH_RELOAD)),
        JUMP_IF(BPF_JEQ, 2, SIGHUP, FOR_WHOM),
        SET(8, COUNT_OF(SIGNAL_WATCH_END)),
        JUMP_IF(BPF_JEQ, 2, SIGTERM, FOR_WHOM),
        JUMP_IF(BPF_JEQ, 2, SIGINT, FOR_WHOM),
        JUMP_IF(BPF_JNE, 2, SIGQUIT, OUT),
        LABEL(FOR_WHOM),
        LOAD(BPF_DW, 6, 1, ARGUMENT_TASK),
        SET(1, 0),
        STORE(BPF_W, 10, KEY, 1),
        LOAD_MAP(1, signal_watch->map),
        POINT_TO_STACK(2, KEY),
        CALL(BPF_FUNC_map_lookup_elem),
        JUMP_IF_ZERO(0, OUT),
        COPY(7, 0),
        POINT_TO_STACK(1, PID),
        SET(2, 4),
        COPY(3, 6),
        ADD(3, tgid_offset),
        CALL(BPF_FUNC_probe_read_kernel),
        JUMP_IF(BPF_JNE, 0, 0, OUT),
        LOAD(BPF_W, 1, 10, PID),
        LOAD(BPF_W, 2, 7, offsetof(struct watched, pid)),
        OP(BPF_JMP | BPF_JEQ | BPF_X, 1, 2, SAME, 0),
        JUMP(OUT),
        LABEL(SAME),
        ADD_REGISTER(7, 8),
        SET(1, 1),
        COUNT_UP(7, 1),
        LABEL(OUT),
        SET(0, 0),
        END,
    };

    struct bpf_code program = { 0 };
    bpf_add(&program, code, ELEMENTS_OF(code));
    return bpf_attach("signal_generate", &program);
}
/* clang-format on */

/* Sends one to this very thread and takes it back: whatever is in the way shows here. */
static bool signal_watch_are_right(struct signal_watch *signal_watch)
{
    const struct timespec at_once = { 0 };
    sigset_t hangup, before;

    sigemptyset(&hangup);
    sigaddset(&hangup, SIGHUP);
    if (sigprocmask(SIG_BLOCK, &hangup, &before) < 0)
        return false;
    signal_watch_watch(signal_watch, getpid());
    bool is_sent = syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), SIGHUP) == 0;
    bool is_taken = is_sent && sigtimedwait(&hangup, NULL, &at_once) == SIGHUP;
    signal_watch_watch(signal_watch, 0);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return is_taken && signal_watch_count(signal_watch, SIGNAL_WATCH_RELOAD) > 0;
}

static bool signal_watch_open(struct signal_watch *signal_watch)
{
    int tgid_offset = btf_offset("task_struct", "tgid");

    signal_watch->map = bpf_map_create(BPF_MAP_TYPE_ARRAY, sizeof(uint32_t), sizeof(struct watched),
                                       1, BPF_F_MMAPABLE);
    if (tgid_offset < 0 || signal_watch->map < 0)
        return false;
    void *mapped = mmap(NULL, sizeof(struct watched), PROT_READ | PROT_WRITE, MAP_SHARED,
                        signal_watch->map, 0);
    if (mapped == MAP_FAILED)
        return false;
    signal_watch->watched = mapped;
    signal_watch->program = attach(signal_watch, tgid_offset);
    return signal_watch->program >= 0 && signal_watch_are_right(signal_watch);
}

struct signal_watch *signal_watch_new(void)
{
    struct signal_watch *signal_watch = mem_new(1, sizeof(*signal_watch));

    signal_watch->map = signal_watch->program = -1;
    if (signal_watch_open(signal_watch))
        return signal_watch;
    signal_watch_free(signal_watch);
    return NULL;
}

void signal_watch_free(struct signal_watch *signal_watch)
{
    if (!signal_watch)
        return;
    fd_close(&signal_watch->program);
    if (signal_watch->watched)
        munmap((void *)(uintptr_t)signal_watch->watched, sizeof(struct watched));
    fd_close(&signal_watch->map);
    free(signal_watch);
}

void signal_watch_watch(struct signal_watch *signal_watch, pid_t pid)
{
    __atomic_store_n(&signal_watch->watched->pid, (uint32_t)pid, __ATOMIC_RELAXED);
}

uint64_t signal_watch_count(const struct signal_watch *signal_watch, enum signal_watch_kind kind)
{
    return __atomic_load_n(&signal_watch->watched->counts[kind], __ATOMIC_RELAXED);
}
