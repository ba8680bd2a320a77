// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cinch/base.h>
#include <string.h>

bool path_is_within(const char *path, const char *directory)
{
    size_t length = strlen(directory);

    if (length == 1 && directory[0] == '/')
        return path[0] == '/';
    return strncmp(path, directory, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

char *path_join(const char *directory, const char *name)
{
    size_t length = strlen(directory);

    if (name[0] == '/')
        return mem_strdup(name);
    if (!name[0])
        return mem_strdup(directory);
    return mem_printf("%s%s%s", directory, length && directory[length - 1] == '/' ? "" : "/", name);
}

char *path_parent(const char *path)
{
    const char *slash = strrchr(path, '/');

    if (!slash || slash == path)
        return mem_strdup("/");
    return mem_strndup(path, (size_t)(slash - path));
}

const char *path_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

bool path_is_collapsed(const char *path)
{
    size_t length = strlen(path);

    return length > 1 && path[length - 1] == '/';
}

bool path_may_be_within(const char *path, const char *directory)
{
    if (path_is_within(path, directory))
        return true;
    if (!path_is_collapsed(path))
        return false;
    CLEANUP(free_char) char *folded = path_parent(path);
    return path_is_within(directory, folded);
}

char *path_uncollapse(const char *path)
{
    if (!path_is_collapsed(path))
        return mem_strdup(path);
    /* "..." is a name like any other to the kernel, and none that a program would choose. */
    return strcmp(path, "//") == 0 ? mem_strdup("/...") : mem_printf("%s...", path);
}

char *path_normalise(const char *path)
{
    struct str result = { 0 };

    while (*path) {
        size_t length = strcspn(path, "/");
        if (length && !(length == 1 && path[0] == '.')) {
            str_add_char(&result, '/');
            str_add_bytes(&result, path, length);
        }
        path += length;
        path += *path == '/';
    }
    if (!result.length)
        str_add_char(&result, '/');
    return str_steal(&result);
}
