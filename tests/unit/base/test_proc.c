// SPDX-License-Identifier: LGPL-2.1-or-later
/* Reading /proc/PID: what is there, what is gone, and names made to mislead. */
#include "unit.h"
#include <cinch/base/proc.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void test_paths(void **state)
{
    char path[PROC_PATH_MAX];

    (void)state;
    assert_string_equal(proc_path(path, 12, "ns/mnt"), "/proc/12/ns/mnt");
    assert_string_equal(proc_path(path, 0, "exe"), "/proc/self/exe");
    assert_string_equal(proc_self_fd(path, 7), "/proc/self/fd/7");
}

static void test_what_is_there(void **state)
{
    CLEANUP(free_char) char *program = NULL;
    CLEANUP(str_done) struct str status = { 0 };
    struct stat own, file;

    (void)state;
    assert_int_equal(proc_link(getpid(), "exe", &program), 0);
    assert_int_equal(stat(program, &file), 0);
    assert_int_equal(proc_stat_of(0, "exe", &own), 0);
    assert_true(own.st_ino == file.st_ino && own.st_dev == file.st_dev);
    assert_int_equal(proc_read_status(getpid(), &status), 0);
    assert_int_equal(proc_status_number(getpid(), "PPid"), getppid());
    assert_int_equal(proc_status_number(getpid(), "NoSuchLine"), -1);
    assert_null(proc_status_value(status.data, "PPi"));
}

static void test_what_is_gone(void **state)
{
    CLEANUP(free_char) char *program = NULL;
    CLEANUP(str_done) struct str text = { 0 };
    struct stat status;
    pid_t child = fork();

    (void)state;
    if (child == 0)
        _exit(0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(proc_link(child, "exe", &program), -ENOENT);
    assert_int_equal(proc_read_status(child, &text), -ENOENT);
    assert_int_equal(proc_stat_of(child, "exe", &status), -ENOENT);
    assert_int_equal(proc_status_number(child, "PPid"), -1);
    assert_int_equal(proc_read(getpid(), "status", 10, &text), -EFBIG);
}

/* A program may call itself anything, and a line of a file may begin like another. */
static void test_names_that_mislead(void **state)
{
    static const char stat[] = "7 (a) R 1 (b) S) Z 3 4 5";
    static const char status[] = "Name:\tx\\nPPid:\t9\nXPPid:\t8\nPPid:\t7\n";

    (void)state;
    assert_int_equal(*proc_stat_field(stat, 3), 'Z');
    assert_string_equal(proc_stat_field(stat, 5), "4 5");
    assert_null(proc_stat_field(stat, 9));
    assert_null(proc_stat_field("no parenthesis", 3));
    assert_int_equal(atoi(proc_status_value(status, "PPid")), 7);
    assert_null(proc_status_value("", "PPid"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_paths),
        cmocka_unit_test(test_what_is_there),
        cmocka_unit_test(test_what_is_gone),
        cmocka_unit_test(test_names_that_mislead),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
