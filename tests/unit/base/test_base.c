// SPDX-License-Identifier: LGPL-2.1-or-later
#include "unit.h"
#include <cinch/base.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void test_text_round_trip(void **state)
{
    (void)state;
    for (unsigned seed = 0; seed < 2000; seed++) {
        unsigned char bytes[32];
        size_t length = seed % sizeof(bytes);
        srand(seed);
        for (size_t i = 0; i < length; i++)
            bytes[i] = (unsigned char)rand();
        CLEANUP(free_char) char *text = text_encode(bytes, length);
        CLEANUP(free_char) char *back = NULL;
        size_t back_length = 0;
        for (const char *at = text; *at; at++)
            assert_in_range(*at, 0x20, 0x7e);
        assert_int_equal(text_decode(text, &back, &back_length), 0);
        assert_int_equal(back_length, length);
        assert_memory_equal(back, bytes, length);
    }
}

static void test_text_has_one_spelling(void **state)
{
    static const char *const refused[] = { "\\",  "\\x",   "\\x4", "\\x41", "\\x5c",
                                           "\\n", "\\xFF", "a\nb", "\x7f",  "\xc3\xa9" };
    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(refused); i++) {
        char *bytes = NULL;
        size_t length;
        assert_int_equal(text_decode(refused[i], &bytes, &length), -EINVAL);
        assert_null(bytes);
    }
}

/* What lies at, below and above a path; "/a-b" is not below "/a". */
static void test_path_index(void **state)
{
    CLEANUP(path_index_done) struct path_index index = { 0 };
    const char *const paths[] = { "/", "/a/b", "/a-b", "/a/b/c", "/a/b", "/a/d/" };
    const struct path_place *place;
    size_t length = strlen("/a/b/c/d");

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(paths); i++)
        path_index_add(&index, paths[i], i % 2, i);
    assert_true(path_index_has(&index, "/a/b"));
    assert_false(path_index_has(&index, "/a"));
    assert_null(path_index_find(&index, "/a/b/c/d"));
    assert_int_equal(path_index_below(&index, "/a", 3), 4);
    assert_int_equal(path_index_below(&index, "/a", 1), 1);
    assert_int_equal(path_index_below(&index, "/", 3), 6);
    assert_int_equal(path_index_below(&index, "/x", 3), 0);
    assert_string_equal(path_index_up(&index, "/a/b/c/d", &length)->path, "/a/b/c");
    place = path_index_up(&index, "/a/b/c/d", &length);
    assert_string_equal(place->path, "/a/b");
    assert_int_equal(place->count, 2);
    assert_int_equal(place->items[0], 1);
    assert_int_equal(place->items[1], 4);
    assert_string_equal(path_index_up(&index, "/a/b/c/d", &length)->path, "/");
    assert_null(path_index_up(&index, "/a/b/c/d", &length));
    length = strlen("no path");
    assert_null(path_index_up(&index, "no path", &length));
}

static void test_path(void **state)
{
    static const struct {
        const char *from, *normal, *parent, *name;
    } rows[] = {
        { "/", "/", "/", "" },
        { "//a/./b//", "/a/b", "/a", "b" },
        { "/a/../b", "/a/../b", "/a/..", "b" },
        { "/a", "/a", "/", "a" },
    };
    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(rows); i++) {
        CLEANUP(free_char) char *normal = path_normalise(rows[i].from);
        CLEANUP(free_char) char *parent = path_parent(normal);
        assert_string_equal(normal, rows[i].normal);
        assert_string_equal(parent, rows[i].parent);
        assert_string_equal(path_name(normal), rows[i].name);
    }
    assert_true(path_is_within("/a/b", "/a"));
    assert_true(path_is_within("/a", "/a"));
    assert_false(path_is_within("/ab", "/a"));
    assert_true(path_is_within("/ab", "/"));
}

static void test_err_first_wins(void **state)
{
    CLEANUP(err_done) struct err err = { 0 };
    (void)state;
    assert_int_equal(err_set(&err, ENOENT, "inner %d", 1), -ENOENT);
    assert_int_equal(err_set(&err, EIO, "outer"), -EIO);
    assert_string_equal(err.text, "inner 1");
    assert_int_equal(err.code, ENOENT);
    assert_int_equal(err_set(NULL, EIO, "nobody listens"), -EIO);
}

static int fill_with(int fd, const void *text)
{
    return fd_write_all(fd, text, strlen(text));
}

/* Half of it, then the disk is full. */
static int fill_in_vain(int fd, const void *text)
{
    return fd_write_all(fd, text, 1) < 0 ? -EIO : -ENOSPC;
}

static void test_file_replace(void **state)
{
    char directory[] = "/tmp/cinch-test-XXXXXX";
    CLEANUP(err_done) struct err err = { 0 };
    struct str content = { 0 };
    struct stat st;

    (void)state;
    assert_non_null(mkdtemp(directory));
    CLEANUP(free_char) char *path = path_join(directory, "file");
    CLEANUP(free_char) char *absent = path_join(directory, "absent/file");
    assert_int_equal(file_replace(path, 0600, fill_with, "one", &err), 0);
    assert_int_equal(file_replace(path, 0600, fill_with, "two!", &err), 0);
    assert_int_equal(fd_read_file(AT_FDCWD, path, 3, &content), -EFBIG);
    assert_int_equal(fd_read_file(AT_FDCWD, path, 4, &content), 0);
    assert_string_equal(content.data, "two!");
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(file_replace(path, 0600, fill_in_vain, "three", &err), -ENOSPC);
    assert_non_null(strstr(err.text, "what was there before is unchanged"));
    err_done(&err);
    str_done(&content);
    assert_int_equal(fd_read_file(AT_FDCWD, path, 4, &content), 0);
    assert_string_equal(content.data, "two!");
    assert_true(file_replace(absent, 0600, fill_with, "x", &err) < 0);
    assert_non_null(strstr(err.text, absent));
    err_done(&err);
    CLEANUP(free_char) char *hostile = path_join(directory, "\033[2J/file");
    assert_true(file_replace(hostile, 0600, fill_with, "x", &err) < 0);
    assert_non_null(strstr(err.text, "/\\x1b[2J/file"));
    assert_null(strchr(err.text, '\033'));
    str_done(&content);
    unlink(path);
    rmdir(directory);
}

static int fill_and_die(int fd, const void *text)
{
    if (fd_write_all(fd, text, 1) == 0)
        raise(SIGKILL);
    return -EIO;
}

/* Whoever is killed while it writes leaves nothing beside the file. */
static void test_file_replace_killed(void **state)
{
    char directory[] = "/tmp/cinch-test-XXXXXX";
    int status = 0;

    (void)state;
    assert_non_null(mkdtemp(directory));
    CLEANUP(fd_close) int fd = open(directory, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
    CLEANUP(free_char) char *path = path_join(directory, "file");
    if (fd < 0) { /* this file system has no files without a name */
        rmdir(directory);
        skip();
    }
    pid_t child = fork();
    if (child == 0) {
        CLEANUP(err_done) struct err err = { 0 };
        _exit(file_replace(path, 0600, fill_and_die, "x", &err) != 0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(rmdir(directory), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_round_trip),
        cmocka_unit_test(test_text_has_one_spelling),
        cmocka_unit_test(test_path),
        cmocka_unit_test(test_path_index),
        cmocka_unit_test(test_err_first_wins),
        cmocka_unit_test(test_file_replace),
        cmocka_unit_test(test_file_replace_killed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
