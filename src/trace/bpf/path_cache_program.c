// SPDX-License-Identifier: LGPL-2.1-or-later
/* The program at the raw tracepoint sys_exit. In it, r6: the call's look; r7: the task; r8: the
 * call's result; r9: its registers. Most calls are a counted task's plain ones, or nobody's: those
 * go the shortest way. */
#include "trace/bpf/path_cache_parts.h"
#include <linux/sched.h>
#include <signal.h>
#include <sys/syscall.h>

#if defined(__x86_64__)
#define USER32_CS      0x23 /* __USER32_CS, arch/x86/include/asm/segment.h */
#define REGISTER(name) offsetof(struct user_regs_struct, name)
const bool path_cache_registers_known = true;
const struct register_places path_cache_registers = { REGISTER(orig_rax),
                                                      { REGISTER(rdi), REGISTER(rsi), REGISTER(rdx),
                                                        REGISTER(r10), REGISTER(r8), REGISTER(r9) },
                                                      REGISTER(cs),
                                                      USER32_CS };
#else
const bool path_cache_registers_known = false;
const struct register_places path_cache_registers = { 0 };
#endif

/* clang-format off */
/* On the program's stack. */
#define CALL_AT       (-(int)sizeof(struct known_call))
#define FIELD(name)   (CALL_AT + (int)offsetof(struct known_call, name))
#define NAME_AT       FIELD(name)
/* The halves of struct clone_args' first member, on the machines whose registers are known. */
#define FLAGS_LOW     ((int)offsetof(struct clone_args, flags))
#define FLAGS_HIGH    (FLAGS_LOW + 4)
#define ADDRESS_AT    (CALL_AT - 8) /* of the name; before, the number */
#define WORD_AT       (CALL_AT - 12) /* a key of four bytes */
#define POINT_TO_WORD(map) LOAD_MAP(1, map), POINT_TO_STACK(2, WORD_AT)
#define TASK(name) (int)offsetof(struct counter_task, name)
#define KEEP_ARGUMENT(n) \
    SET(3, (int32_t)path_cache_registers.arguments[n]), ADD_REGISTER(3, 9), COPY(1, 7), \
    ADD(1, TASK(arguments[n])), SET(2, 8), CALL(BPF_FUNC_probe_read_kernel)
#define ZERO_32(at) STORE_ZERO(10, at), STORE_ZERO(10, (at) + 8), STORE_ZERO(10, (at) + 16), STORE_ZERO(10, (at) + 24)
#define ZERO_128(at) ZERO_32(at), ZERO_32((at) + 32), ZERO_32((at) + 64), ZERO_32((at) + 96)

enum { OUT, SUCCESS, ONE_ARGUMENT, NO_ARGUMENT, NAMED, STOP, PLAIN, NOT_TOLD, HAS_NUMBER, IF_FAILED, NO_CLONE };

/* Whose it is. What was told at its begin is neither counted nor looked at, once. */
static void add_task(struct bpf_code *program, const struct path_cache_maps *maps)
{
    const struct bpf_insn code[] = {
        COPY(9, 1),
        CALL(BPF_FUNC_get_current_pid_tgid),
        STORE(BPF_W, 10, WORD_AT, 0),
        POINT_TO_WORD(maps->tasks),
        CALL(BPF_FUNC_map_lookup_elem),
        JUMP_IF_ZERO(0, OUT),
        COPY(7, 0),
        LOAD(BPF_DW, 8, 9, 8),
        LOAD(BPF_DW, 9, 9, 0),
        LOAD(BPF_W, 1, 7, TASK(view)),
        COPY(2, 1),
        AND(2, ~KEY_BLIND),
        OP(BPF_JMP | BPF_JEQ | BPF_X, 1, 2, NOT_TOLD, 0),
        STORE(BPF_W, 7, TASK(view), 2),
        JUMP(OUT),
        LABEL(NOT_TOLD),
    };

    bpf_add(program, code, ELEMENTS_OF(code));
}

/* Which call it is. Only rt_sigreturn(2) has no number at its end: the registers are those of
 * before the signal (arch/x86/kernel/signal_64.c). A foreign ABI's was told at its begin, but its
 * own has none either. */
static void add_number(struct bpf_code *program, const struct path_cache_maps *maps)
{
    const struct bpf_insn code[] = {
        SET(3, (int32_t)path_cache_registers.number),
        READ_REGISTER(ADDRESS_AT, 8),
        LOAD(BPF_DW, 1, 10, ADDRESS_AT),
        JUMP_IF(BPF_JLT, 1, COUNTER_NUMBERS, HAS_NUMBER),
        JUMP_IF(BPF_JNE, 1, -1, OUT),
        SET(3, (int32_t)path_cache_registers.code_segment),
        READ_REGISTER(ADDRESS_AT, 8),
        LOAD(BPF_DW, 1, 10, ADDRESS_AT),
        JUMP_IF(BPF_JEQ, 1, (int32_t)path_cache_registers.foreign_code_segment, OUT),
        SET(1, SYS_rt_sigreturn),
        LABEL(HAS_NUMBER),
        STORE(BPF_W, 10, FIELD(number), 1),
        STORE(BPF_W, 10, WORD_AT, 1),
        POINT_TO_WORD(maps->exit_rules),
        CALL(BPF_FUNC_map_lookup_elem),
        JUMP_IF_ZERO(0, OUT),
        COPY(6, 0),
        LOAD(BPF_W, 1, 6, offsetof(struct exit_rule, path)),
        JUMP_IF_ZERO(1, PLAIN),
    };

    bpf_add(program, code, ELEMENTS_OF(code));
}

/* How it is looked at. */
static void add_look(struct bpf_code *program, const struct path_cache_maps *maps)
{
    const struct bpf_insn code[] = {
        LOAD(BPF_W, 1, 10, FIELD(number)),
        STORE(BPF_DW, 10, ADDRESS_AT, 1),
        ZERO_128(CALL_AT), ZERO_128(CALL_AT + 128),
        LOAD(BPF_DW, 1, 10, ADDRESS_AT),
        STORE(BPF_W, 10, FIELD(number), 1),
        LOAD(BPF_W, 1, 7, TASK(view)),
        STORE(BPF_W, 10, FIELD(view), 1),
        LOAD(BPF_W, 1, 6, offsetof(struct exit_rule, path)),
        JUMP_IF(BPF_JEQ, 1, EXIT_RULE_ALWAYS, STOP),
        JUMP_IF(BPF_JEQ, 1, EXIT_RULE_IF_FAILED, IF_FAILED),
    };

    (void)maps;
    bpf_add(program, code, ELEMENTS_OF(code));
}

/* What its struct clone_args, at its end, says of a new task. */
static void add_clone(struct bpf_code *program, const struct path_cache_maps *maps)
{
    const struct bpf_insn code[] = {
        JUMP_IF(BPF_JNE, 1, EXIT_RULE_CLONE, NO_CLONE),
        JUMP_IF(BPF_JSLT, 8, 0, STOP),
        LOAD(BPF_W, 3, 6, offsetof(struct exit_rule, arguments[0])),
        READ_REGISTER(ADDRESS_AT, 8),
        LOAD(BPF_DW, 3, 10, ADDRESS_AT),
        POINT_TO_STACK(1, NAME_AT),
        SET(2, CLONE_ARGS_SIZE_VER1),
        CALL(BPF_FUNC_probe_read_user),
        JUMP_IF(BPF_JNE, 0, 0, STOP),
        LOAD(BPF_DW, 1, 10, NAME_AT + (int)offsetof(struct clone_args, set_tid_size)),
        JUMP_IF(BPF_JNE, 1, 0, STOP),
        LOAD(BPF_W, 1, 10, NAME_AT + FLAGS_LOW),
        LOAD(BPF_W, 2, 6, offsetof(struct exit_rule, empty)),
        AND_REGISTER(1, 2),
        JUMP_IF(BPF_JNE, 1, 0, STOP),
        LOAD(BPF_W, 1, 10, NAME_AT + FLAGS_HIGH),
        LOAD(BPF_W, 2, 6, offsetof(struct exit_rule, arguments[1])),
        AND_REGISTER(1, 2),
        JUMP_IF(BPF_JNE, 1, 0, STOP),
        JUMP(PLAIN),
        LABEL(NO_CLONE),
    };

    (void)maps;
    bpf_add(program, code, ELEMENTS_OF(code));
}

/* What it says but for its name. */
static void add_call(struct bpf_code *program, const struct path_cache_maps *maps)
{
    const struct bpf_insn code[] = {
        SET(1, STATE_GENERATION),
        STORE(BPF_W, 10, WORD_AT, 1),
        POINT_TO_WORD(maps->state),
        CALL(BPF_FUNC_map_lookup_elem),
        JUMP_IF_ZERO(0, OUT),
        LOAD(BPF_W, 1, 0, 0),
        STORE(BPF_W, 10, FIELD(generation), 1),
        JUMP_IF(BPF_JSGE, 8, 0, SUCCESS),
        STORE(BPF_W, 10, FIELD(outcome), 8),
        LABEL(SUCCESS),
        LOAD(BPF_W, 3, 6, offsetof(struct exit_rule, arguments[0])),
        JUMP_IF_ZERO(3, ONE_ARGUMENT),
        READ_REGISTER(FIELD(arguments[0]), 4),
        LABEL(ONE_ARGUMENT),
        LOAD(BPF_W, 3, 6, offsetof(struct exit_rule, arguments[1])),
        JUMP_IF_ZERO(3, NO_ARGUMENT),
        READ_REGISTER(FIELD(arguments[1]), 4),
        LABEL(NO_ARGUMENT),
    };

    (void)maps;
    bpf_add(program, code, ELEMENTS_OF(code));
}

/* Its name. */
static void add_name(struct bpf_code *program, const struct path_cache_maps *maps)
{
    const struct bpf_insn code[] = {
        LOAD(BPF_W, 3, 6, offsetof(struct exit_rule, path)),
        READ_REGISTER(ADDRESS_AT, 8),
        LOAD(BPF_DW, 3, 10, ADDRESS_AT),
        POINT_TO_STACK(1, NAME_AT),
        SET(2, NAME_ROOM),
        CALL(BPF_FUNC_probe_read_user_str),
        JUMP_IF(BPF_JSLE, 0, 0, STOP),
        JUMP_IF(BPF_JEQ, 0, NAME_ROOM, STOP), /* perhaps cut off */
        LOAD(BPF_B, 1, 10, NAME_AT),
        JUMP_IF(BPF_JEQ, 1, '/', NAMED),
        JUMP_IF(BPF_JNE, 1, 0, STOP),
        LOAD(BPF_W, 1, 6, offsetof(struct exit_rule, empty)),
        LOAD(BPF_W, 2, 10, FIELD(arguments[1])),
        AND_REGISTER(1, 2),
        JUMP_IF(BPF_JNE, 1, 0, IF_FAILED),
        JUMP(STOP),
    };

    (void)maps;
    bpf_add(program, code, ELEMENTS_OF(code));
}

/* Known, or not, or no name at all. */
static void add_verdict(struct bpf_code *program, const struct path_cache_maps *maps)
{
    const struct bpf_insn code[] = {
        LABEL(NAMED),
        LOAD_MAP(1, maps->known),
        POINT_TO_STACK(2, CALL_AT),
        CALL(BPF_FUNC_map_lookup_elem),
        JUMP_IF_ZERO(0, STOP),
        SET(1, 1),
        COUNT_UP(0, 1),
        JUMP(OUT),
        LABEL(IF_FAILED),
        JUMP_IF(BPF_JSGE, 8, 0, PLAIN),
        LABEL(STOP),
        LOAD(BPF_W, 1, 10, FIELD(number)),
        STORE(BPF_DW, 7, TASK(number), 1),
        STORE(BPF_DW, 7, TASK(result), 8),
        KEEP_ARGUMENT(0), KEEP_ARGUMENT(1), KEEP_ARGUMENT(2),
        KEEP_ARGUMENT(3), KEEP_ARGUMENT(4), KEEP_ARGUMENT(5),
        /* Not to be blocked, and shown to the tracer alone. */
        SET(1, SIGSTOP),
        CALL(BPF_FUNC_send_signal_thread),
        JUMP_IF(BPF_JNE, 0, 0, PLAIN),
        SET(1, 1),
        COPY(2, 7),
        ADD(2, TASK(exit_stops)),
        COUNT_UP(2, 1),
        SET(1, STATE_ASKED),
        COUNT_AT(maps->state, WORD_AT, OUT),
        JUMP(OUT),
        /* Says nothing but that it was made. */
        LABEL(PLAIN),
        LOAD(BPF_W, 1, 7, TASK(group)),
        MULTIPLY(1, COUNTER_NUMBERS),
        LOAD(BPF_W, 2, 10, FIELD(number)),
        ADD_REGISTER(1, 2),
        COUNT_AT(maps->slots, WORD_AT, OUT),
        LABEL(OUT),
        SET(0, 0),
        END,
    };

    (void)maps;
    bpf_add(program, code, ELEMENTS_OF(code));
}

int path_cache_attach(const struct path_cache_maps *maps)
{
    struct bpf_code program = { 0 };

    add_task(&program, maps);
    add_number(&program, maps);
    add_look(&program, maps);
    add_clone(&program, maps);
    add_call(&program, maps);
    add_name(&program, maps);
    add_verdict(&program, maps);
    return bpf_attach("sys_exit", &program);
}
/* clang-format on */
