// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Which call asked stands in the registers with which the task entered the kernel. On x86-64 those
 * look alike after a page fault; there the two bytes before the instruction pointer tell: a task
 * in a system call came from a syscall instruction. Checks in other user namespaces than that in
 * which the service began say nothing of its bounding set (user_namespaces(7)).
 */
#include "trace/bpf/bpf.h"
#include "trace/bpf/capable_counter.h"
#include <stddef.h>
#include <sys/user.h>

/* struct pt_regs of the kernel: as <sys/user.h> has it on x86-64; arch/arm64/include/asm/ptrace.h.
 */
#if defined(__x86_64__)
#define NUMBER_OFFSET offsetof(struct user_regs_struct, orig_rax)
#define NUMBER_SIZE   BPF_DW
#define PLACE_OFFSET  ((int)offsetof(struct user_regs_struct, rip))
#elif defined(__aarch64__)
#define NUMBER_OFFSET 280 /* syscallno: -1 when it is no system call */
#define NUMBER_SIZE   BPF_W
#define PLACE_OFFSET  (-1)
#else
#define NUMBER_OFFSET (-1)
#define NUMBER_SIZE   BPF_W
#define PLACE_OFFSET  (-1)
#endif
#define SYSCALL_BYTES  0x050f /* 0f 05; int $0x80 and sysenter, of i386, are others */
#define INT80_BYTES    0x80cd
#define SYSENTER_BYTES 0x340f

bool capable_counter_know_registers(void)
{
    return NUMBER_OFFSET >= 0;
}

/* clang-format off */
#define KEY    (-4) /* on the stack: of any map */
#define ONE    (-16)
#define BYTES  (-24)
#define IDS    (-32) /* struct bpf_pidns_info */
#define PUT_KEY(src)      STORE(BPF_W, 10, KEY, src)
#define POINT_TO_KEY(map) LOAD_MAP(1, map), POINT_TO_STACK(2, KEY)
#define SKIP_EQUAL(left, right, label)   OP(BPF_JMP | BPF_JEQ | BPF_X, left, right, label, 0)
#define SHIFT(dst, bits)                 OP(BPF_ALU64 | BPF_LSH | BPF_K, dst, 0, 0, bits)
#define OR(dst, src)                     OP(BPF_ALU64 | BPF_OR | BPF_X, dst, src, 0, 0)
/* Arguments of the tracepoint: who asks, in which namespace, of whom, for what; and the answer. */
#define ARGUMENT_OWN_NAMESPACE 16
#define ARGUMENT_CAPABILITY    24
#define ARGUMENT_ANSWER        32

enum { OUT, KNOWN, AT_HOME, NUMBERED, FOREIGN, NEW, OWN };

#define SET_LONG(dst, value) \
    OP(BPF_LD | BPF_IMM | BPF_DW, dst, 0, 0, (int32_t)(uint32_t)(value)), \
    { .imm = (int32_t)(uint32_t)((uint64_t)(value) >> 32) }

/* The task's id, as we see it, into r0 and the key. */
static void add_task(struct bpf_code *program, const struct capable_counter_maps *maps)
{
    const struct bpf_insn global[] = {
        CALL(BPF_FUNC_get_current_pid_tgid), /* its low half */
        PUT_KEY(0),
    };
    const struct bpf_insn local[] = {
        SET_LONG(1, maps->own.st_dev),
        SET_LONG(2, maps->own.st_ino),
        POINT_TO_STACK(3, IDS),
        SET(4, sizeof(struct bpf_pidns_info)),
        CALL(BPF_FUNC_get_ns_current_pid_tgid),
        JUMP_IF(BPF_JNE, 0, 0, OUT), /* it lives in another one */
        LOAD(BPF_W, 0, 10, IDS),
        PUT_KEY(0),
    };

    if (maps->own.st_ino)
        bpf_add(program, local, ELEMENTS_OF(local));
    else
        bpf_add(program, global, ELEMENTS_OF(global));
}

/* r6 the arguments, then r7 the key so far. */
static void add_who(struct bpf_code *program, const struct capable_counter_maps *maps)
{
    const struct bpf_insn begin[] = { COPY(6, 1) };
    const struct bpf_insn code[] = {
        POINT_TO_KEY(maps->tids),
        CALL(BPF_FUNC_map_lookup_elem),
        JUMP_IF_ZERO(0, OUT),
        LOAD(BPF_W, 7, 0, 0),
        SET(1, 0),
        PUT_KEY(1),
        POINT_TO_KEY(maps->mount_ns),
        CALL(BPF_FUNC_map_lookup_elem),
        JUMP_IF_ZERO(0, OUT),
        LOAD(BPF_DW, 2, 6, ARGUMENT_OWN_NAMESPACE),
        LOAD(BPF_DW, 1, 0, 0),
        JUMP_IF(BPF_JNE, 1, 0, KNOWN),
        STORE(BPF_DW, 0, 0, 2), /* the first who is asked is at home */
        JUMP(AT_HOME),
        LABEL(KNOWN),
        SKIP_EQUAL(1, 2, AT_HOME),
        JUMP(OUT),
        LABEL(AT_HOME),
        LOAD(BPF_DW, 1, 6, ARGUMENT_ANSWER),
        JUMP_IF(BPF_JNE, 1, 0, OUT), /* -EPERM */
        LOAD(BPF_W, 1, 6, ARGUMENT_CAPABILITY),
        AND(1, 0xff),
        SHIFT(7, 8),
        OR(7, 1),
        SHIFT(7, 16),
    };

    bpf_add(program, begin, ELEMENTS_OF(begin));
    add_task(program, maps);
    bpf_add(program, code, ELEMENTS_OF(code));
}

/* r6 the number, r9 the registers. */
static void add_number(struct bpf_code *program)
{
    const struct bpf_insn registers[] = {
        CALL(BPF_FUNC_get_current_task_btf),
        COPY(8, 0),
        COPY(1, 0),
        CALL(BPF_FUNC_task_pt_regs),
        COPY(9, 0),
        SET(6, GRANT_OUTSIDE),
    };
    const struct bpf_insn place[] = {
        POINT_TO_STACK(1, BYTES),
        SET(2, 2),
        LOAD(BPF_DW, 3, 9, PLACE_OFFSET),
        ADD(3, -2),
        CALL(BPF_FUNC_probe_read_user),
        JUMP_IF(BPF_JNE, 0, 0, NUMBERED),
        LOAD(BPF_H, 1, 10, BYTES),
        JUMP_IF(BPF_JEQ, 1, INT80_BYTES, FOREIGN),
        JUMP_IF(BPF_JEQ, 1, SYSENTER_BYTES, FOREIGN),
        JUMP_IF(BPF_JNE, 1, SYSCALL_BYTES, NUMBERED),
    };
    const struct bpf_insn number[] = {
        LOAD(NUMBER_SIZE, 1, 9, NUMBER_OFFSET),
        JUMP_IF(BPF_JGE, 1, GRANT_FOREIGN, NUMBERED),
        COPY(6, 1),
        JUMP(NUMBERED),
        LABEL(FOREIGN),
        SET(6, GRANT_FOREIGN),
        LABEL(NUMBERED),
        OR(7, 6),
    };

    bpf_add(program, registers, ELEMENTS_OF(registers));
    if (PLACE_OFFSET >= 0)
        bpf_add(program, place, ELEMENTS_OF(place));
    bpf_add(program, number, ELEMENTS_OF(number));
}

/* What acts in the name of another: overlayfs does so in its mounter's. */
static void add_borrowed(struct bpf_code *program, const struct capable_counter_maps *maps)
{
    const struct bpf_insn code[] = {
        LOAD(BPF_DW, 1, 8, maps->credentials),
        LOAD(BPF_DW, 2, 8, maps->own_credentials),
        SKIP_EQUAL(1, 2, OWN),
        SET(1, GRANT_BORROWED),
        OR(7, 1),
        LABEL(OWN),
    };

    bpf_add(program, code, ELEMENTS_OF(code));
}

static void add_count(struct bpf_code *program, const struct capable_counter_maps *maps)
{
    const struct bpf_insn code[] = {
        PUT_KEY(7),
        POINT_TO_KEY(maps->found),
        CALL(BPF_FUNC_map_lookup_elem),
        JUMP_IF_ZERO(0, NEW),
        SET(1, 1),
        COUNT_UP(0, 1),
        JUMP(OUT),
        LABEL(NEW),
        SET(1, 1),
        STORE(BPF_DW, 10, ONE, 1),
        POINT_TO_KEY(maps->found),
        POINT_TO_STACK(3, ONE),
        SET(4, BPF_ANY),
        CALL(BPF_FUNC_map_update_elem),
        LABEL(OUT),
        SET(0, 0),
        END,
    };

    bpf_add(program, code, ELEMENTS_OF(code));
}

int capable_counter_attach_ask(const struct capable_counter_maps *maps)
{
    struct bpf_code program = { 0 };

    add_who(&program, maps);
    add_number(&program);
    add_borrowed(&program, maps);
    add_count(&program, maps);
    return bpf_attach("cap_capable", &program);
}

/* An id that is given again counts nothing. */
int capable_counter_attach_leave(const struct capable_counter_maps *maps)
{
    const struct bpf_insn code[] = {
        POINT_TO_KEY(maps->tids),
        CALL(BPF_FUNC_map_delete_elem),
        LABEL(OUT),
        SET(0, 0),
        END,
    };
    struct bpf_code program = { 0 };

    add_task(&program, maps);

    bpf_add(&program, code, ELEMENTS_OF(code));
    return bpf_attach("sched_process_exit", &program);
}
/* clang-format on */
