// SPDX-License-Identifier: LGPL-2.1-or-later
#include "store/codec.h"
#include "store/emit.h"
#include <cinch/model.h>
#include <limits.h>
#include <string.h>

/* ---- texts --------------------------------------------------------------------------- */

static void text_done(void *field)
{
    free(*(char **)field);
    *(char **)field = NULL;
}

static void text_write(const struct codec *codec, struct str *out, const void *field)
{
    const char *text = *(char *const *)field;

    if (codec->has_null && (!text || !*text))
        str_add(out, "null");
    else
        emit_text(out, text);
}

static int text_read(const struct codec *codec, struct reader *reader, const cJSON *node,
                     void *field)
{
    if (!codec->has_null || !cJSON_IsNull(node))
        return reader_text(reader, node, field);
    *(char **)field = mem_strdup("");
    return 0;
}

const struct codec codec_text = { .write = text_write, .read = text_read, .done = text_done };
const struct codec codec_text_or_null = {
    .write = text_write, .read = text_read, .done = text_done, .has_null = true
};

/* An abstract name is encoded in the model already, because it may hold NULs: "@" and the encoded
 * rest stand in JSON as they are, and decode in one step like any other string. */
static void host_write(const struct codec *codec, struct str *out, const void *field)
{
    const char *host = *(char *const *)field;
    char *bytes;
    size_t length;

    if (host && host[0] == '@' && text_decode(host, &bytes, &length) == 0) {
        free(bytes);
        emit_encoded(out, host);
    } else {
        text_write(codec, out, field);
    }
}

static int host_read(const struct codec *codec, struct reader *reader, const cJSON *node,
                     void *field)
{
    char *bytes;
    size_t length;

    if (!cJSON_IsString(node) || node->valuestring[0] != '@' ||
        text_decode(node->valuestring, &bytes, &length) < 0)
        return text_read(codec, reader, node, field);
    free(bytes);
    *(char **)field = mem_strdup(node->valuestring);
    return 0;
}

const struct codec codec_host = { .write = host_write, .read = host_read, .done = text_done };

static void strings_write(const struct codec *codec, struct str *out, const void *field)
{
    const struct strings *strings = field;

    (void)codec;
    str_add_char(out, '[');
    for (size_t i = 0; i < strings->count; i++) {
        emit_item(out);
        emit_text(out, strings->items[i]);
    }
    str_add_char(out, ']');
}

static int strings_read(const struct codec *codec, struct reader *reader, const cJSON *node,
                        void *field)
{
    size_t index = 0;

    (void)codec;
    if (!cJSON_IsArray(node))
        return reader_expected(reader, node, "an array of strings");
    for (const cJSON *item = node->child; item; item = item->next) {
        char *text;
        reader_enter_index(reader, index++);
        int result = reader_text(reader, item, &text);
        reader_leave(reader);
        if (result < 0)
            return result;
        strings_add(field, text);
        free(text);
    }
    return 0;
}

static void strings_release(void *field)
{
    strings_done(field);
}

const struct codec codec_strings = { .write = strings_write,
                                     .read = strings_read,
                                     .done = strings_release };

/* ---- truth and modes ----------------------------------------------------------------- */

static void bool_write(const struct codec *codec, struct str *out, const void *field)
{
    (void)codec;
    str_add(out, *(const bool *)field ? "true" : "false");
}

static int bool_read(const struct codec *codec, struct reader *reader, const cJSON *node,
                     void *field)
{
    (void)codec;
    if (!cJSON_IsBool(node))
        return reader_expected(reader, node, "true or false");
    *(bool *)field = cJSON_IsTrue(node);
    return 0;
}

const struct codec codec_flag = { .write = bool_write, .read = bool_read };

static void mode_write(const struct codec *codec, struct str *out, const void *field)
{
    (void)codec;
    str_addf(out, "\"%04o\"", *(const unsigned *)field);
}

static int mode_read(const struct codec *codec, struct reader *reader, const cJSON *node,
                     void *field)
{
    const char *text = cJSON_IsString(node) ? node->valuestring : "";
    size_t digits = strspn(text, "01234567");
    unsigned long long value = digits >= 4 && digits <= 11 ? strtoull(text, NULL, 8) : ULLONG_MAX;

    (void)codec;
    if (text[digits] || value > UINT_MAX)
        return reader_expected(reader, node, "an octal mode like \"0755\"");
    *(unsigned *)field = (unsigned)value;
    return 0;
}

const struct codec codec_mode = { .write = mode_write, .read = mode_read };

/* ---- integers ------------------------------------------------------------------------ */

uint64_t codec_integer_load(const struct codec *codec, const void *field)
{
    if (codec->size == sizeof(uint64_t))
        return *(const uint64_t *)field;
    return codec->is_signed ? (uint64_t)(int64_t) * (const int32_t *)field
                            : *(const uint32_t *)field;
}

void codec_integer_store(const struct codec *codec, void *field, uint64_t bits)
{
    if (codec->size == sizeof(uint64_t))
        *(uint64_t *)field = bits;
    else
        *(uint32_t *)field = (uint32_t)bits;
}

void codec_integer_write(const struct codec *codec, struct str *out, const void *field)
{
    uint64_t bits = codec_integer_load(codec, field);
    bool negative = codec->is_signed && (int64_t)bits < 0;

    if (codec->has_null && bits == (uint64_t)codec->null_value)
        str_add(out, "null");
    else
        emit_integer(out, negative, negative ? -bits : bits);
}

static bool in_range(const struct codec *codec, bool negative, uint64_t magnitude)
{
    if (negative)
        return codec->least < 0 && magnitude <= -(uint64_t)codec->least;
    return magnitude <= codec->most && (codec->least <= 0 || magnitude >= (uint64_t)codec->least);
}

int codec_integer_read(const struct codec *codec, struct reader *reader, const cJSON *node,
                       void *field)
{
    uint64_t magnitude;
    bool negative;

    if (codec->has_null && cJSON_IsNull(node)) {
        codec_integer_store(codec, field, (uint64_t)codec->null_value);
        return 0;
    }
    int result = reader_integer(reader, node, &negative, &magnitude);
    if (result < 0)
        return result;
    if (!in_range(codec, negative, magnitude))
        return reader_expected(reader, node, codec->what);
    codec_integer_store(codec, field, negative ? -magnitude : magnitude);
    return 0;
}

#define INTEGER .write = codec_integer_write, .read = codec_integer_read
#define INT     .size = sizeof(int), .is_signed = true, .least = INT_MIN, .most = INT_MAX
#define INT64   .size = sizeof(int64_t), .is_signed = true, .least = INT64_MIN, .most = INT64_MAX

const struct codec codec_unsigned = {
    INTEGER,
    .size = sizeof(unsigned),
    .most = UINT_MAX,
    .what = "an integer from 0 to 4294967295",
};
const struct codec codec_int64 = { INTEGER, INT64, .what = "a signed 64-bit integer" };
const struct codec codec_int64_or_null = {
    INTEGER, INT64, .has_null = true, .null_value = -1, .what = "a signed 64-bit integer or null",
};
const struct codec codec_uint64 = {
    INTEGER,
    .size = sizeof(uint64_t),
    .most = UINT64_MAX,
    .what = "an integer from 0 to 2^64-1",
};
const struct codec codec_count = {
    INTEGER,          .size = sizeof(uint64_t),
    .least = 1,       .most = UINT64_MAX,
    .has_null = true, .what = "a count from 1 to 2^64-1, or null when it was seen but not counted,",
};
const struct codec codec_int_or_null = {
    INTEGER, INT, .has_null = true, .null_value = -1, .what = "a signed 32-bit integer or null",
};
const struct codec codec_number_or_null = {
    INTEGER,
    INT,
    .has_null = true,
    .what = "a signed 32-bit integer or null",
};

/* ---- sets of bits -------------------------------------------------------------------- */

static void bits_write(const struct codec *codec, struct str *out, const void *field)
{
    uint64_t bits = codec_integer_load(codec, field);

    str_add_char(out, '[');
    for (unsigned bit = 0; bit <= codec->most; bit++) {
        if (!(bits >> bit & 1))
            continue;
        emit_item(out);
        if (codec->word)
            emit_encoded(out, codec->word((int)bit));
        else
            emit_integer(out, false, bit);
    }
    str_add_char(out, ']');
}

static int bit_read(const struct codec *codec, struct reader *reader, const cJSON *node,
                    uint64_t *bits)
{
    uint64_t bit = UINT64_MAX;
    bool negative = false;

    if (codec->word) {
        int found = cJSON_IsString(node) ? codec->find(node->valuestring) : -1;
        bit = found < 0 ? UINT64_MAX : (uint64_t)found;
    } else {
        int result = reader_integer(reader, node, &negative, &bit);
        if (result < 0)
            return result;
    }
    if (bit > codec->most || (negative && bit))
        return reader_expected(reader, node, codec->what);
    *bits |= (uint64_t)1 << bit;
    return 0;
}

static int bits_read(const struct codec *codec, struct reader *reader, const cJSON *node,
                     void *field)
{
    uint64_t bits = 0;
    size_t index = 0;

    if (!cJSON_IsArray(node))
        return reader_expected(reader, node, "an array");
    for (const cJSON *item = node->child; item; item = item->next) {
        reader_enter_index(reader, index++);
        int result = bit_read(codec, reader, item, &bits);
        reader_leave(reader);
        if (result < 0)
            return result;
    }
    codec_integer_store(codec, field, bits);
    return 0;
}

#define BITS .write = bits_write, .read = bits_read

const struct codec codec_slices = {
    BITS,
    .size = sizeof(uint64_t),
    .most = 63,
    .what = "a slice from 0 to 63",
};

static const char *phase_word(int value)
{
    return phase_name((enum phase)value);
}

const struct codec codec_phases = {
    BITS,
    .size = sizeof(unsigned),
    .most = PHASE_COUNT - 1,
    .word = phase_word,
    .find = phase_find,
    .what = "one of start, serve, reload, stop",
};
