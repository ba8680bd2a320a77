// SPDX-License-Identifier: LGPL-2.1-or-later
#include "render/page.h"
#include <cinch/render.h>
#include <inttypes.h>
#include <string.h>

#define PAGE_BOLD  "\x1b[1m"
#define PAGE_PLAIN "\x1b[0m"

/* ---- lines ----------------------------------------------------------------------------------- */

static void page_blanks(struct page *page, size_t count)
{
    for (size_t i = 0; i < count; i++)
        str_add_char(&page->out, ' ');
    page->column += count;
}

void page_title(struct page *page, const char *title)
{
    str_addf(&page->out, "%s%s%s%s\n", page->out.length ? "\n" : "",
             page->options.colour ? PAGE_BOLD : "", title, page->options.colour ? PAGE_PLAIN : "");
}

void page_title_count(struct page *page, const char *title, size_t count)
{
    CLEANUP(free_char) char *text = mem_printf("%s (%zu)", title, count);

    page_title(page, text);
}

void page_begin(struct page *page, size_t indent, const char *label, size_t hanging)
{
    size_t end = indent + strlen(label);

    page->column = 0;
    page->hanging = hanging;
    page_blanks(page, indent);
    str_add(&page->out, label);
    page->column = end;
    page->gap = !*label ? 0 : end + 1 < hanging ? hanging - end : 2;
}

static void page_break(struct page *page)
{
    str_add_char(&page->out, '\n');
    page->column = 0;
    page_blanks(page, page->hanging);
}

void page_word(struct page *page, const char *word)
{
    size_t length = strlen(word);

    if (page->column + page->gap + length > page->options.columns && page->column > page->hanging)
        page_break(page);
    else
        page_blanks(page, page->gap);
    str_add(&page->out, word);
    page->column += length;
    page->gap = 1;
}

void page_words(struct page *page, const char *text)
{
    /* Several blanks have empty words between them: a quoted name keeps all of them. */
    for (const char *at = text; *at;) {
        size_t length = strcspn(at, " ");
        CLEANUP(free_char) char *word = mem_strndup(at, length);
        page_word(page, word);
        at += length + (at[length] == ' ');
    }
}

void page_end(struct page *page)
{
    str_add_char(&page->out, '\n');
    page->column = 0;
}

void page_line(struct page *page, size_t indent, const char *label, const char *text)
{
    page_begin(page, indent, label, PAGE_HANGING);
    page_words(page, text);
    page_end(page);
}

void page_text(struct page *page, size_t indent, const char *text)
{
    page_begin(page, indent, "", indent + 2);
    page_words(page, text);
    page_end(page);
}

void page_list(struct page *page, size_t indent, const char *label, const struct strings *items,
               size_t most)
{
    size_t shown = page->options.all || items->count <= most ? items->count : most;

    if (!items->count)
        return;
    page_begin(page, indent, label, *label ? PAGE_HANGING : indent);
    for (size_t i = 0; i < shown; i++) {
        CLEANUP(free_char)
        char *word = mem_printf("%s%s", items->items[i], i + 1 < items->count ? "," : "");
        if (page->hanging + strlen(word) > page->options.columns)
            page_words(page, word);
        else
            page_word(page, word);
    }
    CLEANUP(free_char) char *rest = mem_printf("and %zu more", items->count - shown);
    if (shown < items->count)
        page_words(page, rest);
    page_end(page);
}

/* ---- words ----------------------------------------------------------------------------------- */

char *page_name(const char *bytes)
{
    CLEANUP(free_char) char *encoded = text_encode_string(bytes);
    struct str word = { 0 };

    if (*encoded && !strpbrk(encoded, " '\","))
        return mem_strdup(encoded);
    quote_shell(&word, encoded);
    return str_steal(&word);
}

char *page_path(const char *path)
{
    CLEANUP(free_char) char *shown = path_uncollapse(path);

    return page_name(shown);
}

char *page_count(size_t count, const char *noun)
{
    return mem_printf("%zu %s%s", count, noun, count == 1 ? "" : "s");
}

/* "2h", "2h 5min". */
static char *page_units(int64_t count, const char *unit, int64_t rest, const char *rest_unit)
{
    if (!rest)
        return mem_printf("%" PRId64 "%s", count, unit);
    return mem_printf("%" PRId64 "%s %" PRId64 "%s", count, unit, rest, rest_unit);
}

char *page_duration(int64_t ms)
{
    int64_t s = ms / 1000, min = s / 60, h = min / 60, days = h / 24;

    if (ms < 0)
        return mem_strdup("an unknown time");
    if (days)
        return page_units(days, "d", h % 24, "h");
    if (h)
        return page_units(h, "h", min % 60, "min");
    if (min)
        return page_units(min, "min", s % 60, "s");
    if (s && ms % 1000)
        return mem_printf("%" PRId64 ".%03" PRId64 "s", s, ms % 1000);
    return s ? mem_printf("%" PRId64 "s", s) : mem_printf("%" PRId64 "ms", ms);
}
