// SPDX-License-Identifier: LGPL-2.1-or-later
#include "decode/paths/resolve.h"
#include "fake_tracee.h"
#include "unit.h"
#include <errno.h>
#include <string.h>

#define OWN_TGID 1000
#define OWN_TID  1001

static bool is_own(const void *context, long pid)
{
    (void)context;
    return pid == OWN_TGID || pid == OWN_TID;
}

static void build(struct fake_tracee *fake)
{
    fake_init(fake);
    fake_file(fake, "/srv/dir/file");
    fake_file(fake, "/usr/bin/sh");
    fake_file(fake, "/run/x");
    fake_link(fake, "/bin", "usr/bin");
    fake_link(fake, "/var/run", "/run");
    fake_link(fake, "/srv/rel", "dir/../dir/file");
    fake_link(fake, "/srv/todir", "dir/");
    fake_link(fake, "/srv/up", "../usr");
    fake_link(fake, "/srv/a", "b");
    fake_link(fake, "/srv/b", "a");
    fake_link(fake, "/srv/dangling", "/nowhere/x");
    fake_link(fake, "/srv/chain", "todir");
    fake_link(fake, "/jail/etc", "/conf");
    fake_file(fake, "/jail/conf/c");
    fake_link(fake, "/dev/fd", "/proc/self/fd");
    fake_link(fake, "/dev/stdout", "/proc/self/fd/1");
    fake_link(fake, "/proc/mounts", "self/mounts");
    fake_file(fake, "/proc/1000/mounts");
    fake_file(fake, "/proc/1000/task/1001/stat");
    fake_link(fake, "/proc/1000/fd/1", "pipe:[77]");
    fake_link(fake, "/proc/1000/fd/3", "/srv/dir/file");
    fake_link(fake, "/proc/1000/fd/4", "/tmp/gone (deleted)");
    fake_link(fake, "/proc/1000/fd/5", "/tmp/odd (deleted)");
    fake_file(fake, "/tmp/odd (deleted)");
    fake_link(fake, "/proc/1000/exe", "/usr/bin/sh");
    fake_link(fake, "/proc/1000/cwd", "/srv");
    fake_link(fake, "/proc/1000/root", "/");
    fake_file(fake, "/proc/1/stat");
    fake_link(fake, "/proc/1/exe", "/usr/lib/init");
    fake_file(fake, "/jail/proc/1000/stat");
}

static const struct {
    const char *name;
    unsigned flags;
    const char *root, *base;
    const char *path;
    const char *requested; /* NULL: like path */
    const char *links;     /* joined by spaces */
    int error;
    bool missing, opaque;
} cases[] = {
    { "dir/file", 0, "/", "/srv", "/srv/dir/file", NULL, "", 0, 0, 0 },
    { "/srv//dir/./file", 0, "/", "/x", "/srv/dir/file", NULL, "", 0, 0, 0 },
    { "/", 0, "/", "/x", "/", NULL, "", 0, 0, 0 },
    { ".", 0, "/", "/srv", "/srv", NULL, "", 0, 0, 0 },
    { "..", 0, "/", "/srv", "/", NULL, "", 0, 0, 0 },
    { "../../..", 0, "/", "/srv", "/", NULL, "", 0, 0, 0 },
    { "dir/../dir/file", 0, "/", "/srv", "/srv/dir/file", NULL, "", 0, 0, 0 },
    /* links */
    { "/bin/sh", 0, "/", "/x", "/usr/bin/sh", "/bin/sh", "/bin", 0, 0, 0 },
    { "/bin/sh", RESOLVE_NOFOLLOW, "/", "/x", "/usr/bin/sh", "/bin/sh", "/bin", 0, 0, 0 },
    { "/bin", RESOLVE_NOFOLLOW, "/", "/x", "/bin", NULL, "", 0, 0, 0 },
    { "/bin/", RESOLVE_NOFOLLOW, "/", "/x", "/usr/bin", "/bin", "/bin", 0, 0, 0 },
    { "/bin/.", RESOLVE_NOFOLLOW, "/", "/x", "/usr/bin", "/bin", "/bin", 0, 0, 0 },
    { "/var/run/x", 0, "/", "/x", "/run/x", "/var/run/x", "/var/run", 0, 0, 0 },
    { "rel", 0, "/", "/srv", "/srv/dir/file", "/srv/rel", "/srv/rel", 0, 0, 0 },
    { "chain/file", 0, "/", "/srv", "/srv/dir/file", "/srv/chain/file", "/srv/chain /srv/todir", 0,
      0, 0 },
    /* ".." after a link is physical, and the name starts anew there */
    { "/srv/up/../bin/sh", 0, "/", "/x", "/usr/bin/sh", "/bin/sh", "/srv/up /bin", 0, 0, 0 },
    /* loops and what is not there */
    { "a", 0, "/", "/srv", "/srv/a", NULL, NULL, ELOOP, 0, 0 },
    { "a", RESOLVE_NOFOLLOW, "/", "/srv", "/srv/a", NULL, "", 0, 0, 0 },
    { "new", 0, "/", "/srv", "/srv/new", NULL, "", ENOENT, 1, 0 },
    { "new/", 0, "/", "/srv", "/srv/new", NULL, "", ENOENT, 1, 0 },
    { "no/such/file", 0, "/", "/srv", "/srv/no/such/file", NULL, "", ENOENT, 0, 0 },
    { "dangling", 0, "/", "/srv", "/nowhere/x", "/srv/dangling", "/srv/dangling", ENOENT, 0, 0 },
    { "", 0, "/", "/srv", "/srv", NULL, "", ENOENT, 0, 0 },
    /* chroot: absolute names and links start there, ".." stops there */
    { "/etc/c", 0, "/jail", "/jail", "/jail/conf/c", "/jail/etc/c", "/jail/etc", 0, 0, 0 },
    { "../../conf/c", 0, "/jail", "/jail", "/jail/conf/c", NULL, "", 0, 0, 0 },
    { "/../conf/c", 0, "/jail", "/x", "/jail/conf/c", NULL, "", 0, 0, 0 },
    { "/etc/c", RESOLVE_IN_BASE, "/", "/jail", "/jail/conf/c", "/jail/etc/c", "/jail/etc", 0, 0,
      0 },
    { "/proc/self/stat", 0, "/jail", "/jail", "/jail/proc/self/stat", NULL, "", 0, 0, 0 },
    /* /proc */
    { "/proc/self/mounts", 0, "/", "/x", "/proc/self/mounts", NULL, "", 0, 0, 0 },
    { "/proc/self", RESOLVE_NOFOLLOW, "/", "/x", "/proc/self", NULL, "", 0, 0, 0 },
    { "/proc/1000/mounts", 0, "/", "/x", "/proc/self/mounts", NULL, "", 0, 0, 0 },
    { "/proc/mounts", 0, "/", "/x", "/proc/self/mounts", "/proc/mounts", "/proc/mounts", 0, 0, 0 },
    { "/proc/thread-self/stat", 0, "/", "/x", "/proc/self/task/<tid>/stat",
      "/proc/thread-self/stat", "", 0, 0, 0 },
    { "/proc/1/stat", 0, "/", "/x", "/proc/<pid>/stat", NULL, "", 0, 0, 0 },
    { "/proc/4242/stat", 0, "/", "/x", "/proc/<pid>/stat", NULL, "", ENOENT, 0, 0 },
    { "/proc/1/exe", 0, "/", "/x", "/proc/<pid>/exe", NULL, "", 0, 0, 1 },
    { "/proc/1/exe", RESOLVE_NOFOLLOW, "/", "/x", "/proc/<pid>/exe", NULL, "", 0, 0, 0 },
    { "/proc/self/exe", 0, "/", "/x", "/usr/bin/sh", "/proc/self/exe", "", 0, 0, 0 },
    { "/proc/self/exe", RESOLVE_NOFOLLOW, "/", "/x", "/proc/self/exe", NULL, "", 0, 0, 0 },
    { "/proc/self/cwd/dir/file", 0, "/", "/x", "/srv/dir/file", "/proc/self/cwd/dir/file", "", 0, 0,
      0 },
    /* the root magic link leaves a chroot */
    { "/proc/1000/root/run/x", 0, "/", "/x", "/run/x", "/proc/self/root/run/x", "", 0, 0, 0 },
    { "/dev/fd/3", 0, "/", "/x", "/srv/dir/file", "/dev/fd/3", "/dev/fd", 0, 0, 0 },
    { "/dev/stdout", 0, "/", "/x", "/proc/self/fd/1", "/dev/stdout", "/dev/stdout", 0, 0, 1 },
    { "/proc/self/fd/4", 0, "/", "/x", "/proc/self/fd/4", NULL, "", 0, 0, 1 },
    { "/proc/self/fd/5", 0, "/", "/x", "/tmp/odd (deleted)", "/proc/self/fd/5", "", 0, 0, 0 },
};

static char *join(const struct strings *strings)
{
    struct str text = { 0 };

    for (size_t i = 0; i < strings->count; i++)
        str_addf(&text, "%s%s", i ? " " : "", strings->items[i]);
    return str_steal(&text);
}

static void test_table(void **state)
{
    static struct fake_tracee fake;

    (void)state;
    build(&fake);
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++) {
        struct resolve_view view = { .ops = &fake.ops,
                                     .tid = OWN_TID,
                                     .tgid = OWN_TGID,
                                     .root = cases[i].root,
                                     .base = cases[i].base,
                                     .is_own = is_own };
        CLEANUP(resolved_freep)
        struct resolved *got = resolve_name(&view, cases[i].name, cases[i].flags);
        CLEANUP(free_char) char *links = join(&got->links);
        assert_string_equal(got->path, cases[i].path);
        assert_string_equal(got->requested,
                            cases[i].requested ? cases[i].requested : cases[i].path);
        if (cases[i].links)
            assert_string_equal(links, cases[i].links);
        assert_int_equal(got->error, cases[i].error);
        assert_int_equal(got->missing, cases[i].missing);
        assert_int_equal(got->is_opaque, cases[i].opaque);
    }
}

static void test_loop_is_bounded(void **state)
{
    static struct fake_tracee fake;
    struct resolve_view view = {
        .ops = &fake.ops, .tid = 1, .tgid = 1, .root = "/", .base = "/srv", .is_own = is_own
    };

    (void)state;
    build(&fake);
    CLEANUP(resolved_freep) struct resolved *got = resolve_name(&view, "a/b/c", 0);
    assert_int_equal(got->error, ELOOP);
    assert_int_equal(got->links.count, RESOLVE_LINK_LIMIT);
}

static void test_limits_of_names(void **state)
{
    static struct fake_tracee fake;
    struct resolve_view view = {
        .ops = &fake.ops, .tid = 1, .tgid = 1, .root = "/", .base = "/srv", .is_own = is_own
    };
    char name[RESOLVE_NAME_LIMIT + 1];

    (void)state;
    build(&fake);
    memset(name, 'n', sizeof(name));
    name[RESOLVE_COMPONENT_LIMIT + 1] = '\0';
    CLEANUP(resolved_freep) struct resolved *component = resolve_name(&view, name, 0);
    assert_int_equal(component->error, ENAMETOOLONG);
    name[RESOLVE_COMPONENT_LIMIT] = '\0';
    CLEANUP(resolved_freep) struct resolved *fits = resolve_name(&view, name, 0);
    assert_int_equal(fits->error, ENOENT);
    for (size_t i = 0; i < RESOLVE_NAME_LIMIT; i++)
        name[i] = i % 2 ? 'n' : '/';
    name[RESOLVE_NAME_LIMIT] = '\0';
    CLEANUP(resolved_freep) struct resolved *whole = resolve_name(&view, name, 0);
    assert_int_equal(whole->error, ENAMETOOLONG);
}

static void test_link_texts(void **state)
{
    static struct fake_tracee fake;
    struct resolve_view view = {
        .ops = &fake.ops, .tid = 1, .tgid = 1, .root = "/", .base = "/", .is_own = is_own
    };
    static const struct {
        const char *text, *path;
        bool deleted;
    } texts[] = {
        { "/run/x", "/run/x", false },
        { "/proc/1000/stat", "/proc/self/stat", false },
        { "/tmp/gone (deleted)", "/tmp/gone", true },
        { "/tmp/odd (deleted)", "/tmp/odd (deleted)", false },
        { "pipe:[1]", NULL, false },
        { "anon_inode:[eventpoll]", NULL, false },
        { "/memfd:x (deleted)", NULL, true },
        { "/SYSV00000000 (deleted)", NULL, true },
        { "", NULL, false },
    };

    (void)state;
    build(&fake);
    for (size_t i = 0; i < ELEMENTS_OF(texts); i++) {
        bool deleted;
        CLEANUP(resolved_freep)
        struct resolved *got = resolve_link_text(&view, texts[i].text, &deleted);
        assert_int_equal(deleted, texts[i].deleted);
        assert_int_equal(got == NULL, texts[i].path == NULL);
        if (got)
            assert_string_equal(got->path, texts[i].path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_loop_is_bounded),
        cmocka_unit_test(test_limits_of_names),
        cmocka_unit_test(test_link_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
