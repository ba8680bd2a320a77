// SPDX-License-Identifier: LGPL-2.1-or-later
/* Opening files below another root directory, out of which no symlink leads. */
#include <cinch/base.h>
#include <cinch/base/limits.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A path that is opened name by name. */
struct walk {
    int root_fd; /* borrowed */
    int fd;      /* the directory that was reached */
    char *done;  /* its path below the root directory, without symlinks: "a/b", "" is the root */
    char *left;  /* what is still to be opened */
    int links;
    int opened; /* the file itself, -1 until it is reached */
};

static void walk_done(struct walk *walk)
{
    fd_close(&walk->fd);
    free(walk->done);
    free(walk->left);
}

static int walk_enter(struct walk *walk, const char *name)
{
    int fd = openat(walk->fd, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    if (fd < 0)
        return -errno;
    fd_close(&walk->fd);
    walk->fd = fd;
    char *deeper = mem_printf("%s%s%s", walk->done, walk->done[0] ? "/" : "", name);
    free(walk->done);
    walk->done = deeper;
    return 0;
}

/* Begins again at the root directory and enters `path`, which has no symlinks. */
static int walk_restart(struct walk *walk, const char *path)
{
    int result = 0;

    fd_close(&walk->fd);
    walk->fd = openat(walk->root_fd, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (walk->fd < 0)
        return -errno;
    free(walk->done);
    walk->done = mem_strdup("");
    while (result == 0 && *path) {
        size_t length = strcspn(path, "/");
        CLEANUP(free_char) char *name = mem_strndup(path, length);
        result = walk_enter(walk, name);
        path += length + (path[length] == '/');
    }
    return result;
}

/* A directory that somebody moves has another parent, perhaps outside: ".." is never opened. */
static int walk_up(struct walk *walk)
{
    const char *slash = strrchr(walk->done, '/');
    CLEANUP(free_char)
    char *parent = mem_strndup(walk->done, slash ? (size_t)(slash - walk->done) : 0);

    return walk_restart(walk, parent);
}

/* Puts where the symlink `name` leads before `rest`. 0, -EINVAL when it is none, or -errno. */
static int walk_link(struct walk *walk, const char *name, const char *rest)
{
    char target[PATH_MAX];
    ssize_t length = readlinkat(walk->fd, name, target, sizeof(target));

    if (length < 0)
        return -errno;
    if (++walk->links > LIMIT_SYMLINKS)
        return -ELOOP;
    size_t whole = (size_t)length + strlen(rest) + 1;
    if (length == 0 || whole >= PATH_MAX)
        return length ? -ENAMETOOLONG : -ENOENT;
    char *left = mem_printf("%.*s%s%s", (int)length, target, *rest ? "/" : "", rest);
    free(walk->left);
    walk->left = left;
    return target[0] == '/' ? walk_restart(walk, "") : 0;
}

static int walk_open(struct walk *walk, const char *name, int flags)
{
    walk->opened = openat(walk->fd, name, flags);
    return walk->opened < 0 ? -errno : 0;
}

/* One name of what is left, and the file itself once it is the last. 0 or -errno. */
static int walk_step(struct walk *walk, int flags)
{
    const char *at = walk->left + strspn(walk->left, "/");
    size_t length = strcspn(at, "/");
    CLEANUP(free_char) char *name = mem_strndup(at, length);
    char *rest = mem_strdup(at + length);
    bool is_last = !rest[0], is_name = strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
    int result = -EINVAL;

    if (!name[0] || (is_last && is_name && flags & O_NOFOLLOW))
        result = walk_open(walk, name[0] ? name : ".", flags);
    else if (!is_name)
        result = name[1] ? walk_up(walk) : 0;
    else
        result = walk_link(walk, name, rest);
    if (result == 0 && is_name) { /* `left` is what the symlink left, or nothing is */
        free(rest);
        return 0;
    }
    if (result == -EINVAL)
        result = is_last ? walk_open(walk, name, flags | O_NOFOLLOW) : walk_enter(walk, name);
    free(walk->left);
    walk->left = rest;
    return result;
}

static int open_by_hand(int root_fd, const char *path, int flags)
{
    CLEANUP(walk_done)
    struct walk walk = { .root_fd = root_fd, .fd = -1, .opened = -1, .left = mem_strdup(path) };
    int result = !*path ? -ENOENT : strlen(path) >= PATH_MAX ? -ENAMETOOLONG : 0;

    if (result == 0)
        result = walk_restart(&walk, "");
    while (result == 0 && walk.opened < 0)
        result = walk_step(&walk, flags);
    return result < 0 ? result : walk.opened;
}

int fd_open_below(int root_fd, const char *path, int flags)
{
    const struct open_how how = { .flags = (uint64_t)(flags | O_CLOEXEC),
                                  .resolve = RESOLVE_IN_ROOT };
    long fd = syscall(SYS_openat2, root_fd, path, &how, sizeof(how));

    /* Linux before 5.6 does not have the call, and some containers refuse it. */
    if (fd < 0 && (errno == ENOSYS || errno == EPERM))
        return open_by_hand(root_fd, path, flags | O_CLOEXEC);
    return fd < 0 ? -errno : (int)fd;
}
