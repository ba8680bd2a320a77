// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cinch/base.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void str_add_bytes(struct str *str, const void *bytes, size_t length)
{
    mem_reserve(&str->data, &str->capacity, str->length + length + 1, 1);
    if (length)
        memcpy(str->data + str->length, bytes, length);
    str->length += length;
    str->data[str->length] = '\0';
}

void str_add(struct str *str, const char *text)
{
    str_add_bytes(str, text, strlen(text));
}

void str_add_char(struct str *str, char c)
{
    str_add_bytes(str, &c, 1);
}

void str_addf(struct str *str, const char *format, ...)
{
    va_list args, again;

    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length < 0)
        abort();
    mem_reserve(&str->data, &str->capacity, str->length + (size_t)length + 1, 1);
    vsnprintf(str->data + str->length, (size_t)length + 1, format, again);
    va_end(again);
    str->length += (size_t)length;
}

char *str_steal(struct str *str)
{
    char *data = str->data ? str->data : mem_new(1, 1);

    *str = (struct str){ 0 };
    return data;
}

void str_done(struct str *str)
{
    free(str->data);
    *str = (struct str){ 0 };
}

bool str_starts_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool str_has_word(const char *words, const char *word)
{
    size_t length = strlen(word);

    if (!length)
        return false;
    for (const char *at = words; (at = strstr(at, word)); at += length)
        if ((at == words || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
            return true;
    return false;
}
