// SPDX-License-Identifier: LGPL-2.1-or-later
#include "model/fold.h"
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
    return node;
}

static void node_free(struct fold *fold, struct fold_node *node)
{
    HASH_DEL(fold->nodes, node);
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
                                       .branch_names = PROFILE_FOLD_BRANCH_NAMES } };
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

    if (has_dev(rest))
        return false;
    /* A folded directory below a shared one has a name of its own. */
    return !is_shared(node->path, length) || !*rest || !strchr(rest, '/');
}

char *fold_replace(const struct fold *fold, const char *path)
{
    const struct fold_node *outermost = NULL;

    if (!fold->folded || !is_counted(path))
        return NULL;
    for (size_t length = strlen(path); length > 1;) {
        length = parent_length(path, length);
        const struct fold_node *node = node_find(fold, path, length);
        if (node && node->is_folded && node_holds(node, path))
            outermost = node;
    }
    return outermost ? mem_printf("%s/", outermost->path) : NULL;
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

bool fold_add(struct fold *fold, const char *path)
{
    size_t length = strlen(path);
    bool was_folded = false;

    if (!is_counted(path))
        return false;
    if (path_is_folded(path)) {
        length = parent_length(path, length);
        count_name(fold, path, length);
        struct fold_node *node = node_find(fold, path, length);
        was_folded = !node->is_folded;
        if (was_folded)
            fold_node(fold, node);
    } else {
        count_name(fold, path, length);
    }
    while (length > 1) {
        length = parent_length(path, length);
        struct fold_node *node = node_find(fold, path, length);
        if (!is_crowded(fold, node))
            continue;
        fold_node(fold, node);
        was_folded = true;
    }
    return was_folded;
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
