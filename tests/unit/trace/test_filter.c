// SPDX-License-Identifier: LGPL-2.1-or-later
/* The filter's program, run by an interpreter of the few instructions it uses. */
#include "trace/bpf/filter.h"
#include "unit.h"
#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <string.h>

#define NATIVE AUDIT_ARCH_X86_64
#define LIMIT  512

static uint32_t run(const struct filter *filter, const struct seccomp_data *data)
{
    uint32_t value = 0;

    for (size_t at = 0; at < filter->count; at++) {
        const struct sock_filter *code = &filter->code[at];
        bool holds = false;
        switch (code->code) {
        case BPF_LD | BPF_W | BPF_ABS:
            memcpy(&value, (const char *)data + code->k, sizeof(value));
            continue;
        case BPF_RET | BPF_K:
            return code->k;
        case BPF_JMP | BPF_JA:
            at += code->k;
            continue;
        case BPF_JMP | BPF_JEQ | BPF_K:
            holds = value == code->k;
            break;
        case BPF_JMP | BPF_JGE | BPF_K:
            holds = value >= code->k;
            break;
        case BPF_JMP | BPF_JSET | BPF_K:
            holds = value & code->k;
            break;
        default:
            fail_msg("instruction %#x", code->code);
        }
        at += holds ? code->jt : code->jf;
    }
    fail_msg("the program has no end");
    return 0;
}

static bool stops(const struct filter *filter, int number, uint64_t first, uint64_t third)
{
    const struct seccomp_data data = { .nr = number, .arch = NATIVE, .args = { first, 0, third } };

    return run(filter, &data) == SECCOMP_RET_TRACE;
}

static void test_all(void **state)
{
    struct filter filter = { 0 };

    (void)state;
    filter_build_all(&filter);
    assert_true(stops(&filter, 0, 0, 0));
    assert_true(stops(&filter, 511, 0, 0));
    filter_done(&filter);
}

#define RULE(rule_number, rule_test, rule_argument, rule_value)                                    \
    {                                                                                              \
        .number = (rule_number), .test = (rule_test), .argument = (rule_argument),                 \
        .value = (rule_value)                                                                      \
    }

static void test_conditions(void **state)
{
    static const struct trace_rule rules[] = {
        RULE(2, TRACE_ALWAYS, 0, 0),    RULE(9, TRACE_ANY_BIT, 2, 4),
        RULE(44, TRACE_NOT_ZERO, 0, 0), RULE(72, TRACE_EQUAL, 2, 0),
        RULE(72, TRACE_EQUAL, 2, 1030), RULE(99, TRACE_NEW_NAME, 1, 0),
        RULE(257, TRACE_ALWAYS, 0, 0),
    };
    struct filter filter = { 0 };

    (void)state;
    assert_int_equal(filter_build(&filter, NATIVE, LIMIT, rules, ELEMENTS_OF(rules)), 0);
    assert_true(stops(&filter, 2, 0, 0));
    assert_false(stops(&filter, 99, 1, 1)); /* it is told when it ends */
    assert_true(stops(&filter, 257, 0, 0));
    for (int number = 0; number < LIMIT; number++)
        if (number != 2 && number != 72 && number != 257)
            assert_false(stops(&filter, number, 0, 3));
    assert_true(stops(&filter, 9, 0, 7));
    assert_false(stops(&filter, 9, 4, 3));
    assert_false(stops(&filter, 9, 0, (uint64_t)4 << 32)); /* an int argument: its low half */
    assert_true(stops(&filter, 44, 1, 0));
    assert_true(stops(&filter, 44, (uint64_t)1 << 32, 0)); /* a pointer: all of it */
    assert_true(stops(&filter, 72, 0, 0));
    assert_true(stops(&filter, 72, 0, 1030));
    assert_false(stops(&filter, 72, 0, 3));
    filter_done(&filter);
}

static void test_foreign_always_stops(void **state)
{
    static const struct trace_rule rule = RULE(2, TRACE_ALWAYS, 0, 0);
    struct filter filter = { 0 };

    (void)state;
    assert_int_equal(filter_build(&filter, NATIVE, LIMIT, &rule, 1), 0);
    for (int number = 0; number < LIMIT; number++) {
        const struct seccomp_data other = { .nr = number, .arch = AUDIT_ARCH_I386 };
        assert_int_equal(run(&filter, &other), SECCOMP_RET_TRACE);
    }
    assert_true(stops(&filter, 0x40000000, 0, 0)); /* x32 */
    assert_true(stops(&filter, LIMIT, 0, 0));
    assert_true(stops(&filter, -1, 0, 0));
    assert_false(stops(&filter, 0, 0, 0));
    filter_done(&filter);
}

/* Every number of many, so that halving comes out right at each place. */
static void test_many(void **state)
{
    struct trace_rule rules[LIMIT];
    size_t count = 0;
    struct filter filter = { 0 };

    (void)state;
    for (uint32_t number = 0; number < LIMIT; number++)
        if (number * number % 7 < 3)
            rules[count++] = (struct trace_rule)RULE(number, TRACE_ALWAYS, 0, 0);
    assert_int_equal(filter_build(&filter, NATIVE, LIMIT, rules, count), 0);
    for (uint32_t number = 0; number < LIMIT; number++)
        assert_int_equal(stops(&filter, (int)number, 0, 0), number * number % 7 < 3);
    filter_done(&filter);
    assert_int_equal(filter_build(&filter, NATIVE, LIMIT, NULL, 0), 0);
    assert_false(stops(&filter, 5, 0, 0));
    filter_done(&filter);
}

static void test_too_long(void **state)
{
    struct trace_rule *rules = mem_new(4096, sizeof(*rules));
    struct filter filter = { 0 };

    (void)state;
    for (uint32_t i = 0; i < 4096; i++)
        rules[i] = (struct trace_rule)RULE(7, TRACE_EQUAL, 0, i);
    assert_int_equal(filter_build(&filter, NATIVE, LIMIT, rules, 4096), -E2BIG);
    assert_int_equal(filter.count, 0);
    filter_done(&filter);
    free(rules);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all),
        cmocka_unit_test(test_conditions),
        cmocka_unit_test(test_foreign_always_stops),
        cmocka_unit_test(test_many),
        cmocka_unit_test(test_too_long),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
