// SPDX-License-Identifier: LGPL-2.1-or-later
/* Files: what is saved replaces the old whole or not at all, and errors name file and remedy. */
#include "unit.h"

#include "random_profile.h"
#include <cinch/store.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int in_new_directory(void **state)
{
    char *directory = mem_strdup("/tmp/cinch-store-XXXXXX");

    *state = directory;
    return mkdtemp(directory) && chdir(directory) == 0 ? 0 : -1;
}

static int remove_directory(void **state)
{
    DIR *directory = opendir(".");
    struct dirent *entry;

    while (directory && (entry = readdir(directory)))
        if (unlink(entry->d_name) < 0 && entry->d_name[0] != '.')
            rmdir(entry->d_name);
    if (directory)
        closedir(directory);
    int result = chdir("/") < 0 ? -1 : rmdir(*state);
    free(*state);
    return result;
}

static size_t entries(void)
{
    DIR *directory = opendir(".");
    size_t count = 0;

    assert_non_null(directory);
    while (readdir(directory))
        count++;
    closedir(directory);
    return count - 2;
}

static char *content(const char *path)
{
    struct str text = { 0 };

    assert_int_equal(fd_read_file(AT_FDCWD, path, STORE_LIMIT, &text), 0);
    return text.data;
}

static void assert_error(const struct err *err, int code, const char *expected)
{
    assert_non_null(err->text);
    if (!strstr(err->text, expected))
        fail_msg("\"%s\" does not say \"%s\"", err->text, expected);
    assert_int_equal(err->code, code);
    assert_null(strchr(err->text, '\n'));
}

/* A test that needs what this machine does not give: a reason, and in CI a failure. */
static void skip_because(const char *reason)
{
    const char *ci = getenv("CI");

    if (ci && strcmp(ci, "true") == 0)
        fail_msg("skipped with CI=true: %s", reason);
    print_message("skipped: %s\n", reason);
    skip();
}

static void test_save_and_load(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = random_profile(7, 20);
    CLEANUP(profile_freep) struct profile *other = random_profile(8, 5);
    CLEANUP(err_done) struct err err = { 0 };
    struct stat status;
    const char *what;

    (void)state;
    umask(0);
    assert_int_equal(store_save(other, "p.json", &err), 0);
    assert_int_equal(chmod("p.json", 0666), 0);
    assert_int_equal(store_save(profile, "p.json", &err), 0);
    assert_int_equal(stat("p.json", &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    assert_int_equal(entries(), 1);
    CLEANUP(profile_freep) struct profile *again = store_load("p.json", &err);
    assert_null(err.text);
    assert_non_null(again);
    assert_true(random_profile_equal(profile, again, &what));
}

/* It goes to the file in pieces: the same bytes, wherever they are parted. */
static void test_large_profile(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 8; seed++) {
        CLEANUP(profile_freep) struct profile *profile = random_profile(seed, 1000);
        CLEANUP(free_char) char *text = store_to_json(profile);
        assert_true(strlen(text) > (size_t)256 << 10);
        assert_int_equal(store_save(profile, "large.json", NULL), 0);
        CLEANUP(free_char) char *saved = content("large.json");
        assert_string_equal(saved, text);
        unlink("large.json");
    }
}

static void assert_not_saved(const char *path, int code, const char *expected)
{
    CLEANUP(profile_freep) struct profile *profile = random_profile(9, 5);
    CLEANUP(err_done) struct err err = { 0 };

    assert_int_equal(store_save(profile, path, &err), -code);
    assert_error(&err, code, expected);
}

static void test_places_that_take_no_profile(void **state)
{
    (void)state;
    assert_int_equal(mkdir("d", 0755), 0);
    assert_int_equal(mkfifo("fifo", 0600), 0);
    assert_int_equal(symlink("fifo", "link"), 0);
    assert_int_equal(close(open("file", O_CREAT | O_WRONLY | O_CLOEXEC, 0600)), 0);
    assert_not_saved("absent/p.json", ENOENT, "absent/p.json: No such file or directory; choose");
    assert_not_saved("file/p.json", ENOTDIR, "file/p.json: Not a directory; choose");
    assert_not_saved("/proc/p.json", ENOENT, "/proc/p.json: No such file");
    assert_not_saved("d", EISDIR, "d is a directory; choose the name of a plain file");
    assert_not_saved("fifo", EINVAL, "fifo is no plain file; choose the name of a plain file");
    assert_not_saved("link", EINVAL, "link is no plain file");
    assert_not_saved("/dev/null", EINVAL, "/dev/null is no plain file");
    assert_int_equal(entries(), 4);
    if (geteuid() != 0) {
        assert_int_equal(chmod("d", 0500), 0);
        assert_not_saved("d/p.json", EACCES, "d/p.json: Permission denied; choose a writable");
    }
}

/* A link is replaced, not followed: it could have been laid by someone else. */
static void test_link_is_replaced(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = random_profile(9, 5);
    struct stat status;

    (void)state;
    assert_int_equal(close(open("file", O_CREAT | O_WRONLY | O_CLOEXEC, 0600)), 0);
    assert_int_equal(symlink("file", "link"), 0);
    assert_int_equal(store_save(profile, "link", NULL), 0);
    assert_int_equal(lstat("link", &status), 0);
    assert_true(S_ISREG(status.st_mode));
    assert_int_equal(stat("file", &status), 0);
    assert_int_equal(status.st_size, 0);
}

/* Saves a large profile over a small one where `room` bytes are the most a file may have. */
static void test_write_fails_in_the_middle(void **state)
{
    CLEANUP(profile_freep) struct profile *small = random_profile(1, 1);
    CLEANUP(profile_freep) struct profile *large = random_profile(2, 100);
    CLEANUP(err_done) struct err err = { 0 };
    struct rlimit before, limit;

    (void)state;
    assert_int_equal(store_save(small, "p.json", NULL), 0);
    CLEANUP(free_char) char *old = content("p.json");
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    limit = before;
    limit.rlim_cur = 16384;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    int result = store_save(large, "p.json", &err);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(result, -EFBIG);
    assert_error(&err, EFBIG,
                 "cannot write p.json: File too large; what was there before is "
                 "unchanged: raise the limit of file size (ulimit -f)");
    CLEANUP(free_char) char *now = content("p.json");
    assert_string_equal(old, now);
    assert_int_equal(entries(), 1);
}

enum { DISK_GOOD, DISK_NO_NAMESPACE, DISK_WRONG };

static int disk_wrong(const char *what)
{
    fprintf(stderr, "full disk: %s\n", what);
    return DISK_WRONG;
}

static bool put(const char *path, const char *text)
{
    CLEANUP(fd_close) int fd = open(path, O_WRONLY | O_CLOEXEC);

    return fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
}

/* A mount namespace of our own; who is not root becomes it in a user namespace. */
static int enter_namespaces(void)
{
    CLEANUP(free_char) char *uid_map = mem_printf("0 %u 1", (unsigned)geteuid());
    CLEANUP(free_char) char *gid_map = mem_printf("0 %u 1", (unsigned)getegid());

    if (geteuid() == 0)
        return unshare(CLONE_NEWNS);
    if (unshare(CLONE_NEWNS | CLONE_NEWUSER) < 0)
        return -1;
    return put("/proc/self/uid_map", uid_map) && put("/proc/self/setgroups", "deny") &&
                   put("/proc/self/gid_map", gid_map)
               ? 0
               : -1;
}

/* In a process of its own: mounts a disk of 64 KiB where only it sees it. */
static int fill_a_disk(void)
{
    CLEANUP(profile_freep) struct profile *small = random_profile(1, 1);
    CLEANUP(profile_freep) struct profile *large = random_profile(2, 200);
    CLEANUP(err_done) struct err err = { 0 };
    struct str old = { 0 }, now = { 0 };

    if (enter_namespaces() < 0 || mount("none", "/", "", MS_REC | MS_PRIVATE, NULL) < 0 ||
        mkdir("disk", 0700) < 0 || mount("none", "disk", "tmpfs", 0, "size=64k") < 0 ||
        chdir("disk") < 0)
        return DISK_NO_NAMESPACE;
    if (store_save(small, "p.json", &err) < 0 ||
        fd_read_file(AT_FDCWD, "p.json", 1 << 20, &old) < 0)
        return disk_wrong("the small profile was not saved");
    if (store_save(large, "p.json", &err) != -ENOSPC || !err.text ||
        !strstr(err.text, "cannot write p.json: No space left on device; what was there before is "
                          "unchanged: free some space or choose another place"))
        return disk_wrong(err.text ? err.text : "the large profile was saved");
    if (fd_read_file(AT_FDCWD, "p.json", 1 << 20, &now) < 0 || strcmp(old.data, now.data) != 0)
        return disk_wrong("the old profile is not what it was");
    int result = entries() == 1 ? DISK_GOOD : disk_wrong("a temporary file was left");
    str_done(&old);
    str_done(&now);
    return result;
}

static void test_full_disk(void **state)
{
    int status;
    pid_t child = fork();

    (void)state;
    assert_true(child >= 0);
    if (child == 0)
        _exit(fill_a_disk());
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == DISK_NO_NAMESPACE)
        skip_because("no mount namespace of our own here (needs root or user namespaces)");
    assert_int_equal(WEXITSTATUS(status), DISK_GOOD);
}

static void assert_not_loaded(const char *path, int code, const char *expected)
{
    CLEANUP(err_done) struct err err = { 0 };

    assert_null(store_load(path, &err));
    assert_error(&err, code, expected);
}

static void test_files_that_are_no_profile(void **state)
{
    int fd = open("large", O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

    (void)state;
    assert_int_equal(ftruncate(fd, (off_t)STORE_LIMIT + 1), 0);
    close(fd);
    assert_int_equal(close(open("empty", O_CREAT | O_WRONLY | O_CLOEXEC, 0600)), 0);
    assert_int_equal(mkdir("d", 0755), 0);
    assert_not_loaded("absent\n", ENOENT,
                      "cannot read absent\\x0a: No such file or directory; give "
                      "the name of a profile that cinch train wrote");
    assert_not_loaded("d", EISDIR, "cannot read d: Is a directory; give the name");
    assert_not_loaded("empty", EINVAL, "empty: line 1: there is nothing in it; copy it again");
    assert_not_loaded("large", EFBIG, "large is larger than 256 MiB, the most that is read");
    if (geteuid() != 0) {
        assert_int_equal(chmod("empty", 0), 0);
        assert_not_loaded("empty", EACCES, "Permission denied; profiles are written for their");
    }
}

/* Runs store_load("-") with `text` coming through a pipe. */
static struct profile *load_from_pipe(const char *text, struct err *err)
{
    int pipe_fds[2], saved = dup(STDIN_FILENO);

    assert_int_equal(pipe(pipe_fds), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(pipe_fds[0]);
        for (size_t left = strlen(text), step; left; left -= step, text += step) {
            step = left < 1000 ? left : 1000;
            if (write(pipe_fds[1], text, step) != (ssize_t)step)
                _exit(1);
        }
        _exit(0);
    }
    close(pipe_fds[1]);
    dup2(pipe_fds[0], STDIN_FILENO);
    close(pipe_fds[0]);
    struct profile *profile = store_load("-", err);
    if (saved >= 0) {
        dup2(saved, STDIN_FILENO);
        close(saved);
    } else {
        close(STDIN_FILENO);
    }
    waitpid(child, NULL, 0);
    return profile;
}

static void test_standard_input(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = random_profile(3, 50);
    CLEANUP(free_char) char *text = store_to_json(profile);
    CLEANUP(err_done) struct err err = { 0 };
    const char *what;

    (void)state;
    CLEANUP(profile_freep) struct profile *again = load_from_pipe(text, &err);
    assert_null(err.text);
    assert_true(random_profile_equal(profile, again, &what));
    assert_null(load_from_pipe("{\n", &err));
    assert_error(&err, EINVAL, "standard input: line 2: the text ends in the middle");
}

static void test_pipe_is_bounded(void **state)
{
    struct str text = { 0 };
    int fds[2];

    (void)state;
    assert_int_equal(pipe(fds), 0);
    assert_int_equal(write(fds[1], "0123456789", 10), 10);
    close(fds[1]);
    assert_int_equal(fd_read_all(fds[0], 9, &text), -EFBIG);
    str_done(&text);
    close(fds[0]);
}

#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, in_new_directory, remove_directory)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_DIRECTORY(test_save_and_load),
        IN_DIRECTORY(test_large_profile),
        IN_DIRECTORY(test_places_that_take_no_profile),
        IN_DIRECTORY(test_link_is_replaced),
        IN_DIRECTORY(test_write_fails_in_the_middle),
        IN_DIRECTORY(test_full_disk),
        IN_DIRECTORY(test_files_that_are_no_profile),
        IN_DIRECTORY(test_standard_input),
        cmocka_unit_test(test_pipe_is_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
