// SPDX-License-Identifier: LGPL-2.1-or-later
#include "decode_run.h"
#include "unit.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int setup(void **state)
{
    struct decode_run *run = mem_new(1, sizeof(*run));

    drive_init(run);
    fake_file(&run->fake, "/etc/conf");
    fake_file(&run->fake, "/srv/here");
    fake_file(&run->fake, "/usr/lib/x.so");
    fake_link(&run->fake, "/lib", "usr/lib");
    *state = run;
    return 0;
}

static int teardown(void **state)
{
    drive_done(*state);
    free(*state);
    return 0;
}

static void open_file(struct decode_run *run, const char *name, unsigned flags, int64_t rval,
                      const char *kernel)
{
    if (rval >= 0)
        fake_fd(&run->fake, (int)rval, kernel);
    drive_call(run, "openat", ARGS(CWD, STRING(run, name), flags, 0644), rval);
}

static void test_open_for_reading(void **state)
{
    struct decode_run *run = *state;

    open_file(run, "/lib/x.so", O_RDONLY | O_CLOEXEC, 5, "/usr/lib/x.so");
    assert_int_equal(seen_path(run, PATH_READ, "/usr/lib/x.so", "/lib/x.so", 0), 1);
    assert_int_equal(seen_path(run, PATH_LINK, "/lib", NULL, 0), 1);
    assert_int_equal(seen_count(run, FACT_PATH), 2);
    assert_int_equal(seen_syscall(run, "openat", 0), 1);
    assert_true(path_was_foreign(run, PATH_READ, "/usr/lib/x.so"));
    assert_int_equal(seen_count(run, FACT_BLIND_SPOT), 0);
}

static void test_open_modes(void **state)
{
    struct decode_run *run = *state;

    open_file(run, "here", O_RDWR, 5, "/srv/here");
    assert_int_equal(seen_path(run, PATH_READ, "/srv/here", NULL, 0), 1);
    assert_int_equal(seen_path(run, PATH_WRITE, "/srv/here", NULL, 0), 1);
    open_file(run, "/etc/conf", O_PATH | O_RDWR, 5, "/etc/conf");
    assert_int_equal(seen_path(run, PATH_STAT, "/etc/conf", NULL, 0), 1);
    assert_int_equal(seen_path(run, PATH_WRITE, "/etc/conf", NULL, 0), 0);
    open_file(run, "/etc/conf", O_RDONLY | O_TRUNC, 5, "/etc/conf");
    assert_int_equal(seen_path(run, PATH_WRITE, "/etc/conf", NULL, 0), 1);
    open_file(run, "here", O_WRONLY, -EACCES, NULL);
    assert_int_equal(seen_path(run, PATH_WRITE, "/srv/here", NULL, EACCES), 1);
    assert_int_equal(seen_syscall(run, "openat", EACCES), 1);
}

static void test_open_that_fails(void **state)
{
    struct decode_run *run = *state;

    open_file(run, "/etc/none", O_RDONLY, -ENOENT, NULL);
    assert_int_equal(seen_path(run, PATH_READ, "/etc/none", NULL, ENOENT), 1);
    assert_false(path_was_foreign(run, PATH_READ, "/etc/none"));
    open_file(run, "/none/new", O_WRONLY | O_CREAT, -ENOENT, NULL);
    assert_int_equal(seen_path(run, PATH_CREATE, "/none/new", NULL, ENOENT), 1);
    assert_int_equal(seen_count(run, FACT_BLIND_SPOT), 0);
}

static void test_created_files_are_the_run_s_own(void **state)
{
    struct decode_run *run = *state;

    open_file(run, "new", O_WRONLY | O_CREAT, 5, "/srv/new");
    assert_int_equal(seen_path(run, PATH_CREATE, "/srv/new", NULL, 0), 1);
    assert_false(path_was_foreign(run, PATH_CREATE, "/srv/new"));
    fake_file(&run->fake, "/srv/new");
    open_file(run, "new", O_RDONLY, 5, "/srv/new");
    assert_false(path_was_foreign(run, PATH_READ, "/srv/new"));
    open_file(run, "here", O_WRONLY | O_CREAT, 5, "/srv/here");
    assert_int_equal(seen_path(run, PATH_CREATE, "/srv/here", NULL, 0), 0);
    assert_true(path_was_foreign(run, PATH_WRITE, "/srv/here"));
}

/* What must stay in one mount: the directories of the old name and the new, where they differ. */
static void test_moves_between_directories(void **state)
{
    struct decode_run *run = *state;

    fake_file(&run->fake, "/var/spool/job");
    fake_link(&run->fake, "/srv/done", "/var/done");
    fake_file(&run->fake, "/var/done");
    drive_call(run, "rename", ARGS(STRING(run, "/etc/conf"), STRING(run, "/etc/conf.old")), 0);
    drive_call(run, "rename", ARGS(STRING(run, "/etc/conf"), STRING(run, "/srv/x")), -EXDEV);
    assert_int_equal(seen_count(run, FACT_MOVE), 0);
    drive_call(run, "rename", ARGS(STRING(run, "/var/spool/job"), STRING(run, "/srv/done/job")), 0);
    assert_int_equal(seen_move(run, "/var/spool", "/srv/done"), 1);
    fake_fd(&run->fake, 9, "/etc");
    drive_call(run, "linkat", ARGS(9, STRING(run, "conf"), CWD, STRING(run, "/srv/hard"), 0), 0);
    assert_int_equal(seen_move(run, "/etc", "/srv"), 1);
    drive_call(run, "symlink", ARGS(STRING(run, "/etc/conf"), STRING(run, "/srv/soft")), 0);
    /* a file without a name gets one: by its descriptor, and by the descriptor's name */
    fake_fd(&run->fake, 8, "/var/tmp/#42 (deleted)");
    drive_call(run, "linkat", ARGS(8, STRING(run, ""), CWD, STRING(run, "/srv/new"), AT_EMPTY_PATH),
               0);
    assert_int_equal(seen_move(run, "/var/tmp", "/srv"), 1);
    fake_link(&run->fake, "/proc/1000/fd/8", "/var/tmp/#42 (deleted)");
    drive_call(run, "linkat",
               ARGS(CWD, STRING(run, "/proc/self/fd/8"), CWD, STRING(run, "/srv/newer"),
                    AT_SYMLINK_FOLLOW),
               0);
    assert_int_equal(seen_move(run, "/var/tmp", "/srv"), 2);
    assert_int_equal(seen_count(run, FACT_MOVE), 3);
}

/* Scratch directories of the run's own lie in the mount of the one they were made in. */
static void test_moves_of_what_was_made(void **state)
{
    struct decode_run *run = *state;

    drive_call(run, "mkdir", ARGS(STRING(run, "/srv/tmp.1"), 0700), 0);
    drive_call(run, "mkdir", ARGS(STRING(run, "/srv/tmp.1/deep"), 0700), 0);
    fake_file(&run->fake, "/srv/tmp.1/deep/f");
    drive_call(run, "rename", ARGS(STRING(run, "/srv/tmp.1/deep/f"), STRING(run, "/srv/f")), 0);
    assert_int_equal(seen_count(run, FACT_MOVE), 0);
    drive_call(run, "rename", ARGS(STRING(run, "/srv/tmp.1/deep/f"), STRING(run, "/etc/f")), 0);
    assert_int_equal(seen_move(run, "/srv", "/etc"), 1);
    assert_int_equal(seen_count(run, FACT_MOVE), 1);
}

static void test_removed_files_are_nobody_s(void **state)
{
    struct decode_run *run = *state;

    open_file(run, "new", O_WRONLY | O_CREAT, 5, "/srv/new");
    fake_file(&run->fake, "/srv/new");
    drive_call(run, "unlink", ARGS(STRING(run, "new")), -EACCES);
    drive_call(run, "chmod", ARGS(STRING(run, "new"), 0600), 0);
    assert_false(path_was_foreign(run, PATH_WRITE, "/srv/new"));
    drive_call(run, "unlink", ARGS(STRING(run, "new")), 0);
    assert_false(path_was_foreign(run, PATH_DELETE, "/srv/new"));
    /* Whoever made the next one, the run did not. */
    open_file(run, "new", O_RDONLY, 5, "/srv/new");
    assert_true(path_was_foreign(run, PATH_READ, "/srv/new"));
    /* Nor the one that stands where a file was renamed away from. */
    open_file(run, "other", O_WRONLY | O_CREAT, 5, "/srv/other");
    fake_file(&run->fake, "/srv/other");
    drive_call(run, "rename", ARGS(STRING(run, "other"), STRING(run, "third")), 0);
    open_file(run, "other", O_RDONLY, 5, "/srv/other");
    assert_true(path_was_foreign(run, PATH_READ, "/srv/other"));
    fake_file(&run->fake, "/srv/third");
    open_file(run, "third", O_RDONLY, 5, "/srv/third");
    assert_false(path_was_foreign(run, PATH_READ, "/srv/third"));
}

static void test_rename_moves_what_lies_below(void **state)
{
    struct decode_run *run = *state;

    drive_call(run, "mkdir", ARGS(STRING(run, "d1"), 0755), 0);
    fake_file(&run->fake, "/srv/d1/f");
    fake_file(&run->fake, "/srv/d2/f");
    drive_call(run, "rename", ARGS(STRING(run, "d1"), STRING(run, "/srv/d2")), 0);
    assert_int_equal(seen_path(run, PATH_DELETE, "/srv/d1", NULL, 0), 1);
    assert_int_equal(seen_path(run, PATH_CREATE, "/srv/d2", NULL, 0), 1);
    drive_call(run, "unlink", ARGS(STRING(run, "d2/f")), 0);
    assert_false(path_was_foreign(run, PATH_DELETE, "/srv/d2/f"));
    /* Something foreign moved into an own name is foreign still. */
    drive_call(run, "rename", ARGS(STRING(run, "/etc/conf"), STRING(run, "/srv/d2/conf")), 0);
    fake_file(&run->fake, "/srv/d2/conf");
    drive_call(run, "chmod", ARGS(STRING(run, "/srv/d2/conf"), 0600), 0);
    assert_true(path_was_foreign(run, PATH_WRITE, "/srv/d2/conf"));
}

static void test_kernel_settles_the_path(void **state)
{
    struct decode_run *run = *state;

    open_file(run, "here", O_RDONLY, 5, "/srv/there");
    assert_int_equal(seen_path(run, PATH_READ, "/srv/there", NULL, 0), 1);
    assert_int_equal(seen_path(run, PATH_READ, "/srv/here", NULL, 0), 0);
    assert_int_equal(seen_path(run, PATH_STAT, "/srv/here", NULL, 0), 1);
    assert_int_equal(seen_count(run, FACT_BLIND_SPOT), 0);
    /* Found by the kernel, not by the walk, and no link to ask. */
    drive_call(run, "openat", ARGS(CWD, STRING(run, "/etc/raced"), O_RDONLY), 99);
    assert_int_equal(seen_blind_spot(run, "uncertain-path", "/etc/raced"), 1);
}

/* What the walk before the call missed and the call found: several processes share it. */
static void test_names_that_come_meanwhile(void **state)
{
    struct decode_run *run = *state;

    drive_enter(run, "stat", ARGS(STRING(run, "/srv/late"), 0));
    fake_file(&run->fake, "/srv/late");
    drive_exit(run, 0);
    assert_int_equal(seen_path(run, PATH_STAT, "/srv/late", NULL, 0), 1);
    assert_true(path_was_foreign(run, PATH_STAT, "/srv/late"));
    /* It was the run's, and is gone again. */
    open_file(run, "journal", O_WRONLY | O_CREAT, 5, "/srv/journal");
    drive_call(run, "unlink", ARGS(STRING(run, "/srv/journal")), 0);
    drive_call(run, "stat", ARGS(STRING(run, "/srv/journal"), 0), 0);
    assert_int_equal(seen_path(run, PATH_STAT, "/srv/journal", NULL, 0), 1);
    assert_false(path_was_foreign(run, PATH_STAT, "/srv/journal"));
    /* Where a link is not followed it does not matter what it is. */
    drive_call(run, "unlink", ARGS(STRING(run, "/srv/other")), 0);
    assert_true(path_was_foreign(run, PATH_DELETE, "/srv/other"));
    assert_int_equal(seen_count(run, FACT_BLIND_SPOT), 0);
}

static void test_names_that_came_from_nowhere(void **state)
{
    struct decode_run *run = *state;

    drive_call(run, "stat", ARGS(STRING(run, "/srv/ghost"), 0), 0);
    assert_int_equal(seen_blind_spot(run, "uncertain-path", "/srv/ghost"), 1);
    drive_enter(run, "stat", ARGS(STRING(run, "/srv/link"), 0));
    fake_link(&run->fake, "/srv/link", "/etc/conf");
    drive_exit(run, 0);
    assert_int_equal(seen_blind_spot(run, "uncertain-path", "/srv/link"), 1);
    drive_call(run, "stat", ARGS(STRING(run, "/srv/none/deep"), 0), 0);
    assert_int_equal(seen_blind_spot(run, "uncertain-path", "/srv/none/deep"), 1);
    /* The run makes links: what it made and removed may have been one. */
    open_file(run, "journal", O_WRONLY | O_CREAT, 5, "/srv/journal");
    drive_call(run, "unlink", ARGS(STRING(run, "/srv/journal")), 0);
    drive_call(run, "symlink", ARGS(STRING(run, "/etc/conf"), STRING(run, "/srv/made")), 0);
    drive_call(run, "stat", ARGS(STRING(run, "/srv/journal"), 0), 0);
    assert_int_equal(seen_blind_spot(run, "uncertain-path", "/srv/journal"), 1);
}

static void test_descriptors_without_a_name(void **state)
{
    struct decode_run *run = *state;

    fake_link(&run->fake, "/dev/stdout", "/proc/self/fd/1");
    fake_link(&run->fake, "/proc/1000/fd/1", "pipe:[7]");
    open_file(run, "/dev/stdout", O_WRONLY, 5, "pipe:[7]");
    assert_int_equal(seen_path(run, PATH_WRITE, "/proc/self/fd/1", "/dev/stdout", 0), 1);
    assert_int_equal(seen_path(run, PATH_LINK, "/dev/stdout", NULL, 0), 1);
    /* unlinked right after it was created */
    open_file(run, "/srv/tmp1", O_RDWR | O_CREAT | O_EXCL, 6, "/srv/tmp1 (deleted)");
    assert_int_equal(seen_path(run, PATH_CREATE, "/srv/tmp1", NULL, 0), 1);
    open_file(run, "/srv", O_RDWR | O_TMPFILE, 7, "/srv/#12 (deleted)");
    assert_int_equal(seen_path(run, PATH_WRITE, "/srv", NULL, 0), 1);
    assert_int_equal(seen_count(run, FACT_BLIND_SPOT), 0);
}

static void test_at_calls(void **state)
{
    struct decode_run *run = *state;

    fake_fd(&run->fake, 9, "/usr");
    drive_call(run, "newfstatat", ARGS(9, STRING(run, "lib/x.so"), 0, 0), 0);
    assert_int_equal(seen_path(run, PATH_STAT, "/usr/lib/x.so", NULL, 0), 1);
    drive_call(run, "newfstatat", ARGS(CWD, STRING(run, "/lib"), 0, AT_SYMLINK_NOFOLLOW), 0);
    assert_int_equal(seen_path(run, PATH_STAT, "/lib", NULL, 0), 1);
    drive_call(run, "linkat",
               ARGS(CWD, STRING(run, "/lib"), 9, STRING(run, "copy"), AT_SYMLINK_FOLLOW), 0);
    assert_int_equal(seen_path(run, PATH_WRITE, "/usr/lib", "/lib", 0), 1);
    assert_int_equal(seen_path(run, PATH_CREATE, "/usr/copy", NULL, 0), 1);
    drive_call(run, "symlinkat", ARGS(STRING(run, "/any/target"), 9, STRING(run, "sym")), 0);
    assert_int_equal(seen_path(run, PATH_CREATE, "/usr/sym", NULL, 0), 1);
    drive_call(run, "utimensat", ARGS(9, 0, 0, 0), 0);
    assert_int_equal(seen_path(run, PATH_WRITE, "/usr", NULL, 0), 1);
    drive_call(run, "fchownat", ARGS(9, STRING(run, ""), 1, 1, AT_EMPTY_PATH), 0);
    assert_int_equal(seen_path(run, PATH_WRITE, "/usr", NULL, 0), 2);
    drive_call(run, "unlinkat", ARGS(77, STRING(run, "x"), 0), -EBADF);
    assert_int_equal(seen_syscall(run, "unlinkat", EBADF), 1);
    assert_int_equal(seen_count(run, FACT_BLIND_SPOT), 0);
}

static void test_stat_of_a_descriptor_is_cheap(void **state)
{
    struct decode_run *run = *state;
    uint64_t empty = STRING(run, "");

    drive_call(run, "getpid", ARGS(0), 0);
    drive_enter(run, "newfstatat", ARGS(3, empty, 0, AT_EMPTY_PATH));
    unsigned before = run->fake.proc_reads;
    assert_false(drive_enter(run, "newfstatat", ARGS(3, empty, 0, AT_EMPTY_PATH)));
    assert_int_equal(run->fake.proc_reads, before);
    assert_int_equal(seen_count(run, FACT_PATH), 0);
}

static void test_openat2(void **state)
{
    struct decode_run *run = *state;
    struct open_how how = { .flags = O_RDONLY, .resolve = RESOLVE_IN_ROOT };

    fake_fd(&run->fake, 9, "/usr");
    fake_fd(&run->fake, 5, "/usr/lib/x.so");
    drive_call(
        run, "openat2",
        ARGS(9, STRING(run, "/lib/x.so"), fake_bytes(&run->fake, &how, sizeof(how)), sizeof(how)),
        5);
    assert_int_equal(seen_path(run, PATH_READ, "/usr/lib/x.so", NULL, 0), 1);
    how = (struct open_how){ .flags = O_WRONLY | O_CREAT, .mode = 0600 };
    drive_call(run, "openat2",
               ARGS(9, STRING(run, "new"), fake_bytes(&run->fake, &how, sizeof(how)), sizeof(how)),
               -ENOSYS);
    assert_int_equal(seen_path(run, PATH_CREATE, "/usr/new", NULL, ENOSYS), 1);
}

static void test_access_asks_to_write(void **state)
{
    struct decode_run *run = *state;

    drive_call(run, "access", ARGS(STRING(run, "/etc/conf"), R_OK), 0);
    assert_int_equal(seen_path(run, PATH_WRITE, "/etc/conf", NULL, 0), 0);
    drive_call(run, "access", ARGS(STRING(run, "/etc/conf"), W_OK), -EACCES);
    assert_int_equal(seen_path(run, PATH_STAT, "/etc/conf", NULL, EACCES), 1);
    assert_int_equal(seen_path(run, PATH_WRITE, "/etc/conf", NULL, EACCES), 0);
    drive_call(run, "faccessat2", ARGS(CWD, STRING(run, "/etc/conf"), W_OK, 0), 0);
    assert_int_equal(seen_path(run, PATH_WRITE, "/etc/conf", NULL, 0), 1);
}

static void test_descriptor_calls(void **state)
{
    struct decode_run *run = *state;

    fake_fd(&run->fake, 9, "/etc");
    fake_fd(&run->fake, 8, "socket:[1]");
    drive_call(run, "getdents64", ARGS(9, 0, 0), 100);
    assert_int_equal(seen_path(run, PATH_LIST, "/etc", NULL, 0), 1);
    drive_call(run, "fchmod", ARGS(9, 02755), 0);
    assert_int_equal(seen_path(run, PATH_WRITE, "/etc", NULL, 0), 1);
    assert_int_equal(seen_argument(run, "setid-mode", "02755", 0), 1);
    drive_call(run, "fchmod", ARGS(8, 0600), 0);
    drive_call(run, "fchdir", ARGS(9), 0);
    assert_int_equal(seen_path(run, PATH_STAT, "/etc", NULL, 0), 1);
    assert_int_equal(seen_count(run, FACT_PATH), 3);
}

/* How large a file system is, is told beside the use of its path. */
static void test_sizes(void **state)
{
    struct decode_run *run = *state;

    fake_fd(&run->fake, 9, "/etc");
    fake_file(&run->fake, "/srv/spool");
    drive_call(run, "statfs", ARGS(STRING(run, "/srv/spool")), 0);
    drive_call(run, "statfs", ARGS(STRING(run, "/srv/none")), -ENOENT);
    drive_call(run, "fstatfs", ARGS(9), 0);
    assert_int_equal(seen_path(run, PATH_STAT, "/srv/spool", NULL, 0), 1);
    assert_int_equal(seen_path(run, PATH_STAT, "/etc", NULL, 0), 1);
    assert_int_equal(seen_argument(run, "statfs", "/srv/spool", 0), 1);
    assert_int_equal(seen_argument(run, "statfs", "/etc", 0), 1);
    assert_int_equal(seen_count(run, FACT_ARGUMENT), 2);
}

static void test_working_directory_and_root_move(void **state)
{
    struct decode_run *run = *state;

    fake_file(&run->fake, "/jail/etc/conf");
    drive_call(run, "chroot", ARGS(STRING(run, "/jail")), 0);
    assert_int_equal(seen_path(run, PATH_STAT, "/jail", NULL, 0), 1);
    fake_fd(&run->fake, TRACE_ROOT, "/jail");
    fake_fd(&run->fake, TRACE_CWD, "/jail/etc");
    drive_call(run, "stat", ARGS(STRING(run, "/etc/conf")), 0);
    assert_int_equal(seen_path(run, PATH_STAT, "/jail/etc/conf", NULL, 0), 1);
    drive_call(run, "stat", ARGS(STRING(run, "../../../etc/conf")), 0);
    assert_int_equal(seen_path(run, PATH_STAT, "/jail/etc/conf", NULL, 0), 2);
}

static void test_mounts_and_watches(void **state)
{
    struct decode_run *run = *state;

    drive_call(run, "mount", ARGS(STRING(run, "/etc/conf"), STRING(run, "/srv/here"), 0, 4096), 0);
    assert_int_equal(seen_path(run, PATH_MOUNT, "/etc/conf", NULL, 0), 1);
    assert_int_equal(seen_path(run, PATH_MOUNT, "/srv/here", NULL, 0), 1);
    drive_call(run, "mount", ARGS(STRING(run, "tmpfs"), STRING(run, "/srv/here"), 0, 0), -EPERM);
    assert_int_equal(seen_path(run, PATH_MOUNT, "/srv/here", NULL, EPERM), 1);
    assert_int_equal(seen_path(run, PATH_MOUNT, "/srv/tmpfs", NULL, EPERM), 0);
    drive_call(run, "inotify_add_watch", ARGS(4, STRING(run, "/etc"), 2), 1);
    assert_int_equal(seen_path(run, PATH_LIST, "/etc", NULL, 0), 1);
    fake_fd(&run->fake, 9, "/usr");
    drive_call(run, "fanotify_mark", ARGS(4, 1, 2, 9, STRING(run, "lib")), 0);
    assert_int_equal(seen_path(run, PATH_LIST, "/usr/lib", NULL, 0), 1);
    run->arch = AUDIT_ARCH_I386; /* the mask takes two registers */
    drive_call(run, "fanotify_mark", ARGS(4, 1, 2, 0, 9, STRING(run, "lib")), 0);
    assert_int_equal(seen_path(run, PATH_LIST, "/usr/lib", NULL, 0), 2);
}

static void test_unreadable_names(void **state)
{
    struct decode_run *run = *state;
    uint64_t end = FAKE_MEMORY + sizeof(run->fake.memory);

    drive_call(run, "stat", ARGS(0x10), -EFAULT);
    assert_int_equal(decoder_degraded_count(run->decoder), 0);
    drive_call(run, "stat", ARGS(0x10), 0);
    assert_int_equal(decoder_degraded_count(run->decoder), 1);
    assert_int_equal(seen_blind_spot(run, "unreadable-memory", "stat"), 1);
    /* a name that ends right at the end of mapped memory, over a page border, is whole */
    memcpy(run->fake.memory + sizeof(run->fake.memory) - 10, "/etc/conf", 10);
    drive_call(run, "stat", ARGS(end - 10), 0);
    assert_int_equal(seen_path(run, PATH_STAT, "/etc/conf", NULL, 0), 1);
    memcpy(run->fake.memory + 4096 - 4, "/etc/conf", 10);
    drive_call(run, "stat", ARGS(FAKE_MEMORY + 4096 - 4), 0);
    assert_int_equal(seen_path(run, PATH_STAT, "/etc/conf", NULL, 0), 2);
    /* one that does not end is not */
    memset(run->fake.memory + sizeof(run->fake.memory) - 10, 'x', 10);
    drive_call(run, "stat", ARGS(end - 10), 0);
    assert_int_equal(decoder_degraded_count(run->decoder), 2);
}

static void test_foreign_mount_namespace(void **state)
{
    struct decode_run *run = *state;

    run->fake.is_foreign = true;
    open_file(run, "/etc/conf", O_RDONLY, 5, "/etc/conf");
    assert_int_equal(seen_count(run, FACT_PATH), 0);
    assert_true(seen_blind_spot(run, "foreign-mount-namespace", "/usr/bin/daemon") > 0);
    assert_int_equal(seen_syscall(run, "openat", 0), 1);
}

/* What a mount of the unit's own put somewhere is not what the machine has there. */
static void test_moved_places(void **state)
{
    struct decode_run *run = *state;

    run->fake.moved = "/etc";
    open_file(run, "/etc/conf", O_RDONLY, 5, "/etc/conf");
    open_file(run, "/etc/none", O_RDONLY, -ENOENT, NULL);
    assert_int_equal(seen_path(run, PATH_READ, "/etc/conf", NULL, 0), 1);
    assert_int_equal(seen_path(run, PATH_READ, "/etc/none", NULL, ENOENT), 1);
    assert_int_equal(seen_blind_spot(run, "foreign-mount-namespace", "mount /etc"), 2);
    open_file(run, "here", O_RDONLY, 5, "/srv/here");
    assert_int_equal(seen_path(run, PATH_READ, "/srv/here", NULL, 0), 1);
    assert_int_equal(seen_count(run, FACT_BLIND_SPOT), 1);
}

static void test_handles_are_uncertain(void **state)
{
    struct decode_run *run = *state;

    fake_fd(&run->fake, 5, "/etc/conf");
    drive_call(run, "open_by_handle_at", ARGS(4, 0x20, O_RDONLY), 5);
    assert_int_equal(seen_path(run, PATH_READ, "/etc/conf", NULL, 0), 1);
    assert_int_equal(seen_blind_spot(run, "uncertain-path", "open_by_handle_at"), 1);
}

static void test_other_processes_are_not_numbered(void **state)
{
    struct decode_run *run = *state;

    fake_file(&run->fake, "/proc/1/stat");
    fake_file(&run->fake, "/proc/1000/stat");
    open_file(run, "/proc/1/stat", O_RDONLY, 5, "/proc/1/stat");
    assert_int_equal(seen_path(run, PATH_READ, "/proc/<pid>/stat", NULL, 0), 1);
    open_file(run, "/proc/1000/stat", O_RDONLY, 5, "/proc/1000/stat");
    assert_int_equal(seen_path(run, PATH_READ, "/proc/self/stat", NULL, 0), 1);
    open_file(run, "/proc/self/stat", O_RDONLY, 5, "/proc/1000/stat");
    assert_int_equal(seen_path(run, PATH_READ, "/proc/self/stat", NULL, 0), 2);
    assert_int_equal(seen_count(run, FACT_PATH), 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_open_for_reading),
        TEST(test_open_modes),
        TEST(test_open_that_fails),
        TEST(test_created_files_are_the_run_s_own),
        TEST(test_removed_files_are_nobody_s),
        TEST(test_rename_moves_what_lies_below),
        TEST(test_moves_between_directories),
        TEST(test_moves_of_what_was_made),
        TEST(test_kernel_settles_the_path),
        TEST(test_names_that_come_meanwhile),
        TEST(test_names_that_came_from_nowhere),
        TEST(test_descriptors_without_a_name),
        TEST(test_at_calls),
        TEST(test_stat_of_a_descriptor_is_cheap),
        TEST(test_openat2),
        TEST(test_access_asks_to_write),
        TEST(test_descriptor_calls),
        TEST(test_sizes),
        TEST(test_working_directory_and_root_move),
        TEST(test_mounts_and_watches),
        TEST(test_unreadable_names),
        TEST(test_foreign_mount_namespace),
        TEST(test_moved_places),
        TEST(test_handles_are_uncertain),
        TEST(test_other_processes_are_not_numbered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
