// SPDX-License-Identifier: LGPL-2.1-or-later
#include "store/codec.h"
#include "store/emit.h"
#include <cinch/model.h>
#include <limits.h>
#include <string.h>
#include <sys/socket.h>

/* ---- texts ------------------------------------------------------------------------------------ */

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

const struct codec codec_text = { text_write, text_read, text_done };
const struct codec codec_text_or_null = { text_write, text_read, text_done, .has_null = true };

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

const struct codec codec_host = { host_write, host_read, text_done };

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

const struct codec codec_strings = { strings_write, strings_read, strings_release };

/* ---- truth and modes -------------------------------------------------------------------------- */

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

const struct codec codec_bool = { bool_write, bool_read, NULL };

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

const struct codec codec_mode = { mode_write, mode_read, NULL };

/* ---- integers --------------------------------------------------------------------------------- */

/* The field as the 64 bits of its value, sign extended. */
static uint64_t integer_load(const struct codec *codec, const void *field)
{
    if (codec->size == sizeof(uint64_t))
        return *(const uint64_t *)field;
    return codec->is_signed ? (uint64_t)(int64_t)*(const int32_t *)field
                            : *(const uint32_t *)field;
}

static void integer_store(const struct codec *codec, void *field, uint64_t bits)
{
    if (codec->size == sizeof(uint64_t))
        *(uint64_t *)field = bits;
    else
        *(uint32_t *)field = (uint32_t)bits;
}

static void integer_write(const struct codec *codec, struct str *out, const void *field)
{
    uint64_t bits = integer_load(codec, field);
    bool negative = codec->is_signed && (int64_t)bits < 0;

    if (codec->has_null && bits == (uint64_t)codec->null_value)
        str_add(out, "null");
    else
        emit_integer(out, negative, negative ? -bits : bits);
}

static int integer_read(const struct codec *codec, struct reader *reader, const cJSON *node,
                        void *field)
{
    uint64_t magnitude;
    bool negative;

    if (codec->has_null && cJSON_IsNull(node)) {
        integer_store(codec, field, (uint64_t)codec->null_value);
        return 0;
    }
    int result = reader_integer(reader, node, &negative, &magnitude);
    if (result < 0)
        return result;
    if (negative ? magnitude > -(uint64_t)codec->least : magnitude > codec->most)
        return reader_expected(reader, node, codec->what);
    if (!negative && codec->least > 0 && magnitude < (uint64_t)codec->least)
        return reader_expected(reader, node, codec->what);
    integer_store(codec, field, negative ? -magnitude : magnitude);
    return 0;
}

#define INTEGER .write = integer_write, .read = integer_read
#define INT     .size = sizeof(int), .is_signed = true, .least = INT_MIN, .most = INT_MAX
#define INT64   .size = sizeof(int64_t), .is_signed = true, .least = INT64_MIN, .most = INT64_MAX

const struct codec codec_unsigned = {
    INTEGER, .size = sizeof(unsigned), .most = UINT_MAX, .what = "an integer from 0 to 4294967295",
};
const struct codec codec_int64 = { INTEGER, INT64, .what = "a signed 64-bit integer" };
const struct codec codec_int64_or_null = {
    INTEGER, INT64, .has_null = true, .null_value = -1, .what = "a signed 64-bit integer or null",
};
const struct codec codec_uint64 = {
    INTEGER, .size = sizeof(uint64_t), .most = UINT64_MAX, .what = "an integer from 0 to 2^64-1",
};
const struct codec codec_count = {
    INTEGER,
    .size = sizeof(uint64_t),
    .least = 1,
    .most = UINT64_MAX,
    .has_null = true,
    .what = "a count from 1 to 2^64-1, or null when it was seen but not counted,",
};
const struct codec codec_int_or_null = {
    INTEGER, INT, .has_null = true, .null_value = -1, .what = "a signed 32-bit integer or null",
};
const struct codec codec_number_or_null = {
    INTEGER, INT, .has_null = true, .what = "a signed 32-bit integer or null",
};

/* ---- sets of bits ----------------------------------------------------------------------------- */

static void bits_write(const struct codec *codec, struct str *out, const void *field)
{
    uint64_t bits = integer_load(codec, field);

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
    integer_store(codec, field, bits);
    return 0;
}

#define BITS .write = bits_write, .read = bits_read

const struct codec codec_slices = {
    BITS, .size = sizeof(uint64_t), .most = 63, .what = "a slice from 0 to 63",
};

/* ---- words ------------------------------------------------------------------------------------ */

static void word_write(const struct codec *codec, struct str *out, const void *field)
{
    int64_t value = (int64_t)integer_load(codec, field);
    const char *word = value >= INT_MIN && value <= INT_MAX ? codec->word((int)value) : NULL;

    if (word)
        emit_encoded(out, word);
    else
        integer_write(codec, out, field);
}

static int word_read(const struct codec *codec, struct reader *reader, const cJSON *node,
                     void *field)
{
    if (cJSON_IsString(node) || codec->only_words) {
        int found = cJSON_IsString(node) ? codec->find(node->valuestring) : -1;
        if (found < 0)
            return reader_expected(reader, node, codec->what);
        integer_store(codec, field, (uint64_t)found);
        return 0;
    }
    if (cJSON_IsNumber(node) || (codec->has_null && cJSON_IsNull(node)))
        return integer_read(codec, reader, node, field);
    return reader_expected(reader, node, codec->what);
}

#define WORD .write = word_write, .read = word_read

/* model/ asks for a valid enum: a function that takes any number. */
#define WORD_OF(noun, type, count)                                                                 \
    static const char *noun##_word(int value)                                                      \
    {                                                                                              \
        return value >= 0 && value < (int)(count) ? noun##_name((type)value) : NULL;               \
    }

WORD_OF(phase, enum phase, PHASE_COUNT)
WORD_OF(path_use, enum path_use, PATH_USE_COUNT)
WORD_OF(address_use, enum address_use, ADDRESS_USE_COUNT)
WORD_OF(socket_origin, enum socket_origin, SOCKET_ORIGIN_COUNT)
WORD_OF(file_type, enum file_type, FILE_TYPE_COUNT)

#define WORDS(noun, text)                                                                          \
    WORD, .size = sizeof(int), .word = noun##_word, .find = noun##_find, .only_words = true,       \
          .what = text

const struct codec codec_phases = {
    BITS,
    .size = sizeof(unsigned),
    .most = PHASE_COUNT - 1,
    .word = phase_word,
    .find = phase_find,
    .what = "one of start, serve, reload, stop",
};
const struct codec codec_path_use = {
    WORDS(path_use, "one of stat, link, read, list, execute, map-execute, write, create, delete, "
                    "bind, connect, mount")
};
const struct codec codec_address_use = {
    WORDS(address_use, "one of connect, send, bind, listen, accept, receive")
};
const struct codec codec_socket_origin = {
    WORDS(socket_origin, "one of created, pair, accepted, inherited")
};
const struct codec codec_file_type = {
    WORDS(file_type, "one of file, directory, symlink, socket, fifo, char-device, block-device, "
                     "missing")
};

static const char *outcome_word(int value)
{
    return value ? errno_name(value) : "success";
}

static int outcome_find(const char *word)
{
    return strcmp(word, "success") == 0 ? 0 : errno_find(word);
}

/* The kernel's MAX_ERRNO is 4095. */
const struct codec codec_outcome = {
    WORD,
    .size = sizeof(int),
    .is_signed = true,
    .has_null = true,
    .null_value = OUTCOME_UNKNOWN,
    .most = 4095,
    .word = outcome_word,
    .find = outcome_find,
    .what = "\"success\", an errno name like \"ENOENT\" (a number up to 4095 when it has none), "
            "or null",
};

const struct codec codec_family = {
    WORD,
    INT,
    .has_null = true,
    .null_value = -1,
    .word = family_name,
    .find = family_find,
    .what = "a family like \"AF_INET\" (a number when it has no name) or null",
};

static const char *const socket_types[] = {
    [SOCK_STREAM] = "SOCK_STREAM", [SOCK_DGRAM] = "SOCK_DGRAM",
    [SOCK_RAW] = "SOCK_RAW",       [SOCK_RDM] = "SOCK_RDM",
    [SOCK_DCCP] = "SOCK_DCCP",     [SOCK_SEQPACKET] = "SOCK_SEQPACKET",
    [SOCK_PACKET] = "SOCK_PACKET",
};

static const char *socket_type_word(int value)
{
    return value >= 0 && (size_t)value < ELEMENTS_OF(socket_types) ? socket_types[value] : NULL;
}

static int socket_type_find(const char *word)
{
    for (size_t i = 0; i < ELEMENTS_OF(socket_types); i++)
        if (socket_types[i] && strcmp(socket_types[i], word) == 0)
            return (int)i;
    return -1;
}

const struct codec codec_socket_type = {
    WORD,
    INT,
    .has_null = true,
    .null_value = -1,
    .word = socket_type_word,
    .find = socket_type_find,
    .what = "a socket type like \"SOCK_STREAM\" (a number when it has no name) or null",
};
