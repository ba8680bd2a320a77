// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The filter. What must be seen stops (SECCOMP_RET_TRACE): one stop per call where PTRACE_SYSCALL
 * takes two. Written as BPF, not through libseccomp: no foreign ABI passes by, and a number is
 * found by halving.
 */
#include "trace/bpf/filter.h"
#include <errno.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A container's own filter may refuse seccomp(2): without one, the kernel looks at the program,
 * which is none here. */
static bool is_accepted(void)
{
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, NULL) < 0 && errno == EFAULT;
}

bool filter_is_possible(void)
{
    struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 };

    if (syscall(SYS_capget, &header, data) < 0)
        return false;
    return data[CAP_TO_INDEX(CAP_SYS_ADMIN)].effective & CAP_TO_MASK(CAP_SYS_ADMIN) &&
           is_accepted();
}

int filter_install(const struct filter *filter, unsigned flags)
{
    struct sock_fprog program = { .len = (unsigned short)filter->count, .filter = filter->code };

    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program) < 0 ? -errno : 0;
}

static void emit(struct filter *filter, struct sock_filter instruction)
{
    mem_reserve(&filter->code, &filter->capacity, filter->count + 1, sizeof(*filter->code));
    filter->code[filter->count++] = instruction;
}

static void emit_load(struct filter *filter, size_t offset)
{
    emit(filter, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset));
}

static void emit_return(struct filter *filter, uint32_t action)
{
    emit(filter, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action));
}

/* The next instruction is done when the comparison holds, else the one after it. */
static void emit_if(struct filter *filter, uint16_t comparison, uint32_t value)
{
    emit(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | comparison | BPF_K, value, 0, 1));
}

static size_t argument_offset(unsigned argument, bool high)
{
    const uint16_t probe = 1;
    bool little = *(const uint8_t *)&probe == 1;
    size_t offset = offsetof(struct seccomp_data, args) + argument * sizeof(uint64_t);

    return offset + (high == little ? sizeof(uint32_t) : 0);
}

static void emit_test(struct filter *filter, const struct trace_rule *rule)
{
    switch (rule->test) {
    case TRACE_ALWAYS:
        break;
    case TRACE_AT_END:
    case TRACE_FAILED:
    case TRACE_NEW_NAME:
    case TRACE_CLONE:
        return; /* told at its end */
    case TRACE_UNLESS:
        emit_load(filter, argument_offset(rule->argument, false));
        emit_if(filter, BPF_JEQ, rule->value);
        emit_return(filter, SECCOMP_RET_ALLOW);
        return;
    case TRACE_ANY_BIT:
        emit_load(filter, argument_offset(rule->argument, false));
        emit_if(filter, BPF_JSET, rule->value);
        break;
    case TRACE_EQUAL:
        emit_load(filter, argument_offset(rule->argument, false));
        emit_if(filter, BPF_JEQ, rule->value);
        break;
    case TRACE_NOT_ZERO:
        emit_load(filter, argument_offset(rule->argument, true));
        emit_if(filter, BPF_JSET, UINT32_MAX);
        emit_return(filter, SECCOMP_RET_TRACE);
        emit_load(filter, argument_offset(rule->argument, false));
        emit_if(filter, BPF_JSET, UINT32_MAX);
        break;
    }
    emit_return(filter, SECCOMP_RET_TRACE);
}

/* Rules first .. end of one number, which is in the accumulator when it is looked at. */
static void emit_number(struct filter *filter, const struct trace_rule *rules, size_t first,
                        size_t end)
{
    emit(filter,
         (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, rules[first].number, 1, 0));
    emit_return(filter, SECCOMP_RET_ALLOW);
    for (size_t i = first; i < end; i++)
        emit_test(filter, &rules[i]);
    emit_return(filter, SECCOMP_RET_ALLOW);
}

static size_t number_end(const struct trace_rule *rules, size_t first, size_t end)
{
    size_t at = first;

    while (at < end && rules[at].number == rules[first].number)
        at++;
    return at;
}

/* Jumps over half of the rules can be longer than a conditional jump reaches. */
static void emit_range(struct filter *filter, const struct trace_rule *rules, size_t first,
                       size_t end)
{
    size_t middle = first + (end - first) / 2;

    if (first == end) {
        emit_return(filter, SECCOMP_RET_ALLOW);
        return;
    }
    if (number_end(rules, first, end) == end) {
        emit_number(filter, rules, first, end);
        return;
    }
    while (middle > first && rules[middle - 1].number == rules[middle].number)
        middle--;
    if (middle == first)
        middle = number_end(rules, first, end);
    emit_if(filter, BPF_JGE, rules[middle].number);
    size_t jump = filter->count;
    emit(filter, (struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA, 0));
    emit_range(filter, rules, first, middle);
    filter->code[jump].k = (uint32_t)(filter->count - jump - 1);
    emit_range(filter, rules, middle, end);
}

void filter_build_all(struct filter *filter)
{
    emit_return(filter, SECCOMP_RET_TRACE);
}

int filter_build(struct filter *filter, uint32_t native, uint32_t limit,
                 const struct trace_rule *rules, size_t count)
{
    emit_load(filter, offsetof(struct seccomp_data, arch));
    emit(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, native, 1, 0));
    emit_return(filter, SECCOMP_RET_TRACE);
    emit_load(filter, offsetof(struct seccomp_data, nr));
    emit_if(filter, BPF_JGE, limit);
    emit_return(filter, SECCOMP_RET_TRACE);
    emit_range(filter, rules, 0, count);
    if (filter->count <= BPF_MAXINSNS)
        return 0;
    filter->count = 0;
    return -E2BIG;
}

void filter_done(struct filter *filter)
{
    free(filter->code);
    *filter = (struct filter){ 0 };
}
