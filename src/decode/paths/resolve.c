// SPDX-License-Identifier: LGPL-2.1-or-later
#include "decode/paths/resolve.h"
#include "decode/paths/procfs.h"
#include <errno.h>
#include <string.h>

#define DELETED_SUFFIX " (deleted)"

/* One walk. `path` and `requested` are "" for the root directory while walking. */
struct walk {
    const struct resolve_view *view;
    const char *root; /* "" or the root without a trailing slash */
    struct str path;
    struct str requested;
    char *rest;      /* owned: what is left to walk */
    size_t at;       /* position in rest */
    size_t original; /* that many last bytes of rest stood in the name as given */
    unsigned flags;
    struct resolved *result;
};

struct component {
    const char *name;
    size_t length;
    bool is_last;
    bool slash; /* a slash follows: must be a directory */
    bool is_original;
};

static const char *walk_text(const struct str *path)
{
    return path->length ? path->data : "/";
}

static void str_set(struct str *str, const char *text)
{
    str->length = 0;
    if (str->data)
        str->data[0] = '\0';
    if (strcmp(text, "/") != 0)
        str_add(str, text);
}

static void str_push(struct str *path, const struct component *component)
{
    str_add_char(path, '/');
    str_add_bytes(path, component->name, component->length);
}

static void str_pop(struct str *path)
{
    const char *slash = path->length ? strrchr(path->data, '/') : NULL;

    path->length = slash ? (size_t)(slash - path->data) : 0;
    if (path->data)
        path->data[path->length] = '\0';
}

static bool walk_next(struct walk *walk, struct component *ret)
{
    const char *text = walk->rest + walk->at;

    text += strspn(text, "/");
    if (!*text)
        return false;
    size_t length = strcspn(text, "/");
    const char *after = text + length;
    size_t slashes = strspn(after, "/");
    *ret = (struct component){ .name = text,
                               .length = length,
                               .is_last = !after[slashes],
                               .slash = slashes > 0,
                               .is_original = strlen(text) <= walk->original };
    walk->at = (size_t)(after - walk->rest);
    return true;
}

/* ".." is physical; it stops at the task's root (path_resolution(7)). A name that went through a
 * link has no textual parent: from there `requested` follows the physical path. */
static void walk_up(struct walk *walk, const struct component *component)
{
    if (strcmp(walk->path.length ? walk->path.data : "", walk->root) != 0)
        str_pop(&walk->path);
    if (component->is_original)
        str_set(&walk->requested, walk_text(&walk->path));
}

/* What cannot be walked any further is kept as written. */
static void walk_append_rest(struct walk *walk)
{
    struct component component;

    while (walk_next(walk, &component)) {
        str_push(&walk->path, &component);
        if (component.is_original)
            str_push(&walk->requested, &component);
    }
}

static void walk_fail(struct walk *walk, int error)
{
    walk->result->error = error;
    walk_append_rest(walk);
}

static void walk_expand(struct walk *walk, const char *target, const struct component *component)
{
    const char *tail = walk->rest + walk->at;

    if (component->is_original)
        walk->original = strlen(tail);
    char *rest = mem_printf("%s%s", target, tail);
    free(walk->rest);
    walk->rest = rest;
    walk->at = 0;
    str_pop(&walk->path);
    if (target[0] == '/')
        str_set(&walk->path, walk->root);
}

/* Whether a link's text names a file that is still there under that name. "x (deleted)" may be a
 * file's real name: it is, when such a file exists (proc(5)). */
static bool link_text_is_path(const struct resolve_view *view, const char *text, bool *ret_deleted)
{
    size_t length = strlen(text), suffix = strlen(DELETED_SUFFIX);
    CLEANUP(free_char) char *target = NULL;

    *ret_deleted = false;
    if (text[0] != '/' || length >= RESOLVE_NAME_LIMIT)
        return false;
    if (length <= suffix || strcmp(text + length - suffix, DELETED_SUFFIX) != 0)
        return true;
    int r = view->ops->read_link(view->ops->context, view->tid, text, &target);
    *ret_deleted = r != 0 && r != -EINVAL;
    return !*ret_deleted;
}

/* A link below /proc/PID jumps where the kernel says, not where its text would lead. Others'
 * are not followed: the task may not, and the target says nothing of the name used. Whether the
 * walk goes on. */
static bool walk_magic(struct walk *walk, const char *target, long pid)
{
    const struct resolve_view *view = walk->view;
    bool deleted;

    if (view->is_own(view->context, pid) && link_text_is_path(view, target, &deleted)) {
        str_set(&walk->path, target);
        return true;
    }
    walk->result->is_opaque = true;
    walk_append_rest(walk);
    return false;
}

static bool walk_link(struct walk *walk, const char *target, const struct component *component)
{
    const struct resolve_view *view = walk->view;
    long pid = procfs_pid(view, walk->path.data);

    if (component->is_last && !component->slash && walk->flags & RESOLVE_NOFOLLOW)
        return true;
    if (walk->result->links.count >= RESOLVE_LINK_LIMIT || !target[0] ||
        strlen(target) >= RESOLVE_NAME_LIMIT) {
        walk_fail(walk, target[0] ? ELOOP : ENOENT);
        return false;
    }
    if (pid)
        return walk_magic(walk, target, pid);
    CLEANUP(free_char) char *link = procfs_canonical(view, walk->path.data);
    strings_add(&walk->result->links, link);
    walk_expand(walk, target, component);
    return true;
}

/* Whether the walk goes on. */
static bool walk_step(struct walk *walk, const struct component *component)
{
    const struct trace_ops *ops = walk->view->ops;
    CLEANUP(free_char) char *target = NULL;

    if (component->length > RESOLVE_COMPONENT_LIMIT) {
        walk->at = (size_t)(component->name - walk->rest);
        walk_fail(walk, ENAMETOOLONG);
        return false;
    }
    str_push(&walk->path, component);
    if (component->is_original)
        str_push(&walk->requested, component);
    if (procfs_expand_self(walk->view, &walk->path))
        return true;
    int r = ops->read_link(ops->context, walk->view->tid, walk->path.data, &target);
    if (r == 0)
        return walk_link(walk, target, component);
    if (r == -ENOENT || r == -ENOTDIR) {
        walk->result->missing = r == -ENOENT && component->is_last;
        walk_fail(walk, -r);
        return false;
    }
    return true;
}

static void walk_run(struct walk *walk)
{
    struct component component;

    while (walk_next(walk, &component)) {
        if (component.length == 1 && component.name[0] == '.')
            continue;
        if (component.length == 2 && memcmp(component.name, "..", 2) == 0)
            walk_up(walk, &component);
        else if (!walk_step(walk, &component))
            return;
    }
}

static struct resolved *walk_finish(struct walk *walk)
{
    struct resolved *result = walk->result;

    result->path = procfs_canonical(walk->view, walk_text(&walk->path));
    result->requested = procfs_canonical(walk->view, walk_text(&walk->requested));
    str_done(&walk->path);
    str_done(&walk->requested);
    free(walk->rest);
    return result;
}

struct resolved *resolve_name(const struct resolve_view *view, const char *name, unsigned flags)
{
    const char *base = view->base ? view->base : "/";
    const char *root = flags & RESOLVE_IN_BASE ? base : view->root;
    struct walk walk = { .view = view,
                         .root = strcmp(root, "/") == 0 ? "" : root,
                         .rest = mem_strdup(name),
                         .original = strlen(name),
                         .flags = flags,
                         .result = mem_new(1, sizeof(struct resolved)) };

    str_set(&walk.path, name[0] == '/' ? root : base);
    str_set(&walk.requested, name[0] == '/' ? root : base);
    if (strlen(name) >= RESOLVE_NAME_LIMIT)
        walk_fail(&walk, ENAMETOOLONG);
    else if (!name[0])
        walk_fail(&walk, ENOENT);
    else
        walk_run(&walk);
    return walk_finish(&walk);
}

struct resolved *resolve_link_text(const struct resolve_view *view, const char *text,
                                   bool *ret_deleted)
{
    if (!link_text_is_path(view, text, ret_deleted) && !*ret_deleted)
        return NULL;
    /* Memory files and shared memory look like deleted files in a root of their own. */
    if (*ret_deleted && (str_starts_with(text, "/memfd:") || str_starts_with(text, "/SYSV")))
        return NULL;
    struct resolved *result = mem_new(1, sizeof(*result));
    CLEANUP(free_char)
    char *path = mem_strndup(text, strlen(text) - (*ret_deleted ? strlen(DELETED_SUFFIX) : 0));
    result->path = procfs_canonical(view, path);
    result->requested = mem_strdup(result->path);
    return result;
}

void resolve_free(struct resolved *resolved)
{
    if (!resolved)
        return;
    free(resolved->path);
    free(resolved->requested);
    strings_done(&resolved->links);
    free(resolved);
}
