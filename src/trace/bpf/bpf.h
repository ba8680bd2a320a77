/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Inside trace/: bpf(2) alone, without a compiler or a loader: our programs are a page of
 * instructions each. The instruction set is Documentation/bpf/standardization/instruction-set.rst
 * of the kernel.
 */
#ifndef CINCH_TRACE_BPF_H
#define CINCH_TRACE_BPF_H

#include <linux/bpf.h>
#include <stddef.h>
#include <stdint.h>

/* A new map's descriptor, or -errno. `type` is BPF_MAP_TYPE_*, sizes are in bytes. */
int bpf_map_create(uint32_t type, uint32_t key_size, uint32_t value_size, uint32_t entries,
                   uint32_t flags);
/* 0 or -errno. */
int bpf_map_put(int map, const void *key, const void *value);
/* The same of a key that is not there yet; -EEXIST. */
int bpf_map_add(int map, const void *key, const void *value);
int bpf_map_get(int map, const void *key, void *ret_value);
int bpf_map_remove(int map, const void *key);
/* All of a hash map that holds no more than `limit` elements: how many, or -errno. */
int bpf_map_get_all(int map, void *ret_keys, void *ret_values, uint32_t limit);
/* No instruction of the kernel's. */
#define BPF_LABEL       0xff
#define BPF_LABEL_LIMIT 16

/* A program in the making; `{ 0 }` is empty. */
struct bpf_code {
    struct bpf_insn *insns;
    size_t count, capacity;
};

void bpf_add(struct bpf_code *code, const struct bpf_insn *insns, size_t count);
/* Runs a program at a raw tracepoint for as long as the descriptor returned is open; -errno.
 * Jumps name labels, below BPF_LABEL_LIMIT. Releases the code. */
int bpf_attach(const char *tracepoint, struct bpf_code *code);

/* clang-format off */
#define OP(op, to, from, distance, value) \
    { .code = (op), .dst_reg = (to), .src_reg = (from), .off = (distance), .imm = (value) }
#define COPY(dst, src)         OP(BPF_ALU64 | BPF_MOV | BPF_X, dst, src, 0, 0)
#define SET(dst, imm)          OP(BPF_ALU64 | BPF_MOV | BPF_K, dst, 0, 0, imm)
#define ADD(dst, imm)          OP(BPF_ALU64 | BPF_ADD | BPF_K, dst, 0, 0, imm)
#define ADD_REGISTER(dst, src) OP(BPF_ALU64 | BPF_ADD | BPF_X, dst, src, 0, 0)
#define AND(dst, imm)          OP(BPF_ALU64 | BPF_AND | BPF_K, dst, 0, 0, imm)
#define AND_REGISTER(dst, src) OP(BPF_ALU64 | BPF_AND | BPF_X, dst, src, 0, 0)
#define MULTIPLY(dst, imm)     OP(BPF_ALU64 | BPF_MUL | BPF_K, dst, 0, 0, imm)
#define LOAD_MAP(dst, fd)      OP(BPF_LD | BPF_IMM | BPF_DW, dst, BPF_PSEUDO_MAP_FD, 0, fd), { 0 }
#define LOAD(size, dst, from, distance)  OP(BPF_LDX | (size) | BPF_MEM, dst, from, distance, 0)
#define STORE(size, to, distance, src)   OP(BPF_STX | (size) | BPF_MEM, to, src, distance, 0)
#define STORE_ZERO(to, distance)         OP(BPF_ST | BPF_DW | BPF_MEM, to, 0, distance, 0)
#define COUNT_UP(to, src)                OP(BPF_STX | BPF_DW | BPF_XADD, to, src, 0, 0)
/* A place that jumps go to, by number: bpf_attach() puts the distances in. */
#define LABEL(number)          OP(BPF_LABEL, 0, 0, 0, number)
#define CALL(helper)           OP(BPF_JMP | BPF_CALL, 0, 0, 0, helper)
#define JUMP(label)            OP(BPF_JMP | BPF_JA, 0, 0, label, 0)
#define JUMP_IF(test, reg, imm, label)   OP(BPF_JMP | (test) | BPF_K, reg, 0, label, imm)
#define JUMP_IF_ZERO(reg, label)         JUMP_IF(BPF_JEQ, reg, 0, label)
#define END                    OP(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)
#define POINT_TO_STACK(dst, at) COPY(dst, 10), ADD(dst, at)
/* Adds one to the 64-bit entry of an array whose index is in r1; `key_at`: four bytes of the stack. */
#define COUNT_AT(map, key_at, none) \
    STORE(BPF_W, 10, key_at, 1), LOAD_MAP(1, map), POINT_TO_STACK(2, key_at), \
    CALL(BPF_FUNC_map_lookup_elem), JUMP_IF_ZERO(0, none), SET(1, 1), COUNT_UP(0, 1)
/* clang-format on */

#endif
