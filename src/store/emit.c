// SPDX-License-Identifier: LGPL-2.1-or-later
#include "store/emit.h"
#include <inttypes.h>

void emit_item(struct str *out)
{
    char last = out->length ? out->data[out->length - 1] : '[';

    if (last != '[' && last != '{')
        str_add(out, ", ");
}

void emit_key(struct str *out, const char *key)
{
    emit_item(out);
    str_add_char(out, '"');
    str_add(out, key);
    str_add(out, "\": ");
}

void emit_encoded(struct str *out, const char *text)
{
    str_add_char(out, '"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            str_add_char(out, '\\');
        str_add_char(out, *text);
    }
    str_add_char(out, '"');
}

void emit_text(struct str *out, const char *bytes)
{
    CLEANUP(free_char) char *text = text_encode_string(bytes ? bytes : "");

    emit_encoded(out, text);
}

void emit_integer(struct str *out, bool negative, uint64_t magnitude)
{
    const char *quote = magnitude > EMIT_EXACT ? "\"" : "";

    str_addf(out, "%s%s%" PRIu64 "%s", quote, negative ? "-" : "", magnitude, quote);
}
