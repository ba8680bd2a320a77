/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Inside store/: how each kind of field stands in JSON, both ways. A record is a table of fields,
 * so what is written and what is read can not drift apart.
 */
#ifndef CINCH_STORE_CODEC_H
#define CINCH_STORE_CODEC_H

#include "store/json_reader.h"

struct codec {
    void (*write)(const struct codec *codec, struct str *out, const void *field);
    int (*read)(const struct codec *codec, struct reader *reader, const cJSON *node, void *field);
    void (*done)(void *field); /* NULL when the field owns nothing */
    /* integers and words */
    unsigned char size; /* bytes */
    bool is_signed;
    bool has_null;   /* null stands for `null_value` */
    bool only_words; /* no number is taken for a word */
    int64_t null_value;
    int64_t least;
    uint64_t most;
    const char *what; /* for errors */
    /* words: the name of a value or NULL, and the value of a name or -1 */
    const char *(*word)(int value);
    int (*find)(const char *word);
};

extern const struct codec codec_text;         /* char *, never null */
extern const struct codec codec_text_or_null; /* char *, "" is null */
extern const struct codec codec_host;         /* char *, an address_fact's host */
extern const struct codec codec_strings;      /* struct strings */
extern const struct codec codec_flag;
extern const struct codec codec_mode;           /* unsigned, octal text */
extern const struct codec codec_unsigned;       /* unsigned */
extern const struct codec codec_int64;          /* int64_t */
extern const struct codec codec_int64_or_null;  /* int64_t, -1 is null */
extern const struct codec codec_uint64;         /* uint64_t */
extern const struct codec codec_count;          /* uint64_t, 0 is null: seen, not counted */
extern const struct codec codec_int_or_null;    /* int, -1 is null */
extern const struct codec codec_number_or_null; /* int, 0 is null: ports, signals */
extern const struct codec codec_slices;         /* uint64_t as the list of its bits */
extern const struct codec codec_phases;         /* unsigned as the list of its bits' names */
extern const struct codec codec_outcome;        /* int */
extern const struct codec codec_family;         /* int */
extern const struct codec codec_socket_type;    /* int */
extern const struct codec codec_path_use;
extern const struct codec codec_address_use;
extern const struct codec codec_socket_origin;
extern const struct codec codec_file_type;
extern const struct codec codec_capability_basis;
extern const struct codec codec_capability_watch;

/* An integer field of `codec->size` bytes: its 64 bits (sign extended), and both ways in JSON. */
uint64_t codec_integer_load(const struct codec *codec, const void *field);
void codec_integer_store(const struct codec *codec, void *field, uint64_t bits);
void codec_integer_write(const struct codec *codec, struct str *out, const void *field);
int codec_integer_read(const struct codec *codec, struct reader *reader, const cJSON *node,
                       void *field);

/* One field of a record. A table of them ends with a NULL name. */
struct field {
    const char *name;
    const struct codec *codec;
    size_t offset;
    bool optional; /* a bool, a word or a text that is absent when false, 0 or empty */
};

#endif
