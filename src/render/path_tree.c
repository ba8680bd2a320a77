// SPDX-License-Identifier: LGPL-2.1-or-later
#include "render/path_tree.h"
#include <string.h>

/* ---- what was done with each path ------------------------------------------------------------ */

struct used_path {
    const char *path;
    struct path_uses uses;
};

/* Bytewise, but that a slash comes before all else: what lies in a directory follows it at once. */
static int used_path_compare(const void *left, const void *right)
{
    const char *a = ((const struct used_path *)left)->path;
    const char *b = ((const struct used_path *)right)->path;

    while (*a && *a == *b) {
        a++;
        b++;
    }
    unsigned x = *a == '/' ? 1 : *a ? (unsigned char)*a + 2u : 0;
    unsigned y = *b == '/' ? 1 : *b ? (unsigned char)*b + 2u : 0;
    return x < y ? -1 : x > y;
}

static void uses_add(struct path_uses *uses, const struct fact *fact)
{
    unsigned bit = 1u << fact->path.use;

    if (fact_may_have_succeeded(fact)) {
        uses->done |= bit;
        return;
    }
    uses->tried |= bit;
    if (!uses->error || fact->outcome < uses->error)
        uses->error = fact->outcome;
}

/* Facts of one path are neighbours: a profile sorts them by what they say. */
static struct used_path *collect(const struct profile *profile, size_t *ret_count)
{
    size_t count, paths = 0;
    const struct fact *const *facts = profile_facts(profile, FACT_PATH, &count);
    struct used_path *list = mem_new(count, sizeof(*list));

    for (size_t i = 0; i < count; i++) {
        if (!paths || strcmp(list[paths - 1].path, facts[i]->path.path) != 0)
            list[paths++].path = facts[i]->path.path;
        uses_add(&list[paths - 1].uses, facts[i]);
    }
    qsort(list, paths, sizeof(*list), used_path_compare);
    *ret_count = paths;
    return list;
}

/* ---- nodes ----------------------------------------------------------------------------------- */

/* The length of the name at `at`; the root's is its slash. */
static size_t name_length(const char *path, const char *at)
{
    return at == path && *at == '/' ? 1 : strcspn(at, "/");
}

/* The name after it, NULL when it is the last: "/a/" ends in a name without a letter. */
static const char *name_after(const char *path, const char *at, size_t length)
{
    const char *next = at + length;

    if (at == path && *at == '/')
        return *next == '/' ? next + 1 : *next ? next : NULL;
    return *next ? next + 1 : NULL;
}

static size_t node_add(struct path_tree *tree, size_t parent, const char *name, size_t length)
{
    mem_reserve(&tree->nodes, &tree->capacity, tree->count + 1, sizeof(*tree->nodes));
    tree->nodes[tree->count] = (struct path_node){
        .name = name,
        .length = length,
        .parent = parent,
        .depth = tree->count ? tree->nodes[parent].depth + 1 : 0,
    };
    return tree->count++;
}

/* The ancestor of the last node, or the node itself, at that depth. */
static size_t node_at_depth(const struct path_tree *tree, unsigned depth)
{
    size_t node = tree->count - 1;

    while (tree->nodes[node].depth > depth)
        node = tree->nodes[node].parent;
    return node;
}

static bool is_node(const struct path_node *node, const char *name, size_t length)
{
    return node->length == length && memcmp(node->name, name, length) == 0;
}

/* Paths come sorted: a name is either on the way to the last node, or new. */
static void tree_add(struct path_tree *tree, const struct used_path *used)
{
    const char *path = used->path;
    size_t parent = 0;
    bool known = true;

    for (const char *at = path; at;) {
        size_t length = name_length(path, at);
        size_t node = known ? node_at_depth(tree, tree->nodes[parent].depth + 1) : 0;
        known = known && tree->nodes[node].depth == tree->nodes[parent].depth + 1 &&
                tree->nodes[node].parent == parent && is_node(&tree->nodes[node], at, length);
        parent = known ? node : node_add(tree, parent, at, length);
        at = name_after(path, at, length);
    }
    tree->nodes[parent].used = true;
    tree->nodes[parent].uses = used->uses;
}

bool path_tree_is_leaf(const struct path_tree *tree, size_t node)
{
    return tree->nodes[node].end == node + 1;
}

size_t path_tree_only(const struct path_tree *tree, size_t node)
{
    const struct path_node *it = &tree->nodes[node];

    if (!node || it->used || path_tree_is_leaf(tree, node) || tree->nodes[node + 1].end != it->end)
        return 0;
    return node + 1;
}

/* ---- leaves that were used alike ------------------------------------------------------------- */

static int uses_compare(const struct path_uses *a, const struct path_uses *b)
{
    if (a->done != b->done)
        return a->done < b->done ? -1 : 1;
    if (a->done || a->error == b->error)
        return 0;
    return a->error < b->error ? -1 : 1;
}

bool path_tree_is_alike(const struct path_tree *tree, size_t left, size_t right)
{
    return uses_compare(&tree->nodes[left].uses, &tree->nodes[right].uses) == 0;
}

static int leaf_compare(const void *left, const void *right, void *context)
{
    const struct path_tree *tree = context;
    size_t a = *(const size_t *)left, b = *(const size_t *)right;
    int order = uses_compare(&tree->nodes[a].uses, &tree->nodes[b].uses);

    return order ? order : a < b ? -1 : a > b;
}

size_t *path_tree_leaves(const struct path_tree *tree, size_t node, size_t *ret_count)
{
    size_t *leaves = NULL, count = 0, capacity = 0;

    for (size_t child = node + 1; child < tree->nodes[node].end; child = tree->nodes[child].end) {
        if (!path_tree_is_leaf(tree, child))
            continue;
        mem_reserve(&leaves, &capacity, count + 1, sizeof(*leaves));
        leaves[count++] = child;
    }
    if (count)
        qsort_r(leaves, count, sizeof(*leaves), leaf_compare, (void *)(uintptr_t)tree);
    *ret_count = count;
    return leaves;
}

/* How many lines the leaves of a directory take. */
static size_t count_leaf_rows(const struct path_tree *tree, size_t node, size_t group)
{
    size_t count, rows = 0;
    size_t *leaves = path_tree_leaves(tree, node, &count);

    for (size_t i = 0, next; i < count; i = next) {
        for (next = i + 1; next < count && path_tree_is_alike(tree, leaves[i], leaves[next]);)
            next++;
        rows += next - i > group ? 1 : next - i;
    }
    free(leaves);
    return rows;
}

/* ---- sums ------------------------------------------------------------------------------------ */

/* Its descendants are done. */
static void node_sum(struct path_tree *tree, size_t number, size_t group)
{
    struct path_node *node = &tree->nodes[number];

    node->entries = node->used;
    if (node->used)
        path_uses_count(&node->uses, node->counts);
    for (size_t child = number + 1; child < node->end; child = tree->nodes[child].end) {
        const struct path_node *below = &tree->nodes[child];
        node->entries += below->entries;
        for (size_t i = 0; i < PATH_USES_WORDS; i++)
            node->counts[i] += below->counts[i];
        if (path_tree_is_leaf(tree, child))
            continue;
        node->rows += 1 + below->rows;
        node->direct++;
    }
    size_t only = path_tree_only(tree, number);
    size_t leaf_rows = count_leaf_rows(tree, number, group);
    node->rows = only ? tree->nodes[only].rows : node->rows + leaf_rows;
    node->direct = only ? tree->nodes[only].direct : node->direct + leaf_rows;
}

void path_tree_init(struct path_tree *tree, const struct profile *profile, size_t group)
{
    size_t count;
    struct used_path *paths = collect(profile, &count);

    *tree = (struct path_tree){ 0 };
    node_add(tree, 0, "", 0);
    for (size_t i = 0; i < count; i++)
        tree_add(tree, &paths[i]);
    free(paths);
    for (size_t i = tree->count; i-- > 0;) {
        struct path_node *node = &tree->nodes[i];
        node->end = node->end ? node->end : i + 1;
        struct path_node *parent = &tree->nodes[node->parent];
        if (i && parent->end < node->end)
            parent->end = node->end;
    }
    for (size_t i = tree->count; i-- > 0;)
        node_sum(tree, i, group);
}

void path_tree_done(struct path_tree *tree)
{
    free(tree->nodes);
    *tree = (struct path_tree){ 0 };
}
