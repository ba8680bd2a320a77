// SPDX-License-Identifier: LGPL-2.1-or-later
/* The calls that must stop, from the role table: what it does not know, and arguments that say
 * nothing, need no stop. */
#include "decode/roles/capability.h"
#include "decode/roles/role_kinds.h"
#include "decode/roles/role_row.h"
#include "decode/roles/roles.h"
#include "decode/task/decoder.h"
#include <fcntl.h>
#include <linux/audit.h>

bool row_rules_is_repeatable(const struct role_row *row)
{
    unsigned names = 0;

    for (unsigned i = 0; i < ARGUMENT_COUNT; i++) {
        const struct argument_role *argument = &row->args[i];
        if (role_kinds[argument->role].stop == STOP_ALWAYS)
            return false;
        if (role_kinds[argument->role].stop != STOP_IF_NEW)
            continue;
        if (argument->how & (PATH_HOW_BEFORE | PATH_HOW_CREAT) ||
            (argument->role == ROLE_PATH && argument->use != PATH_STAT))
            return false;
        names++;
    }
    return names == 1;
}

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
    bool stack_first = arch == AUDIT_ARCH_S390 || arch == AUDIT_ARCH_S390X; /* clone(2) */

    if (row->args[0].role == ROLE_CLONE_FLAGS && stack_first)
        return false;
    return !role_row_has_memory_args(row, arch) && (!row->split || arch & __AUDIT_ARCH_64BIT);
}

static void rules_of_argument(struct rule_list *list, const struct role_kind *kind, uint32_t number,
                              unsigned argument)
{
    struct trace_rule rule = { .number = number,
                               .test = kind->stop_test,
                               .argument = argument + kind->stop_next,
                               .value = kind->stop_values[0] };

    rule_add(list, rule);
    if (kind->stop_test == TRACE_CLONE)
        list->rules[list->count - 1].high = kind->stop_values[1];
    if (kind->stop_test == TRACE_EQUAL && kind->stop_values[1]) {
        rule.value = kind->stop_values[1];
        rule_add(list, rule);
    }
}

/* What else than its name makes a repeatable call the same: flags. */
static struct trace_rule rule_of_name(const struct role_row *row, uint32_t number, unsigned name)
{
    struct trace_rule rule = { .number = number, .test = TRACE_NEW_NAME, .argument = name };

    for (unsigned i = 0; i < ARGUMENT_COUNT; i++) {
        enum role role = row->args[i].role;
        if (role == ROLE_OPEN_FLAGS || role == ROLE_ACCESS_MODE)
            rule.same[0] = (unsigned char)(i + 1);
        if (role == ROLE_FLAGS) {
            rule.same[1] = (unsigned char)(i + 1);
            /* As path_begin() has it: the metadata of a descriptor is no use of a path. */
            if (row->args[i].how == FLAGS_AT && row->args[name].use == PATH_STAT)
                rule.value = AT_EMPTY_PATH;
        }
    }
    return rule;
}

static bool must_stop(const struct role_row *row, enum role_stop stop, bool plain)
{
    switch (stop) {
    case STOP_ALWAYS:
        return true;
    case STOP_NEVER:
        return false;
    case STOP_IF:
        return !plain;
    case STOP_IF_NEW:
        return !plain || !row_rules_is_repeatable(row);
    }
    return true;
}

/* Nothing need be looked at before the call is made. */
static bool is_seen_at_end(const struct role_row *row)
{
    bool wants_end = false;
    size_t count;

    /* Who may make it is looked at before it is made: the call may change that. */
    if (capability_rules_of(row->name, &count))
        return false;
    for (unsigned i = 0; i < ARGUMENT_COUNT; i++) {
        const struct role_kind *kind = &role_kinds[row->args[i].role];
        if (kind->begin || (kind->stop == STOP_ALWAYS && !kind->wants_end))
            return false;
        wants_end |= kind->wants_end;
    }
    return wants_end;
}

/* What stops whatever its arguments are. */
static void rules_of_all(struct rule_list *list, const struct role_row *row, uint32_t number,
                         bool plain)
{
    enum role first = row->args[0].role;
    struct trace_rule rule = { .number = number, .test = TRACE_ALWAYS };

    if (plain && is_seen_at_end(row))
        rule.test = first == ROLE_OUTCOME ? TRACE_FAILED : TRACE_AT_END;
    for (unsigned i = 0; plain && i < ARGUMENT_COUNT; i++) {
        const uint32_t *pass = role_kinds[row->args[i].role].passes;
        for (; pass && *pass; pass++)
            rule_add(list,
                     (struct trace_rule){
                         .number = number, .test = TRACE_UNLESS, .argument = i, .value = *pass });
    }
    rule_add(list, rule);
}

static void rules_of_row(struct rule_list *list, const struct role_row *row, uint32_t number,
                         bool plain)
{
    bool always = false;

    for (unsigned i = 0; i < ARGUMENT_COUNT; i++)
        always |= must_stop(row, role_kinds[row->args[i].role].stop, plain);
    if (always) {
        rules_of_all(list, row, number, plain);
        return;
    }
    for (unsigned i = 0; i < ARGUMENT_COUNT; i++) {
        const struct role_kind *kind = &role_kinds[row->args[i].role];
        if (kind->stop == STOP_IF)
            rules_of_argument(list, kind, number, i);
        else if (kind->stop == STOP_IF_NEW)
            rule_add(list, rule_of_name(row, number, i));
    }
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
