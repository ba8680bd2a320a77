/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside render/: a page for a person, its lines broken at the terminal's width. */
#ifndef CINCH_RENDER_PAGE_H
#define CINCH_RENDER_PAGE_H

#include <cinch/render/show.h>

/* Columns before the text of a labelled line. */
#define PAGE_HANGING 16

/* `{ 0 }` with its first three members is an empty page. */
struct page {
    struct str out;
    const struct profile *profile;
    struct show_options options;
    size_t column;  /* of the line under way; 0: none is */
    size_t hanging; /* where its continuation begins */
    size_t gap;     /* blanks before the next word */
};

/* A heading, with an empty line before it. */
void page_title(struct page *page, const char *title);
/* The same with a number: "Paths (59)". */
void page_title_count(struct page *page, const char *title, size_t count);
/* Begins a line: `label` at column `indent`, what follows at column `hanging`. */
void page_begin(struct page *page, size_t indent, const char *label, size_t hanging);
/* One word, which is never broken. */
void page_word(struct page *page, const char *word);
/* The words of a sentence, which may be broken at each blank. */
void page_words(struct page *page, const char *text);
void page_end(struct page *page);
/* A line of these: a label and a sentence, or a sentence alone. */
void page_line(struct page *page, size_t indent, const char *label, const char *text);
void page_text(struct page *page, size_t indent, const char *text);
/* The items, commas between them: at most `most` (with options.all: each), the rest counted. One
 * is broken only when no line is long enough. Nothing when there are none. */
void page_list(struct page *page, size_t indent, const char *label, const struct strings *items,
               size_t most);

/* Bytes from a profile as one word: encoded, and quoted where they would pass for several. */
char *page_name(const char *bytes);
/* page_name() of a path; "DIRECTORY/..." when it stands for any name in a directory. */
char *page_path(const char *path);
/* "1 file", "2 files". */
char *page_count(size_t count, const char *noun);
/* A length of time in the form of systemd.time(7): "41min 3s", "1.250s", "250ms". */
char *page_duration(int64_t ms);

/* ---- the sections ---- */

/* The runs: when, how long, what they showed, how settled. */
void show_runs(struct page *page);
/* The executed programs and what their files say. */
void show_programs(struct page *page);
/* The system calls by phase. */
void show_calls(struct page *page);
/* The paths as a tree. */
void show_paths(struct page *page);
/* Sockets, addresses, peers and names. */
void show_network(struct page *page);
/* Capabilities, and the arguments that directives depend on. */
void show_privileges(struct page *page);
/* Blind spots, phases that no run completed, directories with too many names. */
void show_gaps(struct page *page);

#endif
