// SPDX-License-Identifier: LGPL-2.1-or-later
#include "trace/bpf/bpf.h"
#include <cinch/base.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int bpf_call(int command, union bpf_attr *attr)
{
    int result = (int)syscall(SYS_bpf, command, attr, sizeof(*attr));

    return result < 0 ? -errno : result;
}

int bpf_map_create(uint32_t type, uint32_t key_size, uint32_t value_size, uint32_t entries,
                   uint32_t flags)
{
    union bpf_attr attr = { .map_type = type,
                            .key_size = key_size,
                            .value_size = value_size,
                            .max_entries = entries,
                            .map_flags = flags };

    return bpf_call(BPF_MAP_CREATE, &attr);
}

static int element_call(int command, int map, const void *key, const void *value, uint64_t flags)
{
    union bpf_attr attr = { .map_fd = (uint32_t)map,
                            .key = (uint64_t)(uintptr_t)key,
                            .value = (uint64_t)(uintptr_t)value,
                            .flags = flags };

    return bpf_call(command, &attr);
}

int bpf_map_put(int map, const void *key, const void *value)
{
    return element_call(BPF_MAP_UPDATE_ELEM, map, key, value, BPF_ANY);
}

int bpf_map_add(int map, const void *key, const void *value)
{
    return element_call(BPF_MAP_UPDATE_ELEM, map, key, value, BPF_NOEXIST);
}

int bpf_map_get(int map, const void *key, void *ret_value)
{
    return element_call(BPF_MAP_LOOKUP_ELEM, map, key, ret_value, 0);
}

int bpf_map_remove(int map, const void *key)
{
    union bpf_attr attr = { .map_fd = (uint32_t)map, .key = (uint64_t)(uintptr_t)key };

    return bpf_call(BPF_MAP_DELETE_ELEM, &attr);
}

int bpf_map_get_all(int map, void *ret_keys, void *ret_values, uint32_t limit)
{
    uint64_t cursor = 0;
    union bpf_attr attr = { .batch = { .out_batch = (uint64_t)(uintptr_t)&cursor,
                                       .keys = (uint64_t)(uintptr_t)ret_keys,
                                       .values = (uint64_t)(uintptr_t)ret_values,
                                       .count = limit,
                                       .map_fd = (uint32_t)map } };
    int result = bpf_call(BPF_MAP_LOOKUP_BATCH, &attr);

    return result < 0 && result != -ENOENT ? result : (int)attr.batch.count; /* ENOENT: the end */
}

static bool is_jump(const struct bpf_insn *insn)
{
    unsigned operation = BPF_OP(insn->code);

    return BPF_CLASS(insn->code) == BPF_JMP && insn->code != BPF_LABEL && operation != BPF_CALL &&
           operation != BPF_EXIT;
}

void bpf_add(struct bpf_code *code, const struct bpf_insn *insns, size_t count)
{
    mem_reserve(&code->insns, &code->capacity, code->count + count, sizeof(*code->insns));
    memcpy(code->insns + code->count, insns, count * sizeof(*insns));
    code->count += count;
}

/* Takes the labels out and puts the distances to them in. */
static void place_labels(struct bpf_code *code)
{
    size_t at[BPF_LABEL_LIMIT] = { 0 }, total = 0;

    for (size_t i = 0; i < code->count; i++)
        if (code->insns[i].code == BPF_LABEL)
            at[code->insns[i].imm] = total;
        else
            code->insns[total++] = code->insns[i];
    code->count = total;
    for (size_t i = 0; i < total; i++)
        if (is_jump(&code->insns[i]))
            code->insns[i].off = (int16_t)(at[code->insns[i].off] - i - 1);
}

int bpf_attach(const char *tracepoint, struct bpf_code *code)
{
    place_labels(code);
    /* Reading memory is for programs under the GPL (bpf-helpers(7)); the LGPL lets them be (its
     * section 3). */
    union bpf_attr load = { .prog_type = BPF_PROG_TYPE_RAW_TRACEPOINT,
                            .insn_cnt = (uint32_t)code->count,
                            .insns = (uint64_t)(uintptr_t)code->insns,
                            .license = (uint64_t)(uintptr_t) "GPL" };
    CLEANUP(fd_close) int program = bpf_call(BPF_PROG_LOAD, &load);

    free(code->insns);
    *code = (struct bpf_code){ 0 };
    if (program < 0)
        return program;
    union bpf_attr attach = { .raw_tracepoint.name = (uint64_t)(uintptr_t)tracepoint,
                              .raw_tracepoint.prog_fd = (uint32_t)program };
    return bpf_call(BPF_RAW_TRACEPOINT_OPEN, &attach);
}
