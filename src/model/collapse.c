// SPDX-License-Identifier: LGPL-2.1-or-later
#include "model/collapse.h"
#include <cinch/base/limits.h>
#include <cinch/model/places.h>
#include <string.h>
#include <uthash.h>

struct fold_node {
    char *path;
    size_t names;    /* distinct names in it */
    size_t branches; /* those of them that hold many names themselves */
    bool is_branch;  /* it is one of its parent's */
    bool is_folded;
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

static struct fold_node *node_find(const struct fold *fold, const char *path, size_t length)
{
    struct fold_node *node;

    HASH_FIND(hh, fold->nodes, path, length, node);
    return node;
}

static struct fold_node *node_get(struct fold *fold, const char *path, size_t length, bool *ret_new)
{
    struct fold_node *node = node_find(fold, path, length);

    *ret_new = !node;
    if (node)
        return node;
    node = mem_new(1, sizeof(*node));
    node->path = mem_strndup(path, length);
    HASH_ADD_KEYPTR(hh, fold->nodes, node->path, length, node);
    fold->bytes += length;
    return node;
}

static void node_free(struct fold *fold, struct fold_node *node)
{
    HASH_DEL(fold->nodes, node);
    fold->bytes -= strlen(node->path);
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

void fold_init(struct fold *fold)
{
    *fold = (struct fold){ .limits = { .names = PROFILE_FOLD_NAMES,
                                       .branches = PROFILE_FOLD_BRANCHES,
                                       .branch_names = PROFILE_FOLD_BRANCH_NAMES,
                                       .total = LIMIT_PROFILE_NAMES,
                                       .bytes = LIMIT_PROFILE_NAME_BYTES } };
}

void fold_done(struct fold *fold)
{
    struct fold_node *node, *next;

    HASH_ITER (hh, fold->nodes, node, next)
        node_free(fold, node);
    *fold = (struct fold){ 0 };
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
static bool node_holds(const struct fold_node *node, const char *path)
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

char *fold_replace(const struct fold *fold, const char *path, bool missing)
{
    const struct fold_node *outermost = NULL;
    size_t deep = is_counted(path) ? deep_length(path) : 0;

    if (!is_counted(path) || (!fold->folded && !deep && !fold->drops_missing))
        return NULL;
    if (missing && fold->drops_missing)
        return mem_strdup("//");
    for (size_t length = deep ? deep + 1 : strlen(path); fold->folded && length > 1;) {
        length = parent_length(path, length);
        const struct fold_node *node = node_find(fold, path, length);
        if (node && node->is_folded && node_holds(node, path))
            outermost = node;
    }
    if (outermost)
        return mem_printf("%s/", outermost->path);
    return deep ? mem_printf("%.*s/", (int)deep, path) : NULL;
}

static bool is_crowded(const struct fold *fold, const struct fold_node *node)
{
    if (node->is_folded)
        return false;
    return node->names > fold->limits.names ||
           (node->branches > fold->limits.branches && !is_shared(node->path, strlen(node->path)));
}

/* A directory that holds many names is one more branch of the one above it. */
static void note_branch(struct fold *fold, struct fold_node *node)
{
    bool is_new;
    size_t length = strlen(node->path);

    if (node->is_branch || length == 1 ||
        (node->names <= fold->limits.branch_names && !node->is_folded))
        return;
    node->is_branch = true;
    node_get(fold, node->path, parent_length(node->path, length), &is_new)->branches++;
}

/* Counts the first `length` bytes of a path, and each directory above that is new itself. */
static void count_name(struct fold *fold, const char *path, size_t length)
{
    bool is_new;

    (void)node_get(fold, path, length, &is_new);
    while (is_new && length > 1) {
        length = parent_length(path, length);
        struct fold_node *above = node_get(fold, path, length, &is_new);
        above->names++;
        note_branch(fold, above);
    }
}

static void fold_node(struct fold *fold, struct fold_node *node)
{
    fold->folded++;
    node->is_folded = true;
    note_branch(fold, node);
}

/* Takes over a folded directory, the first `length` bytes of the path. */
static enum fold_change fold_take(struct fold *fold, const char *path, size_t length)
{
    count_name(fold, path, length);
    struct fold_node *node = node_find(fold, path, length);
    if (node->is_folded)
        return FOLD_SAME;
    fold_node(fold, node);
    return node->names ? FOLD_NAMES : FOLD_ALONE;
}

enum fold_change fold_add(struct fold *fold, const char *path)
{
    size_t length = strlen(path);
    enum fold_change change = FOLD_SAME;

    if (!is_counted(path))
        return FOLD_SAME;
    if (path_is_folded(path)) {
        length = parent_length(path, length);
        change = fold_take(fold, path, length);
    } else {
        count_name(fold, path, length);
    }
    while (length > 1) {
        length = parent_length(path, length);
        struct fold_node *node = node_find(fold, path, length);
        if (!is_crowded(fold, node))
            continue;
        fold_node(fold, node);
        change = FOLD_NAMES;
    }
    return change;
}

/* ---- room ---- */

bool fold_is_full(const struct fold *fold)
{
    return HASH_COUNT(fold->nodes) > fold->limits.total ||
           fold->bytes + fold->other_bytes > fold->limits.bytes;
}

/* Sums up what each directory holds. */
static void weigh(struct fold *fold)
{
    for (struct fold_node *node = fold->nodes; node; node = node->hh.next)
        node->weight = 0;
    for (struct fold_node *node = fold->nodes; node; node = node->hh.next) {
        size_t length = strlen(node->path), cost = length + sizeof(*node);
        node->weight += cost;
        while (length > 1) {
            length = parent_length(node->path, length);
            node_find(fold, node->path, length)->weight += cost;
        }
    }
}

/* The heaviest of those directly in a directory; the first by name of several. */
static struct fold_node *heaviest_in(const struct fold *fold, const struct fold_node *directory)
{
    struct fold_node *heaviest = NULL;

    for (struct fold_node *node = fold->nodes; node; node = node->hh.next) {
        size_t length = strlen(node->path);
        if (length == 1 || !node->names || node->takes_all ||
            node_find(fold, node->path, parent_length(node->path, length)) != directory)
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

void fold_make_room(struct fold *fold)
{
    if (!fold->drops_missing) {
        fold->drops_missing = true;
        return;
    }
    weigh(fold);
    struct fold_node *at = node_find(fold, "/", 1), *below = at;
    size_t all = at ? at->weight : 0;
    while (at && (below = heaviest_in(fold, at)) &&
           below->weight >= all / (strcmp(at->path, "/") == 0 ? ENOUGH_PART : GOOD_PART))
        at = below;
    if (!at)
        return;
    at->takes_all = true;
    if (!at->is_folded)
        fold_node(fold, at);
}

void fold_restart(struct fold *fold)
{
    CLEANUP(strings_done) struct strings kept = { 0 };
    struct fold_node *node, *next;

    HASH_ITER (hh, fold->nodes, node, next) {
        if (node->takes_all)
            strings_add(&kept, node->path);
        node_free(fold, node);
    }
    fold->folded = 0;
    fold->other_bytes = 0;
    for (size_t i = 0; i < kept.count; i++) {
        size_t length = strlen(kept.items[i]);
        count_name(fold, kept.items[i], length);
        node = node_find(fold, kept.items[i], length);
        node->is_folded = node->takes_all = true;
        fold->folded++;
    }
}

/* What a node counts is told by the folded directory above it. */
static bool is_needless(const struct fold *fold, const struct fold_node *node)
{
    if (strcmp(path_name(node->path), "dev") == 0)
        return false;
    for (size_t length = strlen(node->path); length > 1;) {
        length = parent_length(node->path, length);
        const struct fold_node *above = node_find(fold, node->path, length);
        if (!above->is_folded || !node_holds(above, node->path))
            continue;
        if (!is_shared(above->path, length) || (!node->names && !node->is_folded))
            return true;
    }
    return false;
}

/* All that is above what is needed is needed. */
static void keep_above(const struct fold *fold, const struct fold_node *node)
{
    for (size_t length = strlen(node->path); length > 1;) {
        length = parent_length(node->path, length);
        node_find(fold, node->path, length)->is_needless = false;
    }
}

void fold_forget(struct fold *fold)
{
    struct fold_node *node, *next;

    for (node = fold->nodes; node; node = node->hh.next)
        node->is_needless = is_needless(fold, node);
    for (node = fold->nodes; node; node = node->hh.next)
        if (!node->is_needless)
            keep_above(fold, node);
    HASH_ITER (hh, fold->nodes, node, next) {
        if (!node->is_needless)
            continue;
        fold->folded -= node->is_folded;
        node_free(fold, node);
    }
}
