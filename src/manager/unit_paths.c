// SPDX-License-Identifier: LGPL-2.1-or-later
#include "manager/unit_paths.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* No unit file is anywhere near that large. */
#define FILE_LIMIT ((size_t)16 << 20)

/* ---- whose --------------------------------------------------------------------------------- */

void unit_owner_done(struct unit_owner *owner)
{
    free(owner->home);
    free(owner->runtime);
    *owner = (struct unit_owner){ 0 };
}

void unit_owner_self(struct unit_owner *ret)
{
    const char *home = getenv("HOME"), *runtime = getenv("XDG_RUNTIME_DIR");

    ret->home = mem_strdup(home && home[0] == '/' ? home : "");
    ret->runtime = runtime && runtime[0] == '/' ? mem_strdup(runtime)
                                                : mem_printf("/run/user/%u", (unsigned)getuid());
}

bool unit_owner_of(int root_fd, const char *path, struct unit_owner *ret)
{
    static const char *const below[] = { "/.config/systemd/user/", "/.config/systemd/user.control/",
                                         "/.local/share/systemd/user/" };
    struct stat st;

    for (size_t i = 0; i < ELEMENTS_OF(below); i++) {
        const char *at = strstr(path, below[i]);
        CLEANUP(free_char) char *home = at ? mem_strndup(path, (size_t)(at - path)) : NULL;
        CLEANUP(fd_close) int fd = home && home[0] ? unit_paths_open(root_fd, home, O_PATH) : -1;
        if (fd < 0 || fstat(fd, &st) < 0)
            continue;
        ret->home = mem_strdup(home);
        ret->runtime = mem_printf("/run/user/%u", (unsigned)st.st_uid);
        return true;
    }
    return false;
}

/* ---- where --------------------------------------------------------------------------------- */

/* Each in its manager's order; "~" is the user's home directory, "$" what it has for a run. */
static const char *const system_paths[] = {
    "/etc/systemd/system.control",   "/run/systemd/system.control",  "/run/systemd/transient",
    "/run/systemd/generator.early",  "/etc/systemd/system",          "/etc/systemd/system.attached",
    "/run/systemd/system",           "/run/systemd/system.attached", "/run/systemd/generator",
    "/usr/local/lib/systemd/system", "/usr/lib/systemd/system",      "/lib/systemd/system",
    "/run/systemd/generator.late"
};
static const char *const user_paths[] = { "~/.config/systemd/user.control",
                                          "$/systemd/user.control",
                                          "$/systemd/transient",
                                          "$/systemd/generator.early",
                                          "~/.config/systemd/user",
                                          "/etc/xdg/systemd/user",
                                          "/etc/systemd/user",
                                          "$/systemd/user",
                                          "/run/systemd/user",
                                          "$/systemd/generator",
                                          "~/.local/share/systemd/user",
                                          "/usr/local/share/systemd/user",
                                          "/usr/share/systemd/user",
                                          "/usr/local/lib/systemd/user",
                                          "/usr/lib/systemd/user",
                                          "$/systemd/generator.late" };

static void add_path(const struct unit_owner *owner, const char *path, struct strings *ret)
{
    const char *base = path[0] == '~' ? owner->home : path[0] == '$' ? owner->runtime : "";
    CLEANUP(free_char)
    char *whole = mem_printf("%s%s", base, path[0] == '/' ? path : path + 1);

    if (path[0] == '/' || base[0])
        strings_add(ret, whole);
}

void unit_paths_list(const struct unit_owner *owner, struct strings *ret)
{
    size_t count = owner->is_user ? ELEMENTS_OF(user_paths) : ELEMENTS_OF(system_paths);

    for (size_t i = 0; i < count; i++)
        add_path(owner, owner->is_user ? user_paths[i] : system_paths[i], ret);
}

/* ---- files below a root directory ------------------------------------------------------------ */

int unit_paths_open(int root_fd, const char *path, int flags)
{
    const int always = O_CLOEXEC | (flags & O_PATH ? 0 : O_NOCTTY | O_NONBLOCK);

    if (root_fd != AT_FDCWD)
        return fd_open_below(root_fd, path, flags | always);
    int fd = open(path, flags | always);
    return fd < 0 ? -errno : fd;
}

int unit_paths_read(int root_fd, const char *path, struct str *ret)
{
    CLEANUP(fd_close) int pinned = unit_paths_open(root_fd, path, O_PATH);
    CLEANUP(fd_close) int fd = pinned < 0 ? pinned : fd_reopen_plain(pinned);
    struct str text = { 0 };

    if (fd == -ENOENT && pinned >= 0) /* there is no /proc */
        fd = unit_paths_open(root_fd, path, O_RDONLY);
    if (fd < 0)
        return fd;
    int result = fd_read_all(fd, FILE_LIMIT, &text);
    if (result < 0)
        str_done(&text);
    else
        *ret = text;
    return result;
}

char *unit_paths_link(int root_fd, const char *path)
{
    CLEANUP(fd_close) int fd = unit_paths_open(root_fd, path, O_PATH | O_NOFOLLOW);
    char target[PATH_MAX];
    ssize_t length = fd < 0 ? -1 : readlinkat(fd, "", target, sizeof(target));

    return length <= 0 || length >= PATH_MAX ? NULL : mem_strndup(target, (size_t)length);
}

static bool is_wanted(const char *name, const char *suffix)
{
    size_t length = strlen(name), tail = strlen(suffix);

    return name[0] != '.' && length > tail && strcmp(name + length - tail, suffix) == 0;
}

int unit_paths_names(int root_fd, const char *directory, const char *suffix, struct strings *ret)
{
    int fd = unit_paths_open(root_fd, directory, O_RDONLY | O_DIRECTORY);

    if (fd < 0)
        return fd == -ENOENT || fd == -ENOTDIR ? 0 : fd;
    DIR *stream = fdopendir(fd);
    if (!stream) {
        int code = errno;
        close(fd);
        return -code;
    }
    for (struct dirent *entry; ret->count <= UNIT_NAMES_MAX && (entry = readdir(stream));)
        if (is_wanted(entry->d_name, suffix))
            strings_add(ret, entry->d_name);
    closedir(stream);
    strings_sort_unique(ret);
    return ret->count > UNIT_NAMES_MAX ? -E2BIG : 0;
}
