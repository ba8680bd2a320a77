// SPDX-License-Identifier: LGPL-2.1-or-later
/* Numbers that have names: enums, families, socket types, errnos. */
#include "store/codec.h"
#include "store/emit.h"
#include <cinch/model.h>
#include <limits.h>
#include <string.h>
#include <sys/socket.h>

static void word_write(const struct codec *codec, struct str *out, const void *field)
{
    int64_t value = (int64_t)codec_integer_load(codec, field);
    const char *word = value >= INT_MIN && value <= INT_MAX ? codec->word((int)value) : NULL;

    if (word)
        emit_encoded(out, word);
    else
        codec_integer_write(codec, out, field);
}

static int word_read(const struct codec *codec, struct reader *reader, const cJSON *node,
                     void *field)
{
    if (cJSON_IsString(node) || codec->only_words) {
        int found = cJSON_IsString(node) ? codec->find(node->valuestring) : -1;
        if (found < 0)
            return reader_expected(reader, node, codec->what);
        codec_integer_store(codec, field, (uint64_t)found);
        return 0;
    }
    if (cJSON_IsNumber(node) || (codec->has_null && cJSON_IsNull(node)))
        return codec_integer_read(codec, reader, node, field);
    return reader_expected(reader, node, codec->what);
}

#define WORD .write = word_write, .read = word_read

/* model/ asks for a valid enum: a function that takes any number. */
#define WORD_OF(noun, type, count)                                                                 \
    static const char *noun##_word(int value)                                                      \
    {                                                                                              \
        return value >= 0 && value < (int)(count) ? noun##_name((type)value) : NULL;               \
    }

WORD_OF(path_use, enum path_use, PATH_USE_COUNT)
WORD_OF(address_use, enum address_use, ADDRESS_USE_COUNT)
WORD_OF(socket_origin, enum socket_origin, SOCKET_ORIGIN_COUNT)
WORD_OF(file_type, enum file_type, FILE_TYPE_COUNT)
WORD_OF(capability_basis, enum capability_basis, CAPABILITY_BASES)
WORD_OF(capability_watch, enum capability_watch, CAPABILITY_WATCH_COUNT)

#define WORDS(noun, text)                                                                          \
    WORD, .size = sizeof(int), .word = noun##_word, .find = noun##_find, .only_words = true,       \
          .what = text

const struct codec codec_path_use = { WORDS(
    path_use, "one of stat, link, read, list, execute, map-execute, write, create, delete, "
              "bind, connect, mount") };
const struct codec codec_address_use = { WORDS(
    address_use, "one of connect, send, bind, listen, accept, receive") };
const struct codec codec_socket_origin = { WORDS(socket_origin,
                                                 "one of created, pair, accepted, inherited") };
const struct codec codec_file_type = { WORDS(
    file_type, "one of file, directory, symlink, socket, fifo, char-device, block-device, "
               "missing") };

const struct codec codec_capability_basis = { WORDS(capability_basis,
                                                    "one of rule, guess, kernel") };
const struct codec codec_capability_watch = { WORDS(capability_watch,
                                                    "one of unwatched, task, grant") };

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

/* What has a name mostly; else the number stands for itself. */
#define NAMED_NUMBER(to_word, to_number, text)                                                     \
    WORD, .size = sizeof(int), .is_signed = true, .least = INT_MIN, .most = INT_MAX,               \
          .has_null = true, .null_value = -1, .word = (to_word), .find = (to_number), .what = text

const struct codec codec_family = { NAMED_NUMBER(
    family_name, family_find, "a family like \"AF_INET\" (a number when it has no name) or null") };

static const char *const socket_types[] = {
    [SOCK_STREAM] = "SOCK_STREAM", [SOCK_DGRAM] = "SOCK_DGRAM", [SOCK_RAW] = "SOCK_RAW",
    [SOCK_RDM] = "SOCK_RDM",       [SOCK_DCCP] = "SOCK_DCCP",   [SOCK_SEQPACKET] = "SOCK_SEQPACKET",
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

const struct codec codec_socket_type = { NAMED_NUMBER(
    socket_type_word, socket_type_find,
    "a socket type like \"SOCK_STREAM\" (a number when it has no name) or null") };
