// SPDX-License-Identifier: LGPL-2.1-or-later
#include "store/syscalls.h"
#include <cinch/store.h>
#include <errno.h>
#include <string.h>

/* JSON values in one record: bounds what cJSON allocates for it, some 80 bytes a value. */
#define RECORD_VALUES ((size_t)1 << 20)

/* Members of the two outer objects: 12 and 2 at this version. */
#define MEMBER_LIMIT 64

/* A run each night for more than a century; bounds the work of keeping evidence sorted. */
#define RUN_LIMIT ((size_t)1 << 16)

struct member {
    char *key; /* decoded */
    struct scan_slice value;
    size_t values; /* JSON values within */
    bool known;    /* this version reads it */
};

/* The members of an object that is too large to be read as one piece. */
struct members {
    struct member items[MEMBER_LIMIT];
    size_t count;
};

static void members_done(struct members *members)
{
    for (size_t i = 0; i < members->count; i++)
        free(members->items[i].key);
}

static struct member *members_find(struct members *members, const char *key)
{
    for (size_t i = 0; i < members->count; i++)
        if (strcmp(members->items[i].key, key) == 0)
            return &members->items[i];
    return NULL;
}

static int members_add(struct reader *reader, struct members *members, struct scan_slice key,
                       const struct member *member)
{
    CLEANUP(reader_delete_tree) cJSON *name = cJSON_ParseWithLength(key.text, key.length);
    const char *text = cJSON_GetStringValue(name);

    reader->at = key.text;
    if (!text || members->count == MEMBER_LIMIT)
        return reader_fail(reader, "this has too many members; correct it or train again");
    if (members_find(members, text)) {
        CLEANUP(free_char) char *shown = text_encode_string(text);
        return reader_fail(reader, "duplicate key \"%.60s\"; keep one of them", shown);
    }
    members->items[members->count] = *member;
    members->items[members->count++].key = mem_strdup(text);
    return 0;
}

static int members_read(struct reader *reader, struct scan_slice object, struct members *ret)
{
    struct scan_cursor cursor;
    struct scan_slice key;
    struct member member = { .key = NULL };

    reader->at = object.text;
    if (!scan_enter(object, '{', &cursor))
        return reader_fail(reader, "this is no object; give a profile that cinch train wrote");
    while (scan_next(&cursor, &key, &member.value, &member.values)) {
        int result = members_add(reader, ret, key, &member);
        if (result < 0)
            return result;
    }
    return 0;
}

static cJSON *read_piece(struct reader *reader, struct scan_slice slice, size_t values)
{
    reader->at = slice.text;
    if (values <= RECORD_VALUES)
        return reader_parse(reader, slice);
    reader_fail(reader, "this holds more than %zu values; correct it or train again",
                RECORD_VALUES);
    return NULL;
}

/* ---- records ------------------------------------------------------------------------- */

/* What an array at the top level (or below "host") holds. */
struct section {
    const char *key;
    int (*read)(struct reader *reader, const cJSON *object, enum fact_kind kind,
                struct profile *profile); /* NULL: nothing is kept of it */
    enum fact_kind kind;
    size_t limit;  /* records at most; 0: as many as there are */
    bool optional; /* came after the first profiles were written */
};

static int read_fact(struct reader *reader, const cJSON *object, enum fact_kind kind,
                     struct profile *profile)
{
    struct fact fact = { .kind = kind };
    int result = record_read(reader, object, record_sections[kind].fields, &fact);

    if (result == 0)
        result = record_read_evidence(reader, object, profile, &fact);
    if (result == 0)
        profile_add_fact(profile, &fact);
    record_done(record_sections[kind].fields, &fact);
    record_evidence_done(&fact.evidence);
    return result;
}

static int read_syscall(struct reader *reader, const cJSON *object, enum fact_kind kind,
                        struct profile *profile)
{
    (void)kind;
    return syscalls_read(reader, object, profile);
}

static int read_run(struct reader *reader, const cJSON *object, enum fact_kind kind,
                    struct profile *profile)
{
    struct run run = { 0 };
    int result = record_read(reader, object, record_run, &run);

    (void)kind;
    if (result == 0)
        profile_add_run(profile, &run);
    record_done(record_run, &run);
    return result;
}

static int read_setting(struct reader *reader, const cJSON *object, enum fact_kind kind,
                        struct profile *profile)
{
    struct host_setting setting = { 0 };
    int result = record_read(reader, object, record_setting, &setting);

    (void)kind;
    if (result == 0)
        profile_add_setting(profile, setting.name, setting.value);
    record_done(record_setting, &setting);
    return result;
}

static int read_file(struct reader *reader, const cJSON *object, enum fact_kind kind,
                     struct profile *profile)
{
    struct host_file file = { 0 };
    int result = record_read(reader, object, record_file, &file);

    (void)kind;
    if (result == 0)
        profile_add_file(profile, &file);
    record_done(record_file, &file);
    return result;
}

/* Runs first: evidence is held against them. */
static const struct section top_sections[] = {
    { "runs", read_run, FACT_KIND_COUNT, RUN_LIMIT, false },
    { "syscalls", read_syscall, FACT_SYSCALL, 0, false },
    { "paths", read_fact, FACT_PATH, 0, false },
    { "moves", read_fact, FACT_MOVE, 0, true },
    { "sockets", read_fact, FACT_SOCKET, 0, false },
    { "addresses", read_fact, FACT_ADDRESS, 0, false },
    { "names", read_fact, FACT_NAME, 0, true },
    { "programs", read_fact, FACT_PROGRAM, 0, false },
    { "arguments", read_fact, FACT_ARGUMENT, 0, false },
    { "blind_spots", read_fact, FACT_BLIND_SPOT, 0, false },
    { "capabilities", read_fact, FACT_CAPABILITY, 0, true },
};

static const struct section host_sections[] = {
    { "settings", read_setting, FACT_KIND_COUNT, 0, false },
    { "files", read_file, FACT_KIND_COUNT, 0, false },
};

static int read_records(struct reader *reader, struct scan_slice array,
                        const struct section *section, struct profile *profile)
{
    struct scan_cursor cursor;
    struct scan_slice slice;
    size_t values, index = 0;

    reader->at = array.text;
    if (!scan_enter(array, '[', &cursor))
        return reader_fail(reader, "this is no array; correct it or train again");
    while (scan_next(&cursor, NULL, &slice, &values)) {
        if (section->limit && index == section->limit)
            return reader_fail(reader, "there are more than %zu records; give fewer at a time",
                               section->limit);
        reader_enter_index(reader, index++);
        CLEANUP(reader_delete_tree) cJSON *object = read_piece(reader, slice, values);
        int result = object ? 0 : -EINVAL;
        if (object && section->read)
            result = section->read(reader, object, section->kind, profile);
        reader_leave(reader);
        if (result < 0)
            return result;
    }
    return 0;
}

/* ---- the whole ----------------------------------------------------------------------- */

static const struct scan_slice *require(struct reader *reader, struct members *members,
                                        const char *key)
{
    struct member *member = members_find(members, key);

    reader_enter_key(reader, key);
    if (!member) {
        reader_fail(reader, "this is missing; add it or train again");
        return NULL;
    }
    member->known = true;
    return &member->value;
}

/* What this version knows nothing of is not kept; duplicate keys are refused there too. */
static int pass_unknown(struct reader *reader, const struct members *members)
{
    static const struct section nothing = { NULL, NULL, FACT_KIND_COUNT, 0, false };
    int result = 0;

    for (size_t i = 0; i < members->count && result == 0; i++) {
        const struct member *member = &members->items[i];
        if (member->known)
            continue;
        reader_enter_key(reader, member->key);
        if (member->value.text[0] == '[') {
            result = read_records(reader, member->value, &nothing, NULL);
        } else {
            CLEANUP(reader_delete_tree)
            cJSON *node = read_piece(reader, member->value, member->values);
            result = node ? 0 : -EINVAL;
        }
        reader_leave(reader);
    }
    return result;
}

static int read_sections(struct reader *reader, struct members *members,
                         const struct section *sections, size_t count, struct profile *profile)
{
    for (size_t i = 0; i < count; i++) {
        if (sections[i].optional && !members_find(members, sections[i].key))
            continue;
        const struct scan_slice *slice = require(reader, members, sections[i].key);
        int result = slice ? read_records(reader, *slice, &sections[i], profile) : -EINVAL;
        reader_leave(reader);
        if (result < 0)
            return result;
    }
    return pass_unknown(reader, members);
}

static int read_host(struct reader *reader, struct members *top, struct profile *profile)
{
    CLEANUP(members_done) struct members host = { .count = 0 };
    const struct scan_slice *slice = require(reader, top, "host");
    int result = slice ? members_read(reader, *slice, &host) : -EINVAL;

    if (result == 0)
        result = read_sections(reader, &host, host_sections, ELEMENTS_OF(host_sections), profile);
    reader_leave(reader);
    return result;
}

static int check_format(struct reader *reader, const cJSON *node)
{
    if (cJSON_IsString(node) && strcmp(node->valuestring, PROFILE_FORMAT) == 0)
        return 0;
    return reader_fail(reader, "this is not \"" PROFILE_FORMAT "\": it is no profile of cinch; "
                               "give one that cinch train wrote");
}

static int check_version(struct reader *reader, const cJSON *node)
{
    uint64_t version;
    bool negative;
    int result = reader_integer(reader, node, &negative, &version);

    if (result < 0 || (!negative && version == PROFILE_VERSION))
        return result;
    if (negative || version < PROFILE_VERSION)
        return reader_expected(reader, node, "a version from 1 on");
    return reader_fail(reader,
                       "version %ju is newer than this cinch reads (%d); use the cinch that wrote "
                       "it or a newer one",
                       (uintmax_t)version, PROFILE_VERSION);
}

static int check_head(struct reader *reader, struct members *top, const char *key,
                      int (*check)(struct reader *, const cJSON *))
{
    struct member *member = members_find(top, key);

    if (!member)
        return reader_fail(reader,
                           "there is no \"%s\": this is no profile of cinch; give one that "
                           "cinch train wrote",
                           key);
    member->known = true;
    reader_enter_key(reader, key);
    CLEANUP(reader_delete_tree) cJSON *node = read_piece(reader, member->value, member->values);
    int result = node ? check(reader, node) : -EINVAL;
    reader_leave(reader);
    return result;
}

static int read_profile(struct reader *reader, struct scan_slice whole, struct profile *profile)
{
    CLEANUP(members_done) struct members top = { .count = 0 };
    int result = members_read(reader, whole, &top);

    if (result == 0)
        result = check_head(reader, &top, "format", check_format);
    if (result == 0)
        result = check_head(reader, &top, "version", check_version);
    if (result == 0)
        result = read_host(reader, &top, profile);
    if (result == 0)
        result = read_sections(reader, &top, top_sections, ELEMENTS_OF(top_sections), profile);
    return result;
}

struct profile *store_from_json(const char *text, size_t length, const char *source,
                                struct err *err)
{
    CLEANUP(free_char) char *shown = text_encode_string(source);
    size_t offset;

    if (!length)
        text = "";
    CLEANUP(reader_done) struct reader reader = { .source = shown, .text = text, .err = err };
    const char *wrong = scan_check(text, length, &offset);

    if (wrong) {
        reader.at = text + offset;
        reader_fail(&reader, "%s", wrong);
        return NULL;
    }
    struct profile *profile = profile_new();
    if (read_profile(&reader, (struct scan_slice){ text, length }, profile) < 0) {
        profile_free(profile);
        profile = NULL;
    }
    return profile;
}
