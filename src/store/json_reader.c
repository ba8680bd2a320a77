// SPDX-License-Identifier: LGPL-2.1-or-later
#include "store/json_reader.h"
#include "store/emit.h"
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* How much of a wrong value an error shows. */
#define SHOWN_LIMIT 60

void reader_done(struct reader *reader)
{
    free(reader->keys);
    reader->keys = NULL;
}

static void reader_enter(struct reader *reader, struct reader_step step)
{
    if (reader->depth < ELEMENTS_OF(reader->steps))
        reader->steps[reader->depth] = step;
    reader->depth++;
}

void reader_enter_key(struct reader *reader, const char *key)
{
    reader_enter(reader, (struct reader_step){ .key = key });
}

void reader_enter_index(struct reader *reader, size_t index)
{
    reader_enter(reader, (struct reader_step){ .index = index });
}

void reader_leave(struct reader *reader)
{
    reader->depth--;
}

/* Appends at most SHOWN_LIMIT bytes of `text`, encoded. */
static void add_shown(struct str *out, const char *text)
{
    size_t length = strlen(text);
    CLEANUP(free_char)
    char *shown = text_encode(text, length > SHOWN_LIMIT ? SHOWN_LIMIT : length);

    str_add(out, shown);
    if (length > SHOWN_LIMIT)
        str_add(out, "...");
}

static void add_pointer(struct str *out, const struct reader *reader)
{
    for (size_t i = 0; i < reader->depth && i < ELEMENTS_OF(reader->steps); i++) {
        const struct reader_step *step = &reader->steps[i];
        str_add_char(out, '/');
        if (!step->key)
            str_addf(out, "%zu", step->index);
        for (const char *at = step->key; at && *at && at < step->key + SHOWN_LIMIT; at++) {
            CLEANUP(free_char) char *shown = text_encode(at, 1);
            str_add(out, *at == '~' ? "~0" : *at == '/' ? "~1" : shown);
        }
    }
}

static size_t line_of(const char *text, const char *at)
{
    size_t line = 1;

    while ((text = memchr(text, '\n', (size_t)(at - text)))) {
        text++;
        line++;
    }
    return line;
}

int reader_fail(struct reader *reader, const char *format, ...)
{
    struct str place = { 0 };
    char *what;
    va_list args;

    va_start(args, format);
    if (vasprintf(&what, format, args) < 0)
        abort();
    va_end(args);
    if (reader->at)
        str_addf(&place, ": line %zu", line_of(reader->text, reader->at));
    if (reader->depth)
        str_add(&place, reader->at ? ", " : ": ");
    add_pointer(&place, reader);
    err_set(reader->err, EINVAL, "%s%s: %s", reader->source, place.data ? place.data : "", what);
    free(what);
    str_done(&place);
    return -EINVAL;
}

int reader_expected(struct reader *reader, const cJSON *node, const char *what)
{
    struct str found = { 0 };

    if (cJSON_IsString(node)) {
        str_add_char(&found, '"');
        add_shown(&found, node->valuestring);
        str_add_char(&found, '"');
    } else if (cJSON_IsNumber(node)) {
        str_addf(&found, "%.17g", node->valuedouble);
    } else if (cJSON_IsObject(node) || cJSON_IsArray(node)) {
        str_add(&found, cJSON_IsObject(node) ? "an object" : "an array");
    } else {
        str_add(&found, cJSON_IsTrue(node) ? "true" : cJSON_IsFalse(node) ? "false" : "null");
    }
    int result =
        reader_fail(reader, "found %s, expected %s; correct it or train again", found.data, what);
    str_done(&found);
    return result;
}

static int text_compare(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* cJSON keeps all members of one name and finds the first: another reader may take the last. */
static int reader_check_object(struct reader *reader, const cJSON *object)
{
    size_t count = 0;

    for (const cJSON *member = object->child; member; member = member->next) {
        mem_reserve(&reader->keys, &reader->key_capacity, count + 1, sizeof(char *));
        reader->keys[count++] = member->string;
    }
    if (count)
        qsort(reader->keys, count, sizeof(char *), text_compare);
    for (size_t i = 1; i < count; i++)
        if (strcmp(reader->keys[i - 1], reader->keys[i]) == 0) {
            struct str shown = { 0 };
            add_shown(&shown, reader->keys[i]);
            int result = reader_fail(reader, "duplicate key \"%s\"; keep one of them",
                                     shown.data ? shown.data : "");
            str_done(&shown);
            return result;
        }
    return 0;
}

/* Bounded by SCAN_DEPTH. */
static int reader_check_keys(struct reader *reader, const cJSON *tree)
{
    size_t index = 0;
    int result = cJSON_IsObject(tree) ? reader_check_object(reader, tree) : 0;

    for (const cJSON *child = tree->child; child && result == 0; child = child->next, index++) {
        if (!child->child)
            continue;
        reader_enter(reader, (struct reader_step){ child->string, index });
        result = reader_check_keys(reader, child);
        reader_leave(reader);
    }
    return result;
}

cJSON *reader_parse(struct reader *reader, struct scan_slice slice)
{
    cJSON *tree = cJSON_ParseWithLength(slice.text, slice.length);

    if (!tree) {
        reader_fail(reader, "this cannot be read; correct it or train again");
    } else if (reader_check_keys(reader, tree) < 0) {
        cJSON_Delete(tree);
        tree = NULL;
    }
    return tree;
}

const cJSON *reader_member(struct reader *reader, const cJSON *object, const char *key)
{
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, key);

    reader_enter_key(reader, key);
    if (!member)
        reader_fail(reader, "this is missing; add it or train again");
    return member;
}

int reader_text(struct reader *reader, const cJSON *node, char **ret)
{
    char *bytes;
    size_t length;

    if (!cJSON_IsString(node))
        return reader_expected(reader, node, "a string");
    if (text_decode(node->valuestring, &bytes, &length) < 0)
        return reader_expected(reader, node,
                               "printable ASCII (\\xHH for any other byte, \\\\ for a backslash)");
    if (strlen(bytes) != length) {
        free(bytes);
        return reader_expected(reader, node, "a text without \\x00");
    }
    *ret = bytes;
    return 0;
}

/* Beyond 2^53 - 1 only: a value has one spelling. */
static bool read_digits(const char *text, bool *ret_negative, uint64_t *ret_magnitude)
{
    uint64_t magnitude = 0;
    bool negative = *text == '-';

    text += negative;
    if (*text < '1' || *text > '9')
        return false;
    for (; *text >= '0' && *text <= '9'; text++)
        if (__builtin_mul_overflow(magnitude, 10, &magnitude) ||
            __builtin_add_overflow(magnitude, (uint64_t)(*text - '0'), &magnitude))
            return false;
    if (*text || magnitude <= EMIT_EXACT)
        return false;
    *ret_negative = negative;
    *ret_magnitude = magnitude;
    return true;
}

int reader_integer(struct reader *reader, const cJSON *node, bool *ret_negative,
                   uint64_t *ret_magnitude)
{
    if (cJSON_IsString(node) && read_digits(node->valuestring, ret_negative, ret_magnitude))
        return 0;
    if (!cJSON_IsNumber(node))
        return reader_expected(reader, node, "an integer");
    double magnitude = fabs(node->valuedouble);
    if (!(magnitude <= (double)EMIT_EXACT))
        return reader_expected(reader, node,
                               "an integer (beyond 2^53-1: a string of its decimal digits)");
    if (magnitude != (double)(uint64_t)magnitude)
        return reader_expected(reader, node, "an integer");
    *ret_negative = node->valuedouble < 0;
    *ret_magnitude = (uint64_t)magnitude;
    return 0;
}
