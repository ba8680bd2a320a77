// SPDX-License-Identifier: LGPL-2.1-or-later
#include "decode/paths/procfs.h"
#include "decode/paths/resolve.h"
#include <ctype.h>
#include <errno.h>
#include <string.h>

static const char *rest_below(const char *directory, const char *path)
{
    if (!path_is_within(path, directory) || strlen(path) <= strlen(directory))
        return NULL;
    return path + strlen(directory) + 1;
}

const char *procfs_rest(const char *root, const char *path)
{
    const char *rest = rest_below("/proc", path);

    if (rest || strcmp(root, "/") == 0)
        return rest;
    CLEANUP(free_char) char *own = path_join(root, "proc");
    return rest_below(own, path);
}

/* A component that is a number; its length, 0 when it is none. */
static size_t number_length(const char *text, long *ret_number)
{
    size_t length = strcspn(text, "/");
    long number = 0;

    if (length == 0 || length > 9)
        return 0;
    for (size_t i = 0; i < length; i++) {
        if (!isdigit((unsigned char)text[i]))
            return 0;
        number = number * 10 + (text[i] - '0');
    }
    *ret_number = number;
    return length;
}

bool procfs_expand_self(const struct resolve_view *view, struct str *path)
{
    const char *rest = procfs_rest(view->root, path->data);
    bool thread = rest && strcmp(rest, "thread-self") == 0;

    if (!thread && !(rest && strcmp(rest, "self") == 0))
        return false;
    path->length -= strlen(rest);
    str_addf(path, "%ld", (long)view->tgid);
    if (thread)
        str_addf(path, "/task/%ld", (long)view->tid);
    return true;
}

long procfs_pid(const struct resolve_view *view, const char *path)
{
    const char *rest = procfs_rest(view->root, path);
    long pid;
    size_t length = rest ? number_length(rest, &pid) : 0;

    return length && rest[length] == '/' ? pid : 0;
}

char *procfs_canonical(const struct resolve_view *view, const char *path)
{
    static const char task[] = "/task/";
    const char *rest = procfs_rest(view->root, path);
    long pid, tid;
    size_t length = rest ? number_length(rest, &pid) : 0;
    struct str text = { 0 };

    if (!length)
        return mem_strdup(path);
    str_add_bytes(&text, path, (size_t)(rest - path));
    str_add(&text, view->is_own(view->context, pid) ? "self" : "<pid>");
    rest += length;
    if (str_starts_with(rest, task)) {
        size_t digits = number_length(rest + strlen(task), &tid);
        str_add(&text, digits ? "/task/<tid>" : task);
        rest += strlen(task) + digits;
    }
    str_add(&text, rest);
    return str_steal(&text);
}
