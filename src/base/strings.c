// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cinch/base.h>
#include <string.h>

void strings_add(struct strings *strings, const char *text)
{
    mem_reserve(&strings->items, &strings->capacity, strings->count + 1, sizeof(char *));
    strings->items[strings->count++] = mem_strdup(text);
}

bool strings_has(const struct strings *strings, const char *text)
{
    for (size_t i = 0; i < strings->count; i++)
        if (strcmp(strings->items[i], text) == 0)
            return true;
    return false;
}

static int strings_compare(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

void strings_sort_unique(struct strings *strings)
{
    size_t kept = 0;

    if (strings->count < 2)
        return;
    qsort(strings->items, strings->count, sizeof(char *), strings_compare);
    for (size_t i = 0; i < strings->count; i++) {
        if (kept && strcmp(strings->items[kept - 1], strings->items[i]) == 0)
            free(strings->items[i]);
        else
            strings->items[kept++] = strings->items[i];
    }
    strings->count = kept;
}

size_t strings_sorted_at(const struct strings *sorted, const char *text)
{
    size_t low = 0, high = sorted->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(sorted->items[middle], text) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool strings_sorted_has(const struct strings *sorted, const char *text)
{
    size_t at = strings_sorted_at(sorted, text);

    return at < sorted->count && strcmp(sorted->items[at], text) == 0;
}

char *strings_list(const struct strings *strings, size_t most)
{
    struct str text = { 0 };

    str_add(&text, "");
    for (size_t i = 0; i < strings->count && i < most; i++)
        str_addf(&text, "%s%s", i ? ", " : "", strings->items[i]);
    if (strings->count > most)
        str_addf(&text, " and %zu more", strings->count - most);
    return str_steal(&text);
}

void strings_done(struct strings *strings)
{
    for (size_t i = 0; i < strings->count; i++)
        free(strings->items[i]);
    free(strings->items);
    *strings = (struct strings){ 0 };
}

void strings_copy(struct strings *to, const struct strings *from)
{
    *to = (struct strings){ 0 };
    for (size_t i = 0; i < from->count; i++)
        strings_add(to, from->items[i]);
}
