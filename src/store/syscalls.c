// SPDX-License-Identifier: LGPL-2.1-or-later
#include "store/syscalls.h"
#include "store/emit.h"
#include <errno.h>
#include <string.h>

/* The name as JSON has it: an empty one is none. */
static const char *name_of(const struct fact *fact)
{
    return fact->syscall.name && *fact->syscall.name ? fact->syscall.name : NULL;
}

static bool is_same_call(const struct fact *a, const struct fact *b)
{
    const char *name = name_of(a), *other = name_of(b);

    if (strcmp(a->syscall.arch ? a->syscall.arch : "", b->syscall.arch ? b->syscall.arch : "") != 0)
        return false;
    if (!name || !other)
        return !name && !other && a->syscall.number == b->syscall.number;
    return strcmp(name, other) == 0;
}

size_t syscalls_group(const struct fact *const *facts, size_t count)
{
    size_t same = 1;

    while (same < count && is_same_call(facts[0], facts[same]))
        same++;
    return same;
}

/* ---- the sums ------------------------------------------------------------------------ */

/* Nothing counted is null: it was seen, so 0 would be a lie. */
static void emit_total(struct str *out, uint64_t total)
{
    if (total)
        emit_integer(out, false, total);
    else
        str_add(out, "null");
}

static const struct fact *with_outcome(const struct fact *const *facts, size_t count, int outcome)
{
    for (size_t i = 0; i < count; i++)
        if (facts[i]->outcome == outcome)
            return facts[i];
    return NULL;
}

/* The total of one outcome; when it never showed, 0 if that is certain, else null. */
static void emit_outcome_total(struct str *out, const struct fact *fact, bool certain)
{
    if (fact)
        emit_total(out, evidence_total(&fact->evidence));
    else
        str_add(out, certain ? "0" : "null");
}

static void emit_errors(struct str *out, const struct fact *const *facts, size_t count,
                        bool certain)
{
    bool any = false;

    for (size_t i = 0; i < count; i++) {
        if (facts[i]->outcome <= 0)
            continue;
        if (!any)
            str_add_char(out, '{');
        any = true;
        const char *name = errno_name(facts[i]->outcome);
        CLEANUP(free_char) char *number = mem_printf("%d", facts[i]->outcome);
        emit_key(out, name ? name : number);
        emit_total(out, evidence_total(&facts[i]->evidence));
    }
    str_add(out, any ? "}" : certain ? "{}" : "null");
}

static void emit_sums(struct str *out, const struct fact *const *facts, size_t count)
{
    const struct fact *unobserved = with_outcome(facts, count, OUTCOME_UNKNOWN);
    uint64_t total = 0;

    for (size_t i = 0; i < count; i++)
        if (__builtin_add_overflow(total, evidence_total(&facts[i]->evidence), &total))
            total = UINT64_MAX;
    emit_key(out, "count");
    emit_total(out, total);
    emit_key(out, "succeeded");
    emit_outcome_total(out, with_outcome(facts, count, 0), !unobserved);
    emit_key(out, "errors");
    emit_errors(out, facts, count, !unobserved);
    emit_key(out, "unobserved");
    emit_outcome_total(out, unobserved, true);
}

void syscalls_write(struct str *out, const struct fact *const *facts, size_t count)
{
    record_write(out, record_sections[FACT_SYSCALL].fields, facts[0]);
    if (!name_of(facts[0])) {
        emit_key(out, "number");
        emit_integer(out, false, facts[0]->syscall.number);
    }
    emit_sums(out, facts, count);
    emit_key(out, "outcomes");
    str_add_char(out, '[');
    for (size_t i = 0; i < count; i++) {
        emit_item(out);
        str_add_char(out, '{');
        record_write_evidence(out, facts[i]);
        str_add_char(out, '}');
    }
    str_add_char(out, ']');
}

/* ---- reading ------------------------------------------------------------------------- */

/* The facts of one object: they share `call`'s texts and own their evidence. */
struct call {
    struct fact call;
    struct fact *outcomes;
    const struct fact **sorted;
    size_t count;
    size_t capacity;
};

static void task_call_done(struct call *call)
{
    for (size_t i = 0; i < call->count; i++)
        record_evidence_done(&call->outcomes[i].evidence);
    free(call->outcomes);
    free(call->sorted);
    record_done(record_sections[FACT_SYSCALL].fields, &call->call);
}

static int read_identity(struct reader *reader, const cJSON *object, struct fact *call)
{
    int result = record_read(reader, object, record_sections[FACT_SYSCALL].fields, call);

    if (result < 0 || name_of(call))
        return result;
    free(call->syscall.name);
    call->syscall.name = NULL;
    const cJSON *number = reader_member(reader, object, "number");
    result = -EINVAL;
    if (number)
        result = codec_uint64.read(&codec_uint64, reader, number, &call->syscall.number);
    reader_leave(reader);
    return result;
}

static int read_outcome(struct reader *reader, const cJSON *node, const struct profile *profile,
                        struct call *call)
{
    mem_reserve(&call->outcomes, &call->capacity, call->count + 1, sizeof(struct fact));
    struct fact *fact = &call->outcomes[call->count++];
    *fact = (struct fact){ .kind = FACT_SYSCALL, .syscall = call->call.syscall };
    if (!cJSON_IsObject(node))
        return reader_expected(reader, node, "an object");
    return record_read_evidence(reader, node, profile, fact);
}

static int read_outcomes(struct reader *reader, const cJSON *array, const struct profile *profile,
                         struct call *call)
{
    size_t index = 0;

    if (!cJSON_IsArray(array) || !array->child)
        return reader_expected(reader, array, "an array of one or more outcomes");
    for (const cJSON *node = array->child; node; node = node->next) {
        reader_enter_index(reader, index++);
        int result = read_outcome(reader, node, profile, call);
        reader_leave(reader);
        if (result < 0)
            return result;
    }
    return 0;
}

static int outcome_compare(const void *left, const void *right)
{
    int a = (*(const struct fact *const *)left)->outcome;
    int b = (*(const struct fact *const *)right)->outcome;

    return (a > b) - (a < b);
}

static int sort_outcomes(struct reader *reader, struct call *call)
{
    call->sorted = mem_new(call->count, sizeof(struct fact *));
    for (size_t i = 0; i < call->count; i++)
        call->sorted[i] = &call->outcomes[i];
    qsort(call->sorted, call->count, sizeof(struct fact *), outcome_compare);
    for (size_t i = 1; i < call->count; i++)
        if (call->sorted[i - 1]->outcome == call->sorted[i]->outcome)
            return reader_fail(reader, "duplicate outcome; join their evidence");
    return 0;
}

/* What a person or another program reads first must not contradict what cinch goes by. */
static int check_sums(struct reader *reader, const cJSON *object, const struct call *call)
{
    struct str text = { 0 };
    int result = 0;

    str_add_char(&text, '{');
    emit_sums(&text, call->sorted, call->count);
    str_add_char(&text, '}');
    CLEANUP(reader_delete_tree) cJSON *sums = cJSON_ParseWithLength(text.data, text.length);
    str_done(&text);
    for (const cJSON *sum = sums->child; sum && result == 0; sum = sum->next) {
        const cJSON *given = reader_member(reader, object, sum->string);
        CLEANUP(free_char) char *right = cJSON_PrintUnformatted(sum);
        if (!given)
            result = -EINVAL;
        else if (cJSON_GetArraySize(given) != cJSON_GetArraySize(sum) ||
                 !cJSON_Compare(given, sum, true))
            result = reader_fail(reader,
                                 "this disagrees with the evidence in \"outcomes\", which adds up "
                                 "to %.60s; correct one of them or train again",
                                 right ? right : "something else");
        reader_leave(reader);
    }
    return result;
}

static int read_call(struct reader *reader, const cJSON *object, const struct profile *profile,
                     struct call *call)
{
    int result = read_identity(reader, object, &call->call);

    if (result < 0)
        return result;
    const cJSON *outcomes = reader_member(reader, object, "outcomes");
    result = outcomes ? read_outcomes(reader, outcomes, profile, call) : -EINVAL;
    if (result == 0)
        result = sort_outcomes(reader, call);
    reader_leave(reader);
    return result < 0 ? result : check_sums(reader, object, call);
}

int syscalls_read(struct reader *reader, const cJSON *object, struct profile *profile)
{
    struct call call = { 0 };
    int result = read_call(reader, object, profile, &call);

    for (size_t i = 0; i < call.count && result == 0; i++)
        profile_add_fact(profile, &call.outcomes[i]);
    task_call_done(&call);
    return result;
}
