// SPDX-License-Identifier: LGPL-2.1-or-later
/* Which links stay links, because somebody finds his own files by where they lead. */
#include "filesystem_case.h"
#include <cinch/evaluate.h>

#define MACHINE                                                                                    \
    "dir / -1 -1\ndir /usr -1 -1\ndir /usr/bin 1200 1190\ndir /usr/lib 9000 8000\n"                \
    "dir /etc/alternatives 90 89\ndir /usr/lib/rt 90 80\ndir /usr/lib/rt/bin 9 8\n"                \
    "dir /usr/lib/rt/lib 50 40\nfile /usr/lib/rt/bin/run\nfile /usr/lib/rt/lib/own.so\n"
#define BY_LINKS                                                                                   \
    "link /usr/bin/run /etc/alternatives/run\nlink /etc/alternatives/run /usr/lib/rt/bin/run\n"    \
    "execute /usr/bin/run -> /usr/lib/rt/bin/run\nfollow /usr/bin/run\n"                           \
    "follow /etc/alternatives/run\n"
#define OWN  "map-execute /usr/lib/rt/lib/own.so\n"
#define ROOT "TemporaryFileSystem=/:ro\n"

static void check_all(const struct filesystem_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        case_check(&cases[i]);
}

/* $ORIGIN and /proc/self/exe of a program are what the kernel found. */
static void test_program(void **state)
{
    static const struct filesystem_case cases[] = {
        { .profile = MACHINE BY_LINKS OWN "elf /usr/lib/rt/bin/run\n",
          .expected = ROOT "BindReadOnlyPaths=/etc/alternatives\nBindReadOnlyPaths=/usr/bin\n"
                           "BindReadOnlyPaths=/usr/lib/rt/bin/run\n"
                           "BindReadOnlyPaths=/usr/lib/rt/lib/own.so\n" },
        /* nothing of its own was used */
        { .profile = MACHINE BY_LINKS "elf /usr/lib/rt/bin/run\n",
          .expected = ROOT "BindReadOnlyPaths=/usr/bin/run\n" },
        /* a script is told the name by which it was called */
        { .profile = MACHINE BY_LINKS OWN "script /usr/lib/rt/bin/run\n",
          .expected = ROOT "BindReadOnlyPaths=/usr/bin/run\n"
                           "BindReadOnlyPaths=/usr/lib/rt/lib/own.so\n" },
        /* beside the link, as python3 -> python3.11 */
        { .profile = MACHINE "file /usr/lib/rt/bin/run1\nlink /usr/lib/rt/bin/run0 run1\n"
                             "execute /usr/lib/rt/bin/run0 -> /usr/lib/rt/bin/run1\n"
                             "follow /usr/lib/rt/bin/run0\nelf /usr/lib/rt/bin/run1\n" OWN,
          .expected = ROOT "BindReadOnlyPaths=/usr/lib/rt/bin/run0\n"
                           "BindReadOnlyPaths=/usr/lib/rt/lib/own.so\n" },
        /* everybody's directory, where nothing is its own */
        { .profile = MACHINE "file /usr/bin/real\nlink /usr/lib/rt/bin/run0 /usr/bin/real\n"
                             "execute /usr/lib/rt/bin/run0 -> /usr/bin/real\n"
                             "follow /usr/lib/rt/bin/run0\nelf /usr/bin/real\n"
                             "file /usr/bin/x\nread /usr/bin/x\n" OWN,
          .expected = ROOT "BindReadOnlyPaths=-/usr/bin/x\nBindReadOnlyPaths=/usr/lib/rt/bin/run0\n"
                           "BindReadOnlyPaths=/usr/lib/rt/lib/own.so\n" },
        /* a directory is the link */
        { .profile = MACHINE "link /usr/lib/rts/now /usr/lib/rt\ndir /usr/lib/rts 2 1\n"
                             "execute /usr/lib/rts/now/bin/run -> /usr/lib/rt/bin/run\n"
                             "follow /usr/lib/rts/now\nelf /usr/lib/rt/bin/run\n" OWN,
          .expected = ROOT "BindReadOnlyPaths=/usr/lib/rt/bin/run\n"
                           "BindReadOnlyPaths=/usr/lib/rt/lib/own.so\n"
                           "BindReadOnlyPaths=/usr/lib/rts\n" },
    };

    (void)state;
    check_all(cases, ELEMENTS_OF(cases));
}

/* A release is put in the place of another by its link. PID 1 follows it at each start, which only
 * root may make use of. */
static void test_releases(void **state)
{
#define RELEASES                                                                                   \
    "dir / -1 -1\ndir /opt/thing/one 9 8\ndir /opt/thing/one/data 2 1\nfile /opt/thing/one/app\n"  \
    "link /opt/thing/now one\nfollow /opt/thing/now\n"                                             \
    "read /opt/thing/now/app -> /opt/thing/one/app\n"                                              \
    "create /opt/thing/now/data/a -> /opt/thing/one/data/a\n"
#define OF_ROOT "dir /opt 9 1\ndir /opt/thing 20 15\n"
#define STRICT_WITH(writable)                                                                      \
    "ProtectSystem=strict\nReadWritePaths=" writable                                               \
    "\nReadOnlyPaths=/run\nReadOnlyPaths=-/dev/hugepages\nReadOnlyPaths=-/dev/mqueue\n"            \
    "ReadOnlyPaths=-/dev/pts\nReadOnlyPaths=-/dev/shm\nPrivateTmp=yes\nPrivateDevices=yes\n"       \
    "ProtectHome=yes\nProtectProc=ptraceable\nProcSubset=pid\nProtectKernelTunables=yes\n"         \
    "ProtectControlGroups=yes\n"
    static const struct filesystem_case cases[] = {
        { .profile = RELEASES OF_ROOT,
          .expected = ROOT "BindReadOnlyPaths=/opt/thing\nBindPaths=/opt/thing/now/data\n" },
        { .profile = RELEASES OF_ROOT,
          .form = FILESYSTEM_STRICT,
          .given = true,
          .expected = STRICT_WITH("/opt/thing/now/data") },
        { .profile = RELEASES "dir /opt 9 1\nmode /opt/thing 0755 33\n",
          .form = FILESYSTEM_STRICT,
          .given = true,
          .expected = STRICT_WITH("/opt/thing/one/data") },
        { .profile = RELEASES "dir /opt 9 1\nmode /opt/thing 0775\n",
          .form = FILESYSTEM_STRICT,
          .given = true,
          .expected = STRICT_WITH("/opt/thing/one/data") },
        { .profile = RELEASES "mode /opt 0777\ndir /opt/thing 20 15\n",
          .form = FILESYSTEM_STRICT,
          .given = true,
          .expected = STRICT_WITH("/opt/thing/one/data") },
        /* the service itself can write there */
        { .profile = RELEASES OF_ROOT "create /opt/thing/b\n",
          .expected = ROOT "BindPaths=/opt/thing\nProtectHome=yes\n" },
    };

    (void)state;
    check_all(cases, ELEMENTS_OF(cases));
}

/* A script that asks what the link is, and goes on from there. */
static void test_looked_at(void **state)
{
#define SCRIPT                                                                                     \
    "dir /usr/lib/app 99 90\ndir /usr/lib/app/bin 3 2\n"                                           \
    "link /usr/lib/app/bin/start ../../rt/bin/run\nstat /usr/lib/app/bin/start\n"                  \
    "read /usr/lib/app/bin/start -> /usr/lib/rt/bin/run\nfollow /usr/lib/app/bin/start\n"
    static const struct filesystem_case cases[] = {
        { .profile = MACHINE SCRIPT "read /usr/lib/rt/lib/own.so\n",
          .expected = ROOT "BindReadOnlyPaths=-/usr/lib/app/bin\n"
                           "BindReadOnlyPaths=-/usr/lib/rt/bin/run\n"
                           "BindReadOnlyPaths=-/usr/lib/rt/lib/own.so\n" },
        /* one may be told another name by it: a plugin is known by the file's own */
        { .profile = MACHINE "link /usr/lib/rt/lib/any.so /etc/alternatives/any.so\n"
                             "link /etc/alternatives/any.so /usr/lib/rt/lib/own.so\n"
                             "stat /usr/lib/rt/lib/any.so\nstat /etc/alternatives/any.so\n"
                             "map-execute /usr/lib/rt/lib/any.so -> /usr/lib/rt/lib/own.so\n"
                             "follow /usr/lib/rt/lib/any.so\nfollow /etc/alternatives/any.so\n"
                             "stat /usr/lib/rt/lib/own.so EINVAL\n",
          .expected = ROOT "BindReadOnlyPaths=/etc/alternatives\n"
                           "BindReadOnlyPaths=/usr/lib/rt/lib\n" },
        /* what it leads to was never used */
        { .profile = MACHINE "dir /usr/lib/app 99 90\nlink /usr/lib/app/start ../../rt/bin/run\n"
                             "stat /usr/lib/app/start\n",
          .expected = ROOT "BindReadOnlyPaths=-/usr/lib/app/start\n" },
        /* never all of /etc for a link in it */
        { .profile = MACHINE "dir /etc 800 790\nlink /etc/zone /usr/lib/rt/lib/zone\n"
                             "file /usr/lib/rt/lib/zone\nstat /etc/zone\n"
                             "read /etc/zone -> /usr/lib/rt/lib/zone\nfollow /etc/zone\n" OWN,
          .expected = ROOT "BindReadOnlyPaths=-/etc/zone\n"
                           "BindReadOnlyPaths=/usr/lib/rt/lib/own.so\n" },
    };

    (void)state;
    check_all(cases, ELEMENTS_OF(cases));
}

/* By the evaluator, which shares no code with what made the suggestion. */
static bool all_are_allowed(const struct profile *profile, const struct suggestion *suggestion,
                            const struct unit *unit)
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_PATH, &count);
    const char *directive;
    bool allowed = true;

    for (size_t i = 0; i < count; i++)
        allowed &= allows_suggestion(suggestion, unit, profile, facts[i], &directive);
    return allowed;
}

/* No view has links of its own: the form is strict then, and who asked for another is told. A link
 * to a directory, one of /usr by any name, and one in a directory that is shown whole are no
 * reason.
 */
static void test_links_that_are_read(void **state)
{
#define SERVED "dir / -1 -1\nfile /usr/bin/served\nexecute /usr/bin/served\n"
#define ZONE                                                                                       \
    SERVED "link /etc/localtime /usr/share/zoneinfo/UTC\nfile /usr/share/zoneinfo/UTC\n"           \
           "dir /etc 9 9\nread /etc/localtime -> /usr/share/zoneinfo/UTC foreign\n"
#define READ "readlink /etc/localtime foreign\n"
    static const struct {
        const char *profile;
        enum filesystem_form form;
        bool given;
        bool view;
        bool noted;
    } cases[] = {
        { ZONE READ, FILESYSTEM_VIEW, true, true, true },
        { ZONE READ, FILESYSTEM_ROOT, true, true, true },
        { ZONE READ, FILESYSTEM_STRICT, true, false, false },
        { ZONE READ, FILESYSTEM_VIEW, false, false, true },
        { ZONE READ, FILESYSTEM_ROOT, false, false, true },
        { ZONE, FILESYSTEM_VIEW, false, true, false },
        { ZONE "readlink /etc/localtime EACCES\n", FILESYSTEM_VIEW, false, true, false },
        /* realpath(3) reads every name on its way */
        { SERVED "dir /run 9 9\ndir /run/app 2 1\nfile /run/app/peer\nlink /var/run /run\n"
                 "read /var/run/app/peer -> /run/app/peer foreign\nreadlink /var/run foreign\n",
          FILESYSTEM_VIEW, false, true, false },
        { SERVED "link /bin usr/bin\nlink /usr/bin/sh dash\nfile /usr/bin/dash\n"
                 "execute /bin/sh -> /usr/bin/dash\nreadlink /bin/sh -> /usr/bin/sh\n",
          FILESYSTEM_VIEW, false, true, false },
        { SERVED "dir /etc 99 90\ndir /etc/app 3 1\nlink /etc/app/now ../site/one\n"
                 "dir /etc/site 2 1\nfile /etc/site/one\n"
                 "read /etc/app/now -> /etc/site/one foreign\nreadlink /etc/app/now foreign\n",
          FILESYSTEM_VIEW, false, true, false },
        /* nothing but the link itself was wanted */
        { SERVED "dir /srv/app 3 1\nlink /srv/app/now one\nfile /srv/app/one\n"
                 "readlink /srv/app/now foreign\n",
          FILESYSTEM_VIEW, false, true, false },
    };
#undef SERVED
#undef ZONE
#undef READ

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++) {
        const struct filesystem_case as_case = { .form = cases[i].form, .given = cases[i].given };
        CLEANUP(profile_freep) struct profile *profile = case_profile(cases[i].profile);
        CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
        CLEANUP(unit_done) struct unit unit = { 0 };
        bool noted = false;
        case_suggest(&as_case, profile, &unit, &suggestion);
        for (size_t k = 0; k < suggestion.notes.count; k++)
            noted |= strstr(suggestion.notes.items[k].text, "reads the symlink") != NULL;
        assert_int_equal(noted, cases[i].noted);
        assert_int_equal(case_is_view(&suggestion), cases[i].view);
        assert_int_equal(all_are_allowed(profile, &suggestion, &unit),
                         !cases[i].noted || !cases[i].view);
    }
}

/* Perl loads file by file what it needs, and on an error path what it never did. */
static void test_interpreters(void **state)
{
    static const struct filesystem_case example = {
        .profile =
            "dir / -1 -1\nfile /usr/bin/served\nexecute /usr/bin/served\n"
            "dir /usr/lib/x86_64-linux-gnu/perl-base 300 290\n"
            "file /usr/lib/x86_64-linux-gnu/perl-base/strict.pm\n"
            "read /usr/lib/x86_64-linux-gnu/perl-base/strict.pm foreign\n"
            "link /usr/share/perl/5.36 5.36.0\ndir /usr/share/perl/5.36.0 900 890\n"
            "file /usr/share/perl/5.36.0/Socket.pm\n"
            "read /usr/share/perl/5.36/Socket.pm -> /usr/share/perl/5.36.0/Socket.pm foreign\n",
        .expected = "TemporaryFileSystem=/:ro\nBindReadOnlyPaths=/usr/bin/served\n"
                    "BindReadOnlyPaths=-/usr/lib/x86_64-linux-gnu/perl-base\n"
                    "BindReadOnlyPaths=-/usr/share/perl/5.36\n",
    };

    (void)state;
    case_check(&example);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_links_that_are_read),
        cmocka_unit_test(test_interpreters),
        cmocka_unit_test(test_program),
        cmocka_unit_test(test_releases),
        cmocka_unit_test(test_looked_at),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
