// SPDX-License-Identifier: LGPL-2.1-or-later
#include "store/fact_record.h"
#include "store/emit.h"
#include <errno.h>
#include <string.h>

#define FIELD(type, member, key, kind)                                                             \
    {                                                                                              \
        key, &codec_##kind, offsetof(type, member), false                                          \
    }
#define END                                                                                        \
    {                                                                                              \
        NULL, NULL, 0, false                                                                       \
    }

#define RUN(member, kind) FIELD(struct run, member, #member, kind)
const struct field record_run[] = {
    RUN(id, text),
    RUN(command, strings),
    RUN(cwd, text_or_null),
    RUN(user, text_or_null),
    RUN(uid, unsigned),
    RUN(environment, strings),
    RUN(workload, text_or_null),
    RUN(ready, text_or_null),
    RUN(cinch, text_or_null),
    RUN(started, int64),
    RUN(ready_ms, int64_or_null),
    RUN(duration_ms, int64),
    RUN(exit_status, int_or_null),
    RUN(signal, number_or_null),
    RUN(workload_status, int_or_null),
    RUN(complete, flag),
    { "capabilities", &codec_capability_watch, offsetof(struct run, capabilities),
      .optional = true },
    { "phases", &codec_phases, offsetof(struct run, phases), .optional = true },
    END,
};

#define SETTING(member, kind) FIELD(struct host_setting, member, #member, kind)
const struct field record_setting[] = { SETTING(name, text), SETTING(value, text), END };

#define HOST_FILE(member, kind) FIELD(struct host_file, member, #member, kind)
const struct field record_file[] = {
    HOST_FILE(path, text),
    HOST_FILE(type, file_type),
    HOST_FILE(mode, mode),
    HOST_FILE(uid, unsigned),
    HOST_FILE(gid, unsigned),
    HOST_FILE(target, text_or_null),
    HOST_FILE(entries, int64_or_null),
    HOST_FILE(unused, int64_or_null),
    { "filesystem", &codec_text, offsetof(struct host_file, filesystem), .optional = true },
    END,
};

#define SEEN(member, kind) FIELD(struct seen, member, #member, kind)
static const struct field record_seen[] = {
    SEEN(run, text),
    SEEN(count, count),
    SEEN(first_ms, int64),
    SEEN(slices, slices),
    SEEN(phases, phases),
    { "foreign", &codec_flag, offsetof(struct seen, foreign), .optional = true },
    SEEN(program, text_or_null),
    SEEN(call, text_or_null),
    END,
};

#define SYSCALL(member, kind) FIELD(struct fact, syscall.member, #member, kind)
static const struct field syscall_fields[] = {
    SYSCALL(arch, text), SYSCALL(name, text_or_null), END, /* syscalls.c knows the rest */
};

#define PATH(member, kind) FIELD(struct fact, path.member, #member, kind)
static const struct field path_fields[] = {
    PATH(path, text),
    PATH(requested, text),
    PATH(use, path_use),
    END,
};

#define MOVE(member, kind) FIELD(struct fact, move.member, #member, kind)
static const struct field move_fields[] = { MOVE(from, text), MOVE(to, text), END };

#define SOCKET(member, kind) FIELD(struct fact, socket.member, #member, kind)
static const struct field socket_fields[] = {
    SOCKET(family, family),
    SOCKET(type, socket_type),
    SOCKET(protocol, int_or_null),
    SOCKET(origin, socket_origin),
    END,
};

#define ADDRESS(member, kind) FIELD(struct fact, address.member, #member, kind)
static const struct field address_fields[] = {
    ADDRESS(use, address_use),
    ADDRESS(family, family),
    ADDRESS(type, socket_type),
    ADDRESS(protocol, int_or_null),
    ADDRESS(host, host),
    ADDRESS(port, number_or_null),
    END,
};

#define NAME(member, kind) FIELD(struct fact, name.member, #member, kind)
static const struct field name_fields[] = {
    NAME(name, text),
    NAME(host, text),
    FIELD(struct fact, name.ttl_s, "ttl", int64_or_null),
    END,
};

#define ARGUMENT(member, kind) FIELD(struct fact, argument.member, #member, kind)
static const struct field argument_fields[] = {
    ARGUMENT(call, text),
    ARGUMENT(topic, text),
    ARGUMENT(value, text),
    END,
};

#define PROGRAM(member, kind) FIELD(struct fact, program.member, #member, kind)
static const struct field program_fields[] = {
    PROGRAM(path, text),
    PROGRAM(format, text),
    PROGRAM(arch, text_or_null),
    PROGRAM(interpreter, text_or_null),
    PROGRAM(script_option, text_or_null),
    FIELD(struct fact, program.is_static, "static", flag),
    PROGRAM(exec_stack, flag),
    PROGRAM(text_rel, flag),
    PROGRAM(needed, strings),
    PROGRAM(run_path, text_or_null),
    PROGRAM(mode, mode),
    PROGRAM(uid, unsigned),
    PROGRAM(gid, unsigned),
    PROGRAM(file_caps, flag),
    END,
};

#define BLIND_SPOT(member, kind) FIELD(struct fact, blind_spot.member, #member, kind)
static const struct field blind_spot_fields[] = {
    BLIND_SPOT(topic, text),
    BLIND_SPOT(detail, text),
    END,
};

#define CAPABILITY(member, kind) FIELD(struct fact, capability.member, #member, kind)
static const struct field capability_fields[] = {
    CAPABILITY(name, text),
    CAPABILITY(call, text_or_null),
    CAPABILITY(basis, capability_basis),
    END,
};

const struct record_section record_sections[FACT_KIND_COUNT] = {
    [FACT_SYSCALL] = { "syscalls", syscall_fields },
    [FACT_PATH] = { "paths", path_fields },
    [FACT_MOVE] = { "moves", move_fields },
    [FACT_SOCKET] = { "sockets", socket_fields },
    [FACT_ADDRESS] = { "addresses", address_fields },
    [FACT_NAME] = { "names", name_fields },
    [FACT_ARGUMENT] = { "arguments", argument_fields },
    [FACT_PROGRAM] = { "programs", program_fields },
    [FACT_BLIND_SPOT] = { "blind_spots", blind_spot_fields },
    [FACT_CAPABILITY] = { "capabilities", capability_fields },
};

static const char *field_of(const struct field *field, const void *record)
{
    return (const char *)record + field->offset;
}

static bool field_is_empty(const struct field *field, const void *record)
{
    const void *value = field_of(field, record);

    if (field->codec == &codec_text)
        return !*(char *const *)value || !**(char *const *)value;
    return field->codec->size ? codec_integer_load(field->codec, value) == 0
                              : !*(const bool *)value;
}

void record_write(struct str *out, const struct field *fields, const void *record)
{
    for (const struct field *field = fields; field->name; field++) {
        if (field->optional && field_is_empty(field, record))
            continue;
        emit_key(out, field->name);
        field->codec->write(field->codec, out, field_of(field, record));
    }
}

static int field_read(struct reader *reader, const cJSON *object, const struct field *field,
                      void *record)
{
    if (field->optional && !cJSON_GetObjectItemCaseSensitive(object, field->name))
        return 0;
    const cJSON *node = reader_member(reader, object, field->name);
    int result = -EINVAL;
    if (node)
        result = field->codec->read(field->codec, reader, node, (char *)record + field->offset);
    reader_leave(reader);
    return result;
}

int record_read(struct reader *reader, const cJSON *object, const struct field *fields,
                void *record)
{
    int result = 0;

    if (!cJSON_IsObject(object))
        return reader_expected(reader, object, "an object");
    for (const struct field *field = fields; field->name && result == 0; field++)
        result = field_read(reader, object, field, record);
    return result;
}

void record_done(const struct field *fields, void *record)
{
    for (const struct field *field = fields; field->name; field++)
        if (field->codec->done)
            field->codec->done((char *)record + field->offset);
}

/* ---- evidence ------------------------------------------------------------------------ */

void record_write_evidence(struct str *out, const struct fact *fact)
{
    emit_key(out, "outcome");
    codec_outcome.write(&codec_outcome, out, &fact->outcome);
    emit_key(out, "seen");
    str_add_char(out, '[');
    for (size_t i = 0; i < fact->evidence.count; i++) {
        emit_item(out);
        str_add_char(out, '{');
        record_write(out, record_seen, &fact->evidence.seen[i]);
        str_add_char(out, '}');
    }
    str_add_char(out, ']');
}

bool record_knows_run(const struct profile *profile, const char *id)
{
    size_t low = 0, high;
    const struct run *const *runs = profile_runs(profile, &high);

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(runs[middle]->id, id);
        if (order == 0)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

static int seen_read(struct reader *reader, const cJSON *node, const struct profile *profile,
                     struct seen *seen)
{
    int result = record_read(reader, node, record_seen, seen);

    if (result < 0 || record_knows_run(profile, seen->run))
        return result;
    reader_enter_key(reader, "run");
    result = reader_expected(reader, cJSON_GetObjectItemCaseSensitive(node, "run"),
                             "the id of a run in /runs");
    reader_leave(reader);
    return result;
}

static int seen_compare(const void *left, const void *right)
{
    return strcmp(((const struct seen *)left)->run, ((const struct seen *)right)->run);
}

/* Sorted here, so that the model adds each at the end. */
static int evidence_sort(struct reader *reader, struct evidence *evidence)
{
    if (evidence->count)
        qsort(evidence->seen, evidence->count, sizeof(struct seen), seen_compare);
    for (size_t i = 1; i < evidence->count; i++)
        if (seen_compare(&evidence->seen[i - 1], &evidence->seen[i]) == 0) {
            CLEANUP(free_char) char *run = text_encode_string(evidence->seen[i].run);
            return reader_fail(reader, "duplicate run \"%.60s\"; keep one of them", run);
        }
    return 0;
}

static int evidence_read(struct reader *reader, const cJSON *array, const struct profile *profile,
                         struct evidence *evidence)
{
    size_t index = 0;

    if (!cJSON_IsArray(array))
        return reader_expected(reader, array, "an array");
    for (const cJSON *node = array->child; node; node = node->next) {
        mem_reserve(&evidence->seen, &evidence->capacity, evidence->count + 1, sizeof(struct seen));
        struct seen *seen = &evidence->seen[evidence->count++];
        *seen = (struct seen){ 0 };
        reader_enter_index(reader, index++);
        int result = seen_read(reader, node, profile, seen);
        reader_leave(reader);
        if (result < 0)
            return result;
    }
    return evidence_sort(reader, evidence);
}

int record_read_evidence(struct reader *reader, const cJSON *object, const struct profile *profile,
                         struct fact *fact)
{
    static const struct field outcome[] = { FIELD(struct fact, outcome, "outcome", outcome), END };

    int result = record_read(reader, object, outcome, fact);
    if (result < 0)
        return result;
    const cJSON *seen = reader_member(reader, object, "seen");
    result = seen ? evidence_read(reader, seen, profile, &fact->evidence) : -EINVAL;
    reader_leave(reader);
    return result;
}

void record_evidence_done(struct evidence *evidence)
{
    for (size_t i = 0; i < evidence->count; i++)
        record_done(record_seen, &evidence->seen[i]);
    free(evidence->seen);
    *evidence = (struct evidence){ 0 };
}
