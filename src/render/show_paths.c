// SPDX-License-Identifier: LGPL-2.1-or-later
/* The paths as a tree, which fits a number of lines: what does not is counted. */
#include "render/page.h"
#include "render/path_tree.h"
#include <string.h>

/* Lines of the tree at most. */
#define PATHS_ROWS 60
/* So many names of a directory that were used alike are listed; more share a line. */
#define PATHS_LISTED 4
/* Where the words for uses begin, and how far names are indented at most. */
#define PATHS_COLUMN 38
#define PATHS_INDENT 24
/* With fewer lines only the numbers of a directory are said. */
#define LARGEST_ROWS 4
#define MOVES_SHOWN  12

struct printer {
    struct page *page;
    const struct path_tree *tree;
    size_t group;
};

/* ---- one line -------------------------------------------------------------------------------- */

static void print_row(struct page *page, unsigned level, const char *name, const char *text)
{
    size_t indent = 2 + 2 * (size_t)level;

    page_begin(page, indent < PATHS_INDENT ? indent : PATHS_INDENT, name, PATHS_COLUMN);
    page_words(page, text);
    page_end(page);
}

/* "etc/", "nginx.conf", "...". */
static void add_name(const struct path_tree *tree, size_t number, struct str *name)
{
    const struct path_node *node = &tree->nodes[number];
    CLEANUP(free_char) char *bytes = mem_strndup(node->name, node->length);

    str_add(name, node->length ? bytes : "...");
    if (!path_tree_is_leaf(tree, number) && strcmp(bytes, "/") != 0)
        str_add_char(name, '/');
}

/* Its name, with those of the directories that hold nothing else; *node becomes the last. */
static char *row_name(const struct path_tree *tree, size_t *node)
{
    struct str name = { 0 };

    add_name(tree, *node, &name);
    for (size_t only; (only = path_tree_only(tree, *node)); *node = only)
        add_name(tree, only, &name);
    char *shown = page_name(name.data);
    str_done(&name);
    return shown;
}

static char *row_text(const struct path_node *node)
{
    CLEANUP(free_char) char *uses = path_uses_text(&node->uses);

    return mem_printf("%s%s", uses, node->length ? "" : ": any name in this directory");
}

/* That a directory on the way was looked up goes without saying. */
static char *directory_text(const struct path_tree *tree, size_t number)
{
    const struct path_node *node = &tree->nodes[number];
    bool is_plain = !path_tree_is_leaf(tree, number) &&
                    (!node->used || node->uses.done == 1u << PATH_STAT || !node->uses.done);

    return is_plain ? mem_strdup("") : row_text(node);
}

/* A directory of which only the numbers are said. */
static char *folded_text(const struct path_node *node)
{
    CLEANUP(free_char) char *paths = page_count(node->entries, "path");
    CLEANUP(free_char) char *counts = path_uses_counts_text(node->counts);

    return mem_printf("%s: %s", paths, counts);
}

/* ---- the leaves of a directory --------------------------------------------------------------- */

static void print_leaf(const struct printer *printer, size_t node, unsigned level)
{
    const struct path_node *leaf = &printer->tree->nodes[node];
    CLEANUP(free_char) char *name = row_name(printer->tree, &node);
    CLEANUP(free_char) char *text = row_text(leaf);

    print_row(printer->page, level, name, text);
}

static void print_group(const struct printer *printer, const struct path_uses *uses, size_t count,
                        unsigned level)
{
    CLEANUP(free_char)
    char *name = page_count(count, path_uses_are_missing(uses) ? "name" : "file");
    CLEANUP(free_char) char *text = path_uses_text(uses);

    print_row(printer->page, level, name, text);
}

static void print_leaves(const struct printer *printer, size_t node, unsigned level)
{
    const struct path_tree *tree = printer->tree;
    size_t count;
    size_t *leaves = path_tree_leaves(tree, node, &count);

    for (size_t i = 0, next; i < count; i = next) {
        for (next = i + 1; next < count && path_tree_is_alike(tree, leaves[i], leaves[next]);)
            next++;
        if (next - i > printer->group)
            print_group(printer, &tree->nodes[leaves[i]].uses, next - i, level);
        for (size_t k = i; next - i <= printer->group && k < next; k++)
            print_leaf(printer, leaves[k], level);
    }
    free(leaves);
}

/* ---- directories ----------------------------------------------------------------------------- */

/* A directory among its siblings, and how many lines it is given. */
struct share {
    size_t node, rows, given, entries;
};

static int share_compare_rows(const void *left, const void *right)
{
    const struct share *a = left, *b = right;

    return a->rows != b->rows ? (a->rows < b->rows ? -1 : 1) : a->node < b->node ? -1 : 1;
}

static int share_compare_node(const void *left, const void *right)
{
    const struct share *a = left, *b = right;

    return a->node < b->node ? -1 : a->node > b->node;
}

static int share_compare_entries(const void *left, const void *right)
{
    const struct share *a = left, *b = right;

    return a->entries != b->entries ? (a->entries > b->entries ? -1 : 1)
                                    : share_compare_node(left, right);
}

/* The directories right below. */
static struct share *list_shares(const struct path_tree *tree, size_t node, size_t *ret_count)
{
    struct share *shares = NULL;
    size_t count = 0, capacity = 0;

    for (size_t child = node + 1; child < tree->nodes[node].end; child = tree->nodes[child].end) {
        if (path_tree_is_leaf(tree, child))
            continue;
        mem_reserve(&shares, &capacity, count + 1, sizeof(*shares));
        shares[count++] =
            (struct share){ child, tree->nodes[child].rows, 0, tree->nodes[child].entries };
    }
    *ret_count = count;
    return shares;
}

/* The directories right below, with `rows` lines between them: small ones are printed whole, what
 * is left is shared by the large ones. */
static struct share *share_rows(const struct path_tree *tree, size_t node, size_t rows,
                                size_t *ret_count)
{
    size_t count;
    struct share *shares = list_shares(tree, node, &count);

    *ret_count = count;
    if (!count)
        return shares;
    qsort(shares, count, sizeof(*shares), share_compare_rows);
    for (size_t i = 0; i < count; i++) {
        size_t most = rows / (count - i);
        shares[i].given = shares[i].rows < most ? shares[i].rows : most;
        rows -= shares[i].given;
    }
    qsort(shares, count, sizeof(*shares), share_compare_node);
    return shares;
}

static void print_below(const struct printer *printer, size_t node, size_t rows, unsigned level);
static void print_directory(const struct printer *printer, size_t node, size_t rows,
                            unsigned level);

/* The largest directories in one that has more names than lines: each is counted. */
static void print_largest(const struct printer *printer, size_t node, size_t rows, unsigned level)
{
    const struct path_node *parent = &printer->tree->nodes[node];
    size_t all, rest = parent->entries - parent->used;
    struct share *shares = list_shares(printer->tree, node, &all);
    size_t count = rows < LARGEST_ROWS ? 0 : all < rows - 1 ? all : rows - 1;

    if (count) {
        qsort(shares, all, sizeof(*shares), share_compare_entries);
        qsort(shares, count, sizeof(*shares), share_compare_node);
    }
    for (size_t i = 0; i < count; i++) {
        print_directory(printer, shares[i].node, 0, level);
        rest -= shares[i].entries;
    }
    free(shares);
    CLEANUP(free_char) char *more = mem_printf("%zu more", rest);
    if (count && rest)
        print_row(printer->page, level, "...", more);
}

static void print_directory(const struct printer *printer, size_t node, size_t rows, unsigned level)
{
    bool whole = printer->tree->nodes[node].direct <= rows;
    CLEANUP(free_char) char *name = row_name(printer->tree, &node);
    const struct path_node *last = &printer->tree->nodes[node];
    CLEANUP(free_char)
    char *text = whole ? directory_text(printer->tree, node) : folded_text(last);

    print_row(printer->page, level, name, text);
    if (whole)
        print_below(printer, node, rows, level + 1);
    else
        print_largest(printer, node, rows, level + 1);
}

/* What lies in a directory, in at most `rows` lines, which are enough for its own names. */
static void print_below(const struct printer *printer, size_t node, size_t rows, unsigned level)
{
    const struct path_tree *tree = printer->tree;
    size_t count, direct = tree->nodes[node].direct;
    struct share *shares = share_rows(tree, node, rows > direct ? rows - direct : 0, &count);

    for (size_t i = 0; i < count; i++)
        print_directory(printer, shares[i].node, shares[i].given, level);
    free(shares);
    print_leaves(printer, node, level);
}

/* ---- all ------------------------------------------------------------------------------------- */

static void show_moves(struct page *page)
{
    size_t count;
    const struct fact *const *facts = profile_facts(page->profile, FACT_MOVE, &count);
    CLEANUP(strings_done) struct strings lines = { 0 };

    for (size_t i = 0; i < count; i++) {
        CLEANUP(free_char) char *from = page_path(facts[i]->move.from);
        CLEANUP(free_char) char *to = page_path(facts[i]->move.to);
        CLEANUP(free_char) char *line = mem_printf("%s to %s", from, to);
        if (fact_may_have_succeeded(facts[i]))
            strings_add(&lines, line);
    }
    strings_sort_unique(&lines);
    if (lines.count)
        page_text(page, 2, "files moved or linked from one directory to another");
    page_list(page, 4, "", &lines, MOVES_SHOWN);
}

void show_paths(struct page *page)
{
    struct path_tree tree;
    bool all = page->options.all;
    size_t group = all ? SIZE_MAX : PATHS_LISTED;
    const struct printer printer = { page, &tree, group };

    path_tree_init(&tree, page->profile, group);
    page_title_count(page, "Paths", tree.nodes[0].entries);
    size_t rows = all || tree.nodes[0].rows < PATHS_ROWS ? tree.nodes[0].rows : PATHS_ROWS;
    CLEANUP(free_char) char *folded = folded_text(&tree.nodes[0]);
    if (tree.nodes[0].direct <= rows)
        print_below(&printer, 0, rows, 0);
    else
        page_text(page, 2, folded);
    path_tree_done(&tree);
    show_moves(page);
}
