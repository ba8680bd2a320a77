// SPDX-License-Identifier: LGPL-2.1-or-later
/* The program at the raw tracepoint sched_process_exit, in the task that ends: exit(2) and
 * exit_group(2) have no end of their own. No other call is under way by then. */
#include "trace/bpf/path_cache_parts.h"
#include <sys/syscall.h>

/* clang-format off */
/* On the program's stack. */
#define REGISTER_AT (-8)
#define KEY_AT      (-12) /* of any map */
#define POINT_TO_KEY(map) LOAD_MAP(1, map), POINT_TO_STACK(2, KEY_AT)

enum { OUT, COUNTS };

int path_cache_attach_leave(const struct path_cache_maps *maps)
{
    const struct bpf_insn code[] = {
        CALL(BPF_FUNC_get_current_pid_tgid),
        STORE(BPF_W, 10, KEY_AT, 0),
        COPY(6, 0),
        POINT_TO_KEY(maps->tasks),
        CALL(BPF_FUNC_map_lookup_elem),
        JUMP_IF_ZERO(0, OUT),
        LOAD(BPF_W, 7, 0, offsetof(struct counter_task, group)),
        LOAD(BPF_W, 8, 0, offsetof(struct counter_task, view)),
        STORE(BPF_W, 10, KEY_AT, 6),
        POINT_TO_KEY(maps->tasks),
        CALL(BPF_FUNC_map_delete_elem),
        AND(8, (int32_t)KEY_BLIND),
        JUMP_IF(BPF_JNE, 8, 0, OUT),
        CALL(BPF_FUNC_get_current_task_btf),
        COPY(1, 0),
        CALL(BPF_FUNC_task_pt_regs),
        COPY(9, 0),
        SET(3, (int32_t)path_cache_registers.code_segment),
        READ_REGISTER(REGISTER_AT, 8),
        LOAD(BPF_DW, 1, 10, REGISTER_AT),
        JUMP_IF(BPF_JEQ, 1, (int32_t)path_cache_registers.foreign_code_segment, OUT),
        SET(3, (int32_t)path_cache_registers.number),
        READ_REGISTER(REGISTER_AT, 8),
        LOAD(BPF_DW, 1, 10, REGISTER_AT),
        JUMP_IF(BPF_JEQ, 1, SYS_exit, COUNTS),
        JUMP_IF(BPF_JNE, 1, SYS_exit_group, OUT),
        LABEL(COUNTS),
        MULTIPLY(7, COUNTER_NUMBERS),
        ADD_REGISTER(1, 7),
        COUNT_AT(maps->slots, KEY_AT, OUT),
        LABEL(OUT),
        SET(0, 0),
        END,
    };

    struct bpf_code program = { 0 };
    bpf_add(&program, code, ELEMENTS_OF(code));
    return bpf_attach("sched_process_exit", &program);
}
/* clang-format on */
