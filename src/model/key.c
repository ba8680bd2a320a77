// SPDX-License-Identifier: LGPL-2.1-or-later
/* The bytes by which a record is found. */
#include "model/key.h"
#include <string.h>

void key_text(struct str *key, const char *text)
{
    str_add_bytes(key, text ? text : "", (text ? strlen(text) : 0) + 1);
}

void key_number(struct str *key, int64_t number)
{
    uint64_t biased = (uint64_t)number ^ ((uint64_t)1 << 63);

    for (int shift = 56; shift >= 0; shift -= 8)
        str_add_char(key, (char)(biased >> shift));
}

void key_strings(struct str *key, const struct strings *strings)
{
    key_number(key, (int64_t)strings->count);
    for (size_t i = 0; i < strings->count; i++)
        key_text(key, strings->items[i]);
}
