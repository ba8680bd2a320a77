// SPDX-License-Identifier: LGPL-2.1-or-later
#include "trace/task/mounts.h"
#include "unit.h"
#include <time.h>

/* Lists as systemd 252 leaves them: a machine, and a unit on it with DynamicUser=, PrivateTmp=,
 * ProtectHome=, StateDirectory= and BindPaths=. */
static const char machine_text[] = "130 107 0:41 / / rw,relatime shared:1 - overlay overlay rw\n"
                                   "131 130 0:44 / /tmp rw shared:2 - tmpfs tmpfs rw\n"
                                   "136 130 0:48 / /run rw shared:6 - tmpfs tmpfs rw\n"
                                   "133 130 0:46 / /dev rw shared:4 - tmpfs tmpfs rw\n"
                                   "140 130 8:1 /vol /srv rw shared:9 - ext4 /dev/sda1 rw\n"
                                   "141 140 8:2 / /srv/old\\040disk rw - ext4 /dev/sdb rw\n";
static const char service_text[] =
    "198 155 0:41 / / ro,relatime shared:23 master:1 - overlay overlay ro\n"
    "199 198 0:44 / /tmp rw shared:24 master:2 - tmpfs tmpfs rw\n"
    "215 198 0:48 / /run ro shared:36 master:6 - tmpfs tmpfs rw\n"
    "238 198 0:58 / /dev ro shared:58 - tmpfs tmpfs rw\n"
    "240 198 8:1 /vol /srv rw shared:40 master:9 - ext4 /dev/sda1 rw\n"
    "241 240 8:2 / /srv/old\\040disk rw - ext4 /dev/sdb rw\n"
    "210 198 0:48 /systemd/inaccessible/dir /home ro shared:63 - tmpfs tmpfs rw\n"
    "214 199 0:44 /systemd-private-0db3-t1.service-SpHK8X/tmp /tmp rw shared:25 - tmpfs tmpfs rw\n"
    "222 198 0:59 / /var/lib/private ro shared:65 - tmpfs tmpfs rw\n"
    "223 222 0:41 /var/lib/private/t1 /var/lib/private/t1 rw shared:66 - overlay overlay rw\n"
    "224 198 8:1 /vol/data /var/data rw shared:67 - ext4 /dev/sda1 rw\n"
    "225 198 0:41 /usr/lib /usr/lib ro shared:68 - overlay overlay ro\n"
    "226 198 0:70 / /var/cache/scratch rw - tmpfs tmpfs rw\n"
    "227 226 0:41 /var/cache/scratch/kept /var/cache/scratch/kept ro - overlay overlay rw\n";

static void compare(const char *service, const char *machine, struct moved *moved)
{
    CLEANUP(mounts_done) struct mounts ours = { 0 };
    CLEANUP(mounts_done) struct mounts theirs = { 0 };

    mounts_parse(&ours, service);
    mounts_parse(&theirs, machine);
    mounts_moved_compare(moved, &ours, &theirs);
}

static void test_topmost_mount(void **state)
{
    CLEANUP(mounts_done) struct mounts mounts = { 0 };
    static const struct {
        const char *path;
        long id;
    } rows[] = {
        { "/", 198 },
        { "/etc/passwd", 198 },
        { "/tmp", 214 },
        { "/tmp/x/y", 214 },
        { "/tmpfile", 198 },
        { "/srv/old disk/x", 241 },
        { "/srv/old", 240 },
        { "/var/lib/private/t1", 223 },
        { "/var/lib/private", 222 },
        { "//", 198 }, /* no path of the kernel's, but one that must come to an end */
    };

    (void)state;
    mounts_parse(&mounts, service_text);
    assert_int_equal(mounts.count, 14);
    for (size_t i = 0; i < ELEMENTS_OF(rows); i++)
        assert_int_equal(mounts_at(&mounts, rows[i].path)->id, rows[i].id);
}

static void test_moved_places(void **state)
{
    CLEANUP(mounts_moved_done) struct moved moved = { 0 };
    static const struct {
        const char *path, *point;
    } rows[] = {
        { "/etc/passwd", NULL },
        { "/tmp/x", NULL }, /* its own */
        { "/dev/null", NULL },
        { "/home/joe", NULL }, /* made inaccessible */
        { "/usr/lib/libc.so", NULL },
        { "/var/lib/private/t1/state", NULL },
        { "/srv/old disk/x", NULL },
        { "/var/data", "/var/data" },
        { "/var/data/x", "/var/data" },
        { "/var/database", NULL },
        { "/var/cache/scratch/x", "/var/cache/scratch" },
        { "/var/cache/scratch/kept/x", NULL }, /* the machine's own again */
    };

    (void)state;
    compare(service_text, machine_text, &moved);
    for (size_t i = 0; i < ELEMENTS_OF(rows); i++) {
        const char *point = mounts_moved_find(&moved, rows[i].path);
        if (rows[i].point)
            assert_string_equal(point, rows[i].point);
        else
            assert_null(point);
    }
}

static void test_another_root(void **state)
{
    CLEANUP(mounts_moved_done) struct moved moved = { 0 };

    (void)state;
    compare("300 299 0:41 /srv/root / ro - overlay overlay rw\n"
            "301 300 0:41 /usr /usr ro - overlay overlay rw\n",
            machine_text, &moved);
    assert_string_equal(mounts_moved_find(&moved, "/etc/passwd"), "/");
    assert_null(mounts_moved_find(&moved, "/usr/bin/x"));
}

/* TemporaryFileSystem=/: what is mounted on the machine is not there. */
static void test_an_empty_root(void **state)
{
    CLEANUP(mounts_moved_done) struct moved moved = { 0 };

    (void)state;
    compare("300 299 0:90 / / rw - tmpfs tmpfs rw\n"
            "301 300 0:48 / /run ro - tmpfs tmpfs rw\n",
            machine_text, &moved);
    assert_string_equal(mounts_moved_find(&moved, "/tmp/x"), "/tmp");
    assert_string_equal(mounts_moved_find(&moved, "/dev/null"), "/dev");
    assert_string_equal(mounts_moved_find(&moved, "/etc"), "/");
    assert_null(mounts_moved_find(&moved, "/run/x"));
}

static void test_temporary_directory_from_elsewhere(void **state)
{
    CLEANUP(mounts_moved_done) struct moved moved = { 0 };

    (void)state;
    compare("198 155 0:41 / / ro - overlay overlay ro\n"
            "199 198 8:1 /vol/scratch /tmp rw - ext4 /dev/sda1 rw\n",
            machine_text, &moved);
    assert_string_equal(mounts_moved_find(&moved, "/tmp/x"), "/tmp");
}

static void test_a_view_that_is_the_machines(void **state)
{
    CLEANUP(mounts_moved_done) struct moved moved = { 0 };
    CLEANUP(mounts_moved_done) struct moved unread = { 0 };

    (void)state;
    compare(machine_text, machine_text, &moved);
    assert_false(moved.any);
    assert_null(mounts_moved_find(&moved, "/srv/x"));
    /* What could not be read is not taken for the same. */
    compare("", machine_text, &unread);
    assert_string_equal(mounts_moved_find(&unread, "/srv/x"), "/srv");
}

static void test_hostile_lists(void **state)
{
    CLEANUP(mounts_done) struct mounts mounts = { 0 };

    (void)state;
    mounts_parse(&mounts, "\n\nx\n1\n1 2\n1 2 3\n1 2 3:4 / \n7 7 0:1 / / rw - a b\n"
                          "8 9 0:1 / / rw - a b\n9 8 0:1 / / rw - a b\n"
                          "10 8 0:1 / /a\\04 rw\n11 8 0:1 / relative rw");
    assert_int_equal(mounts.count, 4);
    size_t odd = 0;
    while (odd < 3 && mounts.items[odd].id != 10)
        odd++;
    assert_string_equal(mounts.items[odd].point, "/a\\04");
    assert_string_equal(mounts.items[odd].type, "");
    mounts_at(&mounts, "/a/b"); /* comes to an end, though they stand on each other in a circle */
}

/* Processor time of a comparison of so many mounts, and of as many lookups. */
static double compare_seconds(size_t count)
{
    CLEANUP(mounts_moved_done) struct moved moved = { 0 };
    struct str text = { 0 };

    str_add(&text, "1 0 0:1 / / rw - tmpfs a rw\n");
    for (size_t i = 2; i < count; i++)
        str_addf(&text, "%zu 1 0:%zu / /m%zu/x rw - tmpfs a rw\n", i, i, i);
    clock_t start = clock();
    compare(text.data, "1 0 0:1 / / rw - tmpfs a rw\n", &moved);
    for (size_t i = 2; i < count; i++) {
        CLEANUP(free_char) char *path = mem_printf("/m%zu/x/y", i);
        assert_non_null(mounts_moved_find(&moved, path));
    }
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    str_done(&text);
    return seconds;
}

/* A service may make 100,000 mounts (fs.mount-max): ten times as many take ten times as long, and
 * not a hundred times. */
static void test_many_mounts(void **state)
{
    (void)state;
    double few = compare_seconds(2000), many = compare_seconds(20000);
    if (many > 40 * few + 0.1)
        fail_msg("2,000 mounts took %.3f s, 20,000 %.3f s", few, many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_topmost_mount),
        cmocka_unit_test(test_moved_places),
        cmocka_unit_test(test_another_root),
        cmocka_unit_test(test_an_empty_root),
        cmocka_unit_test(test_temporary_directory_from_elsewhere),
        cmocka_unit_test(test_a_view_that_is_the_machines),
        cmocka_unit_test(test_hostile_lists),
        cmocka_unit_test(test_many_mounts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
