// SPDX-License-Identifier: LGPL-2.1-or-later
/* Files below another root directory: by openat2(2), and on a kernel that does not have it. */
#include "unit.h"
#include "without_call.h"
#include <cinch/base.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The tree; a link has a target. What is outside of the root directory is in "outside". */
static const struct {
    const char *path, *target;
} tree[] = {
    { "root/", NULL },
    { "root/a/", NULL },
    { "root/a/b/", NULL },
    { "outside/", NULL },
    { "outside/file", NULL },
    { "root/file", NULL },
    { "root/a/file", NULL },
    { "root/a/b/file", NULL },
    { "root/absolute", "/a/file" },
    { "root/a/relative", "b/file" },
    { "root/a/up", "../../../../../a/b" },
    { "root/a/b/down", "../.././file" },
    { "root/chain", "a/chain" },
    { "root/a/chain", "/absolute" },
    { "root/loop", "a/loop" },
    { "root/a/loop", "/loop" },
    { "root/nowhere", "missing" },
    { "root/top", "/" },
    { "root/escape", "../outside/file" },
};

/* `leads`: below the root directory, "" for the directory itself. */
static const struct {
    const char *path;
    int flags, result;
    const char *leads;
} rows[] = {
    { "/file", 0, 0, "/file" },
    { "file", 0, 0, "/file" },
    { "//a//./b/file", 0, 0, "/a/b/file" },
    { "/", 0, 0, "" },
    { ".", 0, 0, "" },
    { "..", 0, 0, "" },
    { "/../../file", 0, 0, "/file" },
    { "/a/b/../file", 0, 0, "/a/file" },
    { "/a/..", 0, 0, "" },
    { "/a/b/", 0, 0, "/a/b" },
    { "/absolute", 0, 0, "/a/file" },
    { "/a/relative", 0, 0, "/a/b/file" },
    { "/a/up", 0, 0, "/a/b" },
    { "/a/up/../../file", 0, 0, "/file" },
    { "/a/up/down", 0, 0, "/file" },
    { "/chain", 0, 0, "/a/file" },
    { "/top", 0, 0, "" },
    { "/top/top/top/a/..", 0, 0, "" },
    { "/a/up/", 0, 0, "/a/b" },
    { "/a/up", O_NOFOLLOW, 0, "/a/up" },
    { "/top/a/up", O_NOFOLLOW, 0, "/a/up" },
    { "/a/b", O_NOFOLLOW | O_DIRECTORY, 0, "/a/b" },
    { "/escape", 0, -ENOENT, NULL },
    { "/a/../../outside/file", 0, -ENOENT, NULL },
    { "/loop", 0, -ELOOP, NULL },
    { "/nowhere", 0, -ENOENT, NULL },
    { "/missing/..", 0, -ENOENT, NULL },
    { "/file/", 0, -ENOTDIR, NULL },
    { "/file/..", 0, -ENOTDIR, NULL },
    { "/absolute/x", 0, -ENOTDIR, NULL },
    { "/file", O_DIRECTORY, -ENOTDIR, NULL },
    { "", 0, -ENOENT, NULL },
};

static char top[] = "/tmp/cinch-below-XXXXXX";

static void test_rows(void **state)
{
    CLEANUP(free_char) char *root = path_join(top, "root");
    CLEANUP(fd_close) int root_fd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(rows); i++) {
        CLEANUP(fd_close) int fd = fd_open_below(root_fd, rows[i].path, O_PATH | rows[i].flags);
        CLEANUP(free_char)
        char *wanted = mem_printf("%s%s", root, rows[i].leads ? rows[i].leads : "");
        char link[64], got[PATH_MAX] = "";

        snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
        if (rows[i].result < 0
                ? fd != rows[i].result
                : fd < 0 || readlink(link, got, sizeof(got) - 1) < 0 || strcmp(got, wanted) != 0)
            fail_msg("%s: %d, %s", rows[i].path, fd, got);
    }
}

/* It is opened for reading, and closed by exec. */
static void test_flags(void **state)
{
    CLEANUP(free_char) char *root = path_join(top, "root");
    CLEANUP(fd_close) int root_fd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
    CLEANUP(fd_close) int fd = fd_open_below(root_fd, "/absolute", O_RDONLY);
    CLEANUP(fd_close) int directory = fd_open_below(root_fd, "/top", O_RDONLY | O_DIRECTORY);
    CLEANUP(free_char) char *longest = mem_new(2 * PATH_MAX + 1, 1);
    char byte;

    (void)state;
    assert_int_equal(read(fd, &byte, 1), 1);
    assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
    assert_true(directory >= 0);
    memset(longest, '/', 2 * PATH_MAX);
    assert_int_equal(fd_open_below(root_fd, longest, O_PATH), -ENAMETOOLONG);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *walk)
{
    (void)st;
    (void)kind;
    (void)walk;
    return remove(path);
}

static int fill_with(int fd, const void *text)
{
    return fd_write_all(fd, text, strlen(text));
}

static int make_tree(void **state)
{
    (void)state;
    if (!mkdtemp(top))
        return -1;
    for (size_t i = 0; i < ELEMENTS_OF(tree); i++) {
        CLEANUP(free_char) char *path = path_join(top, tree[i].path);
        bool is_directory = path[strlen(path) - 1] == '/';
        int result = tree[i].target ? symlink(tree[i].target, path)
                     : is_directory ? mkdir(path, 0755)
                                    : file_replace(path, 0644, fill_with, "x", NULL);
        if (result < 0)
            return -1;
    }
    return 0;
}

static int remove_tree(void **state)
{
    (void)state;
    return nftw(top, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static int make_tree_without(void **state)
{
    memcpy(top + strlen(top) - 6, "XXXXXX", 6);
    return without_call(SYS_openat2) < 0 ? -1 : make_tree(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_flags),
    };
    int failed = cmocka_run_group_tests_name("openat2", tests, make_tree, remove_tree);

    return failed + cmocka_run_group_tests_name("by hand", tests, make_tree_without, remove_tree);
}
