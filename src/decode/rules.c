// SPDX-License-Identifier: LGPL-2.1-or-later
/* The calls that must stop, from the role table: what it does not know, and arguments that say
 * nothing, need no stop. */
#include "decode/decoder.h"
#include "decode/roles.h"
#include <linux/audit.h>

struct rule_list {
    struct trace_rule *rules;
    size_t count;
    size_t capacity;
};

static void rule_add(struct rule_list *list, struct trace_rule rule)
{
    mem_reserve(&list->rules, &list->capacity, list->count + 1, sizeof(*list->rules));
    list->rules[list->count++] = rule;
}

/* Where arguments are not in the registers the row speaks of, a test of them would be wrong. */
static bool arguments_are_plain(const struct role_row *row, uint32_t arch)
{
    return !call_has_memory_args(row, arch) && (!row->split || arch & __AUDIT_ARCH_64BIT);
}

static void rules_of_argument(struct rule_list *list, const struct role_kind *kind, uint32_t number,
                              unsigned argument)
{
    struct trace_rule rule = { number, kind->stop_test, argument, kind->stop_values[0] };

    rule_add(list, rule);
    if (kind->stop_test == TRACE_EQUAL && kind->stop_values[1]) {
        rule.value = kind->stop_values[1];
        rule_add(list, rule);
    }
}

static void rules_of_row(struct rule_list *list, const struct role_row *row, uint32_t number,
                         bool plain)
{
    bool always = false;

    for (unsigned i = 0; i < ARGUMENT_COUNT; i++) {
        enum role_stop stop = role_kinds[row->args[i].role].stop;
        always |= stop == STOP_ALWAYS || (stop == STOP_IF && !plain);
    }
    if (always) {
        rule_add(list, (struct trace_rule){ .number = number, .test = TRACE_ALWAYS });
        return;
    }
    for (unsigned i = 0; i < ARGUMENT_COUNT; i++)
        if (role_kinds[row->args[i].role].stop == STOP_IF)
            rules_of_argument(list, &role_kinds[row->args[i].role], number, i);
}

struct trace_rule *decoder_rules(uint32_t audit_arch, size_t *ret_count)
{
    struct rule_list list = { 0 };

    for (size_t i = 0; i < role_row_count; i++) {
        int64_t number = syscall_number(audit_arch, role_rows[i].name);
        if (number >= 0)
            rules_of_row(&list, &role_rows[i], (uint32_t)number,
                         arguments_are_plain(&role_rows[i], audit_arch));
    }
    *ret_count = list.count;
    return list.rules;
}
