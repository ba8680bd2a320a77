// SPDX-License-Identifier: LGPL-2.1-or-later
#include "model/collapse.h"
#include <cinch/base/limits.h>
#include <cinch/model/places.h>
#include <string.h>
#include <uthash.h>

struct collapse_node {
    char *path;
    size_t names;    /* distinct names in it */
    size_t branches; /* those of them that hold many names themselves */
    bool is_branch;  /* it is one of its parent's */
    bool is_collapsed;
    bool is_needless; /* about to be forgotten */
    bool takes_all;   /* folded with all below it, wherever it is */
    size_t weight;    /* while room is made: bytes of it and all below it */
    UT_hash_handle hh;
};

static bool is_shared(const char *directory, size_t length)
{
    if (place_is_shared(directory, length))
        return true;
    /* /home/somebody */
    return length > strlen("/home/") && str_starts_with(directory, "/home/") &&
           !memchr(directory + strlen("/home/"), '/', length - strlen("/home/"));
}

/* Names that stand for no file of a directory. */
static bool is_counted(const char *path)
{
    return path[0] == '/' && !str_starts_with(path, "/memfd:");
}

static struct collapse_node *node_find(const struct collapse *collapse, const char *path,
                                       size_t length)
{
    struct collapse_node *node;

    HASH_FIND(hh, collapse->nodes, path, length, node);
    return node;
}

static struct collapse_node *node_get(struct collapse *collapse, const char *path, size_t length,
                                      bool *ret_new)
{
    struct collapse_node *node = node_find(collapse, path, length);

    *ret_new = !node;
    if (node)
        return node;
    node = mem_new(1, sizeof(*node));
    node->path = mem_strndup(path, length);
    HASH_ADD_KEYPTR(hh, collapse->nodes, node->path, length, node);
    collapse->bytes += length;
    return node;
}

static void node_free(struct collapse *collapse, struct collapse_node *node)
{
    HASH_DEL(collapse->nodes, node);
    collapse->bytes -= strlen(node->path);
    free(node->path);
    free(node);
}

/* Length of the directory that holds the first `length` bytes of a path: "/a/b" -> 2, "/a" -> 1. */
static size_t parent_length(const char *path, size_t length)
{
    while (length > 1 && path[length - 1] != '/')
        length--;
    return length > 1 ? length - 1 : 1;
}

void collapse_init(struct collapse *collapse)
{
    *collapse = (struct collapse){ .limits = { .names = PROFILE_COLLAPSE_NAMES,
                                               .branches = PROFILE_COLLAPSE_BRANCHES,
                                               .branch_names = PROFILE_COLLAPSE_BRANCH_NAMES,
                                               .total = LIMIT_PROFILE_NAMES,
                                               .bytes = LIMIT_PROFILE_NAME_BYTES } };
}

void collapse_done(struct collapse *collapse)
{
    struct collapse_node *node, *next;

    HASH_ITER (hh, collapse->nodes, node, next)
        node_free(collapse, node);
    *collapse = (struct collapse){ 0 };
}

/* What lies below a directory called "dev" may be a device: those stay told apart from files. */
static bool has_dev(const char *rest)
{
    for (;; rest += strcspn(rest, "/") + 1) {
        if (str_starts_with(rest, "dev/"))
            return true;
        if (!rest[strcspn(rest, "/")])
            return false;
    }
}

/* Whether a folded directory stands for the path, too. */
static bool node_holds(const struct collapse_node *node, const char *path)
{
    size_t length = strlen(node->path);
    const char *rest = path + length + (length > 1);

    if (node->takes_all)
        return true;
    if (has_dev(rest))
        return false;
    /* A folded directory below a shared one has a name of its own. */
    return !is_shared(node->path, length) || !*rest || !strchr(rest, '/');
}

/* Length of the first LIMIT_PATH_DEPTH names of a path that has more; 0: it has not. */
static size_t deep_length(const char *path)
{
    size_t names = 0;

    for (const char *at = path; (at = strchr(at, '/')) && at[1]; at++)
        if (names++ == LIMIT_PATH_DEPTH)
            return (size_t)(at - path);
    return 0;
}

char *collapse_replace(const struct collapse *collapse, const char *path, bool missing)
{
    const struct collapse_node *outermost = NULL;
    size_t deep = is_counted(path) ? deep_length(path) : 0;

    if (!is_counted(path) || (!collapse->collapsed && !deep && !collapse->drops_missing))
        return NULL;
    if (missing && collapse->drops_missing)
        return mem_strdup("//");
    for (size_t length = deep ? deep + 1 : strlen(path); collapse->collapsed && length > 1;) {
        length = parent_length(path, length);
        const struct collapse_node *node = node_find(collapse, path, length);
        if (node && node->is_collapsed && node_holds(node, path))
            outermost = node;
    }
    if (outermost)
        return mem_printf("%s/", outermost->path);
    return deep ? mem_printf("%.*s/", (int)deep, path) : NULL;
}

static bool is_crowded(const struct collapse *collapse, const struct collapse_node *node)
{
    if (node->is_collapsed)
        return false;
    return node->names > collapse->limits.names || (node->branches > collapse->limits.branches &&
                                                    !is_shared(node->path, strlen(node->path)));
}

/* A directory that holds many names is one more branch of the one above it. */
static void note_branch(struct collapse *collapse, struct collapse_node *node)
{
    bool is_new;
    size_t length = strlen(node->path);

    if (node->is_branch || length == 1 ||
        (node->names <= collapse->limits.branch_names && !node->is_collapsed))
        return;
    node->is_branch = true;
    node_get(collapse, node->path, parent_length(node->path, length), &is_new)->branches++;
}

/* Counts the first `length` bytes of a path, and each directory above that is new itself. */
static void count_name(struct collapse *collapse, const char *path, size_t length)
{
    bool is_new;

    (void)node_get(collapse, path, length, &is_new);
    while (is_new && length > 1) {
        length = parent_length(path, length);
        struct collapse_node *above = node_get(collapse, path, length, &is_new);
        above->names++;
        note_branch(collapse, above);
    }
}

static void collapse_node(struct collapse *collapse, struct collapse_node *node)
{
    collapse->collapsed++;
    node->is_collapsed = true;
    note_branch(collapse, node);
}

/* Takes over a folded directory, the first `length` bytes of the path. */
static enum collapse_change collapse_take(struct collapse *collapse, const char *path,
                                          size_t length)
{
    count_name(collapse, path, length);
    struct collapse_node *node = node_find(collapse, path, length);
    if (node->is_collapsed)
        return COLLAPSE_SAME;
    collapse_node(collapse, node);
    return node->names ? COLLAPSE_NAMES : COLLAPSE_ALONE;
}

enum collapse_change collapse_add(struct collapse *collapse, const char *path)
{
    size_t length = strlen(path);
    enum collapse_change change = COLLAPSE_SAME;

    if (!is_counted(path))
        return COLLAPSE_SAME;
    if (path_is_collapsed(path)) {
        length = parent_length(path, length);
        change = collapse_take(collapse, path, length);
    } else {
        count_name(collapse, path, length);
    }
    while (length > 1) {
        length = parent_length(path, length);
        struct collapse_node *node = node_find(collapse, path, length);
        if (!is_crowded(collapse, node))
            continue;
        collapse_node(collapse, node);
        change = COLLAPSE_NAMES;
    }
    return change;
}

/* ---- room ---- */

bool collapse_is_full(const struct collapse *collapse)
{
    return HASH_COUNT(collapse->nodes) > collapse->limits.total ||
           collapse->bytes + collapse->other_bytes > collapse->limits.bytes;
}

/* Sums up what each directory holds. */
static void weigh(struct collapse *collapse)
{
    for (struct collapse_node *node = collapse->nodes; node; node = node->hh.next)
        node->weight = 0;
    for (struct collapse_node *node = collapse->nodes; node; node = node->hh.next) {
        size_t length = strlen(node->path), cost = length + sizeof(*node);
        node->weight += cost;
        while (length > 1) {
            length = parent_length(node->path, length);
            node_find(collapse, node->path, length)->weight += cost;
        }
    }
}

/* The heaviest of those directly in a directory; the first by name of several. */
static struct collapse_node *heaviest_in(const struct collapse *collapse,
                                         const struct collapse_node *directory)
{
    struct collapse_node *heaviest = NULL;

    for (struct collapse_node *node = collapse->nodes; node; node = node->hh.next) {
        size_t length = strlen(node->path);
        if (length == 1 || !node->names || node->takes_all ||
            node_find(collapse, node->path, parent_length(node->path, length)) != directory)
            continue;
        if (!heaviest || node->weight > heaviest->weight ||
            (node->weight == heaviest->weight && strcmp(node->path, heaviest->path) < 0))
            heaviest = node;
    }
    return heaviest;
}

/* A directory is folded as deep as it still holds a good part of everything; the root itself only
 * where none of its directories does. */
#define GOOD_PART   2
#define ENOUGH_PART 16

void collapse_make_room(struct collapse *collapse)
{
    if (!collapse->drops_missing) {
        collapse->drops_missing = true;
        return;
    }
    weigh(collapse);
    struct collapse_node *at = node_find(collapse, "/", 1), *below = at;
    size_t all = at ? at->weight : 0;
    while (at && (below = heaviest_in(collapse, at)) &&
           below->weight >= all / (strcmp(at->path, "/") == 0 ? ENOUGH_PART : GOOD_PART))
        at = below;
    if (!at)
        return;
    at->takes_all = true;
    if (!at->is_collapsed)
        collapse_node(collapse, at);
}

void collapse_restart(struct collapse *collapse)
{
    CLEANUP(strings_done) struct strings kept = { 0 };
    struct collapse_node *node, *next;

    HASH_ITER (hh, collapse->nodes, node, next) {
        if (node->takes_all)
            strings_add(&kept, node->path);
        node_free(collapse, node);
    }
    collapse->collapsed = 0;
    collapse->other_bytes = 0;
    for (size_t i = 0; i < kept.count; i++) {
        size_t length = strlen(kept.items[i]);
        count_name(collapse, kept.items[i], length);
        node = node_find(collapse, kept.items[i], length);
        node->is_collapsed = node->takes_all = true;
        collapse->collapsed++;
    }
}

/* What a node counts is told by the folded directory above it. */
static bool is_needless(const struct collapse *collapse, const struct collapse_node *node)
{
    if (strcmp(path_name(node->path), "dev") == 0)
        return false;
    for (size_t length = strlen(node->path); length > 1;) {
        length = parent_length(node->path, length);
        const struct collapse_node *above = node_find(collapse, node->path, length);
        if (!above->is_collapsed || !node_holds(above, node->path))
            continue;
        if (!is_shared(above->path, length) || (!node->names && !node->is_collapsed))
            return true;
    }
    return false;
}

/* All that is above what is needed is needed. */
static void keep_above(const struct collapse *collapse, const struct collapse_node *node)
{
    for (size_t length = strlen(node->path); length > 1;) {
        length = parent_length(node->path, length);
        node_find(collapse, node->path, length)->is_needless = false;
    }
}

void collapse_forget(struct collapse *collapse)
{
    struct collapse_node *node, *next;

    for (node = collapse->nodes; node; node = node->hh.next)
        node->is_needless = is_needless(collapse, node);
    for (node = collapse->nodes; node; node = node->hh.next)
        if (!node->is_needless)
            keep_above(collapse, node);
    HASH_ITER (hh, collapse->nodes, node, next) {
        if (!node->is_needless)
            continue;
        collapse->collapsed -= node->is_collapsed;
        node_free(collapse, node);
    }
}
