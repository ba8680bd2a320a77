// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cinch/base.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void *mem_checked(void *memory)
{
    if (!memory) {
        static const char message[] = "cinch: out of memory\n";
        fwrite(message, 1, sizeof(message) - 1, stderr);
        abort();
    }
    return memory;
}

void *mem_new(size_t count, size_t size)
{
    return mem_checked(calloc(count ? count : 1, size));
}

void *mem_resize(void *old, size_t count, size_t size)
{
    size_t bytes;

    if (__builtin_mul_overflow(count, size, &bytes))
        mem_checked(NULL);
    return mem_checked(realloc(old, bytes ? bytes : 1));
}

void mem_reserve(void *array, size_t *capacity, size_t needed, size_t size)
{
    void *memory;

    if (needed <= *capacity)
        return;
    size_t larger = *capacity ? *capacity : 8;
    while (larger < needed)
        if (__builtin_mul_overflow(larger, 2, &larger))
            mem_checked(NULL);
    memcpy(&memory, array, sizeof(memory));
    memory = mem_resize(memory, larger, size);
    memcpy(array, &memory, sizeof(memory));
    *capacity = larger;
}

char *mem_strdup(const char *text)
{
    return text ? mem_checked(strdup(text)) : NULL;
}

char *mem_strndup(const char *text, size_t length)
{
    char *copy = mem_new(length + 1, 1);

    if (length)
        memcpy(copy, text, length);
    return copy;
}

char *mem_printf(const char *format, ...)
{
    char *text = NULL;
    va_list args;

    va_start(args, format);
    int length = vasprintf(&text, format, args);
    va_end(args);
    return mem_checked(length < 0 ? NULL : text);
}
