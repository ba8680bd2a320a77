// SPDX-License-Identifier: LGPL-2.1-or-later
/* What the census reads of a service's own root directory, where anybody may have put anything. */
#include "build.h"
#include "host/census.h"
#include "unit.h"
#include "without_call.h"
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LISTS "/var/lib/dpkg/info"

static char root[] = "/tmp/cinch-host-XXXXXX";

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *walk)
{
    (void)st;
    (void)kind;
    return walk->level ? remove(path) : 0;
}

static char *in_root(const char *path)
{
    return mem_printf("%s%s", root, path);
}

static void make_directory(const char *path)
{
    CLEANUP(free_char) char *whole = in_root(path);

    for (char *slash = strchr(whole + strlen(root) + 1, '/'); slash;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(whole, 0755) < 0)
            assert_int_equal(errno, EEXIST);
        *slash = '/';
    }
    if (mkdir(whole, 0755) < 0)
        assert_int_equal(errno, EEXIST);
}

static void make_file(const char *path, const char *text, mode_t mode)
{
    CLEANUP(free_char) char *whole = in_root(path);
    CLEANUP(fd_close) int fd = open(whole, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);

    assert_true(fd >= 0);
    assert_int_equal(fchmod(fd, mode), 0);
    assert_int_equal(fd_write_all(fd, text, strlen(text)), 0);
}

/* ---- packages ---- */

static struct profile *census_of(const char *program)
{
    struct profile *profile = build_profile();
    struct program_fact fact = { .path = (char *)(uintptr_t)program, .format = build_text("elf") };

    build_program(profile, &fact);
    alarm(20); /* a FIFO would be waited for */
    census_packages(profile, root);
    alarm(0);
    return profile;
}

static void test_packages(void **state)
{
    static const char *const odd[] = { LISTS "/od\nd.list", LISTS "/Odd = x.list", LISTS "/.list" };
    CLEANUP(free_char) char *fifo = in_root(LISTS "/a.list");
    CLEANUP(free_char) char *link = in_root(LISTS "/b.list");

    (void)state;
    make_directory(LISTS);
    assert_int_equal(mkfifo(fifo, 0644), 0);
    make_file("/secret", "/usr/bin/web\n", 0644);
    assert_int_equal(symlink("../../../../secret", link), 0);
    for (size_t i = 0; i < ELEMENTS_OF(odd); i++)
        make_file(odd[i], "/usr/bin/web\n", 0644);
    CLEANUP(profile_freep) struct profile *none = census_of("/usr/bin/web");
    assert_null(profile_setting(none, "package /usr/bin/web"));
    make_file(LISTS "/web-core:amd64.list", "/.\n/usr\n/usr/bin/web\n/usr/bin/webs\n", 0644);
    CLEANUP(profile_freep) struct profile *one = census_of("/usr/bin/web");
    assert_string_equal(profile_setting(one, "package /usr/bin/web"), "web-core");
    /* by the name it had before /usr was merged */
    make_file(LISTS "/old.list", "/bin/old", 0644);
    CLEANUP(profile_freep) struct profile *old = census_of("/usr/bin/old");
    assert_string_equal(profile_setting(old, "package /usr/bin/old"), "old");
}

/* A link leads nowhere but in the service's root. */
static void test_packages_elsewhere(void **state)
{
    CLEANUP(free_char) char *lists = in_root("/elsewhere/info");
    CLEANUP(free_char) char *dpkg = in_root("/var/lib/dpkg");

    (void)state;
    nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    make_directory("/elsewhere/info");
    make_directory("/var/lib");
    make_file("/elsewhere/info/web.list", "/usr/bin/web\n", 0644);
    *strrchr(lists, '/') = '\0';
    assert_int_equal(symlink(lists, dpkg), 0); /* absolute: of our root, not of the service's */
    CLEANUP(profile_freep) struct profile *profile = census_of("/usr/bin/web");
    assert_null(profile_setting(profile, "package /usr/bin/web"));
}

/* ---- secrets ---- */

static bool is_recorded(const struct profile *profile, const char *path)
{
    size_t count;

    (void)profile_files_at(profile, path, &count);
    return count > 0;
}

static bool is_known_key(const struct profile *profile, const char *path)
{
    size_t count;
    const struct host_setting *const *settings = profile_settings(profile, &count);
    bool known = false;

    for (size_t i = 0; i < count; i++)
        known |=
            strcmp(settings[i]->name, "private-key") == 0 && strcmp(settings[i]->value, path) == 0;
    return known;
}

static struct profile *search(const char *const *trees, size_t count, const char *own)
{
    struct profile *profile = build_profile();
    struct path_set named = { 0 }, used = { 0 };

    for (size_t i = 0; i < count; i++)
        path_set_add(&named, trees[i]);
    path_set_add(&used, own);
    alarm(20); /* a FIFO would be waited for */
    census_secrets(profile, root, &named, &used);
    alarm(0);
    path_set_done(&named);
    path_set_done(&used);
    return profile;
}

/* What is not for everybody, wherever it lies in a tree; not what the service used itself, nor what
 * a link leads to, nor what lies in a directory that is closed. */
static void test_secrets(void **state)
{
    static const char *const trees[] = { "/srv/app", "/home/al", "/usr/share/x" };
    static const char *const directories[] = { "/srv/app/deep/er", "/srv/app/shut", "/srv/beside",
                                               "/home/al", "/usr/share/x" };
#define KEY "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n"
    static const struct {
        const char *path, *text;
        mode_t mode;
        bool is_secret, is_key;
    } files[] = {
        { "/srv/app/index.html", "", 0644, false, false },
        { "/srv/app/notes", "", 0640, true, false },
        { "/srv/app/db.key", "", 0644, true, false },
        { "/srv/app/own.key", KEY, 0600, false, false },
        { "/srv/app/site.pem", KEY, 0644, true, true },
        { "/srv/app/page.html", KEY, 0644, false, false },
        { "/srv/app/cert.pem", "-----BEGIN CERTIFICATE-----\nPRIVATE KEY-----\n", 0644, false,
          false },
        { "/srv/app/deep/er/x", "", 0600, true, false },
        { "/srv/app/deep/er/y", "", 0644, false, false },
        { "/srv/app/shut/z", "", 0600, false, false },
        { "/srv/beside/password", "", 0600, false, false },
        { "/home/al/password", "", 0600, false, false },
        { "/usr/share/x/password", "", 0600, false, false },
    };
#undef KEY

    (void)state;
    nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    for (size_t i = 0; i < ELEMENTS_OF(directories); i++)
        make_directory(directories[i]);
    for (size_t i = 0; i < ELEMENTS_OF(files); i++)
        make_file(files[i].path, files[i].text, files[i].mode);
    CLEANUP(free_char) char *shut = in_root("/srv/app/shut");
    CLEANUP(free_char) char *link = in_root("/srv/app/out");
    CLEANUP(free_char) char *file_link = in_root("/srv/app/out.key");
    CLEANUP(free_char) char *fifo = in_root("/srv/app/fifo.key");
    assert_int_equal(chmod(shut, 0700), 0);
    assert_int_equal(symlink("../beside", link), 0);
    assert_int_equal(symlink("../beside/password", file_link), 0);
    assert_int_equal(mkfifo(fifo, 0644), 0);
    CLEANUP(profile_freep)
    struct profile *profile = search(trees, ELEMENTS_OF(trees), "/srv/app/own.key");
    for (size_t i = 0; i < ELEMENTS_OF(files); i++)
        if (is_recorded(profile, files[i].path) != files[i].is_secret ||
            is_known_key(profile, files[i].path) != files[i].is_key)
            fail_msg("%s", files[i].path);
    assert_true(is_recorded(profile, "/srv/app/shut"));
    assert_false(is_recorded(profile, "/srv/app/deep"));
    assert_false(is_recorded(profile, "/srv/app/out"));
    assert_false(is_recorded(profile, "/srv/app/out/password"));
    assert_false(is_recorded(profile, "/srv/app/out.key"));
    assert_false(is_recorded(profile, "/srv/app/fifo.key"));
}

/* However much lies in one directory, the secrets of another are seen. */
static void test_secrets_beside_many(void **state)
{
    static const char *const trees[] = { "/etc", "/opt/a", "/opt/z" };

    (void)state;
    nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    make_directory("/etc/a");
    make_directory("/etc/z");
    make_directory("/opt/a");
    make_directory("/opt/z");
    for (int i = 0; i < 300; i++) {
        CLEANUP(free_char) char *closed = mem_printf("/etc/a/%d", i);
        make_file(closed, "", 0600);
        CLEANUP(free_char) char *shut = mem_printf("/etc/z/%d", i);
        make_file(shut, "", 0600);
    }
    make_file("/etc/a.key", "", 0644);
    make_file("/etc/z.key", "", 0644);
    for (int i = 0; i < 61000; i++) {
        CLEANUP(free_char) char *name = mem_printf("%s/opt/a/%d", root, i);
        assert_int_equal(symlink("x", name), 0);
    }
    make_file("/opt/z/password", "", 0644);
    make_file("/opt/z/id_x", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjE\n", 0644);
    CLEANUP(profile_freep) struct profile *profile = search(trees, ELEMENTS_OF(trees), "/none");
    assert_true(is_recorded(profile, "/etc/a.key"));
    assert_true(is_recorded(profile, "/etc/z.key"));
    assert_true(is_recorded(profile, "/opt/z/password"));
    assert_true(is_recorded(profile, "/opt/z/id_x"));
    assert_string_equal(profile_setting(profile, "private-key"), "/opt/z/id_x");
}

static int make_root(void **state)
{
    (void)state;
    memcpy(root + strlen(root) - 6, "XXXXXX", 6);
    return mkdtemp(root) ? 0 : -1;
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
        cmocka_unit_test(test_packages),
        cmocka_unit_test(test_packages_elsewhere),
        cmocka_unit_test(test_secrets),
        cmocka_unit_test(test_secrets_beside_many),
    };
    const struct CMUnitTest without[] = { cmocka_unit_test(test_packages_elsewhere) };
    int failed = cmocka_run_group_tests_name("openat2", tests, make_root, remove_root);

    return failed + cmocka_run_group_tests_name("by hand", without, make_root_without, remove_root);
}
