// SPDX-License-Identifier: LGPL-2.1-or-later
/* What others make, replace and remove while the service runs. */
#include "filesystem_case.h"

#define MACHINE                                                                                    \
    "dir / -1 -1\ndir /usr -1 -1\ndir /etc 1500 1400\ndir /run 50 40\ndir /home 90 80\n"           \
    "file /usr/bin/served\nexecute /usr/bin/served\n"
#define ROOT   "TemporaryFileSystem=/:ro\n"
#define SERVED "BindReadOnlyPaths=/usr/bin/served\n"

static void check_all(const struct filesystem_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        case_check(&cases[i]);
}

/* A file in a home is its owner's to remove: it is never bound alone, and the service starts
 * without it. */
static void test_homes(void **state)
{
#define HOME "dir /home/a 20 18\n"
    static const struct filesystem_case cases[] = {
        { .profile = MACHINE HOME "file /home/a/n1\ncreate /home/a/n1\nwrite /home/a/n1\n",
          .expected = ROOT SERVED "BindPaths=-/home/a\n"
                                  "InaccessiblePaths=-/home/a/.aws\n"
                                  "InaccessiblePaths=-/home/a/.gnupg\n"
                                  "InaccessiblePaths=-/home/a/.kube\n"
                                  "InaccessiblePaths=-/home/a/.ssh\n"
                                  "InaccessiblePaths=-/home/a/private\n" },
        /* what was there and is only written to stays one file */
        { .profile = MACHINE HOME "file /home/a/log\nwrite /home/a/log foreign\n",
          .expected = ROOT SERVED "BindPaths=-/home/a/log\n" },
        { .profile = MACHINE HOME "dir /home/a/site 20 1\nfile /home/a/site/x\n"
                                  "read /home/a/site/x\nread /home/a/site/y\n",
          .expected = ROOT "BindReadOnlyPaths=-/home/a/site\n" SERVED },
        /* a program's own start is no reason: systemd says 203 without it */
        { .profile = MACHINE HOME "file /home/a/tool\nexecute /home/a/tool\n",
          .expected = ROOT "BindReadOnlyPaths=-/home/a/tool\n" SERVED },
        { .profile = MACHINE HOME "file /home/a/n1\ncreate /home/a/n1\n",
          .form = FILESYSTEM_STRICT,
          .given = true,
          .expected = SERVED "ProtectSystem=strict\n"
                             "ReadWritePaths=-/home/a\nReadOnlyPaths=/run\n"
                             "ReadOnlyPaths=-/dev/hugepages\nReadOnlyPaths=-/dev/mqueue\n"
                             "ReadOnlyPaths=-/dev/pts\nReadOnlyPaths=-/dev/shm\n"
                             "PrivateTmp=yes\nPrivateDevices=yes\nProtectHome=read-only\n"
                             "ProtectProc=ptraceable\nProcSubset=pid\nProtectKernelTunables=yes\n"
                             "ProtectControlGroups=yes\n" },
    };
#undef HOME

    (void)state;
    check_all(cases, ELEMENTS_OF(cases));
}

/* Another service's socket is made anew whenever that service starts. */
static void test_sockets(void **state)
{
#define PHP     "dir /run/php 3 1\nsocket /run/php/fpm.sock\n"
#define VAR_PHP "BindReadOnlyPaths=-/var/run/php\n"
    static const struct filesystem_case cases[] = {
        { .profile = MACHINE PHP "connect /run/php/fpm.sock foreign\n",
          .expected = ROOT "BindReadOnlyPaths=-/run/php\n" SERVED VAR_PHP },
        { .profile = MACHINE PHP "link /var/run /run\n"
                                 "connect /var/run/php/fpm.sock -> /run/php/fpm.sock foreign\n",
          .expected = ROOT "BindReadOnlyPaths=-/run/php\n" SERVED VAR_PHP },
        /* asked whether it could be written to */
        { .profile = MACHINE PHP "access /run/php/fpm.sock foreign\n"
                                 "connect /run/php/fpm.sock foreign\n",
          .expected = ROOT "BindReadOnlyPaths=-/run/php\n" SERVED VAR_PHP },
        { .profile = MACHINE PHP "chown /run/php/fpm.sock foreign\n"
                                 "connect /run/php/fpm.sock foreign\n",
          .expected =
              ROOT SERVED "BindPaths=-/run/php/fpm.sock\nBindPaths=-/var/run/php/fpm.sock\n" },
        /* by links, which stay links */
        { .profile = MACHINE PHP
          "dir /etc/alternatives 90 89\nlink /run/php/php.sock /etc/alternatives/php.sock\n"
          "link /etc/alternatives/php.sock /run/php/fpm.sock\n"
          "connect /run/php/php.sock -> /run/php/fpm.sock foreign\n",
          .expected = ROOT
          "BindReadOnlyPaths=/etc/alternatives\nBindReadOnlyPaths=-/run/php\n" SERVED VAR_PHP },
        /* too much beside it, orders to root, nothing known, all of /run */
        { .profile = MACHINE "dir /var/lib/db 900 880\nsocket /var/lib/db/sock\n"
                             "connect /var/lib/db/sock foreign\n",
          .expected = ROOT SERVED "BindReadOnlyPaths=-/var/lib/db/sock\n" },
        { .profile = MACHINE "dir /run/libvirt 9 8\nsocket /run/libvirt/ro\n"
                             "connect /run/libvirt/ro foreign\n",
          .expected = ROOT "BindReadOnlyPaths=-/run/libvirt/ro\n" SERVED
                           "BindReadOnlyPaths=-/var/run/libvirt/ro\n" },
        { .profile = MACHINE "dir /run/x -1 -1\nsocket /run/x/y\nconnect /run/x/y foreign\n",
          .expected =
              ROOT "BindReadOnlyPaths=-/run/x/y\n" SERVED "BindReadOnlyPaths=-/var/run/x/y\n" },
        { .profile = MACHINE "socket /run/x\nconnect /run/x foreign\n",
          .expected = ROOT "BindReadOnlyPaths=-/run/x\n" SERVED "BindReadOnlyPaths=-/var/run/x\n" },
        /* a user's own, with the agents of his keys */
        { .profile = MACHINE "dir /run/user 1 0\ndir /run/user/1000 9 8\n"
                             "socket /run/user/1000/pulse\n"
                             "connect /run/user/1000/pulse foreign\n",
          .expected = ROOT "BindReadOnlyPaths=-/run/user/1000/pulse\n" SERVED
                           "BindReadOnlyPaths=-/var/run/user/1000/pulse\n" },
        /* PID 1 keeps it */
        { .profile = MACHINE "dir /run/dbus 2 1\nsocket /run/dbus/system_bus_socket\n"
                             "connect /run/dbus/system_bus_socket foreign\n",
          .expected = ROOT "BindReadOnlyPaths=-/run/dbus/system_bus_socket\n" SERVED
                           "BindReadOnlyPaths=-/var/run/dbus/system_bus_socket\n" },
    };
    static const bool alone[] = { false, false, false, true, false, true,
                                  true,  true,  true,  true, false };

    (void)state;
    check_all(cases, ELEMENTS_OF(cases));
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++) {
        CLEANUP(profile_freep) struct profile *profile = case_profile(cases[i].profile);
        CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
        CLEANUP(unit_done) struct unit unit = { 0 };
        bool warned = false;

        case_suggest(&cases[i], profile, &unit, &suggestion);
        for (size_t k = 0; k < suggestion.notes.count; k++)
            warned |=
                suggestion.notes.items[k].severity == SEVERITY_WARNING &&
                str_starts_with(suggestion.notes.items[k].text, "these are bound as single files");
        assert_int_equal(warned, alone[i]);
    }
#undef PHP
#undef VAR_PHP
}

/* What is a neighbour's is visible in no fit, whatever else is. */
static void test_secrets(void **state)
{
#define CERTS                                                                                      \
    "dir /etc/certs 3 1\nclosed /etc/certs/a.pem\nclosed /etc/certs/a-key.pem\n"                   \
    "read /etc/certs/a.pem foreign\nread /etc/certs/a-key.pem foreign\n"
#define SITE                                                                                       \
    "dir /srv -1 -1\ndir /srv/site 9 6\ndir /srv/site/a 4 3\nfile /srv/site/a/index\n"             \
    "read /srv/site/a/index foreign\n"
#define ALONE "BindReadOnlyPaths=-/etc/certs/a-key.pem\nBindReadOnlyPaths=-/etc/certs/a.pem\n"
    static const struct filesystem_case cases[] = {
        { .profile = MACHINE CERTS, .expected = ROOT "BindReadOnlyPaths=/etc/certs\n" SERVED },
        { .profile = MACHINE CERTS "closed /etc/certs/b-key.pem\n", .expected = ROOT ALONE SERVED },
        { .profile = MACHINE CERTS "file /etc/certs/b.pem\nkey /etc/certs/b.pem\n",
          .expected = ROOT ALONE SERVED },
        { .profile = MACHINE CERTS "file /etc/certs/b-key.pem\n", .expected = ROOT ALONE SERVED },
        { .profile = MACHINE CERTS,
          .fit = FIT_LOOSE,
          .expected = ROOT "BindReadOnlyPaths=/etc/certs\n" SERVED },
        { .profile = MACHINE CERTS "closed /etc/certs/b-key.pem\n",
          .fit = FIT_LOOSE,
          .expected = ROOT ALONE SERVED },
        /* the service's own, by the user that it becomes */
        { .profile = MACHINE CERTS "closed /etc/certs/b-key.pem 33\nas 33\n",
          .expected = ROOT "BindReadOnlyPaths=/etc/certs\n" SERVED },
        /* looked for in vain: no neighbour's, and it could not be hidden as it was */
        { .profile =
              MACHINE CERTS "closed /etc/certs/b-key.pem\nread /etc/certs/b-key.pem EACCES\n",
          .expected = ROOT "BindReadOnlyPaths=/etc/certs\n" SERVED },
        /* the highest directory without one */
        { .profile = MACHINE SITE, .expected = ROOT "BindReadOnlyPaths=/srv/site\n" SERVED },
        { .profile = MACHINE SITE "dir /srv/site/b 1 1\nfile /srv/site/b/db-password\n",
          .expected = ROOT "BindReadOnlyPaths=/srv/site/a\n" SERVED },
        { .profile = MACHINE SITE "dir /srv/site/b 1 1\nfile /srv/site/b/db-password\n",
          .fit = FIT_EXACT,
          .expected = ROOT "BindReadOnlyPaths=-/srv/site/a/index\n" SERVED },
        { .profile = MACHINE SITE,
          .fit = FIT_EXACT,
          .expected = ROOT "BindReadOnlyPaths=-/srv/site/a/index\n" SERVED },
        /* it was listed, so it is whole, and the secret hidden by the name it has there */
        { .profile = MACHINE CERTS "closed /etc/certs/b-key.pem\nlist /etc/certs\n",
          .expected = ROOT "BindReadOnlyPaths=/etc/certs\n" SERVED
                           "InaccessiblePaths=-/etc/certs/b-key.pem\n" },
        { .profile =
              MACHINE SITE "link /www /srv/site\nclosed /srv/site/key\nlist /www -> /srv/site\n",
          .expected = ROOT "BindReadOnlyPaths=-/srv/site\nBindReadOnlyPaths=/srv/site/a\n" SERVED
                           "BindReadOnlyPaths=/www\nInaccessiblePaths=-/srv/site/key\n"
                           "InaccessiblePaths=-/www/key\n" },
    };
#undef CERTS
#undef SITE
#undef ALONE

    (void)state;
    check_all(cases, ELEMENTS_OF(cases));
}

/* What is opened again while the service runs is seen as it is then. */
static void test_edited(void **state)
{
#define ETC "BindReadOnlyPaths=/etc\n"
#define MASKED                                                                                     \
    "InaccessiblePaths=-/etc/gshadow\nInaccessiblePaths=-/etc/gshadow-\n"                          \
    "InaccessiblePaths=-/etc/letsencrypt/archive\nInaccessiblePaths=-/etc/letsencrypt/keys\n"      \
    "InaccessiblePaths=-/etc/letsencrypt/live\nInaccessiblePaths=-/etc/pki/tls/private\n"          \
    "InaccessiblePaths=-/etc/ppp/chap-secrets\n"                                                   \
    "InaccessiblePaths=-/etc/security/opasswd\n"
#define REST                                                                                       \
    "InaccessiblePaths=-/etc/shadow-\nInaccessiblePaths=-/etc/ssh\n"                               \
    "InaccessiblePaths=-/etc/ssl/private\nInaccessiblePaths=-/etc/sudoers\n"                       \
    "InaccessiblePaths=-/etc/sudoers.d\n"
#define CHAP      "closed /etc/ppp/chap-secrets\n"
#define ONE(name) "BindReadOnlyPaths=-/etc/" name "\n"
    static const struct filesystem_case cases[] = {
        /* who answers for users: an account that was locked is */
        { .profile = MACHINE CHAP "read /etc/passwd again\nread /etc/shadow again\n",
          .expected = ROOT ETC SERVED MASKED REST },
        { .profile = MACHINE CHAP "read /etc/passwd again\nread /etc/shadow again\n",
          .fit = FIT_EXACT,
          .expected = ROOT ETC SERVED MASKED REST },
        /* a mask goes with its file: not for root, who could read the new one */
        { .profile = MACHINE "read /etc/passwd again\n", .expected = ROOT ONE("passwd") SERVED },
        { .profile = MACHINE "read /etc/own.conf reload\n",
          .expected = ROOT ONE("own.conf") SERVED },
        { .profile = MACHINE CHAP "user 33\nread /etc/own.conf reload\n",
          .expected = ROOT ETC SERVED MASKED "InaccessiblePaths=-/etc/shadow\n" REST },
        { .profile = MACHINE "user 33\nread /etc/own.conf reload\n",
          .fit = FIT_EXACT,
          .expected = ROOT ONE("own.conf") SERVED },
        /* read at the start only, to find the user to become, or replaced with packages only */
        { .profile = MACHINE "user 33\nread /etc/passwd\nread /etc/own.conf\n",
          .expected = ROOT ONE("own.conf") ONE("passwd") SERVED },
        { .profile = MACHINE "user 33\nread /etc/passwd reload\nread /etc/services again\n",
          .expected = ROOT ONE("passwd") ONE("services") SERVED },
        { .profile = MACHINE "dir /etc/pam.d 30 29\nfile /etc/pam.d/x\nread /etc/pam.d/x again\n",
          .expected = ROOT "BindReadOnlyPaths=/etc/pam.d\n" SERVED },
        /* what a resolver writes anew */
        { .profile =
              MACHINE "dir /run/resolve 3 2\nfile /run/resolve/c\nread /run/resolve/c again\n",
          .expected = ROOT "BindReadOnlyPaths=-/run/resolve\n" SERVED
                           "BindReadOnlyPaths=-/var/run/resolve\n" },
        /* exactly what was used, but for what is replaced: a certificate at a reload */
        { .profile = MACHINE "dir /etc/certs 3 1\nfile /etc/certs/a.pem\n"
                             "closed /etc/certs/b.pem\nread /etc/certs/a.pem reload\n",
          .fit = FIT_EXACT,
          .expected = ROOT "BindReadOnlyPaths=/etc/certs\n" SERVED
                           "InaccessiblePaths=-/etc/certs/b.pem\n" },
    };
#undef ETC
#undef MASKED
#undef REST
#undef CHAP
#undef ONE

    (void)state;
    check_all(cases, ELEMENTS_OF(cases));
}

/* An upgrade may bring a library that no bind shows. */
static void test_upgrade(void **state)
{
    static const struct {
        const char *lines, *package, *said; /* NULL: nothing */
    } cases[] = {
        { "map-execute /usr/lib/libx.so\n", "web", "After an upgrade of web that adds" },
        { "map-execute /usr/lib/libx.so\n", NULL, "After an upgrade that adds" },
        { "map-execute /usr/lib/libx.so\n", "we\033b", "After an upgrade of we\\x1bb that" },
        { "", "web", NULL },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++) {
        CLEANUP(free_char) char *text = mem_printf(MACHINE "%s", cases[i].lines);
        CLEANUP(profile_freep) struct profile *profile = case_profile(text);
        CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
        CLEANUP(unit_done) struct unit unit = { 0 };
        bool said = false;

        if (cases[i].package)
            profile_add_setting(profile, "package /usr/bin/served", cases[i].package);
        case_suggest(&(struct filesystem_case){ 0 }, profile, &unit, &suggestion);
        for (size_t k = 0; k < suggestion.notes.count; k++)
            said |= strstr(suggestion.notes.items[k].text,
                           cases[i].said ? cases[i].said : "After an upgrade") != NULL;
        assert_int_equal(said, cases[i].said != NULL);
    }
}

/* A bind is a mount point, whether the disk that it shows is there or not. */
static void test_mounted(void **state)
{
    static const struct {
        const char *lines, *point;
        bool is_said;
    } cases[] = {
        { "dir /srv/disk 3 1\nfile /srv/disk/a\nread /srv/disk/a\n", "/srv/disk", true },
        { "dir /srv/disk 3 1\nfile /srv/disk/a\nread /srv/disk/a\n", "/srv/other", false },
        { "dir /srv/disk 3 1\nfile /srv/disk/a\n", "/srv/disk", false },
        { "file /etc/hosts\nread /etc/hosts\n", "/etc/hosts", false }, /* a file of a container's */
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++) {
        CLEANUP(free_char) char *text = mem_printf(MACHINE "%s", cases[i].lines);
        CLEANUP(free_char) char *name = mem_printf("mount %s", cases[i].point);
        CLEANUP(profile_freep) struct profile *profile = case_profile(text);
        CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
        CLEANUP(unit_done) struct unit unit = { 0 };
        bool said = false;

        profile_add_setting(profile, name, "ext4");
        case_suggest(&(struct filesystem_case){ 0 }, profile, &unit, &suggestion);
        for (size_t k = 0; k < suggestion.notes.count; k++)
            said |=
                strstr(suggestion.notes.items[k].text, "Add RequiresMountsFor=/srv/disk") != NULL;
        assert_int_equal(said, cases[i].is_said);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_homes),   cmocka_unit_test(test_sockets),
        cmocka_unit_test(test_secrets), cmocka_unit_test(test_edited),
        cmocka_unit_test(test_upgrade), cmocka_unit_test(test_mounted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
