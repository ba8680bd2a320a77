// SPDX-License-Identifier: LGPL-2.1-or-later
/* Units as systemd finds them, in trees made for each case. */
#include "unit.h"
#include "without_call.h"
#include <cinch/manager.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

/* "PATH" (a directory), "PATH -> TARGET" (a link) or "PATH TEXT", one a line; "|" in TEXT ends a
 * line of the file. */
struct tree_case {
    const char *name; /* what --unit says; with a "/" at its begin: below the tree */
    const char *tree;
    int result;
    const char *id;
    const char *values; /* of Environment=, in order, one blank between two */
    bool is_alone, is_user;
    size_t late;
    size_t notes;
};

static char root[] = "/tmp/cinch-units-XXXXXX";

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *walk)
{
    (void)st;
    (void)kind;
    return walk->level ? remove(path) : 0;
}

static void make_parents(const char *path)
{
    for (const char *slash = strchr(path + strlen(root) + 1, '/'); slash;
         slash = strchr(slash + 1, '/')) {
        CLEANUP(free_char) char *parent = mem_strndup(path, (size_t)(slash - path));
        if (mkdir(parent, 0755) < 0)
            assert_int_equal(errno, EEXIST);
    }
}

static void make_tree_directory(const char *path)
{
    CLEANUP(free_char) char *child = mem_printf("%s%s/", root, path);

    make_parents(child);
}

static void make_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    for (; *text; text++)
        fputc(*text == '|' ? '\n' : *text, file);
    fclose(file);
}

static void make_line(const char *line)
{
    const char *blank = strchr(line, ' ');
    CLEANUP(free_char)
    char *path = mem_printf("%s%.*s", root, blank ? (int)(blank - line) : (int)strlen(line), line);

    make_parents(path);
    if (!blank)
        assert_int_equal(mkfifo(path, 0600), 0);
    else if (str_starts_with(blank, " -> "))
        assert_int_equal(symlink(blank + 4, path), 0);
    else
        make_file(path, blank + 1);
}

static void make_tree(const char *tree)
{
    nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    while (*tree) {
        size_t length = strcspn(tree, "\n");
        CLEANUP(free_char) char *line = mem_strndup(tree, length);
        make_line(line);
        tree += length + (tree[length] == '\n');
    }
}

static void check_case(const struct tree_case *example)
{
    CLEANUP(unit_done) struct unit unit = { 0 };
    CLEANUP(err_done) struct err err = { 0 };
    CLEANUP(strings_done) struct strings values = { 0 };
    CLEANUP(free_char) char *below = mem_printf("%s%s", root, example->name);
    const struct unit_query query = { .name = example->name[0] == '/' ? below : example->name,
                                      .root = root };
    struct str joined = { 0 };

    make_tree(example->tree);
    int result = manager_read_unit(&query, &unit, &err);
    if (result != example->result)
        fail_msg("%s: %d, %s", example->name, result, err.text ? err.text : "without a word");
    if (result < 0) {
        assert_non_null(err.text);
        assert_int_equal(unit.count, 0);
        return;
    }
    assert_string_equal(unit.name, example->id);
    unit_list(&unit, "Environment", &values);
    str_add(&joined, "");
    for (size_t i = 0; i < values.count; i++)
        str_addf(&joined, "%s%s", i ? " " : "", values.items[i]);
    assert_string_equal(joined.data, example->values);
    str_done(&joined);
    assert_int_equal(unit.is_whole, !example->is_alone);
    assert_int_equal(unit.is_user, example->is_user);
    assert_int_equal(unit.late, example->late);
    assert_int_equal(unit.notes.count, example->notes);
}

#define S(value)  " [Service]|Environment=" value "|\n"
#define ETC       "/etc/systemd/system/"
#define LIB       "/usr/lib/systemd/system/"
#define CASE(...) check_case(&(const struct tree_case){ __VA_ARGS__ })

static void test_search(void **state)
{
    (void)state;
    CASE(.name = "web.service", .id = "web.service", .tree = LIB "web.service" S("lib"),
         .values = "lib");
    CASE(.name = "web", .id = "web.service", .tree = LIB "web.service" S("lib"), .values = "lib");
    CASE(.name = "web", .id = "web.service",
         .tree = LIB "web.service" S("lib") ETC "web.service" S("etc"), .values = "etc");
    CASE(.name = "web", .id = "web.service",
         .tree = LIB "web.service" S("lib") "/run/systemd/transient/web.service" S("made"),
         .values = "made");
    CASE(.name = "web", .id = "web.service",
         .tree = "/run/systemd/generator.late/web.service" S("sysv"), .values = "sysv");
    CASE(.name = "web", .tree = LIB "other.service" S("lib"), .result = -ENOENT);
    CASE(.name = "web.socket", .tree = LIB "web.socket" S("lib"), .result = -EINVAL);
    CASE(.name = "web", .tree = ETC "web.service -> /dev/null\n" LIB "web.service" S("lib"),
         .result = -ERFKILL);
    CASE(.name = "web", .tree = ETC "web.service \n" LIB "web.service" S("lib"),
         .result = -ERFKILL);
    CASE(.name = "web", .tree = LIB "web.service [Unit]|Description=no service\n",
         .result = -EINVAL);
    CASE(.name = "web", .tree = LIB "web.service\n", .result = -ERFKILL); /* a FIFO */
}

static void test_dropins(void **state)
{
    (void)state;
    CASE(.name = "web", .id = "web.service",
         .tree = LIB "web.service" S("lib") ETC "web.service.d/20.conf" S("20") LIB
         "web.service.d/10.conf" S("10") "/run/systemd/system/web.service.d/15.conf" S("15"),
         .values = "lib 10 15 20");
    /* one of the same name wins by its directory, then by how special it is */
    CASE(.name = "a-b-c", .id = "a-b-c.service",
         .tree = LIB "a-b-c.service" S("lib") ETC "a-.service.d/x.conf" S("etc") LIB
         "a-b-c.service.d/x.conf" S("no"),
         .values = "lib etc");
    CASE(.name = "a-b-c", .id = "a-b-c.service",
         .tree = LIB "a-b-c.service" S("lib") LIB "a-b-.service.d/x.conf" S("two") LIB
         "a-.service.d/x.conf" S("no") ETC "service.d/x.conf" S("no"),
         .values = "lib two");
    CASE(.name = "a-b-c", .id = "a-b-c.service",
         .tree = LIB "a-b-c.service" S("lib") ETC "service.d/y.conf" S(
             "all") "/run/systemd/system.control/a-b-c.service.d/50.conf" S("set-property"),
         .values = "lib set-property all");
    /* masks */
    CASE(.name = "web", .id = "web.service",
         .tree = LIB "web.service" S("lib") ETC "web.service.d/10.conf -> /dev/null\n" LIB
                                                "web.service.d/10.conf" S("no") ETC
         "web.service.d/20.conf \n" LIB "web.service.d/20.conf" S("no") ETC
         "web.service.d/30.conf -> nowhere\n" ETC "web.service.d/40.conf\n" ETC
         "web.service.d/.50.conf" S("no") ETC "web.service.d/60.txt" S("no"),
         .values = "lib");
    CASE(.name = "web", .tree = LIB "web.service" S("lib") ETC "web.service.d/a.conf [Broken\n",
         .result = -EINVAL);
}

/* cinch's own are no part of the unit; what sorts after them is told apart. */
static void test_own_dropins(void **state)
{
    (void)state;
    CASE(.name = "web", .id = "web.service", .late = 2, .notes = 1,
         .tree = LIB "web.service" S("lib") ETC "web.service.d/zz-cinch.conf" S("own") ETC
         "web.service.d/50-box.conf # " UNIT_OWN_MARK " 0.1|[Service]|Environment=own|\n" ETC
         "web.service.d/override.conf" S("before") ETC "web.service.d/zzz.conf" S("late") LIB
         "service.d/zz-z.conf" S("later"),
         .values = "lib before later late");
}

static void test_aliases(void **state)
{
    (void)state;
    CASE(.name = "sshd", .id = "ssh.service", .notes = 1,
         .tree = LIB "ssh.service" S("lib") ETC
         "sshd.service -> /usr/lib/systemd/system/ssh.service\n" ETC
         "sshd.service.d/a.conf" S("alias"),
         .values = "lib alias");
    CASE(.name = "ssh", .id = "ssh.service",
         .tree = LIB "ssh.service" S("lib") LIB "sshd.service -> ssh.service\n" ETC
                                                "sshd.service.d/a.conf" S("alias"),
         .values = "lib alias");
    /* a link that leads elsewhere is a file of that name */
    CASE(.name = "web", .id = "web.service",
         .tree = "/opt/units/box.service" S("opt") ETC "web.service -> /opt/units/box.service\n",
         .values = "opt");
    CASE(.name = "one",
         .tree = ETC "one.service -> two.service\n" ETC "two.service -> one.service\n",
         .result = -ENOENT);
}

static void test_templates(void **state)
{
    (void)state;
    CASE(.name = "db@main", .id = "db@main.service",
         .tree = LIB "db@.service" S("lib") ETC "db@.service.d/a.conf" S("all") ETC
         "db@main.service.d/b.conf" S("one") ETC "db@other.service.d/c.conf" S("no"),
         .values = "lib all one");
    CASE(.name = "db@", .id = "db@.service",
         .tree = LIB "db@.service" S("lib") ETC "db@.service.d/a.conf" S("all"),
         .values = "lib all");
    CASE(.name = "db@main", .id = "db@main.service",
         .tree = LIB "db@.service" S("no") ETC "db@main.service" S("own"), .values = "own");
    CASE(.name = "sql@main", .id = "db@main.service", .notes = 1,
         .tree = LIB "db@.service" S("lib") ETC
         "sql@.service -> /usr/lib/systemd/system/db@.service\n" ETC
         "sql@main.service.d/a.conf" S("alias"),
         .values = "lib alias");
    CASE(.name = "a-b@i", .id = "a-b@i.service",
         .tree = LIB "a-b@.service" S("lib") ETC "a-.service.d/1.conf" S("1") ETC
         "a-@i.service.d/2.conf" S("2") ETC "a-@.service.d/3.conf" S("3"),
         .values = "lib 1 2 3");
}

static void test_files(void **state)
{
    (void)state;
    /* a file that systemd has is read as systemd reads it */
    CASE(.name = LIB "web.service", .id = "web.service",
         .tree = LIB "web.service" S("lib") ETC "web.service.d/a.conf" S("etc"),
         .values = "lib etc");
    CASE(.name = LIB "web.service", .id = "web.service", .notes = 1,
         .tree = LIB "web.service" S("lib") ETC "web.service" S("etc"), .values = "etc");
    CASE(.name = ETC "multi-user.target.wants/web.service", .id = "web.service",
         .tree = LIB "web.service" S("lib") ETC "service.d/a.conf" S("all") ETC
         "multi-user.target.wants/web.service -> ../../../.." LIB "web.service\n",
         .values = "lib all");
    /* any other stands for itself */
    CASE(.name = "/srv/web.service", .id = "web.service", .is_alone = true,
         .tree = "/srv/web.service" S("srv") "/srv/web.service.d/a.conf" S("beside") ETC
         "web.service.d/a.conf" S("no"),
         .values = "srv beside");
    CASE(.name = "/srv/unit", .id = "", .is_alone = true, .tree = "/srv/unit" S("srv"),
         .values = "srv");
    CASE(.name = "/etc/passwd", .tree = "/etc/passwd root:x:0:0:root:/root:/bin/bash|\n",
         .result = -EINVAL);
    CASE(.name = "/etc/absent.service", .tree = "", .result = -ENOENT);
    CASE(.name = "/srv", .tree = "/srv/unit" S("srv"), .result = -EISDIR);
    CASE(.name = "/home/a/.config/systemd/user/web.service", .id = "web.service", .is_user = true,
         .tree = "/home/a/.config/systemd/user/web.service" S("home"), .values = "home");
}

static void test_users(void **state)
{
    (void)state;
    CASE(.name = "web", .id = "web.service", .is_user = true,
         .tree = "/usr/lib/systemd/user/web.service" S(
             "lib") "/etc/systemd/user/service.d/a.conf" S("all"),
         .values = "lib all");
    CASE(.name = "/etc/systemd/user/web.service", .id = "web.service", .is_user = true,
         .tree = "/etc/systemd/user/web.service" S("etc"), .values = "etc");
    CASE(.name = "web", .id = "web.service",
         .tree = LIB "web.service" S("system") "/etc/systemd/user/web.service" S("user"),
         .values = "system");
}

/* Whoever's directory it is may have put anything there. Nothing of it is opened that is no plain
 * file: a socket cannot be, so that it tells. */
static void test_sockets(void **state)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    CLEANUP(unit_done) struct unit unit = { 0 };
    CLEANUP(err_done) struct err err = { 0 };
    CLEANUP(fd_close) int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const struct unit_query query = { .name = "web", .root = root };

    (void)state;
    make_tree(LIB "web.service" S("lib") ETC "web.service.d/a.conf" S("a"));
    snprintf(address.sun_path, sizeof(address.sun_path), "%s%sweb.service.d/b.conf", root, ETC);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(manager_read_unit(&query, &unit, &err), 0);
    assert_string_equal(unit_get(&unit, "Environment"), "a");
}

/* Thousands of files in each directory of units, which all lead on: the time grows with them, and
 * not with their square. What is beyond a limit is refused. */
static void test_many(void **state)
{
    CLEANUP(unit_done) struct unit unit = { 0 }, none = { 0 };
    CLEANUP(err_done) struct err err = { 0 };
    const struct unit_query query = { .name = "web", .root = root };
    static const char *const directories[] = { ETC, LIB, "/usr/local/lib/systemd/system/" };

    (void)state;
    make_tree(LIB "web.service" S("lib"));
    make_tree_directory("/etc/systemd/system");
    make_tree_directory("/usr/local/lib/systemd/system");
    for (size_t k = 0; k < ELEMENTS_OF(directories); k++)
        for (int i = 0; i < 8000; i++) {
            CLEANUP(free_char)
            char *path = mem_printf("%s%s%zu-%d.service", root, directories[k], k, i);
            CLEANUP(free_char) char *next = mem_printf("%zu-%d.service", k, i + 1);
            assert_int_equal(symlink(next, path), 0);
        }
    alarm(20);
    assert_int_equal(manager_read_unit(&query, &unit, &err), 0);
    alarm(0);
    for (int i = 0; i < 200; i++) {
        CLEANUP(free_char) char *path = mem_printf("%s%sx-%d.service", root, ETC, i);
        assert_int_equal(symlink("y", path), 0);
    }
    assert_int_equal(manager_read_unit(&query, &none, &err), -E2BIG);
    assert_non_null(strstr(err.text, "too many files"));
}

static void make_dropins(const char *directory, const char *prefix, int count)
{
    make_tree_directory(directory);
    for (int i = 0; i < count; i++) {
        CLEANUP(free_char) char *path = mem_printf("%s%s/%s%d.conf", root, directory, prefix, i);
        make_file(path, "[Service]|");
    }
}

static void test_many_dropins(void **state)
{
    CLEANUP(unit_done) struct unit unit = { 0 }, none = { 0 };
    CLEANUP(err_done) struct err err = { 0 };
    const struct unit_query query = { .name = "web", .root = root };

    (void)state;
    make_tree(LIB "web.service" S("lib"));
    make_dropins("/etc/systemd/system/web.service.d", "a", 300);
    make_dropins("/usr/lib/systemd/system/service.d", "a", 300); /* of the same names */
    assert_int_equal(manager_read_unit(&query, &unit, &err), 0);
    make_dropins("/usr/lib/systemd/system/service.d", "b", 300);
    assert_int_equal(manager_read_unit(&query, &none, &err), -E2BIG);
}

static void test_saved_cat(void **state)
{
    (void)state;
    CASE(.name = "/srv/saved", .id = "web.service", .late = 1,
         .tree = "/srv/saved # /lib/systemd/system/web.service|[Service]|Environment=lib|# /etc/x|"
                 "# /etc/systemd/system/web.service.d/no.conf|Environment=still|"
                 "|# /etc/systemd/system/web.service.d/a.conf|[Service]|Environment=a|"
                 "|# /etc/systemd/system/web.service.d/zz-cinch.conf|[Service]|Environment=own|"
                 "|# /etc/systemd/system/web.service.d/zzz.conf|Environment=ignored|[Service]|"
                 "Environment=late|\n",
         .values = "lib still a late");
    CASE(.name = "/srv/saved", .id = "web@.service",
         .tree = "/srv/saved # Warning: web@1.service changed on disk|# /lib/web@.service|"
                 "[Service]|Environment=lib|\n",
         .values = "lib");
}

static int make_root(void **state)
{
    (void)state;
    memcpy(root + strlen(root) - 6, "XXXXXX", 6);
    return mkdtemp(root) && setenv("HOME", "/home/nobody-here", 1) == 0 &&
                   unsetenv("XDG_RUNTIME_DIR") == 0
               ? 0
               : -1;
}

static int remove_root(void **state)
{
    (void)state;
    nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    return rmdir(root);
}

static int make_root_without(void **state)
{
    return without_call(SYS_openat2) < 0 ? -1 : make_root(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_search),       cmocka_unit_test(test_dropins),
        cmocka_unit_test(test_own_dropins),  cmocka_unit_test(test_aliases),
        cmocka_unit_test(test_templates),    cmocka_unit_test(test_files),
        cmocka_unit_test(test_users),        cmocka_unit_test(test_saved_cat),
        cmocka_unit_test(test_sockets),      cmocka_unit_test(test_many),
        cmocka_unit_test(test_many_dropins),
    };
    /* A symlink stays below the root directory without openat2(2), too. */
    const struct CMUnitTest without[] = { cmocka_unit_test(test_aliases),
                                          cmocka_unit_test(test_files) };
    int failed = cmocka_run_group_tests_name("openat2", tests, make_root, remove_root);

    return failed + cmocka_run_group_tests_name("by hand", without, make_root_without, remove_root);
}
